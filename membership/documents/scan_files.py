"""
A stamped form on its way in: the cleaned scan and what was found on it, as the files and hints that ``stamped_forms`` takes.

Apart from ``scans``, which also runs as a process of its own, without Django.
"""

from dataclasses import asdict

from django.utils.translation import gettext as _

from membership.documents import scans
from membership.documents.pictures import CleanPicture
from membership.documents.scans import CleanScan
from membership.domain.attachments import NewFile
from membership.domain.stamped_forms import Scan
from membership.enums import AttachmentKind

CONTENT_TYPES = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}


def new_scan(clean: CleanScan, *, name: str, expected: str) -> Scan:
    """
    Return the upload with its findings: hints for people, never a refusal.

    ``name`` is what the person calls the file, ``expected`` the ``scans.form_qr_text`` of the application's latest submitted version. An
    older version of the same form is warned of here: a recall has made it void (A-14).
    """
    findings = asdict(scans.findings(clean, expected=expected))
    findings["warnings"] = [*_old_version(findings["qr_text"], expected), *findings["warnings"]]
    original = NewFile(AttachmentKind.STAMPED_FORM, clean.original, CONTENT_TYPES[clean.original_format], name)
    return Scan(original=original, pages=[_page(page) for page in clean.pages], findings=findings)


def _page(picture: CleanPicture) -> NewFile:
    return NewFile(AttachmentKind.STAMPED_PAGE, picture.content, CONTENT_TYPES[picture.format], "", picture.width, picture.height)


def _old_version(found: str | None, expected: str) -> list[str]:
    read, wanted = scans.parse_form_qr(found or ""), scans.parse_form_qr(expected)
    if read is None or wanted is None or read[0] != wanted[0] or read[1] == wanted[1]:
        return []
    message = _("此表为旧版（资料第 %(old)d 版，现在是第 %(new)d 版）。请下载最新的申请表格，重新签字盖章后上传")
    return [message % {"old": read[1], "new": wanted[1]}]
