"""The person in the society, what is known of them for life, and what ends or merges it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from membership.encryption import EncryptedTextField
from membership.enums import DeletionState, DocumentHold, DocumentKind, EndKind, NumberKind, Standing

USER = settings.AUTH_USER_MODEL


class MemberQuerySet(models.QuerySet):
    def in_the_society(self) -> "MemberQuerySet":
        """Members proper: every list and count of members starts here (A-20)."""
        return self.filter(standing=Standing.MEMBER)


class Member(models.Model):
    """
    A person the society knows: applicant, member, or one whose membership ended.

    Active, grace and lapsed are never stored; they follow from the dates of the affiliations (M-1,
    ``domain.members.status_on``). ``last_valid_to`` is the latest ``valid_to`` of them, kept for lists.
    """

    user = models.OneToOneField(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="member", verbose_name="账号")
    standing = models.CharField("会员资格", max_length=16, choices=Standing.choices, default=Standing.APPLICANT)
    number = models.CharField("会员编号", max_length=32, unique=True, null=True, blank=True)
    current_dossier = models.ForeignKey(
        "membership.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行资料"
    )
    # What lists and searches need without opening the dossier; written with it.
    name = models.CharField("姓名", max_length=200, blank=True)
    name_pinyin = models.CharField("拼音", max_length=600, blank=True)
    name_initials = models.CharField("拼音首字母", max_length=200, blank=True)
    joined_on = models.DateField("入会日期", null=True, blank=True)
    last_valid_to = models.DateField("最后有效期", null=True, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    end_kind = models.CharField("终止原因", max_length=16, choices=EndKind.choices, blank=True)
    findable = models.BooleanField("可被推荐人查找", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "会员"
        verbose_name_plural = "会员"
        indexes = [
            models.Index(fields=["name"], name="member_by_name"),
            models.Index(fields=["name_pinyin"], name="member_by_pinyin"),
            models.Index(fields=["name_initials"], name="member_by_initials"),
            models.Index(fields=["last_valid_to"], name="member_by_last_valid_to"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_member_has_a_number",
                condition=~Q(standing=Standing.MEMBER) | Q(number__isnull=False),
            ),
            models.CheckConstraint(name="a_number_is_never_empty_text", condition=~Q(number="")),
            models.CheckConstraint(
                name="only_the_ended_have_an_end",
                condition=Q(standing=Standing.ENDED, ended_on__isnull=False) & ~Q(end_kind="")
                | ~Q(standing=Standing.ENDED) & Q(ended_on__isnull=True, end_kind="")
                | Q(standing=Standing.ANONYMISED),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"申请人 {self.pk}"

    @property
    def is_member(self) -> bool:
        return self.standing == Standing.MEMBER


class NumberCounter(models.Model):
    """The last serial given under an issuer code; read and raised under its row lock (N-4)."""

    issuer = models.CharField("发放代码", max_length=8, unique=True)
    last_serial = models.PositiveBigIntegerField("最后序号", default=0)

    class Meta:
        verbose_name = "编号计数器"
        verbose_name_plural = "编号计数器"

    def __str__(self) -> str:
        return f"{self.issuer}: {self.last_serial}"


class MemberNumber(models.Model):
    """Every number ever given, for ever; one of a member's is current (N-1, N-2)."""

    number = models.CharField("编号", max_length=32, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="numbers", verbose_name="会员")
    kind = models.CharField("来源", max_length=16, choices=NumberKind.choices, default=NumberKind.ISSUED)
    is_current = models.BooleanField("现行", default=True)
    given_at = models.DateTimeField("发放时间")

    class Meta:
        verbose_name = "会员编号"
        verbose_name_plural = "会员编号"
        constraints = [
            models.UniqueConstraint(name="one_current_number_per_member", fields=["member"], condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return self.number


class MemberDocument(models.Model):
    """
    An identity document, unique over all members and all time, former documents included (D-6).

    ``claimed`` lasts as long as the application that claimed it; ``held`` is for good (D-9). ``number_hash`` is
    ``encryption.document_hash`` of kind, issuing country and number.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="documents", verbose_name="会员")
    kind = models.CharField("证件类型", max_length=32, choices=DocumentKind.choices)
    issuing_country = models.CharField("签发国家/地区", max_length=2, blank=True)
    number = EncryptedTextField("证件号码")
    number_hash = models.CharField("散列", max_length=100)
    state = models.CharField("占用", max_length=16, choices=DocumentHold.choices, default=DocumentHold.CLAIMED)
    claimed_by = models.ForeignKey(
        "membership.Application", on_delete=models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="占用的申请"
    )
    valid_from = models.DateField("有效期自", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        verbose_name = "证件"
        verbose_name_plural = "证件"
        constraints = [
            models.UniqueConstraint(name="one_person_per_identity_document", fields=["kind", "issuing_country", "number_hash"]),
            models.CheckConstraint(
                name="a_claim_names_its_application",
                condition=~Q(state=DocumentHold.CLAIMED) | Q(claimed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Contact(models.Model):
    """How to reach a member. Outside the dossier, so that an approval never restores an old address (D-11)."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="contact", verbose_name="会员")
    email = models.EmailField("邮箱", max_length=254, blank=True)
    address = models.CharField("联系地址", max_length=300, blank=True)
    postcode = models.CharField("邮政编码", max_length=12, blank=True)
    unit_phone = models.CharField("单位电话", max_length=40, blank=True)
    updated_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = "联系方式"
        verbose_name_plural = "联系方式"

    def __str__(self) -> str:
        return f"联系方式 {self.member_id}"


class MergeRecord(models.Model):
    """Two members found to be one person; two administrators, and every moved row named (M-20)."""

    survivor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="merges_survived", verbose_name="保留")
    merged = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="merges_ended", verbose_name="并入")
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    confirmed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人")
    moved_rows = models.JSONField("移动的记录", default=list)
    proposed_at = models.DateTimeField("提出时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "合并记录"
        verbose_name_plural = "合并记录"
        constraints = [
            models.CheckConstraint(name="nobody_is_merged_into_themself", condition=~Q(survivor=models.F("merged"))),
            models.CheckConstraint(name="another_person_confirms_a_merge", condition=~Q(confirmed_by=models.F("proposed_by"))),
        ]

    def __str__(self) -> str:
        return f"合并 {self.pk}"


class DeletionRequest(models.Model):
    """A person's wish to be forgotten, with its cooling time (P-7)."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="deletion_requests", verbose_name="账号")
    state = models.CharField("状态", max_length=16, choices=DeletionState.choices, default=DeletionState.REQUESTED)
    requested_at = models.DateTimeField("申请时间")
    due_on = models.DateField("执行日期")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "注销申请"
        verbose_name_plural = "注销申请"
        constraints = [
            models.UniqueConstraint(name="one_open_deletion_request_per_user", fields=["user"], condition=Q(state=DeletionState.REQUESTED)),
        ]

    def __str__(self) -> str:
        return f"注销申请 {self.pk}"
