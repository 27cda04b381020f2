"""What a person answered, in words: a dossier's fields as screens show them, for whoever may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from membership import countries, identity, phone_numbers
from membership.domain import divisions, gaps, requirements
from membership.enums import AttachmentKind
from membership.models import Application, Dossier
from membership.periods import age_on

FILES = (AttachmentKind.PORTRAIT, AttachmentKind.QUALIFICATION, AttachmentKind.QUALIFICATION_CHANGES, AttachmentKind.STUDENT_CARD)
LABELS = {**gaps.LABELS, "age": "年龄", "endorsement": "推荐意见", AttachmentKind.STAMPED_FORM.value: AttachmentKind.STAMPED_FORM.label}
# Everything that showing a dossier follows, so that it is one query.
RELATED = (
    "portrait",
    "ethnic_group",
    "political_affiliation",
    "education_level",
    "origin__parent__parent",
    "work_region__parent__parent",
    "work_unit",
    "title",
    "qualification_kind",
    "qualification",
    "qualification_changes",
    "student_card",
)
_IN_WORDS = {"sex", "member_type", "document_kind"}
_DATES = {"born_on", "student_card_until"}


@dataclass(frozen=True)
class Answer:
    """One field in words. ``file`` is the id of an attachment; ``is_figure``: dates and numbers, set in even figures."""

    field: str
    label: str
    lines: tuple[str, ...] = ()
    file: int | None = None
    is_figure: bool = False

    @property
    def text(self) -> str:
        return "；".join(self.lines)


def dossier_with_answers(pk: int) -> Dossier:
    """Return a dossier with all that its answers name, in two queries."""
    return with_answers(Dossier.objects.all()).get(pk=pk)


def with_answers(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return the dossiers with all that their answers name."""
    return dossiers.select_related(*RELATED).prefetch_related("fields_of_interest")


def answers(application: Application | None, dossier: Dossier, fields: Iterable[str], *, today: date) -> tuple[Answer, ...]:
    """
    Return the given fields in words, in the given order; those that this person was not asked for, or left empty, are left out.

    The document's number is masked. Without an application (a member's current dossier) its own fields are left out.
    """
    method = application.referral_method if application else ""
    asked = requirements.asked(member_type=dossier.member_type, document_kind=dossier.document_kind, referral_method=method)
    found = (
        _answer(application, dossier, field, today) for field in fields if field in asked or field in ("phone", "age", "guardian_name")
    )
    return tuple(answer for answer in found if answer.lines or answer.file)


def _answer(application: Application | None, dossier: Dossier, field: str, today: date) -> Answer:
    label = STUDENT_LABEL if field == "work_unit_name" and dossier.is_student else LABELS[field]
    if field in FILES:
        return Answer(field, label, file=getattr(dossier, f"{field}_id"))
    return Answer(field, label, _lines(application, dossier, field, today), is_figure=field in _FIGURES)


STUDENT_LABEL = gaps.STUDENT_LABELS["work_unit_name"]
_FIGURES = _DATES | {"phone", "age", "document_number", "postcode", "unit_phone", "qualification_number"}
_OF_THE_APPLICATION = ("institutions", "referral_method", "referrer", "referring_unit")


def _lines(application: Application | None, dossier: Dossier, field: str, today: date) -> tuple[str, ...]:
    if field in _OF_THE_APPLICATION:
        return _of_application(application, field) if application else ()
    if field == "age":
        return (f"{age_on(dossier.born_on, today)} 岁",) if dossier.born_on else ()
    if field == "other_societies":
        return tuple(str(line) for line in dossier.other_societies)
    if field == "fields_of_interest":
        chosen = [str(one) for one in dossier.fields_of_interest.all()]
        return ("、".join(chosen),) if chosen else ()
    text = _text(dossier, field)
    return (text,) if text else ()


def _of_application(application: Application, field: str) -> tuple[str, ...]:
    if field == "institutions":
        return tuple(institution.full_name for institution in gaps.institutions_of(application))
    if field == "referrer":
        return (referrer_named(application),) if referrer_named(application) else ()
    text = application.get_referral_method_display() if field == "referral_method" else application.referring_unit
    return (text,) if text else ()


def referrer_named(application: Application) -> str:
    """Return who refers the applicant: a committee member with committee and role, a member by name, or nobody."""
    seat = application.referrer_seat
    if seat is not None:
        return f"{seat.member.name}（{seat.committee.name} {seat.get_role_display()}）"
    return application.referrer.name if application.referrer else ""


def _text(dossier: Dossier, field: str) -> str:
    if field == "title":
        return dossier.title_name
    if field == "phone":
        return phone_numbers.masked(dossier.phone)
    value = getattr(dossier, field)
    if not value:
        return ""
    if field in _IN_WORDS:
        return getattr(dossier, f"get_{field}_display")()
    if field in _DATES:
        return f"{value:%Y-%m-%d}"
    if field in ("origin", "work_region"):
        return " ".join(dict.fromkeys(one.name for one in divisions.path_of(value)))
    if field in ("nationality", "issuing_country"):
        return countries.name_of(value)
    return identity.mask(value) if field == "document_number" else str(value)
