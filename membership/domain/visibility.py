"""
Who sees which field of an application (S-1, S-2, S-3): one table for screens, printed review files, export and search.

The applicant sees everything of their own; the association everything but what it has no use for; institutions and referrers see the
professional side of a person and nothing that identifies or reaches them.
"""

from enum import Enum

from membership.enums import AttachmentKind


class Reader(Enum):
    """In which part a person reads another's application."""

    APPLICANT = "applicant"
    ASSOCIATION = "association"
    INSTITUTION = "institution"
    REFERRER = "referrer"


OWN = frozenset({Reader.APPLICANT, Reader.ASSOCIATION})
REVIEWED = OWN | {Reader.INSTITUTION}
EVERYBODY = REVIEWED | {Reader.REFERRER}

# Field → its readers, in the order of the form. ``age`` stands in for the birth date; the last block are papers beside the form.
FIELDS: dict[str, frozenset[Reader]] = {
    "portrait": EVERYBODY,
    "institutions": OWN,
    "name": EVERYBODY,
    "name_local": OWN,
    "member_type": EVERYBODY,
    "phone": OWN,
    "sex": EVERYBODY,
    "age": frozenset({Reader.ASSOCIATION, Reader.INSTITUTION, Reader.REFERRER}),
    "ethnic_group": OWN,
    "political_affiliation": OWN,
    "born_on": OWN,
    "document_kind": OWN,
    "document_number": OWN,
    "nationality": OWN,
    "issuing_country": OWN,
    "education_level": EVERYBODY,
    "specialty": EVERYBODY,
    "origin": OWN,
    "email": OWN,
    "address": OWN,
    "postcode": OWN,
    "work_unit_name": EVERYBODY,
    "unit_phone": OWN,
    "department": EVERYBODY,
    "duty": EVERYBODY,
    "title": EVERYBODY,
    "work_region": OWN,
    "referral_method": OWN,
    "referrer": OWN,
    "referring_unit": OWN,
    "endorsement": EVERYBODY,
    "social_posts": OWN,
    "other_societies": EVERYBODY,
    "fields_of_interest": EVERYBODY,
    "qualification_kind": EVERYBODY,
    "qualification_number": OWN,
    "qualification": REVIEWED,
    "qualification_changes": REVIEWED,
    "student_card": OWN,
    "student_card_until": OWN,
    "guardian_name": OWN,
    "remarks": OWN,
    "stamped_form": OWN,
    "stamped_page": OWN,
    "supplement": REVIEWED,
    "endorsement_internal": frozenset({Reader.ASSOCIATION}),
}


def visible_fields(reader: Reader) -> tuple[str, ...]:
    """Return the fields this reader sees, in the order of the form."""
    return tuple(field for field, readers in FIELDS.items() if reader in readers)


def sees(reader: Reader, field: str) -> bool:
    """Whether this reader sees the field; of a field that is not in the table nobody sees anything."""
    return reader in FIELDS.get(field, frozenset())


def visible_files(reader: Reader) -> tuple[AttachmentKind, ...]:
    """Return the kinds of file this reader may open."""
    return tuple(kind for kind in AttachmentKind if sees(reader, kind.value))
