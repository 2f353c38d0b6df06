"""Solver: one river solved again and again with other givens, and what one more unit of a given does."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.allocate import named
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.dataset import decisions
from waterflow.allocation.flows import arriving
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.allocation.solve import Solved, Starts, owing, solve
from waterflow.basin.basin import Basin
from waterflow.basin.changes import Index, named_value
from waterflow.errors import ConflictError, InputError
from waterflow.formulation.formulate import unknowns
from waterflow.formulation.objective import stage_plans
from waterflow.solver.tangent import Slope, Step, slope

__all__ = ["SMALL_STEP", "Solver", "effect_of_step"]

Floats = NDArray[np.float64]

#: runoff of the rivers that are solved to start from, as shares of the basin's own
REFERENCES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
#: step of a given, relative to max(1, its value), from which the direction is taken
SMALL_STEP = 1e-6


class Solver:
    """Solves one river with other givens or energy rates, each time from a reference that is near.

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
        basin.require_valid()
        self.basin = basin
        self._starts: dict[float, Starts | None] = {}

    def allocate(self, basin: Basin | None = None) -> Allocation:
        """Allocate the water of the basin, or of one that was made from it with `Basin.changed`.

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
        return named(self._solved(basin or self.basin))

    def marginal(self, name: str, index: Index, basin: Basin | None = None) -> xr.Dataset:
        """What one more unit of a given does, and what one less would undo.

        Parameters
        ----------
        name : str
            ``runoff``, ``need``, ``limit_volume``... (`waterflow.basin.changes.CHANGEABLE`).
        index : str or tuple of str
            As in the Dataset: ``("toktogul", "2025-06")``.
        basin : Basin, optional
            One that was made from the solver's own with `Basin.changed`.

        Returns
        -------
        Dataset
            With the dimension ``side``: ``right`` is the effect of a little more, ``left`` of a little less,
            both per unit of more. ``stage_value`` and every decision; blank where no plan obeys every hard rule
            after however small a change, or where the given cannot be less.

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

    def _solved(self, basin: Basin) -> Solved:
        basin.require_valid()
        near = basin.structure == self.basin.structure and not basin.head_plants
        return solve(basin, self._start(basin) if near else None)

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
    size = SMALL_STEP * max(1.0, abs(value))
    try:
        stepped = solved.basin.changed(**{name: {index: value + sign * size}})
    except InputError:
        return None
    found = effect_of_step(solved, stepped, size)
    if found is None:
        return None
    return Slope({stage: sign * v + 0.0 for stage, v in found.stages.items()}, sign * found.unknowns + 0.0)


def effect_of_step(solved: Solved, stepped: Basin, size: float) -> Slope | None:
    """What a small step from a solved basin to another does, per unit of its size; threshold shares follow.

    None if no plan obeys every hard rule after however small a step.
    """
    if solved.without_shares is not None:
        owed = _shares_owed_after(solved, stepped, size)
        if owed is None:
            return None
        stepped = owing(stepped, owed)
    return _slope(solved, stepped, size)


def _slope(solved: Solved, stepped: Basin, size: float) -> Slope | None:
    """Effect of the step from a solved basin to another, per unit of its size."""
    program, plans = solved.program, stage_plans(solved.basin)
    after, then = program_of(stepped), stage_plans(stepped)
    plan = solved.solution.stages[-1].unknowns
    moved = after.right_hand_side(values_of_givens(stepped, after)) - program.right_hand_side(solved.givens)
    amounts = np.array([[c.amount for p in which for c in p.claims] for which in (plans, then)])
    step = Step((moved - (after.matrix - program.matrix) @ plan) / size, (amounts[1] - amounts[0]) / size)
    return slope(program, solved.givens, plans, solved.solution, step)


def _shares_owed_after(solved: Solved, stepped: Basin, size: float) -> dict[str, float] | None:
    """What threshold shares owe after a step: they follow the inflow of the river that owes nothing."""
    first = solved.without_shares or solved
    found = _slope(first, owing(stepped, dict.fromkeys(stepped.threshold_shares, 0.0)), size)
    if found is None:
        return None
    basin, flow = solved.basin, first.program.unknowns["flow"].slice
    shape = (len(basin.reaches), -1)
    now = first.solution.stages[-1].unknowns[flow].reshape(shape)
    arrived = [arriving(basin, now), arriving(basin, now + size * found.unknowns[flow].reshape(shape))]
    order = {name: k for k, name in enumerate(basin.reaches)}
    owed = {}
    for name, x in basin.threshold_shares.items():
        inside, ends = list(basin.calendar.inside(x.window)), [order[r] for r in basin.paths.arriving[x.node]]
        before, after = (float(a[ends][:, inside].sum()) for a in arrived)
        owed[name] = x.due + x.share * (max(0.0, after - x.threshold) - max(0.0, before - x.threshold))
    return owed
