"""What a person agreed to, in which wording, when (ACC-1, P-1, P-2, OPS-5)."""

from django.conf import settings
from django.db import models

from membership.enums import ConsentKind


class Consent(models.Model):
    """One tick under one wording. A minor's carries the guardian's name (P-2)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents", verbose_name="账号")
    kind = models.CharField("种类", max_length=32, choices=ConsentKind.choices)
    version = models.CharField("文本版本", max_length=32)
    guardian_name = models.CharField("监护人姓名", max_length=200, blank=True)
    given_at = models.DateTimeField("同意时间")

    class Meta:
        verbose_name = "同意记录"
        verbose_name_plural = "同意记录"
        constraints = [
            models.CheckConstraint(
                name="guardian_consent_names_the_guardian",
                condition=~models.Q(kind=ConsentKind.GUARDIAN) | ~models.Q(guardian_name=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"
