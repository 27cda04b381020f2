"""The review's list: its price, and how it grows from a thousand applications to a million, beside ModelAdmin's own (REV-1, Speed)."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from urllib.parse import quote, urlencode

from django.test import Client
from django.utils import timezone

from membership import rules
from membership.domain import queues
from membership.enums import ApplicationKind
from membership.models import Institution, User
from membership.periods import shanghai_date
from membership.review import desks
from membership.review.queue import PAGE_SIZE, Asked, cases_of, order_of
from tests.benchmarks.load import VENDORS, Society
from tests.benchmarks.measuring import Act, Line
from tests.factories.browser import client_of

FILES, ROWS, STOCK = "/admin/review/enrolments/", "/admin/review/rows/", "/admin/stock/"
DEEP = 18_000
GROWTH = "the same page among 1,000 applications"
_clients: dict[tuple[Society, str], Client] = {}


@dataclass(frozen=True)
class Page:
    """A page of a list: what it is called, who opens it, and the parameters; ``deep``: so many cases before it."""

    name: str
    parameters: dict[str, str]
    address: str = FILES
    goal: tuple[float, float] = (1.1, 1.1)  # SQLite, PostgreSQL
    is_deep: bool = False
    at_institution: bool = False


PAGES = (
    Page("first page", {}),
    Page("all, first page", {"tab": "all"}),
    Page("all, 18,000 deep", {"tab": "all"}, is_deep=True),
    Page("decided", {"tab": "decided"}),
    Page("endorsing", {"tab": "endorsing"}),
    Page("at institutions", {"tab": "deciding"}),
    Page("filter status", {"tab": "decided", "status": "returned"}),
    Page("filter institution", {}, at_institution=True),
    Page("filter institution, all", {"tab": "all"}, at_institution=True),
    Page("filter type", {"type": "student"}),
    Page("filter type, all", {"tab": "all", "type": "student"}),
    Page("filter overdue", {"due": "over"}),
    Page("filter today", {"due": "today"}),
    Page("filter mine", {"whose": "mine"}),
    Page("filter nobody's", {"whose": "free"}),
    Page("filters together", {"due": "over", "whose": "free"}),
    Page("search pinyin", {"tab": "all", "q": "li"}),
    Page("search initials", {"tab": "all", "q": "l"}),
    Page("search within a name, one", {"tab": "all", "q": "海"}, goal=(1.5, 1.3)),
    Page("search within a name, two", {"tab": "all", "q": "海燕"}, goal=(1.5, 1.3)),
    Page("rows, first page", {}, address=ROWS),
    Page("rows, all", {"tab": "all"}, address=ROWS),
)


def lines() -> list[Line]:
    """Return the lines of the list for each database there is."""
    return [line for vendor in VENDORS for line in _lines(vendor)]


def _lines(vendor: str) -> list[Line]:
    large, small = Society(vendor, "large"), Society(vendor, "small")
    clock = process_time if vendor == "SQLite" else perf_counter
    first = [
        Line(
            f"review list, {PAGE_SIZE} rows: first page ({vendor})",
            opened(large, PAGES[0]),
            goal=80,
            queries=8,
            clock=clock,
            needs_site=False,
        ),
        Line(f"review list by stock ModelAdmin ({vendor})", opened(large, Page("", {}, address=STOCK)), clock=clock, needs_site=False),
        Line(
            f"review list by stock ModelAdmin, 1,000 ({vendor})", opened(small, Page("", {}, address=STOCK)), clock=clock, needs_site=False
        ),
    ]
    screens = [
        Line(
            f"review screen growth ({vendor})",
            screen(large),
            goal=1.1,
            against=screen(small),
            compared_with=GROWTH,
            unit="×",
            clock=clock,
            needs_site=False,
        )
    ]
    place = VENDORS.index(vendor)
    growth = [
        Line(
            f"review list growth ({vendor}): {page.name}",
            opened(large, page),
            goal=page.goal[place],
            against=opened(small, page),
            compared_with=GROWTH,
            unit="×",
            clock=clock,
            needs_site=False,
        )
        for page in PAGES
    ]
    return [*first, *growth, *screens]


def opened(society: Society, page: Page) -> Callable[[], Act]:
    """Return how a page is opened among the cases of a society; it has to be full."""

    def prepare() -> Act:
        society.prepare()
        with society.used():
            client, address = _client(society, page.address), _address(society, page)

        def run() -> None:
            with society.used():
                answer = client.get(address)
            assert answer.status_code == 200, address
            assert page.address == STOCK or answer.content.count(b'class="queue__due"') == PAGE_SIZE, (society, address)

        return Act(run, within=society.used)

    return prepare


def screen(society: Society) -> Callable[[], Act]:
    """Return how the screen of the case that waits longest is opened, from the list."""

    def prepare() -> Act:
        society.prepare()
        with society.used():
            client = _client(society, FILES)
            case = queues.files_to_check(_reviewer(rules.ASSOCIATION_REVIEWER)).filter(kind=ApplicationKind.FIRST_ENROLMENT)[0]

        def run() -> None:
            with society.used():
                answer = client.get(f"{FILES}{case.pk}/?list=")
            assert answer.status_code == 200 and b"decide__approve" in answer.content

        return Act(run, within=society.used)

    return prepare


def _client(society: Society, address: str) -> Client:
    role = rules.INSTITUTION_REVIEWER if address == ROWS else rules.ASSOCIATION_REVIEWER
    if (society, role) not in _clients:
        _clients[society, role] = client_of(_reviewer(role))
    return _clients[society, role]


def _reviewer(role: str) -> User:
    """The first reviewer of a role: of the institutions the one with the most to do."""
    return User.objects.filter(groups__name=role).order_by("pk")[0]


def _address(society: Society, page: Page) -> str:
    parameters = dict(page.parameters)
    if page.at_institution:
        parameters["institution"] = str(Institution.objects.exclude(kind="headquarters").order_by("kind", "code")[1].pk)
    if page.is_deep:
        parameters["after"] = _deep(parameters, DEEP if society.size == "large" else PAGE_SIZE)
    return f"{page.address}?{urlencode(parameters, quote_via=quote)}"


def _deep(parameters: dict[str, str], number: int) -> str:
    """The place after so many cases of a list."""
    reviewer, asked = _reviewer(rules.ASSOCIATION_REVIEWER), Asked.of(parameters)
    order = order_of(desks.FILES, reviewer, asked)
    cases = order.sorted(cases_of(desks.FILES, reviewer, asked, today=shanghai_date(timezone.now())))
    return order.place_of(cases[number - 1])
