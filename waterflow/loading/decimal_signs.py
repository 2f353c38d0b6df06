"""Decimal and thousands signs of a table: judged once for the whole file, never cell by cell."""

from __future__ import annotations

import re
from typing import Any

from waterflow.errors import Problem
from waterflow.loading.spellings import month_and_dekad
from waterflow.words.catalogue import say

__all__ = ["two_readings", "with_one_decimal_sign"]

Cells = list[list[Any]]
#: a number with signs in it that may part thousands or decimals; spaces and apostrophes part thousands only
SIGNED = re.compile(r"[-+]?\d[\d.,]*[.,][\d.,]*$")
#: decimal sign -> numbers that have it, thousands parted by the other sign or by nothing
READINGS = {
    ",": re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"),
    ".": re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"),
}
YEARS = range(1900, 2200)
NO_SIGNS = str.maketrans("", "", " \u00a0\u202f'\u2019")


def with_one_decimal_sign(cells: Cells, shown: str) -> Cells:
    """The cells of a table with its numbers as numbers: ``1.500`` beside ``100,0`` is 1500.

    Text that is no number stays as it is; so does everything where one file has both signs for decimals.

    Raises
    ------
    InputError
        If every number could be read both ways and would differ.
    """
    typed = {cell: text for row in cells[1:] for cell in row if isinstance(cell, str) and (text := _bare(cell))}
    fitting = [sign for sign, reading in READINGS.items() if all(reading.match(text) for text in typed.values())]
    if not typed or not fitting:
        return cells
    if len(fitting) > 1 and any(_read(text, ",") != _read(text, ".") for text in typed.values()):
        first = next(cell for cell, text in typed.items() if _read(text, ",") != _read(text, "."))
        number = next(k for k, row in enumerate(cells, start=1) if first in row)
        where = say("{shown}, row {number}", shown=shown, number=number)
        found = say("{text}, which may be {one:g} or {other:g}", text=first, one=_read(typed[first], "."), other=_read(typed[first], ","))
        cause = say("Write numbers without a sign between thousands.")
        raise Problem("not-a-number", where, found, say("a number that can be read in one way"), cause).refusal()
    return [[_read(typed[c], fitting[0]) if isinstance(c, str) and c in typed else c for c in row] for row in cells]


def two_readings(cell: Any) -> tuple[float, float] | None:
    """A text that two habits of writing numbers read as two numbers, with a decimal point and with a decimal comma; else None."""
    text = _bare(cell) if isinstance(cell, str) else ""
    if not text or not all(reading.match(text) for reading in READINGS.values()) or _read(text, ".") == _read(text, ","):
        return None
    return _read(text, "."), _read(text, ",")


def _bare(cell: str) -> str:
    """A number as it is typed, spaces left out; nothing where a cell is none, or a month (``10.2024``)."""
    text = cell.translate(NO_SIGNS)
    if not (SIGNED.match(text) or (text != cell and text.isdecimal())) or not any(reading.match(text) for reading in READINGS.values()):
        return ""
    period = month_and_dekad(cell)
    return "" if period and period[0] in YEARS else text


def _read(text: str, decimal: str) -> float:
    return float(text.replace("." if decimal == "," else ",", "").replace(",", "."))
