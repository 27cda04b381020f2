"""The append-only record of who did what to whom (S-8), and the register of exports (REV-13)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from membership.enums import ExportFormat, ExportState

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
    Who did what, about whom, when, in which request. Written by ``domain.audit.log``; never changed, never deleted: the database itself
    refuses both, by triggers (migration 0011).

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
            models.Index(fields=["actor", "-at", "-id"], name="audit_by_actor"),
            models.Index(fields=["action", "-at", "-id"], name="audit_by_action"),
            models.Index(fields=["institution", "-at", "-id"], name="audit_by_institution", condition=Q(institution__isnull=False)),
            models.Index(fields=["request_id", "-at", "-id"], name="audit_by_request"),
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
    """
    A list that left the house: who, which filter, how many rows, for what purpose, until when its file is kept (REV-13).

    ``filter`` holds the query of the list's URL, encrypted, for a document's number may have been looked for; ``filter_words`` is the same
    for people. ``reader`` is as whom the person read the list
    (S-3), ``institutions`` the ids of those they reviewed for then: whoever reviews for fewer by now fetches no file any more.
    ``has_identity``: numbers of documents and telephones stand in it in full. ``done_count`` rows are written so far.
    """

    requested_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="exports", verbose_name="导出人")
    list_name = models.CharField("列表", max_length=60)
    filter = models.JSONField("筛选条件", default=dict)
    filter_words = models.CharField("筛选条件（文字）", max_length=500, blank=True)
    reader = models.CharField("读者", max_length=16, blank=True)
    institutions = models.JSONField("机构范围", default=list, blank=True)
    purpose = models.CharField("用途", max_length=200)
    format = models.CharField("格式", max_length=8, choices=ExportFormat.choices, default=ExportFormat.XLSX)
    has_identity = models.BooleanField("含完整证件号码", default=False)
    row_count = models.PositiveIntegerField("行数", null=True, blank=True)
    done_count = models.PositiveIntegerField("已写行数", default=0)
    state = models.CharField("状态", max_length=16, choices=ExportState.choices, default=ExportState.QUEUED)
    error = models.CharField("失败原因", max_length=300, blank=True)
    file = models.ForeignKey(
        "membership.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    requested_at = models.DateTimeField("导出时间")
    # When a row was last written: a run that stands still was left by its worker.
    moved_at = models.DateTimeField("最近进展", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    kept_until = models.DateField("文件保留至", null=True, blank=True)

    class Meta:
        verbose_name = "导出记录"
        verbose_name_plural = "导出记录"
        indexes = [models.Index(fields=["requested_by", "-id"], name="export_by_person")]
        constraints = [
            models.CheckConstraint(name="an_export_says_what_for", condition=~Q(purpose="")),
            models.CheckConstraint(name="a_kept_export_says_until_when", condition=Q(file__isnull=True) | Q(kept_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"导出 {self.pk}"
