"""Elastic programs: rules that may give way at a price, others kept or left out; the laws stay as they are.

The least sum of what rules give way, each in shares of its own figure, is one linear program. If it is nothing, the
rules can hold together. If not, the duals name a part of them that already cannot (Farkas 1902; Chinneck,
Feasibility and Infeasibility in Optimization, 2008, ch. 6): rules without a dual take no part in the proof.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array

from waterflow.solver.face import NONZERO_PRICE, Face
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.rules import Rule

__all__ = ["CLASH", "Elastic", "Trial"]

Floats = NDArray[np.float64]
#: rules clash if they must give way by more than this, as a sum of shares of their figures
CLASH = 1e-9


@dataclass(frozen=True)
class Trial:
    """What some rules must give way.

    Attributes
    ----------
    total : float
        The least sum of shares of the rules' own figures.
    given : dict of float
        What each elastic rule gives way, in its unit.
    core : tuple of Rule
        Rules, elastic and hard, that cannot hold together, if ``clashes``.
    eased : array (rows,)
        How far each row gives way; after those of the program stand the bounds of works.
    """

    total: float
    given: dict[Rule, float]
    core: tuple[Rule, ...]
    eased: Floats

    @property
    def clashes(self) -> bool:
        """True if the rules cannot hold together."""
        return self.total > CLASH


class Elastic:
    """The rows and bounds of a program with room in every rule.

    Parameters
    ----------
    polyhedron : Polyhedron
        Rows and bounds, those of the rules included.
    rules : sequence of Rule
    """

    def __init__(self, polyhedron: Polyhedron, rules: Sequence[Rule]) -> None:
        self.rules, self.trials = tuple(rules), 0
        rows, width = polyhedron.matrix.shape
        lower, upper = polyhedron.lower.copy(), polyhedron.upper.copy()
        extra: list[tuple[int, float, float]] = []
        #: the rows that hold each rule
        self.rows: dict[Rule, NDArray[np.intp]] = {}
        for rule in self.rules:
            taken = range(rows + len(extra), rows + len(extra) + len(rule.columns))
            self.rows[rule] = np.array([*rule.rows, *taken], dtype=np.intp)
            extra += [(int(c), -np.inf, upper[c]) if rule.upper else (int(c), lower[c], np.inf) for c in rule.columns]
        for rule in self.rules:
            if rule.upper:
                upper[rule.columns] = np.inf
            else:
                lower[rule.columns] = np.minimum(lower[rule.columns], 0.0)
        chosen = coo_array((np.ones(len(extra)), (range(len(extra)), [c for c, *_ in extra])), shape=(len(extra), width))
        self.row_lower = np.concatenate([polyhedron.row_lower, [low for _, low, _ in extra]])
        self.row_upper = np.concatenate([polyhedron.row_upper, [high for *_, high in extra]])
        self.lower, self.upper, self.width = lower, upper, width
        self.slack, room = self._room(rows + len(extra))
        self.matrix = csc_array(block_array([[block_array([[polyhedron.matrix], [chosen]]), room]], format="csc"))

    def _room(self, count: int) -> tuple[dict[Rule, NDArray[np.intp]], csc_array]:
        """Slack columns of each rule, and where they stand: up where a row has a lower side, down where an upper one."""
        rows: list[int] = []
        signs: list[float] = []
        slack = {}
        for rule in self.rules:
            first = len(rows)
            for row in self.rows[rule]:
                for sign, side in ((1.0, self.row_lower[row]), (-1.0, self.row_upper[row])):
                    if np.isfinite(side):
                        rows.append(int(row))
                        signs.append(sign)
            slack[rule] = np.arange(self.width + first, self.width + len(rows), dtype=np.intp)
        self.slacks, self.slack_rows = len(rows), np.array(rows, dtype=np.intp)
        return slack, csc_array((signs, (rows, range(len(rows)))), shape=(count, len(rows)))

    def trial(self, elastic: Collection[Rule], hard: Collection[Rule] = ()) -> Trial:
        """What the elastic rules must give way so that the hard ones hold; all others are left out.

        Raises
        ------
        Infeasible
            If the hard rules and the laws alone leave no plan.
        """
        self.trials += 1
        row_lower, row_upper = self.row_lower.copy(), self.row_upper.copy()
        most, cost = np.zeros(self.slacks), np.zeros(self.width + self.slacks)
        soft = set(elastic)
        kept = soft | set(hard)
        for rule in self.rules:
            if rule not in kept:
                row_lower[self.rows[rule]], row_upper[self.rows[rule]] = -np.inf, np.inf
            if rule in soft:
                most[self.slack[rule] - self.width] = np.inf
                cost[self.slack[rule]] = 1.0 / (rule.figure or 1.0)
        scale = float(cost.max(initial=0.0)) or 1.0
        lower, upper = np.concatenate([self.lower, np.zeros(self.slacks)]), np.concatenate([self.upper, most])
        found = Face(Polyhedron(self.matrix, lower, upper, row_lower, row_upper)).least(cost / scale)
        priced = np.abs(found.row_duals) > NONZERO_PRICE
        return Trial(
            total=found.value * scale,
            given={rule: float(found.unknowns[self.slack[rule]].sum()) for rule in self.rules if rule in soft},
            core=tuple(rule for rule in self.rules if rule in kept and priced[self.rows[rule]].any()),
            eased=np.bincount(self.slack_rows, found.unknowns[self.width :], len(row_lower)).astype(float),
        )
