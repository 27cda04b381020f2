"""Text in cells: nothing runs, nothing is rewritten, everything comes back as it was (REV-6)."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from membership.enums import ExportFormat
from membership.exports import cells, files

# What somebody may have written into a field, and whether a spreadsheet would run it or make another text of it.
TEXTS = [
    ("=1+1", True),
    ('=HYPERLINK("http://example.org","点我")', True),
    ("+8613800000001", True),
    ("-2+3", True),
    ("@SUM(A1)", True),
    ("\t=1+1", True),
    ("\r=1+1", True),
    ("\n=1+1", True),
    ("  =1+1", True),
    ("＝1+1", True),
    ("＋1", True),
    ("－1", True),
    ("＠sum", True),
    ("|calc", False),
    ("110101199003072316", True),
    ("11010119900307231X", False),
    ("012345", True),
    ("2011E010", True),
    ("1e5", True),
    ("1-2", True),
    ("3/4", True),
    ("10:30", True),
    ("1.50", True),
    ("#N/A", True),
    ("#REF!", True),
    ("300060", False),
    ("2026-03-17", False),
    ("2026-000041", False),
    ("13800000001", False),
    ("11**************16", False),
    ("'已加撇号", False),
    ("''", False),
    ("天津市河西区\n临江路 18 号", False),
    ('a,b;"c"', False),
    ("_x000B_", False),
    ("垂直\x0b制表", False),
    ("𠮷野·阿依古丽", False),
    ("", False),
    (" 前后有空格 ", False),
]


def written(format: ExportFormat, folder: Path, rows: list[list[str]]) -> Path:
    path = folder / f"list.{format}"
    assert files.write(format, path, title="名单", header=["甲"], rows=rows) == len(rows)
    return path


def read_back(format: ExportFormat, path: Path) -> list[list[str]]:
    if format == ExportFormat.CSV:
        with path.open("rb") as file:
            return list(files.read_csv(file))
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


class TestCells:  # REV-6
    @pytest.mark.parametrize(("text", "is_mistaken"), TEXTS)
    def test_what_a_spreadsheet_would_run_or_rewrite_is_known(self, text, is_mistaken):
        assert cells.is_mistaken(text) is is_mistaken

    @pytest.mark.parametrize("text", [text for text, _ in TEXTS])
    def test_no_cell_of_a_csv_begins_as_a_formula_and_every_text_comes_back(self, text):
        cell = cells.for_csv(text)

        assert cell.lstrip()[:1] not in tuple("=+-@＝＋－＠")
        assert cells.from_csv(cell) == text

    @given(st.text())
    def test_any_text_comes_back_from_both(self, text):
        assert cells.from_csv(cells.for_csv(text)) == text
        assert cells.from_xlsx(cells.for_xlsx(text)) == text


class TestFiles:  # REV-6: exported and imported again is unchanged
    @pytest.mark.parametrize("format", ExportFormat)
    @pytest.mark.parametrize("text", [text for text, _ in TEXTS])
    def test_a_text_is_read_back_as_it_was(self, format, text, tmp_path):
        # The second cell keeps the line from being empty, which readers leave out.
        path = written(format, tmp_path, [[text, "末"]])

        assert read_back(format, path)[1] == [text, "末"]

    def test_a_workbook_holds_no_formula_and_says_which_cells_stay_text(self, tmp_path):
        path = written(ExportFormat.XLSX, tmp_path, [[text] for text, _ in TEXTS])

        found = [row[0] for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]

        assert {cell.data_type for cell in found if cell.value is not None} <= {"s", "inlineStr"}
        for cell, (_, is_mistaken) in zip(found, TEXTS, strict=True):
            if is_mistaken:
                assert cell.quotePrefix and cell.number_format == "@"

    def test_an_identity_number_keeps_its_eighteen_digits(self, tmp_path):
        path = written(ExportFormat.XLSX, tmp_path, [["110101199003072316"]])

        assert openpyxl.load_workbook(path).active["A2"].value == "110101199003072316"

    def test_a_csv_begins_with_the_mark_by_which_excel_knows_its_letters(self, tmp_path):
        path = written(ExportFormat.CSV, tmp_path, [["若兰"]])

        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert path.read_bytes().endswith("若兰\r\n".encode())

    def test_a_list_of_nobody_is_a_header(self, tmp_path):
        for format in ExportFormat:
            assert read_back(format, written(format, tmp_path, [])) == [["甲"]]

    def test_a_sheet_that_would_be_too_long_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setitem(files.MOST_ROWS, ExportFormat.XLSX, 2)

        with pytest.raises(files.TooLong):
            files.write(ExportFormat.XLSX, tmp_path / "list.xlsx", title="名单", header=["甲"], rows=[["一"]] * 3)

    def test_any_csv_reader_finds_the_same_columns(self, tmp_path):
        path = written(ExportFormat.CSV, tmp_path, [["甲,乙", '丙"丁', "戊\n己"]])

        with path.open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.reader(file))[1] == ["甲,乙", '丙"丁', "戊\n己"]
