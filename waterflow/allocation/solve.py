"""Solve: from a basin to certified stages; where threshold shares are due, twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.bends import BendPasses, Found, solve_bent
from waterflow.allocation.happened import Course, Happened
from waterflow.allocation.head import HeadPasses, solve_head
from waterflow.allocation.programs import values_of_givens
from waterflow.allocation.ready import Ready
from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError
from waterflow.formulation.formulate import equations
from waterflow.progress import part
from waterflow.simulation.flows import arriving
from waterflow.solver.compile import Program
from waterflow.solver.conflicts import diagnose
from waterflow.solver.hairline import within_tolerance
from waterflow.solver.highs import Infeasible
from waterflow.solver.priorities import Solution, Start, solve_stages
from waterflow.solver.rules import NOTICED, rules_of
from waterflow.solver.vertex import AT_LOWER, BASIC, Basis
from waterflow.words.catalogue import say

__all__ = ["Solved", "Starts", "owing", "shares_owed", "solve", "solve_ready"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Starts:
    """Where the solve without threshold shares may start, and the one with them: from where the first ended if it has none."""

    first: Start | None
    second: Start | None = None


@dataclass(frozen=True)
class Solved:
    """A basin with what its threshold shares owe, its program and givens, and its stages.

    ``without_shares`` is the solve that told what threshold shares owe, None where none are agreed; ``head`` how
    a plan with head was found, None where no plant has one; ``bends`` how one under laws that bend, None where none does.
    """

    basin: Basin
    program: Program
    solution: Solution
    without_shares: Solved | None = None
    head: HeadPasses | None = None
    bends: BendPasses | None = None

    @property
    def starts(self) -> Starts:
        """Where a solve of a like basin may start."""
        return Starts((self.without_shares or self).solution.start, self.solution.start)

    @cached_property
    def givens(self) -> Floats:
        """The value of every given of the program, (givens,)."""
        return values_of_givens(self.basin, self.program)

    def happened(self, periods: int, before: Happened | None = None) -> Happened:
        """What has happened when the first periods are over, this plan was followed in the last and another one before."""
        was, other = (before.plan, before.owing_nothing) if before else (None, None)
        return Happened(self._course(periods, was), (self.without_shares or self)._course(periods, other))

    def _course(self, periods: int, before: Course | None) -> Course:
        return Course.of(self.basin, self.program, self.solution.stages[-1].unknowns, periods, before)

    @property
    def path(self) -> str:
        """Whether the first solve went on from a start or from scratch."""
        return "cold" if self.head or self.bends else (self.without_shares or self).solution.path


def solve(basin: Basin, starts: Starts | None = None, happened: Happened | None = None) -> Solved:
    """Solve the stages of a basin, from scratch or from where a like one ended; with head, always from scratch.

    What has happened stays as it was, and only the periods after it are decided.

    Threshold shares are owed from the inflow the river would have if nothing were owed: the basin is solved
    without them first, and once more if anything is due.

    Raises
    ------
    ConflictError
        If no plan obeys every hard rule.
    SolverError
        If the program is unbounded or cannot be certified.
    """
    return solve_ready(Ready.of(basin), starts, happened)


def solve_ready(ready: Ready, starts: Starts | None = None, happened: Happened | None = None) -> Solved:
    """The same for a basin whose program is there already."""
    basin = ready.basin
    done, other = (happened.plan, happened.owing_nothing) if happened else (None, None)
    if not basin.threshold_shares:
        return _solved(ready, starts.second or starts.first if starts else None, done)
    with part(0.0, 0.5):
        first = _solved(ready.owing(dict.fromkeys(basin.threshold_shares, 0.0)), starts.first if starts else None, other)
    owed = shares_owed(basin, first.program, first.solution.stages[-1].unknowns)
    if not any(owed.values()) and (happened is None or happened.alike):
        return replace(first, without_shares=first)
    with part(0.5, 1.0):
        second = _solved(ready.owing(owed), (starts and starts.second) or _falling_short(first, owed), done)
    return replace(second, without_shares=first)


def _solved(ready: Ready, start: Start | None, done: Course | None = None) -> Solved:
    if ready.basin.bent:
        known = done.storages(ready.program) if done else {}
        found, bends = solve_bent(ready.basin, lambda b: _as_drawn(Ready.of(b), None, done), done.kept if done else None, known)
        basin, program, solution, head = found
        return Solved(basin, program, solution, head=head, bends=bends)
    basin, program, solution, head = _as_drawn(ready, start, done)
    return Solved(basin, program, solution, head=head)


def _as_drawn(ready: Ready, start: Start | None, done: Course | None) -> Found:
    """The stages of a basin with its lines as they are drawn; with heads, by passes of their own."""
    if ready.basin.head_plants:
        kept = done.kept if done else lambda program: program
        return solve_head(ready.basin, lambda b, p, s: _stages(Ready.of(b, kept(p)), s))
    ready = replace(ready, program=done.kept(ready.program)) if done else ready
    return (*_hard_or_rounded(ready, start), None)


def _stages(ready: Ready, start: Start | None) -> Solution:
    try:
        return solve_stages(ready.program, ready.givens, ready.plans, start)
    except Infeasible:
        raise diagnose(ready.basin, ready.program, ready.givens, equations()) from None


def _hard_or_rounded(ready: Ready, start: Start | None) -> tuple[Basin, Program, Solution]:
    """The stages; where no plan obeys every rule, those of the rules eased by less than a table rounds away, if that is enough."""
    basin, program, known = ready.basin, ready.program, ready.givens
    try:
        return basin, program, _stages(ready, start)
    except ConflictError:
        eased = within_tolerance(program, known, rules_of(basin, program, known, equations()))
        if eased is None:
            raise
        program, rules = eased
        names = ", ".join(rule.name for rule in rules)
        told = say("kept to within {most} Mm3 or GWh, as typed figures are rounded: {rules}", most=NOTICED, rules=names)
        return basin.replaced(notices=(*basin.notices, told)), program, solve_stages(program, known, ready.plans)


def owing(basin: Basin, owed: dict[str, float]) -> Basin:
    """The same basin with what its threshold shares owe, Mm3."""
    shares: dict[str, Any] = {name: x.model_copy(update={"due": owed[name]}) for name, x in basin.threshold_shares.items()}
    return basin.replaced(threshold_shares=shares)


def _falling_short(first: Solved, owed: dict[str, float]) -> Start:
    """Where the solve that owes nothing ended, a share that is owed more than its way carries falling short by the rest.

    Where no priority claims it, that is the whole difference what is owed makes, but for a tie broken otherwise.
    """
    basin, program, start = first.basin, first.program, first.solution.start
    plan, columns, rows = first.solution.stages[-1].unknowns, start.basis.columns.copy(), start.basis.rows.copy()
    for name, share in basin.threshold_shares.items():
        column, row = program.unknowns["share_shortfall"].position[(name,)], program.equations["share_passed_on"].position[(name,)]
        flow = program.unknowns["flow"].position
        passed = sum(plan[flow[share.reach, label]] for label in basin.calendar.labels_inside(share.window))
        if owed[name] > passed and rows[row] == BASIC and columns[column] != BASIC:
            columns[column], rows[row] = BASIC, AT_LOWER
    return start.at(Basis(columns, rows))


def shares_owed(basin: Basin, program: Program, plan: Floats) -> dict[str, float]:
    """What each threshold share owes, Mm3, given the plan of a river that owes nothing, array (unknowns,)."""
    flow = plan[program.unknowns["flow"].slice].reshape(len(basin.reaches), -1)
    arrived = dict(zip(basin.reaches, arriving(basin, flow), strict=True))
    owed = {}
    for name, x in basin.threshold_shares.items():
        inside = list(basin.calendar.inside(x.window))
        inflow = x.came_before + sum(float(arrived[reach][inside].sum()) for reach in basin.paths.arriving[x.node])
        owed[name] = max(0.0, x.share * max(0.0, inflow - x.threshold) - x.passed_before)
    return owed
