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
from waterflow.basin.changes import CHANGEABLE, Index, named_value
from waterflow.basin.givens import given_fields
from waterflow.basin.targets import Counted
from waterflow.basin.titles import called
from waterflow.calendar import season_of
from waterflow.explain.linear import in_vector
from waterflow.loading.model import Model
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row
from waterflow.progress import each
from waterflow.words.catalogue import say
from waterflow.words.dates import period_in_words, window_in_words

__all__ = ["Given", "Price", "givens_of", "prices", "rows_behind"]

Floats = NDArray[np.float64]
#: effects below this say nothing
NOTHING = 1e-6


@dataclass(frozen=True)
class Given:
    """A given, or the givens of one owner in one season together: changed in proportion to what they are, evenly if that is nothing."""

    name: str
    owner: str
    indices: tuple[Index, ...]
    title: str
    unit: str
    value: float


@dataclass(frozen=True)
class Price:
    """What one unit more and one less of a given do to a figure; None where it cannot be less, or no plan obeys every hard rule then."""

    given: Given
    one_more: float | None
    one_less: float | None

    @property
    def size(self) -> float:
        """The larger of both effects."""
        return max(abs(self.one_more or 0.0), abs(self.one_less or 0.0))


def givens_of(basin: Basin) -> Iterator[Given]:
    """Every given that can be changed, those with a value for each period by season."""
    for name, field in CHANGEABLE.items():
        for owner in field.owners(basin) if field.words else ():
            whose, when = _whose(basin, name, owner)
            title, unit = f"{whose}: {say(field.words)}", field.unit
            if not field.by_period:
                yield Given(name, owner, (owner,), f"{title}{when}", unit, named_value(basin, name, owner))
                continue
            for window, _season in basin.calendar.seasons:
                indices = tuple((owner, t) for t in basin.calendar.labels_inside(window))
                value = sum(named_value(basin, name, i) for i in indices)
                yield Given(name, owner, indices, f"{title}, {window_in_words(str(window))}", unit, value)


def _whose(basin: Basin, name: str, owner: str) -> tuple[str, str]:
    """The owner in words, and when the given holds, where its name tells."""
    if name == "ruled_storage":
        reservoir, rule, date = owner.split("/")
        when = say("at least on {date}", date=date) if rule == "at_least" else say("at most on {date}", date=date)
        return called(basin, reservoir), f", {when}"
    part = getattr(basin, given_fields(Basin)[name].field)[owner]
    if isinstance(part, Counted):
        return called(basin, part.place), f", {window_in_words(str(part.window))}"
    if name == "ruled_flow":
        flows, which = basin.flow_rules[owner], owner.partition("/")[0]
        when = period_in_words(basin.calendar.labels[flows.period])
        told = say("at least in {when}", when=when) if flows.rule == "at_least" else say("at most in {when}", when=when)
        return called(basin, which), f", {told}"
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
    share = {i: v / whole if whole else 1.0 / len(now) for i, v in now.items()}

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
    field = given_fields(Basin)[given.name]
    table = field.table
    rows = [row for row in model.rows.get(table, ()) if row.text(TABLES[table].owner) == given.owner.split("/")[0]]
    if field.by_period:
        months = {int(i[1][5:7]) for i in given.indices if isinstance(i, tuple)}
        return [row for row in rows if _month(row) in months]
    if given.name == "limit_volume":
        return [row for row in rows if row.text("season") == season_of(int(given.owner.split("/")[1][5:7]), model.calendar.growing)]
    if "start" in TABLES[table].key:
        return [row for row in rows if str(row.date("start")) == given.owner.split("/")[1]]
    if given.name == "ruled_flow":
        _, rule, label = given.owner.split("/")
        return [row for row in rows if row.text("rule") == rule and _month(row) == int(label[5:7])]
    if given.name in ("ruled_storage", "wished_storage"):
        _, rule, date = given.owner.split("/")
        return [row for row in rows if (row.text("rule"), str(row.date("date"))) == (rule, date)]
    return rows


def _month(row: Row) -> int:
    return int(row.number("month")) if "month" in row.values else int(row.text("period")[5:7])
