"""The append-only record of who did what to whom (S-8), and the register of exports (REV-13)."""

from django.conf import settings
from django.db import models

from membership.enums import ExportState

USER = settings.AUTH_USER_MODEL


class AppendOnly(TypeError):
    """Somebody tried to change or delete an audit entry."""


class AuditQuerySet(models.QuerySet):
    def update(self, **values):
        raise AppendOnly("Audit entries are never changed.")

    def delete(self):
        raise AppendOnly("Audit entries are never deleted.")


class AuditEntry(models.Model):
    """
    Who did what, about whom, when, in which request. Written by ``domain.audit.log``; never changed, never deleted.

    The keys carry no database constraint and the labels are copied, so that an entry outlives the user it names. ``details`` holds
    codes and ids, never personal data.
    """

    at = models.DateTimeField("时间")
    action = models.CharField("操作", max_length=60)
    actor = models.ForeignKey(
        USER, on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    actor_label = models.CharField("操作人（当时）", max_length=120, blank=True)
    about = models.ForeignKey(
        "membership.Member",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="相关会员",
    )
    target = models.CharField("对象", max_length=60, blank=True)
    target_id = models.BigIntegerField("对象编号", null=True, blank=True)
    # Whose scope it falls in: an institution's act is read by that institution, the rest by the association (S-4).
    institution = models.ForeignKey(
        "membership.Institution",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="机构",
    )
    details = models.JSONField("细节", default=dict, blank=True)
    request_id = models.CharField("请求编号", max_length=40, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        indexes = [
            models.Index(fields=["about", "-at"], name="audit_by_member"),
            models.Index(fields=["target", "target_id", "-at"], name="audit_by_target"),
            models.Index(fields=["-at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise AppendOnly("Audit entries are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("Audit entries are never deleted.")


class ExportRun(models.Model):
    """A list that left the house: who, which filter, how many rows, for what purpose (REV-13)."""

    requested_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="exports", verbose_name="导出人")
    list_name = models.CharField("列表", max_length=60)
    filter = models.JSONField("筛选条件", default=dict)
    purpose = models.CharField("用途", max_length=200)
    row_count = models.PositiveIntegerField("行数", null=True, blank=True)
    state = models.CharField("状态", max_length=16, choices=ExportState.choices, default=ExportState.QUEUED)
    file = models.ForeignKey(
        "membership.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    requested_at = models.DateTimeField("导出时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "导出记录"
        verbose_name_plural = "导出记录"

    def __str__(self) -> str:
        return f"导出 {self.pk}"
