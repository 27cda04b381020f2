"""
``manage.py slice_title_font``: the serif of the titles cut into many small files, of which a page fetches the few it needs.

Noto Serif SC has 30,928 characters in 14 MB; a page may weigh 150 KB. First come the characters of our own titles, those of the same
pages in one slice; then the rest of the typeface, by how often Chinese uses it, in slices that are the smaller the commoner they are: an
editor's title or a member's name fetches nearly one for each of its characters.

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3     # unpack
    .venv/bin/python manage.py slice_title_font package/600SemiBold/NotoSerifSC_600SemiBold.ttf

The same typeface and the same titles give the same bytes.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from fontTools import subset
from fontTools.ttLib import TTFont

from caca.management import title_characters

FOLDER = settings.BASE_DIR / "static" / "fonts" / "noto-serif-sc"
STYLE_SHEET = "noto-serif-sc.css"
HEAD = (
    "/* Noto Serif SC 600, from @expo-google-fonts/noto-serif-sc 0.4.3 (OFL 1.1, see LICENSE), cut by manage.py slice_title_font, "
    "which says how and why. Of two ranges that hold a character the later one is asked first. */"
)
# Each of these is needed on many pages, and kerning works within a file only.
FIGURES = " 0123456789.,:;!?%&/+-–()'\"·…—，。、：；？！（）《》「」『』〈〉【】“”‘’～〇　"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Characters of a national standard by their first bytes: of GB 2312 the 3,755 common ones and the 3,008 less common ones, many of them
# of names; of Big5 what Hong Kong, Macau and Taiwan write.
COMMON = ("gb2312", range(0xB0, 0xD8))
LESS_COMMON = ("gb2312", range(0xD8, 0xF8))
TRADITIONAL = ("big5", range(0xA4, 0xFA))
# How many characters share a slice. A visitor pays for the whole slice of each character, and in the style sheet for every slice there is.
TITLES_A_SLICE, COMMON_A_SLICE, LESS_COMMON_A_SLICE, TRADITIONAL_A_SLICE, RARE_A_SLICE = 8, 12, 32, 64, 256
# Between two characters that share a range there may be so many that stand in later slices, or nowhere: a list of single characters
# would make the style sheet three times as long. Blocks that the typeface lacks are wider than this: emoji, hangul, private use.
REACH = 1024
# So many slices are cut from the same part of the typeface, for cutting one from the whole takes a third of a second.
NEIGHBOURS = 32
FEATURES = ["ccmp", "chws", "halt", "kern", "liga", "mark"]
# Of vertical writing, and of a family's further weights. The few bytes of gasp and prep stay: Windows smooths letters by them.
UNUSED_TABLES = ["BASE", "STAT", "vhea", "vmtx"]


@dataclass(frozen=True)
class Slice:
    """One file of the typeface. ``reach``: how far apart two characters may be that share a range."""

    name: str
    code_points: tuple[int, ...]
    reach: int

    @property
    def file_name(self) -> str:
        return f"{self.name}.woff2"

    @property
    def ranges(self) -> str:
        """Return the value of ``unicode-range``."""
        runs: list[list[int]] = []
        for code_point in sorted(self.code_points):
            if runs and code_point - runs[-1][1] <= self.reach:
                runs[-1][1] = code_point
            else:
                runs.append([code_point, code_point])
        return ",".join(f"U+{first:x}" if first == last else f"U+{first:x}-{last:x}" for first, last in runs)

    @property
    def rule(self) -> str:
        return (
            '@font-face{font-family:"Noto Serif SC";font-weight:600;font-display:swap;'
            f'src:url("{self.file_name}") format("woff2");unicode-range:{self.ranges}}}'
        )


def slices(available: set[int], uses: dict[str, set[str]]) -> list[Slice]:
    """
    Return all slices of a typeface that has the ``available`` code points, from those to be asked first to the rarest.

    ``uses`` has the characters of titles, see ``title_characters.uses``.
    """
    left = set(available)

    def take(characters: Iterable[str]) -> list[int]:
        taken = [ord(character) for character in characters if ord(character) in left]
        left.difference_update(taken)
        return taken

    found = [Slice("figures", tuple(take(FIGURES)), 1), Slice("letters", tuple(take(LETTERS)), 1)]
    of_titles = {chr(code_point): uses[chr(code_point)] for code_point in take(uses)}
    found += [Slice(f"title-{number:02}", part, 1) for number, part in enumerate(in_company(of_titles), 1)]
    for name, characters, size in (
        ("common", of_standard(*COMMON), COMMON_A_SLICE),
        ("less-common", of_standard(*LESS_COMMON), LESS_COMMON_A_SLICE),
        ("traditional", of_standard(*TRADITIONAL), TRADITIONAL_A_SLICE),
        ("rare", map(chr, available), RARE_A_SLICE),
    ):
        ordered = sorted(take(characters))
        parts = [tuple(ordered[start : start + size]) for start in range(0, len(ordered), size)]
        found += [Slice(f"{name}-{number:03}", part, REACH) for number, part in enumerate(parts, 1)]
    return found


def in_company(uses: dict[str, set[str]]) -> Iterator[tuple[int, ...]]:
    """Yield slices of titles: each begins with the character of most pages and takes those that stand on the same pages as it does."""
    left = sorted(uses, key=lambda character: (-len(uses[character]), character))
    while left:
        together = [left.pop(0)]
        pages = uses[together[0]]
        while left and len(together) < TITLES_A_SLICE:
            nearest = max(left, key=lambda character: (_likeness(uses[character], pages), len(uses[character])))
            left.remove(nearest)
            together.append(nearest)
            pages = pages | uses[nearest]
        yield tuple(map(ord, together))


def _likeness(some: set[str], others: set[str]) -> float:
    return len(some & others) / len(some | others)


def of_standard(encoding: str, first_bytes: Iterable[int]) -> set[str]:
    """Return the characters that an encoding of two bytes has below these first bytes."""
    pairs = (bytes((first, second)) for first in first_bytes for second in range(0x40, 0xFF))
    return {character for pair in pairs if len(character := pair.decode(encoding, errors="ignore")) == 1}


def style_sheet(found: list[Slice]) -> str:
    """Return the rules of all slices, the rarest first."""
    return "\n".join([HEAD, *(one.rule for one in reversed(found))]) + "\n"


class Command(BaseCommand):
    help = "Cut the serif web font anew, for the titles as they are now. Needs fontTools (requirements-dev.txt) and the whole typeface."

    def add_arguments(self, parser) -> None:
        parser.add_argument("typeface", type=Path, help="NotoSerifSC_600SemiBold.ttf of the npm package @expo-google-fonts/noto-serif-sc")

    def handle(self, *args, typeface: Path, **options) -> None:
        if not typeface.is_file():
            raise CommandError(f"There is no file {typeface}. Fetch and unpack the package as the head of this command's module says.")
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        whole = typeface.read_bytes()
        available = set(TTFont(BytesIO(whole), lazy=True).getBestCmap())
        found = slices(available, title_characters.uses())
        files = dict(_files(whole, found))
        for old in FOLDER.glob("*.woff2"):
            old.unlink()
        for name, data in files.items():
            (FOLDER / name).write_bytes(data)
        (FOLDER / STYLE_SHEET).write_text(style_sheet(found), encoding="utf-8")
        self.stdout.write(f"{len(available)} characters in {len(found)} slices.")


def _files(whole: bytes, found: list[Slice]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of the file of each slice."""
    for start in range(0, len(found), NEIGHBOURS):
        neighbours = found[start : start + NEIGHBOURS]
        part = _subset(whole, {code_point for one in neighbours for code_point in one.code_points})
        yield from ((one.file_name, _subset(part, one.code_points, "woff2")) for one in neighbours)


def _subset(typeface: bytes, code_points: Iterable[int], flavor: str | None = None) -> bytes:
    """Return a font with these code points alone, as WOFF2 or plain."""
    font = TTFont(BytesIO(typeface), recalcTimestamp=False, lazy=True)
    choices = subset.Options(layout_features=FEATURES, name_IDs=[])
    choices.drop_tables += UNUSED_TABLES
    cutter = subset.Subsetter(choices)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    for table in ("GPOS", "GSUB"):
        if table in font and not font[table].table.LookupList.LookupCount:
            del font[table]
    font.flavor = flavor
    cut = BytesIO()
    font.save(cut, reorderTables=False)
    return cut.getvalue()
