"""
The second factor where the staff work (ACC-6): demanded of whoever has none, and of every session that was opened without it.

allauth asks for it at login and cannot demand that there is one. Whoever has one passes it at each login; a session that came to be in
another way has not, and is asked here.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from membership.accounts import staff
from membership.models import User

BY_SECOND_FACTOR = "mfa"
NOT_PASSED = _("请刷新页面，通过动态验证后再继续")


class SecondFactorMiddleware:
    """Leads staff to set up the second factor, or to pass it. What a script fetches is refused with status 403 and the address to go to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    # Before the view, but after Django has asked where a form comes from: what is kept goes on without being asked again.
    def process_view(self, request: HttpRequest, *view) -> HttpResponse | None:  # Django's name
        if not staff.works_here(request):
            return None
        known = getattr(request.user, "has_dynamic_codes", None)
        if has_one(request.user) if known is None else known:
            return None if is_proved(request) else ask(request)
        return demand(request) if settings.STAFF_SECOND_FACTOR_REQUIRED else None


def is_demanded_of(user: User) -> bool:
    """Whether the account cannot work without a second factor."""
    return settings.STAFF_SECOND_FACTOR_REQUIRED and staff.is_staff(user)


def has_one(user: User) -> bool:
    """Whether dynamic codes are switched on; recovery codes alone are no second factor."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP])


def is_proved(request: HttpRequest) -> bool:
    """Whether this session passed the second factor: at login, afterwards, or by setting it up."""
    return any(record["method"] == BY_SECOND_FACTOR for record in get_authentication_records(request, request.user))


def proved(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Guard a page that changes or shows the second factor: a session that did not pass it passes it first, member or staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and has_one(request.user) and not is_proved(request):
            return ask(request)
        return view(request, *args, **kwargs)

    return guarded


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks for the second factor, and back. What was posted goes on by itself afterwards."""
    where = reverse("mfa_reauthenticate")
    return staff.refuse_script(request, where, str(NOT_PASSED), status=403) or suspend_request(request, where)


def demand(request: HttpRequest) -> HttpResponse:
    """Lead to the page that sets it up, and back, unless the address answers to a form alone."""
    where = reverse("mfa_activate_totp")
    way_back = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return staff.refuse_script(request, where, str(NOT_PASSED), status=403) or redirect_to_login(way_back, where)
