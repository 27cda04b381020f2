"""
委员专属推荐码 on the side of who scans it: ``/r/<code>/``, and from there into the application with the referrer bound (APP-6, E-17).

A scan cannot post, so for an applicant whose draft names nobody a look binds the referrer at once: it can be repeated without harm, the
form says it in a line, and that line takes it back. Everything else is asked first.
"""

import re

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views import View

from membership.accounts import carried_code
from membership.domain import referral_codes
from membership.domain.errors import DomainError
from membership.domain.referral_codes import Prospect, Reading, Scanned, Way
from membership.forms.enrolment import EnrolmentForm
from membership.models import Application, ReferralCode, Seat, read_only
from membership.periods import shanghai_date
from membership.views.apply import Apply

LIMIT = "referral-code"
# One telephone counts once a day; the cookie says which code it looked at last, and nothing else.
LOOKED, A_DAY = "referral-looked", 24 * 60 * 60
# What people look with, and what only says so: search engines, previews of links in chats, browsers without anybody before them.
_BROWSER = re.compile(r"(Mozilla|Opera)/")
_ROBOT = re.compile(r"bot|spider|crawl|slurp|preview|fetch|scan|monitor|headless|lighthouse", re.IGNORECASE)
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")

START, REPLACE = "start", "replace"
DEAD = {
    Reading.UNKNOWN: ("没有这个推荐码", "请核对推荐码，或重新扫码。手抄容易抄错，推荐码中没有字母 I、O 和数字 0、1。"),
    Reading.REVOKED: ("这个推荐码已停用", "印有它的海报不再有效，请向推荐您的委员要新的推荐码。"),
    Reading.UNUSABLE: ("这个推荐码现在不能使用", "请联系推荐您的委员，或另请一位委员推荐。"),
}


class Scan(View):
    """What stands behind a code. GET shows it, or binds the referrer into a draft that names nobody; POST begins, or replaces."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if not _may_ask(request):
            return _too_often(request)
        found = referral_codes.read(code, today=shanghai_date(timezone.now()))
        if found.reading is not Reading.LIVE or found.code is None:
            return _dead(request, found, code)
        counted = _count(request, found.code)
        response = self._live(request, found.code)
        if counted:
            response.set_cookie(
                LOOKED, found.code.code, max_age=A_DAY, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        if not _may_ask(request):
            return _too_often(request)
        here = reverse("referral_link", args=[code])
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': here})}")
        try:
            application = referral_codes.follow(
                code=code, person=request.user, at=timezone.now(), may_replace=request.POST.get("act") == REPLACE
            )
        except DomainError:
            # Whatever stands in the way by now, the page behind the code says it.
            return redirect(here)
        return _to_the_form(request, application)

    def _live(self, request: HttpRequest, code: ReferralCode) -> HttpResponse:
        if not request.user.is_authenticated:
            response = _page(request, code, None)
            carried_code.keep(response, code.code)
            return response
        at = timezone.now()
        prospect = referral_codes.prospect(code, request.user, at=at)
        if prospect.way is Way.MEMBER:
            # Nobody refers a member; the committee is what they came for (E-17).
            return redirect(f"{reverse('member_further')}?{urlencode({'committee': code.seat.committee_id})}")
        if prospect.way in (Way.BIND, Way.BOUND) and _may_write(request):
            try:
                return _to_the_form(request, referral_codes.follow(code=code.code, person=request.user, at=at))
            except DomainError:
                prospect = referral_codes.prospect(code, request.user, at=at)
        return _page(request, code, prospect)


class Referred(LoginRequiredMixin, View):
    """Where registration and login lead on a device that carries a code: to the form, the referrer bound."""

    def get(self, request: HttpRequest) -> HttpResponse:
        code = carried_code.carried(request)
        if not code or not _may_write(request):
            return redirect("member_apply")
        at = timezone.now()
        found = referral_codes.read(code, today=shanghai_date(at))
        if found.code is None or found.reading is not Reading.LIVE:
            messages.warning(request, f"{DEAD[found.reading][0]}，仍可以申请，只是没有推荐人")
            return _without_code(redirect("member_apply"))
        way = referral_codes.prospect(found.code, request.user, at=at).way
        if way in (Way.START, Way.BIND, Way.BOUND):
            try:
                return _to_the_form(request, referral_codes.follow(code=code, person=request.user, at=at))
            except DomainError as refusal:
                messages.warning(request, refusal.message)
                return _without_code(redirect("member_home"))
        return _without_code(redirect("referral_link", code=code))


class LetGo(Apply):
    """「不由这位委员推荐」 on the form: what was typed is saved as always, then the referrer is taken out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("member_apply")

    def _after_saving(self, request: HttpRequest, form: EnrolmentForm) -> HttpResponse:
        try:
            let_go = referral_codes.let_go(application=form.application, person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, "已去掉推荐人，其余内容已保存" if let_go else "已保存，可以随时回来接着填")
        return _without_code(redirect("member_apply"))


def _page(request: HttpRequest, code: ReferralCode, prospect: Prospect | None) -> HttpResponse:
    """The page of a live code: who refers, and the way on for whoever asks; None for a visitor without an account."""
    seat: Seat = code.seat
    continued = urlencode({"next": reverse("member_referred")})
    context = {
        "name": seat.member.name,
        "committee": seat.committee.name,
        "committee_in_full": seat.committee.full_name,
        "role": seat.get_role_display(),
        "way": prospect.way.value if prospect else "visitor",
        "prospect": prospect,
        "is_returned": bool(prospect and prospect.application and prospect.application.submitted_at),
        "signup_url": f"{reverse('account_signup')}?{continued}",
        "login_url": f"{reverse('account_login')}?{continued}",
    }
    return render(request, "membership/referral_code/scanned.html", context)


def _dead(request: HttpRequest, found: Scanned, code: str) -> HttpResponse:
    """The page of a code by which nobody refers. It names no one, and a guess of a code counts."""
    if found.reading is not Reading.UNUSABLE:
        _note_a_guess(request)
    title, text = DEAD[found.reading]
    response = render(request, "membership/referral_code/dead.html", {"title": title, "text": text, "reading": found.reading.value})
    return _without_code(response) if carried_code.carried(request) == code.strip().upper() else response


def _to_the_form(request: HttpRequest, application: Application) -> HttpResponse:
    seat = application.referrer_seat
    if seat is not None:
        messages.success(request, f"推荐人：{seat.member.name}（{seat.committee.name}）")
    return _without_code(redirect("member_apply"))


def _without_code(response: HttpResponse) -> HttpResponse:
    carried_code.drop(response)
    return response


# --- Looks that count, and guesses ---------------------------------------------------------------------


def _count(request: HttpRequest, code: ReferralCode) -> bool:
    """Count a person's look at a code: not the holder's own, a robot's, a browser's ahead of its reader, or the same telephone's today."""
    own = request.user.is_authenticated and code.seat.member.user_id == request.user.pk
    agent = request.headers.get("User-Agent", "")
    robot = not _BROWSER.match(agent) or _ROBOT.search(agent)
    if own or robot or request.COOKIES.get(LOOKED) == code.code or not _may_write(request):
        return False
    referral_codes.count_scan(code)
    return True


def _may_write(request: HttpRequest) -> bool:
    """Whether a look may leave anything behind: no maintenance, and somebody really looks."""
    looks_ahead = any(request.headers.get(name) for name in _AHEAD)
    return request.method == "GET" and not looks_ahead and not read_only.current().is_in_force_at(timezone.now())


def _rate() -> dict[str, str]:
    """As often as a certificate's number may be typed (CERT-3). Codes in use are not limited: a whole audience may scan one."""
    return {LIMIT: f"{settings.VERIFY_RATE}/m/ip"}


def _may_ask(request: HttpRequest) -> bool:
    """Whether this address has guessed too often in the last minute; nothing is used up."""
    return ratelimit.consume(request, app="membership", action=LIMIT, config=_rate(), limit_get=True, dry_run=True) is not None


def _note_a_guess(request: HttpRequest) -> None:
    ratelimit.consume(request, app="membership", action=LIMIT, config=_rate(), limit_get=True)


def _too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "membership/referral_code/too_often.html", status=429)
    response.headers["Retry-After"] = "60"
    return response
