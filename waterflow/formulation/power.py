r"""Power: other supplies, exports and unserved demand of the parties that have a power balance. GWh per period.

Power is counted where it enters a line: imports where they are bought, exports where they are sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.begun import called
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown, at_most, given


def _within_supply(basin: Basin, x: str, t: str) -> tuple[float, float | None]:
    supply, k = basin.supplies[x], basin.calendar.position[t]
    return (supply.least(k), at_most(supply.capacity, k))


def _within_export(basin: Basin, x: str, t: str) -> tuple[float, float | None]:
    return (0.0, at_most(basin.exports[x].capacity, basin.calendar.position[t]))


def _missed(basin: Basin, x: str) -> float:
    """What was missed of a claim before the horizon."""
    return basin.begun.missed.get(called("power_shortfall", (x,)), 0.0)


def _no_less(basin: Basin, x: str) -> tuple[float, float | None]:
    return (_missed(basin, x) if basin.power_claims[x].kind == "power_floor" else 0.0, None)


UNKNOWNS = (
    Unknown("supplied_power", ("supplies", "periods"), "GWh", "Power from other plants, and imports where they are bought", _within_supply),
    Unknown("exported_power", ("exports", "periods"), "GWh", "Power sold, where it is sent", _within_export),
    Unknown("unserved", ("unserved_blocks", "periods"), "GWh", "Power demand not served, by block"),
    Unknown("power_shortfall", ("power_claims",), "GWh or GWh/day", "Power missing to a claim of the priorities", _no_less),
)

GIVENS = (given("power_demand", over=("power_parties", "periods")),)


def unserved_within_block(m: Any, b: str, t: str) -> Any:
    r"""A block of unserved power is no wider than its share of the demand.

    .. math:: \beta_b P_{c,t} - U_{b,t} \ge 0
    """
    block = m.basin.unserved_blocks[b]
    return block.demand_share * m.power_demand[block.party, t] - m.unserved[b, t] >= 0


def _unserved(m: Any, party: str, t: str) -> Any:
    return sum(m.unserved[b.name, t] for b in m.basin.unserved_blocks.values() if b.party == party)


def power_floor_kept(m: Any, x: str, t: str) -> Any:
    r"""In every period of the season a share of the demand is served, short by no more than the shortfall a day.

    .. math:: (1 - \phi_x) P_{c,t} + \mathrm{days}_t U_x - \sum_b U_{b,t} \ge 0
    """
    claim, calendar = m.basin.power_claims[x], m.basin.calendar
    k = calendar.position[t]
    if claim.kind != "power_floor" or k not in claim.periods:
        return None
    allowed = (1 - claim.share) * m.power_demand[claim.party, t]
    return allowed + calendar.periods[k].days * m.power_shortfall[x] - _unserved(m, claim.party, t) >= 0


def power_claim_met(m: Any, x: str) -> Any:
    r"""Over the season a share of the demand is served, or the difference, with what was missed before, is the shortfall.

    .. math:: (1 - \phi_x) \sum_t P_{c,t} + U_x - \mu_x - \sum_t \sum_b U_{b,t} \ge 0
    """
    claim, labels = m.basin.power_claims[x], m.basin.calendar.labels
    if claim.kind != "power":
        return None
    allowed = (1 - claim.share) * sum(m.power_demand[claim.party, labels[k]] for k in claim.periods)
    allowed = allowed - _missed(m.basin, x)
    return allowed + m.power_shortfall[x] - sum(_unserved(m, claim.party, labels[k]) for k in claim.periods) >= 0


EQUATIONS = (
    Equation(unserved_within_block, ("unserved_blocks", "periods"), "GWh"),
    Equation(power_floor_kept, ("power_claims", "periods"), "GWh"),
    Equation(power_claim_met, ("power_claims",), "GWh"),
)


def supplied(m: Any, party: str, t: str) -> Any:
    """Power that arrives from other supplies and what stays unserved, GWh."""
    k = m.basin.calendar.position[t]
    arriving = sum(s.arriving(k) * m.supplied_power[s.name, t] for s in m.basin.supplies.values() if s.party == party)
    return arriving + _unserved(m, party, t)


def sold(m: Any, party: str, t: str) -> Any:
    """Power exported, GWh."""
    return sum(m.exported_power[x.name, t] for x in m.basin.exports.values() if x.party == party)


def cost_of_power(m: Any) -> Any:
    """Other supplies and unserved power, less what exports earn where they arrive, million USD."""
    b, labels = m.basin, m.basin.calendar.labels
    supplies = sum(c * m.supplied_power[s.name, labels[k]] for s in b.supplies.values() for k, c in enumerate(s.cost))
    earned = sum(c * x.arriving(k) * m.exported_power[x.name, labels[k]] for x in b.exports.values() for k, c in enumerate(x.price))
    unserved = sum(block.cost * m.unserved[block.name, t] for block in b.unserved_blocks.values() for t in labels)
    return supplies + unserved - earned


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for p in basin.power_claims.values():
        if p.claims == chosen:
            yield Claim("power_shortfall", (p.name,), p.amount)


CLAIMS = {"power_floor": _claims, "power": _claims}
