"""The CSV files beside this module, row by row. What their columns mean is written in ``README.md``."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of ``data/<name>.csv`` as they are: text, empty where nothing is known."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def listed(text: str) -> list[str]:
    """Split a cell that holds several values, separated by semicolons."""
    return [part for part in text.split(";") if part]
