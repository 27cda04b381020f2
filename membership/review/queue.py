"""A list of cases as a page shows it: tabs, filters, lines, the way on (REV-1, REV-4, REV-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from membership.domain import case_search
from membership.domain.case_search import Meaning
from membership.enums import MemberType
from membership.models import User
from membership.review import list_filters, queue_lines, saved_tabs
from membership.review.counts import Count
from membership.review.desks import DECIDED, DECIDING, DESKS, ENDORSING, EVERYTHING, REPORTED, WAITING, Desk
from membership.review.keyset import Order, Page, page_of
from membership.review.keyset_names import ByName
from membership.review.list_filters import Filter
from membership.review.queue_lines import Line

PAGE_SIZE = 50
# Every tab a desk may have; a desk's own say which it has.
TABS = {
    WAITING: "待我审核",
    ENDORSING: "等待推荐",
    DECIDING: "各机构审核中",
    REPORTED: "违规上报",
    DECIDED: "已审",
    EVERYTHING: "全部",
}
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True)
class Chip:
    """A filter in force: in words, and the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Column:
    """A column that may be shown or not."""

    name: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class Queue:
    """
    The page of a list. ``summary``: how many wait, in words; ``previous_url`` and ``next_url`` are empty at the ends; ``hidden``: what of
    the URL the form over the list carries along; ``has_filter``: one of the selects is in force; ``empty``: what to say where there is
    nothing; ``clear_url``: the tab without filters.
    """

    title: str
    tab: str
    tabs: Sequence[Tab]
    lines: Sequence[Line]
    summary: str
    order_words: str
    query: str
    search_label: str
    filters: Sequence[Filter]
    chips: Sequence[Chip]
    columns: Sequence[Column]
    shown: Mapping[str, bool]
    hidden: Mapping[str, str]
    empty: Sequence[str]
    clear_url: str
    list_query: str
    saved: saved_tabs.Saved
    has_filter: bool = False
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Asked:
    """What a URL asks for. Whatever it cannot mean is left out (field case 33)."""

    tab: str = WAITING
    query: str = ""
    status: str = ""
    institution: int = 0
    member_type: str = ""
    due: str = ""
    whose: str = ""
    columns: tuple[str, ...] = ()
    view: int = 0
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Asked":
        """Read the parameters of a list's URL."""
        named = parameters.getlist("column") if hasattr(parameters, "getlist") else []
        return cls(
            tab=_one_of(TABS, parameters.get("tab", "")) or WAITING,
            query=parameters.get("q", "")[: case_search.LONGEST_TERM].replace("\x00", "").strip(),
            status=_one_of(_STATUSES, parameters.get("status", "")),
            institution=_number(parameters.get("institution", "")),
            member_type=_one_of(MemberType.values, parameters.get("type", "")),
            due=_one_of(list_filters.DUE, parameters.get("due", "")),
            whose=_one_of(list_filters.WHOSE, parameters.get("whose", "")),
            columns=tuple(one for one in queue_lines.COLUMNS if one in named),
            view=_number(parameters.get("view", "")),
            after=parameters.get("after", ""),
            before=parameters.get("before", ""),
        )

    def parameters(self) -> dict[str, Any]:
        """Return what of it stands in a URL, by the parameters' names, without the place one has read to."""
        found = {
            "tab": self.tab if self.tab != WAITING else "",
            "q": self.query,
            **{name: self.value_of(name) for name in list_filters.LABELS},
            "column": self.columns,
            "view": self.view,
        }
        return {name: value for name, value in found.items() if value}

    @property
    def is_all_that_waits(self) -> bool:
        """Whether nothing narrows the list that opens first."""
        return self.tab == WAITING and not self.query and not any(self.value_of(name) for name in list_filters.LABELS)

    def value_of(self, name: str) -> str:
        """Return a filter's value, as text, by its parameter's name."""
        value = {
            "status": self.status,
            "institution": self.institution or "",
            "type": self.member_type,
            "due": self.due,
            "whose": self.whose,
        }[name]
        return str(value)

    def url(self, base: str, **place: str) -> str:
        """Return the URL of this list from another place."""
        kept = urlencode({**self.parameters(), **{name: value for name, value in place.items() if value}}, doseq=True)
        return f"{base}?{kept}" if kept else base

    def without(self, name: str) -> "Asked":
        """Return the same list without a filter or the search, by the parameter's name."""
        field = _FIELDS.get(name, name)
        return replace(self, view=0, **{field: _EMPTY[field]})

    def on(self, tab: str) -> "Asked":
        """Return the same search and filters on another tab, from its beginning."""
        return replace(self, tab=tab, status="", view=0, after="", before="")


_STATUSES = {status for desk in DESKS for statuses in desk.statuses.values() for status in statuses}
_FIELDS = {"q": "query", "type": "member_type"}
_EMPTY = {field.name: field.default for field in fields(Asked)}


def queue_for(desk: Desk, reviewer: User, asked: Asked, count: Count, *, today: date, counts: Mapping[str, str] | None = None) -> Queue:
    """Return the page of the list that a reviewer asked for. ``counts``: how many cases other tabs have, in words."""
    base = reverse(f"{desk.url_prefix}_index")
    asked = asked if asked.tab in desk.tabs else replace(asked, tab=WAITING)
    cases = desk.for_list(cases_of(desk, reviewer, asked, today=today))
    page = page_of(cases, order_of(desk, reviewer, asked), after=asked.after, before=asked.before, size=PAGE_SIZE)
    filters = list_filters.filters_of(desk, reviewer, asked)
    words = list_filters.words_of(filters)
    shown = queue_lines.columns_of(desk, asked)
    return Queue(
        title=desk.title,
        tab=asked.tab,
        tabs=_tabs(desk, asked, base, {WAITING: count.text, **(counts or {})}),
        lines=queue_lines.lines_of(desk, reviewer, page.rows, list_query=_query(asked), today=today),
        summary=_summary(count),
        order_words=_order_words(desk, reviewer, asked),
        query=asked.query,
        search_label=_SEARCH_LABELS[desk.reader(reviewer).name],
        filters=filters,
        chips=_chips(asked, base, words),
        columns=[Column(name, label, name in shown) for name, label in queue_lines.offered(desk).items()],
        shown=dict.fromkeys(shown, True),
        hidden={name: value for name, value in asked.parameters().items() if name == "tab"},
        empty=_empty(asked, words),
        clear_url=Asked(tab=asked.tab, columns=asked.columns).url(base),
        list_query=_query(asked),
        saved=saved_tabs.of(desk, reviewer, asked, base),
        has_filter=bool(words),
        **_ways(asked, base, page),
    )


def cases_of(desk: Desk, reviewer: User, asked: Asked, *, today: date) -> QuerySet:
    """Return every case of the list that a URL asks for, whatever page of it: what a list shows, exports, and decides in one go."""
    asked = asked if asked.tab in desk.tabs else replace(asked, tab=WAITING)
    listed = list_filters.narrowed(desk, reviewer, desk.listed(reviewer, asked.tab, today=today), asked, today=today)
    return case_search.find(listed, asked.query, reader=desk.reader(reviewer))


def order_of(desk: Desk, reviewer: User, asked: Asked) -> Order:
    """Return the order of a list: of what a name found, by name; else of what waits, by deadline; else the latest first."""
    term = case_search.read(asked.query, reader=desk.reader(reviewer))
    if term.meaning is Meaning.NAME:
        return ByName(term=term.text)
    return Order(desk.due_field) if asked.tab == WAITING or asked.tab not in desk.tabs else Order()


_SEARCH_LABELS = {
    "ASSOCIATION": "姓名、拼音、首字母、手机尾号、编号、证件号码",
    "INSTITUTION": "姓名、拼音、首字母",
}


def _ways(asked: Asked, base: str, page: Page) -> dict[str, str]:
    return {
        "previous_url": asked.url(base, before=page.before) if page.before else "",
        "next_url": asked.url(base, after=page.after) if page.after else "",
    }


def _tabs(desk: Desk, asked: Asked, base: str, counts: Mapping[str, str]) -> list[Tab]:
    return [
        Tab(label, asked.on(tab).url(base), tab == asked.tab and not asked.view, counts.get(tab, "")) for tab, label in desk.tabs.items()
    ]


def _chips(asked: Asked, base: str, words: Mapping[str, str]) -> list[Chip]:
    found = [Chip(f"查找：{asked.query}", asked.without("q").url(base))] if asked.query else []
    return found + [Chip(said, asked.without(name).url(base)) for name, said in words.items()]


def _query(asked: Asked) -> str:
    return urlencode(asked.parameters(), doseq=True)


def _summary(count: Count) -> str:
    if not count.waiting:
        return "没有待审的申请"
    return f"{count.text} 份待审" + (f"，其中 {count.overdue_text} 份超期" if count.overdue else "")


def _order_words(desk: Desk, reviewer: User, asked: Asked) -> str:
    order = order_of(desk, reviewer, asked)
    return "按姓名排列" if isinstance(order, ByName) else "先到期的在前" if order.day else "新申请在前"


def _empty(asked: Asked, words: Mapping[str, str]) -> tuple[str, ...]:
    """What to say where nothing is listed: which search or filter hides what is there, and what to do."""
    filters = "、".join(words.values())
    if asked.query and filters:
        return f"在「{filters}」中没有找到「{asked.query}」", "可以清除筛选再查找"
    if asked.query:
        other = "" if asked.tab == EVERYTHING else "，或到「全部」中查找"
        return f"没有找到「{asked.query}」", f"可以换一种写法{other}"
    if filters:
        return f"没有符合「{filters}」的申请", "其他申请被筛选隐藏了，清除筛选即可看到"
    if asked.tab == REPORTED:
        return "没有等待处理的违规上报", "机构审核员上报违规时，会显示在这里"
    return ("没有待审的申请" if asked.tab == WAITING else "还没有申请"), "有新的申请时，会显示在这里"


def _one_of(allowed: Any, value: str) -> str:
    return value if value in allowed else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
