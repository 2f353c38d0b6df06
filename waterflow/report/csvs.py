"""The facts as one long table for spreadsheets: section, place, window, quantity, unit, value."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from waterflow.units import split_unit

__all__ = ["HEAD", "write_csv"]

HEAD = ("section", "place", "window", "quantity", "unit", "value")
#: for each list of facts: what names the place and what names the time of a row
SECTIONS = {
    "targets": (("place",), "window"),
    "floors": (("place",), "window"),
    "floor_shortfalls": (("place",), "period"),
    "limits": (("party",), "season"),
    "agreed_flows": (("place",), "window"),
    "known_flows": (("place", "quantity", "kind", "source"), "window"),
    "storage_rules": (("place", "rule"), "date"),
    "threshold_shares": (("place", "party"), "window"),
    "energy": (("party",), "season"),
    "power": (("party",), "window"),
    "lines": (("party", "line"), "window"),
    "fuels": (("party", "fuel"), "window"),
    "releases": (("place",), "window"),
    "payoffs": (("party", "term"), "window"),
    "accounts": (("party",), "window"),
    "deliveries": (("demand",), "window"),
}
Row = tuple[str, str, str, str, str, Any]


def _figures(section: str, place: str, window: str, facts: dict[str, Any]) -> Iterator[Row]:
    """One row for each number of a fact; what a river lacks has no row."""
    for key, value in facts.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield (section, place, window, *split_unit(key), value)


def _rows(facts: dict[str, Any]) -> Iterator[Row]:
    horizon = facts["horizon"]
    if facts["objective"] is not None:
        yield ("summary", facts["model"], horizon, "objective", _unit_of_objective(facts), facts["objective"])
    for stage in facts["stages"]:
        yield ("stages", stage["name"], horizon, stage["sense"], stage["unit"], stage["value"])
    for section, (who, when) in SECTIONS.items():
        for fact in facts[section]:
            yield from _figures(section, "/".join(fact[k] for k in who), fact[when], fact)
    for reservoir in facts["reservoirs"]:
        yield from _figures("reservoirs", reservoir["place"], horizon, reservoir)
        for period in reservoir["periods"]:
            yield from _figures("reservoirs", reservoir["place"], period["period"], period)
    for section in ("audit", "certificate", "inputs"):
        yield from _figures(section, facts["model"], horizon, facts[section])
    for table, counts in facts["inputs"]["by_table"].items():
        for grade, count in counts.items():
            yield ("inputs", table, horizon, f"rows_{grade}", "", count)
    yield from _figures("summary", facts["model"], horizon, {"in_transit_Mm3": facts["in_transit_Mm3"]})


def _unit_of_objective(facts: dict[str, Any]) -> str:
    return next(str(s["unit"]) for s in reversed(facts["stages"]) if s["value"] == facts["objective"])


def write_csv(facts: dict[str, Any]) -> str:
    """The facts as CSV text with a heading; numbers in full, one to a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(_rows(facts))
    return text.getvalue()
