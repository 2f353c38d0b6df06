r"""Tree stages: the order of priority, or the one sum, over all leaves of a tree at once.

Each stage minimises the mean over the leaves: of a cost, or of the largest share of a claim that is short in each leaf, round by
round as in one plan (`waterflow.solver.leximin`). With a risk measure a stage minimises that measure first and the mean among what
is left: part of it the CVaR as the program of Rockafellar and Uryasev (2000),
:math:`\min_\eta \eta + \sum_l p_l (v_l - \eta)^+ / \text{tail}`, or the largest regret
:math:`\max_l (v_l - v_l^*)` against a plan that foresees the leaf (Savage, 1951).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import SolverError
from waterflow.formulation.objective import StagePlan
from waterflow.futures.extensive import Extensive
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.tree_layout import Layout
from waterflow.progress import each
from waterflow.solver.certificate import Certificate
from waterflow.solver.face import NONZERO_PRICE, Face, Optimum
from waterflow.solver.leximin import NOTHING
from waterflow.solver.priorities import LATER_STAGE, MEAN_SHORTAGE, unique_weights
from waterflow.words.catalogue import say

__all__ = ["Regret", "TreeStage", "solve_tree"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: rows of a program from which on it is begun by the interior point method with crossover (measured on a shipped river)
LARGE = 50_000
#: the expression that counts money
MONEY = "net_cost"
#: how a stage's measure is called beside the stage
RISK, REGRET = "risk", "regret"


@dataclass(frozen=True)
class Regret:
    """The largest regret is minimised: what each leaf would reach by foresight, by stage, (leaves,)."""

    foreseen: Mapping[str, Floats]


@dataclass(frozen=True)
class TreeStage:
    """One solved stage.

    ``value`` is the mean, or the risk measure or the largest regret where ``measure`` says so; ``by_leaf`` what each leaf reaches.
    """

    name: str
    measure: str
    sense: str
    unit: str
    value: float
    by_leaf: Floats
    certificate: Certificate
    seconds: float


@dataclass(frozen=True)
class _Claims:
    """Claims of one stage in all leaves: the leaf of each, its amount and its row; the share of each leaf."""

    leaf: Positions
    amounts: Floats
    rows: Positions
    taken: Positions
    shares: Positions


class _TreeStages:
    """The stages over a tree."""

    def __init__(self, tree: Extensive, measure: RiskMeasure | Regret) -> None:
        self.tree, self.measure = tree, measure
        self.probability = np.array([leaf.probability for leaf in tree.leaves])
        self.plans = _in_order([leaf.ready.plans for leaf in tree.leaves])
        self.layout = Layout(tree.width, tree.matrix.shape[0])
        self.claims: dict[str, _Claims] = {}
        self.values: dict[str, tuple[list[tuple[Positions, Floats]], Floats, float]] = {}
        self.measures: dict[str, Floats] = {}
        whole = tree.polyhedron
        for name in self.plans:
            self._claim(name)
        for name, plan in self.plans.items():
            if plan.expression == MONEY or name in self.claims:
                self._lay_measure(name)
        self.face = Face(self.layout.polyhedron(whole))

    def _claim(self, name: str) -> None:
        """A row for each claim of a stage in each leaf, ``amount share - shortfall >= 0``."""
        leaf, amounts, taken = [], [], []
        for k, own in enumerate(self.tree.leaves):
            for claim in next((plan.claims for plan in own.ready.plans if plan.name == name), ()):
                leaf.append(k)
                amounts.append(claim.amount)
                taken.append(own.columns[own.ready.program.unknowns[claim.unknown].position[claim.index]])
        if not any(amounts):
            return
        of_leaf, amount, columns = np.array(leaf, dtype=np.intp), np.array(amounts, dtype=float), np.array(taken, dtype=np.intp)
        shares = self.layout.columns(len(self.tree.leaves))
        every = np.arange(len(amount))
        rows = self.layout.rows([(every, shares[of_leaf], amount), (every, columns, -np.ones(len(amount)))], np.zeros(len(amount)))
        self.claims[name] = _Claims(of_leaf, amount, rows, columns, shares)

    def _terms(self, name: str) -> tuple[list[tuple[Positions, Floats]], Floats, float]:
        """What a stage is in each leaf: columns and coefficients, a constant, (leaves,), and the scale both are divided by."""
        if name not in self.values:
            if name in self.claims:
                shares = self.claims[name].shares
                self.values[name] = [(shares[k : k + 1], np.ones(1)) for k in range(len(shares))], np.zeros(len(shares)), 1.0
            else:
                costs = [leaf.ready.program.costs[MONEY] for leaf in self.tree.leaves]
                scale = max(float(np.abs(cost).max(initial=0.0)) for cost, _ in costs) or 1.0
                there = [np.flatnonzero(cost) for cost, _ in costs]
                terms = [(leaf.columns[at], cost[at] / scale) for leaf, (cost, _), at in zip(self.tree.leaves, costs, there, strict=True)]
                self.values[name] = terms, np.array([constant for _, constant in costs]) / scale, scale
        return self.values[name]

    def _lay_measure(self, name: str) -> None:
        """Rows and columns of a stage's measure, and the cost that minimises it."""
        if isinstance(self.measure, RiskMeasure) and not self.measure.weight:
            return
        terms, constants, scale = self._terms(name)
        every = np.arange(len(terms))
        own = [(np.full(len(columns), k), columns, -values) for k, (columns, values) in enumerate(terms)]
        if isinstance(self.measure, Regret):
            most = self.layout.columns(1, -np.inf)
            beyond = constants - self.measure.foreseen[name] / scale
            self.layout.rows([*own, (every, np.repeat(most, len(every)), np.ones(len(every)))], beyond)
            self.measures[name] = np.array([[most[0], 1.0]])
            return
        weight, tail = self.measure.weight, self.measure.tail
        quantile, above = self.layout.columns(1, -np.inf), self.layout.columns(len(every))
        parts = [*own, (every, np.repeat(quantile, len(every)), np.ones(len(every))), (every, above, np.ones(len(every)))]
        self.layout.rows(parts, constants)
        mean = [
            (c, (1 - weight) * p * v)
            for (columns, values), p in zip(terms, self.probability, strict=True)
            for c, v in zip(columns, values, strict=True)
        ]
        tails = zip(above, weight * self.probability / tail, strict=True)
        self.measures[name] = np.array([(quantile[0], weight), *tails, *(mean if weight < 1 else ())])

    def _cost(self, pairs: Floats) -> Floats:
        """A cost from pairs of column and coefficient; those of one column add up."""
        cost = np.zeros(self.face.polyhedron.matrix.shape[1])
        np.add.at(cost, pairs[:, 0].astype(np.intp), pairs[:, 1])
        return cost

    def approach(self) -> None:
        """Stand near the sum of all stages."""
        cost, weight = np.zeros(self.face.polyhedron.matrix.shape[1]), 1.0
        for name, plan in self.plans.items():
            if name in self.claims:
                found = self.claims[name]
                cost[found.shares] += weight * self.probability * found.amounts.max()
                np.add.at(cost, found.taken, weight * MEAN_SHORTAGE * self.probability[found.leaf])
            elif plan.expression == MONEY:
                # without the closing stages: from there they take little, and with them four times as long
                cost[: self.tree.width] += weight * self._scaled(plan)[0]
            weight *= LATER_STAGE
        options = {"solver": "ipm"} if self.face.polyhedron.matrix.shape[0] > LARGE else {}
        self.face.approach(None, cost, **options)

    def _scaled(self, plan: StagePlan) -> tuple[Floats, float, float]:
        """The mean of a stage without claims over the leaves, its largest entry one; the scale; the constant."""
        costs = [
            (unique_weights(leaf.ready.program), 0.0) if not plan.expression else leaf.ready.program.costs[plan.expression]
            for leaf in self.tree.leaves
        ]
        mean = self.tree.expected([cost for cost, _ in costs])
        scale = float(np.abs(mean).max(initial=0.0)) or 1.0
        return mean / scale, scale, float(self.probability @ np.array([constant for _, constant in costs]))

    def solve(self) -> Iterator[TreeStage]:
        """The stages in order, each kept by the next."""
        for plan in each(list(self.plans.values())):
            if plan.name in self.measures:
                yield self._measured(plan)
            if plan.name in self.claims:
                yield from self._leximin(plan)
            elif not plan.claims:
                cost, scale, constant = self._scaled(plan)
                optimum = self.face.least(self._padded(cost))
                yield self._stage(plan, plan.name, "mean", optimum, optimum.value * scale + constant, self._by_leaf(plan, optimum.unknowns))

    def _padded(self, cost: Floats) -> Floats:
        return np.append(cost, np.zeros(self.face.polyhedron.matrix.shape[1] - len(cost)))

    def _by_leaf(self, plan: StagePlan, x: Floats) -> Floats:
        """What a stage without claims is in each leaf."""
        found = []
        for leaf in self.tree.leaves:
            program = leaf.ready.program
            cost, constant = program.costs[plan.expression] if plan.expression else (unique_weights(program), 0.0)
            found.append(float((cost * x[leaf.columns]).sum()) + constant)
        return np.array(found)

    def _measured(self, plan: StagePlan) -> TreeStage:
        """Minimise a stage's measure."""
        cost = self._cost(self.measures[plan.name])
        size = float(np.abs(cost).max())
        optimum = self.face.least(cost / size)
        terms, constants, scale = self._terms(plan.name)
        x = optimum.unknowns
        by_leaf = scale * (np.array([float((values * x[columns]).sum()) for columns, values in terms]) + constants)
        if isinstance(self.measure, Regret):
            kind, value = REGRET, optimum.value * size * scale
        else:
            constant = (1 - self.measure.weight) * float(self.probability @ constants)
            kind, value = RISK, scale * (optimum.value * size + constant)
        return self._stage(plan, plan.name, kind, optimum, value, by_leaf)

    def _leximin(self, plan: StagePlan) -> Iterator[TreeStage]:
        """The mean of the leaves' largest shares, round by round; the claims that have a price in a round are settled."""
        claims, left = self.claims[plan.name], np.arange(len(self.claims[plan.name].amounts))
        shares, taken = claims.shares.copy(), np.zeros(len(self.probability))
        first, k = claims.shares, 0
        while claims.amounts[left].any():
            present = np.unique(claims.leaf[left])
            if k:
                place = np.searchsorted(present, claims.leaf[left])
                begin, order = self.face.polyhedron.matrix.shape[1], np.argsort(place, kind="stable")
                self.face.widen(claims.rows[left][order], -claims.amounts[left][order], place[order])
                shares = np.full(len(self.probability), -1)
                shares[present] = begin + np.arange(len(present))
            size = float(claims.amounts[left].max()) / self.probability[present].max()
            cost = np.zeros(self.face.polyhedron.matrix.shape[1])
            cost[shares[present]] = (-size if k else size) * self.probability[present]
            optimum = self.face.least(cost)
            if k:
                taken[present] += optimum.unknowns[shares[present]]
            reached = optimum.unknowns[first] - taken
            done = (optimum.row_duals[claims.rows[left]] > NONZERO_PRICE) | (reached[claims.leaf[left]] <= NOTHING)
            name = plan.name if not k else f"{plan.name}/{k + 1}"
            settled = self._reached(claims, left, reached)
            yield self._stage(plan, name, "mean", optimum, float(self.probability @ settled), settled)
            if not done.any():
                message = say("no claim is at the largest shortage")
                raise SolverError(message)
            left, k = left[~done], k + 1

    def _reached(self, claims: _Claims, left: Positions, reached: Floats) -> Floats:
        """The largest share of the claims of each leaf that were left, zero where none was."""
        there = np.zeros(len(self.probability), dtype=bool)
        there[claims.leaf[left]] = True
        return np.where(there, reached, 0.0)

    def _stage(self, plan: StagePlan, name: str, measure: str, optimum: Optimum, value: float, by_leaf: Floats) -> TreeStage:
        sign = -1.0 if plan.sense == "maximise" else 1.0
        told = sign * value + 0.0 if measure != REGRET else value
        return TreeStage(name, measure, plan.sense, plan.unit, told, sign * by_leaf + 0.0, optimum.certificate, optimum.seconds)


def _in_order(plans: Sequence[Sequence[StagePlan]]) -> dict[str, StagePlan]:
    """The stages of all leaves by name, in the order they share."""
    longest = max(plans, key=len)
    found = {plan.name: plan for plan in longest}
    for own in plans:
        for before, plan in zip([None, *own], own, strict=False):
            if plan.name not in found:
                names = list(found)
                names.insert(names.index(before.name) + 1 if before else 0, plan.name)
                found = {name: found.get(name, plan) for name in names}
    return found


def solve_tree(tree: Extensive, measure: RiskMeasure | Regret) -> tuple[tuple[TreeStage, ...], Floats]:
    """Solve the stages over a tree.

    Parameters
    ----------
    tree : Extensive
    measure : RiskMeasure or Regret

    Returns
    -------
    (stages, point)
        The stages in order, each certified, and the unknowns of the tree at the end, (unknowns,).

    Raises
    ------
    Infeasible
        If no plan obeys the programs of all leaves.
    SolverError
        If a stage is unbounded or cannot be certified.
    """
    stages = _TreeStages(tree, measure)
    stages.approach()
    found = tuple(stages.solve())
    return found, stages.face.x[: tree.width]
