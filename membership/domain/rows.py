"""The rows of an application: one an institution, each with a life of its own, and what the last means for the file (A-3 to A-6)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from membership.domain import attachments, audit, claims, deadlines, endorsements, limits, members, transitions
from membership.domain.announcements import announce
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import (
    ApplicationKind,
    ApplicationState,
    MembershipStatus,
    Outcome,
    RowState,
    Verdict,
)
from membership.models import Affiliation, Application, ApplicationInstitution, Decision, Institution, Member, User
from membership.models import settings as society
from membership.periods import shanghai_date


class StatementMissing(DomainError):
    """A refused row comes back without a word of what is new (A-4)."""

    field = "statement"
    message = "请写明补充或更正了什么"


class TooManyFiles(DomainError):
    """More supplements than ``row_supplement_files``."""

    field = "supplements"


class InstitutionClosed(DomainError):
    """The institution takes no applications now."""

    message = "该机构现在不接受申请。"


class AlreadyHeld(DomainError):
    """There is an open row or a running affiliation at that institution (A-7)."""

    message = "您在该机构已有申请或会员资格，不能重复申请。"


def make(
    application: Application,
    institutions: Sequence[Institution],
    *,
    state: RowState,
    at: datetime,
    due_on: date | None = None,
    replaces: Mapping[int, Affiliation] | None = None,
) -> list[ApplicationInstitution]:
    """Make the rows of a submission (A-11). ``replaces``: by an institution's id, the affiliation that ends when it approves (A-10)."""
    return [
        ApplicationInstitution.objects.create(
            application=application,
            institution=institution,
            member=application.member,
            member_type=application.member_type,
            state=state,
            state_since=at,
            first_submitted_on=shanghai_date(at),
            due_on=due_on,
            replaces=(replaces or {}).get(institution.pk),
        )
        for institution in institutions
    ]


def lock_rows(application: Application) -> list[ApplicationInstitution]:
    """Lock the rows of an application by primary key, after member and application."""
    rows = list(
        ApplicationInstitution.objects.select_for_update(of=("self",))
        .select_related("institution")
        .filter(application=application)
        .order_by("pk")
    )
    for row in rows:
        row.application = application
    return rows


def next_round(application: Application, institution: Institution) -> int:
    """Return one above the highest round of that institution in the application (A-2)."""
    rounds = application.rows.filter(institution=institution).values_list("round", flat=True)
    return max(rounds, default=0) + 1


@transaction.atomic
def withdraw_row(*, row: ApplicationInstitution, person: User, at: datetime) -> ApplicationInstitution:
    """
    申请撤销 of an undecided row, without reason; the others go on (A-12).

    :raises NotAllowed: not the applicant's.
    :raises NotPossible: decided meanwhile, or frozen.
    """
    member = members.lock(row.member_id)
    application = Application.objects.select_for_update().get(pk=row.application_id)
    row = next(one for one in lock_rows(application) if one.pk == row.pk)
    if member.user_id != person.pk:
        raise NotAllowed()
    transitions.move(row, "withdraw", at=at)
    audit.log("row.withdraw", row, by=person, at=at, about=member, institution=row.institution)
    settle(application, member, at=at)
    return row


@transaction.atomic
def resubmit_row(
    *, row: ApplicationInstitution, person: User, statement: str, supplements: Sequence[attachments.NewFile] = (), at: datetime
) -> ApplicationInstitution:
    """
    Go to a refusing institution once more, with a statement, while the file is still deciding; same dossier, no other row moves (A-4).

    :raises StatementMissing, TooManyFiles: the form's faults.
    :raises InstitutionClosed, AlreadyHeld, LimitReached: it may not be applied for now (A-7, A-8).
    :raises NotPossible: the file is not deciding any more, or the row is not refused.
    """
    if not statement.strip():
        raise StatementMissing()
    most = society.current().row_supplement_files
    if len(supplements) > most:
        raise TooManyFiles(f"补充材料最多 {most} 份，请去掉 {len(supplements) - most} 份")
    member = members.lock(row.member_id)
    application = Application.objects.select_for_update().get(pk=row.application_id)
    row = next(one for one in lock_rows(application) if one.pk == row.pk)
    if member.user_id != person.pk:
        raise NotAllowed()
    transitions.require(row, "resubmit row")
    _require_resubmittable(row, application, member, at=at)

    today = shanghai_date(at)
    row.round = next_round(application, row.institution)
    row.statement = statement
    row.due_on = deadlines.row_due(started_on=today, arrived_on=today)
    transitions.move(row, "resubmit row", at=at)
    row.supplements.set([attachments.store(file, member=member, by=person, at=at) for file in supplements])
    audit.log("row.resubmit", row, by=person, at=at, about=member, institution=row.institution, round=row.round)
    announce("row-resubmitted", person, at=at, application=application, row=row, institution=row.institution.name, due=row.due_on)
    return row


def _require_resubmittable(row: ApplicationInstitution, application: Application, member: Member, *, at: datetime) -> None:
    today = shanghai_date(at)
    if application.state != ApplicationState.DECIDING:
        raise transitions.NotPossible("各机构都已答复，不能再向单个机构提交。")
    if not row.institution.is_open_on(today):
        raise InstitutionClosed()
    if member.rows.open().filter(institution=row.institution).exists():
        raise AlreadyHeld()
    if member.affiliations.running_on(today).filter(institution=row.institution).exists():
        raise AlreadyHeld()
    limits.require_room_to_ask(member, for_row=row, today=today)


def settle(application: Application, member: Member, *, at: datetime) -> str | None:
    """
    Let the file follow from its rows once the last open one is decided (A-6); return the new state, or None while one is open.

    Approved by one: closed. None approved, one refused: returned, but closed for who is a member. All withdrawn: withdrawn.
    Needs the locks.
    """
    rows = [row for row in lock_rows(application) if row.state != RowState.MOVED]
    latest = {row.institution_id: row for row in sorted(rows, key=lambda row: row.round)}
    states = {row.state for row in latest.values()}
    if states & {RowState.WAITING, RowState.PENDING}:
        return None
    target, outcome = _fate(application, member, states, at=at)
    transitions.move(application, "last row decided", target, at=at, outcome=outcome)
    if target == ApplicationState.WITHDRAWN:
        endorsements.drop(application, at=at)
    if target != ApplicationState.RETURNED:
        claims.release(application)
    return target


def _fate(application: Application, member: Member, states: set[str], *, at: datetime) -> tuple[str, str]:
    if RowState.APPROVED in states:
        return ApplicationState.CLOSED, Outcome.APPROVED
    if RowState.REFUSED not in states or application.state == ApplicationState.ENDORSING:
        # While the referrer is waited for, only an institution that has closed keeps a refusal: there is nothing to come back to.
        return ApplicationState.WITHDRAWN, ""
    belongs = members.status_on(member, shanghai_date(at)) in (MembershipStatus.ACTIVE, MembershipStatus.GRACE)
    if application.kind == ApplicationKind.FURTHER_ENROLMENT or belongs:
        return ApplicationState.CLOSED, Outcome.REFUSED
    return ApplicationState.RETURNED, ""


def returned_by_the_association(application: Application) -> Decision | None:
    """Return the association's refusal of this round, or None where the rows returned the file (A-3, A-18)."""
    return application.decisions.counted().filter(institution__isnull=True, round=application.round, verdict=Verdict.REFUSED).first()
