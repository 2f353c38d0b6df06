"""Kept water as typed facts: what one more m3 is worth, where years close, the planes themselves, and how sure all this is."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.basin.basin import Basin
from waterflow.futures.water_kept import KeptWater
from waterflow.futures.year_basin import Aside, set_aside
from waterflow.futures.year_ends import closings

__all__ = ["Closing", "Plane", "WaterKept", "Worth", "class_names", "kept_water_facts"]

Floats = NDArray[np.float64]

#: shares of a reservoir's range at which one more m3 is valued
LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
#: the years whose closing is told, as shares of all years by runoff
ASKED = {"dry": 0.1, "middle": 0.5, "wet": 0.9}
#: a step small beside any reservoir, Mm3
STEP = 1.0


class Worth(Fact):
    """What one more m3 in a reservoir is worth at the end of a year, the others being at their opening."""

    named_by = ("reservoir",)
    reservoir: str
    after: str = Field(description="The year that ends: its class of wetness, or usual for the mean of all")
    storage_Mm3: float
    value_USD_per_m3: float


class Closing(Fact):
    """Where a reservoir ends a year that knows what kept water is worth."""

    named_by = ("reservoir",)
    reservoir: str
    year: str = Field(
        description="own for the runoff of the model, else a member near the tenth, the middle or the nine tenths of all by runoff"
    )
    member: str
    runoff_Mm3: float
    opening_Mm3: float
    closing_Mm3: float


class Plane(Fact):
    """A plane: what all reservoirs together are worth above their lowest storages nowhere exceeds any of these."""

    named_by = ("after",)
    after: str
    worth_MUSD: float
    storage_Mm3: dict[str, float]
    value_USD_per_m3: dict[str, float]


class WaterKept(Answer):
    """What kept water is worth, and what that rests on."""

    members: int
    first_member: str
    last_member: str
    discount: float
    years: int | None
    set_aside: tuple[Aside, ...] = Field(description="What the model asks that does not count here")
    risk_weight: float
    risk_tail: float
    seed: int
    states: int
    lower_MUSD: float
    gap_MUSD: float | None = Field(description="What the policy is expected to cost above the lower bound; none with a risk measure")
    interval_MUSD: float | None = Field(description="Half the width of the 95 % interval of the gap")
    input_rows: int
    input_rows_assumed: int
    worths: tuple[Worth, ...]
    closings: tuple[Closing, ...]
    planes: tuple[Plane, ...]


def class_names(count: int) -> tuple[str, ...]:
    """The classes of wetness of a year that ends, driest first."""
    named = {1: ("any_year",), 2: ("after_dry_year", "after_wet_year"), 3: ("after_dry_year", "after_middling_year", "after_wet_year")}
    return named.get(count) or tuple(f"after_year_{k}_of_{count}" for k in range(1, count + 1))


def kept_water_facts(kept: KeptWater, runoff: xr.DataArray, basin: Basin) -> WaterKept:
    """Facts of what kept water is worth.

    Parameters
    ----------
    kept : KeptWater
    runoff : DataArray (member, node, period)
        The members it was made from.
    basin : Basin
        As it was asked about, with all that is set aside.
    """
    assumed, rows = kept.basin.assumed_rows()
    names, bounded = kept.years.names, not kept.outlook.risk.weight
    return WaterKept(
        members=len(names),
        first_member=names[0],
        last_member=names[-1],
        discount=kept.outlook.discount,
        years=kept.outlook.years,
        set_aside=set_aside(basin, endless=kept.outlook.years is None),
        risk_weight=kept.outlook.risk.weight,
        risk_tail=kept.outlook.risk.tail,
        seed=kept.outlook.seed,
        states=kept.states,
        lower_MUSD=kept.lower,
        gap_MUSD=kept.gap if bounded else None,
        interval_MUSD=kept.interval if bounded else None,
        input_rows=rows,
        input_rows_assumed=assumed,
        worths=_worths(kept),
        closings=_closings(kept, runoff),
        planes=_planes(kept),
    )


def _full(kept: KeptWater) -> Floats:
    return np.array([kept.basin.reservoirs[name].ceiling for name in kept.reservoirs])


def _worths(kept: KeptWater) -> tuple[Worth, ...]:
    full, found = _full(kept), []
    for r, name in enumerate(kept.reservoirs):
        for level in LEVELS:
            held = kept.opening.copy()
            held[r] = kept.lowest[r] + level * (full - kept.lowest)[r]
            step = STEP * np.eye(len(held))[r]
            value = (kept.worth(held + step) - kept.worth(held - step)) / (2 * STEP)
            told = {"usual": float(kept.years.usual @ value)}
            told |= dict(zip(class_names(len(value)), map(float, value), strict=True)) if len(value) > 1 else {}
            found += [Worth(reservoir=name, after=after, storage_Mm3=held[r], value_USD_per_m3=v) for after, v in told.items()]
    return tuple(found)


def _closings(kept: KeptWater, runoff: xr.DataArray) -> tuple[Closing, ...]:
    totals = runoff.sum(["node", "period"]).to_numpy()
    near = {year: int(np.abs(totals - np.quantile(totals, share)).argmin()) for year, share in ASKED.items()}
    own = runoff.isel(member=0).copy(deep=True)
    for node in own["node"].to_numpy():
        own.loc[{"node": node}] = np.array(kept.basin.runoff[str(node)])
    plain = [c for c in runoff.coords if c not in runoff.dims]
    asked = xr.concat(
        [own.drop_vars(["member", *plain]), *(runoff.drop_vars(["member", *plain]).isel(member=k) for k in near.values())], "member"
    )
    asked = asked.assign_coords(member=["own", *near]).transpose("member", "node", "period")
    ended = closings(kept, asked, kept.opening[None, :])["closing"].isel(opening=0)
    labels = {"own": "own", **{year: kept.years.names[k] for year, k in near.items()}}
    volumes = asked.sum(["node", "period"])
    return tuple(
        Closing(
            reservoir=name,
            year=year,
            member=labels[year],
            runoff_Mm3=float(volumes.sel(member=year)),
            opening_Mm3=float(kept.opening[r]),
            closing_Mm3=float(ended.sel(member=year, reservoir=name)),
        )
        for r, name in enumerate(kept.reservoirs)
        for year in labels
    )


def _planes(kept: KeptWater) -> tuple[Plane, ...]:
    """The planes that are the highest of their class at some visited state."""
    cuts, found = kept.cuts, []
    for k, after in enumerate(class_names(cuts.classes)):
        needed = np.unique((cuts.constants[:, k, None] + cuts.slopes[:, k] @ cuts.visited.T).argmax(axis=0))
        lowest = cuts.at(kept.lowest)[k]
        for c in needed:
            worth = lowest - (cuts.constants[c, k] + cuts.slopes[c, k] @ cuts.states[c])
            at = dict(zip(kept.reservoirs, map(float, cuts.states[c]), strict=True))
            value = dict(zip(kept.reservoirs, map(float, -cuts.slopes[c, k]), strict=True))
            found.append(Plane(after=after, worth_MUSD=float(worth), storage_Mm3=at, value_USD_per_m3=value))
    return tuple(found)
