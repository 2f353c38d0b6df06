"""What makes a plan one that an operator would sign, measured on a plan of the Syr Darya."""

import numpy as np

from waterflow.accounts.plan import Plan
from waterflow.allocation.allocation import Allocation

#: shares of the range between lowest and full storage that count as full and as empty; a difference in Mm3 that counts
FULL, EMPTY, SMALL = 0.95, 0.10, 1.0


def emptied(allocation: Allocation, periods: int) -> list[str]:
    """Reservoirs that are empty within a month of being full."""
    plan = Plan(allocation.basin, allocation.dataset)
    found = []
    for name, r in allocation.basin.reservoirs.items():
        share = (plan.series("storage", name) - r.lowest_storage) / (r.full_storage - r.lowest_storage)
        for k in range(len(share)):
            if share[k] > FULL and (share[k + 1 : k + 1 + periods] < EMPTY).any():
                found.append(f"{name} {allocation.basin.calendar.labels[k]}")
    return found


def sent_in_vain(allocation: Allocation) -> float:
    """What goes to Arnasay beyond the share due while Shardara has room for it, Mm3."""
    basin, plan = allocation.basin, Plan(allocation.basin, allocation.dataset)
    sent, stored = plan.series("flow", "shardara_arnasay"), plan.series("storage", "shardara")
    room = basin.reservoirs["shardara"].full_storage - stored
    due = sum(x.due for x in basin.threshold_shares.values() if x.reach == "shardara_arnasay")
    return float(max(0.0, np.minimum(sent, room).sum() - due))
