"""Telephone numbers for the eye; they are stored as E.164 text (``validators.normalise_mobile``)."""

import phonenumbers

MAINLAND = "+86"


def for_reading(phone: str) -> str:
    """Return a number in groups: "188 0000 0001" for the mainland, "+65 6123 4567" elsewhere; anything else comes back as it is."""
    if phone.startswith(MAINLAND) and len(phone) == 14:
        digits = phone[3:]
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return phone


def for_paper(phone: str) -> str:
    """Return a number as short as it can be dialled in China: a mainland one without its prefix."""
    return phone.removeprefix(MAINLAND)


def masked(phone: str) -> str:
    """Return a number with its middle hidden: "188****0001"; one from elsewhere keeps its prefix: "+65 ****4567"; else nothing."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    national = phonenumbers.national_significant_number(parsed)
    if parsed.country_code == 86:
        return f"{national[:3]}****{national[-4:]}"
    return f"+{parsed.country_code} ****{national[-4:]}"
