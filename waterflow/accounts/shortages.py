"""What is short in a plan, Mm3 and GWh, and what the missing part would have been worth, million USD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from waterflow.accounts.party_facts import PowerShortage, Shortages, TargetShortage, UserShortage, Worth
from waterflow.accounts.payoffs import block_widths, guessed, in_blocks
from waterflow.accounts.plan import Plan
from waterflow.basin.demands import Demand
from waterflow.basin.titles import title_of
from waterflow.basin.values import LEVELS, DeliveryBlock, Level, TargetBlock

__all__ = ["SHORT", "shortages"]

#: what misses less than this (Mm3, GWh) is met
SHORT = 1e-6


def shortages(plan: Plan) -> Shortages:
    """Users, targets and power that are short, each with what is missing and what that would have been worth."""
    users = sorted(_users(plan), key=lambda x: (-round(x.short_Mm3, 6), x.demand, x.window))
    return Shortages(users=tuple(users), targets=tuple(_targets(plan)), power=tuple(_power(plan)))


def _worth(plan: Plan, term: str, at: dict[Level, float]) -> Worth:
    # missing water is worth nothing less than nothing: rounding may say so
    low, central, high = (max(0.0, at[level]) for level in LEVELS)
    return Worth(low_MUSD=low, central_MUSD=central, high_MUSD=high, assumed=guessed(plan.basin, term))


def _priority(plan: Plan, demand: Demand, inside: Sequence[int]) -> str | None:
    """The first priority that claims a user in some of the periods."""
    periods = [plan.basin.calendar.periods[k] for k in inside]
    for priority in plan.basin.objective.priorities:
        for claims in priority.claims:
            if claims.kind == "demands" and claims.takes(demand) and any(map(claims.counts, periods)):
                return priority.name
    return None


def _users(plan: Plan) -> Iterator[UserShortage]:
    for d in plan.basin.demands.values():
        need, delivered = np.asarray(d.need, dtype=float), plan.series("delivery", d.name)
        blocks = sorted((b for b in plan.basin.delivery_values.values() if b.demand == d.name), key=lambda b: b.block)
        for k, (window, season) in enumerate(plan.seasons):
            asked = plan.over(need, window)
            short = asked - plan.over(delivered, window)
            if short <= SHORT:
                continue
            inside = list(plan.basin.calendar.inside(window))
            yield UserShortage(
                demand=d.name,
                title=title_of(d, d.name),
                party=d.party,
                place=d.node,
                use=d.use,
                priority=_priority(plan, d, inside),
                season=season,
                window=str(window),
                need_Mm3=asked,
                entitlement_Mm3=plan.basin.entitlement(d.name, k),
                short_Mm3=short,
                share=short / asked,
                worth=_worth(plan, d.use, _missing(plan, d, blocks, inside)) if blocks or any(d.value) else None,
            )


def _missing(plan: Plan, demand: Demand, blocks: Sequence[DeliveryBlock], inside: list[int]) -> dict[Level, float]:
    """Value of a need less that of what is delivered, over some periods."""
    need, delivered = np.asarray(demand.need, dtype=float)[inside], plan.series("delivery", demand.name)[inside]
    widths = [block_widths(plan.basin.calendar, b, demand)[inside] for b in blocks]
    gaps = [float((whole - got).sum()) for whole, got in zip(in_blocks(need, widths), in_blocks(delivered, widths), strict=True)]
    straight = {level: np.asarray(plan.at_level(level).demands[demand.name].value)[inside] for level in LEVELS}
    return {level: _priced(blocks, gaps, level) + float((need - delivered) @ straight[level]) for level in LEVELS}


def _priced(blocks: Iterable[DeliveryBlock | TargetBlock], gaps: Iterable[float], level: Level) -> float:
    return sum(float(getattr(b, level)) * gap for b, gap in zip(blocks, gaps, strict=True))


def _targets(plan: Plan) -> Iterator[TargetShortage]:
    for x in plan.basin.targets.values():
        passed = plan.total("flow", [x.reach], x.window)
        short = x.amount - passed
        if short <= SHORT:
            continue
        slices = sorted((b for b in plan.basin.target_values.values() if b.target == x.name), key=lambda b: b.block)
        widths = [np.asarray(b.width * x.amount) for b in slices]
        whole, got = (in_blocks(np.asarray(amount), widths) for amount in (x.amount, passed))
        gaps = [float(a - b) for a, b in zip(whole, got, strict=True)]
        yield TargetShortage(
            place=x.place,
            title=plan.title(x.place),
            parties=tuple(dict.fromkeys(b.party for b in slices)),
            window=str(x.window),
            target_Mm3=x.amount,
            short_Mm3=short,
            share=short / x.amount,
            worth=_worth(plan, "targets", {level: _priced(slices, gaps, level) for level in LEVELS}) if slices else None,
        )


def _power(plan: Plan) -> Iterator[PowerShortage]:
    for party, system in sorted(plan.basin.power.items()):
        blocks = [b.name for b in plan.basin.unserved_blocks.values() if b.party == party]
        for window, season in plan.seasons if system.demand else ():
            missing = {name: plan.total("unserved", [name], window) for name in blocks}
            unserved, asked = sum(missing.values()), plan.over(system.demand, window)
            if unserved <= SHORT:
                continue
            costs = {level: plan.at_level(level).unserved_blocks for level in LEVELS}
            at = {level: sum(costs[level][name].cost * amount for name, amount in missing.items()) for level in LEVELS}
            yield PowerShortage(
                party=party,
                season=season,
                window=str(window),
                demand_GWh=asked,
                unserved_GWh=unserved,
                share=unserved / asked,
                worth=_worth(plan, "unserved", at),
            )
