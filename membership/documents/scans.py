"""
Stamped forms as they come back: scans and photographs made safe, and what can be seen on them at once (APP-11, E-4).

Reviewers look at pictures of the pages, never at the file itself. A PDF is drawn in a process of its own, with bounds on time and
memory: a kilobyte of nested drawings keeps any renderer busy for years, and no check beforehand tells. What is found are hints for
people; nothing here is a verdict.
"""

import base64
import contextlib
import json
import math
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal

import zxingcpp
from django.utils.translation import gettext as _
from PIL import Image, ImageFilter, ImageOps, ImageStat

from membership.documents import pictures, seals
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
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
HARD_LOOKS_AT = 2  # pages; the form is the first, or behind a covering letter
EASY_SIZE = 2_500  # px; larger pictures are halved where smaller ones are doubled

FEWEST_PIXELS = (1_200, 1_600)  # about 150 dpi on A4
SHARPNESS_AT, TILE = 1_600, 100  # px
PAPER, WRITTEN = 140, 400  # mean brightness of a tile, and variance of one with writing on it
SHARP, BLURRED = 1.0, 30.0


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


@dataclass(frozen=True)
class Findings:
    """
    What was seen on a scan: hints, never verdicts.

    ``qr_text`` is the form's own QR text or None; ``qr_matches`` whether it is exactly the one expected (None: not read); ``sharpness``
    runs from 0 to 100, that of the least sharp page with writing on it; ``warnings`` are Chinese sentences for the applicant.
    """

    qr_text: str | None
    qr_matches: bool | None
    seal: bool
    sharpness: float
    warnings: tuple[str, ...]


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


def findings(scan: CleanScan, *, expected: str) -> Findings:
    """
    Look for the form's QR code, a red seal and blur (APP-11); never refuses.

    ``expected`` is ``form_qr_text`` of the application and version in question. A form of another application is warned of here; an old
    version of the same (A-14) shows as ``qr_matches`` False without a warning: the caller knows which versions are void.
    """
    text = _form_qr(scan.pages, expected)
    seal, grey, sharpness = False, True, []
    for page in scan.pages:
        image = _image(page)
        seal = seal or seals.find(image) is not None
        grey = grey and seals.is_grey(image)
        sharpness.append(_sharpness(image))
    least_sharp = min((value for value in sharpness if value is not None), default=0.0)
    warnings = [
        *_qr_warnings(text, expected),
        *_seal_warnings(seal=seal, grey=grey),
        *_size_warnings(scan.pages),
        *([_("扫描件可能不清晰，请对焦后重拍，或用 300 dpi 扫描")] if least_sharp < BLURRED else []),
    ]
    return Findings(text, text == expected if text else None, seal, least_sharp, tuple(warnings))


def _qr_warnings(text: str | None, expected: str) -> Iterator[str]:
    found, wanted = parse_form_qr(text or ""), parse_form_qr(expected)
    if found is None:
        yield _("没有读到申请表右上角的二维码，请确认上传的是本系统打印的申请表，并拍全四角")
    elif wanted is not None and found[0] != wanted[0]:
        yield _("这张表属于另一份申请，请核对后重新上传")


def _seal_warnings(*, seal: bool, grey: bool) -> Iterator[str]:
    if not seal:
        yield _("没有找到红色印章，请确认已加盖实物印章")
    if not seal and grey:
        yield _("扫描件是黑白的，看不出印章的红色，请用彩色扫描或拍照")


def _size_warnings(pages: tuple[CleanPicture, ...]) -> Iterator[str]:
    short, long = FEWEST_PIXELS
    for page in pages:
        if min(page.width, page.height) < short or max(page.width, page.height) < long:
            yield _("扫描件只有 %(width)d × %(height)d 像素，可能看不清。请用 300 dpi 扫描，或上传手机拍的原图") % {
                "width": page.width,
                "height": page.height,
            }
            return


def _form_qr(pages: tuple[CleanPicture, ...], expected: str) -> str | None:
    """Return the form QR text on the pages, the expected one if it is among them; first looking plainly, then harder."""
    for look, some in ((_plainly, pages), (_resized, pages[:HARD_LOOKS_AT]), (_turned, pages[:HARD_LOOKS_AT])):
        texts = [text for page in some for text in _form_qrs_on(look(_image(page).convert("L")))]
        if texts:
            return expected if expected in texts else texts[0]
    return None


def _form_qrs_on(image: Image.Image) -> list[str]:
    found = (form for code in zxingcpp.read_barcodes(image, formats=QR) if (form := parse_form_qr(code.text)))
    return [form_qr_text(number, version) for number, version in found]


def _plainly(image: Image.Image) -> Image.Image:
    return image


def _resized(image: Image.Image) -> Image.Image:
    return image.reduce(2) if max(image.size) > EASY_SIZE else image.resize((image.width * 2, image.height * 2))


def _turned(image: Image.Image) -> Image.Image:
    image.thumbnail((EASY_SIZE, EASY_SIZE))
    return image.rotate(20, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _sharpness(image: Image.Image) -> float | None:
    """
    Return 0 to 100, or None if there is nothing written on the picture.

    The variance of the second derivative over the variance of brightness, tile by tile, so that it depends neither on how much is
    written nor on the contrast; the lesser of both directions, since a shaken hand blurs one; the median over all written tiles.
    """
    grey = image.convert("L")
    grey.thumbnail((SHARPNESS_AT, SHARPNESS_AT))
    grey = ImageOps.autocontrast(grey, cutoff=1)
    across = grey.filter(ImageFilter.Kernel((3, 3), (0, 0, 0, 1, -2, 1, 0, 0, 0), scale=4, offset=128))
    down = grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 0, -2, 0, 0, 1, 0), scale=4, offset=128))
    ratios = []
    for left in range(0, grey.width - TILE + 1, TILE):
        for top in range(0, grey.height - TILE + 1, TILE):
            box = (left, top, left + TILE, top + TILE)
            tile = ImageStat.Stat(grey.crop(box))
            if tile.mean[0] >= PAPER and tile.var[0] >= WRITTEN:
                edges = min(ImageStat.Stat(derivative.crop(box)).var[0] for derivative in (across, down))
                ratios.append(16 * edges / tile.var[0])
    return round(100 * math.sqrt(min(statistics.median(ratios) / SHARP, 1)), 1) if ratios else None


def _image(page: CleanPicture) -> Image.Image:
    return Image.open(BytesIO(page.content))


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
