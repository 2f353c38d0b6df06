"""What was seen of a season's reservoirs: published facts of the season and monthly observations, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from waterflow.basin.basin import Basin
from waterflow.calendar import Calendar, Period
from waterflow.files import is_folder
from waterflow.loading.observed import read_observed

__all__ = ["Quantity", "Seen", "on_the_axis", "seen_in_season"]

Quantity = Literal["storage", "release", "inflow"]

#: tables of observations that tell of reservoirs
TOLD = ("monthly_flows", "monthly_storages")


@dataclass(frozen=True)
class Seen:
    """A storage, a release or an inflow that was seen; published or observed, never planned.

    Attributes
    ----------
    reservoir, quantity : str
    start, end : str
        First and last day; of a storage the day at whose start it was there.
    first, last : float
        Where it starts and ends on the axis of periods, 1.5 being the middle of the second; of a storage the same.
    value : float
        Mm3; of a release or an inflow the mean in m3/s.
    source, grade : str
    """

    reservoir: str
    quantity: Quantity
    start: str
    end: str
    first: float
    last: float
    value: float
    source: str
    grade: str


def seen_in_season(basin: Basin, folder: Path) -> tuple[Seen, ...]:
    """What was seen of the reservoirs of a season that has facts; nothing of a year that is thought up.

    A scenario is about a season that was, or is, where the series of known flows it takes holds facts.

    Parameters
    ----------
    basin : Basin
    folder : Path
        The folder of the model's tables, with ``observed`` where it has any.

    Raises
    ------
    InputError
        If the observations have problems.
    """
    if not any(known.kind == "fact" for known in basin.known_flows.values()):
        return ()
    found = [*_published(basin), *(_observed(basin, folder) if is_folder(folder / "observed") else ())]
    # the same reading may stand in both
    once = {(x.reservoir, x.quantity, x.first, x.last, x.source, round(x.value, 1)): x for x in found}
    return tuple(sorted(once.values(), key=lambda x: (x.reservoir, x.quantity, x.first, x.last, x.source)))


def _published(basin: Basin) -> Iterator[Seen]:
    quantities: dict[str, Quantity] = {"storage": "storage", "release": "release", "arriving": "inflow"}
    for x in basin.known_flows.values():
        if x.kind == "fact" and x.place in basin.reservoirs and x.quantity in quantities:
            made = on_the_axis(basin.calendar, quantities[x.quantity], x.place, x.window.start, x.window.end, x.amount, x.source, x.grade)
            if made:
                yield made


def _observed(basin: Basin, folder: Path) -> Iterator[Seen]:
    rows = read_observed(folder, TOLD)
    for row in rows["monthly_storages"]:
        if row.text("reservoir") in basin.reservoirs:
            after = _month(row.text("period"))[1] + dt.timedelta(days=1)
            amount, source, grade = row.number("storage_Mm3"), row.text("source"), row.text("grade")
            made = on_the_axis(basin.calendar, "storage", row.text("reservoir"), after, after, amount, source, grade)
            if made:
                yield made
    for row in rows["monthly_flows"]:
        quantity, place = row.text("quantity"), row.text("site")
        if place not in basin.reservoirs or not quantity.startswith(("release", "inflow")):
            continue
        first, last = _month(row.text("period"))
        kind: Literal["release", "inflow"] = "release" if quantity.startswith("release") else "inflow"
        made = on_the_axis(basin.calendar, kind, place, first, last, row.number("value_Mm3"), row.text("source"), row.text("grade"))
        if made:
            yield made


def _month(label: str) -> tuple[dt.date, dt.date]:
    """First and last day of a month."""
    first = dt.date(int(label[:4]), int(label[5:7]), 1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def on_the_axis(
    calendar: Calendar,
    quantity: Quantity,
    place: str,
    start: dt.date,
    end: dt.date,
    amount: float,
    source: str,
    grade: str,
) -> Seen | None:
    """A fact on the axis of periods; None where it does not lie in the horizon."""
    after = end if quantity == "storage" else end + dt.timedelta(days=1)
    if start < calendar.start or after > calendar.end + dt.timedelta(days=1):
        return None
    value = amount if quantity == "storage" else amount * Period("", start, end).rate
    return Seen(
        reservoir=place,
        quantity=quantity,
        start=str(start),
        end=str(end),
        first=_position(calendar, start),
        last=_position(calendar, after),
        value=value,
        source=source,
        grade=grade,
    )


def _position(calendar: Calendar, day: dt.date) -> float:
    """Where the start of a day lies on the axis of periods."""
    for k, period in enumerate(calendar.periods):
        if day <= period.end:
            return k + (day - period.start).days / period.days
    return float(len(calendar.periods))
