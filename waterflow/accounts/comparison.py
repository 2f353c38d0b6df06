"""Scenarios side by side: what changes, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

import pandas as pd
import xarray as xr

from waterflow.accounts.plan_facts import report
from waterflow.basin.basin import Basin
from waterflow.basin.wanted import wrong_kind
from waterflow.errors import InputError
from waterflow.words.catalogue import say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns
from waterflow.words.numbers import NOTHING, number, places

__all__ = ["Allocated", "compare", "comparison_facts", "render_comparison"]

INDEX = ("section", "place", "window", "quantity", "unit")
WORDS = {
    "target": "Targets",
    "floor": "Minimum flows",
    "limit": "Limits",
    "water": "Water delivered, under limits and outside them",
    "inflow": "Inflow at agreed places",
    "release": "Release of reservoirs",
    "energy": "Energy",
    "line": "Power over lines",
    "payoff": "Payoffs of the plan at low, central and high values",
    "closing storage": "Closing storage",
    "objective": "Objective",
}
Key = tuple[str, str, str, str, str]


class Allocated(Protocol):
    """What is compared: anything with a basin and the Dataset of its allocation."""

    @property
    def basin(self) -> Basin:
        """What was asked."""

    @property
    def dataset(self) -> xr.Dataset:
        """What was decided."""


def _yearless(window: str) -> str:
    """A window without its years (``Oct-Mar``), so that seasons of different years stand in one row."""
    return re.sub(r" \d{4}", "", window_in_words(window))


def _figures(facts: dict[str, Any]) -> Iterator[tuple[Key, float | None]]:
    """The figures that matter, each with what it is."""
    for x in facts["targets"]:
        for key in ("target", "delivered", "shortfall"):
            yield ("target", x["place"], _yearless(x["window"]), key, "Mm3"), x[f"{key}_Mm3"]
    for x in facts["floors"]:
        for key in ("floor", "lowest"):
            yield ("floor", x["place"], _yearless(x["window"]), key, "m3/s"), x[f"{key}_m3s"]
    for x in facts["accounts"]:
        if x["limit_Mm3"] is not None:
            window = _yearless(x["window"])
            yield ("limit", x["party"], window, "limit", "Mm3"), x["limit_Mm3"]
            yield ("limit", x["party"], window, "delivered", "Mm3"), x["delivered_under_limit_Mm3"]
        delivered = x["delivered_under_limit_Mm3"] + x["delivered_outside_limit_Mm3"]
        yield ("water", x["party"], _yearless(x["window"]), "delivered", "Mm3"), delivered
    for x in facts["agreed_flows"]:
        yield ("inflow", x["place"], _yearless(x["window"]), "agreed", "Mm3"), x["agreed_Mm3"]
        yield ("inflow", x["place"], _yearless(x["window"]), "modelled", "Mm3"), x["modelled_Mm3"]
    for x in facts["releases"]:
        yield ("release", x["place"], _yearless(x["window"]), "release", "Mm3"), x["release_Mm3"]
    for x in facts["power"]:
        balanced = x["demand_GWh"] is not None
        for key in ("demand", "plants", "other_hydropower", "thermal", "import", "export", "unserved") if balanced else ("plants",):
            yield ("energy", x["party"], _yearless(x["window"]), key.replace("_", " "), "GWh"), x[f"{key}_GWh"]
    for x in facts["lines"]:
        for key in ("import", "export"):
            if x[f"{key}_limit_GWh"]:
                yield ("line", f"{x['party']}/{x['line']}", _yearless(x["window"]), key, "GWh"), x[f"{key}_GWh"]
    for x in facts["payoffs"]:
        if x["term"] == "payoff":
            for level in ("low", "central", "high"):
                yield ("payoff", x["party"], "horizon", level, "million USD"), x[f"{level}_MUSD"]
    for x in facts["reservoirs"]:
        yield ("closing storage", x["place"], "end", "storage", "Mm3"), x["periods"][-1]["storage_Mm3"]
    yield ("objective", "", "", "objective", _unit(facts)), facts["objective"]


def _unit(facts: dict[str, Any]) -> str:
    return next((str(s["unit"]) for s in reversed(facts["stages"]) if s["value"] == facts["objective"]), "")


def _column(facts: dict[str, Any]) -> dict[Key, float | None]:
    """The figures of one scenario by what they are; a second of the same kind is numbered."""
    column: dict[Key, float | None] = {}
    for key, value in _figures(facts):
        count, named = 1, key
        while named in column:
            count += 1
            named = (key[0], key[1], f"{key[2]} ({count})", key[3], key[4])
        column[named] = value
    return column


def _names(facts: list[dict[str, Any]]) -> list[str]:
    """A column's name: the scenario, or model and scenario, told apart by number where that is not enough."""
    models = {f["model"] for f in facts}
    bare = [f["scenario"] or f["model"] if len(models) == 1 else f"{f['model']}/{f['scenario'] or ''}".rstrip("/") for f in facts]
    count = [bare[: k + 1].count(name) for k, name in enumerate(bare)]
    return [f"{name} ({n})" if n > 1 else name for name, n in zip(bare, count, strict=True)]


def compare(*allocations: Allocated) -> pd.DataFrame:
    """Scenarios side by side.

    Parameters
    ----------
    *allocations : Allocation
        As made by `allocate` or read by `open_allocation`.

    Returns
    -------
    DataFrame
        One column for each scenario; rows indexed by section, place, window (months without the year, so that
        seasons of different years share a row), quantity and unit: targets, lowest flows, limits and deliveries, inflow at
        agreed places, releases, water and energy by party, power over lines, payoffs, closing storages, objective. NaN where a
        scenario has no such figure.

    Raises
    ------
    InputError
        If one of them is no allocation.
    """
    others = [a for a in allocations if not isinstance(getattr(a, "basin", None), Basin)]
    if others:
        raise InputError([wrong_kind("compare", x, say("allocations"), "open_allocation") for x in others])
    facts = [report(a.basin, a.dataset) for a in allocations]
    figures = [_column(f) for f in facts]
    rows = list(dict.fromkeys(key for column in figures for key in column))
    order = {section: k for k, section in enumerate(WORDS)}
    rows.sort(key=lambda key: order[key[0]])
    data = [[column.get(key) for column in figures] for key in rows]
    index = pd.MultiIndex.from_tuples(rows, names=INDEX)
    return pd.DataFrame(data, index=index, columns=_names(facts), dtype=float)


def comparison_facts(table: pd.DataFrame) -> dict[str, Any]:
    """A comparison as one plain object, ready for JSON."""
    names = [str(c) for c in table.columns]
    rows = [
        {
            **dict(zip(INDEX, key, strict=True)),
            "values": {n: None if pd.isna(v) else float(v) + 0.0 for n, v in zip(names, row, strict=True)},
        }
        for key, row in zip(table.index, table.to_numpy(dtype=float), strict=True)
    ]
    return {"scenarios": names, "rows": rows}


def _value(value: float, decimals: int) -> str:
    return number(None if pd.isna(value) else float(value), decimals)


def render_comparison(table: pd.DataFrame) -> str:
    """The comparison as plain text; the last column is the widest gap between scenarios."""
    several = table.shape[1] > 1
    head = ["", "", "", *map(str, table.columns), *(["widest gap"] if several else [])]
    body: list[list[str]] = []
    section = ""
    for key, row in zip(table.index, table.to_numpy(dtype=float), strict=True):
        if key[0] != section:
            section = key[0]
            body += [[""] * len(head), [WORDS[section].upper(), *[""] * (len(head) - 1)]]
        known = [float(v) for v in row if not pd.isna(v)]
        decimals = places(known)
        gap = max(known) - min(known) if len(known) > 1 else None
        said = [] if not several else ["same" if gap is not None and gap < NOTHING else number(gap, decimals)]
        body.append([f"  {key[1]}", key[2], f"{key[3]}, {key[4]}", *(_value(v, decimals) for v in row), *said])
    return columns(head, body, 3) + "\n"
