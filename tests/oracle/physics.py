"""An allocation worked out a second time, from the physics alone: bare arrays, scipy, one program a question.

Nothing here knows the formulation or the solver of the package. A river is a plain dict of lists; water is
counted node by node and month by month. Columns: flow of each node's way out, storage, delivery.
"""

import numpy as np
from scipy.optimize import linprog

MONTHS = 4


def random_river(seed):
    """A tree of 3 to 8 nodes that drains to the sea; node k flows to some node after it, or to the sea (-1)."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 9))
    below = [int(rng.integers(k + 1, count)) if k < count - 1 else -1 for k in range(count)]
    nodes = []
    for k in range(count):
        dam, used = rng.random() < 0.4, rng.random() < 0.6 or k == count - 1
        full = float(rng.uniform(20, 120))
        nodes.append(
            {
                "below": below[k],
                "runoff": rng.uniform(0, 40, MONTHS) if k not in below or rng.random() < 0.3 else np.zeros(MONTHS),
                "full": full if dam else 0.0,
                "lowest": float(rng.uniform(0, 0.3)) * full if dam else 0.0,
                "opening": float(rng.uniform(0.3, 1)) * full if dam else 0.0,
                "need": rng.uniform(0, 30, MONTHS) if used else np.zeros(MONTHS),
                "value": rng.uniform(0.01, 1, MONTHS) if used else np.zeros(MONTHS),
                "kept": float(rng.uniform(0.6, 1)),
                "capacity": float(rng.uniform(30, 90)) if rng.random() < 0.3 and dam else np.inf,
            }
        )
    return nodes


def program(nodes):
    """Matrix and side of the balances (equal), and the bounds of flows, storages and deliveries."""
    n = len(nodes)

    def column(kind, k, t):
        return (kind * n + k) * MONTHS + t

    matrix, side = np.zeros((n * MONTHS, 3 * n * MONTHS)), np.zeros(n * MONTHS)
    for k, node in enumerate(nodes):
        for t in range(MONTHS):
            row = k * MONTHS + t
            matrix[row, column(0, k, t)] = 1
            matrix[row, column(1, k, t)] = 1
            matrix[row, column(2, k, t)] = 1
            side[row] = node["runoff"][t] + (node["opening"] if t == 0 else 0)
            if t:
                matrix[row, column(1, k, t - 1)] = -1
            if node["below"] >= 0:
                matrix[node["below"] * MONTHS + t, column(0, k, t)] = -node["kept"]
    bounds = [(0, node["capacity"]) for node in nodes for _ in range(MONTHS)]
    bounds += [(min(node["lowest"], node["opening"]), node["full"]) for node in nodes for _ in range(MONTHS)]
    bounds += [(0, need) for node in nodes for need in node["need"]]
    return matrix, side, bounds


def _solve(cost, matrix, side, bounds, above=None, least=None):
    found = linprog(cost, A_ub=above, b_ub=least, A_eq=matrix, b_eq=side, bounds=bounds, method="highs")
    return float(found.fun) if found.status == 0 else None


def best_benefit(nodes):
    """The greatest value of all deliveries; None if the river cannot be run at all."""
    matrix, side, bounds = program(nodes)
    cost = np.zeros(matrix.shape[1])
    cost[2 * len(nodes) * MONTHS :] = -np.concatenate([node["value"] for node in nodes])
    value = _solve(cost, matrix, side, bounds)
    return None if value is None else -value


class Shares:
    """Shares of claims, each as small as the ones before it allow: one list of claims after the other.

    A claim is a node and some months: the share of its needs there that stays unmet. Every figure that is settled binds
    the rest as a plain bound with a hair of slack: cruder than a face, good enough to compare water to 1e-7 of the needs.
    """

    HAIR = 1e-9

    def __init__(self, nodes, every):
        matrix, side, bounds = program(nodes)
        n, width = len(nodes), matrix.shape[1]
        self.every = [c for c in dict.fromkeys(every) if sum(nodes[c[0]]["need"][t] for t in c[1]) > 0]
        count = len(self.every)
        self.matrix, self.side = np.hstack([matrix, np.zeros((len(matrix), count))]), side
        self.above, self.least = np.zeros((count, width + count)), np.zeros(count)
        for j, (k, months) in enumerate(self.every):
            need = sum(nodes[k]["need"][t] for t in months)
            for t in months:
                self.above[j, (2 * n + k) * MONTHS + t] = -1
            self.above[j, width + j] = -need
            self.least[j] = -need
        self.bounds, self.width = [*bounds, *([(0, None)] * count)], width
        self.settled = {}

    def solve(self, weights, level=None, among=()):
        """Claims' shares where a weighted sum of them is least, those among some at most at a level; None without a plan."""
        cost, bounds = np.zeros(self.matrix.shape[1]), list(self.bounds)
        for j, weight in weights.items():
            cost[self.width + j] = weight
        for j in range(len(self.every)):
            most = self.settled.get(j, level if j in among else None)
            bounds[self.width + j] = (0, None if most is None else most + self.HAIR)
        found = linprog(cost, A_ub=self.above, b_ub=self.least, A_eq=self.matrix, b_eq=self.side, bounds=bounds, options=EXACT)
        return found.x[self.width :] if found.status == 0 else None

    def largest(self, among):
        """The least that the largest share among some claims can be."""
        extra = np.zeros((len(among), self.matrix.shape[1] + 1))
        for row, j in enumerate(among):
            extra[row, self.width + j], extra[row, -1] = 1, -1
        above = np.vstack([np.hstack([self.above, np.zeros((len(self.above), 1))]), extra])
        cost = np.zeros(self.matrix.shape[1] + 1)
        cost[-1] = 1
        bounds = [*self.bounds, (0, None)]
        for j, share in self.settled.items():
            bounds[self.width + j] = (0, share + self.HAIR)
        matrix = np.hstack([self.matrix, np.zeros((len(self.matrix), 1))])
        least = np.concatenate([self.least, np.zeros(len(among))])
        found = linprog(cost, A_ub=above, b_ub=least, A_eq=matrix, b_eq=self.side, bounds=bounds, options=EXACT)
        return float(found.fun) if found.status == 0 else None

    def settle(self, claims):
        """The claims of one priority, leximin: again and again the largest share as small as it can be; their shares, or None."""
        chosen = [j for j, claim in enumerate(self.every) if claim in set(claims)]
        left = [j for j in chosen if j not in self.settled]
        while left:
            level = self.largest(left)
            if level is None:
                return None
            there = self.solve(dict.fromkeys(left, 1.0), level, left)
            stuck = [j for j in left if there[j] >= level - NEAR and self.solve({j: 1.0}, level, left)[j] >= level - NEAR]
            self.settled |= dict.fromkeys(stuck, level)
            left = [j for j in left if j not in stuck]
        return {self.every[j]: self.settled[j] for j in chosen}


#: as exact as the solver allows, and a share within which a claim has reached its level
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
NEAR = 1e-8
