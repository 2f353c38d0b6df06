"""HiGHS: minimise costs over a polyhedron, from a basis or from scratch; the answer is a basis, not numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from waterflow.errors import SolverError
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.vertex import AT_LOWER, AT_UPPER, BASIC, FREE, Basis
from waterflow.words.catalogue import say

__all__ = ["Infeasible", "Session", "Standing", "least_with_choices", "write_program"]

Floats = NDArray[np.float64]

OPTIONS: dict[str, Any] = {
    "log_to_console": False,
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "simplex_iteration_limit": 100_000,
    "solver": "simplex",
    "simplex_strategy": 1,
    "simplex_dual_edge_weight_strategy": -1,
    "simplex_scale_strategy": 2,
    "presolve": "choose",
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}

_S = highspy.HighsBasisStatus
_TO_HIGHS = np.array([_S.kLower, _S.kBasic, _S.kUpper, _S.kZero], dtype=object)


class Infeasible(Exception):
    """No point obeys every row and bound."""


def _check(status: Any, call: str) -> None:
    if status == highspy.HighsStatus.kError:
        message = say("HiGHS refused the call {call}", call=call)
        raise SolverError(message)


class Session:
    """HiGHS with a polyhedron loaded; the polyhedron may be narrowed or widened between calls.

    One session serves one solve from its first stage to its last, never two: nothing of an earlier solve can
    reach a later one.

    HiGHS is loaded at the first call: a solve that needs none never loads it.
    """

    def __init__(self) -> None:
        self.solver: Any = None
        self.last: Basis | None = None

    def forget(self) -> None:
        """Go on from a basis alone next time, not from what HiGHS keeps of the last solve."""
        self.solver = self.last = None

    def minimise(self, polyhedron: Polyhedron, cost: Floats, start: Basis | None, **options: Any) -> Basis:
        """Basis of a minimum of ``cost @ x``, from a basis or from scratch; to be judged by the caller.

        Raises
        ------
        Infeasible
            If nothing obeys the rows and bounds.
        SolverError
            If the program is unbounded, or HiGHS stops without an answer.
        """
        self._load(polyhedron, cost)
        if start is None:
            _check(self.solver.clearSolver(), "clearSolver")
        elif start is not self.last:
            _check(self.solver.clearSolver(), "clearSolver")
            _check(self.solver.setBasis(_in_words_of_highs(start)), "setBasis")
        self.last = None
        for name, value in options.items():
            _check(self.solver.setOptionValue(name, value), f"setOptionValue({name})")
        status = self._run()
        for name in options:
            self.solver.setOptionValue(name, OPTIONS[name])
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Infeasible
        # "unknown" is HiGHS not trusting a point it has; the certificate decides, as it does for "optimal"
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown):
            message = say("HiGHS stopped: {status}", status=self.solver.modelStatusToString(status))
            raise SolverError(message)
        self.last = self._basis(polyhedron)
        return self.last

    def _load(self, p: Polyhedron, cost: Floats) -> None:
        """Load the program, or what is new in it since the last call."""
        rows, columns = p.matrix.shape
        if self.solver is None or self.solver.getNumCol() != columns:
            self.solver = loaded(p, cost)
            self.last = None
            return
        every, each = np.arange(columns, dtype=np.int32), np.arange(rows, dtype=np.int32)
        _check(self.solver.changeColsBounds(columns, every, p.lower, p.upper), "changeColsBounds")
        _check(self.solver.changeRowsBounds(rows, each, p.row_lower, p.row_upper), "changeRowsBounds")
        _check(self.solver.changeColsCost(columns, every, cost), "changeColsCost")

    def _run(self) -> Any:
        ran = self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.solver.setOptionValue("presolve", "off")
            ran = self.solver.run()
            self.solver.setOptionValue("presolve", OPTIONS["presolve"])
            status = self.solver.getModelStatus()
        return highspy.HighsModelStatus.kSolveError if ran == highspy.HighsStatus.kError else status

    def _basis(self, p: Polyhedron) -> Basis:
        """The basis HiGHS stands at: what is not basic stands at the bound its value is nearer to."""
        status, basic = self.solver.getBasicVariables()
        _check(status, "getBasis")
        solution = self.solver.getSolution()
        columns = _nearer(np.asarray(solution.col_value), p.lower, p.upper)
        rows = _nearer(np.asarray(solution.row_value), p.row_lower, p.row_upper)
        columns[basic[basic >= 0]] = BASIC
        rows[-basic[basic < 0] - 1] = BASIC
        return Basis(columns, rows)


class Standing:
    """A program that stays loaded while sides of its rows change and rows are added: one optimum after another, each from the last.

    What it answers must be judged by the caller: from one basis to the next HiGHS may stop without trusting its point.
    """

    def __init__(self, polyhedron: Polyhedron, cost: Floats, **options: Any) -> None:
        self.solver = loaded(polyhedron, cost)
        for name, value in options.items():
            _check(self.solver.setOptionValue(name, value), f"setOptionValue({name})")

    def move(self, rows: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """Give some rows other sides."""
        _check(self.solver.changeRowsBounds(len(rows), rows, lower, upper), "changeRowsBounds")

    def add(self, lower: float, columns: NDArray[np.int32], values: Floats) -> None:
        """A row ``values @ x[columns] >= lower`` below the others."""
        _check(self.solver.addRow(lower, highspy.kHighsInf, len(columns), columns, values), "addRow")

    def optimum(self) -> tuple[Floats, Floats]:
        """Unknowns and row duals where HiGHS stops.

        Raises
        ------
        Infeasible
            If nothing obeys the rows and bounds.
        """
        self.solver.run()
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise Infeasible
        solution = self.solver.getSolution()
        return np.asarray(solution.col_value), np.asarray(solution.row_dual)


def least_with_choices(polyhedron: Polyhedron, cost: Floats, choices: NDArray[np.intp]) -> Floats:
    """Unknowns of a minimum of ``cost @ x`` where some columns are 0 or 1, to within HiGHS's gap; to be judged by the caller.

    Raises
    ------
    Infeasible
        If nothing obeys the rows and bounds.
    SolverError
        If HiGHS stops without an answer.
    """
    solver = loaded(polyhedron, cost)
    kinds = np.full(len(choices), highspy.HighsVarType.kInteger)
    _check(solver.changeColsIntegrality(len(choices), choices.astype(np.int32), kinds), "changeColsIntegrality")
    solver.setOptionValue("solver", "choose")
    solver.run()
    status = solver.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        raise Infeasible
    if status != highspy.HighsModelStatus.kOptimal:
        message = say("HiGHS stopped: {status}", status=solver.modelStatusToString(status))
        raise SolverError(message)
    found: Floats = np.asarray(solver.getSolution().col_value)
    return found


def write_program(
    path: Path, polyhedron: Polyhedron, cost: Floats, names: tuple[Sequence[str], Sequence[str]], constant: float, *, maximise: bool
) -> None:
    """Write a program as LP or free MPS, whichever the ending of the path says.

    Parameters
    ----------
    path : Path
        Ends in ``.lp`` or ``.mps``; what stands there is replaced.
    polyhedron : Polyhedron
    cost : array (columns,)
    names : (names of the columns, names of the rows)
        Without blanks and signs of the formats, each one once.
    constant : float
        Added to the objective.
    maximise : bool
        Whether the objective is to be as large as can be.

    Raises
    ------
    SolverError
        If HiGHS refuses a name or the file.
    """
    solver = loaded(polyhedron, cost)
    _check(solver.changeObjectiveOffset(constant), "changeObjectiveOffset")
    if maximise:
        _check(solver.changeObjectiveSense(highspy.ObjSense.kMaximize), "changeObjectiveSense")
    for k, name in enumerate(names[0]):
        _check(solver.passColName(k, name), f"passColName({name})")
    for k, name in enumerate(names[1]):
        _check(solver.passRowName(k, name), f"passRowName({name})")
    _check(solver.writeModel(str(path)), "writeModel")


def loaded(polyhedron: Polyhedron, cost: Floats) -> Any:
    """HiGHS with our options and the program as bare arrays."""
    solver = highspy.Highs()
    for name, value in OPTIONS.items():
        _check(solver.setOptionValue(name, value), f"setOptionValue({name})")
    p, matrix = polyhedron, polyhedron.matrix
    rows, columns = matrix.shape
    by_column, minimise = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
    starts, indices = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    continuous = np.zeros(columns, dtype=np.int32)
    arrays = (cost, p.lower, p.upper, p.row_lower, p.row_upper, starts, indices, matrix.data, continuous)
    _check(solver.passModel(columns, rows, matrix.nnz, by_column, minimise, 0.0, *arrays), "passModel")
    return solver


def _nearer(value: Floats, lower: Floats, upper: Floats) -> NDArray[np.int8]:
    status = np.where(np.abs(value - upper) < np.abs(value - lower), AT_UPPER, AT_LOWER)
    return np.where(np.isfinite(lower) | np.isfinite(upper), status, FREE).astype(np.int8)


def _in_words_of_highs(basis: Basis) -> Any:
    words = highspy.HighsBasis()
    words.col_status, words.row_status = _TO_HIGHS[basis.columns].tolist(), _TO_HIGHS[basis.rows].tolist()
    words.valid = True
    return words
