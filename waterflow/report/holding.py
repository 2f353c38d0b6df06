"""What holds a target back: who comes first, where one more unit would help, which canals are full.

Read from the duals of the target's own stage: the round of its priority in which its shortage was
settled. An effect counts the Mm3 that one more unit would bring to every target short in that round.
Duals are prices at the margin: true for a little more, not for any amount.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from waterflow.basin.targets import Target
from waterflow.report.plan import Plan, plain
from waterflow.report.text import window_in_words

__all__ = ["holds_back"]

Facts = list[dict[str, Any]]

#: a shortfall this small (Mm3) is none
MET = 1e-6
#: effects below this (Mm3 delivered by one unit) say nothing to a negotiator
WORTH_SAYING = 0.005
MOST_SAID = 3
#: (dual, unit) of the rules whose easing by one unit may help
EASED = (
    ("storage_held_dual", "Mm3"),
    ("storage_not_passed_dual", "Mm3"),
    ("entitlement_met_dual", "Mm3"),
    ("floor_kept_dual", "m3/s"),
    ("power_floor_kept_dual", "GWh"),
    ("power_claim_met_dual", "GWh"),
)
LEADS = {
    "water_balance": "One more Mm3 of water would deliver (Mm3)",
    "storage_held": "One Mm3 less held in store would deliver (Mm3)",
    "storage_not_passed": "One Mm3 more allowed in store would deliver (Mm3)",
    "entitlement_met": "One Mm3 less for a user that comes first would deliver (Mm3)",
    "floor_kept": "One m3/s less of a minimum flow would deliver (Mm3)",
    "power_floor_kept": "One GWh less of assured power would deliver (Mm3)",
    "power_claim_met": "One GWh less of claimed power would deliver (Mm3)",
}


@dataclass(frozen=True)
class _Round:
    """The stage that settled a target's shortage and what a unit of its value is worth in Mm3."""

    stage: int
    worth: float


def _priority(plan: Plan, target: Target) -> int | None:
    for k, priority in enumerate(plan.basin.objective.priorities):
        for claims in priority.claims:
            if claims.kind == "targets" and (not claims.places or target.place in claims.places):
                return k
    return None


def _round(plan: Plan, target: Target, priority: str) -> _Round | None:
    names = [str(s) for s in plan.dataset["stage"].values]
    rounds = [k for k, name in enumerate(names) if name == priority or name.startswith(f"{priority}/")]
    prices = np.abs(np.nan_to_num(np.asarray(plan.dataset["target_delivered_dual"].values, dtype=float)))
    place = [str(t) for t in plan.dataset["target"].values].index(target.name)
    best = max(rounds, key=lambda k: float(prices[k, place]), default=None)
    if best is None or prices[best, place] * target.amount <= WORTH_SAYING:
        return None
    amounts = np.array([plan.basin.targets[str(t)].amount for t in plan.dataset["target"].values])
    return _Round(best, float(amounts[prices[best] > 0].sum()))


def _effects(plan: Plan, settled: _Round, variable: str, unit: str) -> Facts:
    """The largest effect of each member of an equation, the largest members first."""
    duals = plan.dataset[variable]
    values = -np.nan_to_num(np.asarray(duals.values[settled.stage], dtype=float)) * settled.worth
    values = values.reshape(values.shape[0], -1) if values.size else np.zeros((0, 1))
    dims = [str(d) for d in duals.dims[1:]]
    names = [str(n) for n in plan.dataset[dims[0]].values]
    whens = [str(w) for w in plan.dataset[dims[1]].values] if len(dims) > 1 else [""]
    found = [
        {
            "kind": variable.removesuffix("_dual"),
            "name": name,
            "when": whens[int(row.argmax())],
            "unit": unit,
            "delivers_Mm3": plain(row.max()),
        }
        for name, row in zip(names, values, strict=True)
        if row.max() > WORTH_SAYING
    ]
    return sorted(found, key=lambda e: (-round(e["delivers_Mm3"], 6), e["name"]))


def _sources(plan: Plan, effects: Facts) -> Facts:
    """Effects at places where water comes from or is kept; at any place if none of those has one."""
    basin = plan.basin
    there = [e for e in effects if e["name"] in basin.reservoirs or any(basin.runoff.get(e["name"], ()))]
    return there or effects


def _name(plan: Plan, effect: dict[str, Any]) -> str:
    """What an effect is about, for people."""
    name, basin = effect["name"], plan.basin
    if effect["kind"] == "water_balance":
        return f"{plan.title(name)} in {effect['when']}"
    if name in basin.storage_rules:
        rule = basin.storage_rules[name]
        day = basin.calendar.periods[rule.period].end + dt.timedelta(days=1)
        return f"{plan.title(rule.reservoir)} on {day}"
    if name in basin.demands:
        demand = basin.demands[name]
        return f"{demand.title or name} ({demand.party}), {window_in_words(effect['when'])}"
    if name in basin.floors:
        return f"{plan.title(basin.floors[name].place)} in {effect['when']}"
    claim = basin.power_claims[name]
    return f"{claim.party} {effect['when']}".strip()


def _above(plan: Plan, node: str) -> set[str]:
    """Nodes whose water can run to a node."""
    found, grown = {node}, True
    while grown:
        more = {r.start for r in plan.basin.reaches.values() if r.end in found} - found
        found, grown = found | more, bool(more)
    return found


def _full(plan: Plan, target: Target) -> Facts:
    """Reaches above a target that carry all they can in periods of its window."""
    basin, found = plan.basin, []
    above = _above(plan, basin.reaches[target.reach].start)
    for reach in basin.reaches.values():
        if reach.start not in above or reach.capacity is None or reach.spill_cost:
            continue
        flow = plan.series("flow", reach.name)
        full = [k for k in basin.calendar.inside(target.window) if 0 < reach.capacity[k] <= flow[k] + MET]
        if full:
            labels = [basin.calendar.labels[k] for k in full]
            found.append({"reach": reach.name, "title": reach.title or reach.name, "periods": labels})
    return found


def _shared(plan: Plan, target: Target, short: dict[str, float]) -> list[str]:
    """Other targets of the same priority that are at least as short: they share the shortage or are helped first."""
    own, mine, said = short[target.name], _priority(plan, target), []
    for x in plan.basin.targets.values():
        if x.name == target.name or _priority(plan, x) != mine or short[x.name] < max(own - MET, MET):
            continue
        how = "and helped first" if short[x.name] > own + MET else "the shortage is shared"
        where = f"{plan.title(x.place)}, {window_in_words(str(x.window))}"
        said.append(f"Same priority: {where}, {100 * short[x.name]:.0f} % short, {how}.")
    return said


def _explained(plan: Plan, target: Target, short: dict[str, float]) -> dict[str, Any]:
    priorities, k = plan.basin.objective.priorities, _priority(plan, target)
    if k is None:
        return {"words": ["No priority asks for this target."], "comes_after": [], "effects": [], "at_capacity": []}
    after = [p.name for p in priorities[:k]]
    words = [f"Comes after: {', '.join(after)}."] if after else ["Nothing comes before it."]
    words += _shared(plan, target, short)
    settled, effects = _round(plan, target, priorities[k].name), []
    for variable, unit in (("water_balance_dual", "Mm3"), *EASED) if settled else ():
        found = _effects(plan, settled, variable, unit) if settled else []
        found = (_sources(plan, found) if variable == "water_balance_dual" else found)[:MOST_SAID]
        effects += found
        said = "; ".join(f"{e['delivers_Mm3']:.2f} at {_name(plan, e)}" for e in found)
        words += [f"{LEADS[variable.removesuffix('_dual')]}: {said}."] if found else []
    if not effects:
        words.append("No single unit more of water would deliver more to it.")
    full = _full(plan, target)
    words += [f"Carries all it can: {x['title']} in {', '.join(x['periods'])}." for x in full]
    return {"words": words, "comes_after": after, "effects": effects, "at_capacity": full}


def holds_back(plan: Plan, targets: Facts) -> Facts:
    """For each target: met, or what holds it back, in plain words and in numbers."""
    pairs = list(zip(plan.basin.targets.values(), targets, strict=True))
    short = {x.name: fact["shortfall_Mm3"] / x.amount if x.amount else 0.0 for x, fact in pairs}
    found = []
    for target, fact in pairs:
        where = {"place": target.place, "window": str(target.window)}
        if fact["shortfall_Mm3"] <= MET:
            found.append({**where, "status": "met", "words": ["met"], "comes_after": [], "effects": [], "at_capacity": []})
        else:
            found.append({**where, "status": "short", **_explained(plan, target, short)})
    return found
