"""
How many codes a number and an address may ask for (ACC-5, field case 39).

One allowance serves every way to a code: registration, login, sending again, and whatever asks for one later. It has the name of
allauth's limit for proving a number, because allauth draws on that one itself. The rates are in ``ACCOUNT_RATE_LIMITS``.
"""

from allauth.core import ratelimit
from django.http import HttpRequest

LIMIT = "verify_phone"


def is_left(request: HttpRequest, phone: str) -> bool:
    """Whether a code for ``phone`` (E.164) may be sent now; nothing is used up."""
    return ratelimit.consume(request, action=LIMIT, key=phone, dry_run=True)


def take(request: HttpRequest, phone: str) -> bool:
    """Use up one sending to ``phone`` (E.164) by this address; False if none is left now."""
    return ratelimit.consume(request, action=LIMIT, key=phone)


def take_or_refuse(request: HttpRequest, phone: str) -> None:
    """
    Use up one sending.

    :raises RateLimited: none is left now (allauth's exception; the middleware answers it).
    """
    ratelimit.consume(request, action=LIMIT, key=phone, raise_exception=True)
