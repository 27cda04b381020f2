"""The working days of a year as the dates of open cases rest on them."""

from django.db import models
from django.db.models import Q


class CalendarYear(models.Model):
    """
    A year's working days as the dates given so far were computed by (K-3): what the administrators' table and the calendar package say
    may have moved on since, and ``domain.due_dates.follow_calendar`` moves the dates with it, in one transaction.

    ``working`` and ``told`` have a figure for each day of the year, 1 where people work. ``is_estimated``: nobody knows the year yet.
    ``told`` is how the year stood when applicants were last told of their dates, ``changed_at`` since when that is no longer so; both
    are empty while nobody has anything to be told.
    """

    year = models.PositiveSmallIntegerField("年份", unique=True)
    working = models.CharField("工作日", max_length=366)
    is_estimated = models.BooleanField("暂按周一至周五", default=False)
    told = models.CharField("上次告知时的工作日", max_length=366, blank=True)
    changed_at = models.DateTimeField("变动时间", null=True, blank=True)

    class Meta:
        verbose_name = "年份日历"
        verbose_name_plural = "年份日历"
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                name="a_year_that_moved_says_since_when_and_from_what",
                condition=Q(changed_at__isnull=True, told="") | Q(changed_at__isnull=False) & ~Q(told=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年"
