"""申请添加单位 in the Wagtail admin: what waits for an answer, and the answering (APP-5). Support's and the administrators'."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from membership import phone_numbers, rules
from membership.domain import lookups, work_unit_requests
from membership.domain.errors import DomainError
from membership.domain.wording import Status
from membership.models import Member, WorkUnit, WorkUnitRequest
from membership.review.queue import Tab
from membership.review.unit_requests_forms import ADD, FOUND, AnswerForm

TITLE = "添加单位申请"
NAMESPACE = "unit_requests"
PAGE_SIZE = 50
WAITING, ANSWERED = "waiting", "answered"
TABS = {WAITING: "待处理", ANSWERED: "已处理"}


@dataclass(frozen=True)
class Line:
    """One request of the list; ``unit`` is what it came to, empty while it waits."""

    url: str
    name: str
    province: str
    who: str
    at: datetime
    status: Status
    unit: str


class RequestPage(View):
    """A page about requests; to who does not answer them, it does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not rules.may(request.user, "answer_unit_request", None):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def page(self, template: str, *, status: int = 200, **context) -> HttpResponse:
        shown = {"title": TITLE, "list_url": reverse(f"{NAMESPACE}:list"), **context}
        return TemplateResponse(self.request, f"membership/review/unit_requests/{template}.html", shown, status=status)


class RequestList(RequestPage):
    """GET: those that wait, the oldest first, or the latest that were answered."""

    def get(self, request: HttpRequest) -> HttpResponse:
        tab = ANSWERED if request.GET.get("tab") == ANSWERED else WAITING
        found = work_unit_requests.waiting(request.user) if tab == WAITING else work_unit_requests.answered(request.user)
        shown = list(found.select_related("requested_by__member", "work_unit")[: PAGE_SIZE + 1])
        base = reverse(f"{NAMESPACE}:list")
        return self.page(
            "list",
            tabs=[Tab(label, base if code == WAITING else f"{base}?tab={code}", code == tab) for code, label in TABS.items()],
            is_waiting=tab == WAITING,
            lines=[_line(one) for one in shown[:PAGE_SIZE]],
            more=PAGE_SIZE if len(shown) > PAGE_SIZE else 0,
        )


class AnswerRequest(RequestPage):
    """GET: one request with the units it may mean. POST answers it, and goes on to the next."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = self._request(pk)
        return self._page(wanted, AnswerForm(request=wanted, alike=work_unit_requests.alike(wanted)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = self._request(pk)
        form = AnswerForm(request.POST, request=wanted, alike=work_unit_requests.alike(wanted))
        if not form.is_valid():
            return self._page(wanted, form, status=422)
        try:
            self._answer(wanted, form)
        except work_unit_requests.AnsweredMeanwhile as refusal:
            messages.warning(request, refusal.message)
            return redirect(f"{NAMESPACE}:answer", pk)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(wanted, form, status=422)
        following = work_unit_requests.waiting(request.user).first()
        messages.success(request, "已处理，申请人会收到站内消息。" + ("下面是下一个。" if following else ""))
        return redirect(reverse(f"{NAMESPACE}:answer", args=[following.pk]) if following else reverse(f"{NAMESPACE}:list"))

    def _answer(self, wanted: WorkUnitRequest, form: AnswerForm) -> None:
        person, at, said = self.request.user, timezone.now(), form.cleaned_data
        if said["act"] == ADD:
            work_unit_requests.add_unit(
                request=wanted, person=person, name=said["name"], kind=said["kind"], province=said["province"], at=at
            )
        elif said["act"] == FOUND:
            unit = said["unit"] or lookups.work_unit_named(said["other"])
            work_unit_requests.name_unit(request=wanted, person=person, unit=unit, at=at)
        else:
            work_unit_requests.decline(request=wanted, person=person, answer=said["answer"], at=at)

    def _request(self, pk: int) -> WorkUnitRequest:
        found = work_unit_requests.open_to(self.request.user).select_related("requested_by__member", "work_unit")
        return get_object_or_404(found, pk=pk)

    def _page(self, wanted: WorkUnitRequest, form: AnswerForm, *, status: int = 200) -> HttpResponse:
        return self.page(
            "answer",
            status=status,
            line=_line(wanted),
            form=form,
            alike=[(unit, _note(unit), str(unit.pk) == form.data.get("unit")) for unit in form.alike],
            others=work_unit_requests.others_asking(wanted),
            is_open=wanted.answered_at is None,
            wanted=wanted,
        )


class RequestMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return rules.may(request.user, "answer_unit_request", None)


class UnitRequestViewSet(ViewSet):
    """The pages of requests; roles open them, there is nothing to tick in a group's form."""

    name = NAMESPACE
    url_prefix = "unit-requests"
    icon = "site"
    menu_label = TITLE
    menu_name = "unit-requests"
    menu_order = 65
    add_to_admin_menu = True

    @property
    def menu_item_class(self) -> type[MenuItem]:  # Wagtail's name
        """An entry for who answers."""
        return RequestMenuItem

    def get_urlpatterns(self) -> list:  # Wagtail's name
        return [path("", RequestList.as_view(), name="list"), path("<int:pk>/", AnswerRequest.as_view(), name="answer")]


def _line(request: WorkUnitRequest) -> Line:
    member = getattr(request.requested_by, "member", None) or Member()
    phone = phone_numbers.masked(request.requested_by.get_username())
    return Line(
        url=reverse(f"{NAMESPACE}:answer", args=[request.pk]),
        name=request.name,
        province=request.province,
        who=member.name or phone,
        at=request.created_at,
        status=work_unit_requests.status_of(request),
        unit=request.work_unit.name if request.work_unit else request.answer,
    )


def _note(unit: WorkUnit) -> str:
    return "，".join(part for part in (unit.get_kind_display(), unit.province.name if unit.province else "") if part)
