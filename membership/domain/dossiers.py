"""Versions of a person's file: opened, filled, sealed; never written again (D-1 to D-4, E-4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet

from membership.domain import claims, document_facts, requirements
from membership.domain.errors import DomainError
from membership.models import Application, Contact, Dossier, Member

CONTACT_FIELDS = ("email", "address", "postcode", "unit_phone")
# What stands on the printed form: changing one asks for a newly signed form (E-4). 申请机构 are rows, 推荐人 is the application's.
PRINTED_FIELDS = (
    "name", "name_local", "sex", "born_on", "political_affiliation_id", "education_level_id", "ethnic_group_id", "nationality", "origin_id",
    "title_name", "phone", "document_kind", "document_number", "email", "work_unit_name", "address", "unit_phone", "department",
    "duty", "qualification_kind_id", "qualification_number", "specialty", "other_societies", "portrait_id",
)  # fmt: skip
# The edits are counted on from version to version, so that no count of them comes twice.
_NOT_COPIED = ("id", "application", "version", "created_at", "updated_at", "submitted_at", "voided_at")


_DOCUMENT = frozenset({"document_kind", "document_number", "issuing_country"})
# The columns that follow from an answer and are written with it.
_FOLLOWING: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(document_facts.FIELDS, document_facts.FIELDS),
    **dict.fromkeys(_DOCUMENT, ("document_hash", *document_facts.FIELDS)),
    "title": ("title_name",),
}


@dataclass(frozen=True)
class Seen:
    """A draft as a page shows it: which version, after how many edits. Another device that saves since makes another count."""

    dossier: int
    edits: int


class DossierSealed(DomainError):
    """Somebody tried to write to a submitted version (D-3)."""

    message = "资料已提交，审核期间不能修改。"


class DossierChanged(DomainError):
    """A decision on a screen that showed another version than the present one (D-4)."""

    message = "资料已更新，请重新查看。"


class EditedElsewhere(DomainError):
    """The draft was saved on another device since this page was opened."""

    message = "资料已在另一台设备或另一个页面修改。请刷新页面后再继续"


def first_version(member: Member) -> Dossier:
    """
    Return a new unsaved-to-application draft: prefilled with what the society knows of the member.

    A person who was here before starts from their current dossier (M-5); everybody from their account's phone and contact data.
    """
    phone = member.user.get_username() if member.user else ""
    if member.current_dossier is not None:
        draft = copy(member.current_dossier, version=1)
        draft.phone = phone
    else:
        draft = Dossier(member=member, phone=phone)
    contact = Contact.objects.filter(member=member).first()
    for field in CONTACT_FIELDS if contact else ():
        setattr(draft, field, getattr(contact, field))
    draft.save()
    return draft


def copy(source: Dossier, *, version: int) -> Dossier:
    """Return an unsaved copy of a version's answers and papers; many-to-many answers follow with :func:`copy_choices`."""
    answers = {field.name: getattr(source, field.name) for field in Dossier._meta.concrete_fields if field.name not in _NOT_COPIED}
    return Dossier(version=version, **answers)


def next_version(application: Application) -> Dossier:
    """Open version n + 1 of a returned, reopened or recalled file, with the answers of the version before (D-2)."""
    source = application.own_dossier
    draft = copy(source, version=source.version + 1)
    draft.application = application
    draft.save()
    draft.fields_of_interest.set(source.fields_of_interest.all())
    application.proposed_dossier = draft
    application.save(update_fields=["proposed_dossier", "updated_at"])
    return draft


def fill(dossier: Dossier, answers: Mapping[str, Any], *, today: date, seen_edits: int | None = None) -> Dossier:
    """
    Write answers to a draft, with what follows from them: keys are fields of the dossier, values are typed.

    Answers that stand there already are no edit. ``seen_edits`` is the count the page was opened with; another count means that another
    device saved since.

    :raises DossierSealed: the version was submitted.
    :raises EditedElsewhere: see ``seen_edits``.
    """
    if dossier.is_sealed:
        raise DossierSealed()
    if seen_edits is not None and seen_edits != dossier.edits:
        raise EditedElsewhere()
    answers = dict(answers)
    interests = answers.pop("fields_of_interest", None)
    changed = {field for field, answer in answers.items() if _differs(dossier, field, answer)}
    if changed:
        _write(dossier, {field: answers[field] for field in changed}, today=today)
    if interests is not None and set(interests) != set(dossier.fields_of_interest.all()):
        dossier.fields_of_interest.set(interests)
        changed.add("fields_of_interest")
    if changed:
        count_edit(dossier, *_following(changed - {"fields_of_interest"}))
    return dossier


def count_edit(dossier: Dossier, *columns: str) -> None:
    """Save some columns of a draft as one edit more; without any, something beside them was edited."""
    dossier.edits += 1
    dossier.save(update_fields=["edits", "updated_at", *columns])


def read_by_filling(fields: Iterable[str]) -> set[str]:
    """Return the columns that :func:`fill` reads or writes for answers to these fields."""
    columns = _following(fields)
    return columns | _DOCUMENT | document_facts.TELLING if columns & document_facts.TELLING else columns


def _following(fields: Iterable[str]) -> set[str]:
    return {column for field in fields for column in (field, *_FOLLOWING.get(field, ()))}


def _write(dossier: Dossier, answers: Mapping[str, Any], *, today: date) -> None:
    telling = not document_facts.TELLING.isdisjoint(answers)
    before = document_facts.told_by(dossier, today=today) if telling else document_facts.NOTHING
    for field, answer in answers.items():
        setattr(dossier, field, answer)
    if telling:
        document_facts.take_over(dossier, before=before, today=today)
    if not _DOCUMENT.isdisjoint(answers):
        dossier.document_hash = claims.document_hash(dossier)
    if "title" in answers:
        dossier.title_name = dossier.title.display if dossier.title else ""


def _differs(dossier: Dossier, field: str, answer: Any) -> bool:
    """Compared by key where the answer is a row, which spares fetching the one there is."""
    stored = getattr(dossier, _ATTRIBUTES[field])
    return bool(stored != (answer.pk if isinstance(answer, Model) else answer))


_ATTRIBUTES = {column.name: column.attname for column in Dossier._meta.concrete_fields}


def forget_unasked(dossier: Dossier) -> None:
    """
    Empty what this member type and document kind are not asked for, however it came there; the caller saves (P-6).

    Nobody checks such an answer, and it must not reach paper. A passport's country left under a resident identity card would even make two
    documents of one (D-7).
    """
    asked = requirements.asked(member_type=dossier.member_type, document_kind=dossier.document_kind)
    for column in Dossier._meta.concrete_fields:
        if column.name in requirements.ALWAYS and column.name not in asked:
            setattr(dossier, column.name, None if column.null else column.get_default())
    dossier.title_name = dossier.title.display if dossier.title else ""
    dossier.document_hash = claims.document_hash(dossier)


def seal(dossier: Dossier, *, at: datetime) -> None:
    """Close a version for good: it was submitted. Names of listed choices are written out as they are today (I-5)."""
    dossier.submitted_at = at
    if dossier.work_unit is not None:
        dossier.work_unit_name = dossier.work_unit.name
    dossier.save()


def latest_sealed(application: Application) -> Dossier | None:
    """
    Return the version that decisions are about: the last submitted one; a further enrolment's is the member's current one (A-11).
    """
    if application.proposed_dossier_id is None:
        return application.member.current_dossier
    return sealed(application).first()


def sealed(application: Application) -> QuerySet[Dossier]:
    """Return the submitted versions of an application, the last first."""
    return application.dossiers.filter(submitted_at__isnull=False).order_by("-version")


def require_latest(application: Application, seen: Dossier) -> None:
    """
    Refuse a decision on anything but the present version.

    :raises DossierChanged: the screen showed another one (D-4).
    """
    if latest_sealed(application) != seen:
        raise DossierChanged()


def printed_difference(before: Dossier, after: Dossier) -> list[str]:
    """Return the printed fields in which two versions differ (E-4)."""
    return [field for field in PRINTED_FIELDS if getattr(before, field) != getattr(after, field)]


def keep_contact(member: Member, dossier: Dossier, *, at: datetime) -> None:
    """Write the dossier's contact snapshot to the member's Contact; while no membership exists the form is where it is edited (D-11)."""
    values = {field: getattr(dossier, field) for field in CONTACT_FIELDS}
    Contact.objects.update_or_create(member=member, defaults={**values, "updated_at": at})
