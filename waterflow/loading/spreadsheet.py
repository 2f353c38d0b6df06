"""Spreadsheets: the cells of a CSV file or of the sheets of an Excel workbook, as somebody typed them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waterflow.errors import InputError
from waterflow.loading.texts import cells_of, read_text
from waterflow.loading.workbook import read_workbook

__all__ = ["Cells", "read_sheets"]

#: rows of cells: text, numbers, dates; blank cells are empty text
Cells = list[list[Any]]
EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
#: what may stand between the cells of a line; a semicolon where the comma is a decimal sign
DELIMITERS = (";", "\t", ",")
#: lines that are looked at to find it
SAMPLE = 20
QUOTED = re.compile(r'"[^"]*"')


def read_sheets(path: Path, told: list[str] | None = None) -> dict[str, Cells]:
    """The cells of a table file, line by line; lines without any cell are empty lists.

    Parameters
    ----------
    path : Path
    told : list of str, optional
        What had to be understood of a text's encoding is said there; without it such a text is refused.

    Returns
    -------
    dict of Cells
        By the name of the sheet, which a text has none of.

    Raises
    ------
    InputError
        If there is no such file, or it is no table.
    """
    if path.suffix.lower() not in EXCEL:
        return {"": _text(path, told)}
    return {name: [_trimmed(row) for row in rows] for name, rows in read_workbook(path).items()}


def _text(path: Path, told: list[str] | None) -> Cells:
    text, problems = read_text(path, path.name, told)
    if problems:
        raise InputError(problems)
    lines, problems = cells_of(text, path.name, _delimiter(text))
    if problems:
        raise InputError(problems)
    return [_trimmed(line) for line in lines]


def _delimiter(text: str) -> str:
    """What parts the cells: of the signs that stand in most lines, titles aside, the one that stands equally often in most of them.

    What stands in quotes parts nothing; of two signs alike in that the first is taken, for where lines are parted by
    semicolons the commas are decimal signs.
    """
    lines = [QUOTED.sub("", line) for line in text.splitlines() if line.strip()][:SAMPLE]
    scores = {}
    for sign in DELIMITERS:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        if 2 * counts.total() >= len(lines) > 0:
            scores[sign] = max(counts.values())
    return max(scores, key=lambda sign: scores[sign], default=",")


def _trimmed(row: Sequence[Any]) -> list[Any]:
    """A row without the blanks around its texts and the blank cells at its end."""
    cells = [cell.strip() if isinstance(cell, str) else cell for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells
