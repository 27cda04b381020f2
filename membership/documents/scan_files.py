"""
A stamped form on its way in: what can be seen on its pages, as facts for ``membership.domain.hints``, and the files that
``stamped_forms`` and ``scan_pages`` take.

Apart from ``scans``, which also runs as a process of its own, without Django. Facts are hints for people; nothing here is a verdict.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from django.core.files import File
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from membership.documents import form_blanks, pictures, qr_reading, scans, seals, sharpness
from membership.documents.pictures import Box, CleanPicture
from membership.documents.qr_reading import Code
from membership.documents.scans import CleanScan
from membership.domain.attachments import NewFile
from membership.domain.scan_hints import FormCode
from membership.domain.scan_pages import NewPage, Upload
from membership.domain.stamped_forms import Scan
from membership.enums import AttachmentKind
from membership.models import Attachment, ScanPage

CONTENT_TYPES = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}
FORMATS: dict[str, Literal["JPEG", "PNG"]] = {"image/png": "PNG", "image/jpeg": "JPEG"}
TURNS_BACK: dict[int, Literal[90, 180, 270]] = {90: 270, 180: 180, 270: 90}
LOOKED_AT = 2_000  # px of the longer side: of 12 megapixels a quarter is decoded then, and shows as much
STAMP_CELL = (form_blanks.LABELS_END, form_blanks.STAMP_TOP, form_blanks.RIGHT, form_blanks.REFERRER_TOP)
DOCUMENT_NAME = "盖章申请表.pdf"
A4_LONGER = 297 * mm

Facts = Mapping[str, Any]
Named = list[str | int]


def new_upload(clean: CleanScan, sent: File) -> Upload:
    """Return the pages that one file brings, each looked at; nothing else of the file as it was sent is kept."""
    sent.seek(0)
    digest = hashlib.file_digest(sent, "sha256").hexdigest()  # type: ignore[arg-type]  # a File hands readinto() on
    return Upload(pages=_new_pages(clean, sent.name or ""), name=sent.name or "", sha256=digest, size=sent.size)


def new_scan(clean: CleanScan, *, name: str, expected: str) -> Scan:
    """
    Return the pages of one file as the scan that is handed in, with its findings.

    ``name`` is what the person calls the file, ``expected`` the ``scans.form_qr_text`` of the application's latest submitted version.
    """
    pages = _new_pages(clean, name)
    return Scan(
        pages=[page.picture for page in pages],
        findings=findings([page.seen for page in pages], expected=expected),
        original=document_of(_as_picture(page.picture) for page in pages) if len(pages) > 1 else None,
    )


def scan_of(pages: Sequence[ScanPage], *, expected: str) -> Scan:
    """Return pages that are laid out as the scan that is handed in."""
    return Scan(
        pages=pages,
        findings=findings([page.seen for page in pages], expected=expected),
        original=document_of(stored_picture(page.picture) for page in pages) if len(pages) > 1 else None,
    )


def turned_page(page: Attachment) -> NewPage:
    """Return a stored page turned by a quarter clockwise, and looked at again; here the person knows better than the code."""
    picture = pictures.turned(stored_picture(page), 90)
    return NewPage(_page_file(picture, page.original_name), _facts(picture, qr_reading.read(picture)))


def stored_picture(page: Attachment) -> CleanPicture:
    """Return a stored page as it once came out of the cleaning."""
    with page.file.open("rb") as file:
        return CleanPicture(file.read(), FORMATS[page.content_type], page.width or 0, page.height or 0)


def document_of(pages: Iterable[CleanPicture]) -> NewFile:
    """Return the pages bound in one PDF, each on a sheet as long as A4."""
    file = BytesIO()
    canvas = Canvas(file, invariant=True)
    with TemporaryDirectory() as folder:
        for number, page in enumerate(pages):
            # From a file reportlab takes a JPEG as it is; from memory it would unpack it first, at 36 MB for twelve megapixels.
            path = Path(folder) / f"{number}.{page.format.lower()}"
            path.write_bytes(page.content)
            scale = A4_LONGER / max(page.width, page.height)
            width, height = page.width * scale, page.height * scale
            canvas.setPageSize((width, height))
            canvas.drawImage(str(path), 0, 0, width, height)
            canvas.showPage()
        canvas.save()
    return NewFile(AttachmentKind.STAMPED_FORM, file.getvalue(), CONTENT_TYPES["PDF"], DOCUMENT_NAME)


def findings(pages: Sequence[Facts], *, expected: str) -> dict[str, Any]:
    """
    Return what was found on a document of these pages, to be kept with it.

    ``expected`` is the code of the form that should be among them. An older version of it is told from another person's form: a recall
    has made it void (A-14).
    """
    forms = [page for page in pages if page["codes"]] or pages
    read = [code["named"] for page in forms for code in page["codes"]]
    wanted = _named(expected)
    named = wanted if wanted in read else next(iter(read), None)
    written = [page["sharpness"] for page in pages if page["sharpness"] is not None]
    return {
        "seal": any(page["seal"] for page in pages),
        "grey": all(page["grey"] for page in forms),
        "code": _code_state(named, wanted),
        "named": named,
        "expected": wanted,
        "sharpness": min(written, default=0.0),
        "pages": list(pages),
    }


def _code_state(named: Named | None, wanted: Named) -> FormCode:
    if named is None:
        return FormCode.UNREAD
    if named == wanted:
        return FormCode.OURS
    return FormCode.OLDER if named[0] == wanted[0] else FormCode.OTHER


def _named(text: str) -> Named:
    """Return application number and version of a form's code, as a list: so they come back from the database too."""
    named = scans.parse_form_qr(text)
    if named is None:
        raise ValueError(f"no form's code: {text!r}")
    return list(named)


# --- Looking at a page -------------------------------------------------------------------------------


def _new_pages(clean: CleanScan, name: str) -> list[NewPage]:
    # A page out of a PDF is no file of the person's, and has no name.
    named = name if clean.original_format != "PDF" else ""
    return [new_page(picture, named) for picture in clean.pages]


def new_page(picture: CleanPicture, name: str = "") -> NewPage:
    """Set a page upright by its code, and look at it."""
    codes = qr_reading.read(picture)
    if codes and codes[0].turned:
        back = TURNS_BACK[codes[0].turned]
        codes = [code.turned_with(back, picture.width, picture.height) for code in codes]
        picture = pictures.turned(picture, back)
    return NewPage(_page_file(picture, name), _facts(picture, codes))


def _facts(picture: CleanPicture, codes: Sequence[Code]) -> Facts:
    image = pictures.reduced(picture, LOOKED_AT, "RGB")
    scale = picture.width / image.width
    code = codes[0] if codes else None
    seal = seals.find(image, dpi=code.dpi / scale if code else None)
    sharp = sharpness.of(image)
    return {
        "width": picture.width,
        "height": picture.height,
        "codes": [{"named": _named(one.text), "place": _listed(one.place)} for one in codes],
        "dpi": round(code.dpi) if code else None,
        "seal": _listed(seal, scale) if seal else None,
        "stamp_place": _listed(code.place_of(*STAMP_CELL)) if code else None,
        "grey": seals.is_grey(image),
        "sharpness": sharp.value if sharp else None,
        "tile": _listed(sharp.tile, scale) if sharp else None,
    }


def _listed(box: Box, scale: float = 1.0) -> list[int]:
    return [round(scale * length) for length in (box.left, box.top, box.width, box.height)]


def _page_file(picture: CleanPicture, name: str) -> NewFile:
    return NewFile(AttachmentKind.STAMPED_PAGE, picture.content, CONTENT_TYPES[picture.format], name, picture.width, picture.height)


def _as_picture(file: NewFile) -> CleanPicture:
    return CleanPicture(file.content, FORMATS[file.content_type], file.width or 0, file.height or 0)
