"""The stepper: inputs as another model sets them, one period after the other decided, outputs as it reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.happened import Happened
from waterflow.allocation.onward import Onward
from waterflow.basin.basin import Basin
from waterflow.coupling.grids import Grids
from waterflow.coupling.inputs import Input
from waterflow.coupling.variables import INPUTS, NEED, OUTPUTS, RATE, RUNOFF, Variable
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["Stepper"]

Floats = NDArray[np.float64]


class Stepper:
    """A river that is told of its runoff and needs, and decides period by period with foresight over the rest.

    Parameters
    ----------
    basin : Basin
    prices : bool
        Whether each step tells what one more m3 of runoff brings.
    over : int
        How many periods are over.
    happened : Happened, optional
        What was done in them.
    """

    def __init__(self, basin: Basin, *, prices: bool = True, over: int = 0, happened: Happened | None = None) -> None:
        self.onward, self.prices, self.grids = Onward(basin, over, happened), prices, Grids(basin)
        self.calendar = basin.calendar
        names = {RUNOFF: tuple(basin.nodes), NEED: tuple(basin.demands)}
        self.inputs = {given: Input(given, names[given], basin, over) for given in names}
        self.outputs = {v.name: np.full(self.grids.length(v), np.nan) for v in OUTPUTS}
        self._show_storage("reservoir_water__volume", {name: r.opening_storage for name, r in basin.reservoirs.items()})

    @property
    def basin(self) -> Basin:
        """The river with what is known of it by now."""
        return self.onward.basin

    @property
    def over(self) -> int:
        """How many periods are over."""
        return self.onward.over

    def memory(self, variable: Variable) -> Floats:
        """The array behind a variable, flat; what is written into that of an input counts."""
        if variable not in INPUTS:
            return self.outputs[variable.name]
        found = self.inputs[variable.source]
        return found.horizon.reshape(-1) if variable.whole_plan else found.now

    def settle(self) -> Basin:
        """The basin with what was set; what cannot be is refused, and everything is as before.

        Raises
        ------
        InputError
            With everything wrong at once.
        """
        problems: list[Problem] = []
        changes: dict[str, Any] = {}
        for found in self.inputs.values():
            try:
                changes |= found.changes()
            except InputError as error:
                problems += error.problems
        if changes and not problems:
            try:
                self.onward.basin = self.basin.changed(**changes)
                self.onward.basin.require_valid()
            except InputError as error:
                problems += error.problems
        for found in self.inputs.values():
            (found.undo if problems else found.keep)()
        if problems:
            raise InputError(problems)
        return self.basin

    def step(self) -> None:
        """Decide the rest of the horizon with what is known, and let the current period pass as decided.

        Raises
        ------
        InputError
            If something that was set cannot be, or the horizon is over.
        ConflictError
            If no plan obeys every hard rule; then nothing has passed, and other figures may be set.
        SolverError
            As `waterflow.allocate` does.
        """
        if self.over == len(self.calendar.periods):
            raise Problem("past-period", "update", say("a horizon that is over"), say("a period that is not over")).refusal()
        self.settle()
        plan = self.onward.allocate().dataset
        worth = self._worth() if self.prices else {}
        self.onward.pass_on()
        self._show(plan, worth)
        for found in self.inputs.values():
            found.step_to(self.over)

    def _worth(self) -> dict[str, float]:
        """What one more m3 of runoff brings in the period that passes, by node, million USD per Mm3."""
        label = self.calendar.labels[self.over]
        return {node: self.onward.runoff_worth(node, label) for node in self.basin.runoff}

    def _show(self, plan: xr.Dataset, worth: dict[str, float]) -> None:
        """Fill the outputs from a plan whose period has passed."""
        k = self.over - 1
        ways = self.basin.paths.departing
        release = {n: plan["flow"].sel(reach=list(ways[n])).sum("reach").values for n in self.basin.reservoirs}
        for v in OUTPUTS:
            if v.source == "worth":
                self._put(v, worth)
            elif v.source == "release":
                self._put(v, {node: series[k] for node, series in release.items()})
            else:
                words = plan[v.source]
                owners = [str(x) for x in words[next(str(d) for d in words.dims if d != "period")].values]
                table = words.transpose(..., "period").values
                self._put(v, {owner: table[i] if v.whole_plan else table[i, k] for i, owner in enumerate(owners)})

    def _put(self, v: Variable, values: dict[str, Any]) -> None:
        """Write values by name into an output, as rates where it is one; who has none is blank."""
        names = list(self.basin.reaches if v.location == "edge" else self._names(v))
        rates = np.array([p.rate for p in self.calendar.periods]) if v.units == RATE else np.ones(len(self.calendar.periods))
        rate = rates if v.whole_plan else rates[self.over - 1]
        blank = np.full(len(self.calendar.periods), np.nan) if v.whole_plan else np.nan
        columns = [np.asarray(values[n]) * rate if n in values else blank for n in names]
        # no minus before a zero
        self.outputs[v.name][:] = np.array(columns, dtype=float).T.reshape(-1) + 0.0

    def _names(self, v: Variable) -> tuple[str, ...]:
        of_users = self.grids.columns(v.grid) == len(self.basin.demands) and v.name.startswith("water_user")
        return self.inputs[NEED].names if of_users else self.inputs[RUNOFF].names

    def _show_storage(self, name: str, values: dict[str, float]) -> None:
        self.outputs[name][:] = [values.get(node, np.nan) for node in self.basin.nodes]
