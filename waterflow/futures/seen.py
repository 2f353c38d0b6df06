"""What the Dataset of an ensemble says, as arrays over its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import at_runoff, classes_of
from waterflow.futures.answer_facts import SHARES, Exceeded
from waterflow.futures.chunk import CONFLICT, OPTIMAL
from waterflow.futures.runoff import PROBABILITY

__all__ = ["Seen"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: shares are told apart by more than this
ROUNDING = 1e-12


@dataclass(frozen=True)
class Seen:
    """A basin and the Dataset of its ensemble."""

    basin: Basin
    dataset: xr.Dataset

    @cached_property
    def names(self) -> list[str]:
        """The members."""
        return [str(m) for m in self.dataset["member"].values]

    @cached_property
    def status(self) -> NDArray[np.str_]:
        """What became of each member."""
        return np.asarray(self.dataset["status"].values, dtype=str)

    @cached_property
    def planned(self) -> Flags:
        """Members with a plan."""
        return np.asarray(self.status == OPTIMAL)

    @cached_property
    def judged(self) -> Flags:
        """Members that keep promises or do not: those with a plan, and those for which none exists."""
        return np.asarray(self.planned | (self.status == CONFLICT))

    @cached_property
    def weights(self) -> Floats:
        """Probability of each member; equal without any of their own."""
        if PROBABILITY in self.dataset.coords:
            return np.asarray(self.dataset[PROBABILITY].values, dtype=float)
        return np.full(len(self.names), 1.0 / len(self.names))

    @cached_property
    def runoff(self) -> Floats:
        """Runoff of each member over the horizon, Mm3."""
        total: Floats = np.asarray(self.dataset["runoff"].values, dtype=float).sum(axis=(1, 2))
        return total

    @cached_property
    def ranks(self) -> NDArray[np.intp]:
        """Rank of each member by runoff, the driest 1."""
        ranks = np.empty(len(self.names), dtype=np.intp)
        ranks[np.argsort(self.runoff, kind="stable")] = np.arange(1, len(self.names) + 1)
        return ranks

    def runoff_of(self, k: int) -> dict[str, tuple[float, ...]]:
        """Runoff of a member at the nodes of the basin that have any, as a basin has it."""
        values = self.dataset["runoff"].isel(member=k).sel(node=list(self.basin.runoff)).values
        return dict(zip(self.basin.runoff, map(tuple, values.tolist()), strict=True))

    @cached_property
    def basins(self) -> Mapping[int, Basin]:
        """The basin of each member that is judged: with its clauses as they stand in its class of runoff, its runoff aside."""
        found = {classes_of(self.basin, self.basin.runoff): self.basin}
        values = self.dataset["runoff"].sel(node=list(self.basin.runoff)).values
        own = {}
        for k in np.flatnonzero(self.judged):
            series = dict(zip(self.basin.runoff, map(tuple, values[k].tolist()), strict=True))
            classes = classes_of(self.basin, series)
            if classes not in found:
                found[classes] = at_runoff(self.basin, series)
            own[int(k)] = found[classes]
        return own

    @cached_property
    def _arrays(self) -> dict[str, tuple[Floats, dict[str, int]]]:
        return {}

    def series(self, variable: str, member: str) -> Floats:
        """One row of a variable in every member, (member, period); NaN where there is no plan."""
        if variable not in self._arrays:
            array = self.dataset[variable]
            places = {str(name): k for k, name in enumerate(array[array.dims[1]].values)}
            self._arrays[variable] = np.asarray(array.values, dtype=float), places
        values, places = self._arrays[variable]
        row: Floats = values[:, places[member]]
        return row

    def total(self, variable: str, members: Iterable[str]) -> Floats:
        """The sum of some rows of a variable, (member, period)."""
        count = len(self.basin.calendar.periods)
        return sum((self.series(variable, m) for m in members), start=np.zeros((len(self.names), count)))

    def share(self, which: Flags, among: Flags) -> float:
        """Probability of some members among others."""
        whole = float(self.weights[among].sum())
        return float(self.weights[which & among].sum()) / whole if whole > 0 else 0.0

    def mean(self, values: Floats, among: Flags) -> float | None:
        """Mean over some members; None if there are none."""
        whole = float(self.weights[among].sum())
        return float((self.weights[among] * values[among]).sum()) / whole if whole > 0 else None

    def exceedance(self, values: Floats, among: Flags) -> tuple[Exceeded, ...]:
        """For each of `SHARES` the largest value that at least such a share of some members reach; nothing if there are none."""
        if not self.weights[among].sum() > 0:
            return ()
        order = np.argsort(-values[among], kind="stable")
        reached = np.cumsum(self.weights[among][order]) / self.weights[among].sum()
        at = [int(np.searchsorted(reached, share - ROUNDING)) for share in SHARES]
        return tuple(Exceeded(share=s, value=float(values[among][order][k])) for s, k in zip(SHARES, at, strict=True))
