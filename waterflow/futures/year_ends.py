"""Year ends: where years close under what kept water is worth, and what a way of closing them costs over many years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of
from waterflow.basin.basin import Basin
from waterflow.basin.reservoirs import EndValue
from waterflow.futures.cuts import Cuts
from waterflow.futures.water_kept import KeptWater
from waterflow.futures.year_basin import carried, givens_of, year_of
from waterflow.futures.year_programs import YearPrograms
from waterflow.futures.years import checked

__all__ = ["closings", "cost_of_closing", "held_to"]

Floats = NDArray[np.float64]

#: what each Mm3 short of a typed closing storage counts, million USD: dearer than any use, so that it is held where it can be
HELD = 5.0


def closings(kept: KeptWater, runoff: xr.DataArray, openings: Floats) -> xr.Dataset:
    """Where a year ends that knows what kept water is worth.

    Parameters
    ----------
    kept : KeptWater
    runoff : DataArray (member, node, period)
        Years to be asked about, Mm3; each is put into the wetness class of the nearest of the kept water's own years.
    openings : array (openings, reservoirs), Mm3

    Returns
    -------
    Dataset
        ``closing`` (opening, member, reservoir), Mm3, and ``year_cost`` (opening, member), million USD without what comes after.
    """
    members = checked(kept.basin, runoff)
    programs = _programs(kept.basin, members, kept.outlook.discount)
    programs.follow(kept.cuts, kept.years.class_of(members.sum(["node", "period"]).to_numpy()))
    found = [[programs.solve(m, opening) for m in range(members.sizes["member"])] for opening in openings]
    coords = {"member": members["member"].to_numpy(), "reservoir": list(kept.reservoirs)}
    closing = np.array([[o.closing for o in row] for row in found])
    cost = np.array([[o.year for o in row] for row in found])
    data = {"closing": (("opening", "member", "reservoir"), closing), "year_cost": (("opening", "member"), cost)}
    return xr.Dataset(data, coords)


def _programs(basin: Basin, members: xr.DataArray, discount: float, *, ending: bool = False) -> YearPrograms:
    year = year_of(basin, ending=ending)
    return YearPrograms(year, program_of(year), givens_of(year, members), carried(year), 0.0 if ending else 1 / (1 + discount))


def held_to(basin: Basin, closing: Mapping[str, float]) -> Basin:
    """A basin whose years end at typed storages, as far as they can: every Mm3 short of them is dearer than any use."""
    blocks = {
        f"{name}/1": EndValue(name=f"{name}/1", reservoir=name, width=max(0.0, held - basin.reservoirs[name].floor), value=HELD)
        for name, held in closing.items()
    }
    return basin.replaced(end_values=blocks, end_value_cuts={})


def cost_of_closing(
    basin: Basin, runoff: xr.DataArray, way: KeptWater | Basin, worth_at_end: Iterable[EndValue], *, discount: float = 0.05
) -> float:
    """What one year after the other costs, in the order of the members, discounted to the first, million USD.

    Parameters
    ----------
    basin : Basin
        Of a year; its opening storages begin the first.
    runoff : DataArray (member, node, period)
    way : KeptWater or Basin
        How years are closed: by what kept water is worth, or by the end values of a basin.
    worth_at_end : sequence of EndValue
        What is left after the last year counts for, the same whatever the way.
    discount : float
    """
    members = checked(basin, runoff)
    names = carried(basin)
    if isinstance(way, KeptWater):
        programs = _programs(basin, members, discount)
        programs.follow(way.cuts, way.years.class_of(members.sum(["node", "period"]).to_numpy()))
    else:
        programs = _programs(way, members, discount, ending=True)
        programs.follow(Cuts(1, len(names), 0.0), np.zeros(members.sizes["member"], dtype=np.intp))
    held = np.array([basin.reservoirs[n].opening_storage for n in names])
    lowest, full = (np.array([getattr(basin.reservoirs[n], side) for n in names]) for side in ("floor", "ceiling"))
    cost, weight = 0.0, 1.0
    for member in range(members.sizes["member"]):
        found = programs.solve(member, held)
        kept = 0.0 if isinstance(way, KeptWater) else _worth(way.end_values.values(), names, lowest, found.closing)
        cost += weight * (found.year + kept)
        held, weight = np.clip(found.closing, lowest, full), weight / (1 + discount)
    return cost - weight * _worth(worth_at_end, names, lowest, held)


def _worth(blocks: Iterable[EndValue], names: Sequence[str], lowest: Floats, held: Floats) -> float:
    """What storages are worth by falling blocks, million USD."""
    blocks, total = list(blocks), 0.0
    for name, low, storage in zip(names, lowest, held, strict=True):
        left = storage - low
        own = sorted((b for b in blocks if b.reservoir == name), key=lambda b: -b.value)
        for block in own:
            total += block.value * min(left, block.width)
            left = max(0.0, left - block.width)
    return total
