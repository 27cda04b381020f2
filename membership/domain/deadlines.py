"""The clock of a review and every date that follows from it (K-1 to K-8). One function computes what page, message and queue show."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.core.cache import cache

from membership import working_days
from membership.domain import wording
from membership.enums import RowState
from membership.models import Application, ApplicationInstitution, CalendarDay, CalendarYear
from membership.models import settings as society
from membership.periods import shanghai_date
from membership.working_days import Calendar, NotedYear

CALENDAR_KEY = "membership.calendar_and_years"
# Another process notices a new entry after this long where the cache is not shared.
CALENDAR_SECONDS = 60


# What stands beside a date that rests on a year nobody knows yet; short where there is no room for it.
ASSUMED = "暂按周一至周五"
PROVISIONAL = f"{ASSUMED}推算，法定节假日除外"
PROVISIONAL_SHORT = "暂定"


def calendar() -> Calendar:
    """
    Return the calendar by which dates are computed: each year as it was noted (``CalendarYear``), and where none was, the administrators'
    table of moved days and the package. Kept, since lists ask often.

    So a new table or a new package counts from the moment in which the dates that were given move with it (``due_dates``).
    """
    kept = cache.get(CALENDAR_KEY)
    if kept is None:
        kept = _table(), tuple(CalendarYear.objects.order_by("year").values_list("year", "working", "is_estimated"))
        cache.set(CALENDAR_KEY, kept, CALENDAR_SECONDS)
    return _calendar(*kept)


def known_calendar() -> Calendar:
    """Return the calendar as table and package have it now, whatever was noted; read afresh."""
    return _calendar(_table(), ())


def forget_calendar() -> None:
    """Let the next who asks read the calendar afresh."""
    cache.delete(CALENDAR_KEY)


def noted_calendar(years: Mapping[int, NotedYear]) -> Calendar:
    """Return a calendar in which these years stand as they were noted."""
    return Calendar(dict(_table()), years)


def _table() -> tuple[tuple[date, bool], ...]:
    return tuple(CalendarDay.objects.order_by("date").values_list("date", "is_working"))


@lru_cache(maxsize=8)
def _calendar(exceptions: tuple[tuple[date, bool], ...], years: tuple[tuple[int, str, bool], ...]) -> Calendar:
    return Calendar(dict(exceptions), {year: NotedYear(figures, is_estimated) for year, figures, is_estimated in years})


def is_provisional(day: date | None) -> bool:
    """Whether a date rests on a year that neither the package nor the administrators know, and will be computed again."""
    return day is not None and working_days.is_provisional(day, calendar())


def note_on(day: date | None) -> str:
    """Return what to say beside a date on a page: nothing, or that it is provisional."""
    return PROVISIONAL if is_provisional(day) else ""


def in_words(day: date | None, *, short: bool = False) -> str:
    """Return a date as sentences name it, e.g. «2027-02-10（暂定）» where it is provisional; without a date an empty text."""
    note = PROVISIONAL_SHORT if short else PROVISIONAL
    return f"{wording.day(day)}（{note}）" if is_provisional(day) else wording.day(day)


def promise(started_on: date, *, by: Calendar | None = None) -> date:
    """
    Return the day by which the applicant is answered: the start + ``decision_working_days`` (K-2); the start does not count (K-3).

    ``by``: another calendar than the one that counts now.
    """
    return working_days.add(started_on, society.current().decision_working_days, by or calendar())


def association_due(started_on: date, *, by: Calendar | None = None) -> date:
    """Return the day by which the association has checked a file (K-2)."""
    return working_days.add(started_on, society.current().association_working_days, by or calendar())


def row_due(*, started_on: date, arrived_on: date, by: Calendar | None = None) -> date:
    """Return a row's due date: the later of the promise and its arrival + ``row_working_days`` (K-2)."""
    by = by or calendar()
    return max(promise(started_on, by=by), working_days.add(arrived_on, society.current().row_working_days, by))


def endorsement_due(asked_on: date, *, by: Calendar | None = None) -> date:
    """Return the last day on which a referrer may answer (K-8)."""
    return working_days.add(asked_on, society.current().endorsement_working_days, by or calendar())


def form_expires_on(application: Application) -> date:
    """Return the day on which a file without its signed form expires (K-9)."""
    return shanghai_date(application.state_since) + timedelta(days=society.current().form_expiry_days)


def returned_expires_on(application: Application) -> date:
    """Return the day on which a returned file expires (K-9)."""
    return shanghai_date(application.state_since) + timedelta(days=society.current().returned_expiry_days)


def draft_goes_on(application: Application) -> date:
    """Return the day on which a draft that nobody touched since is deleted (K-9)."""
    return shanghai_date(application.updated_at) + timedelta(days=society.current().draft_days)


def start_clock(application: Application, *, at: datetime) -> None:
    """Begin the clock of a round: the file reached the association (K-1). The caller saves."""
    application.clock_started_at = at
    application.clock_stopped_on = None
    application.first_checked_at = application.first_checked_at or at
    application.stage_due_on = association_due(shanghai_date(at))


def promised_on(application: Application) -> date | None:
    """
    Return the date the applicant reads, or None while no clock runs: the latest date of an open row, and before there is one
    the promise of the round (K-2).
    """
    if application.clock_started_at is None:
        return None
    dates = [row.due_on for row in application.rows.all() if row.state == RowState.PENDING and row.due_on]
    return max(dates, default=promise(shanghai_date(application.clock_started_at)))


def expected_after(due_on: date, *, today: date) -> date:
    """
    Return the new date to name once ``due_on`` is past (K-5): when the association may step in (K-6), and the time it then takes.

    Counted from today where that day is past too.
    """
    figures = society.current()
    steps_in_on = working_days.add(due_on, figures.substitute_working_days, calendar())
    return working_days.add(max(steps_in_on, today), figures.association_working_days, calendar())


def is_overdue(thing: Application | ApplicationInstitution, *, today: date) -> bool:
    """Whether the day promised is over; overdue never decides anything by itself (K-5)."""
    due = thing.stage_due_on if isinstance(thing, Application) else thing.due_on
    return due is not None and due < today


def association_may_substitute(row: ApplicationInstitution, *, today: date) -> bool:
    """Whether the association may decide in the institution's place: from due + ``substitute_working_days`` (K-6)."""
    if row.state != RowState.PENDING or row.due_on is None:
        return False
    return today >= working_days.add(row.due_on, society.current().substitute_working_days, calendar())


def substitutable_due_on(today: date) -> date:
    """Return the latest due date of rows that the association may decide in the institution's place today (K-6)."""
    day = today
    while working_days.add(day, society.current().substitute_working_days, calendar()) > today:
        day -= timedelta(days=1)
    return day
