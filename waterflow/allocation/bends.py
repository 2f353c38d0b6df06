"""Bends: laws that bend with what is decided, drawn as straight lines again until the plan stands where they are true.

The water area along a curve is the straight line of one piece of it; a constant loss is all of it where the reach carries as
much, and all that flows where it does not. Each program is linear. The first has one line for the whole curve, and losses as
small as one likes; each one after it has the pieces on which the plan before it stood. A plan that stands on its own pieces is
true: there is nothing left to draw. Where two pieces vie for a storage it is kept on one of them, and a loss is only called
dry or not dry twice, so that there is an end to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.drawn import gap_of
from waterflow.allocation.head import HeadPasses, gain_of, merit_of
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError, SolverError
from waterflow.progress import part
from waterflow.solver.compile import Program
from waterflow.solver.face import Face
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import Solution
from waterflow.words.catalogue import say

__all__ = ["BendPasses", "Found", "solve_bent"]

Floats = NDArray[np.float64]
#: a plan found with the lines of a basin; how its heads were found, if it has any
Found = tuple[Basin, Program, Solution, HeadPasses | None]

#: programs solved at most, and losses that are tried the other way round
MOST_PASSES, MOST_TRIALS = 200, 24
#: what of a loss no reach need carry, and how near to it a flow stands at the bend, Mm3
NEAR = 1e-7
#: what one pass leaves of the work, as progress tells it
LEFT = 0.7


@dataclass(frozen=True)
class BendPasses:
    """How a plan under laws that bend was found.

    Attributes
    ----------
    passes : int
        Programs solved in the order of priorities.
    gap : float
        Largest difference of evaporation, seepage or constant loss in the program and by the true law, of a place in a
        period, Mm3.
    """

    passes: int
    gap: float


class _Passes:
    """The passes to a plan that stands where its lines are true."""

    def __init__(self, basin: Basin, solve: Callable[[Basin], Found], kept: Callable[[Program], Program]) -> None:
        self.basin, self.solve, self.kept, self.passes = basin, solve, kept, 0
        #: pieces on which each moment of a curve stood, and dry periods that have been called otherwise
        self.stood: dict[tuple[str, int], set[int]] = {}
        self.turned: set[tuple[str, int]] = set()
        self.first = len(basin.calendar.history)
        self.over: set[str] = set()

    def run(self, known: dict[tuple[str, str], float]) -> Found:
        """From the first lines to the last; ``known`` are storages that are over."""
        self.over = {label for _, label in known}
        found = self._begin(known)
        while self.passes < MOST_PASSES:
            after = self._redrawn(*found[:3])
            if after is None:
                return self._turned_over(found) if self.basin.losing_reaches else found
            found = self._solved(after)
        message = say("lines along curves of area or constant losses did not settle in {count} passes", count=MOST_PASSES)
        raise SolverError(message)

    def _settled(self, basin: Basin) -> Found | None:
        """A plan from other lines that stands where its lines are true; None if there is none soon."""
        try:
            found = self._solved(basin)
            while self.passes < MOST_PASSES:
                after = self._redrawn(*found[:3])
                if after is None:
                    return found
                found = self._solved(after)
        except (ConflictError, SolverError):
            pass
        return None

    def _turned_over(self, found: Found) -> Found:
        """The plan, or a better one in which a reach is left dry that carried little more than its loss, or the other way round.

        What a loss costs it costs once, however much flows: water may be saved by sending it in fewer periods. Those nearest to
        their loss are tried, one by one.
        """
        best, merit = found, merit_of(found[0], found[2])
        for name, k in self._nearest(found):
            dry = best[0].reaches[name].dry
            other_way = best[0].reaches[name].model_copy(update={"dry": (*dry[:k], not dry[k], *dry[k + 1 :])})
            reaches: Any = {**best[0].reaches, name: other_way}
            turned, there = self._carried(best[0].replaced(reaches=reaches))
            if not there or turned.reaches[name].dry[k] == dry[k]:
                continue
            other = self._settled(turned)
            if other is not None and gain_of(merit, merit_of(other[0], other[2]))[1] > 0:
                best, merit = other, merit_of(other[0], other[2])
        return best

    def _nearest(self, found: Found) -> list[tuple[str, int]]:
        """Reaches and periods whose flow is nearest to their loss, as a share of it."""
        basin, program, solution, _ = found
        flow, plan, near = program.unknowns["flow"].position, solution.stages[-1].unknowns, []
        for name in basin.losing_reaches:
            reach = basin.reaches[name]
            for k, label in enumerate(basin.calendar.labels):
                loss = reach.constant_loss[self.first + k]
                if loss > 0 and label not in self.over:
                    left = reach.kept(self.first + k) * float(plan[flow[name, label]])
                    near.append((abs(left - loss) / loss, name, k))
        return [(name, k) for _, name, k in sorted(near)[:MOST_TRIALS]]

    def _begin(self, known: dict[tuple[str, str], float]) -> Found:
        """The first plan: one line for each whole curve or, where that leaves no plan, the line of the piece on which it opens."""
        opened = [self._opened(known, whole=whole) for whole in (True, False)]
        try:
            return self._solved(opened[0])
        except ConflictError:
            if not self.basin.curved_reservoirs:
                raise
            try:
                return self._solved(opened[1])
            except ConflictError:
                pass
            raise

    def _opened(self, known: dict[tuple[str, str], float], *, whole: bool) -> Basin:
        reservoirs = dict(self.basin.reservoirs)
        for name, r in self.basin.reservoirs.items():
            if r.curve:
                opens = r.curve.piece(r.opening_storage)
                pieces = [
                    r.curve.piece(known[name, label]) if (name, label) in known else -1 if whole else opens
                    for label in self.basin.calendar.labels
                ]
                curve = r.curve.model_copy(update={"at": (opens, *pieces), "held": ()})
                reservoirs[name] = r.model_copy(update={"curve": curve})
        reaches = {name: a.model_copy(update={"dry": ()}) if a.dry else a for name, a in self.basin.reaches.items()}
        changed: dict[str, Any] = {"reservoirs": reservoirs, "reaches": reaches}
        return self.basin.replaced(**changed)

    def _solved(self, basin: Basin) -> Found:
        self.passes += 1
        with part(1.0 - LEFT ** (self.passes - 1), 1.0 - LEFT**self.passes):
            try:
                return self.solve(basin)
            except ConflictError:
                if any(r.curve and any(r.curve.held) for r in basin.reservoirs.values()):
                    message = say("storages kept on one piece of their curves of area leave no plan, though lines along them do")
                    raise SolverError(message) from None
                raise

    def _redrawn(self, basin: Basin, program: Program, solution: Solution) -> Basin | None:
        """The basin with lines where the plan stands; None if it stands on its own already."""
        plan = solution.stages[-1].unknowns
        reservoirs, reaches, moved = dict(basin.reservoirs), dict(basin.reaches), False
        for name in basin.curved_reservoirs:
            curve = self._pieces(basin, program, plan, name)
            moved |= curve != basin.reservoirs[name].curve
            reservoirs[name] = basin.reservoirs[name].model_copy(update={"curve": curve})
        for name in basin.losing_reaches:
            dry = self._dry(basin, program, plan, name)
            moved |= dry != basin.reaches[name].dry
            reaches[name] = basin.reaches[name].model_copy(update={"dry": dry})
        if not moved:
            return None
        changed: dict[str, Any] = {"reservoirs": reservoirs, "reaches": reaches, "notices": self.basin.notices}
        after = basin.replaced(**changed)
        return self._carried(after)[0] if basin.losing_reaches else after

    def _pieces(self, basin: Basin, program: Program, plan: Floats, name: str) -> Any:
        """The curve of a reservoir with the pieces on which a plan stands."""
        curve, storage = basin.reservoirs[name].curve, program.unknowns["storage"].position
        assert curve is not None  # noqa: S101 - only curved reservoirs are asked
        at, held = list(curve.at), list(curve.held or (False,) * len(curve.at))
        for moment, label in enumerate(basin.calendar.labels, start=1):
            here = float(plan[storage[name, label]])
            if at[moment] >= 0 and (held[moment] or curve.on(at[moment], here)):
                continue
            piece = curve.piece(here)
            stood = self.stood.setdefault((name, moment), set())
            held[moment] = piece in stood
            stood.add(piece)
            at[moment] = piece
        return curve.model_copy(update={"at": tuple(at), "held": tuple(held) if any(held) else ()})

    def _dry(self, basin: Basin, program: Program, plan: Floats, name: str) -> tuple[bool, ...]:
        """Periods in which a reach carries no more than its constant loss."""
        reach, flow, lost = basin.reaches[name], program.unknowns["flow"].position, program.unknowns["constant_loss"].position
        dry = []
        for k, label in enumerate(basin.calendar.labels):
            loss = reach.constant_loss[self.first + k]
            left = reach.kept(self.first + k) * float(plan[flow[name, label]])
            if not reach.dry:
                # as long as losses are free, what is to arrive must be able to
                dry.append(loss > 0 and left - float(plan[lost[name, label]]) <= NEAR and left < loss)
            elif loss > 0 and abs(left - loss) <= NEAR and (name, k) not in self.turned:
                # at the bend both are true: the other side may be better, and is never worse
                self.turned.add((name, k))
                dry.append(not reach.dry[k])
            else:
                dry.append(reach.dry[k])
        return tuple(dry)

    def _carried(self, basin: Basin) -> tuple[Basin, bool]:
        """The same basin; where a loss is more than any plan can have a reach carry, beside the others, the reach is dry.

        False where no plan at all is left.
        """
        while True:
            program = program_of(basin)
            lost, least, cost = program.unknowns["constant_loss"], program.lower.copy(), np.zeros(len(program.lower))
            wet = np.array([not basin.reaches[a].dry[basin.calendar.position[t]] for a, t in lost.index])
            least[lost.slice], cost[lost.slice] = 0.0, np.where(wet, -1.0, 0.0)
            # what is over is fixed after that, so what a reach lost then stands
            program = self.kept(replace(program, lower=least))
            try:
                found = Face(Polyhedron.of(program, values_of_givens(basin, program))).least(cost).unknowns
            except Infeasible:
                # the conflict is told by the solve that follows
                return basin, False
            short = wet & (program.upper[lost.slice] - found[lost.slice] > NEAR)
            if not short.any():
                return basin, True
            reaches = dict(basin.reaches)
            for (a, t), dries in zip(lost.index, short, strict=True):
                if dries:
                    k = basin.calendar.position[t]
                    self.turned.add((a, k))
                    dry = reaches[a].dry
                    reaches[a] = reaches[a].model_copy(update={"dry": (*dry[:k], True, *dry[k + 1 :])})
            changed: dict[str, Any] = {"reaches": reaches}
            basin = basin.replaced(**changed)


def _as_it_is(program: Program) -> Program:
    return program


def solve_bent(
    basin: Basin, solve: Callable[[Basin], Found], kept: Callable[[Program], Program] | None, known: dict[tuple[str, str], float]
) -> tuple[Found, BendPasses]:
    """Solve a basin some of whose laws bend.

    Parameters
    ----------
    basin : Basin
    solve : callable
        Solves the stages of a basin with its lines as drawn, heads among them.
    kept : callable or None
        Fixes in a program what is over.
    known : dict of (reservoir, period) to float
        Storages that are over, Mm3.

    Returns
    -------
    (found, passes)
        Of the last program: the basin holds its lines.

    Raises
    ------
    Infeasible, ConflictError
        As ``solve`` does.
    SolverError
        As ``solve`` does, or if the lines do not settle.
    """
    passes = _Passes(basin, solve, kept or _as_it_is)
    found = passes.run(known)
    return found, BendPasses(passes.passes, gap_of(found[0], found[1], found[2].stages[-1].unknowns))
