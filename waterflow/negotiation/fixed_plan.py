"""A fixed plan: the program of a river with every release and withdrawal fixed, and room where the plan breaks it.

What the plan leaves open, power from elsewhere above all, is decided in the order of priorities as always. So a plan
is an allocation like any other: with stages, accounts and an audit, to be set beside the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.allocate import named
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.drawn import drawn_at
from waterflow.allocation.head import around
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.allocation.solve import Solved
from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import equations
from waterflow.formulation.objective import EVEN, stage_plans
from waterflow.negotiation.completed_plan import CompletedPlan
from waterflow.solver.compile import Program
from waterflow.solver.elastic import Elastic
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import solve_stages
from waterflow.solver.rules import Rule, rules_of

__all__ = ["FixedPlan"]

Floats = NDArray[np.float64]
#: a bound needs room if overstepped by more than this; room around what a simulation found, for its rounding
BROKEN, ROUNDING = 1e-10, 1e-7
#: what a simulation says, by the name of the unknown
SIMULATED = ("flow", "storage", "delivery", "evaporation")


@dataclass(frozen=True)
class FixedPlan:
    """A plan in the program of its river."""

    plan: CompletedPlan

    @cached_property
    def basin(self) -> Basin:
        """The river of the plan; energy with head, areas and losses are drawn around the plan, where they are true to it."""
        basin, ran = self.plan.basin, self.plan.simulated
        if basin.bent:
            basin = drawn_at(basin, ran.storage, ran.flow)
        if not basin.head_plants:
            return basin
        entering = dict(zip(basin.reaches, ran.flow, strict=True))
        # with the storages fixed the water of the line does not matter, but none at all would leave no line
        water = np.array([np.maximum(entering[p.reach], 1.0) for p in basin.plants.values()])
        return around(basin, water, ran.storage)

    @cached_property
    def program(self) -> Program:
        """The program as it is, nothing fixed."""
        return program_of(self.basin)

    @cached_property
    def givens(self) -> Floats:
        """The givens of the program."""
        return values_of_givens(self.basin, self.program)

    @cached_property
    def rules(self) -> list[Rule]:
        """What may be broken."""
        return rules_of(self.basin, self.program, self.givens, equations())

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """Positions of the unknowns that the simulation tells."""
        return np.concatenate([np.arange(c.first, c.first + len(c.index)) for c in map(self.program.unknowns.__getitem__, SIMULATED)])

    @cached_property
    def values(self) -> Floats:
        """What the simulation says of them."""
        return np.concatenate([np.asarray(getattr(self.plan.simulated, name), dtype=float).ravel() for name in SIMULATED])

    @cached_property
    def missing(self) -> Floats:
        """How far each row falls short even if all that is open helps it, (rows,); equations are zero."""
        p = self.program
        lower, upper = p.lower.copy(), p.upper.copy()
        lower[self.columns] = upper[self.columns] = self.values
        # an entry helps its row most at the upper bound of its unknown if it is positive, at the lower one if not
        data, counts = p.matrix.data, np.diff(p.matrix.indptr)
        most = data * np.where(data > 0, np.repeat(upper, counts), np.repeat(lower, counts))
        best = np.bincount(p.matrix.indices, most, p.matrix.shape[0])
        result: Floats = np.where(p.equal, 0.0, np.maximum(0.0, p.right_hand_side(self.givens) - best))
        return result

    @cached_property
    def fixed(self) -> Program:
        """The program with releases and withdrawals fixed, bounds and rows wide enough for them."""
        p = self.program
        lower, upper = p.lower.copy(), p.upper.copy()
        least, most, x = lower[self.columns], upper[self.columns], self.values
        lower[self.columns] = np.where(x < least - BROKEN, x - ROUNDING, least)
        upper[self.columns] = np.where(x > most + BROKEN, x + ROUNDING, most)
        for columns, values in self._decided():
            lower[columns] = upper[columns] = values
        room = np.where(self.missing > 0, self.missing + ROUNDING, 0.0)
        return replace(p, lower=lower, upper=upper, constant=p.constant + room)

    def _decided(self) -> Iterator[tuple[slice, Floats]]:
        """Columns that the plan fixes, and at what."""
        ran, periods = self.plan.simulated, len(self.plan.basin.calendar.periods)
        flow, delivery = (self.program.unknowns[name].first for name in ("flow", "delivery"))
        for k, reach in enumerate(self.plan.basin.reaches):
            if reach in self.plan.releases:
                yield slice(flow + k * periods, flow + (k + 1) * periods), ran.flow[k]
        yield slice(delivery, delivery + ran.delivery.size), ran.delivery.ravel()

    @cached_property
    def _solved(self) -> tuple[Solved, Floats]:
        """The plan solved, and how far rows about power must give way for it, (rows,)."""
        program, eased = self.fixed, np.zeros(self.program.matrix.shape[0])
        # how deliveries are spread over a season is the plan's own affair: nothing is left to choose
        plans = [plan for plan in stage_plans(self.basin) if not plan.name.endswith(f"/{EVEN}")]
        try:
            solution = solve_stages(program, self.givens, plans)
        except Infeasible:
            program, eased = self._eased(program)
            solution = solve_stages(program, self.givens, plans)
        return Solved(self.basin, program, solution), eased

    def _eased(self, program: Program) -> tuple[Program, Floats]:
        """Agreed rules that no use of what is open can keep give way by the least sum of shares."""
        agreed = [rule for rule in self.rules if rule.agreed]
        eased = Elastic(Polyhedron.of(program, self.givens), agreed).trial(agreed).eased[: len(program.constant)]
        return replace(program, constant=program.constant + np.where(eased > 0, eased + ROUNDING, 0.0)), eased

    @cached_property
    def allocation(self) -> Allocation:
        """The plan as an audited allocation.

        Raises
        ------
        SolverError
            If it cannot be certified or fails the audit.
        """
        return named(self._solved[0])

    @property
    def gave_way(self) -> Floats:
        """How far agreed rows about what the plan leaves open must give way, (rows,)."""
        return self._solved[1]

    @property
    def unknowns(self) -> Floats:
        """Every unknown of the plan, in the order of the program."""
        return self._solved[0].solution.stages[-1].unknowns
