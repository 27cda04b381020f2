"""Who holds a seat in a committee, and what they say of an applicant."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from membership.enums import EndorsementState, SeatRole

USER = settings.AUTH_USER_MODEL


class SeatQuerySet(models.QuerySet):
    def running_on(self, day: date) -> "SeatQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Seat(models.Model):
    """A member's place in a committee for a term; both dates inclusive. An end date is obligatory (I-8)."""

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="seats", verbose_name="会员")
    committee = models.ForeignKey("membership.Institution", on_delete=models.PROTECT, related_name="seat_holders", verbose_name="专委会")
    role = models.CharField("任职", max_length=24, choices=SeatRole.choices, default=SeatRole.MEMBER)
    starts_on = models.DateField("任期开始")
    ends_on = models.DateField("任期结束")
    # Of which end its holder was told: a term that is lengthened later is told of anew (REF-3).
    told_of_end_on = models.DateField("已通知的结束日期", null=True, blank=True, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "委员任职"
        verbose_name_plural = "委员任职"
        constraints = [
            models.CheckConstraint(name="a_seat_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.UniqueConstraint(name="one_seat_per_member_committee_and_start", fields=["member", "committee", "starts_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.committee} {self.get_role_display()}"

    def is_running_on(self, day: date) -> bool:
        """Whether ``day`` lies within the term; what the holder may do on it depends on more (E-9)."""
        return self.starts_on <= day <= self.ends_on


class ReferralCode(models.Model):
    """委员专属推荐码: belongs to a seat; a revoked one is kept, so that it can say it is dead (E-17)."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="referral_codes", verbose_name="任职")
    code = models.CharField("推荐码", max_length=16, unique=True)
    scans = models.PositiveIntegerField("扫码次数", default=0)
    created_at = models.DateTimeField("生成时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "推荐码"
        verbose_name_plural = "推荐码"
        constraints = [
            models.UniqueConstraint(name="one_live_referral_code_per_seat", fields=["seat"], condition=Q(revoked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.code


class ReferralBinding(models.Model):
    """
    That the referrer of an application came by a code (APP-6). It says how, never who: who refers is the application's to say, and a
    referrer chosen afterwards leaves this behind as history.
    """

    application = models.OneToOneField(
        "membership.Application", on_delete=models.CASCADE, related_name="referral_binding", verbose_name="申请"
    )
    code = models.ForeignKey(ReferralCode, on_delete=models.CASCADE, related_name="bindings", verbose_name="推荐码")
    bound_at = models.DateTimeField("绑定时间")

    class Meta:
        verbose_name = "推荐码绑定"
        verbose_name_plural = "推荐码绑定"

    def __str__(self) -> str:
        return f"{self.code} {self.application_id}"


class Endorsement(models.Model):
    """
    A committee member's word on an application (E-1 to E-12).

    The applicant reads ``reason_public``; ``reason_internal`` (仅供协会) goes to association reviewers only. A given endorsement
    keeps a snapshot of who gave it, for seats end and names change (E-10).
    """

    application = models.ForeignKey("membership.Application", on_delete=models.CASCADE, related_name="endorsements", verbose_name="申请")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="endorsements", verbose_name="任职")
    state = models.CharField("状态", max_length=16, choices=EndorsementState.choices, default=EndorsementState.ASKED)
    state_since = models.DateTimeField("进入状态的时间")
    asked_at = models.DateTimeField("请求时间")
    due_on = models.DateField("期限")
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    reason_public = models.CharField("原因（申请人可见）", max_length=500, blank=True)
    reason_internal = models.CharField("仅供协会", max_length=500, blank=True)
    name = models.CharField("推荐人姓名", max_length=200, blank=True)
    committee_name = models.CharField("所属专委会", max_length=200, blank=True)
    role_name = models.CharField("专委会任职", max_length=60, blank=True)

    class Meta:
        verbose_name = "推荐意见"
        verbose_name_plural = "推荐意见"
        constraints = [
            models.UniqueConstraint(
                name="one_open_endorsement_per_application",
                fields=["application"],
                condition=Q(state__in=(EndorsementState.ASKED, EndorsementState.AGREED)),
            ),
            models.CheckConstraint(
                name="exactly_the_answered_have_an_answer_time",
                condition=Q(answered_at__isnull=False) | ~Q(state__in=(EndorsementState.AGREED, EndorsementState.DECLINED)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"
