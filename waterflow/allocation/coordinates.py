"""Coordinates of the Dataset: true time with its bounds, and beside every name whose it is and how people call it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import dimensions
from waterflow.formulation.language import members

__all__ = ["TIME", "coordinates"]

#: index sets whose members are no parts of a basin
NAMES_ALONE = frozenset({"kept_waters", "balance_groups", "periods", "seasons", "power_parties"})
#: how time is written to a file; whole days, so that it comes back the same
TIME = {"units": "days since 1970-01-01", "calendar": "standard", "dtype": "int64"}
#: whole days: no second of theirs is counted
NO_LEAPS = {"units_metadata": "leap_seconds: none"}


def coordinates(basin: Basin) -> dict[str, Any]:
    """Every coordinate of a basin's Dataset: the members of each dimension, and what is known of each member."""
    coords: dict[str, Any] = {
        called: (called, np.array(members(basin, name), dtype=str), {"long_name": f"Name of the {called.replace('_', ' ')}"})
        for name, called in dimensions().items()
    }
    for name, called in dimensions().items():
        coords.update(_words(basin, name, called))
    # users of water are what people add up most often: theirs may be asked for by the short word
    coords["party"] = coords.get("demand_party", ("demand", []))
    return coords | _time(basin)


def _time(basin: Basin) -> dict[str, Any]:
    """Periods as CF has them, and the labels that tables, changes and prices use."""
    periods = basin.calendar.periods
    starts, ends = _days([p.start for p in periods]), _days([p.end for p in periods])
    after = ends + np.timedelta64(1, "D")
    about = {"standard_name": "time", "long_name": "First day of the period", "axis": "T", "bounds": "period_bounds"} | NO_LEAPS
    return {
        "period": ("period", starts, about, TIME),
        "period_bounds": (("period", "bnds"), np.stack([starts, after], axis=1), {}, TIME),
        "period_end": ("period", ends, {"long_name": "Last day of the period, at whose end storage is counted"} | NO_LEAPS, TIME),
        "period_label": ("period", list(basin.calendar.labels), {"long_name": "Label of the period in tables and changes"}),
        "days": ("period", np.array([p.days for p in periods]), {"long_name": "Days in the period", "units": "day"}),
        "season_kind": ("season", [kind for _, kind in basin.calendar.seasons], {"long_name": "Growing or non-growing season"}),
    }


def _days(dates: list[dt.date]) -> Any:
    return np.array(dates, dtype="datetime64[ns]")


def _words(basin: Basin, name: str, dimension: str) -> Iterator[tuple[str, Any]]:
    """What the parts of a dimension say in words: every text field of theirs, blank where a part says nothing."""
    facts = [_facts(basin, part) for part in _parts(basin, name).values()]
    for key in dict.fromkeys(key for known in facts for key in known):
        said = [known.get(key, "") for known in facts]
        if any(said):
            about = f"{key.replace('_', ' ').capitalize()} of the {dimension.replace('_', ' ')}"
            yield f"{dimension}_{key}", (dimension, said, {"long_name": about})


def _parts(basin: Basin, name: str) -> Mapping[str, Any]:
    """The parts behind the members of an index set, in their order; nothing where a member is a name alone."""
    if name == "head_plants":
        return {plant: basin.plants[plant] for plant in basin.head_plants}
    if name in ("seeping_reservoirs", "valued_reservoirs", "aquifers"):
        return {place: (basin.nodes[place], basin.reservoirs[place]) for place in members(basin, name)}
    if name == "losing_reaches":
        return {reach: basin.reaches[reach] for reach in basin.losing_reaches}
    if name == "reservoirs":  # a reservoir has the title of its node
        return {place: (basin.nodes[place], part) for place, part in basin.reservoirs.items()}
    if name == "outlet_lines":
        return {line: basin.reaches[reach] for line, (reach, *_) in basin.outlet_lines.items()}
    if name == "head_lines":
        return {line: basin.plants[plant] for line, (plant, *_) in basin.head_lines.items()}
    return {} if name in NAMES_ALONE else getattr(basin, name)


def _facts(basin: Basin, part: Any) -> dict[str, str]:
    if isinstance(part, tuple):
        return {key: said for own in part for key, said in _facts(basin, own).items()}
    facts = {key: said for key, said in vars(part).items() if isinstance(said, str) and key != "name"}
    if "demand" in facts:
        facts.setdefault("party", basin.demands[facts["demand"]].party)
    return facts
