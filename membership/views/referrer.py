"""While the file waits for form or endorsement: another referrer (更换推荐人), and back into one's own hands (撤回修改)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import endorsements, enrolment, transitions
from membership.domain.errors import DomainError
from membership.forms.finder import FIND_SEAT
from membership.forms.referrer import ReferrerForm
from membership.models import Application
from membership.views.own_applications import own_enrolment

SEAT = ("referrer_seat__member", "referrer_seat__committee")


class ChangeReferrer(LoginRequiredMixin, View):
    """Name another committee member: the former is told, the new one asked (E-3, E-10)."""

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
            "last": endorsements.latest(application),
            "may_stamp": transitions.is_possible(application, "switch to stamp"),
        }
        return render(request, "membership/apply/referrer.html", context, status=status)


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


def _not_now(request: HttpRequest) -> HttpResponse:
    messages.info(request, "这一步现在不能进行，请按会员中心的提示办理")
    return redirect("member_home")
