"""Plans in the leaves of a tree: audited, kept to what was decided before, and for the mean of all leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.allocate import audited
from waterflow.allocation.dataset import plan_of
from waterflow.allocation.ready import Ready
from waterflow.allocation.solve import Solved
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import at_runoff
from waterflow.formulation.formulate import unknowns

__all__ = ["DECISIONS", "HELD", "Plan", "first_values", "kept_within", "mean_of", "plan_at", "plan_solved", "without_heads"]

Floats = NDArray[np.float64]
#: what the plan for the mean decides before anything is known is kept to within this, Mm3
HELD = 1e-6
#: decisions that are kept: what passes each reach and what each user is given; storages follow
DECISIONS = ("flow", "delivery")


@dataclass(frozen=True)
class Plan:
    """A plan in one leaf: the basin with what its shares owe, its program, the unknowns, (unknowns,), and the residuals of its audit."""

    ready: Ready
    point: Floats
    water: float
    energy: float

    @cached_property
    def decisions(self) -> dict[str, Floats]:
        """Every unknown as an array over its sets."""
        return plan_of(self.ready.basin, self.ready.program, unknowns(), self.point)


def kept_within(ready: Ready, held: Mapping[tuple[str, tuple[str, ...]], float]) -> Ready:
    """The same, some unknowns kept to where they were."""
    program = ready.program
    for name in DECISIONS:
        component = program.unknowns[name]
        at = np.array([held.get((name, index), np.nan) for index in component.index])
        lower, upper = program.lower[component.slice], program.upper[component.slice]
        program = program.within(
            name,
            np.where(np.isnan(at), -np.inf, np.minimum(at - HELD, upper)),
            np.where(np.isnan(at), np.inf, np.maximum(at + HELD, lower)),
        )
    return Ready(ready.basin, program, ready.givens, ready.plans)


def without_heads(basin: Basin) -> Basin:
    """Plants with fixed rates: with heads every leaf would have a program of its own, and be solved many times."""
    if not basin.head_plants:
        return basin
    return basin.replaced(plants={name: plant.model_copy(update={"head": None}) for name, plant in basin.plants.items()})


def mean_of(basin: Basin, leaves: Sequence[Basin], probability: Floats) -> Basin:
    """The basin with the mean of runoff and of prices over the leaves."""

    def mean(series: Sequence[Sequence[float]]) -> tuple[float, ...]:
        return tuple((probability @ np.array(series)).tolist())

    found = at_runoff(basin, {node: mean([leaf.runoff[node] for leaf in leaves]) for node in basin.runoff})
    supplies = {n: x.model_copy(update={"cost": mean([leaf.supplies[n].cost for leaf in leaves])}) for n, x in basin.supplies.items()}
    exports = {n: x.model_copy(update={"price": mean([leaf.exports[n].price for leaf in leaves])}) for n, x in basin.exports.items()}
    return found.replaced(supplies={**found.supplies, **supplies}, exports={**found.exports, **exports})


def first_values(solved: Solved) -> dict[str, float]:
    """What a plan reaches, by stage."""
    return {stage.name: stage.value for stage in solved.solution.stages}


def plan_at(ready: Ready, point: Floats) -> Plan:
    """A plan, audited."""
    found = audited(ready.basin, ready.program, point)
    return Plan(ready, point, max(found.water, found.river), found.energy)


def plan_solved(solved: Solved) -> Plan:
    """The plan of a basin solved by itself, audited."""
    return plan_at(Ready(solved.basin, solved.program, solved.givens, ()), solved.solution.stages[-1].unknowns)
