"""Observations by dekad as months: volumes summed, a storage that of the last dekad; a month of which a dekad is missing is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from waterflow.errors import Problem
from waterflow.loading.columns import GRADES, Table
from waterflow.loading.tables import Row
from waterflow.words.catalogue import say

__all__ = ["in_months"]

MONTH = len("2024-10")
DEKADS = ("d1", "d2", "d3")


def in_months(rows: Sequence[Row], table: Table, how: Literal["sum", "last"]) -> tuple[list[Row], list[Problem]]:
    """Rows of one month each, in the order of the file.

    Parameters
    ----------
    rows : sequence of Row
        With ``period``: a month, or a dekad of one.
    table : Table
        Its one number is a volume, or a storage at the end of the period.
    how : {"sum", "last"}
        What a month is of its dekads.

    Returns
    -------
    (rows, problems)
        A month made of dekads has the weakest grade of them.
    """
    value = next(c.name for c in table.columns if c.kind == "number")
    months: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        label = row.text("period")
        months.setdefault((*map(row.text, table.key), label[:MONTH]), {})[label[MONTH + 1 :]] = row
    made, problems = list[Row](), list[Problem]()
    for key, parts in months.items():
        first = next(iter(parts.values()))
        if set(parts) == {""}:
            made.append(first)
        elif "" in parts:
            cause = say("See also {where}.", where=next(r for d, r in parts.items() if d).where)
            problems.append(Problem("twice", parts[""].where, ", ".join(key), say("the month, or its three dekads"), cause))
        elif lacking := [d for d in (DEKADS if how == "sum" else DEKADS[-1:]) if d not in parts]:
            found = say("no row for {label}", label=", ".join(f"{key[-1]}-{d}" for d in lacking))
            problems.append(Problem("missing-period", first.where, found, say("the month, or its three dekads")))
        else:
            made.append(_month(parts, key[-1], value, how))
    return made, problems


def _month(parts: dict[str, Row], label: str, value: str, how: Literal["sum", "last"]) -> Row:
    """One row of three dekads."""
    last = parts[DEKADS[-1]]
    if how == "last":
        return replace(last, values={**last.values, "period": label})
    grade = max((row.text("grade") for row in parts.values()), key=GRADES.index)
    return replace(last, values={**last.values, "period": label, "grade": grade, value: sum(row.number(value) for row in parts.values())})
