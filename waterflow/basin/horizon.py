"""Horizon: the same river over other months, every series repeated by calendar month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from waterflow.basin.area import AreaCurve
from waterflow.basin.basin import Basin
from waterflow.basin.objective import Objective
from waterflow.calendar import Calendar, Period
from waterflow.words.catalogue import say

__all__ = ["over"]

Values = tuple[float, ...]


def over(basin: Basin, start: dt.date, end: dt.date) -> Basin:
    """The physical river of a basin over another horizon: nodes, reaches, reservoirs, demands and plants.

    What belongs to the old dates (rules, limits, floors, targets, agreed and known flows, threshold shares), power
    systems and the order of priorities are left out. A series takes the value of the same calendar month; openings stay.

    Parameters
    ----------
    basin : Basin
        By month, over at least a whole year.
    start, end : date
        First day of a month and last day of a month.

    Raises
    ------
    ValueError
        If the horizon cuts a month, or a calendar month of it is not in the basin's own horizon.
    """
    calendar = Calendar(start, end, "month", basin.calendar.growing)
    old = basin.calendar

    def inside(values: Sequence[float]) -> Values:
        return _laid(basin.name, values, old.periods, calendar.periods)

    def before(values: Sequence[float]) -> Values:
        return _laid(basin.name, values, old.history, calendar.history)

    def along(values: Sequence[float]) -> Values:
        return _laid(basin.name, values[len(old.history) :], old.periods, calendar.timeline)

    def part(item: Any, **ways: Any) -> Any:
        found = {name: getattr(item, name) for name in ways}
        return item.model_copy(update={name: None if v is None else ways[name](v) for name, v in found.items()})

    along_reach: dict[str, Any] = {"evaporation": along, "seepage": along, "travel_days": along, "capacity": inside, "flow_before": before}
    along_reach |= {"constant_loss": lambda values: along(values) if values else (), "dry": lambda _: ()}
    return Basin.model_construct(
        name=basin.name,
        title=basin.title,
        title_ru=basin.title_ru,
        scenario=basin.scenario,
        calendar=calendar,
        parties=basin.parties,
        nodes=basin.nodes,
        reaches={n: part(r, **along_reach) for n, r in basin.reaches.items()},
        runoff={n: inside(v) for n, v in basin.runoff.items()},
        reservoirs={
            n: part(r, net_evaporation=inside, seepage_depth=inside, seepage_share=inside, seepage_volume=inside, curve=AreaCurve.undrawn)
            for n, r in basin.reservoirs.items()
        },
        recharges=basin.recharges,
        demands={n: part(d, need=inside, capacity=inside, value=inside, delivery_before=before) for n, d in basin.demands.items()},
        plants={n: part(p, capacity=inside) for n, p in basin.plants.items()},
        objective=Objective(),
        grades=basin.grades,
        changes=basin.changes,
    )


def _laid(name: str, values: Sequence[float], have: Sequence[Period], want: Sequence[Period]) -> Values:
    """A series laid over other periods: each takes the value of its calendar month."""
    by_month = dict(zip((p.month for p in reversed(have)), reversed(values), strict=True))
    missing = sorted({p.month for p in want} - by_month.keys())
    if missing:
        months = ", ".join(map(str, missing))
        message = say("{name}: no value for the months {missing}; its horizon is shorter than a year", name=name, missing=months)
        raise ValueError(message)
    return tuple(by_month[p.month] for p in want)
