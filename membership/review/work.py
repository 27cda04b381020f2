"""The work on a case beside its decision, as its screen shows it: who has it, notes, reports of violations, what was done (REV-9, S-4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.urls import reverse

from membership.domain import audit_words, case_trail, notes, reports
from membership.domain.visibility import Reader
from membership.domain.wording import Status
from membership.enums import RequestState
from membership.models import AuditEntry, Institution, InstitutionReviewer, User, ViolationReport
from membership.periods import SHANGHAI
from membership.review import desks
from membership.review.case import Case
from membership.review.case_urls import case_url

MOST_ENTRIES = 50
ASSOCIATION = "协会会员部"


@dataclass(frozen=True)
class Claim:
    """Who took the case on, and since when."""

    who: str
    since: str
    is_mine: bool


@dataclass(frozen=True)
class NoteLine:
    author: str
    when: str
    text: str


@dataclass(frozen=True)
class ReportLine:
    """
    A report of a violation. ``answer``: what the association said to it; ``evidence``: the addresses of its files; ``dismiss_url``:
    where the association dismisses an open one.
    """

    institution: str
    who: str
    when: str
    text: str
    status: Status
    answer: str = ""
    evidence: Sequence[str] = ()
    dismiss_url: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the audit. ``times``: how often it happened on end."""

    when: str
    who: str
    what: str
    times: int = 1


@dataclass(frozen=True)
class Work:
    """``more_entries``: whether the audit of this case has more than ``entries``."""

    claim: Claim | None
    notes: Sequence[NoteLine]
    reports: Sequence[ReportLine]
    entries: Sequence[Entry]
    more_entries: bool = False


def work_on(case: Case, reviewer: User) -> Work:
    """Return what colleagues did with a case, as far as this reviewer's scope goes."""
    scope = case.institution if case.reader is Reader.INSTITUTION else None
    names = _Names(scope, case)
    entries = list(case_trail.of(case.application, scope)[: MOST_ENTRIES + 1])
    return Work(
        claim=_claim(case, reviewer, names),
        notes=[NoteLine(str(note.author), _moment(note.written_at), note.text) for note in notes.of(case.application, scope)],
        reports=_reports(case, scope),
        entries=_folded([_entry(entry, names) for entry in entries[:MOST_ENTRIES]]),
        more_entries=len(entries) > MOST_ENTRIES,
    )


def _entry(entry: AuditEntry, names: "_Names") -> Entry:
    return Entry(_moment(entry.at), names.of_entry(entry), audit_words.words_for(entry.action))


def _folded(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with what one person did several times on end, e.g. opening the case again, said once, at its last time."""
    runs = [list(run) for _, run in groupby(entries, key=lambda entry: (entry.who, entry.what))]
    return [replace(run[0], times=len(run)) for run in runs]


class _Names:
    """How people are called in a scope: an institution reads its own by name, and of the association only that it is the association."""

    def __init__(self, scope: Institution | None, case: Case) -> None:
        self.scope, self.case = scope, case
        self._colleagues: set[int] | None = None

    def of(self, user: User) -> str:
        return str(user) if self._is_known(user.pk) else ASSOCIATION

    def of_entry(self, entry: AuditEntry) -> str:
        if entry.actor_id is None:
            return entry.actor_label
        if entry.actor_id == self.case.application.member.user_id:
            return "申请人"
        return entry.actor_label if self._is_known(entry.actor_id) else ASSOCIATION

    def _is_known(self, user: int) -> bool:
        if self.scope is None:
            return True
        if self._colleagues is None:
            # Former ones too: what they did keeps their name.
            found = InstitutionReviewer.objects.filter(institution=self.scope)
            self._colleagues = set(found.values_list("user", flat=True))
        return user in self._colleagues


def _claim(case: Case, reviewer: User, names: _Names) -> Claim | None:
    subject = case.row or case.application
    if subject.assigned_to is None or subject.assigned_at is None:
        return None
    return Claim(names.of(subject.assigned_to), _moment(subject.assigned_at), subject.assigned_to_id == reviewer.pk)


def _reports(case: Case, scope: Institution | None) -> list[ReportLine]:
    found: Iterable[ViolationReport] = reports.of(case.application, scope)
    if case.row is not None:
        found = [one for one in found if one.row_id == case.row.pk]
    return [_report(one, may_dismiss=scope is None) for one in found]


def _report(one: ViolationReport, *, may_dismiss: bool) -> ReportLine:
    is_open = one.state == RequestState.OPEN
    word = "等待协会处理" if is_open else {RequestState.DECLINED: "协会已驳回"}.get(RequestState(one.state), "协会已处理")
    return ReportLine(
        institution=one.row.institution.name,
        who=str(one.reported_by),
        when=_moment(one.reported_at),
        text=one.text,
        status=Status(word, "pending" if is_open else "plain"),
        answer=one.answer,
        evidence=[reverse("private_file", args=[file.pk]) for file in one.evidence.all()],
        dismiss_url=case_url(desks.ROWS.url_prefix, "dismiss", one.row_id) if is_open and may_dismiss else "",
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
