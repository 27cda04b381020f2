"""Pages of a PDF as pictures."""

import threading

import pypdfium2
from PIL import Image

# PDFium keeps global state: one thread at a time may be inside it.
PDFIUM = threading.Lock()
POINTS_PER_INCH = 72


def picture_of(pdf: bytes, *, page: int = 0, dpi: float) -> Image.Image:
    """Return a page, counted from 0, as an RGB picture on white."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return document[page].render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB")
        finally:
            document.close()
