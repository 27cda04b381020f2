"""What a draft holds, as the form's initial values, and as the form's controls would send it."""

import zlib
from collections.abc import Iterable
from typing import Any

from django import forms

from membership import phone_numbers
from membership.domain import lookups
from membership.domain.lookups import Found
from membership.forms.division_steps import DivisionField
from membership.forms.finder import Finder, Typed
from membership.models import Application, Member, Seat, User

CHOSEN_FROM_LISTS = ("ethnic_group", "political_affiliation", "education_level", "title", "qualification_kind")
OF_THE_DOSSIER = (
    "member_type", "name", "name_local", "sex", "document_kind", "document_number", "nationality", "issuing_country", "born_on",
    "origin", "specialty", "email", "address", "postcode", "unit_phone", "department", "duty", "work_region", "social_posts",
    "other_societies", "qualification_number", "student_card_until", "remarks",
)  # fmt: skip


def stored_answers(application: Application, person: User) -> dict[str, object]:
    """Return every answer under the name of its field; pictures are shown, not filled in."""
    dossier = application.own_dossier
    answers = {name: getattr(dossier, name) for name in OF_THE_DOSSIER}
    answers |= {name: getattr(dossier, f"{name}_id") for name in CHOSEN_FROM_LISTS}
    return answers | {
        "phone": phone_numbers.for_reading(dossier.phone),
        "institutions": list(application.chosen.all()),
        "fields_of_interest": list(dossier.fields_of_interest.all()),
        "work_unit_name": Typed(dossier.work_unit_name),
        "referral_method": application.referral_method,
        "referring_unit": application.referring_unit,
        "seat": _seat(application.referrer_seat),
        "member": Typed() if application.referrer_seat else _member(application.referrer, person),
    }


def as_sent(field: forms.Field, name: str, answer: Any, *, person: User) -> dict[str, list[str]]:
    """Return an answer, stored or cleaned, as the field's controls send it: a list of values for each control's name."""
    value = field.prepare_value(answer)
    if isinstance(field, DivisionField):
        return {f"{name}_{step}": [code] for step, code in enumerate(_padded(value or [], len(field.widget.steps)))}
    if isinstance(field.widget, Finder):
        typed = _as_typed(answer, person)
        return {name: [typed.text], f"{name}_chosen": [typed.chosen]}
    if isinstance(value, list):
        return {name: [str(one) for one in value]}
    return {name: ["" if value is None else str(value)]}


def mark_of(sent: dict[str, list[str]]) -> str:
    """
    Return a short mark by which a page and the server tell whether an answer is still the same.

    What only helps to find the answer again, the suggestion behind a text, does not count, nor the order of what was ticked.
    """
    counted = [sorted(values) for control, values in sorted(sent.items()) if not control.endswith("_chosen")]
    return f"{zlib.crc32(repr(counted).encode()):08x}"


def in_words(found: Found) -> str:
    """Return a person with what tells them from others, in one line."""
    return f"{found.label}，{found.note}" if found.note else found.label


def _as_typed(answer: Any, person: User) -> Typed:
    if isinstance(answer, Typed):
        return answer
    if isinstance(answer, Seat):
        return _seat(answer)
    return _member(answer, person) if isinstance(answer, Member) else Typed(answer or "")


def _seat(seat: Seat | None) -> Typed:
    if seat is None:
        return Typed()
    found = lookups.found_seat(seat)
    return Typed(found.label, found.value)


def _member(member: Member | None, person: User) -> Typed:
    return Typed() if member is None else Typed(in_words(lookups.chosen_member(member, asked_by=person)))


def _padded(codes: Iterable[str], steps: int) -> list[str]:
    return [*codes, *[""] * steps][:steps]
