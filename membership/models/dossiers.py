"""One version of a person's file: every field of the form. The heart of the design; immutable once submitted."""

from typing import Any

from django.db import models
from django.db.models import Q

from membership.encryption import EncryptedTextField
from membership.enums import DocumentKind, MemberType, Sex

PROTECTED: dict[str, Any] = {"on_delete": models.PROTECT, "null": True, "blank": True, "related_name": "+"}


class Dossier(models.Model):
    """
    A version of the form's answers and papers (D-1 to D-5).

    An application *proposes* a dossier; approval makes it the member's *current* one. Lists a person chooses from are stored as
    the key and, where printed papers depend on it, as the text at that time (I-5). ``submitted_at`` seals it: from then on nothing
    but ``voided_at`` (its printed form is void, A-14) is ever written. ``phone`` and the contact fields are a snapshot for the
    printed form; the living ones are in Contact (D-11).
    """

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="dossiers", verbose_name="会员")
    application = models.ForeignKey(
        "membership.Application", on_delete=models.CASCADE, null=True, blank=True, related_name="dossiers", verbose_name="申请"
    )
    version = models.PositiveIntegerField("版本", default=1)
    # Counts saved edits of a draft, so that two devices notice each other.
    edits = models.PositiveIntegerField("修改次数", default=0)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    voided_at = models.DateTimeField("表格作废时间", null=True, blank=True)

    member_type = models.CharField("会员类型", max_length=16, choices=MemberType.choices, blank=True)
    portrait = models.ForeignKey("membership.Attachment", verbose_name="个人寸照", **PROTECTED)
    name = models.CharField("姓名", max_length=200, blank=True)
    name_local = models.CharField("中文名", max_length=200, blank=True)
    sex = models.CharField("性别", max_length=8, choices=Sex.choices, blank=True)
    ethnic_group = models.ForeignKey("membership.EthnicGroup", verbose_name="民族", **PROTECTED)
    political_affiliation = models.ForeignKey("membership.PoliticalAffiliation", verbose_name="党派", **PROTECTED)
    born_on = models.DateField("出生日期", null=True, blank=True)
    document_kind = models.CharField("证件类型", max_length=32, choices=DocumentKind.choices, blank=True)
    document_number = EncryptedTextField("证件号码", blank=True)
    document_hash = models.CharField("证件散列", max_length=100, blank=True)
    nationality = models.CharField("国籍", max_length=2, blank=True)
    issuing_country = models.CharField("签发国家/地区", max_length=2, blank=True)
    education_level = models.ForeignKey("membership.EducationLevel", verbose_name="学历", **PROTECTED)
    specialty = models.CharField("专业", max_length=200, blank=True)
    origin = models.ForeignKey("membership.Division", verbose_name="籍贯", **PROTECTED)

    phone = models.CharField("手机号", max_length=32, blank=True)
    email = models.EmailField("邮箱", max_length=254, blank=True)
    address = models.CharField("联系地址", max_length=300, blank=True)
    postcode = models.CharField("邮政编码", max_length=12, blank=True)
    unit_phone = models.CharField("单位电话", max_length=40, blank=True)

    work_unit = models.ForeignKey("membership.WorkUnit", verbose_name="工作单位（名单）", **PROTECTED)
    work_unit_name = models.CharField("工作单位", max_length=200, blank=True)
    department = models.CharField("科室", max_length=200, blank=True)
    duty = models.CharField("职务", max_length=200, blank=True)
    title = models.ForeignKey("membership.Title", verbose_name="职称（名单）", **PROTECTED)
    title_name = models.CharField("职称", max_length=200, blank=True)
    work_region = models.ForeignKey("membership.Division", verbose_name="省份/城市", **PROTECTED)

    social_posts = models.CharField("社会任职", max_length=300, blank=True)
    other_societies = models.JSONField("其他学会任职", default=list, blank=True)
    fields_of_interest = models.ManyToManyField("membership.FieldOfInterest", blank=True, related_name="+", verbose_name="关注的领域")
    qualification_kind = models.ForeignKey("membership.QualificationKind", verbose_name="资质证书类型", **PROTECTED)
    qualification_number = models.CharField("资质证书编码", max_length=64, blank=True)
    qualification = models.ForeignKey("membership.Attachment", verbose_name="资质证书首页", **PROTECTED)
    qualification_changes = models.ForeignKey("membership.Attachment", verbose_name="变更页", **PROTECTED)
    student_card = models.ForeignKey("membership.Attachment", verbose_name="学生证", **PROTECTED)
    student_card_until = models.DateField("学生证有效期", null=True, blank=True)
    guardian_name = models.CharField("监护人姓名", max_length=200, blank=True)
    remarks = models.CharField("备注信息", max_length=2000, blank=True)

    class Meta:
        verbose_name = "资料"
        verbose_name_plural = "资料"
        # Of all, also of those without a document: SQLite cannot tell that a text it is asked for is not the empty one.
        indexes = [models.Index(fields=["document_hash"], name="dossier_by_document_hash")]
        constraints = [
            models.UniqueConstraint(
                name="one_dossier_per_application_and_version",
                fields=["application", "version"],
                condition=Q(application__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_submitted_dossier_is_voided", condition=Q(voided_at__isnull=True) | Q(submitted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"资料 {self.pk}（第 {self.version} 版）"

    @property
    def is_sealed(self) -> bool:
        """Whether it was submitted, so that nobody may write to it again (D-3)."""
        return self.submitted_at is not None

    @property
    def is_student(self) -> bool:
        return self.member_type == MemberType.STUDENT
