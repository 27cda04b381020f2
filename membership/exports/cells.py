"""
Text in the cells of a file, safe for who opens it in a spreadsheet and unchanged for who reads it back (REV-6).

A spreadsheet runs what looks like a formula, and rewrites what looks like a number or a date: an identity number loses its last digits.

- csv knows no types, so such text gets an apostrophe in front, and so does text that begins with one: :func:`from_csv` takes one away.
- xlsx knows types: every cell is text, and one that would be taken for something else once it is edited says so (``quotePrefix``, which
  Excel shows as an apostrophe that is no part of the text). What XML cannot hold stands as ``_xHHHH_``, as ECMA-376 has it (ST_Xstring).
"""

import re

MARK = "'"
# A formula, also in the full-width forms; and what a spreadsheet may skip to get at one.
_RUNS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# Comes back as another text: leading zeros, more digits than a number keeps, exponents, dates, fractions, errors. An ISO date stays one.
_REWRITTEN = re.compile(
    r"0[0-9]+|[0-9]{12,}|[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+|[0-9]{1,4}[-/.:][0-9]{1,4}([-/.:][0-9]{1,4})?|[0-9]+\.[0-9]*0|#.*[!?/A].*",
    re.ASCII,
)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def is_mistaken(text: str) -> bool:
    """Whether a spreadsheet would run a text or make another one of it."""
    return bool(_RUNS.match(text) or (_REWRITTEN.fullmatch(text) and not _ISO_DATE.fullmatch(text)))


def for_csv(text: str) -> str:
    """Return a text as it stands in a cell of a csv file."""
    return MARK + text if text.startswith(MARK) or is_mistaken(text) else text


def from_csv(cell: str) -> str:
    """Return the text that :func:`for_csv` made a cell of."""
    return cell.removeprefix(MARK)


def for_xlsx(text: str) -> str:
    """Return a text as the XML of a workbook holds it."""
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def from_xlsx(cell: str) -> str:
    """Return the text that :func:`for_xlsx` made a cell of, as it stands in the XML; calamine has done so already."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)
