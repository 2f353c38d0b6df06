"""What holds a target back: who comes first, where one more unit would help, which canals are full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from waterflow.accounts.margins import EASED, effects, round_of, served_first
from waterflow.accounts.plan import Plan
from waterflow.accounts.water_facts import FullReach, MarginEffect, SamePriority, ShortfallCause, TargetFact
from waterflow.basin.targets import Target
from waterflow.basin.titles import called

__all__ = ["holds_back"]

#: a shortfall this small (Mm3) is none
MET = 1e-6
#: effects of a kind that are told
MOST_TOLD = 3


def _priority(plan: Plan, target: Target) -> int | None:
    for k, priority in enumerate(plan.basin.objective.priorities):
        for claims in priority.claims:
            if claims.kind == "targets" and (not claims.places or target.place in claims.places):
                return k
    return None


def _at_sources(plan: Plan, found: Iterable[MarginEffect]) -> list[MarginEffect]:
    """Effects at places where water comes from or is kept."""
    basin = plan.basin
    return [e for e in found if e.name in basin.reservoirs or any(basin.runoff.get(e.name, ()))]


def _above(plan: Plan, node: str) -> set[str]:
    """Nodes whose water can run to a node."""
    found, grown = {node}, True
    while grown:
        more = {r.start for r in plan.basin.reaches.values() if r.end in found} - found
        found, grown = found | more, bool(more)
    return found


def _full(plan: Plan, target: Target, above: set[str]) -> tuple[FullReach, ...]:
    """Reaches above a target that carry all they can in periods of its window."""
    basin, found = plan.basin, []
    for reach in basin.reaches.values():
        if reach.start not in above or reach.capacity is None or reach.spill_cost:
            continue
        flow = plan.series("flow", reach.name)
        full = [k for k in basin.calendar.inside(target.window) if 0 < reach.capacity[k] <= flow[k] + MET]
        if full:
            labels = tuple(basin.calendar.labels[k] for k in full)
            found.append(FullReach(reach=reach.name, title=called(basin, reach.name), periods=labels))
    return tuple(found)


def _same(plan: Plan, target: Target, short: Mapping[str, float]) -> tuple[SamePriority, ...]:
    """Other targets of the same priority that are at least as short: they share the shortage or are helped first."""
    own, mine = short[target.name], _priority(plan, target)
    return tuple(
        SamePriority(
            place=x.place,
            title=plan.title(x.place),
            window=str(x.window),
            short_share=short[x.name],
            helped_first=short[x.name] > own + MET,
        )
        for x in plan.basin.targets.values()
        if x.name != target.name and _priority(plan, x) == mine and short[x.name] >= max(own - MET, MET)
    )


def _margins(plan: Plan, target: Target, priority: str, above: set[str]) -> dict[str, Any]:
    """What one unit more would deliver, and who would be served before the target."""
    settled = round_of(plan, target, priority)
    if settled is None:
        return {}
    told: list[MarginEffect] = []
    for kind in EASED:
        found = effects(plan, settled, kind)
        found = (_at_sources(plan, found) or found) if kind == "water_balance" else found
        told += found[:MOST_TOLD]
    first = served_first(plan, settled, above)
    return {"effects": tuple(told), "served_first": tuple(first), "anywhere": not _at_sources(plan, told)}


def _cause(plan: Plan, target: Target, short: Mapping[str, float]) -> dict[str, Any]:
    priorities, k = plan.basin.objective.priorities, _priority(plan, target)
    if k is None:
        return {}
    above = _above(plan, plan.basin.reaches[target.reach].start)
    return {
        "priority": priorities[k].name,
        "comes_after": tuple(p.name for p in priorities[:k]),
        "same_priority": _same(plan, target, short),
        **_margins(plan, target, priorities[k].name, above),
        "at_capacity": _full(plan, target, above),
    }


def holds_back(plan: Plan, targets: Iterable[TargetFact]) -> tuple[ShortfallCause, ...]:
    """For each target: met, or what holds it back."""
    pairs = list(zip(plan.basin.targets.values(), targets, strict=True))
    short = {x.name: fact.shortfall_Mm3 / x.amount if x.amount else 0.0 for x, fact in pairs}
    found = []
    for target, fact in pairs:
        met = fact.shortfall_Mm3 <= MET
        about = {"place": target.place, "title": plan.title(target.place), "window": str(target.window)}
        found.append(ShortfallCause(**about, status="met" if met else "short", **({} if met else _cause(plan, target, short))))
    return tuple(found)
