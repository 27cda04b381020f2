"""Arithmetic of calendar dates: periods, ages, and where a day begins. All dates are Shanghai's; working days are elsewhere."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def same_day_next(day: date, months: int) -> date:
    """
    Return the same day of the month ``months`` later (earlier if negative), or that month's last day if it has no such day.

    M-3: 29 February plus 12 months is 28 February; a period counts both its ends.

    :raises ValueError: the year would leave 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def age_on(born_on: date, day: date) -> int:
    """
    Return the full years of a person on ``day``; who turns 45 that day is 45. Before birth the result is negative.

    Who was born on 29 February turns a year older on 28 February of a common year, as periods end (M-3).
    """
    years = day.year - born_on.year
    return years if same_day_next(born_on, 12 * years) <= day else years - 1


def shanghai_date(at: datetime) -> date:
    """
    Return the date that calendars in Shanghai show at the moment ``at``.

    :raises ValueError: ``at`` has no time zone, so it names no moment.
    """
    if at.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return at.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """Return the moment the day is over, 24:00 in Shanghai: the first that no longer belongs to it. Compare with ``<``."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]
