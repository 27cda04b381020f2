"""How many cases wait, for menu and home page: never counted beyond what anybody reads (Speed)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from membership.periods import shanghai_date
from membership.review.desks import Desk

MOST = 99
_KEPT = "_review_counts"


@dataclass(frozen=True)
class Count:
    """Cases that wait and how many of them are overdue, each up to ``MOST``."""

    waiting: int = 0
    overdue: int = 0

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


def up_to_most(rows: QuerySet) -> int:
    """Return how many rows there are, reading one more than ``MOST`` at most."""
    return len(rows.order_by().values_list("pk", flat=True)[: MOST + 1])


def of(desk: Desk, request: HttpRequest) -> Count:
    """Return the counts of a desk for whoever asks, read once a request."""
    kept = request.__dict__.setdefault(_KEPT, {})
    if desk.title not in kept:
        kept[desk.title] = _read(desk, request, shanghai_date(timezone.now()))
    return kept[desk.title]


def _read(desk: Desk, request: HttpRequest, today: date) -> Count:
    waiting = desk.waiting(request.user, today=today)
    return Count(up_to_most(waiting), up_to_most(waiting.filter(**{f"{desk.due_field}__lt": today})))
