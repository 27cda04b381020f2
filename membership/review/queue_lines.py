"""The lines of a list: what each says of its case, and the columns a reviewer may choose (REV-1, REV-8, REV-9, REV-12)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from membership.domain.wording import Status, day
from membership.enums import ApplicationKind, ApplicationState, ChangeCategoryCode, Hold, MemberType, RowState
from membership.models import Application, ApplicationInstitution, User
from membership.periods import shanghai_date
from membership.review import statuses
from membership.review.desks import Desk
from membership.review.due import Due, due_on
from membership.review.queue_marks import Marks

if TYPE_CHECKING:
    from membership.review.queue import Asked

COLUMNS = {
    "type": "会员类型",
    "institution": "申请机构",
    "special": "申请内容",
    "arrived": "收到",
    "status": "审核状态",
    "holder": "领取",
    "due": "最迟答复",
}
# Those shown until somebody chooses others.
_USUAL = ("type", "institution", "special", "arrived", "status", "holder", "due")


@dataclass(frozen=True)
class Line:
    """
    One case. ``due``: while it waits; then ``answered_on``, if it was decided; ``kind``: named where it is not a first enrolment;
    ``special``: what is particular of an activation, a change or an upgrade, each with whether it is 关键信息 (REV-8);
    ``mark``: id, round and dossier as the list shows them, for a decision in one go (D-4); ``holder``: who took it on; ``status_mark`` and
    ``due_mark``: how it stands and until when, drawn.
    """

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
    mark: str = ""
    special: tuple[Status, ...] = ()
    holder: str = ""
    is_mine: bool = False
    claim_url: str = ""
    release_url: str = ""
    status_mark: str = ""
    due_mark: str = ""


def offered(desk: Desk) -> dict[str, str]:
    """Return the columns that a desk's list has, with their headings."""
    absent = "special" if desk.has_institutions else "institution"
    return {name: label for name, label in COLUMNS.items() if name != absent}


def columns_of(desk: Desk, asked: "Asked") -> list[str]:
    """Return the columns to show: the chosen ones, or the usual."""
    return [name for name in offered(desk) if name in (asked.columns or _USUAL)]


def lines_of(desk: Desk, reviewer: User, cases: Sequence[Any], *, list_query: str, today: date) -> list[Line]:
    """Return the lines of cases; each leads to its screen, which still knows the list (``list_query``)."""
    page = _Page(desk, reviewer, cases, list_query=list_query, today=today)
    tell: Callable[..., Line] = _file_line if desk.is_of_files else _row_line
    return [_drawn(tell(case, page), page.marks) for case in cases]


def _drawn(line: Line, marks: Marks) -> Line:
    status = marks.status(line.status, line.kind, line.hold, line.round)
    return replace(line, status_mark=status, due_mark=marks.due(line.due))


class _Way:
    """The addresses of cases, made once: a list has many."""

    def __init__(self, desk: Desk, query: str) -> None:
        self._query = f"?{query}" if query else ""
        made = {action: reverse(f"{desk.url_prefix}_{action}", args=[0]) for action in ("open", "claim", "release")}
        self._parts = {action: url.rpartition("0")[::2] for action, url in made.items()}

    def to(self, action: str, pk: int) -> str:
        before, after = self._parts[action]
        return f"{before}{pk}{after}{self._query}"


class _Page:
    """What the lines of a page have in common, each looked up or worked out once."""

    def __init__(self, desk: Desk, reviewer: User, cases: Sequence[Any], *, list_query: str, today: date) -> None:
        self.way = _Way(desk, urlencode({"list": list_query}) if list_query else "")
        self.marks, self.reviewer, self.today = Marks(), reviewer, today
        self._due: dict[date | None, Due | None] = {}
        self._institutions: dict[int, list[str]] = defaultdict(list)
        if desk.is_of_files and desk.has_institutions:
            self._name_institutions(cases)

    def due(self, day: date | None) -> Due | None:
        """Return how a deadline reads."""
        if day not in self._due:
            self._due[day] = due_on(day, today=self.today)
        return self._due[day]

    def institutions(self, application: Application) -> str:
        """Two names are shown; of more, the first and how many there are."""
        names = list(dict.fromkeys(self._institutions.get(application.pk, ())))
        return "，".join(names) if len(names) <= 2 else f"{names[0]} 等 {len(names)} 个"

    def claim(self, case: Application | ApplicationInstitution, *, waits: bool) -> dict[str, Any]:
        """Who took a case on, and what whoever reads the list may do about it."""
        if case.assigned_to is None:
            return {"claim_url": self.way.to("claim", case.pk) if waits else ""}
        if case.assigned_to_id == self.reviewer.pk:
            return {"holder": str(case.assigned_to), "is_mine": True, "release_url": self.way.to("release", case.pk)}
        return {"holder": str(case.assigned_to)}

    def _name_institutions(self, cases: Sequence[Any]) -> None:
        rows = ApplicationInstitution.objects.filter(application__in=[case.pk for case in cases]).exclude(state=RowState.MOVED)
        for application, name in rows.order_by("pk").values_list("application_id", "institution__name"):
            self._institutions[application].append(name)


def _file_line(application: Application, page: _Page) -> Line:
    waits = application.state == ApplicationState.CHECKING
    return Line(
        url=page.way.to("open", application.pk),
        name=application.member.name,
        number=application.number,
        member_type=_type(application.member_type),
        institution=page.institutions(application),
        round=application.round,
        arrived_on=_day(application.clock_started_at),
        status=statuses.of_file(application),
        hold=statuses.of_hold(application.hold),
        due=page.due(application.stage_due_on) if waits and application.hold == Hold.NONE else None,
        answered_on="" if waits or application.state in _BEFORE_THE_ASSOCIATION else _day(application.state_since),
        mark=_mark(application, application),
        special=_special(application),
        **page.claim(application, waits=waits),
    )


_BEFORE_THE_ASSOCIATION = (ApplicationState.AWAITING_FORM, ApplicationState.ENDORSING)


def _row_line(row: ApplicationInstitution, page: _Page) -> Line:
    waits = row.state == RowState.PENDING
    return Line(
        url=page.way.to("open", row.pk),
        name=row.member.name,
        number=row.application.number,
        member_type=_type(row.member_type),
        institution=row.institution.name,
        round=row.round,
        arrived_on=_day(row.state_since) if waits else _day(row.application.clock_started_at),
        status=statuses.of_row(row),
        hold=statuses.of_hold(row.hold) or statuses.of_hold(row.application.hold),
        due=page.due(row.due_on) if waits and row.hold == row.application.hold == Hold.NONE else None,
        answered_on="" if waits else _day(row.state_since),
        kind=statuses.of_kind(row.application.kind),
        mark=_mark(row, row.application),
        **page.claim(row, waits=waits),
    )


def _special(application: Application) -> tuple[Status, ...]:
    """What an activation, a change or an upgrade is about; 关键信息 stands out: it always needs a person's decision (REV-8)."""
    if application.kind == ApplicationKind.ACTIVATION:
        return tuple(Status(f"原编号 {one.old_number}", "plain") for one in application.legacy_rows.all())
    if application.kind == ApplicationKind.UPGRADE:
        return (Status(f"{_type(application.member_type)} → {_type(application.target_type)}".removeprefix(" → "), "plain"),)
    if application.kind != ApplicationKind.CHANGE:
        return ()
    correction = [Status("更正", "type")] if application.is_correction else []
    categories = sorted(application.categories.all(), key=lambda one: one.code != ChangeCategoryCode.IDENTITY)
    return (*correction, *(Status(str(one), "key" if one.code == ChangeCategoryCode.IDENTITY else "plain") for one in categories))


def _mark(case: Application | ApplicationInstitution, application: Application) -> str:
    """While a case waits, the version it proposes is the last submitted one; a further enrolment rests on the current one (A-11)."""
    dossier = application.proposed_dossier_id or case.member.current_dossier_id
    return f"{case.pk}.{case.round}.{dossier}"


_TYPES: Mapping[str, str] = {one.value: str(one.label) for one in MemberType}


def _type(member_type: str) -> str:
    return _TYPES.get(member_type, "")


def _day(moment: datetime | None) -> str:
    return day(shanghai_date(moment)) if moment else ""
