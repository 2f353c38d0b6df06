r"""Alarms: storages below a level and flows above one, at a damage. Mm3 and million USD; storage at the END of a period.

A level may be passed: the damage is part of the cost, and a priority that names alarms keeps them before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.calendar import Period
from waterflow.formulation.language import Claim, Equation, Unknown, given
from waterflow.units import MEAN_MONTH

UNKNOWNS = (
    Unknown("below_alarm", ("storage_alarms", "periods"), "Mm3", "Storage missing to the level of the alarm"),
    Unknown("above_alarm", ("flow_alarms", "periods"), "Mm3", "Flow above the level of the alarm"),
)

GIVENS = (given("alarm_storage"), given("alarm_flow"))


def _period(m: Any, t: str) -> Period:
    basin: Basin = m.basin
    return basin.calendar.periods[basin.calendar.position[t]]


def storage_alarm_kept(m: Any, x: str, t: str) -> Any:
    r"""In the months of the alarm the storage is no less than its level, or the difference does damage.

    .. math:: S_{r,t} + U_{x,t} - \underline{S}_x \ge 0
    """
    alarm = m.basin.storage_alarms[x]
    if not alarm.rings(_period(m, t).month):
        return None
    return m.storage[alarm.reservoir, t] + m.below_alarm[x, t] - m.alarm_storage[x] >= 0


def flow_alarm_kept(m: Any, x: str, t: str) -> Any:
    r"""In the months of the alarm the flow is no more than its level, or the difference does damage.

    .. math:: \overline{Q}_x / q_t + U_{x,t} - F_{a,t} \ge 0 \qquad q_t = 10^6 / (86400 \, \mathrm{days}_t)
    """
    alarm, period = m.basin.flow_alarms[x], _period(m, t)
    if not alarm.rings(period.month):
        return None
    return m.alarm_flow[x] / period.rate + m.above_alarm[x, t] - m.flow[alarm.reach, t] >= 0


EQUATIONS = (
    Equation(storage_alarm_kept, ("storage_alarms", "periods"), "Mm3"),
    Equation(flow_alarm_kept, ("flow_alarms", "periods"), "Mm3"),
)


def cost_of_alarms(m: Any) -> Any:
    """What levels passed do of damage, million USD: a storage by the months that it is below, a flow by its volume."""
    b, labels = m.basin, m.basin.calendar.labels
    low = sum(x.damage * _period(m, t).days / MEAN_MONTH * m.below_alarm[x.name, t] for x in b.storage_alarms.values() for t in labels)
    return low + sum(x.damage * m.above_alarm[x.name, t] for x in b.flow_alarms.values() for t in labels)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for period in basin.calendar.periods:
        if chosen.counts(period):
            for s in basin.storage_alarms.values():
                if chosen.at(s.place) and s.rings(period.month):
                    yield Claim("below_alarm", (s.name, period.label), s.storage)
            for f in basin.flow_alarms.values():
                if chosen.at(f.place) and f.rings(period.month):
                    yield Claim("above_alarm", (f.name, period.label), f.flow / period.rate)


CLAIMS = {"alarms": _claims}
