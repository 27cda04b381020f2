"""
Browsers in which an account has been entered before (L-3).

The browser keeps a signed cookie with a keyed hash for each of the last accounts. It lets nobody in: it only spares the question
that a login by text message into a long unused account is asked elsewhere.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from membership.models import User

COOKIE = "known_device"
PURPOSE = "membership.accounts.known_devices"
# A family's or a department's computer.
MOST_ACCOUNTS = 5
# Browsers keep no cookie longer than 400 days; a member comes back for the renewal once a year.
SECONDS = 400 * 24 * 60 * 60
SEPARATOR = "."


def knows(request: HttpRequest, user: User) -> bool:
    """Whether this browser has entered the account before, and not too long ago."""
    mark = _mark(user)
    return any(constant_time_compare(mark, known) for known in _marks(request))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser know the account, as the latest of at most ``MOST_ACCOUNTS``."""
    mark = _mark(user)
    marks = [mark, *(known for known in _marks(request) if known != mark)][:MOST_ACCOUNTS]
    response.set_signed_cookie(
        COOKIE,
        SEPARATOR.join(marks),
        salt=PURPOSE,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class KnownDeviceMiddleware:
    """Remembers who is logged in when a request ends that wrote to the session, as every login does; other requests cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.modified and request.user.is_authenticated:
            remember(request, response, request.user)
        return response


def _marks(request: HttpRequest) -> list[str]:
    """What the cookie names; nothing if it is missing, altered or too old."""
    cookie = request.get_signed_cookie(COOKIE, default="", salt=PURPOSE, max_age=SECONDS)
    return cookie.split(SEPARATOR) if cookie else []


def _mark(user: User) -> str:
    """A keyed hash, so that the cookie tells a reader neither an id nor a number."""
    return salted_hmac(PURPOSE, str(user.pk), algorithm="sha256").hexdigest()[:32]
