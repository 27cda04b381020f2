"""What a draft holds, as the form's initial values."""

from membership import phone_numbers
from membership.domain import lookups
from membership.domain.lookups import Found
from membership.forms.finder import Typed
from membership.models import Application, User

CHOSEN_FROM_LISTS = ("ethnic_group", "political_affiliation", "education_level", "title", "qualification_kind")
OF_THE_DOSSIER = (
    "member_type", "name", "name_local", "sex", "document_kind", "document_number", "nationality", "issuing_country", "born_on",
    "origin", "specialty", "email", "address", "postcode", "unit_phone", "department", "duty", "work_region", "social_posts",
    "other_societies", "qualification_number", "student_card_until", "remarks",
)  # fmt: skip


def stored_answers(application: Application, person: User) -> dict[str, object]:
    """Return every answer under the name of its field; pictures are shown, not filled in."""
    dossier = application.proposed_dossier
    answers = {name: getattr(dossier, name) for name in OF_THE_DOSSIER}
    answers |= {name: getattr(dossier, f"{name}_id") for name in CHOSEN_FROM_LISTS}
    return answers | {
        "phone": phone_numbers.for_reading(dossier.phone),
        "institutions": list(application.chosen.all()),
        "fields_of_interest": list(dossier.fields_of_interest.all()),
        "work_unit_name": Typed(dossier.work_unit_name),
        "referral_method": application.referral_method,
        "referring_unit": application.referring_unit,
        "seat": _seat(application),
        "member": _member(application, person),
    }


def _seat(application: Application) -> Typed:
    if application.referrer_seat is None:
        return Typed()
    found = lookups.found_seat(application.referrer_seat)
    return Typed(found.label, found.value)


def _member(application: Application, person: User) -> Typed:
    if application.referrer is None or application.referrer_seat is not None:
        return Typed()
    return Typed(in_words(lookups.chosen_member(application.referrer, asked_by=person)))


def in_words(found: Found) -> str:
    """Return a person with what tells them from others, in one line."""
    return f"{found.label}，{found.note}" if found.note else found.label
