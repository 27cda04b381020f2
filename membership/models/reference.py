"""Lists that the form offers and the society keeps. Entries become inactive, never deleted: they are printed on papers (I-7)."""

import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from membership.enums import ApplicationKind, ChangeCategoryCode, MemberType


def validate_pattern(text: str) -> None:
    """Accept a regular expression that compiles."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValidationError("这不是有效的正则表达式。") from error


class ChoiceQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Entries that may be chosen now; inactive ones stay printable (I-7)."""
        return self.filter(is_active=True)


class Title(models.Model):
    """A professional title (职称): series, level and name after GB/T 8561; ``display`` is what papers print (「中级,主管药师」)."""

    code = models.CharField("代码", max_length=20, unique=True)
    series_code = models.CharField("系列代码", max_length=20)
    series = models.CharField("系列", max_length=60)
    group = models.CharField("分组", max_length=30, help_text="选择列表中的第一级，例如：医疗类。")
    level = models.CharField("级别", max_length=20, help_text="正高级、副高级、中级、初级（师）、初级（士）或无。")
    name = models.CharField("名称", max_length=60)
    display = models.CharField("显示为", max_length=100, help_text="申请表和证书上的写法，例如：中级,主管药师。")
    is_active = models.BooleanField("启用", default=True)
    order = models.PositiveIntegerField("顺序", default=0)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "职称"
        verbose_name_plural = "职称"
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["series_code", "name"],
                name="a_title_stands_once_in_its_series",
                violation_error_message="该系列已有同名职称。",
            ),
        ]

    def __str__(self) -> str:
        return self.display


class QualificationKind(models.Model):
    """
    A kind of 资质证书 (APP-2). ``regex`` is the form of its number, empty if none is known; ``rule`` says it in words.

    A number of another form is a warning, never a refusal: the public descriptions contradict each other.
    """

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    group = models.CharField("分组", max_length=30)
    regex = models.CharField(
        "编码格式（正则）",
        max_length=200,
        blank=True,
        validators=[validate_pattern],
        help_text="留空表示没有固定格式；不符合时只提醒，不阻止。",
    )
    rule = models.CharField("编码说明", max_length=300, blank=True, help_text="不符合格式时给申请人看的说明。")
    pages = models.CharField("需上传页", max_length=60, default="首页", help_text="用分号分开，例如：首页;变更页。")
    is_active = models.BooleanField("启用", default=True)
    order = models.PositiveIntegerField("顺序", default=0)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "资质证书类型"
        verbose_name_plural = "资质证书类型"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_change_page(self) -> bool:
        """Whether a 变更页 belongs to this certificate."""
        return "变更页" in self.pages.split(";")

    def fits(self, number: str) -> bool:
        """Tell whether ``number`` has the form of this certificate's numbers; anything fits where no form is known."""
        return not self.regex or re.fullmatch(self.regex, number) is not None


class ReviewReasonQuerySet(ChoiceQuerySet):
    def for_kind(self, kind: ApplicationKind) -> "ReviewReasonQuerySet":
        """Active reasons that fit an application of ``kind``."""
        return self.active().filter(**{ReviewReason.COLUMNS[ApplicationKind(kind)]: True})

    def about(self, *, member_type: str, sees_form: bool) -> "ReviewReasonQuerySet":
        """Without those about papers that a member of this type has not, or that the reader does not see."""
        is_student = member_type == MemberType.STUDENT
        absent = [ReviewReason.QUALIFICATION if is_student else ReviewReason.STUDENT]
        return self.exclude(category__in=absent if sees_form else [*absent, ReviewReason.STAMPED_FORM])


class ReviewReason(models.Model):
    """A reason for 审批不通过 that reviewers pick (REV-2). Its category decides whether a new stamped form is asked (E-4)."""

    STAMPED_FORM, QUALIFICATION, STUDENT = "盖章文件", "资质", "学生"
    COLUMNS = {
        ApplicationKind.FIRST_ENROLMENT: "for_enrolment",
        ApplicationKind.FURTHER_ENROLMENT: "for_enrolment",
        ApplicationKind.ACTIVATION: "for_activation",
        ApplicationKind.CHANGE: "for_change",
        ApplicationKind.UPGRADE: "for_upgrade",
    }

    code = models.SlugField("代码", max_length=40, unique=True)
    text = models.CharField("原因", max_length=200)
    category = models.CharField("类别", max_length=30, help_text="类别为“盖章文件”时，申请人重新提交须上传新的盖章文件。")
    for_enrolment = models.BooleanField("用于入会", default=False)
    for_activation = models.BooleanField("用于激活", default=False)
    for_change = models.BooleanField("用于资料变更", default=False)
    for_upgrade = models.BooleanField("用于升级", default=False)
    is_active = models.BooleanField("启用", default=True)
    order = models.PositiveIntegerField("顺序", default=0)

    objects = ReviewReasonQuerySet.as_manager()

    class Meta:
        verbose_name = "审核原因"
        verbose_name_plural = "审核原因"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_enrolment=True) | Q(for_activation=True) | Q(for_change=True) | Q(for_upgrade=True),
                name="a_review_reason_applies_to_something",
                violation_error_message="请至少选择一种适用的申请。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def asks_new_form(self) -> bool:
        """Whether a resubmission after this reason needs a newly signed form (E-4)."""
        return self.category == self.STAMPED_FORM


class FieldOfInterest(models.Model):
    """关注的领域; a person picks at most ten (APP-1)."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    category = models.CharField("类别", max_length=30)
    is_active = models.BooleanField("启用", default=True)
    order = models.PositiveIntegerField("顺序", default=0)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "关注的领域"
        verbose_name_plural = "关注的领域"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class EthnicGroup(models.Model):
    """民族 after GB/T 3304, with the two entries that registers add (97, 98)."""

    code = models.CharField("代码", max_length=2, unique=True)
    letter_code = models.CharField("字母代码", max_length=2, blank=True)
    name = models.CharField("名称", max_length=30, unique=True)
    roman = models.CharField("罗马字母拼写", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "民族"
        verbose_name_plural = "民族"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PoliticalAffiliation(models.Model):
    """党派 after GB/T 4762; ``form_label`` is what the form and the printed table show."""

    code = models.CharField("代码", max_length=2, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=30, blank=True)
    form_label = models.CharField("表上写法", max_length=60)
    is_active = models.BooleanField("启用", default=True)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "党派"
        verbose_name_plural = "党派"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.form_label


class EducationLevelQuerySet(models.QuerySet):
    def selectable(self) -> "EducationLevelQuerySet":
        """The levels that the form offers, in its order; the others occur in old members' data only."""
        return self.filter(is_selectable=True)


class EducationLevel(models.Model):
    """学历 after GB/T 4658; old members' data use codes that the form no longer offers."""

    code = models.CharField("代码", max_length=2, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    form_label = models.CharField("表上写法", max_length=60, blank=True)
    is_selectable = models.BooleanField("可选", default=False)
    order = models.PositiveIntegerField("顺序", default=0)

    objects = EducationLevelQuerySet.as_manager()

    class Meta:
        verbose_name = "学历"
        verbose_name_plural = "学历"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_selectable=False) | ~Q(form_label=""),
                name="a_selectable_education_level_has_a_label",
                violation_error_message="可选的学历须有表上写法。",
            ),
        ]

    def __str__(self) -> str:
        return self.form_label or self.name


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday, or a weekend day worked instead (REV-1). It beats every package."""

    date = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班", default=False)
    name = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "调休与节假日"
        verbose_name_plural = "调休与节假日"
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {'上班' if self.is_working else '休息'}"


class ChangeCategory(models.Model):
    """What a change of one category needs (D-12); as delivered every category is stamped and reviewed."""

    code = models.CharField("类别", max_length=20, choices=ChangeCategoryCode.choices, unique=True)
    needs_stamp = models.BooleanField("须盖章", default=True)
    needs_review = models.BooleanField("须审核", default=True, help_text="不审核的变更在提交后立即生效。")

    class Meta:
        verbose_name = "变更类别"
        verbose_name_plural = "变更类别"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_stamp=False) | Q(needs_review=True),
                name="a_stamp_is_always_reviewed",
                violation_error_message="须盖章的变更必须审核。",
            ),
            models.CheckConstraint(
                condition=~Q(code=ChangeCategoryCode.IDENTITY) | Q(needs_review=True),
                name="a_change_of_identity_is_always_reviewed",
                violation_error_message="关键信息变更必须审核。",
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()

    @property
    def touches_face_data(self) -> bool:
        """Whether such a change may alter what the certificate shows: unit, title, name, type, specialty."""
        return self.code != ChangeCategoryCode.CONTACT
