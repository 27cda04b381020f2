"""The staff's words for how a case stands, with the shapes they are drawn in."""

from membership.domain.wording import WITHDRAWN, Status
from membership.enums import ApplicationKind, ApplicationState, Hold, Outcome, RowState, Verdict
from membership.models import Application, ApplicationInstitution

PENDING, APPROVED, REJECTED, FROZEN = "pending", "approved", "rejected", "frozen"
_FILES = {
    ApplicationState.RETURNED: REJECTED,
    ApplicationState.WITHDRAWN: WITHDRAWN,
    ApplicationState.EXPIRED: WITHDRAWN,
}
_ROWS = {
    RowState.APPROVED: APPROVED,
    RowState.REFUSED: REJECTED,
    RowState.WITHDRAWN: WITHDRAWN,
    RowState.MOVED: WITHDRAWN,
}


def of_file(application: Application) -> Status:
    """Return how a file stands; a closed one by its outcome."""
    if application.state == ApplicationState.CLOSED:
        kind = APPROVED if application.outcome == Outcome.APPROVED else REJECTED
        return Status(Outcome(application.outcome).label, kind)
    state = ApplicationState(application.state)
    return Status(state.label, _FILES.get(state, PENDING))


def of_row(row: ApplicationInstitution) -> Status:
    """Return how an institution's row stands."""
    state = RowState(row.state)
    return Status(state.label, _ROWS.get(state, PENDING))


def of_verdict(verdict: str) -> Status:
    """Return a verdict with its shape."""
    return Status(Verdict(verdict).label, APPROVED if verdict == Verdict.APPROVED else REJECTED)


def of_kind(kind: str) -> Status | None:
    """Return that a case is a member's further enrolment: nobody stamped or referred anything (A-11)."""
    return Status(ApplicationKind(kind).label, "type") if kind == ApplicationKind.FURTHER_ENROLMENT else None


def of_hold(hold: str) -> Status | None:
    """Return what holds a case up, if anything."""
    if hold == Hold.NONE:
        return None
    return Status("已冻结" if hold == Hold.FROZEN else Hold(hold).label, FROZEN if hold == Hold.FROZEN else "")
