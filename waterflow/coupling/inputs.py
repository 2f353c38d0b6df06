"""Inputs: what another model sets, held as it is read, and carried into the basin in one go.

The arrays here are the model's memory: a pointer to one stays good, and what is written through it counts at the next
look. A figure stands in two of them, the current period's and the horizon's; whoever changes one changes the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.givens import given_fields
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["Input", "differ"]

Floats = NDArray[np.float64]


def differ(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Where two arrays have something else; what is blank in both is the same."""
    found: NDArray[np.bool_] = (one != other) & ~(np.isnan(one) & np.isnan(other))
    return found


class Input:
    """A given by name and period, m3/s.

    Parameters
    ----------
    given : str
        ``runoff`` or ``need``.
    names : sequence of str
        Nodes or users, in the order of the grid; who has no such series is blank (NaN).
    basin : Basin
    over : int
        How many periods are over.

    Attributes
    ----------
    horizon : array (periods, names)
    now : array (names,)
        The current period; of the last one when the horizon is over.
    """

    def __init__(self, given: str, names: tuple[str, ...], basin: Basin, over: int) -> None:
        self.given, self.names = given, names
        self.periods = basin.calendar.periods
        self.rates = np.array([p.rate for p in self.periods])
        self.horizon = np.full((len(self.periods), len(names)), np.nan)
        field = given_fields(Basin)[given]
        for k, name in enumerate(names):
            if name in field.owners(basin):
                self.horizon[:, k] = np.asarray(field.held(basin, name), dtype=float) * self.rates
        self.known = self.horizon.copy()
        self.over = over
        self.now = self.horizon[min(over, len(self.periods) - 1)].copy()

    def step_to(self, over: int) -> None:
        """So many periods are over now."""
        self.over = over
        self.now[:] = self.horizon[min(over, len(self.periods) - 1)]

    def undo(self) -> None:
        """Back to what is known: nothing that was refused stays."""
        self.horizon[:] = self.known
        self.step_to(self.over)

    def keep(self) -> None:
        """What is set is known from now on."""
        self.known[:] = self.horizon

    def changes(self) -> dict[str, Any]:
        """What was set since it was known last, as `Basin.changed` takes it; both arrays agree afterwards.

        Raises
        ------
        InputError
            If a period that is over was changed, one figure has two values, or something has no such series; names them all.
        """
        problems = list(self._refused())
        if problems:
            raise InputError(problems)
        rows, columns = np.nonzero(differ(self.horizon, self.known))
        cells = zip(rows.tolist(), columns.tolist(), strict=True)
        values = {(self.names[c], self.periods[r].label): float(self.horizon[r, c] / self.rates[r]) for r, c in cells}
        return {self.given: values} if values else {}

    def _refused(self) -> Iterator[Problem]:
        k, last = self.over, len(self.periods)
        row = min(k, last - 1)
        mine, theirs = differ(self.now, self.known[row]), differ(self.horizon[row], self.known[row])
        for c in np.flatnonzero(mine & theirs & differ(self.now, self.horizon[row])).tolist():
            found = say("{one:g} and {other:g} m3/s", one=self.now[c], other=self.horizon[row, c])
            yield Problem("twice", self._where(row, c), found, say("one figure for a period"))
        self.horizon[row] = np.where(mine, self.now, self.horizon[row])
        self.now[:] = self.horizon[row]
        for r, c in zip(*(x.tolist() for x in np.nonzero(differ(self.horizon, self.known))), strict=True):
            value = self.horizon[r, c]
            if np.isnan(self.known[r, c]):
                if value:
                    allowed = say("nothing: the model has no such series there")
                    yield Problem("unknown-given", self._where(r, c), say("{value:g} m3/s", value=value), allowed)
                # none at all is what the model has there
                self.horizon[r, c] = np.nan
            elif r < k:
                found = say("{value:g} m3/s", value=value)
                allowed = say("{value:g} m3/s, as it was: the period is over", value=self.known[r, c])
                yield Problem("past-period", self._where(r, c), found, allowed)
        self.now[:] = self.horizon[row]

    def _where(self, row: int, column: int) -> str:
        return f"{self.given}[{self.names[column]}, {self.periods[row].label}]"
