"""Scenarios side by side as text."""

from __future__ import annotations

import re

from waterflow.accounts.comparison_facts import Comparison, ComparisonRow
from waterflow.report.side_by_side import Line, side_by_side
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import WIDTH, columns, heading
from waterflow.words.numbers import unit

__all__ = ["render_comparison"]

SECTIONS = {
    "target": mark("Targets, {unit}"),
    "floor": mark("Minimum flows, {unit}"),
    "limit": mark("Limits and what is taken under them, {unit}"),
    "water": mark("Water delivered, under limits and outside them, {unit}"),
    "shortage": mark("Water short by user, {unit}"),
    "inflow": mark("Inflow at agreed places, {unit}"),
    "release": mark("Release of reservoirs, {unit}"),
    "energy": mark("Energy, {unit}"),
    "line": mark("Power over lines, {unit}"),
    "payoff": mark("Payoffs of the plan at low, central and high values, {unit}"),
    "closing storage": mark("Storages at the end, {unit}"),
    "objective": mark("Objective, {unit}"),
}
QUANTITIES = {
    "target": mark("target"),
    "delivered": mark("delivered"),
    "shortfall": mark("shortfall"),
    "floor": mark("floor"),
    "lowest": mark("lowest"),
    "limit": mark("limit"),
    "short": mark("short"),
    "agreed": mark("agreed"),
    "modelled": mark("modelled"),
    "release": mark("release"),
    "demand": mark("power demand"),
    "plants": mark("river plants"),
    "other hydropower": mark("other hydropower"),
    "thermal": mark("thermal power"),
    "import": mark("imports"),
    "export": mark("exports"),
    "unserved": mark("unserved"),
    "low": mark("low"),
    "central": mark("central"),
    "high": mark("high"),
    "storage": mark("storage"),
    "objective": mark("objective"),
}


def _when(row: ComparisonRow) -> str:
    """The months of a window without the year; a second window of the same months is numbered."""
    if row.days is None:
        return ""
    counted = re.search(r" \(\d+\)$", row.window)
    return re.sub(r" \d{4}", "", window_in_words(row.days)) + (counted.group() if counted else "")


def _line(row: ComparisonRow) -> Line:
    group = say(SECTIONS[row.section], unit=unit(row.unit)).rstrip(", ")
    what = (row.title.replace("/", ", "), _when(row), say(QUANTITIES.get(row.quantity, row.quantity)))
    return Line(group, what, tuple(row.values.values()))


def _disputed(found: Comparison) -> str:
    """How versions of input tables differ, row by row."""
    if not found.disputed:
        return ""
    head = [say("table"), say("row"), say("column"), say("the model"), say("the other")]
    body = [[x.table, ", ".join(x.row), x.column, _figure(x.own), _figure(x.other)] for x in found.disputed]
    return "\n".join([heading(say("What is disputed")).lstrip("\n"), columns(head, body, 3), "", ""])


def _figure(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def render_comparison(found: Comparison, width: int = WIDTH, *, everything: bool = False) -> str:
    """The comparison as plain text: what differs, or everything; the last column is the widest gap between scenarios."""
    several = len(found.scenarios) > 1
    return _disputed(found) + side_by_side(
        found.scenarios, map(_line, found.rows), width, everything=everything or not several, gap=several
    )
