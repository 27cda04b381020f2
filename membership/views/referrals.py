"""
What a committee member does: 推荐会员 with the answer to an applicant, and the own 专属推荐码 as QR code and poster.

REF-1, REF-2, E-9, E-11, E-12, E-17, S-1
"""

from dataclasses import dataclass

from csp.decorators import csp_exempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views import View

from membership.documents import poster, qr
from membership.documents.glyphs import MissingGlyph
from membership.documents.html_page import NotOnePage
from membership.documents.poster import PosterSheet
from membership.domain import deadlines, endorsements, referral_codes, referrals
from membership.domain.errors import DomainError
from membership.domain.referrals import ANSWERED, OVER, TO_DO, WAITING, Overview, Referral, SeatLine
from membership.domain.wording import day
from membership.enums import EndorsementState
from membership.forms.endorsement import DeclineForm, RetractForm
from membership.models import Endorsement, ReferralCode, Seat
from membership.models import settings as society
from membership.periods import shanghai_date
from membership.views.own_applications import is_in_wechat
from membership.views.presenting import ListRow, page_address, summary_row, whole_dates

AGREE, DECLINE, RETRACT = "agree", "decline", "retract"
RELATED = (
    "seat__member",
    "seat__committee",
    "application__member",
    "application__proposed_dossier",
    "application__referrer_seat__member",
    "application__referrer_seat__committee",
)
TITLES = {TO_DO: "等您答复", WAITING: "暂时不能答复", ANSWERED: "已答复"}
RENEW, REVOKE = "renew", "revoke"
# Pixels a module of the picture that a telephone keeps: sharp at any size a chat shows it in.
QR_SCALE = 24
UNPRINTABLE = (MissingGlyph, NotOnePage)


@dataclass(frozen=True)
class CodeCard:
    """A seat with its code. ``why_not``: why the seat refers nobody now; without ``code`` none is in use."""

    seat: int
    name: str
    why_not: str
    code: str = ""
    link: str = ""
    scans: int = 0
    followers: int = 0
    created_at: object = None


@dataclass(frozen=True)
class Part:
    """A group of applicants with its head."""

    id: str
    title: str
    rows: tuple[ListRow, ...]


class Referrals(LoginRequiredMixin, View):
    """Who named this committee member: those who wait first, then the others with how their applications stand."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "membership/referrals.html", _context(referrals.overview(request.user, at=timezone.now())))


class ReferralList(View):
    """
    The lists alone, for the page to ask for now and then. Nothing (204) while nothing changed since ``seen``; whoever is logged out
    meanwhile has the whole page loaded anew, which leads to the login.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        overview = referrals.overview(request.user, at=timezone.now())
        if request.GET.get("seen") == overview.mark:
            return HttpResponse(status=204)
        return render(request, "membership/referrals/lists.html", {**_context(overview), "is_part": True})


class Endorse(LoginRequiredMixin, View):
    """One applicant: what a referrer may see, and 同意推荐 or 不同意. What was answered before is shown, not done again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        endorsement = self._own(request, pk)
        if endorsement.state in OVER:
            return _is_over(request, endorsement)
        referrals.opened(endorsement, person=request.user, at=timezone.now())
        return self._page(request, endorsement, DeclineForm(), RetractForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        endorsement = self._own(request, pk)
        act = request.POST.get("act")
        if endorsement.state in OVER:
            return _is_over(request, endorsement)
        if act == RETRACT:
            return self._retract(request, endorsement)
        if endorsement.state != EndorsementState.ASKED:
            messages.info(request, _answered_before(endorsement))
            return redirect("member_endorse", pk=pk)
        if act == DECLINE:
            return self._decline(request, endorsement)
        if act == AGREE:
            return self._agree(request, endorsement)
        messages.error(request, "没有收到您的选择，请重新选择")
        return redirect("member_endorse", pk=pk)

    def _agree(self, request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
        try:
            endorsements.agree(endorsement=endorsement, person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("member_endorse", pk=endorsement.pk)
        messages.success(request, f"已同意推荐{endorsement.application.member.name}")
        return redirect("member_referrals")

    def _decline(self, request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
        form = DeclineForm(request.POST)
        if form.is_valid():
            try:
                endorsements.decline(endorsement=endorsement, person=request.user, at=timezone.now(), **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                messages.success(request, "已提交：不同意推荐，原因已告知申请人")
                return redirect("member_referrals")
        return self._page(request, endorsement, form, RetractForm(), status=422)

    def _retract(self, request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
        if not endorsements.may_retract(endorsement):
            messages.info(request, "推荐意见不能再改")
            return redirect("member_endorse", pk=endorsement.pk)
        form = RetractForm(request.POST)
        if form.is_valid():
            try:
                endorsements.retract(endorsement=endorsement, person=request.user, at=timezone.now(), **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                messages.success(request, "已撤回同意推荐，原因已告知申请人")
                return redirect("member_endorse", pk=endorsement.pk)
        return self._page(request, endorsement, DeclineForm(), form, status=422)

    def _own(self, request: HttpRequest, pk: int) -> Endorsement:
        return get_object_or_404(referrals.requests_of(request.user).select_related(*RELATED), pk=pk)

    def _page(
        self, request: HttpRequest, endorsement: Endorsement, decline: DeclineForm, retract: RetractForm, *, status: int = 200
    ) -> HttpResponse:
        shown = referrals.materials(endorsement, request.user, at=timezone.now())
        context = {
            "menu_item": "referrals",
            "materials": shown,
            "rows": [summary_row(answer) for answer in shown.answers],
            "decline": decline,
            "retract": retract,
        }
        return render(request, "membership/endorse.html", context, status=status)


def _is_over(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    """Say of a request that is no longer this person's business that it is over; of the applicant nothing is shown any more."""
    dropped = endorsement.state == EndorsementState.DROPPED
    messages.info(request, "这份推荐请求已取消，不用再答复" if dropped else "这份推荐请求已失效，不用再答复")
    return redirect("member_referrals")


def _answered_before(endorsement: Endorsement) -> str:
    if endorsement.state == EndorsementState.TIMED_OUT:
        return "答复期限已过，不用再答复"
    return f"您已答复过：{endorsement.get_state_display()}"


def _context(overview: Overview) -> dict[str, object]:
    parts = [Part(group.replace("_", "-"), title, tuple(map(_row, overview.of(group)))) for group, title in TITLES.items()]
    return {
        "menu_item": "referrals",
        "overview": overview,
        "seats": [_seat_row(line) for line in overview.seats],
        "parts": [part for part in parts if part.rows],
        "refreshed_at": timezone.localtime(),
    }


def _seat_row(line: SeatLine) -> ListRow:
    return ListRow(line.name, texts=(whole_dates(f"任期 {day(line.starts_on)} 至 {day(line.ends_on)}"), whole_dates(line.why_not)))


def _row(referral: Referral) -> ListRow:
    about = "，".join(part for part in (referral.member_type, referral.work_unit) if part)
    url = page_address("member_endorse", referral.pk)
    if referral.group == TO_DO:
        when = f"{day(referral.asked_on)} 请您推荐，请在 {deadlines.in_words(referral.due_on)} 前答复"
        return ListRow(referral.name, url=url, texts=(about, whole_dates(when)), status=referral.answer)
    if referral.group == WAITING:
        return ListRow(referral.name, url=url, texts=(about, whole_dates(referral.because)), status=referral.status)
    said = "没有在期限内答复" if referral.answer.word == EndorsementState.TIMED_OUT.label else f"您的答复：{referral.answer.word}"
    return ListRow(referral.name, url=url, texts=(about, said), status=referral.status)


# --- 专属推荐码 ---------------------------------------------------------------------------------------------


class MyCodes(LoginRequiredMixin, View):
    """The codes of one's own seats as pictures to keep, with what became of them; POST makes the code of a seat that has none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cards = [_card(seat) for seat in referrals.seats_of(request.user)]
        shown = [card for card in cards if not card.why_not] or cards
        context = {"menu_item": "referrals", "cards": shown, "in_wechat": is_in_wechat(request)}
        return render(request, "membership/referral_code/mine.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("seat", "")
        seat = _own_seat(request, int(number) if number.isdecimal() and len(number) < 19 else 0)
        try:
            referral_codes.issue(seat=seat, person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        return redirect("member_referral_code")


class RenewCode(LoginRequiredMixin, View):
    """停用推荐码, asked first: what becomes of posters that hang somewhere. POST puts it out of use, and another in its place or not."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        code = _live_code(request, pk)
        context = {"menu_item": "referrals", "card": _card(code.seat), "followers": referral_codes.followers(code)}
        return render(request, "membership/referral_code/renew.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        code, at = _live_code(request, pk), timezone.now()
        if request.POST.get("code") != code.code:
            # The page showed another code: it was renewed in another tab, and pressing twice must not put the new one out of use.
            messages.info(request, "这个推荐码已经停用，下面是现在的推荐码")
        elif request.POST.get("act") == REVOKE:
            referral_codes.revoke(code=code, person=request.user, at=at)
            messages.success(request, "推荐码已停用")
        else:
            try:
                referral_codes.renew(code=code, person=request.user, at=at)
            except DomainError as refusal:
                messages.warning(request, refusal.message)
            else:
                messages.success(request, "原来的推荐码已停用，下面是新的推荐码")
        return redirect("member_referral_code")


class CodePicture(LoginRequiredMixin, View):
    """The QR code as PNG with its white; ``?download`` as a file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        code = _live_code(request, pk)
        content = qr.qr_png(_scanned_link(code), QR_SCALE)
        return _file(request, content, "image/png", f"推荐码-{code.seat.member.name}.png")


class PosterPage(LoginRequiredMixin, View):
    """The poster as a picture, to keep by a long press, to print from here, or as PDF."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        code = _live_code(request, pk)
        try:
            poster.render(_poster_of(code))
            trouble = ""
        except UNPRINTABLE as refusal:
            trouble = str(refusal)
        context = {"menu_item": "referrals", "card": _card(code.seat), "trouble": trouble, "in_wechat": is_in_wechat(request)}
        return render(request, "membership/referral_code/poster.html", context, status=409 if trouble else 200)


class PosterPicture(LoginRequiredMixin, View):
    """The poster as PNG, in the size of print."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        code = _live_code(request, pk)
        try:
            content = poster.render_picture(_poster_of(code), dpi=poster.PRINT_DPI)
        except UNPRINTABLE as unprintable:
            raise Http404 from unprintable
        return _file(request, content, "image/png", f"推荐海报-{code.seat.member.name}.png")


class PosterPdf(LoginRequiredMixin, View):
    """The poster as PDF."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        code = _live_code(request, pk)
        try:
            content = poster.render(_poster_of(code))
        except UNPRINTABLE:
            return redirect("member_referral_poster", pk=pk)
        return _pdf(request, content, f"推荐海报-{code.seat.member.name}.pdf")


# Browsers show a PDF by a plug-in of their own, which our policy would forbid; there is nothing of ours in it to protect.
@csp_exempt()
def _pdf(request: HttpRequest, content: bytes, name: str) -> HttpResponse:
    return _file(request, content, "application/pdf", name)


def _file(request: HttpRequest, content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment="download" in request.GET, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def _own_seat(request: HttpRequest, pk: int) -> Seat:
    return get_object_or_404(referrals.seats_of(request.user), pk=pk)


def _live_code(request: HttpRequest, pk: int) -> ReferralCode:
    """Return the code in use of a seat of one's own that refers today; of any other there is nothing to show."""
    seat = _own_seat(request, pk)
    code = referral_codes.live_code(seat)
    if code is None or endorsements.why_not_refer(seat, today=shanghai_date(timezone.now())):
        raise Http404
    code.seat = seat
    return code


def _card(seat: Seat) -> CodeCard:
    name = f"{seat.committee.name} {seat.get_role_display()}"
    why_not = endorsements.why_not_refer(seat, today=shanghai_date(timezone.now()))
    code = None if why_not else referral_codes.live_code(seat)
    if code is None:
        return CodeCard(seat.pk, name, why_not)
    followers = referral_codes.followers(code)
    return CodeCard(seat.pk, name, why_not, code.code, _link(code), code.scans, followers, timezone.localtime(code.created_at))


def _link(code: ReferralCode) -> str:
    """Return the address of a code as people type it, without the scheme."""
    return _address(code).partition("://")[2].rstrip("/")


def _scanned_link(code: ReferralCode) -> str:
    """Return the address as the QR code bears it: in upper case, which needs fewer modules."""
    return _address(code).upper()


def _address(code: ReferralCode) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse('referral_link', args=[code.code])}"


def _poster_of(code: ReferralCode) -> PosterSheet:
    seat = code.seat
    return PosterSheet(
        name=seat.member.name,
        committee=seat.committee.name,
        role=seat.get_role_display(),
        link=_link(code),
        qr_text=_scanned_link(code),
        working_days=society.current().decision_working_days,
    )
