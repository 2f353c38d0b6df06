"""Which alarms a plan rings, when, and what damage it takes for that."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.accounts.alarm_facts import AlarmFact
from waterflow.accounts.plan import Plan
from waterflow.units import MEAN_MONTH

__all__ = ["alarms_rung"]

#: Mm3 beyond a level below which nothing rings
SMALL = 1e-3


def alarms_rung(plan: Plan) -> tuple[AlarmFact, ...]:
    """Every period in which a storage is below, or a flow above, the level of its alarm."""
    return (*_storages(plan), *_flows(plan))


def _storages(plan: Plan) -> Iterator[AlarmFact]:
    for x in plan.basin.storage_alarms.values():
        stored, missing = plan.series("storage", x.reservoir), plan.series("below_alarm", x.name)
        for k, period in enumerate(plan.basin.calendar.periods):
            if x.rings(period.month) and missing[k] > SMALL:
                yield AlarmFact(
                    alarm=x.name,
                    place=x.place,
                    party=x.party,
                    kind="storage",
                    period=period.label,
                    planned=float(stored[k]),
                    level=x.storage,
                    beyond_Mm3=float(missing[k]),
                    damage_MUSD=x.damage * float(missing[k]) * period.days / MEAN_MONTH,
                )


def _flows(plan: Plan) -> Iterator[AlarmFact]:
    for x in plan.basin.flow_alarms.values():
        rates, above = plan.rates(plan.series("flow", x.reach)), plan.series("above_alarm", x.name)
        for k, period in enumerate(plan.basin.calendar.periods):
            if x.rings(period.month) and above[k] > SMALL:
                yield AlarmFact(
                    alarm=x.name,
                    place=x.place,
                    party=x.party,
                    kind="flow",
                    period=period.label,
                    planned=float(rates[k]),
                    level=x.flow,
                    beyond_Mm3=float(above[k]),
                    damage_MUSD=x.damage * float(above[k]),
                )
