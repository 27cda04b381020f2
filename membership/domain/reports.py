"""
上报违规: an institution's reviewer reports what looks wrong; its row waits until the association has dealt with it (M-18, Table B2).

The association dismisses a report, and the row's clock runs on with the working days it had left (K-4).
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from membership import rules, working_days
from membership.domain import attachments, audit, cases, deadlines, transitions
from membership.domain.announcements import announce
from membership.domain.attachments import NewFile
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import Hold, RequestState
from membership.models import Application, ApplicationInstitution, Institution, User, ViolationReport
from membership.models import settings as society
from membership.periods import shanghai_date

LONGEST = 2000  # characters, as the column
LONGEST_ANSWER = 500
# Pictures one form takes; the rulebook names no figure.
MOST_FILES = 5


class TextTooShort(DomainError):
    """Fewer than ``violation_min_characters`` characters say nothing (M-18)."""

    field = "text"


class TextTooLong(DomainError):
    """Longer than a report is kept."""

    field = "text"


class TooManyFiles(DomainError):
    """More evidence than one report takes."""

    field = "evidence"


class AnswerMissing(DomainError):
    """Who reported is told why nothing follows."""

    field = "answer"
    message = "请写明驳回的理由，上报人会看到"


class NothingToDismiss(DomainError):
    """A colleague dealt with it already."""

    message = "这项上报已经处理过了。"


@transaction.atomic
def report(*, row: ApplicationInstitution, reviewer: User, text: str, evidence: Sequence[NewFile] = (), at: datetime) -> ViolationReport:
    """
    上报违规 by a reviewer of the row's institution: that row alone is on hold, and its clock stands still; the applicant reads 申请中 as
    before. The association's reviewers are told.

    :raises TextTooShort, TextTooLong, TooManyFiles: the report's faults.
    :raises NotAllowed: not a reviewer of this institution, or a case of their own (S-6).
    :raises NotPossible: decided meanwhile, or on hold.
    """
    _require_text(text := text.strip())
    if len(evidence) > MOST_FILES:
        raise TooManyFiles(f"证据最多 {MOST_FILES} 份，请去掉 {len(evidence) - MOST_FILES} 份")
    row = _lock(row)
    if not rules.acts_for_the_institution(reviewer, row):
        raise NotAllowed()
    transitions.require(row, "report")
    row.clock_stopped_on = shanghai_date(at)
    transitions.move(row, "report", at=at)
    found = ViolationReport.objects.create(row=row, text=text, reported_by=reviewer, reported_at=at)
    found.evidence.set([attachments.store(file, member=None, by=reviewer, at=at) for file in evidence])
    audit.log("report.send", found, by=reviewer, at=at, about=row.member, institution=row.institution, application=row.application_id)
    _tell_the_association(found, row, at=at)
    return found


@transaction.atomic
def dismiss(*, row: ApplicationInstitution, reviewer: User, answer: str, at: datetime) -> ViolationReport:
    """
    驳回上报: nothing was wrong; the row waits for its institution again, with the working days it had left, ``resume_working_days`` at
    least (K-4). Who reported is told why.

    :raises AnswerMissing: no reason is given.
    :raises NotAllowed: not the association's reviewer, or a case of their own.
    :raises NothingToDismiss: there is no open report.
    :raises NotPossible: the file is frozen.
    """
    if not (answer := answer.strip()):
        raise AnswerMissing()
    row = _lock(row)
    if not rules.may(reviewer, "check_file", row.application):
        raise NotAllowed()
    found = open_report(row)
    if found is None:
        raise NothingToDismiss()
    if row.hold == Hold.REPORTED:
        # Else the row has ended meanwhile, and with it its hold.
        row.due_on = _resumed_due(row, resumed_on=shanghai_date(at))
        row.clock_stopped_on = None
        transitions.move(row, "dismiss", at=at)
    found.close(RequestState.DECLINED, by=reviewer, at=at, answer=answer[:LONGEST_ANSWER])
    audit.log("report.dismiss", found, by=reviewer, at=at, about=row.member, institution=row.institution, application=row.application_id)
    announce(
        "report-dismissed",
        found.reported_by,
        at=at,
        application=row.application,
        row=row,
        link=f"/admin/review/rows/{row.pk}/",
        institution=row.institution.name,
        answer=found.answer,
    )
    return found


def open_report(row: ApplicationInstitution) -> ViolationReport | None:
    """Return the report that waits for the association, if there is one."""
    return row.violation_reports.filter(state=RequestState.OPEN).select_related("reported_by").prefetch_related("evidence").first()


def of(application: Application, institution: Institution | None) -> QuerySet[ViolationReport]:
    """Return the reports of one institution, or all of them to the association (None), the latest first (S-4)."""
    found = ViolationReport.objects.filter(row__application=application)
    if institution is not None:
        found = found.filter(row__institution=institution)
    people = ("reported_by", "closed_by", "row__institution")
    return found.select_related(*people).prefetch_related("evidence").order_by("-reported_at", "-pk")


def _require_text(text: str) -> None:
    least = society.current().violation_min_characters
    if len(text) < least:
        raise TextTooShort(f"请写明违规情况，至少 {least} 字，现在是 {len(text)} 字")
    if len(text) > LONGEST:
        raise TextTooLong(f"最多 {LONGEST} 字，现在是 {len(text)} 字")


def _lock(row: ApplicationInstitution) -> ApplicationInstitution:
    locked = cases.lock(row)
    assert isinstance(locked, ApplicationInstitution)
    return locked


def _resumed_due(row: ApplicationInstitution, *, resumed_on: date) -> date | None:
    if row.due_on is None or row.clock_stopped_on is None:
        return row.due_on
    return working_days.resume(
        due=row.due_on,
        stopped_on=row.clock_stopped_on,
        resumed_on=resumed_on,
        minimum=society.current().resume_working_days,
        calendar=deadlines.calendar(),
    )


def _tell_the_association(found: ViolationReport, row: ApplicationInstitution, *, at: datetime) -> None:
    for reviewer in rules.association_reviewers(row.application):
        announce(
            "violation-reported",
            reviewer,
            at=at,
            application=row.application,
            row=row,
            link=f"/admin/review/rows/{row.pk}/",
            institution=row.institution.name,
        )
