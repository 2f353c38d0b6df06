"""Numbers of a season's file that were typed as text: one decimal sign for the whole file, and every cell that may be two numbers told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.loading.decimal_signs import two_readings, with_one_decimal_sign
from waterflow.loading.spreadsheet import Cells
from waterflow.words.catalogue import say

__all__ = ["PER_CENT", "with_numbers"]

PER_CENT = re.compile(r"\s*%\s*$")


def with_numbers(sheets: Mapping[str, tuple[str, Cells]]) -> tuple[dict[str, tuple[str, Cells]], list[Problem]]:
    """Numbers typed as text in one reading for the file; without one, every cell that may be two numbers is told, and read as neither."""
    flat = [[_bare(cell)] for _, cells in sheets.values() for row in cells for cell in row]
    told = [
        (say("{shown}, row {number}", shown=shown, number=number), cell, both)
        for shown, cells in sheets.values()
        for number, row in enumerate(cells, start=1)
        for cell in row
        if (both := two_readings(_bare(cell)))
    ]
    try:
        read = iter([cell for (cell,) in with_one_decimal_sign([[""], *flat], "")[1:]])
    except InputError:
        cause = say("Write numbers without a sign between thousands.")
        problems = [
            Problem(
                "not-a-number",
                where,
                say("{text}, which may be {one:g} or {other:g}", text=cell, one=both[0], other=both[1]),
                say("a number that can be read in one way"),
                cause,
            )
            for where, cell, both in told
        ]
        blank = {cell for _, cell, _ in told}
        return {
            n: (s, [["" if isinstance(c, str) and c in blank else c for c in row] for row in cells]) for n, (s, cells) in sheets.items()
        }, problems
    return {n: (s, [[_with_sign(c, next(read)) for c in row] for row in cells]) for n, (s, cells) in sheets.items()}, []


def _bare(cell: Any) -> Any:
    """A text without a sign of per cent and with a plain minus."""
    return PER_CENT.sub("", cell).replace("\u2212", "-") if isinstance(cell, str) else cell


def _with_sign(cell: Any, read: Any) -> Any:
    """The number that was read of a text, its sign of per cent kept."""
    if isinstance(cell, str) and not isinstance(read, str):
        return f"{read!r} %" if PER_CENT.search(cell) else read
    return cell
