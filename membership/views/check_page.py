"""All answers of a draft in the order of the form, as labels and values, each with its way back (APP-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from membership import countries, phone_numbers, validators
from membership.domain import divisions, gaps, lookups, requirements
from membership.enums import MemberType
from membership.forms.enrolment import UPLOADS
from membership.forms.stored_answers import in_words
from membership.models import Application, Attachment, Division, User
from membership.views.apply_layout import PARTS, REFERRERS, Part

NOT_ANSWERED = "未填"
NUMBERS = ("document_number", "born_on", "postcode", "unit_phone", "qualification_number", "student_card_until", "phone")


@dataclass(frozen=True)
class Row:
    """A line of components/summary_list.html."""

    label: str
    value: str = ""
    values: Sequence[str] = ()
    number: bool = False
    image_url: str = ""
    image_alt: str = ""
    image_kind: str = ""
    change_url: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the form; ``anchor`` is where one comes back to after changing something in it."""

    anchor: str
    title: str
    rows: Sequence[Row]


def sections_of(application: Application, person: User) -> list[Section]:
    """Return what is asked of this person, answered or not, part by part."""
    dossier = application.proposed_dossier
    asked = requirements.asked(
        member_type=dossier.member_type, document_kind=dossier.document_kind, referral_method=application.referral_method
    )
    student = dossier.member_type == MemberType.STUDENT
    return [
        Section(part.anchor, part.student_title if student and part.student_title else part.title, _rows(part, asked, application, person))
        for part in PARTS
    ]


def qualification_hint(application: Application) -> str:
    """Return what looks odd about the number of the qualification, for the applicant to look again; never a refusal."""
    dossier = application.proposed_dossier
    kind = dossier.qualification_kind
    if kind is None or dossier.is_student:
        return ""
    return validators.qualification_number_hint(kind.code, kind.regex, dossier.qualification_number, dossier.document_number)


def _rows(part: Part, asked: dict, application: Application, person: User) -> list[Row]:
    fields = dict.fromkeys("referrer" if name in REFERRERS else name for name in part.fields)
    return [_row(name, part, application, person) for name in fields if name in asked or name == "phone"]


def _row(name: str, part: Part, application: Application, person: User) -> Row:
    dossier = application.proposed_dossier
    label = gaps.label_of(name, dossier.member_type)
    change_url = "" if name == "phone" else f"{reverse('member_apply')}?change={part.anchor}#id_{_anchor(name, application)}_field"
    answer = gaps.value_of(application, name) if name != "phone" else dossier.phone
    if name in UPLOADS:
        return _picture_row(label, answer, change_url, is_portrait=name == "portrait")
    texts = _texts(name, answer, application, person)
    if len(texts) > 1:
        return Row(label, values=texts, change_url=change_url)
    return Row(label, texts[0] if texts else NOT_ANSWERED, number=bool(texts) and name in NUMBERS, change_url=change_url)


def _anchor(name: str, application: Application) -> str:
    if name == "referrer":
        return "seat" if application.referrer_seat else "member"
    return name


def _picture_row(label: str, attachment: Attachment | None, change_url: str, *, is_portrait: bool) -> Row:
    if attachment is None:
        return Row(label, NOT_ANSWERED, change_url=change_url)
    url = reverse("private_file", args=[attachment.pk])
    return Row(label, image_url=url, image_alt=label, image_kind="portrait" if is_portrait else "", change_url=change_url)


def _texts(name: str, answer: object, application: Application, person: User) -> list[str]:
    """The lines of an answer; none where there is no answer."""
    dossier = application.proposed_dossier
    if answer in (None, "", []):
        return []
    if name in ("member_type", "sex", "document_kind"):
        return [getattr(dossier, f"get_{name}_display")()]
    if name == "referral_method":
        return [application.get_referral_method_display()]
    if name == "referrer":
        return [_referrer(application, person)]
    if name == "document_number":
        return [_grouped(str(answer))]
    if name == "phone":
        return [phone_numbers.for_reading(str(answer))]
    if name in ("nationality", "issuing_country"):
        return [countries.name_of(str(answer))]
    if isinstance(answer, Division):
        return [" ".join(dict.fromkeys(one.name for one in divisions.path_of(answer)))]
    if isinstance(answer, list):
        return [str(one) for one in answer]
    return str(answer).split("\n")


def _referrer(application: Application, person: User) -> str:
    if application.referrer_seat is not None:
        return lookups.found_seat(application.referrer_seat).label
    return in_words(lookups.chosen_member(application.referrer, asked_by=person))


def _grouped(number: str) -> str:
    """A long number in groups, so that it can be compared with the card."""
    return f"{number[:6]} {number[6:14]} {number[14:]}" if len(number) == 18 else number
