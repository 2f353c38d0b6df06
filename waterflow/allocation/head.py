"""Head: the plan whose energy is true to the storages above its plants, by successive linear programs.

Energy is water times head. With the storages of the reservoirs that give head fixed the program is linear and
exact, so what is sought is their course over the horizon. Each pass draws the energy as a line around the present
course, looks for a better one within a trust region, and judges it: solves again around what it found, the storages
kept there. A course that is not better in truth is not taken, and the region shrinks (Conn, Gould and Toint,
Trust-Region Methods, 2000, ch. 6 and 10). Among strict priorities the first stage that differs decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of
from waterflow.basin.basin import Basin
from waterflow.basin.objective import CLOSING, is_round_of
from waterflow.formulation.objective import stage_plans
from waterflow.progress import part
from waterflow.simulation.flows import generated, mean_storage
from waterflow.solver.compile import Program
from waterflow.solver.priorities import Solution, Start

__all__ = ["HeadPasses", "Solve", "around", "gain_of", "merit_of", "solve_head"]

Floats = NDArray[np.float64]
#: solves the stages of a basin with a program, from a start or from scratch
Solve = Callable[[Basin, Program, Start | None], Solution]

#: the trust region at first, the least for which a better course is sought, and the one in which a course is
#: judged and published: shares of the range of each reservoir
WIDE, NARROW, JUDGED = 0.25, 1e-3, 1e-5
#: the region shrinks and grows by these; it grows if more than so much of the promise came true
SHRINK, GROW, KEPT_PROMISE = 0.25, 2.0, 0.75
#: a share of a claim, or a value relative to max(1, |value|), is better only by more than this
BETTER = 1e-7
MOST_PASSES = 100
#: what one solve leaves of the work, as progress tells it
LEFT = 0.8


@dataclass(frozen=True)
class HeadPasses:
    """How a plan with head was found.

    Attributes
    ----------
    passes, accepted : int
        Passes tried and steps taken.
    gap : float
        What a step over the last trust region still promised, relative to max(1, |value|) of the first stage in which
        it did.
    energy_gap : float
        Largest difference of the published and the true energy of a plant in a period, GWh.
    """

    passes: int
    accepted: int
    gap: float
    energy_gap: float


@dataclass(frozen=True)
class _Course:
    """A plan solved around a point: the basin that holds the point, the program, the solution and its merit."""

    basin: Basin
    program: Program
    solution: Solution
    merit: Floats

    def decided(self, name: str, count: int) -> Floats:
        """The plan's values of an unknown, (count, period)."""
        return self.solution.stages[-1].unknowns[self.program.unknowns[name].slice].reshape(count, -1)

    @property
    def storage(self) -> Floats:
        """Storage of every reservoir at the end of every period, (reservoir, period)."""
        return self.decided("storage", len(self.basin.reservoirs))

    @property
    def turbined(self) -> Floats:
        """Water through the turbines of every plant, (plant, period)."""
        return self.decided("turbined", len(self.basin.plants))


def merit_of(basin: Basin, solution: Solution) -> Floats:
    """What the stages reached, smaller is better: the shares of each priority from the largest down, then the cost."""
    merit: list[float] = []
    for plan in stage_plans(basin):
        own = [s for s in solution.stages if is_round_of(s.name, plan.name)]
        if plan.claims:
            shares = [s.value for s in own for _ in s.settled]
            merit += sorted(shares, reverse=True) + [0.0] * (len(plan.claims) - len(shares))
        elif plan.name not in CLOSING:
            merit += [-s.value if plan.sense == "maximise" else s.value for s in own]
    return np.array(merit)


def gain_of(before: Floats, after: Floats) -> tuple[int, float]:
    """The first value that differs by more than `BETTER`, and by how much it is better; 0.0 if none does."""
    gain = (before - after) / np.maximum(1.0, np.abs(before))
    first = np.flatnonzero(np.abs(gain) > BETTER)
    return (int(first[0]), float(gain[first[0]])) if len(first) else (0, 0.0)


def around(basin: Basin, turbined: Floats, storage: Floats) -> Basin:
    """The same basin with the energy of its head plants drawn as lines around a plan."""
    means = dict(zip(basin.reservoirs, mean_storage(basin, storage), strict=True))
    plants = dict(basin.plants)
    for k, (name, plant) in enumerate(basin.plants.items()):
        if plant.head:
            at = tuple(zip(map(float, turbined[k]), map(float, means[plant.head.reservoir]), strict=True))
            plants[name] = plant.model_copy(update={"head": plant.head.model_copy(update={"at": at})})
    return basin.replaced(plants=plants)


class _Search:
    """The passes from a first plan to one that no step within the trust region betters."""

    def __init__(self, basin: Basin, solve: Solve) -> None:
        self.basin, self.solve = basin, solve
        giving = {plant.head.reservoir for plant in basin.plants.values() if plant.head}
        sizes = [max(1.0, r.ceiling - r.floor) if name in giving else np.inf for name, r in basin.reservoirs.items()]
        self.size = np.array(sizes)[:, None]
        self.passes = self.accepted = 0
        # the first plan is one
        self.solves = 1
        self.gap = 0.0

    def _within(self, basin: Basin, centre: Floats, radius: float, start: Start | None) -> _Course:
        """The best course within a radius of the present one."""
        reach = radius * self.size
        program = program_of(basin).within("storage", (centre - reach).ravel(), (centre + reach).ravel())
        self.solves += 1
        # how many there will be nobody knows: each takes a part of what is left
        with part(1.0 - LEFT ** (self.solves - 1), 1.0 - LEFT**self.solves):
            solution = self.solve(basin, program, start)
        return _Course(basin, program, solution, merit_of(basin, solution))

    def judge(self, course: _Course) -> _Course:
        """The same course with energies that are true to it."""
        basin = around(self.basin, course.turbined, course.storage)
        return self._within(basin, course.storage, JUDGED, course.solution.start)

    def seek(self, here: _Course, radius: float) -> _Course:
        """The best course within a radius, as the lines around the present one promise."""
        basin = around(self.basin, here.turbined, here.storage)
        return self._within(basin, here.storage, radius, here.solution.start)

    def run(self, first: _Course) -> _Course:
        """Better the course until no step does, and judge the last one once more."""
        here, radius = self.judge(first), WIDE
        while radius >= NARROW and self.passes < MOST_PASSES:
            self.passes += 1
            sought = self.seek(here, radius)
            stage, promised = gain_of(here.merit, sought.merit)
            self.gap = max(0.0, promised)
            if promised <= 0.0:
                break
            found = self.judge(sought)
            decided, gained = gain_of(here.merit, found.merit)
            if gained <= 0.0:
                radius *= SHRINK
                continue
            here, self.accepted = found, self.accepted + 1
            if decided < stage or gained > KEPT_PROMISE * promised:
                radius = min(1.0, radius * GROW)
        return self.judge(here)


def solve_head(basin: Basin, solve: Solve) -> tuple[Basin, Program, Solution, HeadPasses]:
    """Solve a basin whose plants have a head.

    Parameters
    ----------
    basin : Basin
        With at least one plant that has a head.
    solve : callable
        Solves the stages of a basin with a program.

    Returns
    -------
    (basin, program, solution, passes)
        Of the last linear program: the basin holds the points around which energy is drawn as lines.

    Raises
    ------
    Infeasible, SolverError
        As ``solve`` does.
    """
    program = program_of(basin)
    with part(0.0, 1.0 - LEFT):
        first = solve(basin, program, None)
    search = _Search(basin, solve)
    last = search.run(_Course(basin, program, first, merit_of(basin, first)))
    energy = last.decided("generation", len(basin.plants))
    gap = float(np.abs(energy - generated(basin, last.turbined, last.storage)).max())
    return last.basin, last.program, last.solution, HeadPasses(search.passes, search.accepted, search.gap, gap)
