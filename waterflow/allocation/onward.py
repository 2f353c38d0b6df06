"""Onward: one horizon decided period by period; what is over stays, the rest is solved again with what is known by now."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from waterflow.allocation.allocate import named
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.happened import Happened
from waterflow.allocation.resolve import effect_of_step
from waterflow.allocation.solve import Solved, Starts, solve
from waterflow.basin.basin import Basin
from waterflow.basin.changes import CHANGEABLE, named_value
from waterflow.basin.objective import CLOSING
from waterflow.basin.wanted import require_basin
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["Onward"]

MONEY = "million USD"


class Onward:
    """A river on its way through its horizon.

    The horizon stays whole: targets, limits and clauses count what is over. While nothing is changed, every solve finds the
    plan of the one before (``tests/laws/test_onward.py``).

    Parameters
    ----------
    basin : Basin
    over : int
        How many periods are over.
    happened : Happened, optional
        What was done in them.

    Raises
    ------
    InputError
        If the basin is not a river that can be allocated.
    """

    def __init__(self, basin: Basin, over: int = 0, happened: Happened | None = None) -> None:
        require_basin(basin, "Onward")
        basin.require_valid()
        self.basin, self.over, self.happened = basin, over, happened
        self._solved: Solved | None = None
        self._starts: Starts | None = None

    def allocate(self, basin: Basin | None = None) -> Allocation:
        """Plan the periods that are not over; those that are stay as they were.

        Parameters
        ----------
        basin : Basin, optional
            One made from the present with `Basin.changed`, of the same structure; the present one without it.

        Raises
        ------
        InputError
            If the basin says something else of a period that is over, or is another river.
        ConflictError, SolverError
            As `waterflow.allocate` does; then everything stays as it was.
        """
        basin = basin or self.basin
        require_basin(basin, "Onward.allocate")
        basin.require_valid()
        if problems := list(self._not_onward(basin)):
            raise InputError(problems)
        # from where the last plan ended: that decides how long it takes, not what is found
        solved = solve(basin, self._starts, self.happened)
        plan = named(solved)
        self.basin, self._solved, self._starts = basin, solved, solved.starts
        return plan

    def pass_on(self) -> None:
        """The first period that is not over is over, as the last plan had it.

        Raises
        ------
        InputError
            If there is no plan of the periods that are not over, or none is left.
        """
        if self._solved is None:
            raise Problem("past-period", "Onward.pass_on", say("no plan made since the last period"), say("allocate first")).refusal()
        if self.over == len(self.basin.calendar.periods):
            raise Problem("past-period", "Onward.pass_on", say("a horizon that is over"), say("a period that is not over")).refusal()
        self.over += 1
        self.happened = self._solved.happened(self.over, self.happened)
        self._solved = None

    def runoff_worth(self, node: str, period: str) -> float:
        """What one more Mm3 of runoff would bring, million USD per Mm3; of the last plan, which is not passed on yet.

        The effect on the stage that counts money, once every priority before it has taken its share. NaN where no stage counts
        money, and where there is no plan with more.
        """
        if self._solved is None:
            return float("nan")
        stage = next((s for s in self._solved.solution.stages if s.unit == MONEY and s.name not in CLOSING), None)
        if stage is None:
            return float("nan")
        basin, index = self._solved.basin, (node, period)
        value = named_value(basin, "runoff", index)
        found = effect_of_step(self._solved, lambda size: basin.changed(runoff={index: value + size}))
        if found is None or stage.name not in found.stages:
            return float("nan")
        return found.stages[stage.name] * (-1.0 if stage.sense == "minimise" else 1.0) + 0.0

    def _not_onward(self, basin: Basin) -> Iterator[Problem]:
        """What a basin says of periods that are over and was not so; or that it is another river."""
        if basin.structure != self.basin.structure:
            yield Problem("wrong-kind", "Onward.allocate", say("another river"), say("a basin made from the present one with changed"))
            return
        labels = self.basin.calendar.labels[: self.over]
        for name, given in CHANGEABLE.items():
            for owner in given.owners(basin) if given.by_period else ():
                was, now = (np.asarray(given.held(b, owner)[: self.over], dtype=float) for b in (self.basin, basin))
                for k in np.flatnonzero(was != now):
                    where = f"{name}[{owner}, {labels[k]}]"
                    yield Problem("past-period", where, f"{now[k]:g}", say("{value:g}, as it was: the period is over", value=was[k]))
