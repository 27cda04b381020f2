"""
Staff who leave their desk are asked again before the administration goes on (``STAFF_IDLE_MINUTES``, ACC-6).

The session stays, so nothing typed is lost: a form that was posted waits in the session and goes on by itself after the confirmation.
"""

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from membership.accounts import staff

ACTIVE_AT_KEY = "account_staff_active_at"
RENEWED_EVERY = 60
CONFIRM_AGAIN = _("您已离开一段时间，请刷新页面，再次确认身份")


class StaffIdleMiddleware:
    """Asks an account of the staff again that has been away for too long. Pages fetched by a script are told so by status 401."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    # Before the view, but after Django has asked where a form comes from: what is kept goes on without being asked again.
    def process_view(self, request: HttpRequest, view: Callable, *arguments) -> HttpResponse | None:  # Django's name
        if not settings.STAFF_IDLE_MINUTES or not staff.works_here(request):
            return None
        away = time.time() - request.session.get(ACTIVE_AT_KEY, 0)
        if away > settings.STAFF_IDLE_MINUTES * 60:
            return ask(request)
        if away > RENEWED_EVERY and not _runs_by_itself(view):
            note_activity(request)
        return None


def _runs_by_itself(view: Callable) -> bool:
    """Whether a page asks for it on its own, whether anybody sits before it or not (``runs_by_itself`` of the view's class)."""
    return getattr(getattr(view, "view_class", None), "runs_by_itself", False)


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the best way to confirm, and back here; a script gets the address to lead to."""
    where = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    refusal = staff.refuse_script(request, where, str(CONFIRM_AGAIN), status=401)
    return refusal or suspend_request(request, where)


def note_activity(request: HttpRequest) -> None:
    """Start the time anew."""
    request.session[ACTIVE_AT_KEY] = int(time.time())


def connect() -> None:
    """A login and a confirmation start the time too."""
    user_logged_in.connect(_on_proof)
    authentication_step_completed.connect(_on_proof)


def _on_proof(request: HttpRequest, **kwargs) -> None:
    note_activity(request)
