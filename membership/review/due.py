"""How a deadline reads to a reviewer: the day, how many working days are left, and whether it is over (REV-1, K-5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from membership import working_days
from membership.domain import deadlines


@dataclass(frozen=True)
class Due:
    """A day and what stands beside it. ``is_soon``: today or tomorrow; ``provisional``: that it may move yet, in words."""

    on: date
    note: str
    is_overdue: bool = False
    is_soon: bool = False
    provisional: str = ""


def due_on(day: date | None, *, today: date) -> Due | None:
    """Return how a due date reads today; nothing without one."""
    if day is None:
        return None
    calendar = deadlines.calendar()
    left = working_days.count_between(today, day, calendar)
    provisional = deadlines.ASSUMED if working_days.is_provisional(day, calendar) else ""
    if day < today:
        return Due(day, f"超期 {-left} 个工作日" if left else "超期", is_overdue=True, provisional=provisional)
    if day == today:
        return Due(day, "今天", is_soon=True, provisional=provisional)
    if day == today + timedelta(days=1):
        return Due(day, "明天", is_soon=True, provisional=provisional)
    return Due(day, f"还有 {left} 个工作日", provisional=provisional)
