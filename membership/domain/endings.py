"""How an application ends short of a decision: withdrawn, expired, thrown away as a draft (Table B1, A-20, D-9, K-9)."""

from datetime import datetime

from django.db import transaction

from membership.domain import attachments, audit, claims, deadlines, endorsements, members, rows, transitions
from membership.domain.announcements import announce
from membership.enums import ApplicationState, Outcome, RowState
from membership.models import Application, User
from membership.periods import shanghai_date


def end(application: Application, action: str, *, at: datetime) -> None:
    """
    End a file before the institutions decide: its open rows are withdrawn, the endorsement dropped, the claim released (D-9).

    Needs the locks of the verb that calls it.
    """
    _let_go(application, at=at)
    transitions.move(application, action, at=at)


def end_by_system(application: Application, *, at: datetime) -> None:
    """
    End an application whose person's membership ends, whatever holds it: closed if an institution approved, else withdrawn (B1, M-13).

    Needs the locks of the verb that calls it, and leaves the message to it.
    """
    _let_go(application, at=at)
    approved = application.rows.filter(state=RowState.APPROVED).exists()
    state, outcome = (ApplicationState.CLOSED, Outcome.APPROVED) if approved else (ApplicationState.WITHDRAWN, "")
    transitions.move(application, "end by system", state, at=at, outcome=outcome)
    audit.log("application.end_by_system", application, by=None, at=at, about=application.member)


def _let_go(application: Application, *, at: datetime) -> None:
    for row in rows.lock_rows(application):
        if row.is_open:
            transitions.follow(row, "file ended", at=at)
    endorsements.drop(application, at=at)
    claims.release(application)


def delete(application: Application, action: str, *, by: User | None, at: datetime) -> None:
    """
    Delete a draft with all that only it held: dossiers, pictures, claim, and a person of whom nothing else is known (A-20).

    Needs the locks of the verb that calls it.
    """
    transitions.require(application, action)
    member = application.member
    claims.release(application)
    audit.log(f"application.{'discard' if by else 'clear_away'}", application, by=by, at=at, about=member)
    transitions.move(application, action, at=at)
    attachments.delete_unused(member)
    members.forget_if_unknown(member)


@transaction.atomic
def expire(*, application: Application, at: datetime) -> Application:
    """
    Close a file whose time ran out: 60 days without the signed form, 90 days returned (K-9). The sweeper's act; idempotent by its guard.

    :raises NotPossible: not due yet, or an endorsement is still asked.
    """
    member = members.lock(application.member_id)
    application = Application.objects.select_for_update().get(pk=application.pk)
    returned = application.state == ApplicationState.RETURNED
    due = deadlines.returned_expires_on(application) if returned else deadlines.form_expires_on(application)
    if shanghai_date(at) < due:
        raise transitions.NotPossible("期限还没有到。")
    if application.state == ApplicationState.ENDORSING and endorsements.open_endorsement(application) is not None:
        raise transitions.NotPossible("推荐人的答复期限还没有到。")
    end(application, "day 90" if returned else "day 60", at=at)
    audit.log("application.expire", application, by=None, at=at, about=member)
    announce("file-expired", member.user, at=at, application=application)
    return application


@transaction.atomic
def clear_away(*, application: Application, at: datetime) -> None:
    """
    Delete a draft that nobody touched for ``draft_days`` (K-9), as 放弃草稿 does. The sweeper's act.

    :raises NotPossible: touched meanwhile, or no draft any more.
    """
    member = members.lock(application.member_id)
    application = Application.objects.select_for_update().get(pk=application.pk)
    application.member = member
    if shanghai_date(at) < deadlines.draft_goes_on(application):
        raise transitions.NotPossible("期限还没有到。")
    delete(application, "day 180", by=None, at=at)
