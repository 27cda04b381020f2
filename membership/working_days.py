"""
Working days (工作日) of the association: Monday to Friday, minus China's holidays, plus the days moved in their place (REV-1, K-1 to K-4).

The table that administrators keep comes first, then the package chinesecalendar. A year that neither knows is estimated: Monday to
Friday minus the holidays the law fixes, without moved days, which the State Council names each November. Dates of such a year are
provisional: to be computed again once the year is known. The holidays of the law are left out although nobody has named the days yet,
since Spring Festival and National Day fall on weekdays in every year: a promise that counted them would be broken for certain.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar


@dataclass(frozen=True)
class NotedYear:
    """A year as it was noted: a figure for each of its days, 1 where people work, and whether it was only estimated then."""

    figures: str
    is_estimated: bool = False


@dataclass(frozen=True)
class Calendar:
    """
    The administrators' table: a date and whether people work on it (``CalendarDay``). ``noted``: years that stand as they were noted,
    whatever table and package say by now.

    Make one per request or task and pass it on: it keeps each year's working days, so that a list of due dates costs a search each.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    noted: Mapping[int, NotedYear] = field(default_factory=dict)
    _years: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def working_days_of(self, year: int) -> tuple[date, ...]:
        """Return the working days of ``year``, in order."""
        if year not in self._years:
            self._years[year] = self._overlaid(year)
        return self._years[year]

    def knows(self, year: int) -> bool:
        """Whether administrators have entered any day of ``year``."""
        return any(day.year == year for day in self.exceptions)

    def is_estimated(self, year: int) -> bool:
        """Whether neither package nor administrators know ``year``."""
        if year in self.noted:
            return self.noted[year].is_estimated
        return not _is_published(year) and not self.knows(year)

    def note_of(self, year: int) -> NotedYear:
        """Return ``year`` as it stands now, to be kept."""
        works = set(self.working_days_of(year))
        return NotedYear("".join("1" if day in works else "0" for day in _days_of(year)), self.is_estimated(year))

    def _overlaid(self, year: int) -> tuple[date, ...]:
        if year in self.noted:
            return tuple(day for day, works in zip(_days_of(year), self.noted[year].figures, strict=True) if works == "1")
        usual = _usual_working_days(year)
        own = {day: works for day, works in self.exceptions.items() if day.year == year}
        if not own:
            return usual
        return tuple(sorted({day for day in usual if day not in own} | {day for day, works in own.items() if works}))


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether people work on ``day``."""
    days = calendar.working_days_of(day.year)
    place = bisect_right(days, day)
    return place > 0 and days[place - 1] == day


def is_provisional(day: date, calendar: Calendar) -> bool:
    """Whether a due date on ``day`` rests on an estimated year and has to be computed again."""
    return calendar.is_estimated(day.year)


def add(day: date, count: int, calendar: Calendar) -> date:
    """
    Return the ``count``-th working day after ``day``; ``day`` itself does not count (K-3). With 0 it is ``day``, working or not.

    :raises ValueError: ``count`` is negative.
    """
    if count < 0:
        raise ValueError("Working days are counted forwards.")
    if count == 0:
        return day
    year = day.year
    place = bisect_right(calendar.working_days_of(year), day) + count - 1
    while place >= len(calendar.working_days_of(year)):
        place -= len(calendar.working_days_of(year))
        year += 1
    return calendar.working_days_of(year)[place]


def count_between(start: date, end: date, calendar: Calendar) -> int:
    """
    Return the number of working days after ``start`` up to and including ``end``; negative if ``end`` is the earlier.

    So ``count_between(day, add(day, n, calendar), calendar)`` is ``n``.
    """
    if end < start:
        return -count_between(end, start, calendar)
    whole_years = sum(len(calendar.working_days_of(year)) for year in range(start.year, end.year))
    return whole_years + _place(end, calendar) - _place(start, calendar)


def remaining(*, due: date, stopped_on: date, calendar: Calendar) -> int:
    """Return the working days that a clock stopped on ``stopped_on`` still had; 0 if it was overdue."""
    return max(0, count_between(stopped_on, due, calendar))


def resume(*, due: date, stopped_on: date, resumed_on: date, minimum: int, calendar: Calendar) -> date:
    """
    Return the new due date after a hold: what remained runs on from ``resumed_on``, but ``minimum`` working days at least (K-4).

    ``minimum`` is the setting ``resume_working_days``.
    """
    return add(resumed_on, max(minimum, remaining(due=due, stopped_on=stopped_on, calendar=calendar)), calendar)


def first_difference(one: Calendar, other: Calendar, years: Iterable[int]) -> date | None:
    """Return the first day of ``years`` on which the two do not agree, or None."""
    for year in sorted(years):
        differing = set(one.working_days_of(year)) ^ set(other.working_days_of(year))
        if differing:
            return min(differing)
    return None


def _place(day: date, calendar: Calendar) -> int:
    """How many working days of its year are over at the end of ``day``."""
    return bisect_right(calendar.working_days_of(day.year), day)


@lru_cache(maxsize=64)
def _usual_working_days(year: int) -> tuple[date, ...]:
    days = _days_of(year)
    if _is_published(year):
        return tuple(day for day in days if chinese_calendar.is_workday(day))
    off = _statutory_holidays(year)
    return tuple(day for day in days if day.weekday() < 5 and day not in off)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=count) for count in range((date(year, 12, 31) - first).days + 1)]


@lru_cache(maxsize=64)
def _is_published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _statutory_holidays(year: int) -> frozenset[date]:
    # Imported here: a tenth of a second that only an unknown year is worth.
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))
