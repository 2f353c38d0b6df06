"""Bare arrays: HiGHS and numpy with nothing around them, the limit everything else is measured against."""

from dataclasses import dataclass
from time import perf_counter

import highspy
import numpy as np

from waterflow.allocation.solve import solve
from waterflow.solver.face import NONZERO_PRICE, Face
from waterflow.solver.highs import loaded


@dataclass
class Staged:
    """A staged program as arrays: its rows and bounds, and the cost of each stage."""

    polyhedron: object
    costs: list


def recorded(basin, starts=None):
    """What a solve of a basin asks: one staged program, or two where threshold shares are due; and where it ended."""
    faces = {}
    least = Face.least

    def remember(self, cost):
        faces.setdefault(id(self), (self, []))[1].append(cost)
        return least(self, cost)

    Face.least = remember
    try:
        solved = solve(basin, starts)
    finally:
        Face.least = least
    asked = []
    for face, costs in faces.values():
        width = face.whole.matrix.shape[1]
        asked.append(Staged(face.whole, [np.append(c, np.zeros(width - len(c))) for c in costs]))
    return asked, solved


def run(solver):
    """One run, its seconds."""
    began = perf_counter()
    solver.run()
    return perf_counter() - began


def stages(staged, *, bases=None, presolve=False):
    """Solve the stages with HiGHS alone: (seconds, seconds inside HiGHS, basis of every stage, values).

    ``bases``: start every stage from a basis of its own, as far as there are any; else go on from the last one, or, with
    ``presolve``, begin every stage from scratch, which is faster where faces are small.
    """
    began, inside, found, values = perf_counter(), 0.0, [], []
    p = staged.polyhedron
    solver = loaded(p, staged.costs[0])
    width, height = len(p.lower), len(p.row_lower)
    columns, rows = np.arange(width, dtype=np.int32), np.arange(height, dtype=np.int32)
    lower, upper, row_lower, row_upper = (a.copy() for a in (p.lower, p.upper, p.row_lower, p.row_upper))
    for k, cost in enumerate(staged.costs):
        solver.changeColsCost(width, columns, cost)
        if bases and k < len(bases):
            solver.setBasis(bases[k])
        elif presolve and k:
            solver.clearSolver()
        inside += run(solver)
        solution = solver.getSolution()
        x, activity = np.asarray(solution.col_value), np.asarray(solution.row_value)
        priced = np.abs(np.asarray(solution.col_dual)) > NONZERO_PRICE
        lower[priced], upper[priced] = x[priced], x[priced]
        solver.changeColsBounds(width, columns, lower, upper)
        priced = np.abs(np.asarray(solution.row_dual)) > NONZERO_PRICE
        row_lower[priced], row_upper[priced] = activity[priced], activity[priced]
        solver.changeRowsBounds(height, rows, row_lower, row_upper)
        if bases is None:
            found.append(solver.getBasis())
        values.append(float(cost @ x))
    return perf_counter() - began, inside, found, values


def once(polyhedron, cost):
    """One program loaded and solved from scratch: (seconds, objective)."""
    began = perf_counter()
    solver = loaded(polyhedron, cost)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return perf_counter() - began, float(solver.getObjectiveValue())
