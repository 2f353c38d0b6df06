"""What holds a target back: who comes first, where one more unit would help, which canals are full."""

from __future__ import annotations

import datetime as dt
from typing import Any

from waterflow.accounts.margins import EASED, Round, effects, round_of, served_first
from waterflow.accounts.plan import Plan
from waterflow.basin.targets import Target
from waterflow.words.dates import window_in_words

__all__ = ["holds_back"]

Facts = list[dict[str, Any]]

#: a shortfall this small (Mm3) is none
MET = 1e-6
MOST_SAID = 3


def _priority(plan: Plan, target: Target) -> int | None:
    for k, priority in enumerate(plan.basin.objective.priorities):
        for claims in priority.claims:
            if claims.kind == "targets" and (not claims.places or target.place in claims.places):
                return k
    return None


def _sources(plan: Plan, found: Facts, *, strictly: bool = False) -> Facts:
    """Effects at places where water comes from or is kept; unless strictly, at any place if none of those has one."""
    basin = plan.basin
    there = [e for e in found if e["name"] in basin.reservoirs or any(basin.runoff.get(e["name"], ()))]
    return there if strictly else there or found


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


def _margins(plan: Plan, target: Target, settled: Round) -> tuple[list[str], Facts]:
    """What one unit more would deliver, in words and in numbers."""
    words: list[str] = []
    every: Facts = []
    for kind, unit, lead in EASED:
        found = effects(plan, settled, kind, unit)
        found = (_sources(plan, found) if kind == "water_balance" else found)[:MOST_SAID]
        said = "; ".join(f"{e['delivers_Mm3']:.2f} at {_name(plan, e)}" for e in found)
        words += [f"{lead}: {said}."] if found else []
        every += found
    first: dict[str, str] = {}
    above = _above(plan, plan.basin.reaches[target.reach].start)
    for name, value in served_first(plan, settled, above):
        first.setdefault(name.split("/")[0], f"{name} (short by up to {100 * value:.0f} %)")
    if first:
        anywhere = "In parts of the river more" if _sources(plan, every, strictly=True) else "More"
        words.insert(0, f"{anywhere} water would first serve: {', '.join(first.values())}.")
    return words, every


def _explained(plan: Plan, target: Target, short: dict[str, float]) -> dict[str, Any]:
    priorities, k = plan.basin.objective.priorities, _priority(plan, target)
    if k is None:
        return {"words": ["No priority asks for this target."], "comes_after": [], "effects": [], "at_capacity": []}
    after = [p.name for p in priorities[:k]]
    words = [f"Comes after: {', '.join(after)}."] if after else ["Nothing comes before it."]
    words += _shared(plan, target, short)
    settled = round_of(plan, target, priorities[k].name)
    said, found = _margins(plan, target, settled) if settled else ([], [])
    words += said
    words += [] if found else ["No single unit more of water would deliver more to it."]
    full = _full(plan, target)
    words += [f"Carries all it can: {x['title']} in {', '.join(x['periods'])}." for x in full]
    return {"words": words, "comes_after": after, "effects": found, "at_capacity": full}


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
