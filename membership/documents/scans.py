"""
Stamped forms as they come back: scans and photographs made safe (APP-11, E-4).

Reviewers look at pictures of the pages, never at the file itself. A PDF is drawn in a process of its own, with bounds on time and
memory: a kilobyte of nested drawings keeps any renderer busy for years, and no check beforehand tells. What can be seen on the pages,
``scan_files`` looks for.
"""

import base64
import contextlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from django.utils.translation import gettext as _

from membership.documents import pictures
from membership.documents.pictures import MEGABYTE, CleanPicture

LARGEST_PDF = 20 * MEGABYTE
LARGEST_PAGE = 2 * MEGABYTE
MOST_PAGES = 10
LONGEST_PAGE = 1_500  # mm
RENDERED_DPI, RENDERED_SIDE = 200, 3_400
SECONDS, MEMORY = 10, 512 * MEGABYTE  # of computing, for the process that draws a PDF
PATIENCE = 25  # seconds until it is given up, however busy the machine is; below gunicorn's 30
PASSWORD_NEEDED, NO_ERROR = 4, 0  # FPDF_ERR_PASSWORD, FPDF_ERR_SUCCESS
ROOT = Path(__file__).resolve().parents[2]
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no secrets beside a parser of strangers' files

FORM_QR = re.compile(r"CACA:([0-9A-Z][0-9A-Z-]{0,30}):([1-9][0-9]{0,3})", re.ASCII)


class ScanRefused(ValueError):
    """The file cannot be taken as a stamped form; the message says, in Chinese, how to mend it."""


@dataclass(frozen=True)
class CleanScan:
    """
    The pages as pictures, and the file they come from.

    A PDF is kept as it came. A picture is kept re-encoded only, without EXIF and place (APP-7): ``original`` is its one page then.
    """

    pages: tuple[CleanPicture, ...]
    original: bytes
    original_format: Literal["PDF", "JPEG", "PNG"]


def form_qr_text(number: str, version: int) -> str:
    """
    Return what the form's QR code says, e.g. "CACA:2026-000123:1": application number and dossier version (D-2).

    Upper case, digits and ":-" only, so that the code stays in alphanumeric mode and its modules large.

    :raises ValueError: the number holds other characters, or the version is no positive number of up to four digits.
    """
    text = f"CACA:{number}:{version}"
    if not FORM_QR.fullmatch(text):
        raise ValueError(f"no number and version for a form's QR code: {text!r}")
    return text


def parse_form_qr(text: str) -> tuple[str, int] | None:
    """Return application number and dossier version of a form's QR text, or None if it is another code's."""
    match = FORM_QR.fullmatch(text.strip().upper())
    return (match[1], int(match[2])) if match else None


def clean(upload: BinaryIO, name: str = "", *, largest_picture: int = pictures.LARGEST, largest_pdf: int = LARGEST_PDF) -> CleanScan:
    """
    Return the scan's pages as clean pictures; JPG, PNG or PDF, told apart by content (APP-11, field cases 22 and 23).

    PDF pages are drawn at 200 dpi, a very large page at less. ``name`` only helps to explain a wrong ending.

    :raises ScanRefused: too large, another format, incomplete, locked with a password, no pages or more than 10, a page beyond 1.5 m, or
        too much to draw in ten seconds and 512 MB.
    """
    upload.seek(0)
    beginning = upload.read(1024)
    kind = pictures.kind_of(beginning)
    if beginning and kind not in ("JPEG", "PNG", "PDF"):
        raise ScanRefused(pictures.wrong_kind(kind, name=name, wanted=_("JPG、PNG 图片或 PDF 文件")))
    try:
        if kind == "PDF":
            content = pictures.whole(upload, largest=largest_pdf)
            return CleanScan(_drawn_pages(content), content, "PDF")
        picture = pictures.clean(upload, largest=largest_picture, name=name)
    except pictures.PictureRefused as refusal:
        raise ScanRefused(str(refusal)) from refusal
    return CleanScan((picture,), picture.content, picture.format)


def _drawn_pages(content: bytes) -> tuple[CleanPicture, ...]:
    try:
        drawn = subprocess.run(
            [sys.executable, "-m", "membership.documents.scans"],
            input=content,
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ},
            timeout=PATIENCE,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as stopped:
        raise ScanRefused(_("这个 PDF 太复杂，无法打开。请把盖章的申请表重新扫描，或拍照后上传 JPG 图片")) from stopped
    answer = json.loads(drawn.stdout)
    if refused := answer.get("refused"):
        raise ScanRefused(_refusal(refused, answer))
    return tuple(CleanPicture(**{**page, "content": base64.b64decode(page["content"])}) for page in answer["pages"])


def _refusal(refused: str, figures: dict[str, Any]) -> str:
    return {
        "locked": _("这个 PDF 设了打开密码。请去掉密码后重新上传，或上传 JPG 图片"),
        "empty": _("这个 PDF 里没有页面。请重新扫描后上传"),
        "long": _("PDF 有 %(pages)s 页，超过 %(most_pages)s 页。请只上传盖章的申请表"),
        "large": _("PDF 第 %(page)s 页为 %(width)s × %(height)s 毫米，一边超过 %(longest)s 毫米。请按 A4 纸重新扫描后上传"),
        "damaged": _("PDF 不完整，无法打开。请重新扫描后上传"),
    }[refused] % {"most_pages": MOST_PAGES, "longest": LONGEST_PAGE, **figures}


def _draw(content: bytes) -> dict[str, Any]:
    """Return the pages of a PDF, or why there are none, for the process that asked."""
    import pypdfium2  # a C++ library that the web processes need not hold

    try:
        pdf = pypdfium2.PdfDocument(content)
        pdf.init_forms()  # seals that a signing service puts into form fields are drawn as well
        if len(pdf) > MOST_PAGES:
            return {"refused": "long", "pages": len(pdf)}
        for index in range(len(pdf)):
            width, height = (round(points / 72 * 25.4) for points in pdf.get_page_size(index))
            if max(width, height) > LONGEST_PAGE:
                return {"refused": "large", "page": index + 1, "width": width, "height": height}
        return {"pages": [_drawn(pdf[index]) for index in range(len(pdf))]}
    except pypdfium2.PdfiumError as error:
        return {"refused": {PASSWORD_NEEDED: "locked", NO_ERROR: "empty"}.get(error.err_code, "damaged")}


def _drawn(page: Any) -> dict[str, Any]:
    scale = min(RENDERED_DPI / 72, RENDERED_SIDE / max(page.get_size()))
    image = page.render(scale=scale).to_pil().convert("RGB")
    picture = pictures.encoded(image, as_png=pictures.is_drawn(image), largest=LARGEST_PAGE)
    return {**vars(picture), "content": base64.b64encode(picture.content).decode()}


def _limit_this_process() -> None:
    import resource  # POSIX only, as is this process

    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no bound on memory
            resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    _limit_this_process()
    json.dump(_draw(sys.stdin.buffer.read()), sys.stdout)
