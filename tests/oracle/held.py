"""Reservoirs side by side at one time after another, with wishes, values and balance: a program of its own, in plain scipy.

Each reservoir has an inflow and lets water go to one common field; nothing here is shared with the package.
"""

import numpy as np
from scipy.optimize import linprog

MONTHS = 4


def random_case(seed):
    """Two or three reservoirs over four months (April to July 2024), and what is wished of them; every number is made up."""
    rng = np.random.default_rng([seed, 11])
    count = int(rng.integers(2, 4))
    lowest = rng.integers(0, 20, count).astype(float)
    full = lowest + rng.integers(30, 120, count)
    return {
        "lowest": lowest,
        "full": full,
        "opening": lowest + rng.random(count) * (full - lowest),
        "inflow": rng.integers(0, 40, (count, MONTHS)).astype(float),
        "need": rng.integers(20, 90, MONTHS).astype(float),
        "value": round(float(rng.uniform(0.005, 0.05)), 4),
        "held": [sorted((round(float(v), 4) for v in rng.uniform(0, 0.02, 2)), reverse=True) for _ in range(count)],
        "width": rng.integers(5, 40, (count, 2)).astype(float),
        "wish": (int(rng.integers(count)), int(rng.integers(MONTHS)), float(rng.integers(20, 120)), bool(rng.random() < 0.7)),
    }


class Oracle:
    """The program: columns s, release, unused water of each reservoir and month, delivery, held blocks, missed, share, off."""

    def __init__(self, case):
        self.case, self.n = case, len(case["full"])
        sizes = {"s": self.n * MONTHS, "out": self.n * MONTHS, "give": MONTHS, "held": self.n * 2 * MONTHS, "missed": 1,
                 "share": MONTHS, "off": self.n * MONTHS, "worst": 1}  # fmt: skip
        starts = np.cumsum([0, *sizes.values()])
        self.at = dict(zip(sizes, starts.tolist(), strict=False))
        self.size = int(starts[-1])
        self.equal, self.least, self.bounds = [], [], [(0.0, None)] * self.size
        self._rows()

    def _s(self, r, t):
        return self.at["s"] + r * MONTHS + t

    def _rows(self):
        c, at = self.case, self.at
        for r in range(self.n):
            for t in range(MONTHS):
                self.bounds[self._s(r, t)] = (c["lowest"][r], c["full"][r])
                before = {self._s(r, t - 1): -1.0} if t else {}
                row = {self._s(r, t): 1.0, at["out"] + r * MONTHS + t: 1.0, **before}
                self.equal.append((row, c["inflow"][r, t] + (0 if t else c["opening"][r])))
                blocks = [at["held"] + (r * 2 + k) * MONTHS + t for k in range(2)]
                for k in range(2):
                    self.bounds[blocks[k]] = (0.0, c["width"][r, k])
                self.least.append(({self._s(r, t): 1.0, **dict.fromkeys(blocks, -1.0)}, c["lowest"][r]))
                active, off = c["full"][r] - c["lowest"][r], at["off"] + r * MONTHS + t
                for sign in (1.0, -1.0):
                    self.least.append(({off: 1.0, self._s(r, t): sign, at["share"] + t: -sign * active}, sign * c["lowest"][r]))
                self.least.append(({at["worst"]: 1.0, off: -1.0 / active}, 0.0))
        for t in range(MONTHS):
            self.bounds[at["give"] + t] = (0.0, c["need"][t])
            self.least.append(({**{at["out"] + r * MONTHS + t: 1.0 for r in range(self.n)}, at["give"] + t: -1.0}, 0.0))
        r, t, amount, at_least = c["wish"]
        sign = 1.0 if at_least else -1.0
        self.least.append(({self._s(r, t): sign, at["missed"]: 1.0}, sign * amount))

    def best(self, cost):
        """The least value of some cost, a dict of column and price."""
        c, low, lower = np.zeros(self.size), np.zeros((len(self.least), self.size)), np.zeros(len(self.least))
        same, right = np.zeros((len(self.equal), self.size)), np.zeros(len(self.equal))
        for rows, matrix, side in ((self.least, low, lower), (self.equal, same, right)):
            for k, (row, value) in enumerate(rows):
                side[k] = value
                for column, factor in row.items():
                    matrix[k, column] = factor
        for column, price in cost.items():
            c[column] = price
        found = linprog(c, A_ub=-low, b_ub=-lower, A_eq=same, b_eq=right, bounds=self.bounds, method="highs")
        return found.fun if found.status == 0 else None

    def benefit(self, days):
        """The most money: deliveries, and water held for the months that it is held."""
        c = self.case
        cost = {self.at["give"] + t: -c["value"] for t in range(MONTHS)}
        for r in range(self.n):
            for k in range(2):
                for t in range(MONTHS):
                    cost[self.at["held"] + (r * 2 + k) * MONTHS + t] = -c["held"][r][k] * days[t] / 30.4375
        return self.best(cost)

    def missed(self):
        """The least that the wish can be missed by."""
        return self.best({self.at["missed"]: 1.0})

    def worst(self):
        """The least of the largest share that any reservoir is off its common share in any month."""
        return self.best({self.at["worst"]: 1.0})
