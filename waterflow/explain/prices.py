"""Prices: what one unit more or less of each given does to a figure, and the input rows behind a given.

Slopes of the plan, one-sided: sensitivities (of a stage's value they would be called shadow prices).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.figures import Figure
from waterflow.allocation.resolve import SMALL_STEP, effect_of_step
from waterflow.allocation.solve import Solved
from waterflow.basin.basin import Basin
from waterflow.basin.changes import BY_PERIOD, CHANGEABLE, Index, named_value
from waterflow.basin.titles import called
from waterflow.calendar import season_of
from waterflow.explain.linear import in_vector
from waterflow.loading.model import Model
from waterflow.loading.ranges import owner_column
from waterflow.loading.tables import Row
from waterflow.progress import each
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words

__all__ = ["Given", "Price", "givens_of", "prices", "rows_behind"]

Floats = NDArray[np.float64]
#: effects below this say nothing
NOTHING = 1e-6
#: given -> the table its rows stand in, the column of their value, its unit, and how people call it
TABLES = {
    "runoff": ("runoff", "runoff_Mm3", "Mm3", mark("runoff")),
    "opening_storage": ("opening_storage", "storage_Mm3", "Mm3", mark("opening storage")),
    "ruled_storage": ("storage_rules", "storage_Mm3", "Mm3", mark("storage agreed for a date")),
    "need": ("needs", "need_Mm3", "Mm3", mark("water asked for")),
    "limit_volume": ("limits", "limit_Mm3", "Mm3", mark("limit")),
    "floor_flow": ("floors", "floor_m3s", "m3/s", mark("minimum flow")),
    "target_volume": ("targets", "target_Mm3", "Mm3", mark("target")),
    "power_demand": ("power_demand", "demand_GWh", "GWh", mark("power demand")),
}


@dataclass(frozen=True)
class Given:
    """A given, or the givens of one owner in one season together, changed in proportion to what they are."""

    name: str
    owner: str
    indices: tuple[Index, ...]
    title: str
    unit: str
    value: float


@dataclass(frozen=True)
class Price:
    """What one unit more and one unit less of a given do to a figure; None where no plan obeys every hard rule then."""

    given: Given
    one_more: float | None
    one_less: float | None

    @property
    def size(self) -> float:
        """The larger of both effects."""
        return max(abs(self.one_more or 0.0), abs(self.one_less or 0.0))


def givens_of(basin: Basin) -> Iterator[Given]:
    """Every given that can be changed, those with a value for each period by season."""
    for name, (_, _, unit, words) in TABLES.items():
        field, _ = CHANGEABLE[name]
        for owner in getattr(basin, field):
            if name == "power_demand" and not basin.power[owner].demand:
                continue
            whose, when = _whose(basin, name, owner)
            if name not in BY_PERIOD:
                yield Given(name, owner, (owner,), f"{whose}: {say(words)}{when}", unit, named_value(basin, name, owner))
                continue
            for window, _season in basin.calendar.seasons:
                indices = tuple((owner, basin.calendar.labels[k]) for k in basin.calendar.inside(window))
                value = sum(named_value(basin, name, i) for i in indices)
                if value > 0:
                    yield Given(name, owner, indices, f"{whose}: {say(words)}, {window_in_words(str(window))}", unit, value)


def _whose(basin: Basin, name: str, owner: str) -> tuple[str, str]:
    """The owner in words, and when the given holds, where its name tells."""
    if name == "ruled_storage":
        reservoir, rule, date = owner.split("/")
        when = say("at least on {date}", date=date) if rule == "at_least" else say("at most on {date}", date=date)
        return called(basin, reservoir), f", {when}"
    if name in ("floor_flow", "target_volume"):
        part = basin.floors[owner] if name == "floor_flow" else basin.targets[owner]
        return called(basin, part.place), f", {window_in_words(str(part.window))}"
    if name == "limit_volume":
        limit = basin.limits[owner]
        return limit.party, f", {window_in_words(str(limit.window))}"
    return called(basin, owner), ""


def prices(solved: Solved, figure: Figure, slope_of: Floats, givens: Iterable[Given] | None = None) -> list[Price]:
    """Effects of every given on a figure, the largest first; those without any left out.

    Parameters
    ----------
    solved : Solved
    figure : Figure
    slope_of : array (unknowns,)
        The figure's coefficient of every unknown.
    givens : iterable of Given, optional
        Every one without.
    """
    found = []
    for given in each(list(givens_of(solved.basin) if givens is None else givens)):
        more, less = (_effect(solved, figure, slope_of, given, sign) for sign in (1.0, -1.0))
        price = Price(given, more, less)
        if price.size > NOTHING:
            found.append(price)
    return sorted(found, key=lambda p: -round(p.size, 6))


def _effect(solved: Solved, figure: Figure, slope_of: Floats, given: Given, sign: float) -> float | None:
    """What one unit more (or less) does to a figure."""
    basin, program = solved.basin, solved.program
    now = {i: named_value(basin, given.name, i) for i in given.indices}
    whole = sum(now.values())
    share = {i: v / whole if len(now) > 1 else 1.0 for i, v in now.items()}

    def stepped_at(size: float) -> Basin:
        return basin.changed(**{given.name: {i: v + sign * size * share[i] for i, v in now.items()}})

    found = effect_of_step(solved, stepped_at)
    if found is None:
        return None
    nothing = np.zeros(len(slope_of))
    # what the given does to the figure by itself: runoff is part of an inflow, a need of a shortage
    itself = (in_vector(figure, stepped_at(SMALL_STEP), program, nothing) - in_vector(figure, basin, program, nothing)) / SMALL_STEP
    return float(slope_of @ found.unknowns) + itself


def rows_behind(model: Model, given: Given) -> list[Row]:
    """The input rows of a given."""
    table = TABLES[given.name][0]
    rows = [row for row in model.rows.get(table, ()) if row.text(owner_column(table)) == given.owner.split("/")[0]]
    if given.name in BY_PERIOD:
        months = {int(i[1][5:7]) for i in given.indices if isinstance(i, tuple)}
        return [row for row in rows if _month(row) in months]
    if given.name == "limit_volume":
        return [row for row in rows if row.text("season") == season_of(int(given.owner.split("/")[1][5:7]))]
    if given.name in ("floor_flow", "target_volume"):
        return [row for row in rows if str(row.date("start")) == given.owner.split("/")[1]]
    if given.name == "ruled_storage":
        _, rule, date = given.owner.split("/")
        return [row for row in rows if (row.text("rule"), str(row.date("date"))) == (rule, date)]
    return rows


def _month(row: Row) -> int:
    return int(row.number("month")) if "month" in row.values else int(row.text("period")[5:7])
