"""Private files, each read by those who may (OPS-2, S-8)."""

import re

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views import View

from membership import rules
from membership.domain import attachments, audit
from membership.models import Attachment

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029/\\]")


class PrivateFile(LoginRequiredMixin, View):
    """
    One file, shown in the browser. To who may not read it, it does not exist.

    Where ``PRIVATE_ACCEL_PREFIX`` is set, nginx sends the bytes from below that internal location.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        attachment = get_object_or_404(Attachment.objects.select_related("member"), pk=pk)
        if not attachments.may_read(request.user, attachment):
            raise Http404
        if not rules.owns_the_file(request.user, attachment):
            audit.log("file.view", attachment, by=request.user, at=timezone.now(), about=attachment.member, kind=attachment.kind)
        response = _bytes_of(attachment)
        response.headers["Content-Type"] = attachment.content_type
        response.headers["Content-Disposition"] = content_disposition_header(False, name_of(attachment))
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _bytes_of(attachment: Attachment) -> HttpResponse:
    prefix = settings.PRIVATE_ACCEL_PREFIX
    if prefix:
        response = HttpResponse()
        response.headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{attachment.file.name}"
        return response
    try:
        return FileResponse(attachment.file.open("rb"))
    except FileNotFoundError as missing:
        raise Http404 from missing


def name_of(attachment: Attachment) -> str:
    """Return the name a file is saved under: what its owner called it, without what could split a header or leave a folder."""
    name = _UNPRINTABLE.sub("", attachment.original_name).strip(". ")
    ending = attachment.file.name.rpartition(".")[2]
    return name or f"{attachment.get_kind_display()}.{ending}"
