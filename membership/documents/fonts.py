"""
The typefaces of the printed documents: which files they are, and how reportlab comes to know them.

A file is read on first use and once per process, whichever thread asks first; a document that needs no rare character never
reads the files for those. This is also the one place that changes reportlab's process-wide settings and mends its copied text.
"""

import mmap
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from django.conf import settings
from reportlab import rl_config
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics, ttfonts
from xhtml2pdf import default

FOLDER = Path(__file__).parent / "fonts"
MEDIUM = "song"
BOLD = "songbold"
LATIN_MEDIUM = "latin"
LATIN_BOLD = "latinbold"
RARE = "rare"
FURTHER = "further"
FILES = {
    MEDIUM: "NotoSerifSC_500Medium.ttf",
    BOLD: "NotoSerifSC_700Bold.ttf",
    LATIN_MEDIUM: "Latin-Medium.ttf",
    LATIN_BOLD: "Latin-Bold.ttf",
    RARE: "RareNames.ttf",
}
LATIN = {MEDIUM: LATIN_MEDIUM, BOLD: LATIN_BOLD}
CHINESE = {MEDIUM: MEDIUM, BOLD: BOLD, LATIN_MEDIUM: MEDIUM, LATIN_BOLD: BOLD}
MOST_ROWS = 100  # of one bfchar block (PDF 32000-1, 9.10.3)

# The same certificate must come out as the same bytes, and streams stay binary: a fifth smaller.
rl_config.invariant = 1
rl_config.useA85 = 0

_lock = threading.RLock()


class FontBytes:
    """
    The bytes of a font file, or of a large table in it, read from the mapped file when a part is asked for.

    reportlab keeps a font's bytes and copies its whole table of outlines for every document. Given this in their place, the
    15 MB of a Chinese face are never memory of the process, and only the pages with used glyphs are loaded.
    """

    LARGE = 1 << 20

    def __init__(self, mapped: mmap.mmap, start: int, stop: int) -> None:
        self.mapped, self.start, self.stop = mapped, start, stop

    def __len__(self) -> int:
        return self.stop - self.start

    def __getitem__(self, key: int | slice) -> "int | bytes | FontBytes":
        if isinstance(key, int):
            return self.mapped[self.start + key]
        start, stop, _ = key.indices(len(self))
        if stop - start > self.LARGE:
            return FontBytes(self.mapped, self.start + start, self.start + stop)
        return self.mapped[self.start + start : self.start + stop]


class FontFile:
    """A font file as reportlab wants to be given an open one: it has a name and is read once."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)

    def read(self) -> FontBytes:
        with open(self.name, "rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return FontBytes(mapped, 0, len(mapped))


class UnreadableFont(ValueError):
    """A file of ``DOCUMENT_FONTS_DIR`` is no TrueType font with glyf outlines; the message names it."""


def order(first: str) -> tuple[str, ...]:
    """Return the faces to try for a character: ``first`` (MEDIUM or BOLD), Latin of the same weight, rare Han, then the whole fonts."""
    return (first, LATIN[first], RARE, *further_files(str(settings.DOCUMENT_FONTS_DIR or "")))


@lru_cache
def further_files(folder: str) -> dict[str, Path]:
    """Return face name → file for the TrueType fonts of a folder, by file name; an empty name means no folder."""
    if not folder:
        return {}
    return {f"{FURTHER}{crc32(bytes(path)):08x}": path for path in sorted(Path(folder).glob("*.[tT][tT][fF]"))}


@lru_cache
def code_points(face: str) -> Mapping[int, int]:
    """Return code point → glyph for all that a face draws; reportlab and xhtml2pdf know the face by its name from then on."""
    with _lock:
        return _registered(face).face.charToGlyph


def register(face: str) -> None:
    """Have reportlab know this face by its name; costs something the first time only."""
    code_points(face)


def warm_up() -> None:
    """Read the two faces that every document needs, so that the first document after a start is not the slow one."""
    for face in (MEDIUM, BOLD):
        register(face)


def is_thin(face: str) -> bool:
    """Return whether a face stands beside ours as too light (Ming faces for rare characters come in one weight)."""
    return face == RARE or face.startswith(FURTHER)


def _registered(face: str) -> ttfonts.TTFont:
    if face in pdfmetrics.getRegisteredFontNames():
        return pdfmetrics.getFont(face)
    path = _file(face)
    try:
        font = ttfonts.TTFont(face, FontFile(path))
    except (ttfonts.TTFError, OSError, ValueError) as problem:
        raise UnreadableFont(f"无法读取字体文件 {path}：{problem}") from problem
    pdfmetrics.registerFont(font)
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(face, bold, italic, face)
    default.DEFAULT_FONT[face] = face
    return font


def _file(face: str) -> Path:
    return FOLDER / FILES[face] if face in FILES else further_files(str(settings.DOCUMENT_FONTS_DIR))[face]


_stock_cmap = ttfonts.makeToUnicodeCMap


def to_unicode(name: str, subset: list[int]) -> str:
    """
    Return the table that says which character a drawn glyph stands for, so that text copies and searches right.

    reportlab writes a character beyond the basic plane as five hexadecimal digits, where UTF-16 with surrogates is asked for
    (PDF 32000-1, 9.10.3), and puts more rows in one block than is allowed. Everything else of its table is kept.
    """
    head = _stock_cmap(name, subset).partition(f"{len(subset)} beginbfchar")[0]
    rows = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)]
    blocks = [rows[i : i + MOST_ROWS] for i in range(0, len(rows), MOST_ROWS)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return f"{head}{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


ttfonts.makeToUnicodeCMap = to_unicode
