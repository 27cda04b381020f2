"""
The QR code of our printed form, looked for on a picture: which application and version it names, and how the page lies (E-4).

The code stands at a fixed place of the form, so that four corners of it tell where everything else printed there must be. zxing-cpp reads
it: one wheel of a megabyte that needs neither numpy nor a system package; what else was weighed stands in ``docs/decisions/0006-scans.md``.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter

from membership.documents import form_blanks, pictures, scans
from membership.documents.pictures import Box, CleanPicture

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
EASY_SIDE, HARD_SIDE = 1_600, 2_500  # px of the longer side
# Edges that blur has washed out are set apart again; as wide as a module of the code is on a blurred photograph.
SHARPENED = ImageFilter.UnsharpMask(radius=6, percent=300, threshold=0)
QUARTER = 90

Point = tuple[float, float]


@dataclass(frozen=True)
class Code:
    """
    A form's own code on a picture: its text as ``scans.form_qr_text`` writes it, and its corners in pixels, beginning with the one that
    is the upper left on the form, clockwise.
    """

    text: str
    corners: tuple[Point, Point, Point, Point]

    @property
    def turned(self) -> int:
        """By how much the page lies turned clockwise: 0, 90, 180 or 270 degrees."""
        (left, top), (right, end), _, _ = self.corners
        return round(math.degrees(math.atan2(end - top, right - left)) / QUARTER) * QUARTER % 360

    def turned_with(self, degrees: int, width: int, height: int) -> "Code":
        """Return the code as it lies once its picture, so large before, is turned clockwise by 90, 180 or 270 degrees."""
        turn: Callable[[Point], Point] = {
            90: lambda at: (height - at[1], at[0]),
            180: lambda at: (width - at[0], height - at[1]),
            270: lambda at: (at[1], width - at[0]),
        }[degrees]
        a, b, c, d = map(turn, self.corners)
        return Code(self.text, (a, b, c, d))

    @property
    def dpi(self) -> float:
        """How finely the form is seen: pixels an inch of paper."""
        sides = [math.dist(corner, following) for corner, following in zip(self.corners, self.corners[1:] + self.corners[:1], strict=True)]
        return sum(sides) / 4 / form_blanks.QR_SIDE * 25.4

    @property
    def place(self) -> Box:
        return box_around(self.corners)

    def place_of(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return where a part of the form lies in the picture, given in millimetres of the printed page."""
        return box_around([self._at(x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))])

    def _at(self, x: float, y: float) -> Point:
        """Carry on from the code's edges; perspective is left out, since the corners are not exact enough to carry it that far."""
        upper_left, upper_right, lower_right, lower_left = self.corners
        across = (x - (form_blanks.RIGHT - form_blanks.QR_SIDE)) / form_blanks.QR_SIDE
        down = (y - form_blanks.QR_TOP) / form_blanks.QR_SIDE
        a, b = (
            upper_left[axis]
            + across * (upper_right[axis] - upper_left[axis] + lower_right[axis] - lower_left[axis]) / 2
            + down * (lower_left[axis] - upper_left[axis] + lower_right[axis] - upper_right[axis]) / 2
            for axis in (0, 1)
        )
        return a, b


def box_around(points: Iterable[Point]) -> Box:
    """Return the smallest box that holds the points."""
    across, down = zip(*points, strict=True)
    left, top = math.floor(min(across)), math.floor(min(down))
    return Box(left, top, math.ceil(max(across)) - left, math.ceil(max(down)) - top)


def read(picture: CleanPicture) -> list[Code]:
    """Return the codes of our forms on a picture, looked for plainly first and harder where there are none."""
    return next(filter(None, _looks(picture)), [])


def _looks(picture: CleanPicture) -> Iterator[list[Code]]:
    for side in (EASY_SIDE, max(picture.width, picture.height)):
        yield _codes_on(pictures.reduced(picture, side, "L"), picture.width)
    yield _codes_on(pictures.reduced(picture, HARD_SIDE, "L").filter(SHARPENED), picture.width)


def _codes_on(image: Image.Image, width: int) -> list[Code]:
    """Return the forms' codes on a smaller image of a picture, their corners as they lie on the picture, ``width`` px wide."""
    scale = width / image.width
    found = []
    for code in zxingcpp.read_barcodes(image, formats=QR):
        if named := scans.parse_form_qr(code.text):
            at = code.position
            corners = [(scale * one.x, scale * one.y) for one in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            found.append(Code(scans.form_qr_text(*named), (corners[0], corners[1], corners[2], corners[3])))
    return found
