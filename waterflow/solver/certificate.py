"""Certificate: is a point optimal? Primal, dual and gap, recomputed in numpy without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CERTIFIED", "Certificate", "certify"]

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


def _violation(value: Floats, lower: Floats, upper: Floats) -> float:
    scale = np.maximum(1.0, np.abs(value))
    below = np.where(np.isfinite(lower), lower - value, 0.0)
    above = np.where(np.isfinite(upper), value - upper, 0.0)
    return float(np.max(np.maximum(below, above) / scale, initial=0.0))


def _dual_side(prices: Floats, lower: Floats, upper: Floats) -> tuple[float, Floats]:
    side = np.where(prices > 0, lower, upper)
    bounded = np.isfinite(side)
    return float(prices[bounded] @ side[bounded]), np.where(bounded, 0.0, np.abs(prices))


def certify(
    by_row: Any,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
    x: Floats,
    y: Floats,
    d: Floats,
) -> Certificate:
    r"""Certify x, with row duals y and reduced costs d = cost - A'y, as a minimum.

    Parameters
    ----------
    by_row : csr_array (rows, columns)
    cost, lower, upper, x, d : arrays (columns,)
    row_lower, row_upper, y : arrays (rows,)

    Returns
    -------
    Certificate
        primal: largest violation of a row or bound over max(1, |value|). dual: largest price that
        points at an infinite bound over max(1, |cost|). gap: difference of the primal and the dual
        objective over max(1, |objective|) (weak duality of linear programming: a gap of zero with
        both residuals zero proves the optimum).
    """
    primal = max(_violation(x, lower, upper), _violation(by_row @ x, row_lower, row_upper))
    from_rows, loose_rows = _dual_side(y, row_lower, row_upper)
    from_columns, loose_columns = _dual_side(d, lower, upper)
    dual = max(
        float(np.max(loose_rows, initial=0.0)),
        float(np.max(loose_columns / np.maximum(1.0, np.abs(cost)), initial=0.0)),
    )
    value = float(cost @ x)
    return Certificate(primal, dual, abs(value - from_rows - from_columns) / max(1.0, abs(value)))
