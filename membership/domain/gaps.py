"""What still stands between a draft and its submission. The form's summary, 待办事项 and ``submit()`` all ask here."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from membership import identity, validators
from membership.domain import divisions, limits, members, requirements
from membership.domain.requirements import Need
from membership.enums import ApplicationState, AttachmentKind, InstitutionKind, MembershipStatus, MemberType, ReferralMethod, RowState
from membership.models import Application, Dossier, Institution
from membership.models import settings as society
from membership.periods import age_on

MOST_FIELDS_OF_INTEREST = 10

LABELS = {
    "member_type": "会员类型",
    "institutions": "申请机构",
    "portrait": AttachmentKind.PORTRAIT.label,
    "name": "姓名",
    "sex": "性别",
    "document_kind": "证件类型",
    "document_number": "证件号码",
    "born_on": "出生日期",
    "ethnic_group": "民族",
    "political_affiliation": "党派",
    "origin": "籍贯",
    "nationality": "国籍",
    "issuing_country": "签发国家/地区",
    "name_local": "中文名",
    "education_level": "学历",
    "specialty": "专业",
    "phone": "手机号",
    "email": "邮箱",
    "address": "联系地址",
    "postcode": "邮政编码",
    "work_unit_name": "工作单位",
    "unit_phone": "单位电话",
    "department": "科室",
    "duty": "职务",
    "title": "职称",
    "work_region": "省份/城市",
    "referral_method": "推荐方式",
    "referrer": "推荐人",
    "referring_unit": "推荐单位",
    "social_posts": "社会任职",
    "other_societies": "其他学会任职",
    "fields_of_interest": "关注的领域",
    "qualification_kind": "资质证书类型",
    "qualification_number": "资质证书编码",
    "qualification": AttachmentKind.QUALIFICATION.label,
    "qualification_changes": AttachmentKind.QUALIFICATION_CHANGES.label,
    "student_card": AttachmentKind.STUDENT_CARD.label,
    "student_card_until": "学生证有效期",
    "guardian_name": "监护人姓名",
    "remarks": "备注信息",
}
STUDENT_LABELS = {"work_unit_name": "就读学校"}

# How one asks for an answer: «请选择籍贯», not «籍贯不能为空».
_CHOSEN = {
    "member_type", "institutions", "sex", "document_kind", "ethnic_group", "political_affiliation", "origin", "nationality",
    "issuing_country", "education_level", "title", "work_region", "referral_method", "referrer", "qualification_kind",
}  # fmt: skip
_UPLOADED = {"portrait", "qualification", "student_card"}


@dataclass(frozen=True)
class Gap:
    """Something missing or wrong: the form's field and a sentence that says the repair. ``is_missing``: not answered to the end yet."""

    field: str
    message: str
    is_missing: bool = False


def label_of(field: str, member_type: str = "") -> str:
    """Return what a field is called; students read 就读学校 for 工作单位 (P-5)."""
    if member_type == MemberType.STUDENT and field in STUDENT_LABELS:
        return STUDENT_LABELS[field]
    return LABELS[field]


def gaps_in(application: Application, *, today: date) -> tuple[Gap, ...]:
    """
    Return everything that keeps the application from being submitted on ``today``, in the order of the form.

    Works on the latest dossier of the application and on the institutions it names.
    """
    needs = _asked(application)
    # What was answered before another type or document was chosen stays in the draft, and keeps nobody from submitting.
    first_per_field: dict[str, Gap] = {}
    for gap in _all_gaps(application, needs, today):
        if gap.field in needs:
            first_per_field.setdefault(gap.field, gap)
    order = list(requirements.ALWAYS)
    return tuple(sorted(first_per_field.values(), key=lambda gap: order.index(gap.field)))


def _all_gaps(application: Application, needs: dict[str, Need], today: date) -> Iterator[Gap]:
    yield from _missing(application, needs, institutions_of(application))
    for check in CHECKS:
        yield from check.find(application, today)
    yield from _places(application.own_dossier)
    yield from _inactive_choices(application.own_dossier)


def faults_in(application: Application, fields: Collection[str], *, today: date) -> dict[str, str]:
    """
    Return what is wrong about answers that were just given to ``fields``: by themselves, or against other answers.

    The keys are all fields that were looked at, those in order with an empty text. What is merely missing is no fault yet, nor a place
    that was not chosen to the end.
    """
    checks = concerned(fields)
    needs = _asked(application)
    said = dict.fromkeys((field for check in checks for field in check.speaks_of), "")
    for check in checks:
        for gap in check.find(application, today):
            if gap.field in needs:
                said[gap.field] = said[gap.field] or gap.message
    return said


def concerned(fields: Collection[str]) -> "tuple[Check, ...]":
    """Return the checks that answers to ``fields`` may have changed, and every other one that speaks of the same fields as they do."""
    spoken_of = {field for check in CHECKS if check.reads.intersection(fields) for field in check.speaks_of}
    for check in CHECKS:
        if check.speaks_of & spoken_of:
            spoken_of |= check.speaks_of
    return tuple(check for check in CHECKS if check.speaks_of & spoken_of)


def _asked(application: Application) -> dict[str, Need]:
    dossier = application.own_dossier
    return requirements.asked(
        member_type=dossier.member_type, document_kind=dossier.document_kind, referral_method=application.referral_method
    )


def institutions_of(application: Application) -> list[Institution]:
    """Return the institutions applied to: those chosen in a draft, those of the undecided or refused rows later on."""
    if application.submitted_at is None or application.state == ApplicationState.DRAFT:
        # Submission makes the rows, and a recalled draft has none.
        return list(application.chosen.all())
    # A screen that shows the rows too has fetched them.
    is_fetched = "rows" in getattr(application, "_prefetched_objects_cache", {})
    rows = application.rows.all() if is_fetched else application.rows.select_related("institution")
    found = [row.institution for row in rows if row.state not in (RowState.WITHDRAWN, RowState.MOVED)]
    return found or list(application.chosen.all())


def value_of(application: Application, field: str) -> object:
    """Return the answer to a field of the form, from the dossier or from the application."""
    if field == "institutions":
        return institutions_of(application)
    if field == "referrer":
        return application.referrer_seat or application.referrer
    if field in ("referral_method", "referring_unit"):
        return getattr(application, field)
    value = getattr(application.proposed_dossier, field)
    return list(value.all()) if field == "fields_of_interest" else value


def _missing(application: Application, needs: dict[str, Need], institutions: list[Institution]) -> Iterator[Gap]:
    for field, need in needs.items():
        answer = institutions if field == "institutions" else value_of(application, field)
        if need is Need.REQUIRED and not answer:
            yield Gap(field, _ask(field, application.own_dossier.member_type), is_missing=True)


def _ask(field: str, member_type: str) -> str:
    verb = "请上传" if field in _UPLOADED else "请选择" if field in _CHOSEN else "请填写"
    return f"{verb}{label_of(field, member_type)}"


def _institutions(application: Application, today: date) -> Iterator[Gap]:
    institutions = institutions_of(application)
    # Who was never let in has no number, and holds nothing.
    affiliations = limits.held_affiliations(application.member, today=today) if application.member.number else []
    held = [affiliation.institution for affiliation in affiliations]
    choosable = [one for one in institutions if one.is_open_on(today) and not one.is_headquarters]
    for sentence in limits.excesses([*held, *choosable]):
        yield Gap("institutions", sentence)
    for institution in institutions:
        # A returned file cannot choose anew: what has closed since stays refused, and the others go on.
        if institution not in choosable and application.state == ApplicationState.DRAFT:
            yield Gap("institutions", f"{institution.name}现在不接受申请，请改选")
        if institution in held:
            yield Gap("institutions", f"您已是{institution.name}的会员，不用再申请")
    if any(one.kind == InstitutionKind.YOUTH_COUNCIL for one in institutions):
        first_day = _youth_council_day(application, today)
        if limits.too_old_for_the_youth_council(application.own_dossier.born_on, on=first_day):
            age = society.current().youth_council_age
            yield Gap("institutions", f"青年理事会须小于 {age} 周岁（提交当天满 {age} 周岁不符合），请去掉青年理事会")


def _youth_council_day(application: Application, today: date) -> date:
    """A resubmission keeps the day of the first submission (M-11)."""
    row = application.rows.filter(institution__kind=InstitutionKind.YOUTH_COUNCIL).order_by("first_submitted_on").first()
    return row.first_submitted_on if row else today


def _names(application: Application, today: date) -> Iterator[Gap]:
    for field in ("name", "name_local"):
        try:
            validators.clean_person_name(getattr(application.own_dossier, field), maximum=society.current().name_max_characters)
        except ValidationError as refusal:
            yield Gap(field, refusal.messages[0])


def _document(application: Application, today: date) -> Iterator[Gap]:
    dossier = application.own_dossier
    if dossier.document_kind and dossier.document_number:
        for fault in identity.faults(
            kind=dossier.document_kind,
            number=dossier.document_number,
            today=today,
            born_on=dossier.born_on,
            sex=dossier.sex or None,
            country=dossier.issuing_country,
        ):
            yield Gap(fault.field, fault.message)


def _age(application: Application, today: date) -> Iterator[Gap]:
    dossier, figures = application.own_dossier, society.current()
    if dossier.born_on is None:
        return
    age = age_on(dossier.born_on, today)
    if dossier.born_on > today:
        yield Gap("born_on", "出生日期在今天之后，请核对")
    elif age < figures.minimum_age:
        yield Gap("born_on", f"须年满 {figures.minimum_age} 周岁才能申请")
    elif age < figures.adult_age and dossier.member_type and dossier.member_type != MemberType.STUDENT:
        yield Gap("member_type", f"未满 {figures.adult_age} 周岁只能申请学生会员")


def is_minor(dossier: Dossier, *, today: date) -> bool:
    """Whether a guardian must consent (P-2): measured on the day of submission."""
    return dossier.born_on is not None and age_on(dossier.born_on, today) < society.current().adult_age


def _contact(application: Application, today: date) -> Iterator[Gap]:
    email = application.own_dossier.email
    if email:
        try:
            validate_email(email)
        except ValidationError:
            yield Gap("email", "邮箱写法不对，请核对，例如 name@hospital.cn")


def _places(dossier: Dossier) -> Iterator[Gap]:
    if dossier.origin is not None and not divisions.is_whole_origin(dossier.origin):
        yield Gap("origin", "请选择到区县", is_missing=True)
    if dossier.work_region is not None and not divisions.is_whole_region(dossier.work_region):
        yield Gap("work_region", "请选择城市", is_missing=True)


def _work_unit(application: Application, today: date) -> Iterator[Gap]:
    dossier = application.own_dossier
    if dossier.member_type == MemberType.PROFESSIONAL and dossier.work_unit_name and dossier.work_unit_id is None:
        yield Gap("work_unit_name", "专业会员的工作单位须从名单中选择。名单里没有？请联系技术支持进行添加，或申请添加单位")


def _interests(application: Application, today: date) -> Iterator[Gap]:
    if len(application.own_dossier.fields_of_interest.all()) > MOST_FIELDS_OF_INTEREST:
        yield Gap("fields_of_interest", f"关注的领域最多选 {MOST_FIELDS_OF_INTEREST} 个")


def _student(application: Application, today: date) -> Iterator[Gap]:
    dossier = application.own_dossier
    if dossier.is_student and dossier.student_card_until and dossier.student_card_until < today:
        yield Gap("student_card_until", "学生证已过有效期，请换有效的学生证，或改选会员类型")


def _referral(application: Application, today: date) -> Iterator[Gap]:
    """
    A named committee member must hold a running seat; the full right is tested again at the moment of endorsing (E-9). A named member
    must still be one, running or in grace (Table E).
    """
    seat, member = application.referrer_seat, application.referrer
    if application.referral_method == ReferralMethod.MEMBER and member is not None:
        if member.pk == application.member_id:
            yield Gap("referrer", "推荐人不能是本人，请另选")
        elif members.status_on(member, today) not in (MembershipStatus.ACTIVE, MembershipStatus.GRACE):
            yield Gap("referrer", "推荐人已变更，请重新选择")
        return
    if application.referral_method == ReferralMethod.COMMITTEE_MEMBER and seat is None and application.referrer:
        yield Gap("referrer", "请从委员名录中选择推荐委员")
    if seat is not None and seat.member_id == application.member_id:
        yield Gap("referrer", "推荐人不能是本人，请另选")
    elif seat is not None and not (seat.starts_on <= today <= seat.ends_on and not members.is_frozen(seat.member)):
        yield Gap("referrer", "推荐人已变更，请重新选择")


def _inactive_choices(dossier: Dossier) -> Iterator[Gap]:
    """An inactive choice in a draft is named at submission (I-7)."""
    for field in ("ethnic_group", "political_affiliation", "title", "qualification_kind", "work_unit"):
        choice = getattr(dossier, field)
        if choice is not None and not choice.is_active:
            yield Gap("work_unit_name" if field == "work_unit" else field, f"「{choice}」已停用，请重新选择")
    if dossier.education_level is not None and not dossier.education_level.is_selectable:
        yield Gap("education_level", f"「{dossier.education_level}」已停用，请重新选择")
    for interest in dossier.fields_of_interest.all():
        if not interest.is_active:
            yield Gap("fields_of_interest", f"「{interest}」已停用，请去掉")
    for field in ("origin", "work_region"):
        division = getattr(dossier, field)
        if division is not None and not division.is_current:
            yield Gap(field, f"「{division}」已撤销，请重新选择")


@dataclass(frozen=True)
class Check:
    """A question about answers: which fields it reads, of which it speaks, and how it finds what is wrong."""

    reads: frozenset[str]
    speaks_of: frozenset[str]
    find: Callable[[Application, date], Iterator[Gap]]


def _check(find: Callable[[Application, date], Iterator[Gap]], *speaks_of: str, reads: tuple[str, ...] = ()) -> Check:
    return Check(frozenset((*speaks_of, *reads)), frozenset(speaks_of), find)


# In this order the first one counts that finds something about a field.
CHECKS = (
    _check(_institutions, "institutions", reads=("born_on",)),
    _check(_names, "name", "name_local"),
    _check(_document, "document_kind", "document_number", "born_on", "sex", reads=("issuing_country",)),
    _check(_age, "born_on", "member_type"),
    _check(_contact, "email"),
    _check(_work_unit, "work_unit_name", reads=("work_unit", "member_type")),
    _check(_interests, "fields_of_interest"),
    _check(_student, "student_card_until", reads=("member_type",)),
    _check(_referral, "referrer", reads=("referral_method",)),
)
