"""From rows to hydropower plants: turbines, units under repair, and the head of those below a reservoir."""

from __future__ import annotations

from itertools import pairwise

from waterflow.basin.energy import Plant
from waterflow.basin.head import Head
from waterflow.calendar import Period
from waterflow.errors import Problem
from waterflow.loading.series_choice import Chosen, Values
from waterflow.loading.tables import Row
from waterflow.loading.timed import per_period
from waterflow.words.catalogue import say

__all__ = ["operating_storage", "plants"]

HOURS_PER_DAY, MWH_PER_GWH = 24, 1000.0


def _days(row: Row, period: Period) -> int:
    """Days of a period inside the dates of a row."""
    first, last = max(row.date("start"), period.start), min(row.date("end"), period.end)
    return max(0, (last - first).days + 1)


def plants(chosen: Chosen) -> list[Plant]:
    """Plants with their turbines' capacity in Mm3 and the most they make in GWh per period, and their head."""
    names = {r.text("plant") for r in chosen.rows("plants")}
    for table in ("plant_heads", "plant_limits"):
        for row in chosen.rows(table):
            chosen.known(row, "plant", names)
    heads = {r.text("plant"): r for r in chosen.rows("plant_heads")}
    made = []
    for r in chosen.rows("plants"):
        name = r.text("plant")
        limits = _limits(chosen, name)
        capacity = chosen.capacity(r, "turbine_capacity")
        made.append(
            Plant(
                name=name,
                reach=r.text("reach"),
                party=r.text("party"),
                title=r.text("name"),
                title_ru=r.text("name_ru"),
                energy_rate=r.number("energy_rate_GWh_per_Mm3"),
                capacity=tuple(_limited(chosen, p, c, limits) for p, c in zip(chosen.calendar.periods, capacity, strict=True)),
                most_energy=_most_energy(chosen, limits),
                head=_head(chosen, heads[name]) if name in heads else None,
            )
        )
    return made


def operating_storage(chosen: Chosen, reservoir: str) -> float:
    """Storage below which some plant with a head above it does not run, Mm3; 0 if there is none."""
    return max([0.0, *(r.number("lowest_operating_Mm3") for r in chosen.rows("plant_heads") if r.text("reservoir") == reservoir)])


def _limits(chosen: Chosen, plant: str) -> list[Row]:
    """Rows on what a plant can do, in order of time; those that overlap are a problem."""
    rows = sorted((r for r in chosen.rows("plant_limits") if r.text("plant") == plant), key=lambda r: r.date("start"))
    for before, row in pairwise(rows):
        if row.date("start") <= before.date("end"):
            allowed = say("a start after {end}, the end of the row before", end=before.date("end"))
            chosen.problems.append(Problem("overlapping-dates", f"{row.where}, start", str(row.date("start")), allowed))
    return rows


def _limited(chosen: Chosen, period: Period, capacity: float, limits: list[Row]) -> float:
    """Capacity of a period, Mm3; days inside the dates of a limit count with that of the limit."""
    if not limits:
        return capacity
    days = [(_days(r, period), per_period(r.number("turbine_capacity"), r.unit, period)) for r in limits]
    free = period.days - sum(d for d, _ in days)
    return (capacity * free + sum(d * limit for d, limit in days)) / period.days


def _most_energy(chosen: Chosen, limits: list[Row]) -> Values | None:
    """The most a plant makes in each period, GWh; None if some day has no limit."""
    most = []
    for period in chosen.calendar.periods:
        days = [(_days(r, period), r.number("most_power_MW")) for r in limits]
        if sum(d for d, _ in days) < period.days:
            return None
        most.append(sum(d * HOURS_PER_DAY * power for d, power in days) / MWH_PER_GWH)
    return tuple(most)


def _head(chosen: Chosen, r: Row) -> Head:
    """The head from the levels of the reservoir above, less the level below the plant."""
    reservoir = r.text("reservoir")
    chosen.known(r, "reservoir", {x.text("reservoir") for x in chosen.rows("reservoirs")})
    points = sorted((x.number("storage_Mm3"), x.number("level_m")) for x in chosen.rows("levels") if x.text("reservoir") == reservoir)
    below = r.number("tailwater_level_m")
    return Head(
        reservoir=reservoir,
        efficiency=r.number("efficiency_fraction"),
        curve=tuple((storage, max(0.0, level - below)) for storage, level in points),
        rated_head=r.number("rated_head_m"),
    )
