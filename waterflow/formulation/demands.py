r"""Demands: what users ask for, what they are delivered, what they return. Mm3 per period.

Need and limit are two different things: the need is what a user asks for, the limit is the most a party's
trunk withdrawals may take in a season. What a user may count on (its entitlement) is the smaller of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims, claim_of, claimed_spans, spread_spans
from waterflow.formulation.language import Claim, Equation, Given, Unknown, at_most, given


def _within_canal(basin: Basin, d: str, t: str) -> tuple[float, float | None]:
    return (0.0, at_most(basin.demands[d].capacity, basin.calendar.position[t]))


UNKNOWNS = (
    Unknown("delivery", ("demands", "periods"), "Mm3", "Water delivered to the demand", _within_canal),
    Unknown("shortage", ("demands", "periods"), "Mm3", "Water asked for and not delivered"),
    Unknown("demand_shortfall", ("demand_claims",), "Mm3", "Delivery missing to what a demand may count on in the periods of a claim"),
)

GIVENS = (
    given("need"),
    given("limit_volume"),
    Given(
        "claimed_water",
        ("demand_claims",),
        "Mm3",
        "What a demand may count on in the periods of a claim: its need there, times the season's min(need, limit) / need",
        lambda basin, x: basin.claimed_water[x],
        ("needs", "limits"),
    ),
)


def demand_accounted(m: Any, d: str, t: str) -> Any:
    r"""What is asked for is either delivered or short.

    .. math:: D_{d,t} + X_{d,t} - N_{d,t} = 0
    """
    return m.delivery[d, t] + m.shortage[d, t] - m.need[d, t] == 0


def withdrawals_within_limit(m: Any, x: str) -> Any:
    r"""A party's limited demands together take no more than its limit of the season.

    .. math:: L_x - \sum_{d \in \mathrm{limited}} \sum_{t \in x} D_{d,t} \ge 0
    """
    limit = m.basin.limits[x]
    labels = m.basin.calendar.labels_inside(limit.window)
    users = [d.name for d in m.basin.demands.values() if d.limited and d.party == limit.party]
    if not users:
        return None
    return m.limit_volume[x] - sum(m.delivery[d, t] for d in users for t in labels) >= 0


def claim_met(m: Any, x: str) -> Any:
    r"""In the periods of a claim a demand gets what it may count on, or the difference is its shortfall.

    .. math:: \sum_{t \in x} D_{d,t} + U_x - C_x \ge 0 \qquad C_x = \sum_{t \in x} N_{d,t} \; \min(N, L)_{d,s} / N_{d,s}
    """
    claim, labels = m.basin.demand_claims[x], m.basin.calendar.labels
    return sum(m.delivery[claim.demand, labels[k]] for k in claim.periods) + m.demand_shortfall[x] - m.claimed_water[x] >= 0


def own_return_passed(m: Any, d: str, t: str) -> Any:
    r"""Where what a user returns comes back to it in the same period, at least as much leaves its node or stays there.

    .. math:: \sum_{a \, \mathrm{from} \, n} F_{a,t} + S_{n,t} - \kappa_{d,0} D_{d,t} \ge 0
    """
    basin: Basin = m.basin
    demand = basin.demands[d]
    at_once = demand.return_kernel[0] if demand.return_kernel else 0.0
    if not at_once or demand.return_node in basin.aquifers or demand.return_node not in basin.paths.above(demand.node):
        return None
    leaving = sum(m.flow[a, t] for a in basin.paths.departing[demand.node])
    kept = m.storage[demand.node, t] if demand.node in basin.reservoirs else 0.0
    return leaving + kept - at_once * m.delivery[d, t] >= 0


EQUATIONS = (
    Equation(own_return_passed, ("demands", "periods"), "Mm3"),
    Equation(demand_accounted, ("demands", "periods"), "Mm3"),
    Equation(withdrawals_within_limit, ("limits",), "Mm3", agreed="limit_volume"),
    Equation(claim_met, ("demand_claims",), "Mm3"),
)


def withdrawn(m: Any, n: str, t: str) -> Any:
    """Water taken out at the node."""
    return sum(m.delivery[d, t] for d in m.basin.demands_at[n])


def returned(m: Any, n: str, t: str) -> Any:
    r"""Drainage coming back to the node from deliveries of this and earlier months.

    .. math:: B_{n,t} = \sum_d \sum_k \kappa_{d,k} D_{d,t-k}
    """
    basin: Basin = m.basin
    calendar, first = basin.calendar, len(basin.calendar.history)
    known, terms = 0.0, []
    for d in basin.returns_to[n]:
        demand = basin.demands[d]
        for lag, share in enumerate(demand.return_kernel):
            s = calendar.months_earlier(calendar.position[t], lag)
            if s is None or share == 0:
                continue
            if s < first:
                known += share * demand.delivery_before[s]
            else:
                terms.append(share * m.delivery[d, calendar.labels[s - first]])
    return sum(terms) + known


def value_of_delivery(m: Any) -> Any:
    """What delivered water is worth, million USD."""
    labels = m.basin.calendar.labels
    return sum(value * m.delivery[d.name, labels[k]] for d in m.basin.demands.values() for k, value in enumerate(d.value) if value)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    yield from _of_spans(basin, chosen, claimed_spans(chosen, basin.calendar))


def spread(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    """Shortfalls of the periods over which a claim by season is spread."""
    yield from _of_spans(basin, chosen, spread_spans(chosen, basin.calendar))


def _of_spans(basin: Basin, chosen: Claims, spans: list[tuple[int, ...]]) -> Iterator[Claim]:
    for d in basin.demands.values():
        if chosen.takes(d):
            for span in spans:
                name = claim_of(basin.calendar, d.name, span)
                yield Claim("demand_shortfall", (name,), basin.claimed_water[name])


CLAIMS = {"demands": _claims}
