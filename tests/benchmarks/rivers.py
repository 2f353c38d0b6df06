"""Generated rivers of given size: a trunk with reservoirs, plants and fields; numbers seeded, wet in summer."""

import numpy as np

from tests.rivers import DEMANDS, FLOORS, TARGETS, River
from waterflow.basin.objective import Claims, Objective

#: nodes, months and step of the sizes that `docs/evidence/performance.md` names
SIZES = {"S": (40, 12, "month"), "M": (40, 12, "dekad"), "L": (40, 360, "dekad"), "XL": (60, 400, "dekad")}
PER_MONTH = {"month": 1, "dekad": 3}


def generated(nodes, months, step, seed=0, *, staged=False):
    """A basin with one sum of benefits, or with the default order of priorities.

    Every fifth node is a reservoir with a plant, every second one has fields, the last is the sea.
    """
    rng = np.random.default_rng(seed)
    river = River(months=months, start="2001-10-01", step=step, parties="UP DOWN")
    periods = river.calendar.periods
    summer = np.array([1.0 - 0.8 * np.cos(2 * np.pi * (p.month - 1) / 12) for p in periods]) / PER_MONTH[step]
    names = [f"n{k:04d}" for k in range(nodes - 1)]
    for k, name in enumerate(names):
        party = "UP" if k < nodes // 2 else "DOWN"
        runoff = summer * rng.uniform(20, 60) * rng.uniform(0.7, 1.3, len(periods))
        river.node(name, "reservoir" if k % 5 == 0 else "junction", runoff=runoff)
        end = names[k + 1] if k + 1 < len(names) else "sea"
        river.reach(f"r{k:04d}", name, end, seepage=rng.uniform(0, 0.01), days=float(rng.choice([0, 0, 4])), before=30)
        if k % 5 == 0:
            full = rng.uniform(400, 1200)
            river.reservoir(name, full / 2, full, full / 10, depth=0.1 / PER_MONTH[step], area=(5, 0.02)).held(name, full / 2)
            river.plant(f"p{k:04d}", f"r{k:04d}", party, rng.uniform(0.1, 0.5), rng.uniform(150, 300) / PER_MONTH[step])
            river.end_value(name, {0.01: full})
        elif k % 2 == 0:
            river.demand(f"d{k:04d}", name, party, summer * rng.uniform(40, 100), limited=True, value=rng.uniform(0.02, 0.09))
    river.node("sea", "outlet")
    for party in ("UP", "DOWN"):
        river.worth(party, rng.uniform(0.02, 0.05, len(periods)))
    if not staged:
        return river.basin(objective=Objective(smoothest=False, unique=False))
    middle = nodes // 2
    river.floor("middle", f"r{middle:04d}", 10).target("sea", f"r{nodes - 2:04d}", 0.1 * 40 * nodes * months)
    lifelines = [FLOORS, Claims(kind="demands", uses=("drinking",))]
    return river.priorities(("lifelines", lifelines), ("limits", [DEMANDS]), ("sea", [TARGETS]), "cost").basin()


def of_size(size, seed=0, *, staged=False):
    """A river of size S, M, L or XL."""
    return generated(*SIZES[size], seed=seed, staged=staged)
