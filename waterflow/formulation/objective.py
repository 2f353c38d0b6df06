r"""Objective: the stages of a solve, from the priorities of a model or its one sum of benefits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from waterflow.basin.basin import Basin
from waterflow.basin.begun import called
from waterflow.basin.objective import STRAIGHT
from waterflow.formulation import (
    alarms,
    clauses,
    conveyance,
    demands,
    end_values,
    held_values,
    hydropower,
    power,
    spills,
    steadiness,
    values,
)
from waterflow.formulation.language import Claim
from waterflow.formulation.processes import CLAIMS

__all__ = ["CLOSING_PLANS", "EVEN", "EXPRESSIONS", "RESIDUE", "Claim", "StagePlan", "closing_plans", "net_cost", "stage_plans"]


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
#: where water can come round again, a plan that turns less of it is chosen before the steadiest
STRAIGHTEST = StagePlan(STRAIGHT, "minimise", "Mm3", expression="turning")


def net_cost(m: Any) -> Any:
    """Costs less benefits, million USD: imports, unserved power, spills, lifts, alarms, concessions, less power, flows, storage kept."""
    water = demands.value_of_delivery(m) + values.value_of_flows(m) + end_values.value_of_storage(m) + held_values.value_of_holding(m)
    earned = hydropower.value_of_power(m) + water
    moved = spills.cost_of_spills(m) + conveyance.cost_of_reaches(m)
    return power.cost_of_power(m) + moved + alarms.cost_of_alarms(m) + clauses.cost_of_concessions(m) - earned


#: what a stage may minimise besides claims
EXPRESSIONS: dict[str, Callable[[Any], Any]] = {
    "net_cost": net_cost,
    "unsteadiness": steadiness.unsteadiness,
    "turning": conveyance.turning,
}


def closing_plans(basin: Basin) -> tuple[StagePlan, ...]:
    """The closing stages of a basin: on a river that only runs down nothing turns, and there is no stage for it."""
    return (STRAIGHTEST, *CLOSING_PLANS) if basin.paths.turning else CLOSING_PLANS


def _counts(claim: Claim) -> bool:
    """True unless a claim is the residue of a table's arithmetic: no share of it can be told from the solver's rounding."""
    return claim.amount == 0 or claim.amount >= RESIDUE


def _whole(basin: Basin, claim: Claim) -> Claim:
    """A claim, its share counted of the whole of it where part of its window is past."""
    whole = basin.begun.whole.get(called(claim.unknown, claim.index))
    return claim if whole is None else replace(claim, amount=whole)


def stage_plans(basin: Basin, *, residues: bool = False) -> tuple[StagePlan, ...]:
    """The stages in order: the priorities or the benefit, then the straightest, the smoothest and the unique plan.

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
    plans += (plan for plan in closing_plans(basin) if getattr(basin.objective, plan.name, True))
    return tuple(plans)
