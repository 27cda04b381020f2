"""
领取 and 释放: who took a case on (REV-9).

A soft hint beside the hard lock: it tells colleagues that somebody is at it, and keeps nobody from deciding. It ends with the state in
which it was made (``transitions``).
"""

from datetime import datetime

from django.db import transaction

from membership.domain import audit, cases
from membership.domain.cases import Case
from membership.domain.errors import DomainError, NotAllowed
from membership.models import User
from membership.periods import SHANGHAI, shanghai_date


class ClaimedByAnother(DomainError):
    """A colleague took it on; it can be taken over by who has read that. The message says who and when."""

    def __init__(self, case: Case) -> None:
        when = f"{case.assigned_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if case.assigned_at else ""
        super().__init__(f"{case.assigned_to} 已于 {when} 领取了这份申请。")


class NotWaiting(DomainError):
    """It waits for nobody's decision now."""

    message = "这份申请现在不在等待审核，不用领取。"


@transaction.atomic
def claim(*, case: Case, reviewer: User, at: datetime, takes_over_from: int | None = None) -> Case:
    """
    领取. Asking twice changes nothing. ``takes_over_from``: the id of the colleague whose claim the reviewer was shown and confirmed to
    end.

    :raises NotAllowed: the case is not this reviewer's to decide.
    :raises NotWaiting: nobody is to decide it now.
    :raises ClaimedByAnother: a colleague has it, or has it by now.
    """
    case = cases.lock(case)
    if not cases.may_decide(reviewer, case, today=shanghai_date(at)):
        raise NotAllowed()
    if not cases.waits(case):
        raise NotWaiting()
    if case.assigned_to_id == reviewer.pk:
        return case
    if case.assigned_to_id is not None and case.assigned_to_id != takes_over_from:
        raise ClaimedByAnother(case)
    from_whom = {"from": case.assigned_to_id} if case.assigned_to_id else {}
    _assign(case, reviewer, at=at)
    about, institution = cases.application_of(case).member, cases.institution_of(case)
    audit.log("case.claim", case, by=reviewer, at=at, about=about, institution=institution, **from_whom)
    return case


@transaction.atomic
def release(*, case: Case, reviewer: User, at: datetime) -> Case:
    """
    释放 the reviewer's own claim. Where there is none any more nothing happens.

    :raises ClaimedByAnother: it is a colleague's.
    """
    case = cases.lock(case)
    if case.assigned_to_id is None:
        return case
    if case.assigned_to_id != reviewer.pk:
        raise ClaimedByAnother(case)
    let_go(case)
    about, institution = cases.application_of(case).member, cases.institution_of(case)
    audit.log("case.release", case, by=reviewer, at=at, about=about, institution=institution)
    return case


def let_go(case: Case) -> None:
    """End a claim together with what its holder does else. Needs the lock."""
    _assign(case, None, at=None)


def _assign(case: Case, reviewer: User | None, *, at: datetime | None) -> None:
    case.assigned_to, case.assigned_at = reviewer, at
    case.save(update_fields=["assigned_to", "assigned_at"])
