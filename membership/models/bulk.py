"""A verdict on many cases in one go: what was confirmed, and what became of each (REV-6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from membership.enums import BulkItemState, BulkState, Verdict

USER = settings.AUTH_USER_MODEL


class BulkRun(models.Model):
    """
    One verdict for the cases that a reviewer chose from a list.

    Its items stand from the moment the confirmation is shown: nothing joins them later. ``asked`` is the query of the list's URL,
    encrypted, for a document's number may have been looked for; ``is_everything``: the whole list was chosen and not single rows.
    ``left_out`` counts what was chosen and is not on this reviewer's desk.
    """

    reviewer = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="bulk_runs", verbose_name="审核员")
    desk = models.CharField("列表", max_length=60)
    asked = models.TextField("筛选条件", blank=True)
    is_everything = models.BooleanField("整个列表", default=False)
    verdict = models.CharField("决定", max_length=16, choices=Verdict.choices)
    reason = models.CharField("原因", max_length=1000, blank=True)
    reasons = models.ManyToManyField("membership.ReviewReason", blank=True, related_name="+", verbose_name="原因（清单）")
    left_out = models.PositiveIntegerField("略去", default=0)
    state = models.CharField("状态", max_length=16, choices=BulkState.choices, default=BulkState.PREPARED)
    prepared_at = models.DateTimeField("选定时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    # When the last item was done: a run that stands still was left by its worker.
    moved_at = models.DateTimeField("最近进展", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "批量审核"
        verbose_name_plural = "批量审核"
        indexes = [models.Index(fields=["state", "moved_at"], name="bulk_run_by_state")]
        constraints = [
            models.CheckConstraint(name="a_bulk_run_approves_or_refuses", condition=Q(verdict__in=(Verdict.APPROVED, Verdict.REFUSED))),
            models.CheckConstraint(
                name="a_bulk_run_that_started_says_when",
                condition=Q(state=BulkState.PREPARED, started_at__isnull=True) | ~Q(state=BulkState.PREPARED) & Q(started_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"批量审核 {self.pk}"


class BulkItem(models.Model):
    """
    One case of a run, with the dossier and the round that were shown (D-4), and what became of it; ``note`` says why it was left alone.
    """

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items", verbose_name="批量审核")
    application = models.ForeignKey("membership.Application", on_delete=models.CASCADE, related_name="+", verbose_name="申请")
    row = models.ForeignKey(
        "membership.ApplicationInstitution", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="机构申请"
    )
    dossier = models.ForeignKey("membership.Dossier", on_delete=models.CASCADE, related_name="+", verbose_name="所审资料")
    round = models.PositiveIntegerField("轮次")
    # What the page of the confirmation named as worth a second look, in words.
    warnings = models.JSONField("提示", default=list, blank=True)
    state = models.CharField("状态", max_length=16, choices=BulkItemState.choices, default=BulkItemState.WAITING)
    note = models.CharField("说明", max_length=300, blank=True)
    decision = models.ForeignKey(
        "membership.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定"
    )
    done_at = models.DateTimeField("时间", null=True, blank=True)

    class Meta:
        verbose_name = "批量审核的一份"
        verbose_name_plural = "批量审核的各份"
        ordering = ["pk"]
        indexes = [models.Index(fields=["run", "state", "id"], name="bulk_item_by_state")]
        constraints = [
            models.UniqueConstraint(name="a_file_is_in_a_bulk_run_once", fields=["run", "application"], condition=Q(row__isnull=True)),
            models.UniqueConstraint(name="a_row_is_in_a_bulk_run_once", fields=["run", "row"], condition=Q(row__isnull=False)),
            models.CheckConstraint(
                name="exactly_the_decided_items_have_a_decision",
                condition=Q(state=BulkItemState.DONE, decision__isnull=False) | ~Q(state=BulkItemState.DONE) & Q(decision__isnull=True),
            ),
            models.CheckConstraint(
                name="an_item_left_alone_says_why",
                condition=~Q(state__in=(BulkItemState.SKIPPED, BulkItemState.FAILED)) | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"批量审核 {self.run_id} · {self.pk}"
