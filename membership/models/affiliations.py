"""Membership in one institution, from a day to a day, and its renewals."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from membership.enums import AffiliationEnd, AffiliationSource


class AffiliationQuerySet(models.QuerySet):
    def standing(self) -> "AffiliationQuerySet":
        """Neither ended nor void; the dates still say whether they run, are in grace or lapsed."""
        return self.filter(ended_on__isnull=True, voided_at__isnull=True)

    def running_on(self, day: date) -> "AffiliationQuerySet":
        return self.standing().filter(valid_from__lte=day, valid_to__gte=day)


class Affiliation(models.Model):
    """A member's belonging to an institution; ``valid_from`` and ``valid_to`` are both inclusive (M-3)."""

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="affiliations", verbose_name="会员")
    institution = models.ForeignKey("membership.Institution", on_delete=models.PROTECT, related_name="affiliations", verbose_name="机构")
    valid_from = models.DateField("有效期自")
    valid_to = models.DateField("有效期至")
    source = models.CharField("来源", max_length=16, choices=AffiliationSource.choices)
    decision = models.OneToOneField(
        "membership.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="affiliation", verbose_name="决定"
    )
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_by = models.CharField("终止方式", max_length=24, choices=AffiliationEnd.choices, blank=True)
    ended_reason = models.CharField("终止原因", max_length=500, blank=True)
    voided_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = "机构会员资格"
        verbose_name_plural = "机构会员资格"
        indexes = [models.Index(fields=["valid_to"], name="affiliation_by_valid_to")]
        constraints = [
            models.CheckConstraint(name="an_affiliation_ends_after_it_starts", condition=Q(valid_to__gt=F("valid_from"))),
            models.CheckConstraint(
                name="an_ended_affiliation_says_how",
                condition=Q(ended_on__isnull=True, ended_by="") | Q(ended_on__isnull=False) & ~Q(ended_by=""),
            ),
            models.UniqueConstraint(
                name="one_affiliation_per_member_institution_and_start",
                fields=["member", "institution", "valid_from"],
                # Who gives one up may be let in again on the same day (A-12, M-13).
                condition=Q(voided_at__isnull=True, ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.valid_from} 至 {self.valid_to}"


class Renewal(models.Model):
    """续会: a member's act on one affiliation; a double click gives one (M-6)."""

    affiliation = models.ForeignKey(Affiliation, on_delete=models.PROTECT, related_name="renewals", verbose_name="机构会员资格")
    previous_valid_to = models.DateField("原有效期至")
    valid_from = models.DateField("新有效期自")
    valid_to = models.DateField("新有效期至")
    renewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="续会人")
    renewed_at = models.DateTimeField("续会时间")

    class Meta:
        verbose_name = "续会"
        verbose_name_plural = "续会"
        constraints = [
            models.UniqueConstraint(name="one_renewal_per_affiliation_and_period", fields=["affiliation", "previous_valid_to"]),
            models.CheckConstraint(name="a_renewal_lengthens", condition=Q(valid_to__gt=F("previous_valid_to"))),
        ]

    def __str__(self) -> str:
        return f"续会至 {self.valid_to}"
