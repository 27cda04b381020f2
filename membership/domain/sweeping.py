"""
What happens by itself as time passes: reminders, expiries, unanswered requests, apologies, seats that end (K-5, K-8, K-9, E-10, REF-3).

Run as often as you like: each chore looks for what is due and not done yet. Every item is a transaction of its own, so that one that fails
does not keep the others.
"""

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from membership.domain import bulk_decisions, deadlines, digests, due_dates, endings, endorsements, exports, members, seats
from membership.domain.announcements import announce
from membership.domain.errors import DomainError
from membership.enums import ApplicationState, EndorsementState, Hold, RowState, Standing
from membership.models import Application, Endorsement, Freeze, Member, Message
from membership.models import settings as society
from membership.outbox import delivery
from membership.periods import end_of_day, shanghai_date

logger = logging.getLogger(__name__)

APOLOGY = "review-late"
_LAST = Max("created_at")
REMINDERS = {ApplicationState.AWAITING_FORM: "form-reminder", ApplicationState.RETURNED: "returned-reminder"}


@dataclass
class Tally:
    """How a chore went: done, refused by the society since things changed meanwhile, failed by a fault."""

    done: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Chore:
    """``due`` returns the keys of what is due on a day; ``act`` does one of them, in a transaction of its own."""

    name: str
    due: Callable[[date], Iterable[int]]
    act: Callable[[int, datetime], object]


def sweep(*, at: datetime) -> dict[str, Tally]:
    """Do everything that is due at ``at``, and send what waits; return how each chore went."""
    tallies = {chore.name: _sweep(chore, at=at) for chore in CHORES}
    tallies["texts handed out"] = Tally(done=delivery.sweep())
    return tallies


def _sweep(chore: Chore, *, at: datetime) -> Tally:
    tally = Tally()
    for pk in list(chore.due(shanghai_date(at))):
        try:
            with transaction.atomic():
                chore.act(pk, at)
            tally.done += 1
        except DomainError:
            tally.refused += 1
        except Exception as fault:
            # Where it happened, never what it said: a database's message quotes the values.
            where = "".join(traceback.format_tb(fault.__traceback__))
            logger.error("Sweeping: %s, item %s: %s\n%s", chore.name, pk, type(fault).__name__, where)
            tally.failed += 1
    return tally


# --- Requests to committee members --------------------------------------------------------------------


def _rights_lost(today: date) -> Iterable[int]:
    """Requests to whom the right was lost before the answer: seat over, membership not active, frozen (E-9, E-10, M-16)."""
    frozen = Freeze.objects.filter(ended_at__isnull=True).values("member")
    no_member = ~Q(seat__member__standing=Standing.MEMBER) | Q(seat__member__last_valid_to__isnull=True)
    lost = no_member | Q(seat__member__last_valid_to__lt=today) | Q(seat__ends_on__lt=today) | Q(seat__member__in=frozen)
    return Endorsement.objects.filter(lost, state=EndorsementState.ASKED).values_list("pk", flat=True)


def _void(pk: int, at: datetime) -> None:
    endorsements.void(endorsement=Endorsement.objects.get(pk=pk), at=at)


def _unanswered(today: date) -> Iterable[int]:
    asked = Endorsement.objects.filter(state=EndorsementState.ASKED, due_on__lt=today, application__hold=Hold.NONE)
    return asked.values_list("pk", flat=True)


def _time_out(pk: int, at: datetime) -> None:
    endorsements.time_out(endorsement=Endorsement.objects.get(pk=pk), at=at)


# --- Files and drafts whose time ran out -----------------------------------------------------------------


def _run_out(today: date) -> Iterable[int]:
    figures = society.current()
    awaited = Q(state=ApplicationState.AWAITING_FORM) | Q(state=ApplicationState.ENDORSING) & ~Q(
        endorsements__state__in=endorsements.MAY_BE_ANSWERED
    )
    unsigned = awaited & Q(state_since__lt=_day_over(today, figures.form_expiry_days))
    returned = Q(state=ApplicationState.RETURNED, state_since__lt=_day_over(today, figures.returned_expiry_days))
    return Application.objects.filter(unsigned | returned, hold=Hold.NONE).values_list("pk", flat=True).distinct()


def _expire(pk: int, at: datetime) -> None:
    endings.expire(application=Application.objects.get(pk=pk), at=at)


def _idle_drafts(today: date) -> Iterable[int]:
    untouched = Q(updated_at__lt=_day_over(today, society.current().draft_days))
    return Application.objects.filter(untouched, state=ApplicationState.DRAFT, hold=Hold.NONE).values_list("pk", flat=True)


def _clear_away(pk: int, at: datetime) -> None:
    endings.clear_away(application=Application.objects.get(pk=pk), at=at)


def _day_over(today: date, days: int) -> datetime:
    """Return the moment before which something began that has its ``days``-th day today or had it earlier."""
    return end_of_day(today - timedelta(days=days))


# --- Reminders ---------------------------------------------------------------------------------------------


def _to_remind(today: date) -> Iterable[int]:
    waiting = Application.objects.filter(state__in=REMINDERS, hold=Hold.NONE)
    reminded = dict(Message.objects.filter(application__in=waiting, code__in=REMINDERS.values()).values_list("application").annotate(_LAST))
    return [application.pk for application in waiting if _wants_a_reminder(application, reminded.get(application.pk), today)]


def _wants_a_reminder(application: Application, reminded_at: datetime | None, today: date) -> bool:
    """Whether a reminder's day has come and none was sent since; a day that was missed gets no reminder of its own."""
    reached = [day for day in _reminder_days(application) if day <= today]
    return bool(reached) and (reminded_at is None or shanghai_date(reminded_at) < max(reached))


def _reminder_days(application: Application) -> list[date]:
    figures, since = society.current(), shanghai_date(application.state_since)
    returned = application.state == ApplicationState.RETURNED
    return [since + timedelta(days=days) for days in ([figures.returned_reminder_days] if returned else figures.form_reminder_days)]


def _remind(pk: int, at: datetime) -> None:
    application = _locked(pk)
    if application.state not in REMINDERS or application.hold != Hold.NONE:
        return
    code = REMINDERS[ApplicationState(application.state)]
    reminded_at = application.messages.filter(code=code).aggregate(last=_LAST)["last"]
    if not _wants_a_reminder(application, reminded_at, shanghai_date(at)):
        return
    returned = application.state == ApplicationState.RETURNED
    expires = deadlines.returned_expires_on(application) if returned else deadlines.form_expires_on(application)
    announce(code, application.member.user, at=at, application=application, expires=expires)


# --- Apologies -----------------------------------------------------------------------------------------------


def _late(today: date) -> Iterable[int]:
    """Files whose applicant was promised an answer before today and has not got it, nor an apology since (K-5)."""
    late_row = Q(rows__state=RowState.PENDING, rows__hold=Hold.NONE, rows__due_on__lt=today)
    deciding = Application.objects.filter(late_row, state=ApplicationState.DECIDING, hold=Hold.NONE)
    checking = Application.objects.filter(state=ApplicationState.CHECKING, hold=Hold.NONE, stage_due_on__lt=today)
    found = {application.pk: application for queryset in (deciding, checking) for application in queryset.distinct()}
    return [pk for pk, application in found.items() if _unexcused(application, today)]


def _missed_on(application: Application, today: date) -> date | None:
    """Return the latest date that was promised to the applicant and is past."""
    if application.state == ApplicationState.CHECKING and application.clock_started_at is not None:
        promised = deadlines.promise(shanghai_date(application.clock_started_at))
        return promised if promised < today else None
    late = application.rows.filter(state=RowState.PENDING, hold=Hold.NONE, due_on__lt=today)
    return late.aggregate(last=Max("due_on"))["last"]


def _unexcused(application: Application, today: date) -> date | None:
    """Return the promised date that was missed without an apology since, or None."""
    missed = _missed_on(application, today)
    if missed is None or application.messages.filter(code=APOLOGY, created_at__gte=end_of_day(missed)).exists():
        return None
    return missed


def _apologise(pk: int, at: datetime) -> None:
    application, today = _locked(pk), shanghai_date(at)
    if application.state not in (ApplicationState.CHECKING, ApplicationState.DECIDING) or application.hold != Hold.NONE:
        return
    missed = _unexcused(application, today)
    if missed is not None:
        due = deadlines.expected_after(missed, today=today)
        announce(APOLOGY, application.member.user, at=at, application=application, due=due)


def _locked(pk: int) -> Application:
    member = members.lock(Application.objects.values_list("member", flat=True).get(pk=pk))
    application = Application.objects.select_for_update().get(pk=pk)
    application.member = member
    return application


# --- Seats that end ------------------------------------------------------------------------------------


def _seats_ending(today: date) -> Iterable[int]:
    """Holders of seats that end soon, who were not told yet: each once, however many seats."""
    return seats.ending_soon(today).order_by("member").values_list("member", flat=True).distinct()


def _tell_of_ends(pk: int, at: datetime) -> None:
    seats.tell_of_ends(member=Member.objects.get(pk=pk), at=at)


# --- The calendar, and what is due -----------------------------------------------------------------------


def _calendar_moved(today: date) -> Iterable[int]:
    """The first year that moved; it takes all others along."""
    return due_dates.years_that_moved(today)[:1]


def _follow_calendar(year: int, at: datetime) -> None:
    due_dates.follow_calendar(by=None, at=at)


def _tell_of_new_date(pk: int, at: datetime) -> None:
    due_dates.tell(application_id=pk, at=at)


def _settle_year(pk: int, at: datetime) -> None:
    due_dates.settle(year_id=pk)


def _send_digest(pk: int, at: datetime) -> None:
    digests.send(reviewer_id=pk, at=at)


# --- Lists: work that nobody confirmed, files that had their days -----------------------------------------


def _never_confirmed(today: date) -> Iterable[int]:
    return bulk_decisions.never_confirmed(_day_over(today, 2))


def _forget(pk: int, at: datetime) -> None:
    bulk_decisions.forget(run_id=pk)


def _remove_file(pk: int, at: datetime) -> None:
    exports.remove_file(run_id=pk, at=at)


# Lost rights before unanswered requests, and these before expiries: each may free what the next one looks for.
# The calendar before everything that looks at dates; the digest last, when nothing of them moves any more.
CHORES = (
    Chore("calendar followed", _calendar_moved, _follow_calendar),
    Chore("new dates told", due_dates.to_tell, _tell_of_new_date),
    Chore("years settled", due_dates.years_to_settle, _settle_year),
    Chore("requests void", _rights_lost, _void),
    Chore("requests timed out", _unanswered, _time_out),
    Chore("files expired", _run_out, _expire),
    Chore("drafts cleared away", _idle_drafts, _clear_away),
    Chore("reminders", _to_remind, _remind),
    Chore("apologies", _late, _apologise),
    Chore("seats ending", _seats_ending, _tell_of_ends),
    Chore("bulk decisions forgotten", _never_confirmed, _forget),
    Chore("files of exports removed", exports.over, _remove_file),
    Chore("digests", digests.to_send, _send_digest),
)
