"""How many cases wait, for menu and home page: never counted beyond what anybody reads (Speed)."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from membership.periods import shanghai_date
from membership.review.desks import Desk

MOST = 99
_KEPT = "_review_counts"


@dataclass(frozen=True)
class Count:
    """Cases that wait and how many of them are overdue, each up to ``MOST``, and the first deadline of those that are not."""

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
    return kept[desk.title]


def _read(desk: Desk, request: HttpRequest, today: date) -> Count:
    # The oldest deadlines come first, so the overdue are among those that are read.
    waiting = desk.waiting(request.user, today=today)
    due = list(waiting.values_list(desk.due_field, flat=True)[: MOST + 1])
    to_come = [day for day in due if day is not None and day >= today]
    return Count(len(due), sum(day is not None and day < today for day in due), min(to_come, default=None))
