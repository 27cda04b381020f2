"""How the page 医护会员注册 is laid out: its parts in order, and how each field looks."""

from dataclasses import dataclass

from membership.enums import ReferralMethod

# What stands for «nothing chosen yet» among the words of data-show-for (static/js/dependent-fields.js).
NOTHING_CHOSEN = "-"

FIELD, UPLOAD = "components/field.html", "components/upload_tile.html"
PICKER, CASCADE, CHECK_LIST = "components/institution_picker.html", "components/cascade.html", "components/check_list.html"


@dataclass(frozen=True)
class Look:
    """How a field is drawn; names are the variables of the components. ``refreshes``: its answer decides what else is asked."""

    template: str = FIELD
    size: str = ""
    kind: str = ""
    numeric: bool = False
    frame: str = ""
    advice: str = ""
    sample: str = ""
    refreshes: bool = False


LOOKS: dict[str, Look] = {
    "member_type": Look(size="wide", kind="choices", refreshes=True),
    "institutions": Look(PICKER),
    "portrait": Look(UPLOAD, frame="portrait", advice="只露头肩，纯色背景，300 dpi 以上", sample="portrait"),
    "document_kind": Look(refreshes=True),
    "document_number": Look(numeric=True),
    "born_on": Look(size="short", numeric=True),
    "ethnic_group": Look(size="short"),
    "origin": Look(CASCADE),
    "phone": Look(numeric=True),
    "postcode": Look(size="short", numeric=True),
    "unit_phone": Look(size="short", numeric=True),
    "work_region": Look(CASCADE),
    "fields_of_interest": Look(CHECK_LIST),
    "referral_method": Look(size="short", refreshes=True),
    "qualification": Look(UPLOAD, advice="四角完整，文字清晰，不反光，300 dpi 以上", sample="qualification"),
    "qualification_changes": Look(UPLOAD, advice="四角完整，文字清晰，不反光", sample="qualification-changes"),
    "student_card": Look(UPLOAD, advice="四角完整，文字清晰，不反光", sample="student-card"),
    "student_card_until": Look(size="short", numeric=True),
}
PLAIN = Look()


@dataclass(frozen=True)
class Part:
    """A part of the form. ``student_title`` is what students read."""

    anchor: str
    title: str
    fields: tuple[str, ...]
    student_title: str = ""


PARTS = (
    Part("part-institutions", "会员类型与机构", ("member_type", "institutions")),
    Part(
        "part-person",
        "个人信息",
        (
            "portrait",
            "name",
            "name_local",
            "sex",
            "document_kind",
            "document_number",
            "nationality",
            "issuing_country",
            "born_on",
            "ethnic_group",
            "political_affiliation",
            "origin",
            "education_level",
            "specialty",
        ),  # fmt: skip
    ),
    Part("part-contact", "联系方式", ("phone", "email", "address", "postcode")),
    Part(
        "part-work",
        "工作与职称",
        (
            "work_unit_name",
            "unit_phone",
            "department",
            "duty",
            "title",
            "work_region",
            "social_posts",
            "other_societies",
            "fields_of_interest",
        ),  # fmt: skip
        student_title="学校与任职",
    ),
    Part("part-referral", "推荐", ("referral_method", "seat", "member", "referring_unit")),
    Part(
        "part-papers",
        "资质证件",
        ("qualification_kind", "qualification_number", "qualification", "qualification_changes", "student_card", "student_card_until"),
        student_title="学生证",
    ),
    Part("part-remarks", "备注", ("remarks",)),
)

# The referrer is one question to the society and two fields here; who fills which is the referral method's.
REFERRERS = ("seat", "member")
BY_REFERRAL = {
    "seat": (ReferralMethod.COMMITTEE_MEMBER,),
    "member": (ReferralMethod.MEMBER,),
    "referring_unit": (NOTHING_CHOSEN, ReferralMethod.ASSOCIATION),
}
