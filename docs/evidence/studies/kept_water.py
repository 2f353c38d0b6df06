"""What Toktogul's kept water is worth: ``python -m docs.evidence.studies.kept_water`` trains every policy and writes the figures.

A quarter of an hour to an hour on two cores. It writes ``kept_water.json`` beside itself, from which ``python -m docs.make.kept_water``
makes the tables of ``docs/method/kept_water.md``, and ``inputs/syr_darya/end_value_cuts.csv``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from waterflow.basin.basin import Basin
from waterflow.futures.kept_water_facts import kept_water_facts
from waterflow.futures.members import historical
from waterflow.futures.water_kept import KeptWater, Outlook, kept_water
from waterflow.futures.year_ends import closings, cost_of_closing, held_to
from waterflow.loading.model import Model, read_model
from waterflow.report.kept_water_text import kept_water_csv

HERE = Path(__file__).resolve().parent
JSON = HERE / "kept_water.json"
TABLE = HERE.parents[2] / "inputs" / "syr_darya" / "end_value_cuts.csv"
MODEL, SCENARIO, RESERVOIR = "syr_darya", "normal_year", "toktogul"
OUTLOOK = Outlook(most_states=300)
#: variants are trained on every second year of the record, from fewer states: they are compared with one another
ROUGH = Outlook(most_states=150, draws=30)
ROUGH_HALF = Outlook(most_states=200, draws=30)
#: openings of the reservoir that are asked about, Mm3
OPENINGS = (8000.0, 10000.0, 12000.0, 14000.0, 16000.0)
#: years asked about, as quantiles of runoff
YEARS = {"dry": 0.1, "middle": 0.5, "wet": 0.9}
INTERESTS = {"all": None, "KGZ": ("KGZ",), "downstream": ("KAZ", "TJK", "UZB")}


def interested(basin: Basin, parties: tuple[str, ...]) -> Basin:
    """The river with what some parties pay and earn alone: all else is worth nothing and costs nothing."""

    def own(parts: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
        return {n: p if p.party in parties else p.model_copy(update={field: value(p)}) for n, p in parts.items()}

    zero = (0.0,) * len(basin.calendar.periods)
    users = {d for d, x in basin.demands.items() if x.party in parties}
    return basin.replaced(
        delivery_values={n: b for n, b in basin.delivery_values.items() if b.demand in users},
        target_values={n: b for n, b in basin.target_values.items() if b.party in parties},
        demands={n: d if n in users else d.model_copy(update={"value": zero}) for n, d in basin.demands.items()},
        power={p: s if p in parties else s.model_copy(update={"value": zero}) for p, s in basin.power.items()},
        supplies=own(basin.supplies, "cost", lambda _: zero),
        exports=own(basin.exports, "price", lambda _: zero),
        unserved_blocks=own(basin.unserved_blocks, "cost", lambda _: 0.0),
        storage_alarms=own(basin.storage_alarms, "damage", lambda _: 0.0),
        flow_alarms=own(basin.flow_alarms, "damage", lambda _: 0.0),
    )


def dearer(basin: Basin, factor: float) -> Basin:
    """The river where power that is not served costs another share of what it does."""
    blocks = {n: b.model_copy(update={"cost": factor * b.cost}) for n, b in basin.unserved_blocks.items()}
    return basin.replaced(unserved_blocks=blocks)


def half(runoff: xr.DataArray, first: int, last: int) -> xr.DataArray:
    """Members first to last, with what follows what among them."""
    own = runoff.isel(member=slice(first, last))
    later = [k - first if first <= k < last else -1 for k in own["next"].to_numpy()]
    return own.assign_coords(next=("member", later))


def thinned(runoff: xr.DataArray) -> xr.DataArray:
    """Every second member; a year later is two members on, and what follows what is not known."""
    return runoff.isel(member=slice(None, None, 2)).drop_vars("next")


def _near(runoff: xr.DataArray) -> list[int]:
    totals = runoff.sum(["node", "period"]).to_numpy()
    return [int(np.abs(totals - np.quantile(totals, s)).argmin()) for s in YEARS.values()]


def _drawn(kept: KeptWater, runoff: xr.DataArray) -> list[list[float]]:
    """Closing storages of the reservoir: a row for each opening, a column for each year."""
    place = kept.reservoirs.index(RESERVOIR)
    openings = np.repeat(kept.opening[None], len(OPENINGS), axis=0)
    openings[:, place] = OPENINGS
    ended = closings(kept, runoff.isel(member=_near(runoff)), openings)["closing"].sel(reservoir=RESERVOIR)
    return [[round(float(x), 1) for x in row] for row in ended.to_numpy()]


def _value(kept: KeptWater) -> list[float]:
    """What one more m3 in the reservoir is worth at the openings asked about, the mean of all years before."""
    place, found = kept.reservoirs.index(RESERVOIR), []
    for opening in OPENINGS:
        held = kept.opening.copy()
        held[place] = opening
        step = np.eye(len(held))[place]
        found.append(round(float(kept.years.usual @ (kept.worth(held + step) - kept.worth(held - step)) / 2), 4))
    return found


def _bounds(kept: KeptWater) -> dict[str, float]:
    return {"lower": kept.lower, "gap": kept.gap, "interval": kept.interval, "relative": kept.relative_gap, "states": kept.states}


def _apart(basin: Basin, runoff: xr.DataArray) -> dict[str, Any]:
    """Trained on one half of the record and judged on the other, both ways, against typed closing storages and end values."""
    middle, count = runoff.sizes["member"] // 2, runoff.sizes["member"]
    halves = [half(runoff, 0, middle), half(runoff, middle, count)]
    names = {n for n, r in basin.nodes.items() if r.kind == "reservoir" and n in basin.reservoirs}
    typed = {r.reservoir: r.storage for r in basin.storage_rules.values() if r.reservoir in names}
    worth = list(basin.end_values.values())
    found: dict[str, Any] = {}
    for name, learned, judged in (("second", *halves), ("first", *halves[::-1])):
        way = kept_water(basin, learned, ROUGH_HALF)
        costs = {"policy": way, "typed_closing": held_to(basin, typed), "typed_values": basin}
        found[name] = {key: round(cost_of_closing(basin, judged, x, worth), 2) for key, x in costs.items()}
        found[name]["years"] = int(judged.sizes["member"])
    return found


def main() -> None:
    """Train every policy, write the figures and the table."""
    model: Model = read_model(MODEL, SCENARIO)
    basin, runoff = model.basin(), historical(model)
    kept = kept_water(basin, runoff, OUTLOOK)
    TABLE.write_text(kept_water_csv(kept_water_facts(kept, runoff, basin)), encoding="utf-8")
    near = [str(runoff["member"].to_numpy()[k]) for k in _near(runoff)]
    found: dict[str, Any] = {"openings": OPENINGS, "years": dict(zip(YEARS, near, strict=True)), "all": _bounds(kept)}
    found["interests"] = {"all": {"closing": _drawn(kept, runoff), "value": _value(kept)}}
    for name, parties in INTERESTS.items():
        if parties:
            own = kept_water(interested(basin, parties), thinned(runoff), ROUGH)
            found["interests"][name] = {"closing": _drawn(own, runoff), "value": _value(own), **_bounds(own)}
    found["unserved"] = {}
    for factor in (0.5, 1.0, 2.0):
        own = kept_water(dearer(basin, factor), thinned(runoff), ROUGH)
        found["unserved"][str(factor)] = {"closing": _drawn(own, runoff), "value": _value(own), **_bounds(own)}
    found["apart"] = _apart(basin, runoff)
    JSON.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{JSON.name}, {TABLE.name}\n")


if __name__ == "__main__":
    main()
