"""Policy: the cuts of every year's end, made denser where walks through the years lead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.futures.cuts import Cuts
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.year_programs import Outcome, YearPrograms
from waterflow.futures.years import Years

__all__ = ["Policy", "Visit"]

Floats = NDArray[np.float64]

#: years of one walk where years have no end
WALK = 10
#: cuts between two clearings of what no state needs, and how many of the latest are always kept
CLEARED_EVERY, LATEST = 60, 20


@dataclass(frozen=True)
class Visit:
    """A state and what was found there: every member's outcome, the value of each class and how far it lies above the cuts."""

    storages: Floats
    outcomes: list[Outcome]
    values: Floats
    above: Floats


class Policy:
    """Year programs one after the other and the cuts between them.

    Parameters
    ----------
    stages : list of YearPrograms
        One a year; a single one that follows itself where years have no end.
    cuts : list of Cuts
        Of each stage's beginning.
    years : Years
    lowest, full : arrays (reservoirs,), Mm3
    discount : float
        A cost a year later counts less by this share.
    risk : RiskMeasure
    pool : ThreadPoolExecutor
    rng : Generator
    """

    def __init__(
        self,
        stages: list[YearPrograms],
        cuts: list[Cuts],
        years: Years,
        bounds: tuple[Floats, Floats],
        discount: float,
        risk: RiskMeasure,
        pool: ThreadPoolExecutor,
        rng: np.random.Generator,
    ) -> None:
        self.stages, self.cuts, self.years, self.risk, self.pool, self.rng = stages, cuts, years, risk, pool, rng
        self.lowest, self.full = bounds
        self.kept = 1.0 / (1.0 + discount)
        self.endless = len(stages) == 1 and stages[0].weight > 0
        self.since_clearing = 0
        #: where the last walk ended: storages and class
        self.last: tuple[Floats, int] = (self.lowest, 0)
        for stage, programs in enumerate(stages):
            programs.follow(self._after(stage), years.classes)

    def _after(self, stage: int) -> Cuts:
        """Cuts of what comes after a stage; nothing comes after the last."""
        if self.endless:
            return self.cuts[0]
        return self.cuts[stage + 1] if stage + 1 < len(self.cuts) else Cuts(self.cuts[0].classes, self.cuts[0].reservoirs, 0.0)

    def walk(self, storages: Floats, year_class: int, length: int) -> list[tuple[int, Floats, int]]:
        """Follow the policy through drawn years: stage, storages and class at the beginning of each."""
        steps = [(0, storages, year_class)]
        for k in range(length - 1):
            stage, held, past = steps[-1]
            member = int(self.rng.choice(len(self.years.names), p=self.years.chances[past]))
            found = self.stages[stage].solve(member, held)
            steps.append((0 if self.endless else k + 1, self._inside(found.closing), int(self.years.classes[member])))
        return steps

    def _inside(self, storages: Floats) -> Floats:
        return np.clip(storages, self.lowest, self.full)

    def visit(self, stage: int, storages: Floats) -> Visit:
        """Solve every member from a state."""
        outcomes = self.stages[stage].every(storages, self.pool)
        costs = np.array([o.whole for o in outcomes])
        weights = np.array([self.risk.probabilities(usual, costs) for usual in self.years.chances])
        values = weights @ costs
        return Visit(storages, outcomes, values, values - self.cuts[stage].at(storages))

    def learn(self, stage: int, storages: Floats) -> Visit:
        """Visit a state and add the plane found there."""
        found = self.visit(stage, storages)
        costs = np.array([o.whole for o in found.outcomes])
        slopes = np.array([o.slope for o in found.outcomes])
        weights = np.array([self.risk.probabilities(usual, costs) for usual in self.years.chances])
        self.cuts[stage].add(found.values, weights @ slopes, storages)
        if self.endless or stage:
            self.stages[0 if self.endless else stage - 1].added()
        return found

    def sweep(self, start: tuple[Floats, int]) -> list[Visit]:
        """One walk forward, and its states visited from the last to the first."""
        steps = self.walk(*start, WALK if self.endless else len(self.stages))
        found = [self.learn(stage, storages) for stage, storages, _ in reversed(steps)]
        self.last = steps[-1][1], steps[-1][2]
        self.since_clearing += len(steps)
        if self.since_clearing >= CLEARED_EVERY * len(self.cuts):
            self._clear()
        return found

    def _clear(self) -> None:
        """Drop the cuts that no visited state needs."""
        self.since_clearing = 0
        for stage, cuts in enumerate(self.cuts):
            idle = cuts.dominated(LATEST)
            if len(idle):
                cuts.drop(idle)
                if self.endless or stage:
                    self.stages[0 if self.endless else stage - 1].follow(cuts, self.years.classes)

    def above(self, start: tuple[Floats, int]) -> float:
        r"""One draw of what the policy costs above the cuts at its start: the sum of what each visited state lies above its own.

        .. math:: V^\pi(S_0) - V(S_0) = E \sum_t \gamma^t \left( \sum_y p(y \mid k_t) q_y(S_t) - V_{k_t}(S_t) \right)

        since the costs of a policy telescope. Without an end one year is drawn, t with probability
        :math:`(1-\gamma)\gamma^t`, and stands for all.
        """
        if self.endless:
            length = int(self.rng.geometric(1 - self.kept))
            stage, storages, past = self.walk(*start, length)[-1]
            return float(self.visit(stage, storages).above[past]) / (1 - self.kept)
        steps = self.walk(*start, len(self.stages))
        return sum(self.kept**t * float(self.visit(stage, storages).above[past]) for t, (stage, storages, past) in enumerate(steps))
