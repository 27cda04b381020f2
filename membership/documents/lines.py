"""
Breaking a text into lines of a known width, by the measures of our own faces.

Rooms are millimetres, sizes are points. Nothing is ever cut; a space at the end of a line is the only thing that goes.
"""

from collections.abc import Iterable
from itertools import accumulate
from math import ceil

from reportlab.lib.units import mm

from membership.documents import glyphs
from membership.documents.fonts import MEDIUM

BREAK_AFTER = "·•-—）)、，, "
# For names of units: a break here reads as one, near the end of a line.
BREAK_SOFTLY_AFTER = "暨院校所司局部心会州省市县"
NEVER_FIRST = "，。、；：？！）)」』”’》〉·…—"
NEVER_LAST = "（(「『“‘《〈"
NEAR_THE_END = 0.6
MOST_LINES = 40

Plan = tuple[float, int]  # size, most lines


def filled(text: str, size: float, room: float, face: str = MEDIUM) -> list[str]:
    """Break running text so that each line is as full as can be, no word of Latin letters apart, no line beginning with 「，」."""
    ends, start, out = _ends(text, size, face), 0, []
    while start < len(text):
        stop = _last_that_fits(ends, start, room)
        if stop < len(text):
            stop = _good_stop(text, start, stop)
        out.append(text[start:stop].rstrip(" "))
        start = stop
    return out or [""]


def balanced(text: str, size: float, room: float, face: str = MEDIUM, *, softly: bool = False) -> list[str]:
    """
    Break a name so that its lines are about equally long, after a 「·」 or another mark where one is near.

    :param softly: break also after the words that names of units are made of.
    """
    ends = _ends(text, size, face)
    count = max(1, ceil(ends[-1] / (room * mm) - 1e-6)) if ends else 1
    while True:
        out = _evenly(text, ends, room, ends[-1] / count if ends else 0.0, softly)
        if len(out) <= count or count >= MOST_LINES:
            return out
        count += 1


def fitting(text: str, room: float, plans: Iterable[Plan], face: str = MEDIUM, *, softly: bool = False) -> tuple[float, list[str]] | None:
    """Return (size, lines) of the first plan (size, most lines) that holds the text, or None when none does."""
    for size, most in plans:
        broken = balanced(text, size, room, face, softly=softly)
        if len(broken) <= most:
            return size, broken
    return None


def listed(items: Iterable[str], size: float, room: float) -> list[str]:
    """Break a list set in running text, 「；」 between the items: an item is apart only when it is longer than a line."""
    out = [""]
    for item in items:
        piece = f"{out[-1]}{item}"
        if out[-1] and glyphs.width(piece, size) > room * mm:
            out.append(item)
        else:
            out[-1] = piece
    return [line for whole in out for line in filled(whole, size, room)]


def _ends(text: str, size: float, face: str) -> list[float]:
    return list(accumulate(glyphs.advances(text, size, face)))


def _last_that_fits(ends: list[float], start: int, room: float) -> int:
    before = ends[start - 1] if start else 0.0
    stop = start + 1
    while stop < len(ends) and ends[stop] - before <= room * mm:
        stop += 1
    return stop


def _good_stop(text: str, start: int, stop: int) -> int:
    earliest = start + int((stop - start) * NEAR_THE_END)
    for place in range(stop, max(earliest, start + 1), -1):
        if text[place] in NEVER_FIRST or text[place - 1] in NEVER_LAST or text[place] == " ":
            continue
        if not _is_inside_word(text, place):
            return place
    return stop


def _is_inside_word(text: str, place: int) -> bool:
    return text[place - 1].isascii() and text[place - 1].isalnum() and text[place].isascii() and text[place].isalnum()


def _evenly(text: str, ends: list[float], room: float, target: float, softly: bool) -> list[str]:
    start, out = 0, []
    while start < len(text):
        stop = _last_that_fits(ends, start, room)
        if stop < len(text):
            stop = _best_stop(text, ends, start, stop, target, softly)
        out.append(text[start:stop].strip(" "))
        start = stop
    return out or [""]


def _best_stop(text: str, ends: list[float], start: int, stop: int, target: float, softly: bool) -> int:
    before = ends[start - 1] if start else 0.0
    marked = [place for place in range(start + 1, stop + 1) if text[place - 1] in BREAK_AFTER]
    if marked:
        nearest = min(marked, key=lambda place: abs(ends[place - 1] - before - target))
        if ends[nearest - 1] - before > target / 2:
            return nearest
    if softly:
        earliest = start + int((stop - start) * NEAR_THE_END)
        return next((place for place in range(stop, earliest, -1) if text[place - 1] in BREAK_SOFTLY_AFTER), stop)
    return stop
