"""Face: one basis carries all stages. Each stage finds its optimum on the face of the stages before, and narrows it.

A column with a reduced cost, or a row with a dual, stands at its bound in every optimum: it is held there,
exactly. What remains is the face of all optima of all stages so far; it has no new row and buys nothing at
absurd prices, as an epsilon row would. A basis that is already best for the next stage too is recognised by
linear algebra alone; only a stage for which it is not calls HiGHS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import SolverError
from waterflow.solver.certificate import CERTIFIED, Certificate, certify, inner
from waterflow.solver.highs import Infeasible, Session
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.vertex import AT_LOWER, AT_UPPER, BASIC, FREE, Basis, Vertex
from waterflow.words.catalogue import say

__all__ = ["NONZERO_PRICE", "Face", "Optimum", "SolvePath"]

Floats = NDArray[np.float64]
#: how a stage found its optimum: the basis it stood at was already best, by the primal or dual simplex method
#: from there, from scratch, so without scaling or without presolve, or by the interior point method with crossover
SolvePath = Literal["same", "primal", "dual", "cold", "cold_unscaled", "cold_without_presolve", "interior_point"]

#: a price counts as nonzero above this, costs being scaled so that the largest is one
NONZERO_PRICE = 1e-10
#: a price of the wrong sign counts as rounding below this
WRONG_SIGN = 1e-9
#: a bound counts as kept if overstepped by no more than this, relative to max(1, |value|)
FEASIBLE = 1e-9
#: the dual simplex method from a basis prices by devex: exact steepest edges cost a solve for each row before the first step
#: (measured on a shipped river: half the time)
PRIMAL, DUAL = {"simplex_strategy": 4}, {"simplex_strategy": 1, "simplex_dual_edge_weight_strategy": 1}
#: where a weighted sum of all stages only says where to start: weight of a stage against the one before, at most, and
#: of the last against the first, at least; so few stages stand in strict order, and many near it
EACH_STAGE, LAST_STAGE = 0.1, 1e-10
#: costs are handed to HiGHS this much larger, so that its tolerance on prices lies below NONZERO_PRICE
COST_SCALE = 1e3


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


class Face:
    """The points that are best for every stage so far.

    Parameters
    ----------
    polyhedron : Polyhedron
        It is narrowed in place.
    """

    def __init__(self, polyhedron: Polyhedron) -> None:
        self.polyhedron = polyhedron
        self.whole = polyhedron.copy()
        self.session = Session()
        self.vertex: Vertex | None = None
        self.inside = False
        self.prices: list[tuple[Floats, Floats]] = []

    def approach(self, start: Vertex | None, cost: Floats, **options: Any) -> bool:
        """Find a point to start from: a vertex as it is, or the minimum of a cost near the sum of all stages.

        Where the search starts decides how long it takes, not what it finds: failing here is no failure. ``options`` are
        HiGHS's, for a search from scratch.

        Returns
        -------
        bool
            True if there is a point now.
        """
        try:
            if start is not None:
                self._stand(start)
            if not self.inside:
                self._search(cost, *((self.vertex.basis, DUAL) if self.vertex else (None, options)))
        except (SolverError, Infeasible):
            self.vertex = None
        return self.vertex is not None

    def _stand(self, vertex: Vertex) -> None:
        """Move to a vertex: its point, and whether it lies on the face."""
        self.vertex = vertex
        self._find(vertex)

    def _search(self, cost: Floats, start: Basis | None, options: Mapping[str, Any]) -> None:
        """Move to a minimum of a cost."""
        basis = self.session.minimise(self.polyhedron, COST_SCALE * cost, start, **options)
        self._stand(Vertex(self.polyhedron.matrix, basis))

    def _find(self, vertex: Vertex) -> None:
        """Find the point of a basis."""
        self.x, self.activity = vertex.point(self.polyhedron)
        self.inside = self.polyhedron.violation(self.x, self.activity) <= FEASIBLE

    def _best(self, duals: Floats, reduced: Floats) -> bool:
        """True if every price has the sign its bound asks for."""
        p, basis = self.polyhedron, self.vertex.basis  # type: ignore[union-attr]
        return _signs(basis.columns, reduced, p.lower < p.upper) and _signs(basis.rows, duals, p.row_lower < p.row_upper)

    def least(self, cost: Floats) -> Optimum:
        """Minimise ``cost @ x`` on the face and narrow the face to the optima.

        Parameters
        ----------
        cost : array (columns,)
            Scaled so that its largest entry is one.

        Raises
        ------
        Infeasible
            If nothing obeys the rows and bounds (first stage only).
        SolverError
            If the cost has no minimum, or no path leads to a certified one.
        """
        said, spent = say("nothing was tried"), 0.0
        for path, start, options in self._ladder():
            began = perf_counter()
            try:
                if path != "same":
                    self._search(cost, start, options)
            except SolverError as error:
                said = str(error)
                continue
            except Infeasible:
                said = say("no point obeys every row and bound")
                if path == "cold" and not self.prices:
                    raise
                continue
            finally:
                spent += perf_counter() - began
            optimum = self._optimum(cost, path, spent)
            if optimum is not None:
                self._narrow(optimum)
                return optimum
            said = say("no certified optimum")
        raise SolverError(said)

    def _ladder(self) -> Iterator[tuple[SolvePath, Basis | None, dict[str, Any]]]:
        """What to try in turn."""
        if self.vertex is not None:
            basis = self.vertex.basis
            if self.inside:
                yield "same", None, {}
                # what HiGHS keeps from the stage before helps, but may let it turn in circles: then the same basis afresh
                yield "primal", basis, PRIMAL | {"simplex_iteration_limit": max(1000, self.polyhedron.matrix.shape[0] // 4)}
                self.session.forget()
                yield "primal", basis, PRIMAL
            else:
                yield "dual", basis, DUAL
        yield "cold", None, {}
        # a point may keep its bounds in HiGHS's scaled rows and overstep them in ours
        yield "cold_unscaled", None, {"simplex_scale_strategy": 0}
        yield "cold_without_presolve", None, {"presolve": "off"}
        yield "interior_point", None, {"solver": "ipm"}

    def _optimum(self, cost: Floats, path: SolvePath, seconds: float) -> Optimum | None:
        """The present point as an optimum, or None if it is none."""
        if not self.inside or self.vertex is None:
            return None
        duals, reduced = self.vertex.prices(self.polyhedron.transposed, cost)
        if not self._best(duals, reduced):
            return None
        proof = certify(self.polyhedron, cost, self.x, duals)
        if proof.worst > CERTIFIED:
            return None
        return Optimum(self.x, duals, reduced, inner(cost, self.x), proof, path, seconds)

    def _narrow(self, optimum: Optimum) -> None:
        """Hold what has a price, and remember the prices, the typical one as one, for the sum that says where to start."""
        p = self.polyhedron
        duals = np.where((p.row_lower < p.row_upper) & (np.abs(optimum.row_duals) > NONZERO_PRICE), optimum.row_duals, 0.0)
        reduced = np.where((p.lower < p.upper) & (np.abs(optimum.reduced_costs) > NONZERO_PRICE), optimum.reduced_costs, 0.0)
        p.hold(reduced != 0.0, self.x, duals != 0.0, self.activity)
        sizes = np.abs(np.concatenate([duals[duals != 0.0], reduced[reduced != 0.0]]))
        typical = float(np.partition(sizes, len(sizes) // 2)[len(sizes) // 2]) if len(sizes) else 1.0
        self.prices.append((duals / typical, reduced / typical))

    @property
    def weighted_cost(self) -> Floats:
        """A cost for which the present basis is optimal, prices of early stages weighing more than of later ones."""
        rows, columns = self.polyhedron.matrix.shape
        duals, cost = np.zeros(rows), np.zeros(columns)
        step = min(EACH_STAGE, LAST_STAGE ** (1.0 / max(1, len(self.prices) - 1)))
        for k, (of_rows, of_columns) in enumerate(self.prices):
            duals += step**k * of_rows
            # columns that came later have no price in earlier stages
            cost[: len(of_columns)] += step**k * of_columns
        result: Floats = cost + self.polyhedron.transposed @ duals
        return result

    def widen(self, rows: NDArray[np.intp], values: Floats, columns: NDArray[np.intp] | None = None) -> None:
        """Add a column, zero or more, that stands in some rows, or several (``columns`` 0, 1, ...).

        They start at zero, so the point stays.
        """
        new = np.zeros(len(rows), dtype=np.intp) if columns is None else columns
        self.polyhedron = self.polyhedron.with_columns(rows, values, new)
        self.whole = self.whole.with_columns(rows, values, new)
        if self.vertex is not None:
            self.vertex = self.vertex.with_columns(self.polyhedron.matrix)
            self.x = np.append(self.x, np.zeros(int(new[-1]) + 1))

    def forbid(self, column: int) -> None:
        """Fix a column at zero."""
        for p in (self.polyhedron, self.whole):
            p.lower[column] = p.upper[column] = 0.0
        if self.vertex is not None:
            self._find(self.vertex)

    @property
    def basis(self) -> Basis:
        """Where every column and row stands with respect to the bounds of the whole polyhedron."""
        basis = self.vertex.basis  # type: ignore[union-attr]
        p, whole = self.polyhedron, self.whole
        return Basis(
            _sides(basis.columns, p.lower, p.upper, whole.lower, whole.upper),
            _sides(basis.rows, p.row_lower, p.row_upper, whole.row_lower, whole.row_upper),
        )


def _signs(status: NDArray[np.int8], price: Floats, loose: NDArray[np.bool_]) -> bool:
    wrong = ((status == AT_LOWER) & (price < -WRONG_SIGN)) | ((status == AT_UPPER) & (price > WRONG_SIGN))
    wrong |= (status == FREE) & (np.abs(price) > WRONG_SIGN)
    return not bool((wrong & loose).any())


def _sides(status: NDArray[np.int8], lower: Floats, upper: Floats, whole_lower: Floats, whole_upper: Floats) -> NDArray[np.int8]:
    """Statuses of what is held, told by the bound it is held at; the rest as it is."""
    held = (lower == upper) & (whole_lower < whole_upper) & (status != BASIC)
    side = np.where(lower == whole_upper, AT_UPPER, AT_LOWER).astype(np.int8)
    return np.where(held, side, status)
