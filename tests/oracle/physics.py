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


def least_shares(nodes, orders):
    """For each list of node numbers in turn, the least largest share of their needs that stays unmet.

    A node's need counts as one sum over the horizon. The first answer binds the second as a plain row with
    a hair of slack: cruder than a face, good enough to compare to 1e-6.
    """
    matrix, side, bounds = program(nodes)
    n, width = len(nodes), matrix.shape[1]
    matrix = np.hstack([matrix, np.zeros((len(matrix), 1))])
    rows, sides, shares = [], [], []
    for chosen in orders:
        above, least = [*rows], [*sides]
        for k in (k for k in chosen if nodes[k]["need"].sum() > 0):
            row = np.zeros(width + 1)
            row[(2 * n + k) * MONTHS : (2 * n + k + 1) * MONTHS] = -1
            needed = float(nodes[k]["need"].sum())
            above.append(np.append(row[:-1], -needed))
            least.append(-needed)
        cost = np.zeros(width + 1)
        cost[-1] = 1
        share = _solve(cost, matrix, side, [*bounds, (0, None)], np.array(above), np.array(least))
        if share is None:
            return None
        shares.append(share)
        for row, amount in zip(above[len(rows) :], least[len(sides) :], strict=True):
            held = row.copy()
            held[-1] = 0
            rows.append(held)
            sides.append(amount * (1 - share) + 1e-9)
    return shares
