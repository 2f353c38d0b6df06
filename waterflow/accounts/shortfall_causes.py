"""What holds a target back: who comes first, where one more unit would help, which canals are full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from waterflow.accounts.margins import EASED, Round, effects, round_of, served_first
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
            if claims.kind == "targets" and claims.at(target.place) and claims.holds(plan.basin.calendar, target.window):
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
        if reach.start not in above or reach.capacity is None or reach.spillway:
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


def _eased(plan: Plan, settled: Round) -> list[MarginEffect]:
    """What one unit more of each kind would deliver."""
    told: list[MarginEffect] = []
    for kind in EASED:
        found = effects(plan, settled, kind)
        found = (_at_sources(plan, found) or found) if kind == "water_balance" else found
        told += found[:MOST_TOLD]
    return told


def _short(plan: Plan, target: Target, short: Mapping[str, float]) -> ShortfallCause:
    """What holds a target back; a target that no priority asks for is only short."""
    where, window = plan.title(target.place), str(target.window)
    priorities, k = plan.basin.objective.priorities, _priority(plan, target)
    if k is None:
        return ShortfallCause(place=target.place, title=where, window=window, status="short")
    above = _above(plan, plan.basin.reaches[target.reach].start)
    settled = round_of(plan, target, priorities[k].name)
    told = _eased(plan, settled) if settled else []
    return ShortfallCause(
        place=target.place,
        title=where,
        window=window,
        status="short",
        priority=priorities[k].name,
        comes_after=tuple(p.name for p in priorities[:k]),
        same_priority=_same(plan, target, short),
        served_first=tuple(served_first(plan, settled, above)) if settled else (),
        anywhere=settled is not None and not _at_sources(plan, told),
        effects=tuple(told),
        at_capacity=_full(plan, target, above),
    )


def holds_back(plan: Plan, targets: Iterable[TargetFact]) -> tuple[ShortfallCause, ...]:
    """For each target: met, or what holds it back."""
    pairs = list(zip(plan.basin.targets.values(), targets, strict=True))
    short = {x.name: fact.shortfall_Mm3 / x.amount if x.amount else 0.0 for x, fact in pairs}
    return tuple(
        ShortfallCause(place=x.place, title=plan.title(x.place), window=str(x.window), status="met")
        if fact.shortfall_Mm3 <= MET
        else _short(plan, x, short)
        for x, fact in pairs
    )
