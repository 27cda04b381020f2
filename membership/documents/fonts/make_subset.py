"""
Cut the two small fall-back fonts out of their large originals.

    python3 -m venv /tmp/subset && /tmp/subset/bin/pip install fonttools
    /tmp/subset/bin/python make_subset.py --hanazono HanaMinB.ttf --unihan Unihan_IRGSources.txt.bz2 --names rare_names.csv \
        --latin-medium NotoSerif_500Medium.ttf --latin-bold NotoSerif_700Bold.ttf

Writes RareNames.ttf, Latin-Medium.ttf and Latin-Bold.ttf beside itself. ``README.md`` says where the originals come from.
fontTools is needed here only, never by the site.
"""

import argparse
import bz2
import csv
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
MAIN_FACE = "NotoSerifSC_500Medium.ttf"
# National registers whose characters stand in people's papers: the police's identity card system, the Hong Kong and Macau
# character sets, the Japanese ones that computers there can type, and Taiwan's standard plane 3.
NAME_SOURCES = re.compile(r"G(IDC|FC|RM|U|XC)|H|M[ACD]|J(3A?|4|ARIB)-|T3")
# Characters that people were refused elsewhere for; 𨭎 is in none of the registers.
SEEN_IN_NAMES = "𠮷𨭎"
LATIN = [*range(0x20, 0x530), *range(0x1E00, 0x1F00), *range(0x2010, 0x2028), 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0xFFFD]


def characters_of(font: Path) -> set[int]:
    """Return the code points that a font draws."""
    return set(TTFont(font, lazy=True).getBestCmap())


def register_characters(unihan: Path) -> set[int]:
    """Return the code points that ``NAME_SOURCES`` knows, read from the Unicode consortium's table of sources."""
    found = set()
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _, value = line.rstrip("\n").partition("\t")
            field, _, source = value.partition("\t")
            if code.startswith("U+") and field.startswith("kIRG_") and NAME_SOURCES.match(source):
                found.add(int(code[2:], 16))
    return found


def listed_characters(names: Path) -> set[int]:
    """Return the code points of the names that the society must be able to print (column ``expect`` says accept)."""
    with names.open(encoding="utf-8") as lines:
        return {ord(character) for row in csv.DictReader(lines) if row["expect"] == "accept" for character in row["name"]}


def cut(source: Path, target: Path, code_points: set[int], family: str) -> None:
    """Write ``target`` with these code points alone, without hinting and layout tables, under a family name of its own."""
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, drop_tables=["FFTM", "BASE", "vhea", "vmtx", "gasp", "STAT"]
    )
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = family
    font["head"].modified = font["head"].created  # the same input gives the same file
    font.recalcTimestamp = False
    font.save(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("hanazono", "unihan", "names", "latin-medium", "latin-bold"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    wanted = register_characters(given.unihan) | listed_characters(given.names) | set(map(ord, SEEN_IN_NAMES))
    rare = (wanted - characters_of(HERE / MAIN_FACE)) & characters_of(given.hanazono)
    cut(given.hanazono, HERE / "RareNames.ttf", rare, "RareNames")
    cut(given.latin_medium, HERE / "Latin-Medium.ttf", set(LATIN), "Latin-Medium")
    cut(given.latin_bold, HERE / "Latin-Bold.ttf", set(LATIN), "Latin-Bold")


if __name__ == "__main__":
    main()
