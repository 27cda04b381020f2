"""The form 医护会员注册 over a draft: an application and its dossier (APP-1 to APP-7)."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from membership import countries, identity
from membership.domain import document_facts, gaps, lookups
from membership.domain.attachments import NewFile
from membership.enums import ApplicationState, AttachmentKind, DocumentKind, MemberType, ReferralMethod, Sex
from membership.forms import finder, offered_lists, reference_choices
from membership.forms import typed_fields as typed
from membership.forms.division_steps import DivisionField
from membership.forms.finder import FIND_MEMBER, FIND_SEAT, FIND_UNIT, Finder, Typed
from membership.forms.stored_answers import as_sent, mark_of, stored_answers
from membership.forms.widgets import HelpedRadios, LockableRadios
from membership.models import Application, Member, Seat, User, WorkUnit
from membership.periods import shanghai_date

UPLOADS = ("portrait", "qualification", "qualification_changes", "student_card")
NOT_TYPED = (*UPLOADS, "phone")
HINTS = {
    "institutions": "至少选 1 个。海外分会计入专委会",
    "portrait": "印在会员证书上。请用近期正面免冠照",
    "name": "与身份证件一致",
    "name_local": "有中文名的，请填写",
    "born_on": "8 位数字，如 19880506",
    "phone": "登录用的手机号，更换请到右上角账号菜单办理",
    "work_unit_name": "输入两三个字、拼音或首字母，从名单中选择",
    "work_region": "工作或就读的地方",
    "other_societies": "每行一项，如：中华医学会肿瘤学分会 委员",
    "fields_of_interest": f"最多 {gaps.MOST_FIELDS_OF_INTEREST} 个",
    "referral_method": "没有推荐人可以不填",
    "seat": "输入姓名、拼音或首字母，从委员名录中选择",
    "member": "填写会员的完整姓名或会员编号，再点「查找」",
    "qualification_changes": "没有变更可不传",
    "student_card": "有照片和学校印章的一页",
    "student_card_until": "8 位数字，如 20270701",
}
TYPE_HELP = {
    MemberType.PROFESSIONAL: "医疗专业人员，需提交资质证书",
    MemberType.ORDINARY: "科普、研发、公益等肿瘤防治相关人员",
    MemberType.STUDENT: "肿瘤医学相关在校学生，需提交学生证",
}
COUNTRIES = (("", "请选择"), *countries.in_order())
# Numbers with letters in them, which no keyboard shall correct and no browser remember.
NUMBER = {"autocomplete": "off", "autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}
BY_PERSON = (ReferralMethod.COMMITTEE_MEMBER, ReferralMethod.MEMBER)
FILLED_IN = "已按身份证号填写"


class EnrolmentForm(forms.Form):
    """
    Everything that is asked of an applicant; nothing is demanded here, since a draft is saved as far as it goes.

    Labels are the guide's (``gaps.LABELS``). Fields hidden for the chosen type and document are kept as they are; the society leaves them
    behind at submission.
    """

    member_type = forms.ChoiceField(choices=MemberType.choices, required=False, widget=HelpedRadios(TYPE_HELP))
    portrait = typed.PictureField(AttachmentKind.PORTRAIT)
    name = typed.NameField(maximum=200, widget=forms.TextInput({"autocomplete": "name"}))
    name_local = typed.NameField(maximum=200)
    sex = forms.ChoiceField(choices=Sex.choices, required=False, widget=LockableRadios)
    document_kind = forms.ChoiceField(choices=DocumentKind.choices, required=False, widget=forms.RadioSelect)
    document_number = typed.LineField(maximum=64, widget=forms.TextInput(NUMBER))
    nationality = typed.CodeField(COUNTRIES)
    issuing_country = typed.CodeField(COUNTRIES)
    born_on = typed.TypedDateField(widget=forms.TextInput({"autocomplete": "bday"}))
    origin = DivisionField(("省份", "城市", "区县"))
    specialty = typed.LineField(maximum=200)
    phone = forms.CharField(required=False, widget=forms.TextInput({"readonly": True}))
    email = typed.LineField(maximum=254, widget=forms.EmailInput({"autocomplete": "email"}))
    address = typed.LineField(maximum=300, widget=forms.TextInput({"autocomplete": "street-address"}))
    postcode = typed.LineField(maximum=12, widget=forms.TextInput({"autocomplete": "postal-code", "inputmode": "numeric"}))
    work_unit_name = forms.Field(required=False, widget=finder.unit_finder())
    unit_phone = typed.LineField(maximum=40, widget=forms.TextInput({"type": "tel", "autocomplete": "work tel"}))
    department = typed.LineField(maximum=200)
    duty = typed.LineField(maximum=200, widget=forms.TextInput({"autocomplete": "organization-title"}))
    work_region = DivisionField(("省份", "城市"), cities_only=True)
    social_posts = typed.LineField(maximum=300)
    other_societies = typed.LinesField(maximum=200, most=30, widget=forms.Textarea({"rows": 3}))
    referral_method = typed.CodeField((("", "不填"), *ReferralMethod.choices))
    seat = forms.Field(required=False, widget=finder.seat_finder())
    member = forms.Field(required=False, widget=Finder(act=FIND_MEMBER, always=True))
    referring_unit = typed.LineField(maximum=200)
    qualification_number = typed.LineField(maximum=64, widget=forms.TextInput(NUMBER))
    qualification = typed.PictureField(AttachmentKind.QUALIFICATION)
    qualification_changes = typed.PictureField(AttachmentKind.QUALIFICATION_CHANGES)
    student_card = typed.PictureField(AttachmentKind.STUDENT_CARD)
    student_card_until = typed.TypedDateField()
    remarks = typed.ParagraphField(maximum=2000, widget=forms.Textarea({"rows": 4}))

    # The listed unit behind the work unit's name, once that was cleaned.
    unit: WorkUnit | None = None
    # The fields that follow from the document's number, and the place that issued it.
    told: frozenset[str] = frozenset()
    issued_in = ""

    # In the order of the page, which the summary of errors follows.
    field_order = (
        "member_type", "institutions", "portrait", "name", "name_local", "sex", "document_kind", "document_number", "nationality",
        "issuing_country", "born_on", "ethnic_group", "political_affiliation", "origin", "education_level", "specialty", "phone", "email",
        "address", "postcode", "work_unit_name", "unit_phone", "department", "duty", "title", "work_region", "social_posts",
        "other_societies", "fields_of_interest", "referral_method", "seat", "member", "referring_unit", "qualification_kind",
        "qualification_number", "qualification", "qualification_changes", "student_card", "student_card_until", "remarks",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        application: Application,
        person: User,
        at: datetime,
    ) -> None:
        self.application, self.person, self.at = application, person, at
        super().__init__(data, files, initial=stored_answers(application, person), label_suffix="")
        self.fields |= reference_choices.fields_for(application, today=shanghai_date(at))
        if application.state != ApplicationState.DRAFT:
            # The rows stand for the institutions now (A-14, B1).
            self.fields.pop("institutions", None)
        self.order_fields(self.field_order)
        self._word()
        for name in offered_lists.PLACES:
            self.fields[name].chosen = getattr(application.own_dossier, name)
        self._offer_places()
        self._lock_what_is_told()

    # --- What the view asks for --------------------------------------------------------------------

    def go_on_with(self, application: Application) -> None:
        """Show the draft as it is stored now, and what was typed only where it was refused."""
        self.application = application
        self.initial = stored_answers(application, self.person)
        if self.is_bound:
            self.data = self.data.copy()
            for name in self.fields.keys() - self.errors.keys() - set(UPLOADS):
                self.show(name, self.initial[name])
        self._offer_places()
        self._lock_what_is_told()

    def show(self, name: str, answer: object) -> None:
        """Let a field of a form that was sent show this answer instead of what was typed."""
        self.data.pop(f"{name}_pick", None)
        for control, values in as_sent(self.fields[name], name, answer, person=self.person).items():
            self.data.setlist(control, values)

    def marks(self) -> dict[str, str]:
        """Return the mark of every stored answer, by which the page it is shown on is known again; pictures have none."""
        return {name: self.mark(name, self.initial[name]) for name in self.fields if name not in NOT_TYPED}

    def mark(self, name: str, answer: object) -> str:
        """Return the mark of an answer to a field, stored or cleaned."""
        return mark_of(as_sent(self.fields[name], name, answer, person=self.person))

    def answers(self, fields: Collection[str] | None = None) -> dict[str, object]:
        """
        Return what can be stored of these fields (of all), typed, under the names of ``enrolment.save_draft``. What was refused keeps its
        former answer.
        """
        return {key: answer for name in (self.fields if fields is None else fields) for key, answer in self._answer(name).items()}

    def uploads(self) -> dict[str, NewFile]:
        """Return the pictures that may be stored, by field."""
        return {name: self.cleaned_data[name] for name in UPLOADS if self.cleaned_data.get(name)}

    def warnings(self) -> list[str]:
        """Return what to know about pictures that were taken all the same."""
        return [f"{self.fields[name].label}：{self.fields[name].warning}" for name in UPLOADS if self.fields[name].warning]

    def add_gaps(self, found: Iterable[gaps.Gap]) -> None:
        """Put what is missing or wrong beside its field; a field that was refused already keeps its own sentence."""
        self.cleaned_data = getattr(self, "cleaned_data", {})
        for gap in found:
            field = self._field_of(gap.field)
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, gap.message)

    def find_members(self) -> None:
        """Look for the member who was typed, as often as the day allows; the candidates stand below the field (E-14)."""
        text = self["member"].value().text
        try:
            found = lookups.find_members(text, asked_by=self.person, application=self.application, at=self.at) if text else []
        except lookups.TooManyLookups as refusal:
            self._say("member", refusal.message)
            return
        self.fields["member"].widget.candidates = found
        if found:
            self.errors.pop("member", None)
        else:
            self._say("member", _("没有找到。请填写会员的完整姓名，或会员编号"))

    def find(self, act: str) -> None:
        """Answer one of the buttons 「查找」: what was found is offered below its field, and is no error."""
        if act == FIND_MEMBER:
            self.find_members()
        elif act == FIND_SEAT and self.fields["seat"].widget.candidates:
            self.errors.pop("seat", None)

    def value_now(self, field: str) -> str:
        """Return a choice as it is now: what was sent, else what is stored."""
        return str(self[field].value() or "")

    # --- Cleaning that needs more than one field --------------------------------------------------

    def clean_email(self) -> str:
        """Chinese keyboards type ＠ and full-width letters, which no address has."""
        return unicodedata.normalize("NFKC", self.cleaned_data["email"])

    def clean_document_number(self) -> str:
        return identity.normalise(self._chosen("document_kind"), self.cleaned_data["document_number"])

    def clean_work_unit_name(self) -> str:
        entered: Typed = self.cleaned_data["work_unit_name"]
        text = typed.LineField(maximum=200).clean(entered.pick or entered.text)
        self.unit = self._unit_named(text)
        if self.unit is not None:
            return self.unit.name
        if self._chosen("member_type") == MemberType.PROFESSIONAL or self.data.get("act") == FIND_UNIT:
            self.fields["work_unit_name"].widget.candidates = lookups.work_units(text)
        return text

    def clean_seat(self) -> Seat | None:
        entered: Typed = self.cleaned_data["seat"]
        if self._chosen("referral_method") != ReferralMethod.COMMITTEE_MEMBER or not (entered.text or entered.pick):
            return None
        if entered.text == self.initial["seat"].text and not entered.pick:
            return self.application.referrer_seat
        return finder.clean_seat(self.fields["seat"].widget, entered, person=self.person, today=shanghai_date(self.at))

    def clean_member(self) -> Member | None:
        entered: Typed = self.cleaned_data["member"]
        if self._chosen("referral_method") != ReferralMethod.MEMBER or not (entered.text or entered.pick):
            return None
        if entered.pick:
            member = lookups.member_of(entered.pick, asked_by=self.person, today=shanghai_date(self.at))
            if member is not None:
                return member
        elif entered.text == self.initial["member"].text:
            return self.application.referrer
        raise forms.ValidationError(_("请先点「查找」，再从结果中选择"))

    # --- Inside ------------------------------------------------------------------------------------

    def _answer(self, name: str) -> dict[str, object]:
        if name not in self.cleaned_data or name in NOT_TYPED:
            return {}
        if name in ("seat", "member"):
            return self._referrer(name)
        if name == "referring_unit" and self._chosen("referral_method") in BY_PERSON:
            return {}  # it follows from the person (E-16)
        answer = {name: self.cleaned_data[name]}
        return {**answer, "work_unit": self.unit} if name == "work_unit_name" else answer

    def _referrer(self, name: str) -> dict[str, object]:
        """The person named, and the unit that follows from them (E-16); the control that is not in use answers nothing."""
        method = self._chosen("referral_method")
        if name == "seat" and method == ReferralMethod.COMMITTEE_MEMBER:
            seat = self.cleaned_data["seat"]
            unit = seat.committee.full_name if seat else ""
            return {"referrer_seat": seat, "referrer": seat.member if seat else None, "referring_unit": unit}
        if name == "member" and method == ReferralMethod.MEMBER:
            member = self.cleaned_data["member"]
            dossier = member.current_dossier if member else None
            return {"referrer_seat": None, "referrer": member, "referring_unit": dossier.work_unit_name if dossier else ""}
        return {}

    def _chosen(self, field: str) -> str:
        """A choice that another answer is understood by: as cleaned, or as sent along with single answers."""
        return self.cleaned_data.get(field, "") if field in self.fields else self.data.get(field, "")

    def _unit_named(self, text: str) -> WorkUnit | None:
        stored = self.application.own_dossier.work_unit if self.application else None
        if stored is not None and stored.is_active and stored.name == text:
            return stored
        return lookups.work_unit_named(text) if text else None

    def _field_of(self, gap_field: str) -> str:
        if gap_field != "referrer":
            return gap_field
        return "member" if self.value_now("referral_method") == ReferralMethod.MEMBER else "seat"

    def _offer_places(self) -> None:
        for name in offered_lists.PLACES:
            self.fields[name].widget.offer(self[name].value() or [])

    def _lock_what_is_told(self) -> None:
        """Birth date and sex follow from the document's number: said beside them, and not to be changed while they agree with it."""
        dossier = self.application.own_dossier
        told = document_facts.told_by(dossier, today=shanghai_date(self.at))
        self.issued_in = offered_lists.place_of_issue(told.region_code)
        self.told = frozenset(name for name in document_facts.FIELDS if document_facts.agrees(name, getattr(dossier, name), told))
        self.fields["born_on"].widget.attrs["readonly"] = "born_on" in self.told
        self.fields["sex"].widget.only = dossier.sex if "sex" in self.told else ""
        for name in document_facts.FIELDS:
            self.fields[name].help_text = FILLED_IN if name in self.told else HINTS.get(name, "")

    def _say(self, field: str, message: str) -> None:
        self.errors.pop(field, None)
        self.add_error(field, message)

    def _word(self) -> None:
        # Read past the bound field, which would keep the label it had when it was made.
        member_type = (self.data if self.is_bound else self.initial).get("member_type", "")
        for name, field in self.fields.items():
            field.label = {"seat": "推荐委员", "member": "推荐会员"}.get(name) or gaps.label_of(name, member_type)
            field.help_text = HINTS.get(name, "")
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = typed.NOT_LISTED
