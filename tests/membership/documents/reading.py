"""Reading printed documents back as people's programs do: two extractors of text, a page as a picture, and what a piece of code touches."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from membership.documents.pdf_pictures import picture_of

_touched: list[str] | None = None


def _note(event: str, arguments: tuple) -> None:
    if _touched is not None and (event == "open" or event.startswith("socket.")):
        _touched.append(f"{event} {arguments[0]}")


# The interpreter tells of every file and socket, also of those that no patched name would see.
sys.addaudithook(_note)


@contextmanager
def touched() -> Iterator[list[str]]:
    """Collect every file opened and every socket used meanwhile."""
    global _touched
    _touched = seen = []
    try:
        yield seen
    finally:
        _touched = None


def by_poppler(pdf: bytes) -> str:
    """Return the text without line breaks and blanks, as pdftotext gives it."""
    if not shutil.which("pdftotext"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("pdftotext (poppler-utils) is not installed")
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(run.stdout.decode().split())


def by_pypdf(pdf: bytes) -> str:
    """Return the text without line breaks and blanks, as pypdf gives it."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def joined(text: str) -> str:
    """Return the text as the extractors above give it."""
    return "".join(text.split())


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def title(pdf: bytes) -> str:
    return PdfReader(BytesIO(pdf)).metadata.title


def scanned(pdf: bytes) -> Image.Image:
    """Return the page as a scan of 150 dpi."""
    return picture_of(pdf, dpi=150)


def portrait() -> bytes:
    """Return a drawn head on blue, 354 × 496, as a JPEG."""
    picture = Image.new("RGB", (354, 496), (196, 212, 222))
    ImageDraw.Draw(picture).ellipse((110, 120, 244, 310), fill=(214, 182, 160))
    out = BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
