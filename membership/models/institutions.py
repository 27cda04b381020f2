"""The institutions of the association: what one applies to, what it was called, and who reviews for it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from membership.enums import InstitutionKind
from membership.models.divisions import CURRENT_PROVINCES, Division
from membership.models.spelled_names import SpelledName

ASSOCIATION_NAME = "中国抗癌协会"


class InstitutionsStay(ValueError):
    """Somebody tried to delete an institution (I-2)."""

    def __init__(self) -> None:
        super().__init__("机构不能删除，请停用、合并或关闭。")


class InstitutionQuerySet(models.QuerySet):
    def open_on(self, day: date) -> "InstitutionQuerySet":
        """Institutions that take applications and renewals on ``day`` (I-3, I-4)."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), is_active=True)

    def choosable_on(self, day: date) -> "InstitutionQuerySet":
        """Institutions that the application form offers on ``day``: open ones but the headquarters (I-1)."""
        return self.open_on(day).exclude(kind=InstitutionKind.HEADQUARTERS)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse, if there is anything to delete: institutions stay (I-2)."""
        if self.exists():
            raise InstitutionsStay()
        return 0, {}


class Institution(SpelledName):
    """
    专委会, 海外分会, 省市抗癌协会, 青年理事会 or 协会本部 (CMS-4, I-1).

    It is never deleted (I-2): it is renamed, merged into another or closed. ``closed_on`` is the first day on
    which it takes nothing any more. ``name`` is the short name; printed papers show :attr:`full_name`.
    """

    code = models.SlugField("代码", max_length=40, unique=True, help_text="小写字母、数字和连字符；建立后不再更改。")
    name = models.CharField("名称", max_length=120, help_text="不带“中国抗癌协会”，例如：肺癌专业委员会。")
    kind = models.CharField("类别", max_length=20, choices=InstitutionKind.choices)
    province = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to=CURRENT_PROVINCES,
        related_name="institutions",
        verbose_name="省份",
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级机构")
    seats = models.PositiveIntegerField("委员名额", null=True, blank=True, help_text="留空表示未定。")
    is_active = models.BooleanField("启用", default=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_institutions", verbose_name="并入机构"
    )
    closed_on = models.DateField("停止日期", null=True, blank=True, help_text="自该日起不再接受申请和续会。")

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(is_active=True),
                name="active_institutions_have_different_names",
                violation_error_message="已有同名的启用机构。",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind=InstitutionKind.HEADQUARTERS),
                name="there_is_one_headquarters",
                violation_error_message="协会本部只有一个。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=InstitutionKind.HEADQUARTERS) | Q(is_active=True, closed_on__isnull=True),
                name="the_headquarters_stays_open",
                violation_error_message="协会本部不能停用或关闭。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=InstitutionKind.REGIONAL) | Q(province__isnull=False),
                name="a_regional_institution_has_a_province",
                violation_error_message="省市抗癌协会须选择省份。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False),
                name="a_merged_institution_has_a_closing_day",
                violation_error_message="并入其他机构时须填写停止日期。",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")),
                name="an_institution_is_not_merged_into_itself",
                violation_error_message="机构不能并入自己。",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="an_institution_is_not_its_own_parent",
                violation_error_message="机构不能是自己的上级。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        """Refuse: institutions are never deleted (I-2)."""
        raise InstitutionsStay()

    @property
    def full_name(self) -> str:
        """The name as printed: with the association's before it, but for regional ones, which have their own."""
        if self.kind == InstitutionKind.HEADQUARTERS:
            return ASSOCIATION_NAME
        if self.kind == InstitutionKind.REGIONAL:
            return self.name
        return f"{ASSOCIATION_NAME}{self.name}"

    @property
    def is_headquarters(self) -> bool:
        return self.kind == InstitutionKind.HEADQUARTERS

    def is_open_on(self, day: date) -> bool:
        """Tell whether it takes applications and renewals on ``day`` (I-3, I-4)."""
        return self.is_active and (self.closed_on is None or day < self.closed_on)

    def name_on(self, day: date) -> str:
        """Return the name it had on ``day`` (I-2)."""
        former = self.former_names.filter(valid_to__gte=day).order_by("valid_to").first()
        return former.name if former else self.name


class InstitutionNameQuerySet(models.QuerySet["InstitutionName"]):
    def record(self, *, institution: Institution, name: str, last_day: date) -> "InstitutionName":
        """Note that ``institution`` was called ``name`` until and with ``last_day``."""
        before = self.filter(institution=institution).order_by("valid_to").last()
        return self.create(institution=institution, name=name, valid_from=before and before.day_after, valid_to=last_day)


class InstitutionName(models.Model):
    """A name that an institution had until ``valid_to``; without ``valid_from`` since its beginning (I-2)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="former_names", verbose_name="机构")
    name = models.CharField("曾用名称", max_length=120)
    valid_from = models.DateField("起用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期")

    objects = InstitutionNameQuerySet.as_manager()

    class Meta:
        verbose_name = "机构曾用名"
        verbose_name_plural = "机构曾用名"
        ordering = ["institution", "valid_to"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "valid_to"],
                name="one_name_of_an_institution_ends_on_a_day",
                violation_error_message="该机构当天已更名一次，请明天再改。",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_name_of_an_institution_ends_after_it_began",
                violation_error_message="停用日期不能早于起用日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def day_after(self) -> date:
        """The first day of the name that followed."""
        return date.fromordinal(self.valid_to.toordinal() + 1)


class InstitutionReviewerQuerySet(models.QuerySet):
    def active(self) -> "InstitutionReviewerQuerySet":
        """Reviewers who act for their institution now; one without any is decided by the association (K-7)."""
        return self.filter(is_active=True, user__is_active=True)


class InstitutionReviewer(models.Model):
    """An account that decides for an institution (REV-4, K-7)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="reviewers", verbose_name="机构")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviewed_institutions", verbose_name="审核员账号"
    )
    is_active = models.BooleanField("启用", default=True)

    objects = InstitutionReviewerQuerySet.as_manager()

    class Meta:
        verbose_name = "机构审核员"
        verbose_name_plural = "机构审核员"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "user"],
                name="an_account_reviews_for_an_institution_once",
                violation_error_message="该账号已是此机构的审核员。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} 审核员 {self.user_id}"
