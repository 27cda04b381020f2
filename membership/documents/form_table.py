"""
The form's table of data: which size and padding let it fill its place exactly.

Lines are broken here, so that heights are known before anything is rendered. When room is short, this gives way, in this order:
the white under 其他学会任职, then padding and sizes together (``DENSITIES``), then 其他学会任职 is cut after whole items, and
says so. Nothing else is ever cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from membership.documents import glyphs, lines
from membership.documents.fonts import BOLD, MEDIUM
from membership.documents.html_page import NotOnePage

if TYPE_CHECKING:
    from membership.documents.form import FormSheet

HEIGHT = 143.0  # mm; the foot begins 2 mm below
POINT = 25.4 / 72  # mm
LEADING = 1.32
LIST_LEADING = 1.38
LABEL = 9 * 1.25 * POINT  # one line of a label
PHOTO_ROWS = 37.5  # mm: three rows hold the photograph of 35
WIDEST_PADDING = 3.2
KEPT_BELOW = 8.0  # mm of white that stay under the last row before padding is widened
PADDINGS = 20  # above and below each of the ten rows
SAFETY = 0.35  # mm: what keeps xhtml2pdf from breaking a line once more
LOCAL_SIZE = 9.0
NOT_ASKED = "—"
NONE = "无"

FIRST, SECOND, THIRD, WIDE, WHOLE = (1.8 * share - 3 - SAFETY for share in (16.5, 22, 15.5, 31.5, 90))
ROOMS = {
    "sex": SECOND, "born_on": THIRD,
    "party": FIRST, "education": SECOND, "nation": THIRD,
    "origin": FIRST, "title": SECOND, "phone": THIRD,
    "document_kind": FIRST, "document_number": SECOND,
    "work_unit": WHOLE,
    "address": WHOLE,
    "unit_phone": FIRST, "department": SECOND, "post": WIDE,
    "licence_kind": FIRST, "licence": SECOND, "speciality": WIDE,
}  # fmt: skip
ROWS = (
    ("name", "sex", "born_on"),
    ("party", "education", "nation"),
    ("origin", "title", "phone"),
    ("document_kind", "document_number", "mail"),
    ("work_unit",),
    ("address",),
    ("unit_phone", "department", "post"),
    ("licence_kind", "licence", "speciality"),
    ("institutions",),
    ("societies",),
)
LABEL_LINES = (1, 1, 1, 1, 1, 1, 1, 2, 1, 2)
NOT_ASKED_OF_STUDENTS = ("title", "department", "post", "licence_kind", "licence")
NOT_ASKED_OF_FOREIGNERS = ("party", "origin")


@dataclass(frozen=True)
class Density:
    """Padding of the rows in mm, sizes of values and of lists in points."""

    padding: float
    value: float
    listing: float


DENSITIES = (Density(2.1, 10, 9.5), Density(1.4, 9.5, 9), Density(1.0, 9, 8.5), Density(0.7, 8.5, 8))


@dataclass(frozen=True)
class Cell:
    """The lines of one value and how they are set."""

    lines: list[str]
    size: float
    leading: float = LEADING
    face: str = MEDIUM
    style: str = ""

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * self.leading * POINT

    def html(self) -> SafeString:
        """Return the lines, escaped: one div each, a single plain one as it is (each element costs xhtml2pdf half a millisecond)."""
        marked = [glyphs.markup(line, self.face) for line in self.lines]
        if self.style:
            return format_html_join("", '<div class="{}">{}</div>', ((self.style, line) for line in marked))
        return marked[0] if len(marked) == 1 else format_html_join("", "<div>{}</div>", ((line,) for line in marked))


@dataclass(frozen=True)
class Table:
    """The table as the template takes it; lengths in mm. ``middle_of_photo`` is below the table's upper edge."""

    cells: dict[str, Cell]
    density: Density
    padding: float
    lift: float
    slack: float
    middle_of_photo: float
    labels: dict[str, str]

    def context(self) -> dict:
        """Return the template's variables: numbers as text, since a localised 1,4 would break the style sheet."""
        return {
            "cells": {name: cell.html() for name, cell in self.cells.items()},
            "labels": self.labels,
            "pad": f"{self.padding:.2f}",
            "lift": f"{self.lift:.2f}",
            "slack": f"{self.slack:.2f}",
            "value": f"{self.density.value:g}",
            "list": f"{self.density.listing:g}",
            "name": f"{self.cells['name'].size:g}",
            "mail": f"{self.cells['mail'].size:g}",
        }


def laid_out(sheet: "FormSheet") -> Table:
    """
    Return the table in the loosest density that fits.

    :raises NotOnePage: it does not fit although 其他学会任职 is down to its number of items.
    """
    for density in DENSITIES:
        cells = _cells(sheet, density)
        if table := _table(sheet, density, cells):
            return table
    for count in range(len(sheet.societies) - 1, -1, -1):
        shorter = cells | {"societies": _listing(_cut(sheet.societies, count), density)}
        if table := _table(sheet, density, shorter):
            return table
    raise NotOnePage("内容过长，申请表一页放不下：请缩短较长的一项（如联系地址、科室、职务、专业）")


def _table(sheet: "FormSheet", density: Density, cells: dict[str, Cell]) -> Table | None:
    rows = _row_heights(cells)
    height, _ = _measured(rows, density.padding)
    if height > HEIGHT:
        return None
    padding = min(WIDEST_PADDING, density.padding + max(0.0, HEIGHT - KEPT_BELOW - height) / PADDINGS)
    height, lift = _measured(rows, padding)
    # The label of the last row may be taller than the text it stands beside.
    beside = max(0.0, 2 * LABEL - cells["societies"].height)
    slack = padding + HEIGHT - height + beside
    photo_rows = sum(_beside_photo(row, padding, lift) for row in rows[:3])
    return Table(cells, density, padding, lift, slack, photo_rows / 2, _labels(sheet))


def _row_heights(cells: dict[str, Cell]) -> list[float]:
    """Return the heights of the texts in the ten rows, without padding."""
    local = cells["name_local"].height
    heights = []
    for names, label_lines in zip(ROWS, LABEL_LINES, strict=True):
        tallest = max(cells[name].height + (local if name == "name" else 0) for name in names)
        heights.append(max(tallest, label_lines * LABEL))
    return heights


def _measured(rows: list[float], padding: float) -> tuple[float, float]:
    """Return the height of the table, and the padding of the labels beside the photograph, which lifts its rows to its height."""
    lift = max(padding, PHOTO_ROWS / 6 - LABEL / 2)
    beside = sum(_beside_photo(row, padding, lift) for row in rows[:3])
    return beside + sum(row + 2 * padding for row in rows[3:]), lift


def _beside_photo(row: float, padding: float, lift: float) -> float:
    return max(row + 2 * padding, LABEL + 2 * lift)


def _labels(sheet: "FormSheet") -> dict[str, str]:
    return {"nation": "国籍" if sheet.nationality else "民族", "work_unit": "就读学校" if sheet.is_student else "工作单位"}


def _cells(sheet: "FormSheet", density: Density) -> dict[str, Cell]:
    values = {name: getattr(sheet, name) for name in ROOMS} | {"nation": sheet.nationality or sheet.nation}
    values |= {name: values[name] or NOT_ASKED for name in _not_asked(sheet)}
    cells = {name: _cell(values[name], density.value, room) for name, room in ROOMS.items()}
    return cells | {
        "name": _name(sheet.name, density),
        "name_local": Cell(lines.balanced(sheet.name_local, LOCAL_SIZE, FIRST) if sheet.name_local else [], LOCAL_SIZE, style="local"),
        "mail": _mail(sheet.mail, density),
        "institutions": _listing(_pieces(sheet.institutions), density),
        "societies": _listing(_pieces(sheet.societies or (NONE,)), density),
    }


def _cell(value: str, size: float, room: float) -> Cell:
    face = glyphs.mould(value)
    return Cell(lines.filled(value, size, room, face), size, face=face)


def _not_asked(sheet: "FormSheet") -> tuple[str, ...]:
    return (NOT_ASKED_OF_STUDENTS if sheet.is_student else ()) + (NOT_ASKED_OF_FOREIGNERS if sheet.nationality else ())


def _name(name: str, density: Density) -> Cell:
    """Set a short name larger, a long one at the size of its neighbours; in bold unless a thin face would show beside it."""
    weight = MEDIUM if glyphs.is_rare(name) else BOLD
    face = glyphs.mould(name, weight)
    size = 12.0 if len(name) <= 5 else density.value if len(name) <= 14 else density.value - 0.5
    return Cell(lines.balanced(name, size, FIRST, face), size, face=face, style="bold" if weight == BOLD else "")


def _mail(mail: str, density: Density) -> Cell:
    """Set an address on one line, else broken before its @, at the largest size that takes two lines."""
    sizes = (density.value, 9, 8.5, 8, 7.5)
    parts = [mail] if glyphs.width(mail, 8) <= WIDE / POINT else [part for part in mail.replace("@", "\n@").split("\n") if part]
    size = next((size for size in sizes if all(glyphs.width(part, size) <= WIDE / POINT for part in parts)), sizes[-1])
    return Cell([line for part in parts for line in lines.filled(part, size, WIDE)], size)


def _listing(pieces: Iterable[str], density: Density) -> Cell:
    return Cell(lines.listed(pieces, density.listing, WHOLE), density.listing, LIST_LEADING)


def _pieces(items: tuple[str, ...]) -> list[str]:
    return [f"{item}；" for item in items[:-1]] + list(items[-1:])


def _cut(items: tuple[str, ...], count: int) -> list[str]:
    """Return the first items and how many there are in all."""
    if count == 0:
        return [f"共 {len(items)} 项，全部见申请系统"]
    return [*_pieces(items[:count])[:-1], f"{items[count - 1]} ", f"等 {len(items)} 项，全部见申请系统"]
