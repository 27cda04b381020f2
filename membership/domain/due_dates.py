"""
Dates that follow the calendar: once a year's moved days become known, what was promised by an estimate is computed again, in the
transaction in which the year is noted anew (REV-1, K-3, K-4).

What remained of a clock remains: a held one keeps its working days, a resumed one too. A date that is past stays: it was promised, and
missed. Applicants whose answer comes later than they were told hear of it once, the day after, when the table is complete.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

from membership import working_days
from membership.domain import audit, deadlines, members
from membership.domain.announcements import announce
from membership.enums import ApplicationState, EndorsementState, Hold, RowState
from membership.models import Application, ApplicationInstitution, CalendarYear, Endorsement, User
from membership.periods import end_of_day, shanghai_date
from membership.working_days import Calendar, NotedYear

MOVED = "review-date-moved"
# Dates reach so many years ahead at most: a few weeks, and what a hold adds.
YEARS_AHEAD = 2
BATCH = 500


@dataclass(frozen=True)
class Moved:
    """How many dates moved: of files with the association, of rows with institutions, of requests to referrers."""

    files: int = 0
    rows: int = 0
    requests: int = 0

    @property
    def total(self) -> int:
        return self.files + self.rows + self.requests


@dataclass(frozen=True)
class _Change:
    """From one calendar to another; ``first``: the first day on which they differ."""

    before: Calendar
    after: Calendar
    first: date

    def moved(self, due: date, began: date, compute: Callable[[Calendar], date]) -> date:
        """
        Return a due date by the new calendar. ``compute`` gives it by a calendar from the days it was made of; where somebody moved it
        since (a hold, a decision taken back), what remained of it on the day before the change, or since it ``began``, runs on.
        """
        if compute(self.before) == due:
            return compute(self.after)
        start = max(began, self.first - timedelta(days=1))
        left = working_days.count_between(start, due, self.before)
        return working_days.add(start, left, self.after) if left > 0 else due


def years_that_moved(today: date) -> list[int]:
    """Return the years that are not noted, or not as table and package have them now."""
    known, noted = deadlines.known_calendar(), {year.year: _note(year) for year in CalendarYear.objects.all()}
    return [year for year in _years_from(today, noted) if noted.get(year) != known.note_of(year)]


@transaction.atomic
def note_calendar(*, at: datetime) -> None:
    """Note the years that nobody noted yet, as they stand; before an administrator changes the table."""
    known, today = deadlines.known_calendar(), shanghai_date(at)
    for year in range(today.year - 1, today.year + YEARS_AHEAD + 1):
        note = known.note_of(year)
        _, is_new = CalendarYear.objects.get_or_create(year=year, defaults={"working": note.figures, "is_estimated": note.is_estimated})
        if is_new:
            _forget_calendar()


@transaction.atomic
def follow_calendar(*, by: User | None, at: datetime) -> Moved:
    """
    Note the years as table and package have them now, and compute every date again that rests on a day which changed; return how many
    moved. ``by``: who changed the table; None: the sweeper found a new package.
    """
    note_calendar(at=at)
    today = shanghai_date(at)
    noted = {year.year: year for year in CalendarYear.objects.select_for_update().filter(year__gte=today.year - 1).order_by("year")}
    before = deadlines.noted_calendar({number: _note(year) for number, year in noted.items()})
    known = deadlines.known_calendar()
    changed = [year for number, year in noted.items() if _note(year) != known.note_of(number)]
    first = working_days.first_difference(before, known, noted)
    moved = _move_all(_Change(before, known, first), today=today) if first is not None else Moved()
    for year in changed:
        _note_anew(year, known, at=at)
    if changed:
        _forget_calendar()
        years = [year.year for year in changed]
        audit.log("calendar.follow", changed[0], by=by, at=at, years=years, files=moved.files, rows=moved.rows, requests=moved.requests)
    return moved


# --- What the applicants hear ----------------------------------------------------------------------------


def to_tell(today: date) -> list[int]:
    """Return the applications whose answer comes later than their applicant was told, by a change of an earlier day (K-5)."""
    change = _untold(today)
    if change is None:
        return []
    found = Application.objects.filter(state__in=(ApplicationState.CHECKING, ApplicationState.DECIDING), hold=Hold.NONE)
    began_before = found.filter(clock_started_at__lt=_untold_since(today)).prefetch_related("rows")
    return [application.pk for application in began_before.iterator(chunk_size=BATCH) if _told_before(application, change, today)]


@transaction.atomic
def tell(*, application_id: int, at: datetime) -> None:
    """Tell an applicant of the date that comes later than they were told; once, however often this runs."""
    member = members.lock(Application.objects.values_list("member", flat=True).get(pk=application_id))
    application = Application.objects.select_for_update().get(pk=application_id)
    today = shanghai_date(at)
    change, due = _untold(today), deadlines.promised_on(application)
    was = _told_before(application, change, today) if change is not None else None
    if application.hold == Hold.NONE and was is not None and due is not None:
        announce(MOVED, member.user, at=at, application=application, was=was, due=due)


def years_to_settle(today: date) -> Iterable[int]:
    """Return the keys of the years whose change has been told of."""
    return _untold_years(today).values_list("pk", flat=True)


def settle(*, year_id: int) -> None:
    """Note that whoever had to be told of a year's change was."""
    CalendarYear.objects.filter(pk=year_id).update(told="", changed_at=None)


def _untold_years(today: date) -> QuerySet[CalendarYear]:
    # A table is filled in over an hour or two; who is told the day after is told once.
    return CalendarYear.objects.filter(changed_at__lt=end_of_day(today - timedelta(days=1)))


def _untold_since(today: date) -> datetime:
    first: datetime = _untold_years(today).aggregate(first=Min("changed_at"))["first"]
    return first


def _untold(today: date) -> _Change | None:
    """Return the way back: from the calendar that counts now to the one by which applicants were told."""
    years = list(_untold_years(today))
    if not years:
        return None
    now = deadlines.calendar()
    then = deadlines.noted_calendar({**now.noted, **{year.year: NotedYear(year.told) for year in years}})
    first = working_days.first_difference(now, then, [year.year for year in years])
    return _Change(now, then, first) if first is not None else None


def _told_before(application: Application, change: _Change, today: date) -> date | None:
    """Return the earlier date that an applicant was told, or None where they were told of this one, of a later one, or that it is late."""
    due = deadlines.promised_on(application)
    if due is None or due < today or application.clock_started_at is None:
        return None
    since = _untold_since(today)
    if application.state == ApplicationState.CHECKING:
        was = deadlines.promise(shanghai_date(application.clock_started_at), by=change.after)
    else:
        was = max((_row_was_due(row, application, change, since) for row in application.rows.all() if _has_date(row)), default=due)
    told = application.messages.filter(code=MOVED, created_at__gte=since)
    return was if was < due and not told.exists() else None


def _has_date(row: ApplicationInstitution) -> bool:
    return row.state == RowState.PENDING and row.due_on is not None


def _row_was_due(row: ApplicationInstitution, application: Application, change: _Change, since: datetime) -> date:
    """Return when a row was due as its applicant was told; one that came after the change by the calendar that counts."""
    if row.due_on is None or row.state_since < since:
        return _row_moved(row, application, change)
    return row.due_on


# --- The dates ---------------------------------------------------------------------------------------------


def _move_all(change: _Change, *, today: date) -> Moved:
    """Move what is due on the first changed day or later; applications before rows, as every verb locks them."""
    since = max(change.first, today)
    files = Application.objects.filter(state=ApplicationState.CHECKING, stage_due_on__gte=since)
    rows = ApplicationInstitution.objects.filter(state=RowState.PENDING, due_on__gte=since)
    requests = Endorsement.objects.filter(state=EndorsementState.ASKED, due_on__gte=since)
    return Moved(
        files=_move(files, "stage_due_on", lambda file: _file_moved(file, change)),
        rows=_move(rows.select_related("application"), "due_on", lambda row: _row_moved(row, row.application, change)),
        requests=_move(requests, "due_on", lambda request: _request_moved(request, change)),
    )


def _move(found: QuerySet, field: str, moved: Callable[..., date]) -> int:
    """Write the new dates in batches, each locked in the order of keys; return how many were others than before."""
    keys, count = list(found.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(keys), BATCH):
        batch = found.filter(pk__in=keys[start : start + BATCH]).order_by("pk").select_for_update(of=("self",))
        changed = [thing for thing in batch if _set(thing, field, moved(thing))]
        count += found.model.objects.bulk_update(changed, [field]) if changed else 0
    return count


def _set(thing: object, field: str, day: date) -> bool:
    if getattr(thing, field) == day:
        return False
    setattr(thing, field, day)
    return True


def _file_moved(file: Application, change: _Change) -> date:
    if file.stage_due_on is None or file.clock_started_at is None:
        raise ValueError("Only a file that is due moves.")
    started_on = shanghai_date(file.clock_started_at)
    return change.moved(file.stage_due_on, started_on, lambda calendar: deadlines.association_due(started_on, by=calendar))


def _row_moved(row: ApplicationInstitution, application: Application, change: _Change) -> date:
    if row.due_on is None:
        raise ValueError("Only a row that is due moves.")
    arrived_on = shanghai_date(row.state_since)
    started_on = shanghai_date(application.clock_started_at) if application.clock_started_at else arrived_on
    return change.moved(
        row.due_on, arrived_on, lambda calendar: deadlines.row_due(started_on=started_on, arrived_on=arrived_on, by=calendar)
    )


def _request_moved(request: Endorsement, change: _Change) -> date:
    asked_on = shanghai_date(request.asked_at)
    return change.moved(request.due_on, asked_on, lambda calendar: deadlines.endorsement_due(asked_on, by=calendar))


# --- The notes -------------------------------------------------------------------------------------------------


def _years_from(today: date, noted: Iterable[int]) -> list[int]:
    return sorted({year for year in noted if year >= today.year - 1} | set(range(today.year - 1, today.year + YEARS_AHEAD + 1)))


def _note(year: CalendarYear) -> NotedYear:
    return NotedYear(year.working, year.is_estimated)


def _note_anew(year: CalendarYear, known: Calendar, *, at: datetime) -> None:
    note = known.note_of(year.year)
    if note.figures != year.working and year.changed_at is None:
        year.told, year.changed_at = year.working, at
    year.working, year.is_estimated = note.figures, note.is_estimated
    year.save()


def _forget_calendar() -> None:
    """Now for what follows in this transaction, and on commit for what others read meanwhile."""
    deadlines.forget_calendar()
    transaction.on_commit(deadlines.forget_calendar)
