"""Solver: one river solved again and again with other givens, and what one more unit of a given does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.allocate import named
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.dataset import decisions
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.allocation.solve import Solved, Starts, owing, solve
from waterflow.basin.basin import Basin
from waterflow.basin.changes import Index, named_value
from waterflow.basin.wanted import require_basin
from waterflow.errors import ConflictError, InputError, SolverError
from waterflow.formulation.formulate import unknowns
from waterflow.formulation.objective import stage_plans
from waterflow.simulation.flows import arriving
from waterflow.solver.one_sided import Slope, Step, slope

__all__ = ["SMALL_STEP", "Solver", "effect_of_step"]

Floats = NDArray[np.float64]

#: runoff of the rivers that are solved to start from, as shares of the basin's own
REFERENCES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
#: a step that crosses no corner, in the unit of the given; a power of two, so that it adds without rounding
SMALL_STEP = 2.0**-20
#: larger steps, tried first: the larger a step, the smaller the rounding in what it moves, a millionth of a small one's
STEPS = (1.0, 2.0**-5, 2.0**-10, SMALL_STEP)
#: an inflow stands at its threshold within this, relative
AT_THRESHOLD = 1e-9
#: two steps point the same way if what they move agrees to this
SAME_WAY = 1e-4


class Solver:
    """Solves one river with other givens or energy rates, each time from a reference that is near: what-if questions.

    The references are the basin itself with its runoff at fixed shares, solved when first needed. Where a
    solve starts decides how long it takes, not what it finds: the plan is the one `allocate` gives, to 1e-9,
    whatever was solved before.

    Parameters
    ----------
    basin : Basin

    Raises
    ------
    InputError
        If the basin is not a river that can be allocated.
    """

    def __init__(self, basin: Basin) -> None:
        require_basin(basin, "Solver")
        basin.require_valid()
        self.basin = basin
        self._starts: dict[float, Starts | None] = {}
        self._last: Starts | None = None

    def __repr__(self) -> str:
        return f"<Solver {self.basin.in_short}>"

    def __getstate__(self) -> dict[str, Any]:
        """The basin without the references solved so far: they are solved again where they are needed."""
        return {"basin": self.basin, "_starts": {}, "_last": None}

    def allocate(self, basin: Basin | None = None, *, goes_on: bool = False) -> Allocation:
        """Allocate the water of the basin, or of one that was made from it with `Basin.changed`.

        Parameters
        ----------
        basin : Basin, optional
        goes_on : bool
            Start where the last one ended and not at a reference: while one figure moves little by little.

        Returns
        -------
        Allocation
            Audited, every stage certified; its attribute ``solve_path`` is ``hot`` if it went on from a
            reference, ``cold`` if it was solved from scratch.

        Raises
        ------
        InputError, ConflictError, SolverError
            As `waterflow.allocate` does.
        """
        return named(self._solved(basin or self.basin, goes_on=goes_on))

    def marginal(self, name: str, index: Index, basin: Basin | None = None) -> xr.Dataset:
        """What one more unit of a given does, and what one less would undo: its sensitivity from either side.

        Of a stage's value that is the shadow price of the given.

        The sensitivity (shadow price) of every stage and decision, from either side: at a corner the two differ, and
        a dual of the Dataset is only one of them.

        Parameters
        ----------
        name : str
            ``runoff``, ``need``, ``limit_volume``... (`waterflow.basin.changes.CHANGEABLE`).
        index : str or tuple of str
            As in the Dataset: ``("mountain", "2025-06")``.
        basin : Basin, optional
            One that was made from the solver's own with `Basin.changed`.

        Returns
        -------
        Dataset
            With the dimension ``side``: ``right`` is the effect of a little more, ``left`` of a little less,
            both per unit of more. ``stage_value`` and every decision; blank where no plan obeys every hard rule
            after however small a change, where the given cannot be less, where an energy rate is nothing, or where
            a need of a season without one comes to share a shortage that others have.

        Raises
        ------
        InputError
            If there is nothing of that name and index.
        """
        solved = self._solved(basin or self.basin)
        sides = {"left": _marginal(solved, name, index, -1.0), "right": _marginal(solved, name, index, 1.0)}
        stages = solved.solution.stages
        blank = Slope(dict.fromkeys((s.name for s in stages), np.nan), np.full(len(stages[-1].unknowns), np.nan))
        found = [side or blank for side in sides.values()]
        data = decisions(solved.basin, solved.program, unknowns(), np.array([x.unknowns for x in found]), ("side",))
        data["stage_value"] = (("side", "stage"), np.array([[x.stages[s.name] for s in stages] for x in found]))
        coords = {"side": list(sides), "stage": [s.name for s in stages], "stage_unit": ("stage", [s.unit for s in stages])}
        return data.assign_coords(coords)

    def _solved(self, basin: Basin, *, goes_on: bool = False) -> Solved:
        require_basin(basin, "Solver")
        basin.require_valid()
        near = basin.structure == self.basin.structure and not basin.in_passes
        if not near:
            return solve(basin)
        found = solve(basin, self._last if goes_on and self._last is not None else self._start(basin))
        self._last = found.starts
        return found

    def _start(self, basin: Basin) -> Starts | None:
        """The start of the reference whose runoff is nearest, solving it if that has not been done."""
        own, asked = (sum(map(sum, b.runoff.values())) for b in (self.basin, basin))
        share = min(REFERENCES, key=lambda r: abs(r * own - asked)) if own > 0 else 1.0
        if share not in self._starts:
            wet: Any = {node: tuple(share * v for v in series) for node, series in self.basin.runoff.items()}
            try:
                self._starts[share] = solve(self.basin.replaced(runoff=wet)).starts
            except ConflictError:
                self._starts[share] = None
        return self._starts[share]


def _marginal(solved: Solved, name: str, index: Index, sign: float) -> Slope | None:
    """Effect per unit of more, from one side."""
    value = named_value(solved.basin, name, index)
    if name == "energy_rate" and not value:
        # a rate of nothing has no entry in the program: another rate makes another program
        return None
    found = effect_of_step(solved, lambda size: solved.basin.changed(**{name: {index: value + sign * size}}))
    if found is None:
        return None
    return Slope({stage: sign * v + 0.0 for stage, v in found.stages.items()}, sign * found.unknowns + 0.0)


def effect_of_step(solved: Solved, stepped_at: Callable[[float], Basin]) -> Slope | None:
    """What a small step from a solved basin to others does, per unit of its size; threshold shares follow.

    Parameters
    ----------
    solved : Solved
    stepped_at : callable
        The basin a step of some size leads to; raises `InputError` where there is none.

    Returns
    -------
    Slope or None
        None if there is no such step, or no plan obeys every hard rule after however small a one.
    """
    if solved.without_shares is None:
        return _slope(solved, stepped_at)
    nothing = dict.fromkeys(solved.basin.threshold_shares, 0.0)
    first = _slope(solved.without_shares, lambda size: owing(stepped_at(size), nothing))
    if first is None:
        return None
    more = _shares_owed_more(solved.without_shares, first)
    due = {name: x.due for name, x in solved.basin.threshold_shares.items()}
    return _slope(solved, lambda size: owing(stepped_at(size), {name: due[name] + size * more[name] for name in due}))


def _slope(solved: Solved, stepped_at: Callable[[float], Basin]) -> Slope | None:
    """Effect of a step, per unit of its size."""
    step = _step(solved, stepped_at)
    return None if step is None else slope(solved.program, solved.givens, stage_plans(solved.basin), solved.solution, step)


def _step(solved: Solved, stepped_at: Callable[[float], Basin]) -> Step | None:
    """What a step moves, per unit of its size: that of the largest which points the way of the smallest."""
    try:
        smallest = _moved(solved, stepped_at(SMALL_STEP), SMALL_STEP)
    except InputError:
        return None
    for size in STEPS:
        try:
            whole, half = (_moved(solved, stepped_at(s), s) for s in (size, size / 2))
        except (InputError, SolverError):
            continue
        pairs = ((whole.sides, smallest.sides), (whole.amounts, smallest.amounts))
        if all(np.abs(a - b).max(initial=0.0) <= SAME_WAY for a, b in pairs):
            # what a limit leaves of a need bends with the need: twice the half less the whole is straight
            return Step(2 * half.sides - whole.sides, 2 * half.amounts - whole.amounts)
    return smallest


def _moved(solved: Solved, stepped: Basin, size: float) -> Step:
    """What a step to another basin moves, per unit of its size."""
    program, plans = solved.program, stage_plans(solved.basin)
    after = program_of(stepped)
    then = {(c.unknown, c.index): c.amount for p in stage_plans(stepped, residues=True) for c in p.claims}
    plan = solved.solution.stages[-1].unknowns
    moved = after.right_hand_side(values_of_givens(stepped, after)) - program.right_hand_side(solved.givens)
    more = np.array([then.get((c.unknown, c.index), 0.0) - c.amount for p in plans for c in p.claims])
    return Step((moved - (after.matrix - program.matrix) @ plan) / size, more / size)


def _shares_owed_more(first: Solved, found: Slope) -> dict[str, float]:
    """How what threshold shares owe follows a step, per unit of it: the inflow of the river that owes nothing."""
    basin, flow = first.basin, first.program.unknowns["flow"].slice
    shape = (len(basin.reaches), -1)
    now = first.solution.stages[-1].unknowns[flow].reshape(shape)
    arrived, after = arriving(basin, now), arriving(basin, now + found.unknowns[flow].reshape(shape))
    order = {name: k for k, name in enumerate(basin.reaches)}
    owed = {}
    for name, x in basin.threshold_shares.items():
        inside, ends = list(basin.calendar.inside(x.window)), [order[r] for r in basin.paths.arriving[x.node]]
        inflow = float(arrived[ends][:, inside].sum())
        rise, over = float(after[ends][:, inside].sum()) - inflow, inflow - x.threshold
        corner = abs(over) <= AT_THRESHOLD * max(1.0, x.threshold)
        owed[name] = x.share * rise if (rise > 0 if corner else over > 0) else 0.0
    return owed
