"""Freezes, violations and reports of them (CHG-4, M-16 to M-19)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from membership.enums import RequestState

if TYPE_CHECKING:
    from membership.models.users import User

USER = settings.AUTH_USER_MODEL


class ViolationReport(models.Model):
    """上报违规: an institution reviewer's report; it stays open until the association freezes or dismisses (M-18)."""

    row = models.ForeignKey(
        "membership.ApplicationInstitution", on_delete=models.PROTECT, related_name="violation_reports", verbose_name="机构申请"
    )
    text = models.CharField("情况说明", max_length=2000)
    evidence = models.ManyToManyField("membership.Attachment", blank=True, related_name="+", verbose_name="证据")
    reported_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="上报人")
    reported_at = models.DateTimeField("上报时间")
    state = models.CharField("状态", max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人")
    closed_at = models.DateTimeField("处理时间", null=True, blank=True)
    # Why it was dismissed; who reported reads it.
    answer = models.CharField("处理意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "违规上报"
        verbose_name_plural = "违规上报"
        constraints = [
            models.UniqueConstraint(name="one_open_report_per_row", fields=["row"], condition=Q(state=RequestState.OPEN)),
        ]

    def __str__(self) -> str:
        return f"违规上报 {self.pk}"

    def close(self, outcome: RequestState, *, by: "User", at: datetime, answer: str = "") -> None:
        """Write down how the association dealt with it, and save."""
        self.state, self.closed_by, self.closed_at, self.answer = outcome, by, at, answer
        self.save()


class Violation(models.Model):
    """违规记录: what was done wrong, with evidence; kept ``violation_keep_years`` (P-8)."""

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="violations", verbose_name="会员")
    code = models.CharField("类别", max_length=32, blank=True)
    text = models.CharField("违规记录", max_length=2000)
    evidence = models.ManyToManyField("membership.Attachment", blank=True, related_name="+", verbose_name="证据")
    report = models.ForeignKey(
        ViolationReport, on_delete=models.PROTECT, null=True, blank=True, related_name="violations", verbose_name="上报"
    )
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "违规记录"
        verbose_name_plural = "违规记录"

    def __str__(self) -> str:
        return f"违规记录 {self.pk}"


class Freeze(models.Model):
    """A member's frozen time; open until an administrator other than the freezer ends it (M-19)."""

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="freezes", verbose_name="会员")
    violation = models.ForeignKey(Violation, on_delete=models.PROTECT, related_name="freezes", verbose_name="违规记录")
    reason = models.CharField("冻结原因（会员可见）", max_length=500)
    frozen_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="冻结人")
    started_at = models.DateTimeField("冻结时间")
    ended_at = models.DateTimeField("解冻时间", null=True, blank=True)
    unfrozen_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="解冻人")
    ended_reason = models.CharField("解冻原因", max_length=500, blank=True)

    class Meta:
        verbose_name = "冻结"
        verbose_name_plural = "冻结"
        constraints = [
            models.UniqueConstraint(name="one_open_freeze_per_member", fields=["member"], condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="another_person_unfreezes", condition=Q(unfrozen_by__isnull=True) | ~Q(unfrozen_by=models.F("frozen_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"冻结 {self.pk}"


class Expulsion(models.Model):
    """撤销会员资格: proposed by one administrator, confirmed by another (M-14)."""

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="expulsions", verbose_name="会员")
    violation = models.ForeignKey(Violation, on_delete=models.PROTECT, related_name="expulsions", verbose_name="违规记录")
    reason = models.CharField("原因", max_length=500)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    confirmed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    dropped_at = models.DateTimeField("放弃时间", null=True, blank=True)

    class Meta:
        verbose_name = "撤销会员资格"
        verbose_name_plural = "撤销会员资格"
        constraints = [
            models.CheckConstraint(
                name="another_person_confirms_an_expulsion",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("proposed_by")),
            ),
            models.UniqueConstraint(
                name="one_open_expulsion_per_member",
                fields=["member"],
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"撤销会员资格 {self.pk}"
