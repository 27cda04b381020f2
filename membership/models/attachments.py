"""Private files: photographs, papers, scans, certificates. Owners hold the key to theirs; one view serves them (OPS-2)."""

import uuid

from django.conf import settings
from django.core.files.storage import storages
from django.db import models

from membership.enums import AttachmentKind


def private_storage():
    """Return the storage outside public media; a callable, so that migrations name no folder of a machine."""
    return storages["private"]


def stored_name(attachment: "Attachment", filename: str) -> str:
    """Return a name of our own: what people call their files never reaches a path (field case 24)."""
    extension = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}.get(attachment.content_type, "bin")
    token = uuid.uuid4().hex
    return f"{attachment.kind}/{token[:2]}/{token}.{extension}"


class Attachment(models.Model):
    """
    A private file with what was found out about it when it came. Width and height are pixels, size is bytes.

    A photo that was cut names the whole one, and the part of it: left, top, width and height in its pixels.
    """

    kind = models.CharField("种类", max_length=32, choices=AttachmentKind.choices)
    member = models.ForeignKey(
        "membership.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="会员"
    )
    file = models.FileField("文件", storage=private_storage, upload_to=stored_name, max_length=200)
    content_type = models.CharField("类型", max_length=40)
    original_name = models.CharField("原文件名", max_length=255, blank=True)
    size = models.PositiveIntegerField("字节")
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上传者"
    )
    created_at = models.DateTimeField("上传时间")
    cut_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="cuts", verbose_name="裁剪自")
    cut_box = models.JSONField("裁剪范围", null=True, blank=True)

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
