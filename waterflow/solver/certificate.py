"""Certificate: is a point optimal? Primal, dual and gap, recomputed in numpy without the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.solver.polyhedron import Polyhedron

__all__ = ["CERTIFIED", "Certificate", "certify", "inner"]

Floats = NDArray[np.float64]

#: the largest residual an optimum may have
CERTIFIED = 1e-7


@dataclass(frozen=True)
class Certificate:
    """Largest relative violations: of a row or bound, of dual feasibility, and the gap of the objectives."""

    primal: float
    dual: float
    gap: float

    @property
    def worst(self) -> float:
        """The largest of the three."""
        return max(self.primal, self.dual, self.gap)

    def __str__(self) -> str:
        """Three small numbers."""
        return f"{self.primal:.1e}, {self.dual:.1e}, {self.gap:.1e}"


def inner(a: Floats, b: Floats) -> float:
    """Inner product without BLAS, which would wake a thread on every core for it and round by their number."""
    return float((a * b).sum())


def _dual_side(prices: Floats, lower: Floats, upper: Floats) -> tuple[float, Floats]:
    side = np.where(prices > 0, lower, upper)
    bounded = np.isfinite(side)
    return inner(prices[bounded], side[bounded]), np.where(bounded, 0.0, np.abs(prices))


def certify(polyhedron: Polyhedron, cost: Floats, x: Floats, y: Floats) -> Certificate:
    r"""Certify x, with row duals y, as a minimum over a polyhedron.

    Parameters
    ----------
    polyhedron : Polyhedron
    cost, x : arrays (columns,)
    y : array (rows,)

    Returns
    -------
    Certificate
        primal: largest violation of a row or bound over max(1, |value|). dual: largest price that
        points at an infinite bound over max(1, |cost|). gap: difference of the primal and the dual
        objective over max(1, |objective|) (weak duality of linear programming: a gap of zero with
        both residuals zero proves the optimum).
    """
    p, d = polyhedron, cost - polyhedron.transposed @ y
    from_rows, loose_rows = _dual_side(y, p.row_lower, p.row_upper)
    from_columns, loose_columns = _dual_side(d, p.lower, p.upper)
    dual = max(
        float(np.max(loose_rows, initial=0.0)),
        float(np.max(loose_columns / np.maximum(1.0, np.abs(cost)), initial=0.0)),
    )
    value = inner(cost, x)
    gap = abs(value - from_rows - from_columns) / max(1.0, abs(value))
    return Certificate(p.violation(x, p.by_row @ x), dual, gap)
