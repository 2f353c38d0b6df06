r"""Risk measure: the mean, and part of it the mean of the worst.

.. math:: \rho(Z) = (1 - \lambda)\, E[Z] + \lambda\, \mathrm{CVaR}_{\alpha}[Z]

with CVaR as the mean of the costs in the worst share 1 - alpha (Rockafellar and Uryasev, 2000); nested from year to year it stays
coherent (Shapiro, 2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["RiskMeasure"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RiskMeasure:
    """How much of the mean is that of the worst cases.

    Attributes
    ----------
    weight : float
        Of the CVaR, 0 to 1; 0 is the mean alone.
    tail : float
        The worst share of cases that CVaR is the mean of, above 0, at most 1.
    """

    weight: float = 0.0
    tail: float = 0.1

    def require_valid(self) -> None:
        """Raise an `InputError` if a figure is no share."""
        problems = []
        if not 0 <= self.weight <= 1:
            problems.append(Problem("not-a-number", "risk: weight", f"{self.weight:g}", say("between 0 and 1")))
        if not 0 < self.tail <= 1:
            problems.append(Problem("not-a-number", "risk: tail", f"{self.tail:g}", say("above 0, at most 1")))
        if problems:
            raise InputError(problems)

    def probabilities(self, usual: Floats, costs: Floats) -> Floats:
        """Probabilities under which the mean of the costs is the measure, (cases,)."""
        if not self.weight:
            return usual
        order = np.argsort(-costs, kind="stable")
        filled = np.minimum(np.cumsum(usual[order]), self.tail)
        worst = np.empty_like(usual)
        worst[order] = np.diff(filled, prepend=0.0) / self.tail
        result: Floats = (1 - self.weight) * usual + self.weight * worst
        return result
