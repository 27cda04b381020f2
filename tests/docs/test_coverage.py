"""``docs/coverage.md`` names every line of the product, and only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# How many lines each part of the product has, as the product page numbers them.
LINES = {
    "ACC": 7, "UI": 9, "APP": 13, "REF": 3, "REV": 15, "CERT": 8, "LEG": 5, "CHG": 4, "UPG": 1, "CMS": 5, "OPS": 7,
}  # fmt: skip


def rows():
    """Return [line, where, test, picture] of each row."""
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| [A-Z]+-\d+ .*$", text, re.M)]


def test_every_line_of_the_product_has_one_row():
    assert sorted(row[0] for row in rows()) == sorted(f"{part}-{number}" for part, most in LINES.items() for number in range(1, most + 1))


def test_every_test_it_names_is_there():
    named = {name for row in rows() for name in re.findall(r"[\w/]+\.py", row[2])}

    missing = {name for name in named if not list((ROOT / "tests").rglob(Path(name).name))}

    assert named
    assert not missing
