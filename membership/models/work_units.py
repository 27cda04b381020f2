"""Work units: the list that the form searches, their other names, and requests to add one."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from membership.enums import RequestState, WorkUnitKind
from membership.models.divisions import CURRENT_PROVINCES, Division
from membership.models.spelled_names import SpelledName


class WorkUnitQuerySet(models.QuerySet):
    def active(self) -> "WorkUnitQuerySet":
        """Units that may be chosen now; inactive ones stay printable (I-7)."""
        return self.filter(is_active=True)


class WorkUnit(SpelledName, ClusterableModel):
    """
    A hospital, school, institute or the like from which 专业会员 must choose (APP-5).

    A renamed unit keeps its former name as an alias and changes no dossier (I-5).
    """

    name = models.CharField("名称", max_length=120, unique=True)
    kind = models.CharField("类别", max_length=30, choices=WorkUnitKind.choices)
    province = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to=CURRENT_PROVINCES,
        related_name="work_units",
        verbose_name="省份",
    )
    is_active = models.BooleanField("启用", default=True)

    objects = WorkUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "工作单位"
        verbose_name_plural = "工作单位"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WorkUnitAlias(SpelledName):
    """Another name of a work unit: official, former or everyday. One name leads to one unit."""

    work_unit = ParentalKey(WorkUnit, on_delete=models.CASCADE, related_name="aliases", verbose_name="工作单位")
    name = models.CharField("别名或曾用名", max_length=120, unique=True)

    class Meta:
        verbose_name = "工作单位别名"
        verbose_name_plural = "工作单位别名"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse the name of a listed unit as the other name of one."""
        if WorkUnit.objects.filter(name=self.name).exists():
            raise ValidationError({"name": "该名称已是名单中的单位。"})


class WorkUnitRequestQuerySet(models.QuerySet):
    def open(self) -> "WorkUnitRequestQuerySet":
        """Requests that support has not answered yet."""
        return self.filter(state=RequestState.OPEN)


class WorkUnitRequest(models.Model):
    """Somebody's request to add a unit that the list lacks (APP-5); their draft waits for the answer (L-9)."""

    name = models.CharField("单位名称", max_length=120)
    province = models.CharField("省份", max_length=60, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="work_unit_requests", verbose_name="申请账号"
    )
    # A discarded draft leaves its request behind: the unit may still be worth adding.
    application = models.ForeignKey(
        "membership.Application",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="work_unit_requests",
        verbose_name="所属申请",
    )
    state = models.CharField("状态", max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.CharField("答复", max_length=300, blank=True)
    work_unit = models.ForeignKey(
        WorkUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", verbose_name="已加单位"
    )
    created_at = models.DateTimeField("提出时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = WorkUnitRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "添加单位申请"
        verbose_name_plural = "添加单位申请"
        ordering = ["created_at"]
        indexes = [models.Index(fields=["state", "created_at"], name="unit_request_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "name"],
                condition=Q(state=RequestState.OPEN),
                name="an_application_asks_for_a_unit_once",
                violation_error_message="您已申请添加该单位，请等待答复。",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at__isnull=True) | ~Q(state=RequestState.OPEN) & Q(answered_at__isnull=False),
                name="an_answered_unit_request_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DONE) | Q(work_unit__isnull=False),
                name="a_granted_unit_request_names_the_unit",
                violation_error_message="请选择已添加的单位。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
