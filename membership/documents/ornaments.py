"""
Vector ornaments of the certificate: guilloche frame and blind-embossed emblem.

Line work of our own in one ink. Curves are computed once per process as PDF path operators and repeated by translation.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from math import cos, pi, sin

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

INK = HexColor("#0B4A63")  # the association's blue, a little towards teal
LINE = HexColor("#2C6E88")  # the same, lighter: hairlines; prints as 60 % grey
GREY = HexColor("#5F5A52")  # warm grey for small text: dark enough not to be screened to dots by a laser printer
RULE = HexColor("#9C968B")  # warm grey for rules and blind embossing
LIGHT = HexColor("#E3DFD8")
TEXT = HexColor("#1C1B19")

MARGIN = 11 * mm
BAND = 6.4 * mm
CORNER = BAND * 1.9
TILE = 12 * mm
WAVES = 6  # sines in one tile, evenly out of phase
PIECES = 4  # cubic Béziers per wave: off by less than 0.01 mm
EMBOSSED = ((0.12 * mm, LIGHT, 0.5), (0.0, RULE, 0.4))  # shift, colour, line width
CORNER_ROSETTE = ((CORNER * 0.33, CORNER * 0.125, 12, 4), (CORNER * 0.12, CORNER * 0.06, 6, 3))

Ring = tuple[float, float, int, int]  # radius, amplitude, lobes, number of phases


def frame(canvas: Canvas, *, width: float, height: float) -> None:
    """Draw the certificate's border on a page of this size in points: hairline, guilloche band with corner rosettes, inner rules."""
    canvas.saveState()
    canvas.setStrokeColor(INK)
    _rules(canvas, width, height)
    _bands(canvas, width, height)
    canvas.setLineWidth(0.5)
    near, far = MARGIN + CORNER / 2, -MARGIN - CORNER / 2
    for cx in (near, width + far):
        for cy in (near, height + far):
            canvas.rect(cx - CORNER / 2, cy - CORNER / 2, CORNER, CORNER)
            _stroke(canvas, _rosette(CORNER_ROSETTE), cx, cy, LINE, 0.3)
    canvas.restoreState()


def emblem(canvas: Canvas, *, cx: float, cy: float, radius: float) -> None:
    """Draw the neutral emblem, interlaced rings without text, in two greys as if embossed without ink."""
    rings = ((radius * 0.82, radius * 0.12, 18, 3), (radius * 0.46, radius * 0.18, 9, 3))
    for shift, colour, line_width in EMBOSSED:
        _stroke(canvas, _rosette(rings), cx + shift, cy - shift, colour, line_width)
        canvas.saveState()
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(line_width * 1.6)
        canvas.circle(cx + shift, cy - shift, radius)
        canvas.restoreState()


def _rules(canvas: Canvas, width: float, height: float) -> None:
    canvas.setLineWidth(0.5)
    path = canvas.beginPath()
    for inset, cut in ((MARGIN, 0.0), (MARGIN + BAND, CORNER - BAND), (MARGIN + BAND + 1.3 * mm, CORNER - BAND)):
        _stepped(path, width, height, inset, cut)
    canvas.drawPath(path)
    canvas.setLineWidth(1.1)
    canvas.rect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)


def _stepped(path, width: float, height: float, inset: float, cut: float) -> None:
    """Append a rectangle at ``inset`` whose corners step inwards by ``cut``."""
    left, right, low, high = inset, width - inset, inset, height - inset
    points = [
        *((left + cut, low), (right - cut, low), (right - cut, low + cut)),
        *((right, low + cut), (right, high - cut), (right - cut, high - cut)),
        *((right - cut, high), (left + cut, high), (left + cut, high - cut)),
        *((left, high - cut), (left, low + cut), (left + cut, low + cut)),
    ]
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()


def _bands(canvas: Canvas, width: float, height: float) -> None:
    across, along = width - 2 * MARGIN - 2 * CORNER, height - 2 * MARGIN - 2 * CORNER
    start, middle = MARGIN + CORNER, MARGIN + BAND / 2
    for x, y, angle, length in (
        (start, middle, 0, across),
        (start, height - middle, 0, across),
        (middle, start, 90, along),
        (width - middle, start, 90, along),
    ):
        _band(canvas, x, y, angle, length)


def _band(canvas: Canvas, x: float, y: float, angle: int, length: float) -> None:
    """Draw a row of tiles, stretched a little so that a whole number of them fills the length."""
    _define_tile(canvas)
    count = round(length / TILE)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.scale(length / (count * TILE), 1)
    for _ in range(count):
        canvas.doForm("guilloche")
        canvas.translate(TILE, 0)
    canvas.restoreState()


def _define_tile(canvas: Canvas) -> None:
    if canvas.hasForm("guilloche"):
        return
    canvas.beginForm("guilloche", -1, -BAND / 2 - 1, TILE + 1, BAND / 2 + 1)
    _stroke(canvas, _tile(), 0, 0, LINE, 0.3)
    canvas.endForm()


def _stroke(canvas: Canvas, path: str, x: float, y: float, colour: HexColor, line_width: float) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(line_width)
    canvas.addLiteral(path)
    canvas.addLiteral("S")
    canvas.restoreState()


@lru_cache
def _tile() -> str:
    amplitude, turn = BAND / 2 - 1.5, 2 * pi / TILE

    def point(phase: float, x: float) -> tuple[float, float, float, float]:
        return x, amplitude * sin(turn * x + phase), 1.0, amplitude * turn * cos(turn * x + phase)

    return " ".join(_curve(partial(point, 2 * pi * n / WAVES), TILE, PIECES) for n in range(WAVES))


@lru_cache
def _rosette(rings: tuple[Ring, ...]) -> str:
    """Return interlaced rings round the origin: r = radius + amplitude · sin(lobes · θ + phase)."""

    def point(ring: Ring, phase: float, angle: float) -> tuple[float, float, float, float]:
        radius, amplitude, lobes, _ = ring
        r = radius + amplitude * sin(lobes * angle + phase)
        slope = amplitude * lobes * cos(lobes * angle + phase)
        return r * cos(angle), r * sin(angle), slope * cos(angle) - r * sin(angle), slope * sin(angle) + r * cos(angle)

    return " ".join(
        _curve(partial(point, ring, 2 * pi * n / ring[3]), 2 * pi, ring[2] * PIECES) + " h" for ring in rings for n in range(ring[3])
    )


def _curve(point: Callable[[float], tuple[float, float, float, float]], length: float, pieces: int) -> str:
    """Return cubic Béziers along ``point``, which gives place and slope (x, y, dx, dy) for each parameter from 0 to ``length``."""
    step = length / pieces
    x, y, dx, dy = point(0.0)
    out = [f"{x:.3f} {y:.3f} m"]
    for i in range(1, pieces + 1):
        next_x, next_y, next_dx, next_dy = point(i * step)
        out.append(
            f"{x + dx * step / 3:.3f} {y + dy * step / 3:.3f} {next_x - next_dx * step / 3:.3f} {next_y - next_dy * step / 3:.3f} "
            f"{next_x:.3f} {next_y:.3f} c"
        )
        x, y, dx, dy = next_x, next_y, next_dx, next_dy
    return " ".join(out)
