"""Scenarios side by side: what changes, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import pandas as pd
import xarray as xr

from waterflow.accounts.comparison_facts import Comparison, ComparisonRow
from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.plan_facts import plan_facts
from waterflow.basin.basin import Basin
from waterflow.words.catalogue import ORIGINAL, speaking
from waterflow.words.dates import window_in_words

__all__ = ["SECTIONS", "Allocated", "compare", "comparison"]

#: sections in the order they are told
SECTIONS = (
    "target",
    "floor",
    "limit",
    "water",
    "shortage",
    "inflow",
    "release",
    "energy",
    "line",
    "payoff",
    "closing storage",
    "objective",
)
ENERGY = ("demand", "plants", "other_hydropower", "thermal", "import", "export", "unserved")


class _Key(NamedTuple):
    """What a figure is; ``window`` holds months without the year."""

    section: str
    place: str
    window: str
    quantity: str
    unit: str


#: what a figure is, its window in days, its value
Figure = tuple[_Key, str | None, float | None]


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
    with speaking(ORIGINAL):
        return re.sub(r" \d{4}", "", window_in_words(window))


def _water(facts: PlanFacts) -> Iterator[Figure]:
    def figure(section: str, place: str, days: str, quantity: str, value: float | None, unit: str = "Mm3") -> Figure:
        return _Key(section, place, _yearless(days), quantity, unit), days, value

    for x in facts.targets:
        for key in ("target", "delivered", "shortfall"):
            yield figure("target", x.place, x.window, key, getattr(x, f"{key}_Mm3"))
    for f in facts.floors:
        for key in ("floor", "lowest"):
            yield figure("floor", f.place, f.window, key, getattr(f, f"{key}_m3s"), "m3/s")
    for a in facts.accounts:
        if a.limit_Mm3 is not None:
            yield figure("limit", a.party, a.window, "limit", a.limit_Mm3)
            yield figure("limit", a.party, a.window, "delivered", a.delivered_under_limit_Mm3)
        yield figure("water", a.party, a.window, "delivered", a.delivered_under_limit_Mm3 + a.delivered_outside_limit_Mm3)
    for d in facts.deliveries:
        yield figure("shortage", d.demand, d.window, "short", max(0.0, d.need_Mm3 - d.delivered_Mm3))
    for i in facts.agreed_flows:
        for key in ("agreed", "modelled"):
            yield figure("inflow", i.place, i.window, key, getattr(i, f"{key}_Mm3"))
    for r in facts.releases:
        yield figure("release", r.place, r.window, "release", r.release_Mm3)


def _power(facts: PlanFacts) -> Iterator[Figure]:
    for x in facts.power:
        for key in ENERGY if x.demand_GWh is not None else ("plants",):
            yield _Key("energy", x.party, _yearless(x.window), key.replace("_", " "), "GWh"), x.window, getattr(x, f"{key}_GWh")
    for line in facts.lines:
        for key in ("import", "export"):
            if getattr(line, f"{key}_limit_GWh"):
                about = _Key("line", f"{line.party}/{line.line}", _yearless(line.window), key, "GWh")
                yield about, line.window, getattr(line, f"{key}_GWh")


def _figures(facts: PlanFacts) -> Iterator[Figure]:
    """The figures that matter, each with what it is."""
    yield from _water(facts)
    yield from _power(facts)
    for x in facts.payoffs:
        if x.term == "payoff":
            for level in ("low", "central", "high"):
                yield _Key("payoff", x.party, "horizon", level, "million USD"), None, getattr(x, f"{level}_MUSD")
    for r in facts.reservoirs:
        yield _Key("closing storage", r.place, "end", "storage", "Mm3"), None, r.periods[-1].storage_Mm3
    yield _Key("objective", "", "", "objective", facts.objective_unit), None, facts.objective


def _column(facts: PlanFacts) -> dict[_Key, tuple[str | None, float | None]]:
    """The figures of one scenario by what they are; a second of the same kind is numbered."""
    column: dict[_Key, tuple[str | None, float | None]] = {}
    for key, days, value in _figures(facts):
        count, named = 1, key
        while named in column:
            count += 1
            named = key._replace(window=f"{key.window} ({count})")
        column[named] = days, value
    return column


def _names(facts: Sequence[PlanFacts]) -> list[str]:
    """A column's name: the scenario, or model and scenario, told apart by number where that is not enough."""
    models = {f.model for f in facts}
    bare = [f.scenario or f.model if len(models) == 1 else f"{f.model}/{f.scenario or ''}".rstrip("/") for f in facts]
    count = [bare[: k + 1].count(name) for k, name in enumerate(bare)]
    return [f"{name} ({n})" if n > 1 else name for name, n in zip(bare, count, strict=True)]


def comparison(*allocations: Allocated) -> Comparison:
    """Scenarios side by side, as facts; the model is that of the first."""
    facts = [plan_facts(a.basin, a.dataset) for a in allocations]
    names, columns = _names(facts), [_column(f) for f in facts]
    titles = {name: title for f in reversed(facts) for name, title in f.titles.items()}
    rows = sorted(dict.fromkeys(key for column in columns for key in column), key=lambda key: SECTIONS.index(key.section))
    return Comparison(
        model=facts[0].model,
        step=facts[0].step,
        scenarios=tuple(names),
        rows=tuple(
            ComparisonRow(
                **key._asdict(),
                title=titles.get(key.place, key.place),
                days=next(column[key][0] for column in columns if key in column),
                values={name: column.get(key, (None, None))[1] for name, column in zip(names, columns, strict=True)},
            )
            for key in rows
        ),
    )


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
        seasons of different years share a row), quantity and unit: targets, lowest flows, limits, deliveries, shortages by
        user, inflow at agreed places, releases, energy by party, power over lines, payoffs, closing storages, objective.
        NaN where a scenario has no such figure.
    """
    found = comparison(*allocations)
    index = pd.MultiIndex.from_tuples([tuple(getattr(x, name) for name in _Key._fields) for x in found.rows], names=_Key._fields)
    return pd.DataFrame([list(x.values.values()) for x in found.rows], index=index, columns=list(found.scenarios), dtype=float)
