"""
A referral code carried through registration and login, on the device that scanned it (APP-6, E-17).

A signed cookie of a few days rather than the session: whoever scans has no session yet, logs in from another tab or on the next day, and a
logout must not lose it. It holds the code and nothing of the person; it goes once the referrer is bound, or is not wanted.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = "referral"
SECONDS = 7 * 24 * 60 * 60
_SALT = "membership.accounts.carried_code"


def keep(response: HttpResponseBase, code: str) -> None:
    """Let the device carry a code from now on, in place of another one."""
    response.set_signed_cookie(
        NAME, code, salt=_SALT, max_age=SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def carried(request: HttpRequest) -> str:
    """Return the code that the device carries, or an empty text; one that was tampered with or is too old counts as none."""
    return request.get_signed_cookie(NAME, default="", salt=_SALT, max_age=SECONDS) or ""


def drop(response: HttpResponseBase) -> None:
    """Let the device forget the code."""
    response.delete_cookie(NAME, samesite="Lax")
