"""Administrative divisions, those of today and those that only old identity numbers still carry."""

from django.db import models
from django.db.models import Q

from membership.enums import DivisionLevel

# What a field «省份» may hold.
CURRENT_PROVINCES = {"level": DivisionLevel.PROVINCE.value, "is_current": True}


class DivisionQuerySet(models.QuerySet):
    def current(self) -> "DivisionQuerySet":
        """Divisions that exist today: what a form offers."""
        return self.filter(is_current=True)

    def provinces(self) -> "DivisionQuerySet":
        return self.filter(**CURRENT_PROVINCES)


class Division(models.Model):
    """
    A province, city or county by its six-digit code (GB/T 2260); abolished ones stay, with the year they went (APP-4).

    ``in_identity_numbers`` is false for codes that no identity number can begin with: unofficial codes of Taiwan, Hong Kong and
    Macau, and divisions gone before the first cards of 1984. ``successor`` is a hint, not a legal statement.
    """

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    level = models.PositiveSmallIntegerField("级别", choices=DivisionLevel.choices)
    kind = models.CharField("类别", max_length=20, blank=True)
    is_current = models.BooleanField("现行", default=True)
    abolished_year = models.PositiveSmallIntegerField("撤销年份", null=True, blank=True)
    successor = models.CharField("后继代码", max_length=6, blank=True)
    in_identity_numbers = models.BooleanField("用于身份证号码", default=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=DivisionLevel.PROVINCE, parent__isnull=True) | ~Q(level=DivisionLevel.PROVINCE) & Q(parent__isnull=False),
                name="only_a_province_has_no_parent",
                violation_error_message="省级以外的区划须有上级。",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(abolished_year__isnull=True),
                name="a_current_division_is_not_abolished",
                violation_error_message="现行区划没有撤销年份。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
