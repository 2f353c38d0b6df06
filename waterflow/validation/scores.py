r"""Scores of a simulated series against an observed one.

.. math::

    \mathrm{bias} = \frac{\sum (s - o)}{\sum o}, \quad
    \mathrm{NSE} = 1 - \frac{\sum (s - o)^2}{\sum (o - \bar o)^2}, \quad
    \mathrm{KGE} = 1 - \sqrt{(r - 1)^2 + (\sigma_s / \sigma_o - 1)^2 + (\bar s / \bar o - 1)^2}

Nash and Sutcliffe, J. Hydrology 10 (1970); Gupta, Kling, Yilmaz and Martinez, J. Hydrology 377 (2009).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from waterflow.accounts.fact import Fact

__all__ = ["Score", "score"]

Floats = NDArray[np.float64]
#: fewer pairs than this have no spread worth a score
FEWEST = 3


class Score(Fact):
    """Scores over the months in which both series are known; None where they are too few or do not vary.

    ``count`` months, ``observed`` mean, ``bias`` as a share of the observed sum, ``rmse`` in the series' unit.
    """

    count: int
    observed: float | None = None
    bias: float | None = None
    rmse: float | None = None
    nse: float | None = None
    kge: float | None = None


def score(observed: ArrayLike, simulated: ArrayLike) -> Score:
    """Score a simulated series against an observed one; pairs with a NaN are left out.

    Parameters
    ----------
    observed, simulated : arrays (months,)
    """
    o, s = (np.asarray(x, dtype=float) for x in (observed, simulated))
    known = np.isfinite(o) & np.isfinite(s)
    o, s = o[known], s[known]
    if not len(o):
        return Score(count=0)
    error, total = s - o, float(o.sum())
    bias = float(error.sum()) / total if total else None
    nse, kge = _fit(o, s) if len(o) >= FEWEST else (None, None)
    return Score(count=len(o), observed=float(o.mean()), bias=bias, rmse=float(np.sqrt((error**2).mean())), nse=nse, kge=kge)


def _fit(o: Floats, s: Floats) -> tuple[float | None, float | None]:
    """Nash-Sutcliffe and Kling-Gupta efficiency."""
    spread = float(o.std())
    if not spread:
        return None, None
    nse = 1.0 - float(((s - o) ** 2).sum()) / float(((o - o.mean()) ** 2).sum())
    if not s.std() or not o.mean():
        return nse, None
    r = float(np.corrcoef(o, s)[0, 1])
    return nse, 1.0 - float(np.sqrt((r - 1) ** 2 + (s.std() / spread - 1) ** 2 + (s.mean() / o.mean() - 1) ** 2))
