"""
While the file waits for form or endorsement: the referrer is reminded (提醒) or replaced (更换推荐人), and the file comes back into one's
own hands (撤回修改).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import endorsements, enrolment, transitions
from membership.domain.errors import DomainError
from membership.domain.wording import WITHDRAWN, Status, of_endorsement
from membership.enums import EndorsementState
from membership.forms.finder import FIND_SEAT
from membership.forms.referrer import ReferrerForm
from membership.models import Application, Endorsement
from membership.periods import shanghai_date
from membership.views.own_applications import own_enrolment

SEAT = ("referrer_seat__member", "referrer_seat__committee")


@dataclass(frozen=True)
class Standing:
    """
    How the referral stands, as the applicant reads it. ``since``: asked, or answered; ``due``: while an answer is waited for;
    ``may_remind``: today; ``again_on``: else from when; ``reminded_on``: the last time. Of who lost the right nothing more is said
    (``is_void``, E-10).
    """

    status: Status
    since: date
    is_asked: bool = False
    is_void: bool = False
    due: date | None = None
    reason: str = ""
    reminded_on: date | None = None
    may_remind: bool = False
    again_on: date | None = None


class ChangeReferrer(LoginRequiredMixin, View):
    """How the referral stands, and another committee member named: the former is told, the new one asked (E-3, E-10)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk, *SEAT)
        if not transitions.is_possible(application, "change referrer"):
            return _not_now(request)
        return self._page(request, application, ReferrerForm(person=request.user, at=timezone.now()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk, *SEAT)
        if not transitions.is_possible(application, "change referrer"):
            return _not_now(request)
        at = timezone.now()
        form = ReferrerForm(request.POST, person=request.user, at=at)
        if request.POST.get("act") == FIND_SEAT:
            form.offer()
            return self._page(request, application, form)
        if not form.is_valid():
            return self._page(request, application, form, status=422)
        seat = form.cleaned_data["seat"]
        if seat == application.referrer_seat and endorsements.open_endorsement(application) is not None:
            return redirect("member_home")
        try:
            endorsements.change_referrer(application=application, person=request.user, seat=seat, at=at)
        except DomainError as refusal:
            form.add_error("seat", refusal.message)
            return self._page(request, application, form, status=422)
        messages.success(request, f"已改请{seat.member.name}推荐")
        return redirect("member_home")

    def _page(self, request: HttpRequest, application: Application, form: ReferrerForm, *, status: int = 200) -> HttpResponse:
        context = {
            "menu_item": "member",
            "application": application,
            "form": form,
            "standing": _standing(application, at=timezone.now()),
            "may_stamp": transitions.is_possible(application, "switch to stamp"),
        }
        return render(request, "membership/apply/referrer.html", context, status=status)


class Remind(LoginRequiredMixin, View):
    """提醒推荐人, by POST alone; at most once a day (K-8)."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        try:
            asked = endorsements.remind(application=application, person=request.user, at=timezone.now())
        except endorsements.RemindedToday as refusal:
            messages.info(request, f"已经提醒过了，{refusal.message}")
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, f"已提醒{asked.seat.member.name}")
        return redirect("member_referrer", pk=pk)


class Recall(LoginRequiredMixin, View):
    """撤回修改, asked once more: the printed form becomes void (A-14)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if not transitions.is_possible(application, "recall"):
            return _not_now(request)
        return render(request, "membership/apply/recall.html", {"menu_item": "member", "application": application})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        try:
            enrolment.recall(application=application, person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.warning(request, refusal.message)
            return redirect("member_home")
        messages.success(request, "已撤回，可以修改。改好后请重新提交，并下载新的申请表格")
        return redirect("member_apply")


def _standing(application: Application, *, at: datetime) -> Standing | None:
    last: Endorsement | None = endorsements.latest(application)
    if last is None or last.seat_id != application.referrer_seat_id:
        # Whoever is named now was not asked: the account is not activated yet (E-18).
        return None
    if last.state == EndorsementState.VOID:
        return Standing(Status("推荐人已变更", WITHDRAWN), shanghai_date(last.state_since), is_void=True, reason="请重新选择")
    if last.state != EndorsementState.ASKED:
        since = shanghai_date(last.answered_at or last.state_since)
        return Standing(of_endorsement(last.state), since, reason=last.reason_public)
    today, again_on = shanghai_date(at), endorsements.may_be_reminded_from(last)
    return Standing(
        of_endorsement(last.state),
        shanghai_date(last.asked_at),
        is_asked=True,
        due=last.due_on,
        reminded_on=shanghai_date(last.reminded_at) if last.reminded_at else None,
        may_remind=again_on <= today <= last.due_on,
        again_on=again_on if today < again_on <= last.due_on else None,
    )


def _not_now(request: HttpRequest) -> HttpResponse:
    messages.info(request, "这一步现在不能进行，请按会员中心的提示办理")
    return redirect("member_home")
