"""Former members: what was imported from the earlier system, and what of it must never come back."""

from django.conf import settings
from django.db import models

from membership.encryption import EncryptedTextField
from membership.enums import DocumentKind, ImportState, MemberType, RequestState, Sex

USER = settings.AUTH_USER_MODEL


class ImportRun(models.Model):
    """One import of a file: resumable from ``next_row``, repeatable, undone while nothing of it is claimed (LEG-1, LEG-5)."""

    source = models.CharField("来源", max_length=60)
    file = models.ForeignKey(
        "membership.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    report = models.ForeignKey(
        "membership.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报告"
    )
    is_dry_run = models.BooleanField("试运行", default=False)
    state = models.CharField("状态", max_length=16, choices=ImportState.choices, default=ImportState.RUNNING)
    column_mapping = models.JSONField("列对应", default=dict, blank=True)
    next_row = models.PositiveIntegerField("下一行", default=1)
    counts = models.JSONField("统计", default=dict, blank=True)
    started_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="执行人")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"

    def __str__(self) -> str:
        return f"导入 {self.pk}"


class LegacyMember(models.Model):
    """
    An imported row; (source, old number) is its key, and it belongs to at most one member (L-7).

    ``data`` keeps what the form can be filled from and no column of its own asks for. ``phone`` is not unique (L-2);
    ``document_hash`` may be missing (L-8).
    """

    source = models.CharField("来源", max_length=60)
    old_number = models.CharField("原编号", max_length=64)
    name = models.CharField("姓名", max_length=200)
    phone = models.CharField("手机号", max_length=32, blank=True)
    sex = models.CharField("性别", max_length=8, choices=Sex.choices, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    document_kind = models.CharField("证件类型", max_length=32, choices=DocumentKind.choices, blank=True)
    document_number = EncryptedTextField("证件号码", blank=True)
    document_hash = models.CharField("证件散列", max_length=100, null=True, blank=True)
    member_type = models.CharField("会员类型", max_length=16, choices=MemberType.choices, blank=True)
    institutions = models.ManyToManyField("membership.Institution", blank=True, related_name="+", verbose_name="机构")
    data = models.JSONField("其他资料", default=dict, blank=True)
    member = models.ForeignKey(
        "membership.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="legacy_rows", verbose_name="会员"
    )
    activation = models.ForeignKey(
        "membership.Application", on_delete=models.SET_NULL, null=True, blank=True, related_name="legacy_rows", verbose_name="激活申请"
    )
    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="rows", verbose_name="导入")
    activated_at = models.DateTimeField("激活时间", null=True, blank=True)
    collected_at = models.DateTimeField("新证书下载时间", null=True, blank=True)
    void_on = models.DateField("原编号失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "原会员"
        verbose_name_plural = "原会员"
        indexes = [
            models.Index(fields=["phone"], name="legacy_by_phone"),
            models.Index(fields=["document_hash"], name="legacy_by_document"),
            models.Index(fields=["old_number"], name="legacy_by_old_number"),
        ]
        constraints = [
            models.UniqueConstraint(name="one_legacy_row_per_source_and_old_number", fields=["source", "old_number"]),
            models.CheckConstraint(name="a_legacy_row_has_an_old_number", condition=~models.Q(old_number="")),
        ]

    def __str__(self) -> str:
        return f"原会员 {self.pk}"


class LegacyClaim(models.Model):
    """A claim of an old membership that a person must check, with evidence (LEG-4, L-5, L-8)."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="legacy_claims", verbose_name="账号")
    application = models.ForeignKey(
        "membership.Application", on_delete=models.CASCADE, null=True, blank=True, related_name="legacy_claims", verbose_name="激活申请"
    )
    legacy_row = models.ForeignKey(
        LegacyMember, on_delete=models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="原会员"
    )
    text = models.CharField("说明", max_length=2000, blank=True)
    evidence = models.ManyToManyField("membership.Attachment", blank=True, related_name="+", verbose_name="证明")
    state = models.CharField("状态", max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.CharField("答复", max_length=500, blank=True)
    claimed_at = models.DateTimeField("申请时间")
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人")
    answered_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = "原会员认领"
        verbose_name_plural = "原会员认领"

    def __str__(self) -> str:
        return f"认领 {self.pk}"


class Tombstone(models.Model):
    """What was deleted is not resurrected by next year's import: keyed hashes alone (L-12)."""

    key_hash = models.CharField("来源与原编号的散列", max_length=100, unique=True, null=True, blank=True)
    document_hash = models.CharField("证件散列", max_length=100, null=True, blank=True)
    violation_code = models.CharField("违规类别", max_length=32, blank=True)
    keep_until = models.DateField("保留至", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "已删除标记"
        verbose_name_plural = "已删除标记"
        indexes = [models.Index(fields=["document_hash"], name="tombstone_by_document")]

    def __str__(self) -> str:
        return f"已删除标记 {self.pk}"
