"""Station files of the form that the Global Runoff Data Centre gives: remarks with ``#``, then days, times and values with semicolons.

Their monthly files write a month as ``YYYY-MM-00`` and have an original and a calculated value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from waterflow.errors import Problem
from waterflow.words.catalogue import say

__all__ = ["MISSING", "Station", "is_station_file", "read_station"]

#: what stands for a missing value unless the remarks say another
MISSING = -999.0
UNIT = "m3/s"
TOLD = re.compile(r"#\s*([^:#]+?)\s*:\s*(.*?)\s*$")
ABSENT = re.compile(r"missing values are indicated by\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE)
MONTH = re.compile(r"(\d{4}-\d{2})-00$")
DATA = re.compile(r"\d{4}-\d{2}-\d{2}\s*;")


@dataclass(frozen=True)
class Station:
    """A station: what its remarks say by key, and its cells with a header."""

    told: dict[str, str]
    cells: list[list[Any]]
    missing: float

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return self.told.get("Unit of measure", UNIT)


def is_station_file(text: str) -> bool:
    """True if a text begins with remarks and has days and values parted by semicolons."""
    return text.lstrip().startswith("#") and any(DATA.match(line) for line in text.splitlines())


def read_station(text: str, shown: str) -> Station:
    """The remarks and cells of a station file; a value that is missing is a blank cell.

    Raises
    ------
    InputError
        If a line is neither a remark nor data; names them all.
    """
    told: dict[str, str] = {}
    missing, head, cells = MISSING, [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            if found := TOLD.match(line):
                told.setdefault(found[1], found[2])
            if absent := ABSENT.search(line):
                missing = float(absent[1])
        elif line.strip() and not line[0].isdigit():
            head = [cell.strip() for cell in line.split(";")]
        elif line.strip():
            row = [cell.strip() for cell in line.split(";")]
            if not DATA.match(line) or len(row) < 2 or (head and len(row) != len(head)):
                where = say("{shown}, row {number}", shown=shown, number=number)
                raise Problem("not-a-table", where, line[:40], say("a day and its values parted by semicolons")).refusal()
            cells.append([MONTH.sub(r"\1", row[0]), *(_value(cell, missing) for cell in row[1:])])
    width = max((len(row) for row in cells), default=0)
    return Station(told, [head or ["YYYY-MM-DD", *["hh:mm", "Value"][-(width - 1) :]], *cells], missing)


def _value(cell: str, missing: float) -> str:
    try:
        return "" if float(cell) == missing else cell
    except ValueError:
        return cell
