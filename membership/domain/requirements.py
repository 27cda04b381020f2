"""
Which fields are asked of whom, and which of them must be answered: member type × document kind (P-3, P-5, P-6, E-16, APP-1).

One table serves the form, the domain, the printed form and the import. Names are those of the form, which are the
dossier's columns plus the application's ``institutions`` and referral.
"""

from enum import Enum

from membership.enums import DocumentKind, MemberType, ReferralMethod


class Need(Enum):
    """What a field is for a person: to be answered, free to answer, or not asked at all."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    ABSENT = "absent"


REQUIRED, OPTIONAL, ABSENT = Need

# As APP-1 marks them, in the order of the form. ＊ = required.
ALWAYS: dict[str, Need] = {
    "member_type": REQUIRED,
    "institutions": REQUIRED,
    "portrait": REQUIRED,
    "name": REQUIRED,
    "sex": REQUIRED,
    "document_kind": REQUIRED,
    "document_number": REQUIRED,
    "born_on": REQUIRED,
    "ethnic_group": REQUIRED,
    "political_affiliation": REQUIRED,
    "origin": REQUIRED,
    "nationality": ABSENT,
    "issuing_country": ABSENT,
    "name_local": ABSENT,
    "education_level": REQUIRED,
    "specialty": OPTIONAL,
    "email": REQUIRED,
    "address": REQUIRED,
    "postcode": OPTIONAL,
    "work_unit_name": REQUIRED,
    "unit_phone": OPTIONAL,
    "department": REQUIRED,
    "duty": REQUIRED,
    "title": REQUIRED,
    "work_region": REQUIRED,
    "referral_method": OPTIONAL,
    "referrer": ABSENT,
    "referring_unit": OPTIONAL,
    "social_posts": OPTIONAL,
    "other_societies": OPTIONAL,
    "fields_of_interest": OPTIONAL,
    "qualification_kind": OPTIONAL,
    "qualification_number": OPTIONAL,
    "qualification": OPTIONAL,
    "qualification_changes": OPTIONAL,
    "student_card": ABSENT,
    "student_card_until": ABSENT,
    "remarks": OPTIONAL,
}

QUALIFICATION = ("qualification_kind", "qualification_number", "qualification")

BY_TYPE: dict[str, dict[str, Need]] = {
    MemberType.PROFESSIONAL: dict.fromkeys(QUALIFICATION, REQUIRED),
    MemberType.ORDINARY: {},
    MemberType.STUDENT: {
        **dict.fromkeys(("department", "duty", "title", *QUALIFICATION, "qualification_changes"), ABSENT),
        "student_card": REQUIRED,
        "student_card_until": REQUIRED,
    },
}

_GREATER_CHINA = {"ethnic_group": OPTIONAL, "political_affiliation": ABSENT, "origin": OPTIONAL}
_FOREIGN = {
    **dict.fromkeys(("ethnic_group", "political_affiliation", "origin"), ABSENT),
    "nationality": REQUIRED,
    "name_local": OPTIONAL,
}

BY_DOCUMENT: dict[str, dict[str, Need]] = {
    DocumentKind.RESIDENT_ID: {},
    DocumentKind.HK_MACAU_PERMIT: _GREATER_CHINA,
    DocumentKind.TAIWAN_PERMIT: _GREATER_CHINA,
    DocumentKind.RESIDENCE_PERMIT: _GREATER_CHINA,
    DocumentKind.PASSPORT: {**_FOREIGN, "issuing_country": REQUIRED},
    DocumentKind.PERMANENT_RESIDENCE: _FOREIGN,
}

BY_REFERRAL: dict[str, dict[str, Need]] = {
    ReferralMethod.MEMBER: {"referrer": REQUIRED},
    ReferralMethod.COMMITTEE_MEMBER: {"referrer": REQUIRED},
    ReferralMethod.ASSOCIATION: {},
}


def need_of(field: str, *, member_type: str, document_kind: str, referral_method: str = "") -> Need:
    """Return what the field is for this person. Types and kinds not chosen yet count as the table's plain column."""
    for table, key in ((BY_TYPE, member_type), (BY_DOCUMENT, document_kind), (BY_REFERRAL, referral_method)):
        need = table.get(key, {}).get(field)
        if need is not None:
            return need
    return ALWAYS[field]


def asked(*, member_type: str, document_kind: str, referral_method: str = "") -> dict[str, Need]:
    """Return every field that is asked of this person with its need, in the order of the form."""
    needs = {
        field: need_of(field, member_type=member_type, document_kind=document_kind, referral_method=referral_method) for field in ALWAYS
    }
    return {field: need for field, need in needs.items() if need is not ABSENT}
