"""A plan somebody brings: releases and withdrawals in a table, in m3/s or Mm3, by month, dekad, week or day.

Everything that is wrong is named at once, by row and column.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.loading.places import Places
from waterflow.loading.plan_cells import Figure, figures_of
from waterflow.loading.spellings import month_and_dekad
from waterflow.loading.spreadsheet import Cells
from waterflow.loading.typed_periods import Typed, days_beside_dekads, typed_periods
from waterflow.words.catalogue import say

__all__ = ["GivenPlan", "by_dekad", "read_plan"]

Series = dict[str, list[float | None]]


@dataclass(frozen=True)
class GivenPlan:
    """What somebody plans, Mm3 for each period.

    Attributes
    ----------
    releases : dict of tuple
        By reach: water let into it.
    withdrawals : dict of tuple
        By demand.
    unit : str
        The unit it was typed in first: ``m3/s`` or ``Mm3``.
    """

    releases: dict[str, tuple[float, ...]] = field(default_factory=dict)
    withdrawals: dict[str, tuple[float, ...]] = field(default_factory=dict)
    unit: str = "m3/s"


def by_dekad(cells: Cells) -> bool:
    """True if a table speaks of dekads; a first day of a month alone says nothing of them, nor do days."""
    if days_beside_dekads(cells):
        return False
    found = [said for row in cells for cell in row if (said := month_and_dekad(cell))]
    return any(dekad for *_, dekad in found)


def read_plan(cells: Cells, shown: str, basin: Basin) -> GivenPlan:
    """A plan from the cells of its table.

    Parameters
    ----------
    cells : Cells
        As `waterflow.loading.plan_sheet.read_cells` gives them.
    shown : str
        How messages call the file.
    basin : Basin
        Whose places and periods are meant.

    Raises
    ------
    InputError
        With every problem of the table at once.
    """
    figures, problems = figures_of(cells, shown)
    reading = _Reading(basin, dekads=by_dekad(cells))
    for figure in figures:
        reading.take(figure)
    problems += [*reading.problems, *reading.holes()]
    if problems:
        raise InputError(problems)
    return GivenPlan(_whole(reading.releases), _whole(reading.withdrawals), next(iter(reading.units), "m3/s"))


def _whole(typed: Series) -> dict[str, tuple[float, ...]]:
    return {name: tuple(v for v in series if v is not None) for name, series in sorted(typed.items())}


class _Reading:
    """Figures laid over the calendar, with every problem met."""

    def __init__(self, basin: Basin, *, dekads: bool) -> None:
        self.basin, self.dekads, self.places = basin, dekads, Places(basin)
        self.problems: list[Problem] = []
        self.releases: Series = {}
        self.withdrawals: Series = {}
        self.units: dict[str, None] = {}
        #: places with a figure that could not be read: nothing is said of their missing periods
        self.unsure: set[str] = set()
        #: places and quantities there are none of, told once each
        self.unknown: set[tuple[str, str]] = set()

    def take(self, figure: Figure) -> None:
        """Read one figure."""
        asked = (figure.place, figure.quantity)
        if asked in self.unknown:
            return
        found = self.places.find(figure.place, figure.quantity, figure.where)
        wrong = [found] if isinstance(found, Problem) else []
        periods, value = typed_periods(figure.period, self.basin.calendar, dekads=self.dekads), _value(figure.value)
        wrong += [Problem(x.code, figure.where, x.found, x.allowed, x.cause) for x in (periods, value) if isinstance(x, Problem)]
        if figure.unit not in ("m3/s", "Mm3"):
            allowed = say("m3/s or Mm3, in the header (value_m3s) or in a column unit")
            wrong.append(Problem("unknown-unit", figure.where, figure.unit or say("no unit"), allowed))
        self.problems += wrong
        if isinstance(found, Problem):
            self.unknown.add(asked)
            return
        kind, name = found
        if isinstance(periods, Problem) or isinstance(value, Problem) or wrong:
            self.unsure.add(name)
            return
        self.units.setdefault(figure.unit)
        series = self.withdrawals if kind == "demand" else self.releases
        self._lay(series.setdefault(name, [None] * len(self.basin.calendar.periods)), name, figure, periods, value * figure.factor)

    def _lay(self, series: list[float | None], name: str, figure: Figure, typed: Typed, value: float) -> None:
        """A rate is the same in every period covered; a month's volume is shared by the days of the whole month, in the horizon or not."""
        for k in typed.periods:
            period = self.basin.calendar.periods[k]
            if series[k] is not None:
                self.problems.append(Problem("twice", figure.where, f"{name}, {period.label}", say("one figure for each place and period")))
            series[k] = value / period.rate if figure.unit == "m3/s" else value * period.days / typed.days

    def holes(self) -> Iterator[Problem]:
        """Places that are given in some periods only; a junction whose every way is given."""
        labels = self.basin.calendar.labels
        for typed in (self.releases, self.withdrawals):
            for name, values in typed.items():
                missing = [label for label, v in zip(labels, values, strict=True) if v is None]
                if missing and name not in self.unsure:
                    yield Problem(
                        "missing-period", name, say("no figure for {names}", names=", ".join(missing)), say("a figure for every period")
                    )
        for node, ways in self.basin.paths.departing.items():
            if node not in self.basin.reservoirs and ways and all(a in self.releases for a in ways):
                allowed = say("one left open, which takes the rest")
                yield Problem(
                    "not-a-decision", say("node {node}", node=node), say("a flow for every reach: {names}", names=", ".join(ways)), allowed
                )


def _value(cell: Any) -> float | Problem:
    """A figure, zero or more; where it stands is said by the caller."""
    if not str(cell).strip():
        return Problem("blank", "", say("a blank"), say("a number"), say("Blank is not zero."))
    try:
        value = float(str(cell).replace(" ", "").replace("\u00a0", ""))
    except ValueError:
        return Problem("not-a-number", "", repr(cell), say("a number"), say("A decimal comma?") if "," in str(cell) else "")
    if not math.isfinite(value):
        return Problem("not-finite", "", str(cell), say("a finite number"))
    return value if value >= 0 else Problem("negative", "", str(cell), say("zero or more"))
