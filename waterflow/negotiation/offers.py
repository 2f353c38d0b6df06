r"""Offers: who would sign an agreement at some figures, and which figures and payments all would sign.

An offer is judged by what parties do when they are bound by it: down the river, each for itself, as without a deal, the clauses being
rules. A party signs if it has at least what it has without a deal at low, central and high values, payments counted. Payments exist that
let all sign if and only if what the parties need together is not above zero,

.. math:: \sum_i \max_L (f_i^L - u_i^L(z)) \le 0

with payoffs u under the figures z and f without a deal at the levels of values L; what is left of it is shared equally.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from waterflow.basin.basin import Basin
from waterflow.basin.values import LEVELS, Level
from waterflow.errors import ConflictError
from waterflow.loading.offers import Offered, OpenFigure
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.no_deal import Outcome, table_of
from waterflow.progress import part

__all__ = ["Judged", "Package", "Search", "package"]

Figures = Mapping[str, float]
Payoffs = Mapping[Level, Mapping[str, float]]
#: points at which a figure is first tried between its bounds, and how often the step is halved around the best
FIRST, HALVED = 5, 2
#: halvings of the way from the parties' offers to the best figures
NEARER = 6
#: a party signs if it is short by no more than this, million USD
SIGNS = 1e-3


@dataclass(frozen=True)
class Judged:
    """Figures that were judged.

    Attributes
    ----------
    figures : dict of float
        By row.
    outcomes : dict of Outcome or None
        What parties do when bound by them, by level of values; None where no plan obeys them.
    needs : dict of float
        What each party must be paid to sign at every level, million USD; below 0 it can pay.
    """

    figures: Figures
    outcomes: Mapping[Level, Outcome] | None
    needs: Mapping[str, float]

    @property
    def surplus(self) -> float:
        """What is left to share when all have what they need, million USD; below 0 no payments let all sign."""
        return -sum(self.needs.values()) if self.outcomes else -np.inf

    def receipts(self) -> dict[str, float]:
        """What each party is paid where the surplus is shared equally, million USD."""
        each = self.surplus / len(self.needs)
        return {party: need + each for party, need in self.needs.items()}


@dataclass(frozen=True)
class Package:
    """What was found.

    Attributes
    ----------
    alone : dict of Outcome
        Without a deal, by level of values.
    offered : tuple of Judged
        At the figures of each offer, in order.
    best : Judged
        With the largest surplus.
    nearest : Judged or None
        On the way from the mean of the offers to the best, the first that payments let all sign; None where none does, or
        nothing was offered.
    matters : dict of float
        How much the surplus moves along each open figure through the best, million USD.
    """

    alone: Mapping[Level, Outcome]
    offered: tuple[Judged, ...]
    best: Judged
    nearest: Judged | None
    matters: Mapping[str, float]

    def gains(self, judged: Judged, receipts: Mapping[str, float]) -> dict[Level, dict[str, float]]:
        """What each party has above no deal at each level, payments counted."""
        if judged.outcomes is None:
            return {}
        return {
            level: {p: x.payoffs[p] - self.alone[level].payoffs[p] + receipts.get(p, 0.0) for p in judged.needs}
            for level, x in judged.outcomes.items()
        }


class Search:
    """Figures being judged, each once.

    Parameters
    ----------
    basin : Basin
        Under the agreement.
    keep_targets : bool
    """

    def __init__(self, basin: Basin, *, keep_targets: bool = True) -> None:
        self.basin, self.keep_targets = basin, keep_targets
        self.alone = {level: Joint(table_of(basin.at_level(level)), keep_targets=keep_targets).alone() for level in LEVELS}
        self.known: dict[tuple[float, ...], Judged] = {}
        self.joint: dict[Level, Joint] = {}
        self.last: dict[Level, Outcome] = {}

    def _outcome(self, basin: Basin, level: Level) -> Outcome:
        """What parties do when bound by the agreement, each solve going on from the one before."""
        table = table_of(basin.at_level(level), bound=True)
        if level not in self.joint or self.joint[level].table.program.matrix is not table.program.matrix:
            self.joint[level] = Joint(table, keep_targets=self.keep_targets)
        self.last[level] = self.joint[level].at(table).alone(self.last.get(level))
        return self.last[level]

    def judge(self, figures: Figures) -> Judged:
        """What comes of some figures."""
        key = tuple(round(v, 6) for v in figures.values())
        if key not in self.known:
            asked = self.basin.changed(clause_figure=dict(figures))
            try:
                found = {level: self._outcome(asked, level) for level in LEVELS}
            except ConflictError:
                self.known[key] = Judged(dict(figures), None, dict.fromkeys(self.basin.parties, 0.0))
            else:
                needs = {p: max(self.alone[x].payoffs[p] - found[x].payoffs[p] for x in LEVELS) for p in self.basin.parties}
                self.known[key] = Judged(dict(figures), found, needs)
        return self.known[key]

    def best(self, opened: Sequence[OpenFigure], start: Figures) -> Judged:
        """The figures with the largest surplus: each tried between its bounds in turn, then around the best in ever smaller steps."""
        found = self.judge(start)
        for opening in opened:
            step = (opening.high - opening.low) / (FIRST - 1)
            for value in np.linspace(opening.low, opening.high, FIRST):
                found = self._better(found, opening.row, float(value))
            for _ in range(HALVED):
                step /= 2
                at = found.figures[opening.row]
                for value in (at - step, at + step):
                    if opening.low <= value <= opening.high:
                        found = self._better(found, opening.row, value)
        return found

    def _better(self, found: Judged, row: str, value: float) -> Judged:
        other = self.judge({**found.figures, row: value})
        return other if other.surplus > found.surplus else found

    def nearest(self, offered: Figures, best: Judged) -> Judged | None:
        """On the way from the offers to the best figures, the first that all can sign; None where none can."""
        if best.surplus < -SIGNS:
            return None
        if self.judge(offered).surplus >= -SIGNS:
            return self.judge(offered)
        short, enough = 0.0, 1.0
        for _ in range(NEARER):
            middle = (short + enough) / 2
            if self.judge(_between(offered, best.figures, middle)).surplus >= -SIGNS:
                enough = middle
            else:
                short = middle
        return self.judge(_between(offered, best.figures, enough))

    def matters(self, opened: Sequence[OpenFigure], best: Judged) -> dict[str, float]:
        """How much the surplus falls from the best to the worse end of each figure's bounds, where there is a plan at all."""
        found = {}
        for opening in opened:
            ends = [self.judge({**best.figures, opening.row: end}).surplus for end in (opening.low, opening.high)]
            found[opening.row] = best.surplus - min((x for x in ends if np.isfinite(x)), default=best.surplus)
        return found


def _between(one: Figures, other: Figures, share: float) -> dict[str, float]:
    return {row: (1 - share) * one[row] + share * other[row] for row in other}


def package(basin: Basin, opened: Sequence[OpenFigure], offers: Sequence[Offered] = (), *, keep_targets: bool = True) -> Package:
    """Judge offers, and look for figures and payments that all can sign.

    Parameters
    ----------
    basin : Basin
        Under the agreement whose figures are open.
    opened : sequence of OpenFigure
    offers : sequence of Offered
    keep_targets : bool

    Raises
    ------
    ConflictError
        If without a deal no plan obeys every hard rule.
    SolverError
        If a stage cannot be certified or a plan fails its audit.
    """
    with part(0.0, 0.3):
        search = Search(basin, keep_targets=keep_targets)
        offered = tuple(search.judge({x.row: offer.figures[x.row] for x in opened}) for offer in offers)
    usual = {x.row: float(np.mean([o.figures[x.row] for o in offers])) if offers else (x.low + x.high) / 2 for x in opened}
    with part(0.3, 0.8):
        best = search.best(opened, usual)
    with part(0.8, 1.0):
        nearest = search.nearest(usual, best) if offers else None
        return Package(search.alone, offered, best, nearest, search.matters(opened, best))
