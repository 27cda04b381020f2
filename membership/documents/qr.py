"""
QR codes: as rows of modules, as SVG and PNG for pages, as one filled path for the printed documents.

Level M; the mask is fixed, which spares trying all eight and still reads well (half of the time is saved). Upper-case links go in the
alphanumeric mode by themselves, which keeps a signed link at version 6: 0.7 mm a module when printed 28 mm wide.
"""

from functools import lru_cache
from io import BytesIO

import qrcode
from PIL import Image
from qrcode.util import QRData
from reportlab.pdfgen.canvas import Canvas

QUIET_ZONE = 4  # modules of white on each side (ISO/IEC 18004)
SMALLEST_PRINT = 28.0  # mm, without the quiet zone
MOST_VERSION = 6
MASK = 2

Matrix = tuple[tuple[bool, ...], ...]


class TooMuchForQr(ValueError):
    """The text needs finer modules than a telephone reads from paper; a shorter host name helps."""


@lru_cache(64)
def matrix(text: str, most_version: int = MOST_VERSION) -> Matrix:
    """
    Return the rows of modules, True for dark, without quiet zone.

    :raises TooMuchForQr: the code would be finer than ``most_version``.
    """
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(text))
    try:
        code.make()
    except ValueError as too_long:
        raise TooMuchForQr(f"二维码内容过长（{len(text)} 个字符）") from too_long
    if code.version > most_version:
        raise TooMuchForQr(f"二维码内容过长（{len(text)} 个字符，版本 {code.version}，至多 {most_version}）")
    return tuple(tuple(row) for row in code.get_matrix())


def qr_svg(text: str, most_version: int = MOST_VERSION) -> str:
    """Return an SVG of the code with its quiet zone, one unit a module, black on white, without a size of its own."""
    rows = matrix(text, most_version)
    side = len(rows) + 2 * QUIET_ZONE
    path = "".join(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z" for x, y, length in _bars(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def qr_png(text: str, scale: int, most_version: int = MOST_VERSION) -> bytes:
    """Return a PNG of the code with its quiet zone, ``scale`` pixels a module."""
    rows = matrix(text, most_version)
    side = len(rows) + 2 * QUIET_ZONE
    picture = Image.new("1", (side, side), 1)
    for x, y, length in _bars(rows):
        picture.paste(0, (x + QUIET_ZONE, y + QUIET_ZONE, x + QUIET_ZONE + length, y + QUIET_ZONE + 1))
    out = BytesIO()
    picture.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()


def draw(canvas: Canvas, text: str, *, x: float, y: float, size: float) -> None:
    """Draw the code without quiet zone, its lower left corner at x, y; all measures in points, the surroundings are the caller's."""
    rows = matrix(text)
    step = size / len(rows)
    path = canvas.beginPath()
    for column, row, length in _bars(rows):
        path.rect(x + column * step, y + size - (row + 1) * step, length * step, step)
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _bars(rows: Matrix) -> list[tuple[int, int, int]]:
    """Return (column, row, length) of each horizontal run of dark modules."""
    bars = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate((*row, False)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                bars.append((start, y, x - start))
                start = None
    return bars
