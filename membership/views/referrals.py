"""推荐会员: a committee member's applicants, and the answer to one of them (REF-1, E-9, E-11, E-12, S-1)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import endorsements, queues, referrals
from membership.domain.errors import DomainError
from membership.domain.referrals import Referral
from membership.domain.wording import day
from membership.enums import EndorsementState
from membership.forms.endorsement import DeclineForm, RetractForm
from membership.models import Endorsement
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


class Referrals(LoginRequiredMixin, View):
    """Who named this committee member: those who wait first, then the others with how their applications stand."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = referrals.referrals_of(request.user)
        context = {
            "menu_item": "referrals",
            "waiting": [_row(one) for one in found if one.is_waiting],
            "answered": [_row(one) for one in found if not one.is_waiting],
        }
        return render(request, "membership/referrals.html", context)


class Endorse(LoginRequiredMixin, View):
    """One applicant: what a referrer may see, and 同意推荐 or 不同意. What was answered before is shown, not done again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        endorsement = self._own(request, pk)
        referrals.opened(endorsement, person=request.user, at=timezone.now())
        return self._page(request, endorsement, DeclineForm(), RetractForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        endorsement = self._own(request, pk)
        act = request.POST.get("act")
        if act == RETRACT:
            return self._retract(request, endorsement)
        if endorsement.state != EndorsementState.ASKED:
            messages.info(request, f"您已答复过：{endorsement.get_state_display()}")
            return redirect("member_endorse", pk=pk)
        return self._decline(request, endorsement) if act == DECLINE else self._agree(request, endorsement)

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
        return get_object_or_404(queues.endorsements_of(request.user).select_related(*RELATED), pk=pk)

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


def _row(referral: Referral) -> ListRow:
    url = page_address("member_endorse", referral.pk)
    about = "，".join(part for part in (referral.member_type, referral.work_unit) if part)
    if referral.is_waiting:
        when = f"{day(referral.asked_on)} 请您推荐，请在 {day(referral.due_on)} 前答复"
        return ListRow(
            referral.name, url=page_address("member_endorse", referral.pk), texts=(about, whole_dates(when)), status=referral.answer
        )
    said = f"您的答复：{referral.answer.word}"
    return ListRow(referral.name, url=url, texts=(about, said), status=referral.status)
