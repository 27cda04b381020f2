"""
While the site is read only, whatever would change something is refused with a page that says so (UI-9).

What goes on is written down still: people log in, since a member's pages need a session and the administrator has to reach the switch;
so sessions and what is noted of a login are kept, and a look at somebody's papers leaves its line in the audit log (OPS-5), or reading
would have to stop as well.
"""

from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils import timezone

from membership.models import ReadOnlyMode, read_only

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
LOGGING_IN = frozenset(
    {
        "account_login", "account_logout", "account_request_login_code", "account_confirm_login_code", "account_confirm_identity",
        "account_captcha_new", "mfa_authenticate", "wagtailadmin_logout",
    }
)  # fmt: skip
# A form that was set aside goes on with the confirmation; one that waits has to wait on.
CONFIRMING = frozenset(
    {"account_reauthenticate", "account_reauthenticate_code", "account_reauthenticate_confirm_code", "mfa_reauthenticate"}
)
# Posted so that no name gets into an address; they change nothing.
READING = frozenset({"verify", "verify_number", "verify_link"})
# Leads to what a message is about; that it was read is written down another time.
OPENING = "member_message_open"
THE_SWITCH = ("wagtailsettings:edit", "membership", ReadOnlyMode._meta.model_name)


class ReadOnlyMiddleware:
    """Answers with status 503 what must wait until the maintenance is over."""

    def __init__(self, next_one: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_one = next_one

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.next_one(request)

    def process_view(self, request: HttpRequest, *view) -> HttpResponse | None:  # Django's name
        if request.method in SAFE_METHODS or goes_on(request):
            return None
        mode = read_only.current()
        return refuse(request, mode) if mode.is_in_force_at(timezone.now()) else None


def goes_on(request: HttpRequest) -> bool:
    """Whether a request is let through in any case: logging in and out, the switch itself, what only asks or leads on."""
    match = request.resolver_match
    if match.view_name == OPENING and request.POST.get("act") != "stay":
        return True
    if match.view_name in CONFIRMING:
        return "request" not in (request.session.get(STATE_SESSION_KEY) or {})
    return match.view_name in LOGGING_IN or match.view_name in READING or _is_the_switch(match)


def _is_the_switch(match: ResolverMatch) -> bool:
    return (match.view_name, match.kwargs.get("app_name"), match.kwargs.get("model_name")) == THE_SWITCH


def refuse(request: HttpRequest, mode: ReadOnlyMode) -> HttpResponse:
    """Say that nothing was submitted, that nothing is lost, and when to come back: a page for people, JSON for scripts."""
    at = timezone.now()
    lead = f"{read_only.expected(mode.end_seen_from(at))}已保存的资料没有丢。"
    if _is_a_script(request):
        response: HttpResponse = JsonResponse({"error": f"正在维护，暂时不能提交。{lead}", "retry_after": mode.retry_after(at)}, status=503)
    else:
        response = render(request, "read_only.html", {"lead": lead, "text": mode.text}, status=503)
    response.headers["Retry-After"] = str(mode.retry_after(at))
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_a_script(request: HttpRequest) -> bool:
    asked_by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest" or "HX-Request" in request.headers
    return asked_by_script or not request.accepts("text/html")
