r"""Values: what deliveries and flows to targets are worth, in falling blocks. Mm3 and million USD.

Money counts what no priority claims: under one sum of benefits everything, under priorities only what is left
to the cost. A value that is the same for the whole need is a straight line and needs no unknown.
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.values import straight
from waterflow.formulation.language import Equation, Unknown

UNKNOWNS = (
    Unknown("delivery_in_block", ("delivery_blocks", "periods"), "Mm3", "Delivery counted in the block of value"),
    Unknown("target_in_block", ("target_blocks",), "Mm3", "Flow past the target's gauge counted in the block of value"),
)


def delivery_within_block(m: Any, b: str, t: str) -> Any:
    r"""A block of a delivery is no wider than its share of the need; outside its months it has none.

    .. math:: \omega_{b,t} N_{d,t} - V_{b,t} \ge 0
    """
    block = m.basin.delivery_blocks[b]
    month = m.basin.calendar.periods[m.basin.calendar.position[t]].month
    return block.share(month) * m.need[block.demand, t] - m.delivery_in_block[b, t] >= 0


def delivery_blocks_backed(m: Any, d: str, t: str) -> Any:
    r"""Only water that is delivered has a value.

    .. math:: D_{d,t} - \sum_b V_{b,t} \ge 0
    """
    blocks = [b.name for b in m.basin.counted_deliveries.get(d, ()) if b.name in m.basin.delivery_blocks]
    if not blocks:
        return None
    return m.delivery[d, t] - sum(m.delivery_in_block[b, t] for b in blocks) >= 0


def target_within_block(m: Any, b: str) -> Any:
    r"""A block of the flow to a target is no wider than its share of the target.

    .. math:: \omega_b T_x - V_b \ge 0
    """
    block = m.basin.target_blocks[b]
    whole = m.target_volume[block.target] + m.basin.begun.delivered.get(block.target, 0.0)
    return block.width * whole - m.target_in_block[b] >= 0


def target_blocks_backed(m: Any, x: str) -> Any:
    r"""Only water that passes the target's gauge in its window has a value.

    .. math:: \sum_{t \in x} F_{a,t} - \sum_b V_b \ge 0
    """
    blocks = [b.name for b in m.basin.target_blocks.values() if b.target == x]
    if not blocks:
        return None
    target = m.basin.targets[x]
    labels = m.basin.calendar.labels_inside(target.window)
    passed = sum(m.flow[target.reach, t] for t in labels) + m.basin.begun.delivered.get(x, 0.0)
    return passed - sum(m.target_in_block[b] for b in blocks) >= 0


EQUATIONS = (
    Equation(delivery_within_block, ("delivery_blocks", "periods"), "Mm3"),
    Equation(delivery_blocks_backed, ("demands", "periods"), "Mm3"),
    Equation(target_within_block, ("target_blocks",), "Mm3"),
    Equation(target_blocks_backed, ("targets",), "Mm3"),
)


def value_of_flows(m: Any) -> Any:
    """What deliveries and flows to targets are worth, block by block, million USD."""
    b, labels = m.basin, m.basin.calendar.labels
    whole = [found[0] for found in b.counted_deliveries.values() if straight(found)]
    lines = sum(x.value * m.delivery[x.demand, t] for x in whole for t in labels)
    blocks = sum(x.value * m.delivery_in_block[x.name, t] for x in b.delivery_blocks.values() for t in labels)
    return lines + blocks + sum(x.value * m.target_in_block[x.name] for x in b.target_blocks.values())
