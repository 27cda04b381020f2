"""Lists as files, csv and xlsx, written row by row so that memory stays flat whatever their length (REV-6, Speed)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from membership.enums import ExportFormat
from membership.exports import cells

CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = {ExportFormat.XLSX: 1_048_575}  # below the header, as a sheet has them
_WIDTH = 18  # characters

Row = Sequence[str]


class TooLong(Exception):
    """More rows than a sheet of a workbook has."""


def write(format: ExportFormat, path: Path, *, title: str, header: Row, rows: Iterable[Row]) -> int:
    """
    Write a list and return its number of rows, without the header.

    :raises TooLong: more rows than the format holds.
    """
    counted = _Counted(rows, most=MOST_ROWS.get(format))
    writer = _write_csv if format == ExportFormat.CSV else _write_xlsx
    writer(path, title, header, counted)
    return counted.number


def read_csv(file: IO[bytes]) -> Iterator[list[str]]:
    """Return the rows of a csv file that :func:`write` made, header first, each text as it was."""
    lines = (line.decode("utf-8") for line in file)
    first = next(lines, "").removeprefix("\ufeff")
    for row in csv.reader(chain([first], lines)):
        yield [cells.from_csv(cell) for cell in row]


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Row], *, most: int | None) -> None:
        self.rows, self.most, self.number = rows, most, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.number += 1
            if self.most is not None and self.number > self.most:
                raise TooLong()
            yield row


def _write_csv(path: Path, title: str, header: Row, rows: Iterable[Row]) -> None:
    # The mark at the beginning tells Excel that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([cells.for_csv(text) for text in row] for row in chain([header], rows))


def _write_xlsx(path: Path, title: str, header: Row, rows: Iterable[Row]) -> None:
    book = Workbook(write_only=True)
    book.properties.creator = "中国抗癌协会"
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number in range(len(header)):
        sheet.column_dimensions[_letters(number)].width = _WIDTH
    try:
        for row in chain([header], rows):
            sheet.append([_cell(sheet, text) for text in row])
    except BaseException:
        # Its file lies in the machine's temporary folder until the process ends.
        sheet.close()
        sheet._writer.cleanup()
        raise
    book.save(path)


def _cell(sheet: WriteOnlyWorksheet, text: str) -> Cell | str:
    written = cells.for_xlsx(text)
    if written == text and not cells.is_mistaken(text):
        return text
    cell = WriteOnlyCell(sheet, "")
    # Set beside ``value``, which would make a formula of it.
    cell._value, cell.data_type = written, "s"
    cell.number_format, cell.quotePrefix = "@", True
    return cell


def _letters(number: int) -> str:
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)
