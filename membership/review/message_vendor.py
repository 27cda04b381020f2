"""What the provider of text messages has of a wording: shown beside it, for in mainland China only registered wordings go out (UI-8)."""

from dataclasses import dataclass

from django.conf import settings

from membership.outbox import sms

# Stands before a text message where nothing else is set.
SOCIETY = "中国抗癌协会"


@dataclass(frozen=True)
class Vendor:
    """
    The way out that is set now. ``registers``: it sends registered wordings only; then ``template_id`` is its id of this one, or empty.

    ``signature`` is what it puts before a text message.
    """

    name: str
    registers: bool
    template_id: str
    signature: str


def vendor_of(code: str) -> Vendor:
    """Return what the chosen provider has of an event's wording. One that cannot be loaded has nothing (the system check names it)."""
    try:
        backend = sms.chosen_backend()
    except ImportError:
        return Vendor(settings.SMS_BACKEND, True, "", _signed(SOCIETY))
    signs = [getattr(settings, name, "") for name in backend.required_settings if name.endswith("_SIGN_NAME")]
    ids = getattr(settings, backend.templates_setting) if backend.templates_setting else {}
    return Vendor(
        settings.SMS_BACKEND, bool(backend.templates_setting), str(ids.get(code) or ""), _signed(next(filter(None, signs), SOCIETY))
    )


def _signed(name: str) -> str:
    return f"【{name}】"
