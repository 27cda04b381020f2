"""
How sharp the writing on a picture is, for telling a scan that nobody can read from one that anybody can (APP-11).

Measured tile by tile where something is written: how abruptly its strongest edges turn (the second derivative), over the contrast of
what is written, so that neither pale ink nor thick strokes nor few words count as blur; the lesser of both directions, since a shaken
hand blurs one.
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from membership.documents.pictures import Box

MEASURED_AT, TILE = 1_600, 100  # px
PAPER, WRITTEN = 140, 400  # mean brightness of a tile, and variance of one with writing on it
STRONGEST = 0.005  # share of a tile's pixels: fifty of ten thousand lie on some edge however little is written
INK, WHITE = 0.02, 0.98  # shares of a tile's pixels at which its darkest and its brightest are taken
DERIVED = 4  # the derivatives come out of the filter divided by it
ACROSS = ImageFilter.Kernel((3, 3), (0, 0, 0, 1, -2, 1, 0, 0, 0), scale=DERIVED, offset=128)
DOWN = ImageFilter.Kernel((3, 3), (0, 1, 0, 0, -2, 0, 0, 1, 0), scale=DERIVED, offset=128)


@dataclass(frozen=True)
class Sharpness:
    """From 0 to 100, the middle of all written tiles; and the tile that is it, in pixels of the picture measured."""

    value: float
    tile: Box


def of(picture: Image.Image) -> Sharpness | None:
    """Return how sharp the writing on the picture is, or None where nothing is written."""
    grey = picture.convert("L")
    grey.thumbnail((MEASURED_AT, MEASURED_AT))
    grey = ImageOps.autocontrast(grey, cutoff=1)
    tiles = list(_written_tiles(grey))
    if not tiles:
        return None
    edges = [ImageChops.difference(grey.filter(kernel), Image.new("L", grey.size, 128)) for kernel in (ACROSS, DOWN)]
    value, left, top = statistics.median_low(sorted((_abruptness(grey, edges, *tile), *tile) for tile in tiles))
    scale = picture.width / grey.width
    return Sharpness(round(100 * min(value, 1), 1), Box(*(round(scale * length) for length in (left, top, TILE, TILE))))


def _written_tiles(grey: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield the left and upper edge of each tile of paper with writing on it."""
    for left in range(0, grey.width - TILE + 1, TILE):
        for top in range(0, grey.height - TILE + 1, TILE):
            tile = ImageStat.Stat(grey.crop((left, top, left + TILE, top + TILE)))
            if tile.mean[0] >= PAPER and tile.var[0] >= WRITTEN:
                yield left, top


def _abruptness(grey: Image.Image, edges: list[Image.Image], left: int, top: int) -> float:
    box = (left, top, left + TILE, top + TILE)
    written = grey.crop(box).histogram()
    contrast = max(_quantile(written, WHITE) - _quantile(written, INK), 1)
    return min(DERIVED * _quantile(edge.crop(box).histogram(), 1 - STRONGEST) for edge in edges) / contrast


def _quantile(histogram: list[int], share: float) -> int:
    """Return the brightness that this share of the pixels does not exceed."""
    wanted, seen = share * sum(histogram), 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    return len(histogram) - 1
