"""How many cases wait, for lists, menu and home page: never counted beyond what anybody reads (Speed)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from membership.periods import shanghai_date
from membership.review.desks import DECIDING, ENDORSING, REPORTED, Desk

MOST = 200
# What stands beside a menu entry or a tab that one is not looking at is as it was a moment ago.
KEPT_SECONDS = 30
_COUNTED_TABS = (ENDORSING, DECIDING, REPORTED)
_KEPT, _LATELY = "_review_counts", "_review_counts_lately"


@dataclass(frozen=True)
class Count:
    """Cases that wait and how many of them are overdue, each up to one more than ``MOST``, and the first deadline of the others."""

    waiting: int = 0
    overdue: int = 0
    soonest: date | None = None

    @property
    def text(self) -> str:
        """The number as it is shown; beyond ``MOST`` with a plus sign."""
        return shown(self.waiting)

    @property
    def overdue_text(self) -> str:
        return shown(self.overdue)


def shown(number: int) -> str:
    """Return a bounded count for the eye."""
    return f"{MOST}+" if number > MOST else str(number)


def of(desk: Desk, request: HttpRequest) -> Count:
    """Return the counts of a desk for whoever asks, read once a request."""
    kept = request.__dict__.setdefault(_KEPT, {})
    if desk.title not in kept:
        kept[desk.title] = _read(desk, request, shanghai_date(timezone.now()))
        cache.set(_key(desk, request, "waiting"), kept[desk.title], KEPT_SECONDS)
    return kept[desk.title]


def lately_of(desk: Desk, request: HttpRequest) -> Count:
    """Return the same as it was at most ``KEPT_SECONDS`` ago, for the menu, which stands beside every page."""
    now, lately = request.__dict__.setdefault(_KEPT, {}), request.__dict__.setdefault(_LATELY, {})
    if desk.title in now:
        return now[desk.title]
    if desk.title not in lately:
        lately[desk.title] = cache.get(_key(desk, request, "waiting")) or of(desk, request)
    return lately[desk.title]


def of_tabs(desk: Desk, request: HttpRequest, *, looked_at: str = "") -> Mapping[str, str]:
    """
    Return how many cases tabs have whose number tells something, as it was at most ``KEPT_SECONDS`` ago; of the one that is looked at as it
    is now.
    """
    counted = [tab for tab in desk.tabs if tab in _COUNTED_TABS]
    key, found = _key(desk, request, "tabs"), None
    if counted:
        found = cache.get(key)
    if counted and found is None:
        today = shanghai_date(timezone.now())
        found = {tab: shown(_bounded(desk, request, tab, today)) for tab in counted}
        cache.set(key, found, KEPT_SECONDS)
    elif found and looked_at in found:
        found = {**found, looked_at: shown(_bounded(desk, request, looked_at, shanghai_date(timezone.now())))}
    return found or {}


def _bounded(desk: Desk, request: HttpRequest, tab: str, today: date) -> int:
    return len(desk.listed(request.user, tab, today=today).order_by("-id").values_list("pk")[: MOST + 1])


def _read(desk: Desk, request: HttpRequest, today: date) -> Count:
    # The oldest deadlines come first, so the overdue are among those that are read.
    waiting = desk.waiting(request.user, today=today)
    due = list(waiting.values_list(desk.due_field, flat=True)[: MOST + 1])
    to_come = [day for day in due if day is not None and day >= today]
    return Count(len(due), sum(day is not None and day < today for day in due), min(to_come, default=None))


def _key(desk: Desk, request: HttpRequest, what: str) -> str:
    return f"review.{what}.{desk.url_prefix}.{request.user.pk}"
