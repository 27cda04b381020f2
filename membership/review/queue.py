"""A list of cases as a page shows it: tabs, lines, the way on (REV-1, REV-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from membership.domain import case_search
from membership.domain.wording import Status, day
from membership.enums import ApplicationState, MemberType, RowState
from membership.models import Application, ApplicationInstitution, User
from membership.periods import shanghai_date
from membership.review import statuses
from membership.review.counts import Count
from membership.review.desks import DECIDED, EVERYTHING, WAITING, Desk
from membership.review.due import Due, due_on
from membership.review.keyset import Order, Page, page_of

PAGE_SIZE = 50
TABS = {WAITING: "待审", DECIDED: "已审", EVERYTHING: "全部"}


@dataclass(frozen=True)
class Line:
    """One case. ``due``: while it waits; then ``answered_on``, if it was decided; ``kind``: named where it is not a first enrolment."""

    url: str
    name: str
    number: str
    member_type: str
    institution: str
    round: int
    arrived_on: str
    status: Status
    hold: Status | None = None
    due: Due | None = None
    answered_on: str = ""
    kind: Status | None = None


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True)
class Queue:
    """The page of a list. ``summary``: how many wait, in words; ``previous_url`` and ``next_url`` are empty at the ends."""

    title: str
    tab: str
    tabs: Sequence[Tab]
    lines: Sequence[Line]
    summary: str
    order_words: str
    query: str
    search_label: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Asked:
    """What a URL asks for. Whatever it cannot mean is left out (field case 33)."""

    tab: str = WAITING
    query: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, parameters: dict[str, str]) -> "Asked":
        """Read the parameters of a list's URL."""
        tab = parameters.get("tab", WAITING)
        return cls(
            tab=tab if tab in TABS else WAITING,
            query=parameters.get("q", "")[: case_search.LONGEST_TERM].replace("\x00", "").strip(),
            after=parameters.get("after", ""),
            before=parameters.get("before", ""),
        )

    def url(self, base: str, **place: str) -> str:
        """Return the URL of this list from another place."""
        parameters = {"tab": self.tab if self.tab != WAITING else "", "q": self.query, **place}
        kept = {name: value for name, value in parameters.items() if value}
        return f"{base}?{urlencode(kept)}" if kept else base


def queue_for(desk: Desk, reviewer: User, asked: Asked, count: Count, *, today: date) -> Queue:
    """Return the page of the list that a reviewer asked for."""
    base = reverse(f"{desk.url_prefix}_index")
    reader = desk.reader(reviewer)
    cases = case_search.find(desk.listed(reviewer, asked.tab, today=today), asked.query, reader=reader)
    order = Order(desk.due_field) if asked.tab == WAITING else Order()
    page = page_of(desk.for_list(cases), order, after=asked.after, before=asked.before, size=PAGE_SIZE)
    return Queue(
        title=desk.title,
        tab=asked.tab,
        tabs=_tabs(asked, base, count),
        lines=[_line(desk, case, today) for case in page.rows],
        summary=_summary(count),
        order_words="先到期的在前" if asked.tab == WAITING else "新申请在前",
        query=asked.query,
        search_label=_SEARCH_LABELS[reader.name],
        **_ways(asked, base, page),
    )


_SEARCH_LABELS = {
    "ASSOCIATION": "姓名、拼音、首字母、手机尾号、申请编号、证件号码",
    "INSTITUTION": "姓名、拼音、首字母",
}


def _ways(asked: Asked, base: str, page: Page) -> dict[str, str]:
    return {
        "previous_url": asked.url(base, before=page.before) if page.before else "",
        "next_url": asked.url(base, after=page.after) if page.after else "",
    }


def _tabs(asked: Asked, base: str, count: Count) -> list[Tab]:
    return [
        Tab(label, Asked(tab, asked.query).url(base), tab == asked.tab, count.text if tab == WAITING else "") for tab, label in TABS.items()
    ]


def _summary(count: Count) -> str:
    if not count.waiting:
        return "没有待审的申请"
    return f"{count.text} 份待审" + (f"，其中 {count.overdue_text} 份超期" if count.overdue else "")


def _line(desk: Desk, case: Application | ApplicationInstitution, today: date) -> Line:
    tell = _file_line if isinstance(case, Application) else _row_line
    return tell(case, reverse(f"{desk.url_prefix}_open", args=[case.pk]), today)


def _file_line(application: Application, url: str, today: date) -> Line:
    waits = application.state == ApplicationState.CHECKING
    return Line(
        url=url,
        name=application.member.name,
        number=application.number,
        member_type=_type(application.member_type),
        institution=_institutions([row.institution.name for row in application.rows.all()]),
        round=application.round,
        arrived_on=_day(application.clock_started_at),
        status=statuses.of_file(application),
        hold=statuses.of_hold(application.hold),
        due=due_on(application.stage_due_on, today=today) if waits else None,
        answered_on="" if waits or application.state in _BEFORE_THE_ASSOCIATION else _day(application.state_since),
    )


_BEFORE_THE_ASSOCIATION = (ApplicationState.AWAITING_FORM, ApplicationState.ENDORSING)


def _row_line(row: ApplicationInstitution, url: str, today: date) -> Line:
    waits = row.state == RowState.PENDING
    return Line(
        url=url,
        name=row.member.name,
        number=row.application.number,
        member_type=_type(row.member_type),
        institution=row.institution.name,
        round=row.round,
        arrived_on=_day(row.state_since) if waits else _day(row.application.clock_started_at),
        status=statuses.of_row(row),
        hold=statuses.of_hold(row.hold) or statuses.of_hold(row.application.hold),
        due=due_on(row.due_on, today=today) if waits else None,
        answered_on="" if waits else _day(row.state_since),
        kind=statuses.of_kind(row.application.kind),
    )


def _type(member_type: str | None) -> str:
    return MemberType(member_type).label if member_type else ""


def _institutions(names: list[str]) -> str:
    """Two names are shown; of more, the first and how many there are."""
    names = list(dict.fromkeys(names))
    return "，".join(names) if len(names) <= 2 else f"{names[0]} 等 {len(names)} 个"


def _day(moment) -> str:
    return day(shanghai_date(moment)) if moment else ""
