"""Forecasts as other programs write them: one series a place and member, with its unit, time zone, issue date and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from waterflow.errors import Problem
from waterflow.words.catalogue import say

__all__ = ["KINDS", "STEPS", "ForecastSeries", "Kind", "flow_unit", "twice"]

Kind = Literal["instantaneous", "mean", "accumulative"]
KINDS: tuple[str, ...] = get_args(Kind)
#: seconds of a step that is always as long
STEPS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
#: units of a flow, and of a volume, and how many m3/s or Mm3 one is
RATES = {
    **dict.fromkeys(
        ("m3/s", "m3s-1", "m3 s-1", "m^3 s^-1", "m^3/s", "m**3 s**-1", "m3.s-1", "cumec", "cumecs", "cms", "м3/с", "m³/s", "м³/с"), 1.0
    ),
    **dict.fromkeys(("l/s", "л/с"), 0.001),
}
VOLUMES = {
    **dict.fromkeys(("mm3", "hm3", "mcm", "million m3", "1e6 m3", "10^6 m3", "млн м3", "млн м³"), 1.0),
    **dict.fromkeys(("km3", "bcm", "км3", "км³"), 1000.0),
    **dict.fromkeys(("m3", "m³", "м3", "м³"), 1e-6),
}


@dataclass(frozen=True)
class ForecastSeries:
    """One forecast of one place.

    Attributes
    ----------
    location, parameter, unit : str
        As the file has them.
    kind : {"instantaneous", "mean", "accumulative"}
        A figure holds from its time on, or is the mean or the sum of the step that ends then.
    stamps : tuple of datetime
        In the zone of the file, without a mark of it; in order.
    values : tuple of float or None
        None where the file says that a figure is missing.
    zone : float
        Hours that the clock of the file is ahead of UTC.
    issued : datetime or None
        When the forecast was made, in the same zone.
    member : str
        Of an ensemble; empty where there is none.
    step : tuple of str and int
        ``("day", 1)``; ``("nonequidistant", 1)`` where steps differ, as months do.
    missing : str
        What stands for a missing figure in the file.
    ensemble, station, organisation : str
    flags : tuple of int or None
        Marks of quality, where the file has some.
    """

    location: str
    parameter: str
    unit: str
    kind: Kind
    stamps: tuple[dt.datetime, ...]
    values: tuple[float | None, ...]
    zone: float = 0.0
    issued: dt.datetime | None = None
    member: str = ""
    step: tuple[str, int] = ("nonequidistant", 1)
    missing: str = "-999.0"
    ensemble: str = ""
    station: str = ""
    organisation: str = ""
    flags: tuple[int | None, ...] = ()

    @property
    def seconds(self) -> int:
        """Length of a step; 0 where steps differ."""
        return STEPS.get(self.step[0], 0) * self.step[1]


def flow_unit(unit: str) -> tuple[Literal["rate", "volume", ""], float]:
    """Whether a unit is one of flow or of volume, and how many m3/s or Mm3 one is; nothing where it is neither."""
    said = " ".join(unit.casefold().split())
    if said in RATES:
        return "rate", RATES[said]
    return ("volume", VOLUMES[said]) if said in VOLUMES else ("", 1.0)


def twice(series: Iterable[ForecastSeries], shown: str) -> Iterator[Problem]:
    """Series of the same place, parameter and member; and times that do not follow one another."""
    seen = set()
    for one in series:
        key = (one.location, one.parameter, one.member, one.issued)
        name = ", ".join(str(part) for part in key if part)
        if key in seen:
            yield Problem("twice", f"{shown}: {one.location}", name, say("one series for each place, parameter and member"))
        seen.add(key)
        if any(b <= a for a, b in zip(one.stamps, one.stamps[1:], strict=False)):
            yield Problem("bad-period", f"{shown}: {name}", say("times that do not follow one another"), say("each time once, in order"))
        if not one.stamps:
            yield Problem("bad-runoff", f"{shown}: {name}", say("nothing"), say("a figure with its time"))
