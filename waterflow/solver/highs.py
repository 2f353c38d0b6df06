"""HiGHS: one loaded program, solved again and again; every status checked, every optimum certified."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from waterflow.errors import SolverError
from waterflow.solver.certificate import CERTIFIED, Certificate, certify

__all__ = ["Infeasible", "Optimum", "Session", "SolvePath"]

Floats = NDArray[np.float64]
SolvePath = Literal["cold", "hot", "primal", "interior_point", "opened"]

TOLERANCE = 1e-9
#: when a face is so tight that rounding empties it at `TOLERANCE`; the certificate asks the same of either
LOOSER = 1e-8
PRIMAL = 4
OPTIONS: dict[str, Any] = {
    "log_to_console": False,
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "simplex_iteration_limit": 100_000,
    "solver": "simplex",
    "simplex_strategy": 1,
    "presolve": "choose",
    "primal_feasibility_tolerance": TOLERANCE,
    "dual_feasibility_tolerance": TOLERANCE,
}


class Infeasible(Exception):
    """No point obeys every row and bound."""


@dataclass(frozen=True)
class Optimum:
    """A certified optimum: unknowns, row duals, reduced costs, and how it was reached."""

    unknowns: Floats
    row_duals: Floats
    reduced_costs: Floats
    value: float
    certificate: Certificate
    path: SolvePath
    seconds: float


def _check(status: Any, doing: str) -> None:
    if status == highspy.HighsStatus.kError:
        message = f"HiGHS refused {doing}"
        raise SolverError(message)


class Session:
    """A linear program loaded into HiGHS, minimised for one cost after the other.

    Parameters
    ----------
    matrix : csc_array (rows, columns)
    lower, upper : arrays (columns,)
    row_lower, row_upper : arrays (rows,)

    Raises
    ------
    SolverError
        If a coefficient or a bound is not a number, or HiGHS refuses the program.
    """

    def __init__(self, matrix: Any, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats) -> None:
        bounds = (lower, upper, row_lower, row_upper)
        if not np.isfinite(matrix.data).all() or any(np.isnan(b).any() for b in bounds):
            message = "the program holds a number that is not finite"
            raise SolverError(message)
        self.matrix = matrix
        self.transposed = matrix.T.tocsr()
        self.by_row = matrix.tocsr()
        self.lower, self.upper = lower.copy(), upper.copy()
        self.row_lower, self.row_upper = row_lower.copy(), row_upper.copy()
        self.cost = np.zeros(matrix.shape[1])
        self.basis: Any = None
        self.solver = highspy.Highs()
        for name, value in OPTIONS.items():
            _check(self.solver.setOptionValue(name, value), f"the option {name}")
        _check(self.solver.passModel(self._model()), "the program")

    def _model(self) -> Any:
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = self.matrix.shape
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, self.lower, self.upper
        lp.row_lower_, lp.row_upper_ = self.row_lower, self.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = self.matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = self.matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = self.matrix.data
        return lp

    def set_bounds(self, columns: NDArray[np.intp], lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns."""
        if len(columns):
            self.lower[columns], self.upper[columns] = lower, upper
            _check(self.solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper), "new bounds")

    def set_sides(self, rows: NDArray[np.intp], lower: Floats, upper: Floats) -> None:
        """Change the sides of some rows."""
        if len(rows):
            self.row_lower[rows], self.row_upper[rows] = lower, upper
            _check(self.solver.changeRowsBounds(len(rows), rows.astype(np.int32), lower, upper), "new sides")

    def minimise(self, cost: Floats, basis: Any = None) -> Optimum:
        """Minimise ``cost @ x``, from a starting basis if one is given, else from scratch.

        From scratch is the rule between stages: with a new cost the old basis is far off, and presolve
        shrinks a program whose faces are fixed (measured: a third of the time of going on from the basis).
        An answer without a certificate is solved again from scratch, then by the interior point method with
        crossover; the path that served is recorded.

        Raises
        ------
        Infeasible
            If nothing obeys the rows and bounds.
        SolverError
            If the program is unbounded, or no path leads to a certified optimum.
        """
        changed = np.flatnonzero(cost != self.cost)
        self.cost = cost.copy()
        if len(changed):
            _check(self.solver.changeColsCost(len(changed), changed.astype(np.int32), cost[changed]), "new costs")
        last = self.basis
        ladder = self._ladder(basis)
        said = "nothing was tried"
        spent = 0.0
        for path, start, options in ladder:
            began = perf_counter()
            status = self._run(start, options)
            spent += perf_counter() - began
            # "unknown" is HiGHS not trusting a point it has; the certificate decides, as it does for "optimal"
            if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown):
                optimum = self._optimum(path, spent)
                if optimum.certificate.worst <= CERTIFIED:
                    self.basis = self.solver.getBasis()
                    return optimum
                said = f"no certified optimum: primal, dual and gap are {optimum.certificate}"
            elif status == highspy.HighsModelStatus.kInfeasible:
                said = "no point obeys every row and bound"
                if last is None:
                    raise Infeasible
            else:
                said = f"HiGHS stopped: {self.solver.modelStatusToString(status)}"
        raise SolverError(said)

    def _ladder(self, basis: Any) -> list[tuple[SolvePath, Any, dict[str, Any]]]:
        """What to try in turn. The last basis is feasible on the face of its stage, so going on from it by the
        primal simplex cannot lose that face to rounding, as presolve can.
        """
        hot: list[tuple[SolvePath, Any, dict[str, Any]]] = [] if basis is None else [("hot", basis, {})]
        on = [] if self.basis is None else [("primal", self.basis, {"simplex_strategy": PRIMAL})]
        looser = {"primal_feasibility_tolerance": LOOSER, "dual_feasibility_tolerance": LOOSER}
        rest = [
            ("cold", None, {"presolve": "off"}),
            ("cold", None, looser),
            *((path, start, looser | more) for path, start, more in on),
            ("interior_point", None, {"solver": "ipm"} | looser),
        ]
        return [*hot, ("cold", None, {}), *on, *rest]  # type: ignore[list-item]

    def _run(self, start: Any, options: dict[str, Any]) -> Any:
        """Run from a basis or from scratch with some options for this run alone; the status it ends with."""
        _check(self.solver.clearSolver(), "a fresh start")
        if start is not None:
            _check(self.solver.setBasis(start), "the starting basis")
        for name, value in options.items():
            _check(self.solver.setOptionValue(name, value), f"the option {name}")
        ran = self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.solver.setOptionValue("presolve", "off")
            ran = self.solver.run()
            self.solver.setOptionValue("presolve", "choose")
            status = self.solver.getModelStatus()
        for name in options:
            self.solver.setOptionValue(name, OPTIONS[name])
        return status if ran != highspy.HighsStatus.kError else highspy.HighsModelStatus.kSolveError

    def _optimum(self, path: SolvePath, seconds: float) -> Optimum:
        solution = self.solver.getSolution()
        x = np.asarray(solution.col_value, dtype=float)
        y = np.asarray(solution.row_dual, dtype=float)
        d = self.cost - self.transposed @ y
        return Optimum(x, y, d, float(self.cost @ x), self._certify(x, y, d), path, seconds)

    def _certify(self, x: Floats, y: Floats, d: Floats) -> Certificate:
        return certify(
            self.by_row, self.cost, self.lower, self.upper, self.row_lower, self.row_upper, x, y, d
        )
