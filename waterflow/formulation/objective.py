r"""Objective: the stages of a solve, from the priorities of a model or its one sum of benefits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from waterflow.basin.basin import Basin
from waterflow.basin.begun import called
from waterflow.formulation import alarms, clauses, demands, end_values, held_values, hydropower, power, spills, steadiness, values
from waterflow.formulation.language import Claim
from waterflow.formulation.processes import CLAIMS

__all__ = ["CLOSING_PLANS", "EVEN", "EXPRESSIONS", "RESIDUE", "Claim", "StagePlan", "net_cost", "stage_plans"]


@dataclass(frozen=True)
class StagePlan:
    """One priority to solve: leximin over claims, or the minimum of one expression."""

    name: str
    sense: Literal["minimise", "maximise"]
    unit: str
    claims: tuple[Claim, ...] = ()
    expression: str = ""


#: a claim below this, Mm3 or GWh, is a residue: a m3, a kWh
RESIDUE = 1e-6
#: the stage that spreads what is short in a season over its periods, after the name of the priority
EVEN = "even"
#: the closing stages choose among plans of equal merit: the steadiest, then the one that fixed weights prefer
CLOSING_PLANS = (StagePlan("smoothest", "minimise", "m3/s", expression="unsteadiness"), StagePlan("unique", "minimise", "weighted sum"))


def net_cost(m: Any) -> Any:
    """Costs less benefits, million USD: imports, unserved power, spills, alarms, concessions, less power, flows and storage kept."""
    water = demands.value_of_delivery(m) + values.value_of_flows(m) + end_values.value_of_storage(m) + held_values.value_of_holding(m)
    earned = hydropower.value_of_power(m) + water
    return power.cost_of_power(m) + spills.cost_of_spills(m) + alarms.cost_of_alarms(m) + clauses.cost_of_concessions(m) - earned


#: what a stage may minimise besides claims
EXPRESSIONS: dict[str, Callable[[Any], Any]] = {"net_cost": net_cost, "unsteadiness": steadiness.unsteadiness}


def _counts(claim: Claim) -> bool:
    """True unless a claim is the residue of a table's arithmetic: no share of it can be told from the solver's rounding."""
    return claim.amount == 0 or claim.amount >= RESIDUE


def _whole(basin: Basin, claim: Claim) -> Claim:
    """A claim, its share counted of the whole of it where part of its window is past."""
    whole = basin.begun.whole.get(called(claim.unknown, claim.index))
    return claim if whole is None else replace(claim, amount=whole)


def stage_plans(basin: Basin, *, residues: bool = False) -> tuple[StagePlan, ...]:
    """The stages in order: the priorities or the benefit, then the smoothest and the unique plan.

    A claim of nothing (amount 0) is never short; a priority of such claims alone has no stage. Claims that are residues are
    left out, but with ``residues``: a small step from nothing is one.
    """
    plans: list[StagePlan] = []
    # what is short in a season is spread over its periods before money speaks, but after every claim above it
    waiting: list[StagePlan] = []
    for priority in basin.objective.priorities:
        every = (_whole(basin, c) for chosen in priority.claims for c in CLAIMS[chosen.kind](basin, chosen))
        claims = tuple(c for c in every if residues or _counts(c))
        if claims:
            plans.append(StagePlan(priority.name, "minimise", "share of the claim", claims=claims))
        evenly = (_whole(basin, c) for chosen in priority.claims if chosen.kind == "demands" for c in demands.spread(basin, chosen))
        spread = tuple(c for c in evenly if residues or _counts(c))
        if spread:
            waiting.append(StagePlan(f"{priority.name}/{EVEN}", "minimise", "share of the claim", claims=spread))
        if priority.cost:
            plans += [*waiting, StagePlan(priority.name, "minimise", "million USD", expression="net_cost")]
            waiting.clear()
    plans += waiting
    if not basin.objective.priorities:
        plans.append(StagePlan("benefit", "maximise", "million USD", expression="net_cost"))
    plans += (plan for plan in CLOSING_PLANS if getattr(basin.objective, plan.name))
    return tuple(plans)
