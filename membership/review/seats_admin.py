"""委员任职 in the Wagtail admin: who holds a seat, registered, changed and ended by administrators alone (I-8, REF-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from membership.domain import seats
from membership.domain.errors import DomainError
from membership.domain.seats import Wanted
from membership.domain.wording import Status, day
from membership.enums import SeatRole
from membership.models import AuditEntry, Member, Seat
from membership.periods import shanghai_date
from membership.review.keyset import Order, page_of
from membership.review.queue import Tab
from membership.review.seats_forms import TABS, EndForm, NewSeatForm, SeatFilter, TermForm, query_of

TITLE = "委员任职"
NAMESPACE = "seats"
PAGE_SIZE = 50
FIND = "find"
_ACTS = {"seat.give": "登记", "seat.change": "更改", "seat.end": "结束任职"}
_FIELDS = {"role": "任职", "starts_on": "任期开始", "ends_on": "任期结束"}


@dataclass(frozen=True)
class Line:
    """One seat of the list. ``state``: how its term stands; ``suspended``: what keeps the holder from referring though it runs."""

    url: str
    name: str
    number: str
    committee: str
    role: str
    term: str
    state: Status
    suspended: Status | None


@dataclass(frozen=True)
class Candidate:
    """Somebody of the name or number that was typed."""

    pk: str
    name: str
    note: str
    is_picked: bool


@dataclass(frozen=True)
class Past:
    """A line of a seat's history."""

    at: datetime
    who: str
    act: str
    changes: Sequence[str]


class SeatPage(View):
    """A page about seats; to who does not manage them, it does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not seats.may_manage(request.user):
            raise Http404
        self.at = timezone.now()
        self.today = shanghai_date(self.at)
        return super().dispatch(request, *args, **kwargs)

    def seat(self, pk: int) -> Seat:
        """Return a seat with what its page shows, or answer that there is none."""
        return get_object_or_404(seats.find(Wanted(when=seats.ANY), today=self.today), pk=pk)

    def page(self, template: str, **context) -> HttpResponse:
        shown = {"title": TITLE, "list_url": reverse(f"{NAMESPACE}:list"), **context}
        return TemplateResponse(self.request, f"membership/review/seats/{template}.html", shown)


class SeatList(SeatPage):
    """GET: the seats of a tab, what ends first on top, those over by when they were registered; read on by key."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = SeatFilter(request.GET)
        wanted = asked.wanted
        order = Order() if wanted.when in (seats.OVER, seats.ANY) else Order("ends_on")
        after, before = request.GET.get("after", ""), request.GET.get("before", "")
        page = page_of(seats.find(wanted, today=self.today), order, after=after, before=before, size=PAGE_SIZE)
        return self.page(
            "list",
            filter=SeatFilter(asked.query),
            is_filtered=bool(wanted.term or wanted.committee),
            when=wanted.when,
            tabs=[Tab(label, _url(wanted, when=when), when == wanted.when) for when, label in TABS.items()],
            lines=[self._line(seat) for seat in page.rows],
            clear_url=_url(Wanted(when=wanted.when)),
            add_url=reverse(f"{NAMESPACE}:add"),
            order_words="先结束的在前" if order.day else "后登记的在前",
            previous_url=_url(wanted, before=page.before) if page.before else "",
            next_url=_url(wanted, after=page.after) if page.after else "",
            notice_days=seats.NOTICE_DAYS,
        )

    def _line(self, seat: Seat) -> Line:
        return Line(
            url=reverse(f"{NAMESPACE}:seat", args=[seat.pk]),
            name=seat.member.name,
            number=seat.member.number or "",
            committee=seat.committee.name,
            role=seat.get_role_display(),
            term=f"{day(seat.starts_on)} 至 {day(seat.ends_on)}",
            state=_state(seat, self.today),
            suspended=seats.suspension(seat, today=self.today),
        )


class AddSeat(SeatPage):
    """GET: an empty form. POST finds the person, or registers the seat."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(NewSeatForm(today=self.today))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewSeatForm(request.POST, today=self.today)
        if request.POST.get("act") == FIND:
            form.find()
            return self._page(form)
        if not form.is_valid():
            return self._page(form)
        answers = form.cleaned_data
        try:
            seat = seats.give(member=answers["person"], committee=answers["committee"], by=request.user, at=self.at, **form.term)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(form)
        messages.success(request, f"已登记{seat.member.name}的任职。")
        return redirect(f"{NAMESPACE}:seat", seat.pk)

    def _page(self, form: NewSeatForm) -> HttpResponse:
        picked = form.data.get("pick", "")
        found = [Candidate(str(one.pk), one.name, _note(one), str(one.pk) == picked or len(form.found) == 1) for one in form.found]
        return self.page("add", form=form, found=found)


class ShowSeat(SeatPage):
    """GET: one seat, its form and its history. POST keeps another role or term."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = self.seat(pk)
        return self._page(seat, TermForm(seat=seat, today=self.today))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = self.seat(pk)
        form = TermForm(request.POST, seat=seat, today=self.today)
        if not form.is_valid():
            return self._page(seat, form)
        try:
            seats.change(seat=seat, by=request.user, at=self.at, **form.term)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(seat, form)
        messages.success(request, "已保存。")
        return redirect(f"{NAMESPACE}:seat", pk)

    def _page(self, seat: Seat, form: TermForm) -> HttpResponse:
        return self.page(
            "seat",
            seat=seat,
            form=form,
            note=_note(seat.member),
            state=_state(seat, self.today),
            suspended=seats.suspension(seat, today=self.today),
            follows=seats.consequences(seat),
            may_change=seat.ends_on >= self.today,
            may_remove=not seats.is_used(seat),
            history=[_past(entry) for entry in seats.history(seat)],
            end_url=reverse(f"{NAMESPACE}:end", args=[seat.pk]),
            remove_url=reverse(f"{NAMESPACE}:remove", args=[seat.pk]),
        )


class EndSeat(SeatPage):
    """结束任职. GET says what follows, and asks for the last day; POST does it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(self.seat(pk), EndForm(initial={"last_day": self.today}, label_suffix=""))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = self.seat(pk)
        form = EndForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self._page(seat, form)
        try:
            ended = seats.end(seat=seat, last_day=form.cleaned_data["last_day"], by=request.user, at=self.at)
        except seats.SeatOver as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{NAMESPACE}:seat", pk)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(seat, form)
        messages.success(request, f"已登记：任期到 {ended.ends_on} 结束。")
        return redirect(f"{NAMESPACE}:seat", pk)

    def _page(self, seat: Seat, form: EndForm) -> HttpResponse:
        is_over, has_begun = seat.ends_on < self.today, seat.starts_on <= self.today
        url = reverse(f"{NAMESPACE}:seat", args=[seat.pk])
        follows = seats.consequences(seat)
        return self.page("end", seat=seat, form=form, seat_url=url, follows=follows, is_over=is_over, has_begun=has_begun, today=self.today)


class RemoveSeat(SeatPage):
    """删除登记: a mistake nobody has met yet. GET asks; POST does it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = self.seat(pk)
        return self.page("remove", seat=seat, seat_url=reverse(f"{NAMESPACE}:seat", args=[pk]), is_used=seats.is_used(seat))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = self.seat(pk)
        try:
            seats.remove(seat=seat, by=request.user, at=self.at)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{NAMESPACE}:seat", pk)
        messages.success(request, f"{seat.member.name}的这条任职登记已删除。")
        return redirect(f"{NAMESPACE}:list")


class SeatMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return seats.may_manage(request.user)


class SeatViewSet(ViewSet):
    """The pages of seats, beside the reference data; roles open them, there is nothing to tick in a group's form."""

    name = NAMESPACE
    url_prefix = "seats"
    icon = "group"
    menu_label = TITLE
    menu_name = "seats"
    menu_order = 490
    add_to_admin_menu = True

    @property
    def menu_item_class(self) -> type[MenuItem]:  # Wagtail's name
        """An entry for who manages seats."""
        return SeatMenuItem

    def get_urlpatterns(self) -> list:  # Wagtail's name
        return [
            path("", SeatList.as_view(), name="list"),
            path("add/", AddSeat.as_view(), name="add"),
            path("<int:pk>/", ShowSeat.as_view(), name="seat"),
            path("<int:pk>/end/", EndSeat.as_view(), name="end"),
            path("<int:pk>/remove/", RemoveSeat.as_view(), name="remove"),
        ]


def _url(wanted: Wanted, *, when: str = "", **place: str) -> str:
    """Return the address of the same list in another tab or from another place."""
    query = {**query_of(wanted, **({"when": when} if when else {})), **place}
    base = reverse(f"{NAMESPACE}:list")
    return f"{base}?{urlencode(query)}" if query else base


def _state(seat: Seat, today: date) -> Status:
    if today < seat.starts_on:
        return Status("未开始", "pending")
    if today > seat.ends_on:
        return Status("已结束", "replaced")
    left = (seat.ends_on - today).days
    if left > seats.NOTICE_DAYS:
        return Status("任期内", "plain")
    return Status(f"还有 {left} 天" if left else "今天结束", "pending")


def _note(member: Member) -> str:
    """Return what tells a person from others of the name: number, or that there is no account yet, and the unit."""
    dossier = member.current_dossier
    parts = (member.number or "未激活", dossier.work_unit_name if dossier else "")
    return "，".join(part for part in parts if part)


def _past(entry: AuditEntry) -> Past:
    changed = entry.details.get("changed", {})
    term = entry.details.get("term", {})
    words = [f"{_FIELDS[name]}：{_word(name, old)} → {_word(name, new)}" for name, (old, new) in changed.items() if name in _FIELDS]
    words += [f"{_FIELDS[name]}：{_word(name, value)}" for name, value in term.items() if name in _FIELDS]
    return Past(timezone.localtime(entry.at), entry.actor_label, _ACTS.get(entry.action, entry.action), words)


def _word(name: str, value: str) -> str:
    return SeatRole(value).label if name == "role" and value in SeatRole.values else value
