r"""Objective: the stages of a solve, from the priorities of a model or its one sum of benefits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation import clauses, demands, end_values, hydropower, power, spills, steadiness, values

__all__ = ["CLOSING_PLANS", "EXPRESSIONS", "Claim", "StagePlan", "net_cost", "stage_plans"]


@dataclass(frozen=True)
class Claim:
    """A shortfall that counts in a priority, as a share of the amount claimed.

    ``unknown`` and ``index`` name the shortfall; ``amount`` is what is claimed, in the shortfall's unit.
    """

    unknown: str
    index: tuple[str, ...]
    amount: float


@dataclass(frozen=True)
class StagePlan:
    """One priority to solve: leximin over claims, or the minimum of one expression."""

    name: str
    sense: Literal["minimise", "maximise"]
    unit: str
    claims: tuple[Claim, ...] = ()
    expression: str = ""


#: the closing stages choose among plans of equal merit: the steadiest, then the one that fixed weights prefer
CLOSING_PLANS = (StagePlan("smoothest", "minimise", "m3/s", expression="unsteadiness"), StagePlan("unique", "minimise", "weighted sum"))


def net_cost(m: Any) -> Any:
    """Costs less benefits, million USD: imports, unserved power, spills, concessions, less power, flows and storage kept."""
    water = demands.value_of_delivery(m) + values.value_of_flows(m) + end_values.value_of_storage(m)
    earned = hydropower.value_of_power(m) + water
    return power.cost_of_power(m) + spills.cost_of_spills(m) + clauses.cost_of_concessions(m) - earned


#: what a stage may minimise besides claims
EXPRESSIONS: dict[str, Callable[[Any], Any]] = {"net_cost": net_cost, "unsteadiness": steadiness.unsteadiness}


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    places = set(chosen.places)
    if chosen.kind == "floors":
        for f in basin.floors.values():
            if not places or f.place in places:
                for t in basin.calendar.labels_inside(f.window):
                    yield Claim("floor_shortfall", (f.name, t), f.flow)
    elif chosen.kind == "targets":
        for x in basin.targets.values():
            if not places or x.place in places:
                yield Claim("target_shortfall", (x.name,), x.amount)
    elif chosen.kind == "threshold_shares":
        for s in basin.threshold_shares.values():
            if places and s.node not in places:
                continue
            yield Claim("share_shortfall", (s.name,), s.due)
    elif chosen.kind == "demands":
        for d in basin.demands.values():
            if (not chosen.uses or d.use in chosen.uses) and (not chosen.parties or d.party in chosen.parties):
                for k, (window, _) in enumerate(basin.calendar.seasons):
                    yield Claim("entitlement_shortfall", (d.name, str(window)), basin.entitlement(d.name, k))
    elif chosen.kind == "clauses":
        for row in basin.clause_rows.values():
            if row.price is not None and (not places or row.clause in places):
                yield Claim("clause_slack", (row.name,), max(0.0, row.figure))
    else:
        for p in basin.power_claims.values():
            if p.claims == chosen:
                yield Claim("power_shortfall", (p.name,), p.amount)


def stage_plans(basin: Basin) -> tuple[StagePlan, ...]:
    """The stages in order: the priorities or the benefit, then the smoothest and the unique plan.

    A claim of nothing (amount 0) is never short; a priority of such claims alone has no stage.
    """
    plans: list[StagePlan] = []
    for priority in basin.objective.priorities:
        claims = tuple(c for chosen in priority.claims for c in _claims(basin, chosen))
        if claims:
            plans.append(StagePlan(priority.name, "minimise", "share of the claim", claims=claims))
        if priority.cost:
            plans.append(StagePlan(priority.name, "minimise", "million USD", expression="net_cost"))
    if not basin.objective.priorities:
        plans.append(StagePlan("benefit", "maximise", "million USD", expression="net_cost"))
    plans += (plan for plan in CLOSING_PLANS if getattr(basin.objective, plan.name))
    return tuple(plans)
