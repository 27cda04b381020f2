"""
A printed page measured as a typographer does: millimetres from the top left corner, the y of a text is its baseline.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from membership.documents import fonts, glyphs, qr
from membership.documents.fonts import BOLD, CHINESE, MEDIUM

A4 = (210.0, 297.0)  # mm
BYTE_ORDER_MARK = "\ufeff"
# A thin Ming face gets a stroke of this share of the size, and so the weight of its neighbours.
STROKES = {MEDIUM: 0.014, BOLD: 0.035}
ALIGNED = {"left": 0.0, "centre": 0.5, "right": 1.0}


@dataclass(frozen=True)
class Sheet:
    """Drawing verbs on a reportlab canvas; every length is millimetres, every size and line width points."""

    canvas: Canvas
    height: float = A4[1]

    @contextmanager
    def copied_as(self, text: str) -> Iterator[None]:
        """What is drawn inside copies, and reads aloud, as this text: no gaps from letter-spacing, no break inside a name."""
        self.canvas.addLiteral(f"/Span <</ActualText <{(BYTE_ORDER_MARK + text).encode('utf-16-be').hex().upper()}>>> BDC")
        yield
        self.canvas.addLiteral("EMC")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        face: str = MEDIUM,
        align: str = "left",
        colour: Color = black,
        spacing: float = 0.0,
    ) -> None:
        """Set one line that starts, is centred or ends at x; ``spacing`` is letter-spacing in em and not part of the copied text."""
        if spacing:
            with self.copied_as(text):
                self._line(x, y, text, size, face, align, colour, spacing * size)
        else:
            self._line(x, y, text, size, face, align, colour, 0.0)

    def lines(
        self, x: float, y: float, lines: Sequence[str], size: float, *, step: float, face: str = MEDIUM, colour: Color = black
    ) -> None:
        """Set lines one below the other, ``step`` apart, the first on y."""
        for i, line in enumerate(lines):
            self.text(x, y + i * step, line, size, face=face, colour=colour)

    def name(self, x: float, y: float, name: str, lines: Sequence[str], size: float, *, step: float, colour: Color = black) -> None:
        """Set a name in bold on one line or more; it copies in one piece."""
        with self.copied_as(name):
            self.lines(x, y, lines, size, step=step, face=glyphs.mould(name, BOLD), colour=colour)

    def figures(self, x: float, y: float, text: str, size: float, *, colour: Color = black) -> None:
        """Set a line that ends at x with all digits equally wide (the face's own 「1」 is narrower), so that dates stand in columns."""
        own = glyphs.advances(text, size)
        zero = glyphs.width("0", size)
        steps = [zero if character.isdigit() else advance for character, advance in zip(text, own, strict=True)]
        start = x * mm - sum(steps)
        line = self.canvas.beginText()
        line.setFillColor(colour)
        for character, step, advance in zip(text, steps, own, strict=True):
            line.setFont(glyphs.face_for(character), size)
            line.setTextOrigin(start + (step - advance) / 2, self._up(y))
            line.textOut(character)
            start += step
        with self.copied_as(text):
            self.canvas.drawText(line)

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5, colour: Color = black) -> None:
        """Draw a straight line between two points."""
        self._pen(width, colour)
        self.canvas.line(x1 * mm, self._up(y1), x2 * mm, self._up(y2))

    def box(self, x: float, y: float, width: float, height: float, *, line: float = 0.5, colour: Color = black) -> None:
        """Draw the outline of a rectangle whose upper left corner is at x, y."""
        self._pen(line, colour)
        self.canvas.rect(x * mm, self._up(y + height), width * mm, height * mm)

    def dashed_ring(self, x: float, y: float, radius: float, *, colour: Color) -> None:
        """Draw a thin dashed circle round x, y: a guide for the hand, gone in a photocopy."""
        self.canvas.saveState()
        self._pen(0.15 * mm, colour)
        self.canvas.setDash(0.8 * mm, 1.1 * mm)
        self.canvas.circle(x * mm, self._up(y), radius * mm)
        self.canvas.restoreState()

    def picture(self, x: float, y: float, width: float, height: float, content: bytes, *, see_through: bool = False) -> None:
        """Fill a rectangle with a JPEG or PNG, its proportions kept: what is too much on two sides is left out."""
        reader = ImageReader(BytesIO(content))
        across, down = reader.getSize()
        scale = max(width / across, height / down)
        shown_width, shown_height = across * scale * mm, down * scale * mm
        left, low = x * mm + (width * mm - shown_width) / 2, self._up(y + height) + (height * mm - shown_height) / 2
        self.canvas.saveState()
        frame = self.canvas.beginPath()
        frame.rect(x * mm, self._up(y + height), width * mm, height * mm)
        self.canvas.clipPath(frame, stroke=0, fill=0)
        self.canvas.drawImage(reader, left, low, shown_width, shown_height, mask="auto" if see_through else None)
        self.canvas.restoreState()

    def qr(self, x: float, y: float, side: float, text: str) -> None:
        """Draw a QR code whose upper left corner is at x, y; its four modules of white are left to the layout."""
        qr.draw(self.canvas, text, x=x * mm, y=self._up(y + side), size=side * mm)

    def _up(self, y: float) -> float:
        return (self.height - y) * mm

    def _pen(self, width: float, colour: Color) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)

    def _line(self, x: float, y: float, text: str, size: float, face: str, align: str, colour: Color, gap: float) -> None:
        length = glyphs.width(text, size, face) + gap * max(0, len(text) - 1)
        self._runs(text, x * mm - length * ALIGNED[align], y, size, face, colour, gap)

    def _runs(self, text: str, start: float, y: float, size: float, face: str, colour: Color, gap: float) -> None:
        """Set the pieces of a line one after the other; ``start`` and ``gap`` are points."""
        for run_face, piece in glyphs.runs(text, face):
            self.canvas.saveState()
            line = self.canvas.beginText(start, self._up(y))
            line.setFillColor(colour)
            line.setFont(run_face, size)
            if gap:
                line.setCharSpace(gap)
            if fonts.is_thin(run_face):
                self._pen(size * STROKES[CHINESE[face]], colour)
                line.setTextRenderMode(2)
            line.textOut(piece)
            self.canvas.drawText(line)
            self.canvas.restoreState()
            start += stringWidth(piece, run_face, size) + gap * len(piece)
