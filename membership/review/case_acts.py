"""Work on a case beside the decision: taking it on, notes, passing it on, reports of violations, who else looks (REV-9, S-7, M-18)."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from membership.domain import assignments, notes, presence, recusals, reports
from membership.domain.errors import DomainError
from membership.models import settings as society
from membership.review.case_forms import DismissalForm, NoteForm, RecusalForm, ReportForm
from membership.review.case_views import CaseView

TO_THE_LIST = "list"
LONGEST_ID = 18  # digits


class CaseAct(CaseView):
    """POST: one act on a case, then its screen again; or with ``to`` = ``list`` the list one came from."""

    http_method_names = ["post", "options"]

    def back(self, place: str = "") -> HttpResponse:
        if self.request.POST.get("to") == TO_THE_LIST:
            return redirect(self.came_from.list_url)
        return redirect(f"{self.url('open')}{place}")

    def try_to(self, act: Callable[[], object], done: str, place: str = "") -> HttpResponse:
        """Do it, say how it went, and go back."""
        try:
            act()
        except DomainError as refusal:
            messages.error(self.request, refusal.message)
        else:
            messages.success(self.request, f"{done}：{self.named}")
        return self.back(place)


class ClaimCase(CaseAct):
    """领取. Where a colleague has it, a page says so and asks (``takes_over_from``)."""

    template_name = "membership/review/acts/claim.html"

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        shown = _id(request.POST.get("takes_over_from", ""))
        try:
            return self.try_to(lambda: self._claim(shown), "已领取")
        except _Question as question:
            self.case = self._case(self.subject.pk)
            return self.render_to_response(self.act_context(question=str(question), claimed_by=self.subject.assigned_to_id))

    def _claim(self, takes_over_from: int | None) -> None:
        try:
            assignments.claim(case=self.subject, reviewer=self.request.user, at=self.at, takes_over_from=takes_over_from)
        except assignments.ClaimedByAnother as refusal:
            raise _Question(refusal.message) from refusal

    def act_context(self, **more: object) -> dict[str, object]:
        """``question``: who has it and since when; ``claimed_by``: from whom it would be taken over; ``to``: where to go afterwards."""
        to = TO_THE_LIST if self.request.POST.get("to") == TO_THE_LIST else ""
        return super().act_context(act_url=self.url("claim"), to=to, **more)


class ReleaseCase(CaseAct):
    """释放."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self.try_to(lambda: assignments.release(case=self.subject, reviewer=request.user, at=self.at), "已释放")


class WriteNote(CaseAct):
    """内部备注: a faulty one comes back on the screen."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.note_form = NoteForm(request.POST)
        if not self.note_form.is_valid():
            return super().get(request, *args, **kwargs)
        try:
            notes.write(case=self.subject, author=request.user, text=self.note_form.cleaned_data["text"], at=self.at)
        except DomainError as refusal:
            self.note_form.add_error(refusal.field, refusal.message)
            return super().get(request, *args, **kwargs)
        return self.back("#notes")


class AskedAct(CaseView, ABC):
    """GET: a page of its own that says what follows, with a form; POST: the act."""

    http_method_names = ["get", "head", "post", "options"]
    action = ""
    form_class: type[forms.Form]
    act_form: forms.Form | None = None

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.act_form = self.act_form or self.form_class()
        return self.render_to_response(self.act_context(form=self.act_form, act_url=self.url(self.action)))

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.act_form = self.form_class(request.POST, request.FILES)
        if not self.act_form.is_valid():
            return self.get(request, *args, **kwargs)
        try:
            return self.act(self.act_form)
        except DomainError as refusal:
            self.act_form.add_error(refusal.field if refusal.field in self.act_form.fields else None, refusal.message)
            return self.get(request, *args, **kwargs)

    @abstractmethod
    def act(self, form: forms.Form) -> HttpResponse:
        """
        Make the one call.

        :raises DomainError: the society refuses.
        """


class RecuseCase(AskedAct):
    """回避: the case is passed on, and does not exist for this reviewer any more."""

    template_name = "membership/review/acts/recuse.html"
    action = "recuse"
    form_class = RecusalForm

    def act(self, form: forms.Form) -> HttpResponse:
        next_url = self.neighbour()
        deciders = recusals.recuse(case=self.subject, reviewer=self.request.user, reason=form.cleaned_data["reason"], at=self.at)
        presence.leave(self.case.application, self.scope, self.request.user)
        messages.success(self.request, f"已回避：{self.named}，由{deciders}处理。")
        return redirect(next_url or self.came_from.list_url)


class ReportCase(AskedAct):
    """上报违规 by a reviewer of the row's institution; for everybody else there is no such page."""

    template_name = "membership/review/acts/report.html"
    action = "report"
    form_class = ReportForm

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.scope is None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.scope is None:
            raise Http404
        return super().post(request, *args, **kwargs)

    def act(self, form: ReportForm) -> HttpResponse:
        reports.report(row=self.case.row, reviewer=self.request.user, text=form.cleaned_data["text"], evidence=form.evidence(), at=self.at)
        messages.success(self.request, f"已上报违规：{self.named}，等待协会处理。")
        return redirect(self.url("open"))

    def act_context(self, **more: object) -> dict[str, object]:
        """``least``: so many characters a report has at least (M-18)."""
        return super().act_context(least=society.current().violation_min_characters, **more)


class DismissReport(AskedAct):
    """驳回上报 by the association, of the row, with what the institution is told; for everybody else there is no such page."""

    template_name = "membership/review/acts/dismiss.html"
    action = "dismiss"
    form_class = DismissalForm

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.scope is not None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.scope is not None:
            raise Http404
        return super().post(request, *args, **kwargs)

    def act(self, form: forms.Form) -> HttpResponse:
        reports.dismiss(row=self.case.row, reviewer=self.request.user, answer=form.cleaned_data["answer"], at=self.at)
        messages.success(self.request, f"已驳回上报，机构继续审核：{self.named}")
        return redirect(self.url("open"))


class Presence(CaseView):
    """POST by the page itself, every half minute: who else looks, and whether the case moved on since the page was opened."""

    http_method_names = ["post", "options"]
    runs_by_itself = True

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        others = presence.note(self.case.application, self.scope, request.user, at=self.at)
        return JsonResponse({"others": list(others), "moved": request.POST.get("mark", "") != self.mark})


class _Question(Exception):
    """A colleague has the case; the reviewer is asked before it is taken over."""


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else None
