"""Rivers with lifts, links both ways, rules of several reaches and outlets by storage, worked out apart: bare arrays and scipy.

Nothing here knows the formulation. A river is a chain of lakes and forks, each with a way down; some lakes have a way back up to
one above, or a link to a neighbour. Columns: flow of every way, storage, delivery, electricity bought and unserved of the one grid.
"""

from itertools import pairwise

import numpy as np
from scipy.optimize import linprog

MONTHS = 3
DAYS = (31, 28, 31)
#: m3/s in a month as Mm3
PER_RATE = np.array(DAYS) * 0.0864
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def random_river(seed):
    """Nodes 0..n-1 from the top down; ways as (from, to): every node's own way to the next or the sea (-1), and some back."""
    rng = np.random.default_rng([seed, 71])
    count = int(rng.integers(2, 6))
    nodes = [_node(rng, k) for k in range(count)]
    ways = [_way(rng, k, k + 1 if k + 1 < count else -1, nodes) for k in range(count)]
    for k in range(1, count):
        if rng.random() < 0.6:
            ways.append(_way(rng, k, int(rng.integers(0, k)), nodes, back=True))
    # every node can be rid of what is too much
    bare = {"kept": np.ones(MONTHS), "capacity": np.inf, "cost": np.full(MONTHS, 0.02), "power": np.zeros(MONTHS)}
    ways += [{"from": k, "to": -1} | bare for k in range(count)]
    rules = []
    for _ in range(int(rng.integers(0, 3))):
        chosen = [int(a) for a in rng.permutation(len(ways) - count)[: rng.integers(1, 4)]]
        rules.append({"ways": chosen, "month": int(rng.integers(MONTHS)), "most": float(rng.uniform(5, 60))})
    if rng.random() < 0.4:
        rules.append({"ways": [int(rng.integers(count)), len(ways) - count], "month": 0, "least": float(rng.uniform(0, 15))})
    grid = {"demand": rng.uniform(0, 15, MONTHS), "import": float(rng.uniform(0, 10)), "price": 0.05, "unserved": 0.4}
    return {"nodes": nodes, "ways": ways, "rules": rules, "grid": grid if rng.random() < 0.7 else None}


def _node(rng, k):
    full = float(rng.uniform(20, 120)) if rng.random() < 0.6 else 0.0
    used = rng.random() < 0.7
    return {
        "runoff": rng.uniform(0, 40, MONTHS) if k == 0 or rng.random() < 0.4 else np.zeros(MONTHS),
        "full": full,
        "opening": float(rng.uniform(0.3, 1)) * full,
        "need": rng.uniform(0, 30, MONTHS) if used else np.zeros(MONTHS),
        "value": rng.uniform(0.01, 1, MONTHS) if used else np.zeros(MONTHS),
    }


def _way(rng, start, end, nodes, *, back=False):
    """A way down may have a plant or an outlet; a way back costs money or electricity in every month."""
    lost = float(rng.uniform(0, 0.2)) if rng.random() < 0.4 else 0.0
    way = {"from": start, "to": end, "kept": np.full(MONTHS, 1 - lost), "cost": np.zeros(MONTHS), "power": np.zeros(MONTHS)}
    way["capacity"] = float(rng.uniform(20, 80)) if rng.random() < 0.4 else np.inf
    if back or rng.random() < 0.2:
        way["cost"] = rng.uniform(0.001, 0.1, MONTHS)
    if back:
        way["power"] = rng.uniform(0.1, 0.6, MONTHS)
    if not back and rng.random() < 0.3:
        way["rate"] = float(rng.uniform(0, 0.02))
    if nodes[start]["full"] and rng.random() < 0.4:
        storages = np.cumsum([0.0, *rng.uniform(10, 50, 2)])
        slopes = np.sort(rng.uniform(0.02, 0.5, 2))[::-1]
        most = np.cumsum([float(rng.uniform(0, 5)), *(slopes * np.diff(storages))])
        way["outlet"] = [(float(s), float(q)) for s, q in zip(storages, most, strict=True)]
    return way


class Columns:
    """Where each unknown stands."""

    def __init__(self, river):
        self.ways, self.nodes = len(river["ways"]), len(river["nodes"])
        self.width = MONTHS * (self.ways + 2 * self.nodes + 2)

    def flow(self, a, t):
        return a * MONTHS + t

    def storage(self, k, t):
        return (self.ways + k) * MONTHS + t

    def delivery(self, k, t):
        return (self.ways + self.nodes + k) * MONTHS + t

    def bought(self, t):
        return (self.ways + 2 * self.nodes) * MONTHS + t

    def unserved(self, t):
        return (self.ways + 2 * self.nodes + 1) * MONTHS + t


def best_benefit(river):
    """The greatest value of deliveries less what passing, imports and unserved power cost; None where nothing can be planned."""
    c = Columns(river)
    cost = np.zeros(c.width)
    equal, same = _balances(river, c)
    above, most = _limits(river, c)
    bounds = [(0, w["capacity"]) for w in river["ways"] for _ in range(MONTHS)]
    bounds += [(0, n["full"]) for n in river["nodes"] for _ in range(MONTHS)]
    bounds += [(0, need) for n in river["nodes"] for need in n["need"]]
    grid = river["grid"]
    bounds += [(0, grid["import"] if grid else 0)] * MONTHS
    bounds += [(0, d) for d in grid["demand"]] if grid else [(0, 0)] * MONTHS
    for t in range(MONTHS):
        for a, way in enumerate(river["ways"]):
            cost[c.flow(a, t)] += way["cost"][t]
        for k, node in enumerate(river["nodes"]):
            cost[c.delivery(k, t)] -= node["value"][t]
        if grid:
            cost[c.bought(t)] += grid["price"]
            cost[c.unserved(t)] += grid["unserved"]
    ub = {"A_ub": np.array(above), "b_ub": np.array(most)} if above else {}
    found = linprog(cost, A_eq=np.array(equal), b_eq=np.array(same), bounds=bounds, method="highs", options=EXACT, **ub)
    return -float(found.fun) if found.status == 0 else None


def _balances(river, c):
    rows, sides = [], []
    for t in range(MONTHS):
        for k, node in enumerate(river["nodes"]):
            row = np.zeros(c.width)
            row[c.storage(k, t)] = row[c.delivery(k, t)] = 1
            if t:
                row[c.storage(k, t - 1)] -= 1
            for a, way in enumerate(river["ways"]):
                row[c.flow(a, t)] += (way["from"] == k) - way["kept"][t] * (way["to"] == k)
            rows.append(row)
            sides.append(node["runoff"][t] + (node["opening"] if t == 0 else 0.0))
    return rows, sides


def _limits(river, c):
    """Rows at most a side: the grid, rules of several ways, and outlets at the mean storage."""
    rows, sides = [], []
    for t in range(MONTHS if river["grid"] else 0):
        # water may pass beside the turbines: more power than is asked for is not made
        row = np.zeros(c.width)
        row[c.bought(t)] = row[c.unserved(t)] = -1
        for a, way in enumerate(river["ways"]):
            row[c.flow(a, t)] += way["power"][t] - way.get("rate", 0.0)
        rows.append(row)
        sides.append(-river["grid"]["demand"][t])
    for rule in river["rules"]:
        row = np.zeros(c.width)
        sign = 1 if "most" in rule else -1
        for a in rule["ways"]:
            row[c.flow(a, rule["month"])] = sign
        rows.append(row)
        sides.append(sign * rule.get("most", rule.get("least")))
    for a, way in enumerate(river["ways"]):
        points = way.get("outlet", [])
        pieces = [((q2 - q1) / (s2 - s1), q1, s1) for (s1, q1), (s2, q2) in pairwise(points)]
        pieces += [(0.0, points[-1][1], 0.0)] if points else []
        for slope, q, s in pieces:
            for t in range(MONTHS):
                row = np.zeros(c.width)
                row[c.flow(a, t)] = 1
                row[c.storage(way["from"], t)] -= PER_RATE[t] * slope / 2
                known = 0.0 if t else river["nodes"][way["from"]]["opening"] / 2
                if t:
                    row[c.storage(way["from"], t - 1)] -= PER_RATE[t] * slope / 2
                rows.append(row)
                sides.append(PER_RATE[t] * (q + slope * (known - s)))
    return rows, sides
