"""Editions of a member's certificate, and links by which the member shares it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CertificateQuerySet(models.QuerySet):
    def live(self) -> "CertificateQuerySet":
        """Neither superseded nor revoked: one a member at most (N-3)."""
        return self.filter(superseded_at__isnull=True, revoked_at__isnull=True)


class Certificate(models.Model):
    """
    An edition 版次: one issued certificate document (N-3, N-10, N-14).

    ``token`` is what stands in the QR code behind ``/V/``. The document is rendered at the first download and its bytes are kept:
    two printings never differ. ``printed_affiliations`` is the list that was printed: [name, from, to] each.
    """

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="certificates", verbose_name="会员")
    number = models.CharField("会员编号", max_length=32)
    edition = models.PositiveIntegerField("版次")
    dossier = models.ForeignKey("membership.Dossier", on_delete=models.PROTECT, related_name="certificates", verbose_name="资料")
    decision = models.ForeignKey(
        "membership.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name="依据的决定"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="取代的版次"
    )
    token = models.CharField("签名链接", max_length=200, unique=True)
    issued_at = models.DateTimeField("发放时间")
    first_downloaded_at = models.DateTimeField("首次下载", null=True, blank=True)
    superseded_at = models.DateTimeField("换发时间", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoked_reason = models.CharField("撤销原因", max_length=500, blank=True)
    printed_affiliations = models.JSONField("所印机构", default=list, blank=True)
    document = models.ForeignKey(
        "membership.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name="PDF"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "会员证书"
        verbose_name_plural = "会员证书"
        constraints = [
            models.UniqueConstraint(name="one_certificate_per_number_and_edition", fields=["number", "edition"]),
            models.UniqueConstraint(
                name="one_live_edition_per_member",
                fields=["member"],
                condition=Q(superseded_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_downloaded_certificate_has_its_document",
                condition=Q(first_downloaded_at__isnull=True) | Q(document__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} 第 {self.edition} 版"


class ShareLink(models.Model):
    """分享验证链接: a link that shows the full name for a while (CERT-7, P-9). Only a hash of the secret is kept."""

    member = models.ForeignKey("membership.Member", on_delete=models.PROTECT, related_name="share_links", verbose_name="会员")
    secret_hash = models.CharField("散列", max_length=100, unique=True)
    expires_at = models.DateTimeField("到期时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "分享验证链接"
        verbose_name_plural = "分享验证链接"

    def __str__(self) -> str:
        return f"分享链接 {self.pk}"
