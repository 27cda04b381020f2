"""
The daily digest of a reviewer: what waits on their desks, what is due today, what is overdue (K-5).

One in-site message on a working day, and none where nothing is due. Own and passed-on cases are on nobody's desk and so in no digest
(S-6, S-7); the frozen get none, for their roles give nothing (M-19).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from membership import rules, working_days
from membership.domain import deadlines, queues
from membership.domain.announcements import announce
from membership.enums import ApplicationKind, ApplicationState, RowState
from membership.models import Application, ApplicationInstitution, InstitutionReviewer, Message, User
from membership.periods import end_of_day, shanghai_date

DIGEST = "review-digest"
REVIEWERS = (rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER)
FILES_URLS = {
    ApplicationKind.FIRST_ENROLMENT: "/admin/review/enrolments/",
    ApplicationKind.ACTIVATION: "/admin/review/activations/",
    ApplicationKind.CHANGE: "/admin/review/changes/",
    ApplicationKind.UPGRADE: "/admin/review/upgrades/",
}
ROWS_URL, EVERYTHING_URL = "/admin/review/rows/", "/admin/"
# A message holds so many lists; of more it says how many.
MOST_LINES = 20
IN_THEIR_PLACE = "没有审核员或逾期较久的机构"


@dataclass(frozen=True)
class Line:
    """A list and how many cases of it wait, are due today, are overdue; ``url``: where it is."""

    title: str
    url: str
    waiting: int
    today: int
    overdue: int

    @property
    def is_due(self) -> bool:
        return bool(self.today or self.overdue)


def to_send(today: date) -> Iterable[int]:
    """Return the keys of reviewers on whose desks something is due today and who got no digest yet; nobody on a day off."""
    if not working_days.is_working_day(today, deadlines.calendar()):
        return []
    rows = ApplicationInstitution.objects.filter(state=RowState.PENDING, due_on__lte=today)
    files = Application.objects.filter(state=ApplicationState.CHECKING, stage_due_on__lte=today)
    concerned = Q(pk__in=InstitutionReviewer.objects.active().filter(institution__in=rows.values("institution")).values("user"))
    if files.exists() or rows.exists():
        concerned |= Q(groups__name=rules.ASSOCIATION_REVIEWER)
    told = Message.objects.filter(code=DIGEST, created_at__gte=_began(today)).values("user")
    found = User.objects.filter(concerned, groups__name__in=REVIEWERS, is_active=True).exclude(pk__in=told).distinct().order_by("pk")
    return [reviewer.pk for reviewer in found if any(line.is_due for line in lines_for(reviewer, today=today))]


@transaction.atomic
def send(*, reviewer_id: int, at: datetime) -> Message | None:
    """Send a reviewer the digest of the day, if anything is due; once, however many sweepers come by at a time."""
    reviewer = User.objects.select_for_update().get(pk=reviewer_id)
    today = shanghai_date(at)
    if Message.objects.filter(user=reviewer, code=DIGEST, created_at__gte=_began(today)).exists():
        return None
    lines = lines_for(reviewer, today=today)
    if not any(line.is_due for line in lines):
        return None
    urls = {line.url for line in lines}
    return announce(
        DIGEST,
        reviewer,
        at=at,
        application=None,
        link=urls.pop() if len(urls) == 1 else EVERYTHING_URL,
        summary=_counts(sum(line.today for line in lines), sum(line.overdue for line in lines)),
        queues=_listed(lines),
    )


def lines_for(reviewer: User, *, today: date) -> list[Line]:
    """Return the lists of a reviewer on which anything waits: a kind of file each, then an institution each."""
    if not rules.has_role(reviewer, *REVIEWERS):
        return []
    return [*_files(reviewer, today), *_rows(reviewer, today)]


def _files(reviewer: User, today: date) -> list[Line]:
    found = queues.files_to_check(reviewer).order_by().values("kind").annotate(**_figures("stage_due_on", today))
    by_kind = {one["kind"]: one for one in found}
    return [_line(kind.label, url, by_kind[kind]) for kind, url in FILES_URLS.items() if kind in by_kind]


def _rows(reviewer: User, today: date) -> list[Line]:
    """The institutions that the reviewer decides for by name; those in whose place the association decides together (K-6, K-7)."""
    waiting = queues.rows_to_decide(reviewer, today=today).order_by()
    found: list[Mapping[str, Any]] = list(waiting.values("institution", "institution__name").annotate(**_figures("due_on", today)))
    own = rules.institutions_reviewed_by(reviewer)
    lines = [_line(one["institution__name"], ROWS_URL, one) for one in found if one["institution"] in own]
    others = [one for one in found if one["institution"] not in own]
    if others:
        lines.append(_line(IN_THEIR_PLACE, ROWS_URL, {name: sum(one[name] for one in others) for name in _FIGURES}))
    return lines


_FIGURES = ("waiting", "today", "overdue")


def _figures(due: str, today: date) -> dict[str, Count]:
    return {
        "waiting": Count("pk", distinct=True),
        "today": Count("pk", distinct=True, filter=Q(**{due: today})),
        "overdue": Count("pk", distinct=True, filter=Q(**{f"{due}__lt": today})),
    }


def _line(title: str, url: str, figures: Mapping[str, Any]) -> Line:
    return Line(title, url, figures["waiting"], figures["today"], figures["overdue"])


def _listed(lines: list[Line]) -> str:
    """Name the lists, those on which something is due first."""
    ordered = sorted(lines, key=lambda line: (not line.overdue, not line.today))
    said = [f"{line.title}：待审 {line.waiting} 份{_due(line)}" for line in ordered[:MOST_LINES]]
    rest = len(ordered) - MOST_LINES
    return "；".join([*said, *([f"另有 {rest} 个机构"] if rest > 0 else [])])


def _due(line: Line) -> str:
    return f"，{_counts(line.today, line.overdue)}" if line.is_due else ""


def _counts(today: int, overdue: int) -> str:
    return "，".join([*([f"超期 {overdue} 份"] if overdue else []), *([f"今天到期 {today} 份"] if today else [])])


def _began(today: date) -> datetime:
    return end_of_day(today - timedelta(days=1))
