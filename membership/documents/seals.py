"""
The red seal of a work unit, looked for by colour and shape (APP-11). A hint for people, never a verdict.

Seals of units in China are round (42 mm, red, a ring with a star and writing inside) or, rarely, oval. So what counts is a red patch of
fitting size that is closed around, drawn in thin strokes, and has empty corners: a red photo ground is solid, a thumb print is small, a
desk or a hand reaches the picture's edge.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from membership.documents.pictures import Box

LOOKED_AT = 800  # px of the longer side
CELL = 4  # px; 1.5 mm on A4
# Hue of Pillow's HSV, 0–255: ink between magenta and orange red.
HUE_BELOW, HUE_ABOVE = 12, 240
BRIGHTNESS = 60
# Of the picture's shorter side: a 42 mm seal on a whole A4 page is 0.20, on a page photographed from afar 0.10.
SMALLEST, LARGEST = 0.08, 0.6
# Where it is known how large the page is seen: a seal is 38 to 50 mm wide, an oval one 30 high; thumb prints and name seals are smaller.
SMALLEST_MM, LARGEST_MM = 24, 70
NARROWEST = 0.55  # height to width, or the reverse, after foreshortening
FILLED = (0.06, 0.75)  # share of red pixels in the bounding box
CORNER, RED_IN_CORNERS = 0.13, 0.3
# Strokes up to a ninth of the seal's width are thin; a star's heart is not, a photo ground is hardly anything else.
MEASURED_AT, STROKE, MOST_SOLID = 64, 7, 0.25
SECTORS, SECTORS_CLOSED = 24, 17
GREY_BELOW = 40  # saturation that no pixel of a grey scan reaches


@dataclass(frozen=True)
class Ink:
    """How red a pixel has to be (saturation, 0–255), which share of such pixels makes a cell red, and whether small gaps are bridged."""

    saturation: int
    share: float
    bridged: bool


# A good imprint; a pale one; a very pale one; one that touches something else that is red.
INKS = (Ink(50, 0.2, True), Ink(30, 0.12, True), Ink(22, 0.2, True), Ink(50, 0.4, False))


def find(picture: Image.Image, *, dpi: float | None = None) -> Box | None:
    """
    Return the largest patch of the picture that looks like a red seal, or None.

    ``dpi``: pixels an inch of paper where that is known; a seal is told from smaller things by its size then.
    """
    small = _small(picture)
    sizes = _sizes(small, dpi / 25.4 * small.width / picture.width if dpi else None)
    colours = ImageOps.autocontrast(small, cutoff=(0, 5)).convert("HSV")
    for ink in INKS:
        mask = _red_mask(colours, ink)
        cells = mask.reduce(CELL).point([255 if value >= 255 * ink.share else 0 for value in range(256)])
        seals = [box for box in _patches(cells, ink) if _looks_like_a_seal(box, cells, mask, sizes)]
        if seals:
            return _on_the_picture(max(seals, key=lambda cell: (cell[2] - cell[0]) * (cell[3] - cell[1])), picture.width / small.width)
    return None


def is_grey(picture: Image.Image) -> bool:
    """Tell whether the picture has no colour at all, so that no red could be seen on it."""
    saturation = _small(picture).convert("HSV").getchannel("S")
    # Dark pixels are left out: noise of one step is full saturation there.
    bright = _small(picture).convert("L").point([255 if value >= BRIGHTNESS else 0 for value in range(256)])
    coloured = ImageChops.darker(saturation, bright).histogram()[GREY_BELOW:]
    return sum(coloured) < 0.0005 * saturation.width * saturation.height


Cells = tuple[int, int, int, int]  # left, top, right, bottom


def _on_the_picture(cells: Cells, scale: float) -> Box:
    left, top, right, bottom = (round(CELL * scale * edge) for edge in cells)
    return Box(left, top, right - left, bottom - top)


def _small(picture: Image.Image) -> Image.Image:
    small = picture.convert("RGB")
    small.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    return small


def _sizes(small: Image.Image, per_mm: float | None) -> tuple[float, float]:
    """Return the least and the greatest side of a seal, in cells."""
    if per_mm:
        return SMALLEST_MM * per_mm / CELL, LARGEST_MM * per_mm / CELL
    shorter = min(small.size) / CELL
    return SMALLEST * shorter, LARGEST * shorter


def _red_mask(colours: Image.Image, ink: Ink) -> Image.Image:
    # Stretching each channel made paper white under warm light too, where red ink would else be orange.
    hue, saturation, brightness = colours.split()
    mask = hue.point([255 if value <= HUE_BELOW or value >= HUE_ABOVE else 0 for value in range(256)])
    for channel, least in ((saturation, ink.saturation), (brightness, BRIGHTNESS)):
        mask = ImageChops.darker(mask, channel.point([255 if value >= least else 0 for value in range(256)]))
    return mask


def _patches(cells: Image.Image, ink: Ink) -> Iterator[Cells]:
    """Yield the bounding boxes of connected red patches; gaps of two cells (3 mm) between strokes are bridged if the ink asks it."""
    width, height = cells.size
    red = bytearray((cells.filter(ImageFilter.MaxFilter(3)) if ink.bridged else cells).tobytes())
    for start, value in enumerate(red):
        if value:
            red[start] = 0
            yield _filled(red, start, width, height, margin=int(ink.bridged))


def _filled(red: bytearray, start: int, width: int, height: int, *, margin: int) -> Cells:
    """Erase the patch around ``start`` from ``red`` and return its box, without the ``margin`` that bridging added at each side."""
    waiting, columns, rows = [start], [], []
    while waiting:
        row, column = divmod(waiting.pop(), width)
        columns.append(column)
        rows.append(row)
        for near_row in range(max(row - 1, 0), min(row + 2, height)):
            for place in range(near_row * width + max(column - 1, 0), near_row * width + min(column + 2, width)):
                if red[place]:
                    red[place] = 0
                    waiting.append(place)
    # A patch at the edge keeps touching it: the bridging cell there has no room to be taken back.
    return (
        min(columns) + margin * (min(columns) > 0),
        min(rows) + margin * (min(rows) > 0),
        max(columns) + 1 - margin * (max(columns) < width - 1),
        max(rows) + 1 - margin * (max(rows) < height - 1),
    )


def _looks_like_a_seal(box: Cells, cells: Image.Image, mask: Image.Image, sizes: tuple[float, float]) -> bool:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    smallest, largest = sizes
    if left == 0 or top == 0 or right == cells.width or bottom == cells.height:
        return False
    if min(width, height) < smallest or max(width, height) > largest:
        return False
    if min(width, height) < NARROWEST * max(width, height):
        return False
    patch = mask.crop((CELL * left, CELL * top, CELL * right, CELL * bottom))
    least, most = FILLED
    return least <= _share(patch) <= most and _has_empty_corners(patch) and _is_thin(patch) and _is_closed(cells.crop(box))


def _has_empty_corners(patch: Image.Image) -> bool:
    across, down = (max(1, round(CORNER * side)) for side in patch.size)
    corners = ((x, y, x + across, y + down) for x in (0, patch.width - across) for y in (0, patch.height - down))
    return all(_share(patch.crop(corner)) <= RED_IN_CORNERS for corner in corners)


def _is_thin(patch: Image.Image) -> bool:
    measured = patch.resize((MEASURED_AT, MEASURED_AT), Image.Resampling.BOX).point([255 if value >= 128 else 0 for value in range(256)])
    return _share(measured.filter(ImageFilter.MinFilter(STROKE))) <= MOST_SOLID * _share(measured)


def _is_closed(patch: Image.Image) -> bool:
    """Tell whether red lies in most directions as seen from the centre, near the rim of the oval that fills the box."""
    seen = set()
    for row in range(patch.height):
        for column in range(patch.width):
            across = (2 * column + 1) / patch.width - 1
            down = (2 * row + 1) / patch.height - 1
            if patch.getpixel((column, row)) and 0.7 <= math.hypot(across, down) <= 1.15:
                seen.add(int((math.atan2(down, across) / math.tau + 0.5) * SECTORS) % SECTORS)
    return len(seen) >= SECTORS_CLOSED


def _share(mask: Image.Image) -> float:
    return ImageStat.Stat(mask).mean[0] / 255
