"""Plan beside fact, series by series: to date, dekad by dekad, at the end of the season; alarms; two sources of one series."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from waterflow.ledger.days import Floats
from waterflow.ledger.season import STORAGE, SeasonDays
from waterflow.ledger.status_facts import Alarm, Dekad, Line, TwoSources, Under

__all__ = ["Thresholds", "alarms", "line_of", "lines", "two_sources"]

#: energy is not a series of days that a plan has; what was done of a clause is told with the clause
FULFILLED = "fulfilled"
NOTHING = 1e-9
#: thresholds of some series, by place and quantity (blank for any), before the one for all
Thresholds = dict[tuple[str, str], Under]


def lines(season: SeasonDays, *, with_dekads: bool = False) -> tuple[Line, ...]:
    """A line for each series and source that has a fact, as the river runs."""
    order = {place: k for k, place in enumerate(season.places)}
    keys = sorted((key for key in season.facts if key[1] != FULFILLED), key=lambda key: (order.get(key[0], len(order)), key[1]))
    return tuple(line_of(season, *key, with_dekads=with_dekads) for key in keys if _known(season.facts[key]))


def _known(values: Floats) -> bool:
    return bool((~np.isnan(values)).any())


def line_of(season: SeasonDays, place: str, quantity: str, source: str, *, with_dekads: bool = False) -> Line:
    """Plan beside fact of one series and source."""
    fact, plan = season.facts[place, quantity, source], season.plan((place, quantity))
    there = np.flatnonzero(~np.isnan(fact))
    last = int(there[-1])
    chosen = there[-1:] if quantity == STORAGE else there
    planned = None if plan is None else float(np.nansum(plan[chosen]))
    found = float(fact[chosen].sum())
    deviation = None if planned is None else found - planned
    layered = season.layered((place, quantity), source)
    if quantity == STORAGE:
        closing = None if plan is None else float(plan[-1])
        projected = None if closing is None else _closing(season, place, found, last)
    else:
        closing = None if plan is None else float(np.nansum(plan))
        projected = None if plan is None else float(np.nansum(layered.values))
    row = season.places.get(place) or season.clauses.get(place)
    return Line(
        place=place,
        title=season.title(place),
        sort=str(row["sort"] or "clause") if row else "",
        party=season.holder(place),
        quantity=quantity,
        source=source,
        grades=tuple(dict.fromkeys(r["grade"] for r in season.grouped[place, quantity][source])),
        last_day=season.days.day(last),
        days=len(there),
        plan_Mm3=planned,
        fact_Mm3=found,
        deviation_Mm3=deviation,
        deviation_fraction=_share(deviation, planned),
        plan_at_end_Mm3=closing,
        projected_Mm3=projected,
        forecast_days=int(layered.is_forecast.sum()) or (_inflow_days(season, place) if quantity == STORAGE else 0),
        planned_days=int((~layered.is_fact & ~layered.is_forecast).sum()) if plan is not None and quantity != STORAGE else 0,
        dekads=tuple(_dekads(season, fact, plan, quantity)) if with_dekads and plan is not None else (),
    )


def _share(deviation: float | None, planned: float | None) -> float | None:
    return None if deviation is None or planned is None or abs(planned) < NOTHING else deviation / abs(planned)


def _inflow_days(season: SeasonDays, place: str) -> int:
    return int((~np.isnan(season.forecast((place, "inflow")))).sum())


def _closing(season: SeasonDays, place: str, found: float, last: int) -> float:
    """Storage at the end as it comes: what is there, and the change still planned, with inflow as forecast where there is one.

    A forecast of storage itself on the last day stands as it is.
    """
    own = season.forecast((place, STORAGE))[-1]
    if not np.isnan(own):
        return float(own)
    return found + season.change_to_come(place, last, season.days.count - 1)


def _dekads(season: SeasonDays, fact: Floats, plan: Floats, quantity: str) -> Iterator[Dekad]:
    total = 0.0
    for label, a, b, whole in season.dekads:
        there = a + np.flatnonzero(~np.isnan(fact[a:b]))
        if not len(there):
            continue
        chosen = there[-1:] if quantity == STORAGE else there
        planned, found = float(np.nansum(plan[chosen])), float(fact[chosen].sum())
        total = found - planned if quantity == STORAGE else total + found - planned
        yield Dekad(
            period=label,
            days=len(there),
            dekad_days=whole,
            plan_Mm3=planned,
            fact_Mm3=found,
            deviation_Mm3=found - planned,
            sum_of_deviations_Mm3=total,
        )


def _under(thresholds: Thresholds, place: str, quantity: str) -> Under:
    keys = ((place, quantity), (place, ""), ("", quantity), ("", ""))
    return next(thresholds[key] for key in keys if key in thresholds)


def alarms(season: SeasonDays, found: tuple[Line, ...], thresholds: Thresholds) -> tuple[Alarm, ...]:
    """Series that are off the plan by more than their thresholds: over the season to date, and in the last dekad.

    A dekad rings only if enough of its days have a fact, so that one day's noise does not; storage is a state, and rings by itself.
    """
    rung = list[Alarm]()
    for line in found:
        under = _under(thresholds, line.place, line.quantity)
        if line.deviation_Mm3 is None:
            continue
        if line.days >= under.days or line.quantity == STORAGE:
            period = f"{season.days.start}/{line.last_day}"
            rung += _rings(line, under, period, line.deviation_Mm3, line.deviation_fraction, line.plan_Mm3)
        if line.quantity != STORAGE:
            fact, plan = season.facts[line.place, line.quantity, line.source], season.plan((line.place, line.quantity))
            last = next((d for d in reversed(season.dekads) if not np.isnan(fact[d[1] : d[2]]).all()), None)
            key = (line.place, line.quantity, line.source)
            if last and plan is not None and season.tells_of(key, last[1], last[2]):
                there = last[1] + np.flatnonzero(~np.isnan(fact[last[1] : last[2]]))
                planned = float(np.nansum(plan[there]))
                off = float(fact[there].sum()) - planned
                if len(there) >= under.days:
                    rung += _rings(line, under, last[0], off, _share(off, planned), planned)
    return tuple(sorted(rung, key=lambda a: -abs(a.deviation_Mm3)))


def _rings(line: Line, under: Under, period: str, off: float, share: float | None, planned: float | None) -> Iterator[Alarm]:
    # what is not planned at all is beyond any share
    beyond = (share is None and (planned is None or abs(planned) < NOTHING)) or (share is not None and abs(share) > under.fraction)
    if beyond and abs(off) > under.volume_Mm3:
        yield Alarm(
            place=line.place,
            title=line.title,
            party=line.party,
            quantity=line.quantity,
            source=line.source,
            period=period,
            deviation_Mm3=off,
            deviation_fraction=share,
            threshold_fraction=under.fraction,
            threshold_Mm3=under.volume_Mm3,
        )


def two_sources(season: SeasonDays) -> tuple[TwoSources, ...]:
    """Pairs of sources of one series, compared on the days that both have; of those that have none in common nothing is said."""
    pairs = ((s, one, other) for s, own in season.grouped.items() if len(own) > 1 for one, other in combinations(own, 2))
    return tuple(pair for s, one, other in pairs if (pair := _pair(season, s, one, other)).days)


def _pair(season: SeasonDays, series: tuple[str, str], one: str, other: str) -> TwoSources:
    a, b = (season.facts[*series, source] for source in (one, other))
    both = np.flatnonzero(~np.isnan(a) & ~np.isnan(b))
    chosen = both[-1:] if series[1] == STORAGE else both
    first, second = float(a[chosen].sum()), float(b[chosen].sum())
    return TwoSources(
        place=series[0],
        title=season.title(series[0]),
        quantity=series[1],
        one=one,
        other=other,
        days=len(both),
        one_Mm3=first,
        other_Mm3=second,
        difference_Mm3=second - first,
    )
