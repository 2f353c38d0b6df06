"""A figure as a linear function of the decisions, and its value in plans and slopes that are no Dataset yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.accounts.figures import Figure
from waterflow.accounts.plan import Plan
from waterflow.allocation.dataset import plan_of
from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import unknowns
from waterflow.formulation.language import members
from waterflow.simulation.flows import arriving, returned
from waterflow.solver.compile import Program

__all__ = ["gradient", "in_vector"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Arrays(Plan):
    """A plan read from arrays (member, period) instead of a Dataset."""

    dataset: xr.Dataset = field(default_factory=xr.Dataset)
    arrays: Mapping[str, Floats] = field(default_factory=dict)

    def series(self, variable: str, member: str) -> Floats:
        """One row of an array."""
        row: Floats = self.arrays[variable][_members(self.basin, variable).index(member)]
        return row


def _members(basin: Basin, variable: str) -> list[str]:
    derived = {"arriving_flow": "flow", "return_flow": "delivery"}
    unknown = next(u for u in unknowns() if u.name == derived.get(variable, variable))
    return [index[0] if isinstance(index, tuple) else index for index in members(basin, unknown.over[0])]


def in_vector(figure: Figure, basin: Basin, program: Program, vector: Floats) -> float:
    """A figure in a vector of unknowns, (unknowns,)."""
    arrays = dict(plan_of(basin, program, unknowns(), np.nan_to_num(vector)))
    arrays["arriving_flow"] = arriving(basin, arrays["flow"])
    arrays["return_flow"] = returned(basin, arrays["delivery"])
    return figure.value(_Arrays(basin, arrays=arrays))


def gradient(figure: Figure, basin: Basin, program: Program) -> Floats:
    """Coefficient of every unknown in a figure, (unknowns,): member by member, then period by period."""
    found = np.zeros(len(program.lower))
    nothing = in_vector(figure, basin, program, found)

    def of(positions: list[int]) -> float:
        vector = np.zeros(len(found))
        # unlike sizes, so that the periods of one member cannot cancel
        vector[positions] = 1.0 + np.arange(len(positions)) / 7.0
        return in_vector(figure, basin, program, vector) - nothing

    for name, component in program.unknowns.items():
        if name not in ("flow", "storage", "delivery", "generation", "supplied_power", "unserved"):
            continue
        by_member: dict[str, list[int]] = {}
        for index, position in component.position.items():
            by_member.setdefault(index[0], []).append(position)
        for positions in by_member.values():
            if abs(of(positions)) > 0.0:
                for position in positions:
                    found[position] = of([position])
    return found
