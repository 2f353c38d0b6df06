"""Stores and losses worked out a second time: bare arrays and scipy's whole-number programs, which know every bend exactly.

Nothing here knows the package. A tree of nodes as in `tests.oracle.physics`, with curves of area, seepage, constant losses,
runoff below zero, and an aquifer that drains to the node below the reach that feeds it.
"""

from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.oracle.physics import MONTHS, random_river

#: days of the months from April to July
DAYS = (30, 31, 30, 31)
MANY = 1e4


def random_stores(seed, bends):
    """A random river whose dams evaporate and seep, with an aquifer; with bends also curves of area and constant losses."""
    rng = np.random.default_rng([seed, 18])
    nodes = random_river(seed)
    for node in nodes:
        node["lowest"] = 0.0
        node["depth"], node["line"] = rng.uniform(-0.02, 0.25, MONTHS), (float(rng.uniform(0, 4)), float(rng.uniform(0, 0.15)))
        seeps = node["full"] > 0 and rng.random() < 0.6
        node["seep"] = (rng.uniform(0, 0.05, MONTHS), float(rng.uniform(0, 0.05)), float(rng.uniform(0, 0.3))) if seeps else None
        node["curve"], node["loss"] = None, np.zeros(MONTHS)
        if bends and node["full"] and rng.random() < 0.8:
            storages = [0.0, *np.sort(rng.uniform(0.1, 0.9, int(rng.integers(1, 4)))) * node["full"], node["full"]]
            areas = np.cumsum(rng.uniform(0, 8, len(storages)))
            node["curve"] = list(zip(map(float, storages), map(float, areas), strict=True))
        if bends and rng.random() < 0.4:
            node["loss"] = rng.uniform(0, 8, MONTHS)
        if rng.random() < 0.2 and node["full"]:
            node["runoff"] = node["runoff"] - rng.uniform(0, 4, MONTHS)
    fed = int(rng.integers(0, len(nodes)))
    ground = {
        "fed": fed,
        "share": float(rng.uniform(0.3, 1)),
        "field": float(rng.uniform(0, 0.3)),
        "to": nodes[fed]["below"],
        "opening": float(rng.uniform(0, 60)),
        "monthly": float(rng.uniform(0, 0.8)),
        "need": rng.uniform(0, 10, MONTHS),
        "value": rng.uniform(0.01, 1, MONTHS),
    }
    return nodes, ground


class _Rows:
    """A whole-number program in the making: columns with bounds, rows with sides."""

    def __init__(self):
        self.low, self.high, self.whole, self.cost = [], [], [], []
        self.rows, self.sides = [], []

    def column(self, low=0.0, high=np.inf, *, whole=False, cost=0.0):
        self.low.append(low), self.high.append(high), self.whole.append(int(whole)), self.cost.append(cost)
        return len(self.low) - 1

    def row(self, terms, low, high):
        self.rows.append(terms), self.sides.append((low, high))

    def best(self):
        matrix = np.zeros((len(self.rows), len(self.low)))
        for i, terms in enumerate(self.rows):
            for column, factor in terms:
                matrix[i, column] += factor
        low, high = np.array(self.sides).T
        exact = {"mip_rel_gap": 1e-9, "time_limit": 20}
        limits = Bounds(self.low, self.high)
        found = milp(self.cost, integrality=self.whole, bounds=limits, constraints=LinearConstraint(matrix, low, high), options=exact)
        assert found.status in (0, 2), found.message
        return -float(found.fun) if found.status == 0 else None


def _bent(p, points, storage):
    """A column that is the height of a curve at a storage: pieces, one of which is chosen."""
    height, chosen = p.column(-np.inf), []
    terms, where = [(height, -1.0)], [(storage, -1.0)]
    for (low, below), (high, above) in pairwise(points):
        on, at = p.column(0, 1, whole=True), p.column(0)
        slope = (above - below) / (high - low)
        p.row([(at, 1.0), (on, -high)], -np.inf, 0), p.row([(at, 1.0), (on, -low)], 0, np.inf)
        terms += [(on, below - slope * low), (at, slope)]
        where.append((at, 1.0))
        chosen.append((on, 1.0))
    p.row(terms, 0, 0), p.row(where, 0, 0), p.row(chosen, 1, 1)
    return height


def best_benefit(nodes, ground):
    """The greatest value of all deliveries; None if the river cannot be run at all."""
    p, n = _Rows(), len(nodes)
    flow = [[p.column(0, min(x["capacity"], MANY)) for _ in range(MONTHS)] for x in nodes]
    store = [[p.column(0, max(x["full"], x["opening"])) for _ in range(MONTHS)] for x in nodes]
    given = [[p.column(0, x["need"][t], cost=-x["value"][t]) for t in range(MONTHS)] for x in nodes]
    lost = [[p.column(0, x["loss"][t]) for t in range(MONTHS)] for x in nodes]
    held, drained = [p.column(0) for _ in range(MONTHS)], [p.column(0) for _ in range(MONTHS)]
    pumped = [p.column(0, ground["need"][t], cost=-ground["value"][t]) for t in range(MONTHS)]
    balance = [[[] for _ in range(MONTHS)] for _ in nodes]
    sides = [[-float(x["runoff"][t]) for t in range(MONTHS)] for x in nodes]
    coming = [[] for _ in range(MONTHS)]
    for k, x in enumerate(nodes):
        for t in range(MONTHS):
            balance[k][t] += [(flow[k][t], -1.0), (given[k][t], -1.0)]
            if x["full"]:
                _store(p, x, t, store[k], balance[k][t], sides[k])
            if x["loss"][t] > 0:
                # wet: all of the loss; dry: all that flows
                wet = p.column(0, 1, whole=True)
                p.row([(lost[k][t], 1.0), (wet, -x["loss"][t])], 0, np.inf)
                p.row([(flow[k][t], x["kept"]), (lost[k][t], -1.0), (wet, -MANY)], -np.inf, 0)
                p.row([(flow[k][t], x["kept"]), (lost[k][t], -1.0)], 0, np.inf)
            if x["below"] >= 0:
                balance[x["below"]][t] += [(flow[k][t], x["kept"]), (lost[k][t], -1.0)]
    x, fed = nodes[ground["fed"]], ground["fed"]
    k = -np.log(1 - ground["monthly"]) / 30.4375
    for t in range(MONTHS):
        coming[t] += [(flow[fed][t], ground["share"] * 0.5 * (1 - x["kept"])), (lost[fed][t], ground["share"])]
        coming[t] += [(given[fed][t], ground["field"]), (pumped[t], -1.0)]
        left, gone = np.exp(-k * DAYS[t]), (1 - np.exp(-k * DAYS[t])) / (k * DAYS[t])
        before = [(held[t - 1], left)] if t else []
        p.row([*before, *((c, gone * f) for c, f in coming[t]), (held[t], -1.0)], *(2 * [-left * ground["opening"] if t == 0 else 0.0]))
        whole = [(held[t - 1], 1.0)] if t else []
        p.row([*whole, *coming[t], (held[t], -1.0), (drained[t], -1.0)], *(2 * [-ground["opening"] if t == 0 else 0.0]))
        if ground["to"] >= 0:
            balance[ground["to"]][t].append((drained[t], 1.0))
    for k in range(n):
        for t in range(MONTHS):
            p.row(balance[k][t], sides[k][t], sides[k][t])
    return p.best()


def _store(p, x, t, store, balance, sides):
    """Change of storage, evaporation and seepage of a dam in a month."""
    depth, share, volume = (x["seep"][0][t], x["seep"][1], x["seep"][2]) if x["seep"] else (0.0, 0.0, 0.0)
    sides[t] -= x["opening"] * (1 - share / 2) if t == 0 else 0.0
    sides[t] += volume
    balance.append((store[t], -1.0 - share / 2))
    if t:
        balance.append((store[t - 1], 1.0 - share / 2))
    down = x["depth"][t] + depth
    for moment in (t - 1, t):
        if x["curve"]:
            if moment < 0:
                sides[t] += down / 2 * float(np.interp(x["opening"], *np.array(x["curve"]).T))
            else:
                balance.append((_bent(p, x["curve"], store[moment]), -down / 2))
        else:
            zero, slope = x["line"]
            sides[t] += down / 2 * (zero + (slope * x["opening"] if moment < 0 else 0.0))
            if moment >= 0:
                balance.append((store[moment], -down / 2 * slope))
