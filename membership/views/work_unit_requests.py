"""申请添加单位: the way on for an applicant whose work unit the list lacks (APP-5)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from membership.domain import enrolment, work_unit_requests
from membership.domain.errors import DomainError
from membership.forms.work_unit_request import WorkUnitRequestForm
from membership.views.apply import is_editable


class RequestUnit(LoginRequiredMixin, View):
    """GET: the form, with the name that the draft holds, and what was asked before. POST asks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        application = enrolment.current(request.user)
        name = work_unit_requests.wanted_by(application) if application else ""
        return self._page(request, WorkUnitRequestForm(initial={"name": name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WorkUnitRequestForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        answers = form.cleaned_data
        try:
            work_unit_requests.request_unit(person=request.user, at=timezone.now(), **answers)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(request, form, status=422)
        messages.success(request, "已申请添加。添加后会发站内消息告诉您，其他内容可以先填")
        application = enrolment.current(request.user)
        if application is None or not is_editable(application):
            return redirect("member_work_unit_request")
        return redirect(f"{reverse('member_apply')}#id_work_unit_name_field")

    def _page(self, request: HttpRequest, form: WorkUnitRequestForm, *, status: int = 200) -> HttpResponse:
        context = {"menu_item": "member", "form": form, "requests": work_unit_requests.own_requests(request.user)}
        return render(request, "membership/apply/work_unit_request.html", context, status=status)
