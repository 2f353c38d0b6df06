"""Spreadsheets: the cells of a CSV file or of the first sheet of an Excel workbook, as somebody typed them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.loading.decimal_signs import with_one_decimal_sign
from waterflow.loading.texts import cells_of, read_text
from waterflow.loading.workbook import read_workbook
from waterflow.words.catalogue import say

__all__ = ["Cells", "read_cells"]

#: rows of cells: text, numbers, dates; blank cells are empty text
Cells = list[list[Any]]
EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
#: what may stand between the cells of a line; a semicolon where the comma is a decimal sign
DELIMITERS = (";", "\t", ",")


def read_cells(path: Path) -> Cells:
    """The cells of a table file, header first; lines without any cell are empty lists.

    Raises
    ------
    InputError
        If there is no such file, it is not a table, or its numbers may be read in two ways.
    """
    cells = _workbook(path) if path.suffix.lower() in EXCEL else _text(path)
    if not any(cells):
        raise Problem("not-a-table", path.name, say("an empty table"), say("a header and rows")).refusal()
    return with_one_decimal_sign(cells, path.name)


def _text(path: Path) -> Cells:
    text, problems = read_text(path, path.name)
    if problems:
        raise InputError(problems)
    head = text.lstrip().partition("\n")[0]
    delimiter = next((d for d in DELIMITERS if d in head), ",")
    lines, problems = cells_of(text, path.name, delimiter)
    if problems:
        raise InputError(problems)
    return [_trimmed([cell.strip() for cell in line]) for line in lines]


def _workbook(path: Path) -> Cells:
    return [_trimmed([cell.strip() if isinstance(cell, str) else cell for cell in row]) for row in read_workbook(path)]


def _trimmed(row: Sequence[Any]) -> list[Any]:
    """A row without the blank cells at its end."""
    cells = list(row)
    while cells and cells[-1] == "":
        cells.pop()
    return cells
