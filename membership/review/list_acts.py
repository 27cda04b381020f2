"""What can be done with a whole list beside opening its cases: decide some in one go, or take it away as a file (REV-6)."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from membership.domain.bulk_decisions import MOST
from membership.models import User
from membership.review import counts, desks
from membership.review.desks import WAITING, Desk
from membership.review.queue import Asked, cases_of, order_of

# Beside a button nobody reads more; and a list of a million is opened as fast as one of a thousand (Speed).
MOST_COUNTED = counts.MOST
# Activations, changes and upgrades are a person's decisions, one by one: 关键信息 may be in them (REV-8).
IN_ONE_GO: tuple[Desk, ...] = (desks.FILES, desks.ROWS)
_PLACES = ("after", "before")


@dataclass(frozen=True)
class ListCount:
    """How many cases a list has, counted up to ``most``."""

    number: int
    most: int = MOST_COUNTED

    @property
    def is_bounded(self) -> bool:
        return self.number > self.most

    @property
    def text(self) -> str:
        """The number as a button says it: "37 份", or "200+ 份"."""
        return f"{self.most:,}+ 份" if self.is_bounded else f"{self.number:,} 份"


@dataclass(frozen=True)
class Bulk:
    """The bar over a list of waiting cases. ``most``: how many one run takes, where the list may have more; ``query``: which list it is."""

    url: str
    query: str
    count: ListCount
    most: int = 0


@dataclass(frozen=True)
class ExportLink:
    url: str
    count: ListCount


def query_of(parameters: QueryDict) -> str:
    """Return the query of a list's URL without the place one has read to."""
    kept = parameters.copy()
    for place in _PLACES:
        kept.pop(place, None)
    return kept.urlencode()


def count_of(desk: Desk, reviewer: User, query: str, *, today: date, most: int = MOST_COUNTED) -> ListCount:
    """Return how many cases a list has, without counting beyond one more than ``most``."""
    asked = Asked.of(QueryDict(query))
    # In the order of the list: without one, a database may prefer to read everything.
    cases = order_of(desk, reviewer, asked).sorted(cases_of(desk, reviewer, asked, today=today))
    return ListCount(len(cases.values_list("pk")[: most + 1]), most)


def exact_count_of(desk: Desk, reviewer: User, query: str, *, today: date) -> ListCount:
    """Return the same to the last case, for a page where somebody waits for the number."""
    number = cases_of(desk, reviewer, Asked.of(QueryDict(query)), today=today).order_by().count()
    return ListCount(number, most=number)


def bulk_of(desk: Desk, query: str, count: ListCount) -> Bulk | None:
    """Return the bar of a list, where it shows cases that wait."""
    if desk not in IN_ONE_GO or Asked.of(QueryDict(query)).tab != WAITING or not count.number:
        return None
    return Bulk(reverse(f"{desk.url_prefix}_bulk"), query, count, most=MOST if count.number > min(MOST, MOST_COUNTED) else 0)


def export_of(desk: Desk, query: str, count: ListCount) -> ExportLink | None:
    """Return the way to the export of a list that has anything in it."""
    url = reverse(f"{desk.url_prefix}_export")
    return ExportLink(f"{url}?{query}" if query else url, count) if count.number else None
