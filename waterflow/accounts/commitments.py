"""What was promised beside what the plan does: targets, floors, limits, agreed and known flows, shared surpluses."""

from __future__ import annotations

import datetime as dt

from waterflow.accounts.plan import Plan
from waterflow.accounts.water_facts import (
    AgreedFlow,
    FloorFact,
    FloorShortfall,
    KnownFlowFact,
    LimitFact,
    PartyWater,
    StorageRuleFact,
    TargetFact,
    ThresholdShareFact,
)
from waterflow.basin.targets import Floor, KnownFlow

__all__ = [
    "accounts",
    "agreed_flows",
    "floor_shortfalls",
    "floors",
    "known_flows",
    "limits",
    "storage_rules",
    "targets",
    "threshold_shares",
]

#: a flow this little under its floor (m3/s) is at its floor
AT_FLOOR = 1e-6


def targets(plan: Plan) -> tuple[TargetFact, ...]:
    """Volume delivered past the gauge of each target in its window, Mm3."""
    passed = {x.name: plan.total("flow", [x.reach], x.window) for x in plan.basin.targets.values()}
    return tuple(
        TargetFact(
            place=x.place,
            window=str(x.window),
            target_Mm3=x.amount,
            delivered_Mm3=passed[x.name],
            shortfall_Mm3=max(0.0, x.amount - passed[x.name]),
        )
        for x in plan.basin.targets.values()
    )


def _floors(plan: Plan) -> list[Floor]:
    return sorted(plan.basin.floors.values(), key=lambda f: (*plan.order(f.place), f.window.start, f.name))


def floors(plan: Plan) -> tuple[FloorFact, ...]:
    """Lowest flow of any period at the upper end of each floor's reach, m3/s."""
    found = []
    for f in _floors(plan):
        rates = plan.rates(plan.series("flow", f.reach))
        lowest = min(float(rates[k]) for k in plan.basin.calendar.inside(f.window))
        found.append(FloorFact(place=f.place, window=str(f.window), floor_m3s=f.flow, lowest_m3s=lowest))
    return tuple(found)


def floor_shortfalls(plan: Plan) -> tuple[FloorShortfall, ...]:
    """The periods in which a floor is missed, and by how much, m3/s."""
    found = []
    for f in _floors(plan):
        rates = plan.rates(plan.series("flow", f.reach))
        for k in plan.basin.calendar.inside(f.window):
            missing = f.flow - float(rates[k])
            if missing > AT_FLOOR:
                label = plan.basin.calendar.labels[k]
                found.append(FloorShortfall(place=f.place, window=str(f.window), period=label, missing_m3s=missing))
    return tuple(found)


def limits(plan: Plan) -> tuple[LimitFact, ...]:
    """What a party's limited demands take in a season beside its limit, Mm3."""
    found = []
    for x in sorted(plan.basin.limits.values(), key=lambda x: (x.party, x.window.start)):
        users = [d.name for d in plan.basin.demands.values() if d.limited and d.party == x.party]
        delivered = plan.total("delivery", users, x.window)
        found.append(LimitFact(party=x.party, season=x.season, limit_Mm3=x.amount, delivered_Mm3=delivered))
    return tuple(found)


def accounts(plan: Plan) -> tuple[PartyWater, ...]:
    """What each party's users ask for and get in a season, under its limit and outside it, Mm3."""
    found, allowed = [], {(x.party, x.window): x.amount for x in plan.basin.limits.values()}
    for window, season in plan.seasons:
        for party in plan.basin.parties:
            need, delivered = {}, {}
            for limited in (True, False):
                users = [d for d in plan.basin.demands.values() if d.party == party and d.limited == limited]
                need[limited] = sum(plan.over(d.need, window) for d in users)
                delivered[limited] = plan.total("delivery", [d.name for d in users], window)
            found.append(
                PartyWater(
                    party=party,
                    season=season,
                    window=str(window),
                    limit_Mm3=allowed.get((party, window)),
                    need_under_limit_Mm3=need[True],
                    delivered_under_limit_Mm3=delivered[True],
                    need_outside_limit_Mm3=need[False],
                    delivered_outside_limit_Mm3=delivered[False],
                )
            )
    return tuple(found)


def agreed_flows(plan: Plan) -> tuple[AgreedFlow, ...]:
    """What comes to each agreed place in the window beside what was agreed, Mm3; the longest windows last."""
    order = sorted(plan.basin.agreed_flows.values(), key=lambda x: (x.place, x.window.end - x.window.start, x.window.start))
    return tuple(
        AgreedFlow(place=x.place, window=str(x.window), agreed_Mm3=x.amount, modelled_Mm3=plan.over(plan.inflow(x.place), x.window))
        for x in order
    )


def _modelled(plan: Plan, known: KnownFlow) -> float | None:
    """What the plan has for a known figure, Mm3; None where the horizon or its periods do not hold it."""
    basin = plan.basin
    if known.quantity == "storage":
        if known.place not in basin.reservoirs:
            return None
        # a figure of the last day of a period is that of its end, half a day away
        days = (known.window.start, known.window.start + dt.timedelta(days=1))
        return next((v for day in days if (v := plan.storage_on(known.place, day)) is not None), None)
    try:
        basin.calendar.inside(known.window)
    except ValueError:
        return None
    if known.quantity == "target":
        reaches = {x.reach for x in basin.targets.values() if x.place == known.place}
        return plan.total("flow", sorted(reaches), known.window) if reaches else None
    if known.place not in basin.nodes:
        return None
    series = plan.inflow(known.place) if known.quantity == "arriving" else plan.release(known.place)
    return None if series is None else plan.over(series, known.window)


def known_flows(plan: Plan) -> tuple[KnownFlowFact, ...]:
    """Published plans and facts beside the plan, where they lie on whole periods of the horizon, Mm3."""

    def order(x: KnownFlow) -> tuple[object, ...]:
        return (*plan.order(x.place), x.quantity, x.window.start, x.window.end, x.kind, x.amount, x.source)

    return tuple(
        KnownFlowFact(
            place=x.place,
            quantity=x.quantity,
            window=str(x.window),
            kind=x.kind,
            value_Mm3=x.amount,
            modelled_Mm3=modelled,
            source=x.source,
            grade=x.grade,
        )
        for x in sorted(plan.basin.known_flows.values(), key=order)
        if (modelled := _modelled(plan, x)) is not None
    )


def storage_rules(plan: Plan) -> tuple[StorageRuleFact, ...]:
    """Storage that was agreed for a date beside the plan's, Mm3."""
    found = []
    for x in sorted(plan.basin.storage_rules.values(), key=lambda x: (*plan.order(x.reservoir), x.period, x.name)):
        date = plan.basin.calendar.periods[x.period].end + dt.timedelta(days=1)
        stored = float(plan.series("storage", x.reservoir)[x.period])
        found.append(StorageRuleFact(place=x.reservoir, date=str(date), rule=x.rule, agreed_Mm3=x.storage, modelled_Mm3=stored))
    return tuple(found)


def threshold_shares(plan: Plan) -> tuple[ThresholdShareFact, ...]:
    """Shares of an inflow above a threshold: what is due and what goes there, Mm3."""
    return tuple(
        ThresholdShareFact(
            place=x.node,
            window=str(x.window),
            party=x.party,
            threshold_Mm3=x.threshold,
            inflow_Mm3=plan.total("arriving_flow", plan.basin.paths.arriving[x.node], x.window),
            due_Mm3=x.due,
            delivered_Mm3=plan.total("flow", [x.reach], x.window),
        )
        for x in plan.basin.threshold_shares.values()
    )
