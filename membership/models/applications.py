"""
An application, its rows (one an institution), and the decisions on them.

States and holds are written by ``domain.transitions.move`` alone; what must stay true even if all above is wrong stands
here as constraints, named as sentences.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When

from membership.enums import (
    ApplicationKind,
    ApplicationState,
    Hold,
    MemberType,
    Outcome,
    ReferralMethod,
    RowState,
    Stage,
    StampWaiver,
    Verdict,
)
from membership.periods import shanghai_date

if TYPE_CHECKING:
    from membership.models.dossiers import Dossier

USER = settings.AUTH_USER_MODEL

ENROLMENTS = (ApplicationKind.FIRST_ENROLMENT, ApplicationKind.FURTHER_ENROLMENT)
AMENDMENTS = (ApplicationKind.ACTIVATION, ApplicationKind.CHANGE, ApplicationKind.UPGRADE)
BEFORE_DECIDING = (
    ApplicationState.DRAFT,
    ApplicationState.AWAITING_FORM,
    ApplicationState.ENDORSING,
    ApplicationState.CHECKING,
    ApplicationState.RETURNED,
)
OPEN_STATES = (*BEFORE_DECIDING, ApplicationState.DECIDING)
ENDED_STATES = (ApplicationState.CLOSED, ApplicationState.WITHDRAWN, ApplicationState.EXPIRED)
OPEN_ROW_STATES = (RowState.WAITING, RowState.PENDING)

# Lists go by these, each by an index; the database computes them, so they cannot drift (REV-1, Speed).
STAGE_OF_FILE = Case(
    When(state__in=(ApplicationState.AWAITING_FORM, ApplicationState.ENDORSING), then=Value(Stage.BEFORE.value)),
    When(state=ApplicationState.CHECKING, hold=Hold.NONE, then=Value(Stage.WAITING.value)),
    When(state=ApplicationState.CHECKING, then=Value(Stage.HELD.value)),
    When(
        state__in=(ApplicationState.DECIDING, ApplicationState.RETURNED, ApplicationState.CLOSED),
        then=Value(Stage.DECIDED.value),
    ),
    When(state__in=(ApplicationState.WITHDRAWN, ApplicationState.EXPIRED), then=Value(Stage.ENDED.value)),
    default=Value(Stage.NOT_YET.value),
)
# A row gets its due date when it reaches the institution; one that never did is none of its business.
STAGE_OF_ROW = Case(
    When(due_on__isnull=True, then=Value(Stage.NOT_YET.value)),
    When(state=RowState.PENDING, hold=Hold.NONE, then=Value(Stage.WAITING.value)),
    When(state=RowState.PENDING, then=Value(Stage.HELD.value)),
    When(state__in=(RowState.APPROVED, RowState.REFUSED), then=Value(Stage.DECIDED.value)),
    When(state=RowState.WITHDRAWN, then=Value(Stage.ENDED.value)),
    default=Value(Stage.NOT_YET.value),
)
STATUS_OF_FILE = Case(When(state=ApplicationState.CLOSED, then=F("outcome")), default=F("state"))


class ApplicationQuerySet(models.QuerySet):
    def open(self) -> "ApplicationQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def enrolments(self) -> "ApplicationQuerySet":
        return self.filter(kind__in=ENROLMENTS)


class Application(models.Model):
    """
    What a person asks of the society: enrolment, activation, change or upgrade.

    ``chosen`` holds a draft's institutions; ``submit()`` makes the rows (A-11). ``basis`` is a list of ``Basis`` values ticked
    with the signed form (E-1). The clock (K-1 to K-4): ``clock_started_at`` begins a round; while ``hold`` stops it,
    ``clock_stopped_on`` says since when.
    """

    kind = models.CharField("种类", max_length=24, choices=ApplicationKind.choices)
    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="applications", verbose_name="会员")
    state = models.CharField("状态", max_length=16, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    state_since = models.DateTimeField("进入状态的时间")
    hold = models.CharField("暂停", max_length=16, choices=Hold.choices, default=Hold.NONE)
    outcome = models.CharField("结果", max_length=16, choices=Outcome.choices, blank=True)
    round = models.PositiveIntegerField("轮次", default=1)

    chosen = models.ManyToManyField("membership.Institution", blank=True, related_name="+", verbose_name="所选机构")
    base_dossier = models.ForeignKey(
        "membership.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据的资料"
    )
    # RESTRICT, not PROTECT: a discarded draft goes together with its dossier.
    proposed_dossier = models.ForeignKey(
        "membership.Dossier", on_delete=models.RESTRICT, null=True, blank=True, related_name="proposed_by", verbose_name="提交的资料"
    )
    is_correction = models.BooleanField("更正", default=False)
    target_type = models.CharField("升级为", max_length=16, choices=MemberType.choices, blank=True)
    categories = models.ManyToManyField("membership.ChangeCategory", blank=True, related_name="+", verbose_name="变更类别")
    needs_stamp = models.BooleanField("需要盖章", default=True)
    needs_review = models.BooleanField("需要审核", default=True)
    confirmed_true_at = models.DateTimeField("确认资料属实", null=True, blank=True)

    referral_method = models.CharField("推荐方式", max_length=24, choices=ReferralMethod.choices, blank=True)
    referrer_seat = models.ForeignKey(
        "membership.Seat", on_delete=models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name="推荐委员"
    )
    referrer = models.ForeignKey(
        "membership.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name="推荐人"
    )
    referring_unit = models.CharField("推荐单位", max_length=200, blank=True)

    basis = models.JSONField("推荐渠道", default=list, blank=True)
    # Whether a resubmission needs a newly signed form (E-4); the association may waive it when returning.
    stamp_required = models.BooleanField("需重新盖章", default=True)
    stamp_waived_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="免重新盖章")
    stamp_waiver = models.CharField("免盖章", max_length=16, choices=StampWaiver.choices, blank=True)
    stamp_waiver_note = models.CharField("免盖章说明", max_length=300, blank=True)
    stamp_waiver_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="免盖章批准人"
    )
    stamp_waiver_evidence = models.ForeignKey(
        "membership.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="免盖章证明"
    )

    created_at = models.DateTimeField("建立时间")
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    # First time with the association; decides what a recall does and whether an endorsement may be retracted (E-11).
    first_checked_at = models.DateTimeField("首次进入审核", null=True, blank=True)
    first_opened_at = models.DateTimeField("审核员首次打开", null=True, blank=True)
    clock_started_at = models.DateTimeField("审核计时开始", null=True, blank=True)
    clock_stopped_on = models.DateField("审核计时暂停", null=True, blank=True)
    stage_due_on = models.DateField("本阶段期限", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    # As last submitted, so that lists open no dossier (``domain.listed``).
    member_type = models.CharField("会员类型", max_length=16, choices=MemberType.choices, blank=True)
    stage = models.GeneratedField(
        expression=STAGE_OF_FILE, output_field=CharField("阶段", max_length=16, choices=Stage.choices), db_persist=True
    )
    # The state; of a closed file its outcome.
    status = models.GeneratedField(expression=STATUS_OF_FILE, output_field=CharField("审核状态", max_length=16), db_persist=True)
    # Who of the association took it on: a soft hint, never a lock (REV-9).
    assigned_to = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="领取人")
    assigned_at = models.DateTimeField("领取时间", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "申请"
        verbose_name_plural = "申请"
        indexes = [
            models.Index(fields=["state", "stage_due_on", "id"], name="application_queue"),
            models.Index(fields=["state", "state_since"], name="application_by_state_age"),
            # What a list is ordered by comes before what it is only filtered by: that is read in the index, in order, without a sort.
            models.Index(fields=["kind", "stage", "stage_due_on", "id", "member_type"], name="file_list_by_due"),
            models.Index(fields=["kind", "stage", "assigned_to", "stage_due_on", "id"], name="file_list_by_claim"),
            models.Index(fields=["kind", "stage", "id", "member_type"], name="file_list_by_stage"),
            models.Index(fields=["kind", "status", "id", "member_type"], name="file_list_by_status"),
            models.Index(fields=["kind", "id", "stage", "member_type"], name="file_list"),
            models.Index(fields=["member", "kind", "stage", "status", "id"], name="file_list_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_enrolment_not_yet_deciding_per_member",
                fields=["member"],
                condition=Q(kind__in=ENROLMENTS, state__in=BEFORE_DECIDING),
            ),
            models.UniqueConstraint(
                name="one_open_activation_change_or_upgrade_per_member",
                fields=["member"],
                condition=Q(kind__in=AMENDMENTS, state__in=OPEN_STATES),
            ),
            models.CheckConstraint(
                name="only_a_further_enrolment_proposes_no_dossier",
                condition=Q(kind=ApplicationKind.FURTHER_ENROLMENT, proposed_dossier__isnull=True)
                | ~Q(kind=ApplicationKind.FURTHER_ENROLMENT) & Q(proposed_dossier__isnull=False),
            ),
            models.CheckConstraint(
                name="exactly_the_closed_have_an_outcome",
                condition=Q(state=ApplicationState.CLOSED) & ~Q(outcome="") | ~Q(state=ApplicationState.CLOSED) & Q(outcome=""),
            ),
            models.CheckConstraint(name="an_ended_application_is_not_held", condition=~Q(state__in=ENDED_STATES) | Q(hold=Hold.NONE)),
            models.CheckConstraint(
                name="a_file_is_held_as_reopened_or_frozen", condition=Q(hold__in=(Hold.NONE, Hold.REOPENED, Hold.FROZEN))
            ),
            models.CheckConstraint(
                name="only_an_upgrade_names_its_target",
                condition=Q(kind=ApplicationKind.UPGRADE) & ~Q(target_type="") | ~Q(kind=ApplicationKind.UPGRADE) & Q(target_type=""),
            ),
            models.CheckConstraint(name="a_correction_is_a_change", condition=Q(is_correction=False) | Q(kind=ApplicationKind.CHANGE)),
            models.CheckConstraint(name="a_stamp_is_never_asked_without_review", condition=Q(needs_stamp=False) | Q(needs_review=True)),
            models.CheckConstraint(
                name="a_claimed_file_says_since_when", condition=Q(assigned_to__isnull=True) | Q(assigned_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def number(self) -> str:
        """The number printed on the form: Shanghai's year of the start and serial, e.g. 2026-000041."""
        return f"{shanghai_date(self.created_at):%Y}-{self.pk:06d}"

    @property
    def own_dossier(self) -> "Dossier":
        """
        The dossier it proposes, for the kinds that do: all but a further enrolment (A-11).

        :raises ValueError: it proposes none.
        """
        if self.proposed_dossier is None:
            raise ValueError(f"«{self.kind}» proposes no dossier")
        return self.proposed_dossier

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Replacement(models.Model):
    """In a draft: the affiliation that a chosen institution is to replace; ``submit()`` puts it on the row (A-10)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="replacements", verbose_name="申请")
    institution = models.ForeignKey("membership.Institution", on_delete=models.PROTECT, related_name="+", verbose_name="新机构")
    affiliation = models.ForeignKey("membership.Affiliation", on_delete=models.PROTECT, related_name="+", verbose_name="更换")

    class Meta:
        verbose_name = "更换机构"
        verbose_name_plural = "更换机构"
        constraints = [
            models.UniqueConstraint(name="an_institution_replaces_one_affiliation", fields=["application", "institution"]),
            models.UniqueConstraint(name="an_affiliation_is_replaced_once_in_a_draft", fields=["application", "affiliation"]),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.institution}"


class RowQuerySet(models.QuerySet):
    def open(self) -> "RowQuerySet":
        return self.filter(state__in=OPEN_ROW_STATES)


class ApplicationInstitution(models.Model):
    """
    A row: one application × one institution, decided by that institution alone (A-1).

    ``due_on`` is the date promised to the applicant and shown in the queue. ``replaces`` names an affiliation of the same kind that
    ends on the day this row is approved (A-10). A row that moved with a merger points to its ``successor`` (I-3).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="rows", verbose_name="申请")
    institution = models.ForeignKey("membership.Institution", on_delete=models.PROTECT, related_name="rows", verbose_name="机构")
    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="rows", verbose_name="会员")
    state = models.CharField("状态", max_length=16, choices=RowState.choices, default=RowState.WAITING)
    state_since = models.DateTimeField("进入状态的时间")
    hold = models.CharField("暂停", max_length=16, choices=Hold.choices, default=Hold.NONE)
    round = models.PositiveIntegerField("轮次", default=1)
    due_on = models.DateField("期限", null=True, blank=True)
    clock_stopped_on = models.DateField("审核计时暂停", null=True, blank=True)
    first_submitted_on = models.DateField("首次提交日期")
    replaces = models.ForeignKey(
        "membership.Affiliation", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by_rows", verbose_name="更换"
    )
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="转入的申请"
    )
    statement = models.CharField("补充说明", max_length=2000, blank=True)
    supplements = models.ManyToManyField("membership.Attachment", blank=True, related_name="+", verbose_name="补充材料")
    # As its application's, for lists.
    member_type = models.CharField("会员类型", max_length=16, choices=MemberType.choices, blank=True)
    stage = models.GeneratedField(
        expression=STAGE_OF_ROW, output_field=CharField("阶段", max_length=16, choices=Stage.choices), db_persist=True
    )
    # Who of its deciders took it on: a soft hint, never a lock (REV-9).
    assigned_to = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="领取人")
    assigned_at = models.DateTimeField("领取时间", null=True, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "机构申请"
        verbose_name_plural = "机构申请"
        indexes = [
            models.Index(fields=["institution", "state", "due_on", "id"], name="row_queue_of_institution"),
            models.Index(fields=["state", "due_on", "id"], name="row_queue"),
            models.Index(fields=["institution", "stage", "due_on", "id", "member_type"], name="row_list_by_due"),
            models.Index(fields=["institution", "stage", "assigned_to", "due_on", "id"], name="row_list_by_claim"),
            models.Index(fields=["institution", "stage", "id", "member_type"], name="row_list_by_stage"),
            models.Index(fields=["institution", "state", "id", "member_type"], name="row_list_by_state"),
            models.Index(fields=["institution", "id", "stage", "member_type"], name="row_list"),
            # For who decides for several institutions.
            models.Index(fields=["stage", "due_on", "id", "institution", "member_type"], name="row_list_of_all_by_due"),
            models.Index(fields=["stage", "id", "institution", "state", "member_type"], name="row_list_of_all_by_stage"),
            models.Index(fields=["id", "institution", "stage", "state", "member_type"], name="row_list_of_all"),
            models.Index(fields=["member", "institution", "stage", "state", "id"], name="row_list_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_row_per_member_and_institution",
                fields=["member", "institution"],
                condition=Q(state__in=OPEN_ROW_STATES),
            ),
            models.UniqueConstraint(name="one_row_per_application_institution_and_round", fields=["application", "institution", "round"]),
            models.UniqueConstraint(
                name="one_open_row_per_replaced_affiliation",
                fields=["replaces"],
                condition=Q(state__in=OPEN_ROW_STATES),
            ),
            models.CheckConstraint(name="a_decided_row_is_not_held", condition=Q(state__in=OPEN_ROW_STATES) | Q(hold=Hold.NONE)),
            models.CheckConstraint(name="a_row_is_held_only_as_reported", condition=Q(hold__in=(Hold.NONE, Hold.REPORTED))),
            models.CheckConstraint(
                name="exactly_the_moved_have_a_successor",
                condition=Q(state=RowState.MOVED, successor__isnull=False) | ~Q(state=RowState.MOVED) & Q(successor__isnull=True),
            ),
            models.CheckConstraint(
                name="a_claimed_row_says_since_when", condition=Q(assigned_to__isnull=True) | Q(assigned_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.institution}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ROW_STATES


class StampedForm(models.Model):
    """One upload of the signed form: pictures of its pages, what it rests on, what was found in it (APP-11, A-23)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="stamped_forms", verbose_name="申请")
    dossier = models.ForeignKey("membership.Dossier", on_delete=models.PROTECT, related_name="stamped_forms", verbose_name="资料")
    original = models.ForeignKey("membership.Attachment", on_delete=models.PROTECT, related_name="stamped_forms", verbose_name="原文件")
    basis = models.JSONField("推荐渠道", default=list)
    findings = models.JSONField("自动检查", default=dict, blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        verbose_name = "盖章文件"
        verbose_name_plural = "盖章文件"
        constraints = [
            models.UniqueConstraint(
                name="one_current_stamped_form_per_application", fields=["application"], condition=Q(superseded_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"盖章文件 {self.pk}"


class StampedFormPage(models.Model):
    """A page of a stamped form as a picture, so that a reviewer's screen opens whatever was sent (field case 23)."""

    stamped_form = models.ForeignKey(StampedForm, on_delete=models.CASCADE, related_name="pages", verbose_name="盖章文件")
    number = models.PositiveSmallIntegerField("页码")
    attachment = models.ForeignKey("membership.Attachment", on_delete=models.PROTECT, related_name="stamped_pages", verbose_name="图片")

    class Meta:
        verbose_name = "盖章文件页"
        verbose_name_plural = "盖章文件页"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_picture_per_stamped_page", fields=["stamped_form", "number"]),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 页"


class ScanPage(models.Model):
    """
    A page of a signed form that is laid out and looked at, and not handed in yet (APP-11). Only the applicant sees it.

    ``source_…`` tell of the file it came in: what the person calls it, its SHA-256 and bytes, and which page of it this is.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scan_pages", verbose_name="申请")
    number = models.PositiveSmallIntegerField("页码")
    picture = models.ForeignKey("membership.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name="图片")
    seen = models.JSONField("自动检查", default=dict, blank=True)
    source_name = models.CharField("来源文件", max_length=255, blank=True)
    source_sha256 = models.CharField("来源文件 SHA-256", max_length=64)
    source_size = models.PositiveIntegerField("来源文件字节")
    source_page = models.PositiveSmallIntegerField("来源文件页码")
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "待提交的盖章文件页"
        verbose_name_plural = "待提交的盖章文件页"
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_page_is_laid_out_once", fields=["application", "source_sha256", "source_page"]),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 页"


class DecisionQuerySet(models.QuerySet):
    def counted(self) -> "DecisionQuerySet":
        """Decisions that stand; one taken back stays as a row and does not count (A-2)."""
        return self.filter(taken_back_at__isnull=True)


class Decision(models.Model):
    """
    A verdict of the association (no institution) or of an institution, on the dossier it names (A-2, D-4).

    ``decided_by`` empty means the system (D-13). ``reason`` is what the applicant reads; ``fields`` lists the form fields
    it concerns. ``waives_stamp``: the association lets a returned file come back without a newly stamped form (E-4).
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions", verbose_name="申请")
    row = models.ForeignKey(
        ApplicationInstitution, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="机构申请"
    )
    institution = models.ForeignKey(
        "membership.Institution", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="机构"
    )
    round = models.PositiveIntegerField("轮次")
    dossier = models.ForeignKey("membership.Dossier", on_delete=models.PROTECT, related_name="decisions", verbose_name="所审资料")
    verdict = models.CharField("决定", max_length=16, choices=Verdict.choices)
    reasons = models.ManyToManyField("membership.ReviewReason", blank=True, related_name="+", verbose_name="原因（清单）")
    reason = models.CharField("原因", max_length=2000, blank=True)
    fields = models.JSONField("涉及字段", default=list, blank=True)
    waives_stamp = models.BooleanField("免重新盖章", default=False)
    on_behalf = models.BooleanField("协会代审", default=False)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")
    taken_back_at = models.DateTimeField("撤回时间", null=True, blank=True)
    taken_back_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人")
    taken_back_reason = models.CharField("撤回原因", max_length=2000, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "决定"
        verbose_name_plural = "决定"
        constraints = [
            models.UniqueConstraint(
                name="one_decision_per_institution_and_round",
                fields=["application", "institution", "round"],
                condition=Q(institution__isnull=False, taken_back_at__isnull=True),
            ),
            # NULLs are distinct, so the association's own needs a constraint of its own.
            models.UniqueConstraint(
                name="one_decision_of_the_association_per_round",
                fields=["application", "round"],
                condition=Q(institution__isnull=True, taken_back_at__isnull=True),
            ),
            models.CheckConstraint(name="a_refusal_says_why", condition=Q(verdict=Verdict.APPROVED) | ~Q(reason="")),
            models.CheckConstraint(
                name="a_row_decision_names_its_institution",
                condition=Q(row__isnull=True, institution__isnull=True) | Q(row__isnull=False, institution__isnull=False),
            ),
            models.CheckConstraint(
                name="another_person_takes_a_decision_back",
                condition=Q(taken_back_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(taken_back_by=F("decided_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} · 第 {self.round} 轮"


class Reopening(models.Model):
    """Named sections of a submitted form, open for correction until the end of a day (A-16)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reopenings", verbose_name="申请")
    sections = models.JSONField("开放部分", default=list)
    until = models.DateField("截止日期")
    needs_new_form = models.BooleanField("需重新盖章", default=False)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="开放人")
    opened_at = models.DateTimeField("开放时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    draft_dossier = models.ForeignKey(
        "membership.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="修改稿"
    )

    class Meta:
        verbose_name = "开放修改"
        verbose_name_plural = "开放修改"
        constraints = [
            models.UniqueConstraint(name="one_open_reopening_per_application", fields=["application"], condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"开放修改至 {self.until}"


class Recusal(models.Model):
    """A reviewer passes a case of relatives or colleagues on (S-7)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="recusals", verbose_name="申请")
    institution = models.ForeignKey(
        "membership.Institution", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构"
    )
    reviewer = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="recusals", verbose_name="审核员")
    reason = models.CharField("原因", max_length=300)
    recused_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回避"
        verbose_name_plural = "回避"
        constraints = [
            models.UniqueConstraint(name="one_recusal_per_reviewer_and_application", fields=["application", "reviewer"]),
        ]

    def __str__(self) -> str:
        return f"回避 {self.pk}"


class Note(models.Model):
    """An internal word on a case, read by staff of the same scope only: the association's, or one institution's (REV-9)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes", verbose_name="申请")
    institution = models.ForeignKey(
        "membership.Institution", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构"
    )
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name="作者")
    text = models.CharField("备注", max_length=2000)
    written_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "内部备注"
        verbose_name_plural = "内部备注"

    def __str__(self) -> str:
        return f"备注 {self.pk}"
