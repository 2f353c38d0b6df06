"""The Dataset: every unknown, given and dual under its own name, with dimensions, units and meaning (CF-1.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.formulation.language import DIMENSIONS, SETS, Equation, Given, Unknown
from waterflow.simulation.flows import arriving, in_transit, returned
from waterflow.solver.compile import Component, Program
from waterflow.solver.priorities import Stage

__all__ = ["CF_UNITS", "to_dataset"]

Floats = NDArray[np.float64]

#: our unit -> how CF (udunits) writes it; "Mm3" would be read as cubic megametres there
CF_UNITS = {
    "Mm3": "hm3",
    "GWh": "GWh",
    "m3/s": "m3 s-1",
    "GWh or GWh/day": "GWh",
}

#: the tables whose rows make a given
TABLES_BEHIND = {
    "runoff": ("runoff",),
    "opening_storage": ("opening_storage",),
    "ruled_storage": ("storage_rules",),
    "need": ("needs",),
    "limit_volume": ("limits",),
    "entitlement": ("needs", "limits"),
    "floor_flow": ("floors",),
    "target_volume": ("targets",),
    "share_due": ("threshold_shares",),
    "power_demand": ("power_demand",),
    "head_offset": ("plant_heads", "levels"),
}


def _dims(over: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(DIMENSIONS[s] for s in over)


def _dense(component: Component, members: Sequence[tuple[str, ...]], values: Floats) -> Floats:
    """Values of a component on the full product of its sets; cells without an entry are NaN, never 0.

    ``values`` has the component's positions on its last axis; so has the result, unfolded.
    """
    shape = tuple(len(m) for m in members)
    leading = values.shape[:-1]
    if len(component.index) == int(np.prod(shape)):
        return values[..., component.slice].reshape(*leading, *shape)
    places = [{member: k for k, member in enumerate(m)} for m in members]
    flat = np.full((*leading, int(np.prod(shape))), np.nan)
    if component.index:
        where = np.ravel_multi_index(tuple([place[index[axis]] for index in component.index] for axis, place in enumerate(places)), shape)
        flat[..., where] = values[..., component.slice]
    return flat.reshape(*leading, *shape)


def _coordinates(basin: Basin, stages: Sequence[Stage]) -> dict[str, Any]:
    coords: dict[str, Any] = {DIMENSIONS[name]: list(members(basin)) for name, members in SETS.items()}
    periods = basin.calendar.periods
    coords["period_start"] = ("period", np.array([p.start for p in periods], dtype="datetime64[ns]"))
    coords["period_end"] = ("period", np.array([p.end for p in periods], dtype="datetime64[ns]"))
    coords["days"] = ("period", np.array([p.days for p in periods]), {"long_name": "Days in the period", "units": "day"})
    coords["stage"] = [s.name for s in stages]
    coords["stage_unit"] = ("stage", [s.unit for s in stages])
    coords["stage_sense"] = ("stage", [s.sense for s in stages])
    return coords


def _attributes(unit: str, meaning: str) -> dict[str, str]:
    return {"units": CF_UNITS.get(unit, unit), "long_name": meaning, "unit_in_words": unit}


def _origin(basin: Basin, given: str) -> dict[str, str]:
    """That it is given, and the grades of the rows behind it: ``needs: assumed 84, derived 312``."""
    if given == "clause_figure":
        return {"given": "yes", "grades": _grades({"agreements": _backed(basin)})}
    tables = [table for table in TABLES_BEHIND[given] if basin.grades.get(table)]
    return {"given": "yes", "grades": _grades({table: basin.grades[table] for table in tables})}


def _backed(basin: Basin) -> dict[str, int]:
    """How many clauses in force rest on an assumption, and how many on a source alone; an agreement is no table."""
    assumed = sum(bool(c.assumed) for c in basin.clauses.values())
    return {"assumed": assumed, "sourced": len(basin.clauses) - assumed}


def _grades(by_table: Mapping[str, Mapping[str, int]]) -> str:
    said = {table: ", ".join(f"{grade} {count}" for grade, count in sorted(counts.items())) for table, counts in by_table.items()}
    return "; ".join(f"{table}: {counts}" for table, counts in sorted(said.items()))


def _derived(basin: Basin, arrays: dict[str, Any]) -> dict[str, Any]:
    """Documented derivations: what follows from the decisions by arithmetic."""
    flow, delivery = (arrays[name][1] for name in ("flow", "delivery"))
    return {
        "arriving_flow": (
            ("reach", "period"),
            arriving(basin, flow),
            _attributes("Mm3", "Water leaving the reach at its lower end"),
        ),
        "in_transit": (
            ("reach",),
            in_transit(basin, flow),
            _attributes("Mm3", "Water still on its way when the horizon ends"),
        ),
        "return_flow": (
            ("demand", "period"),
            returned(basin, delivery),
            _attributes("Mm3", "Drainage coming back from the demand"),
        ),
    }


def plan_of(basin: Basin, program: Program, words: Sequence[Unknown], plans: Floats) -> dict[str, Floats]:
    """Every unknown as an array over its sets, from vectors of unknowns, (..., unknowns)."""
    members = {name: function(basin) for name, function in SETS.items()}
    return {w.name: _dense(program.unknowns[w.name], [members[s] for s in w.over], plans) for w in words}


def decisions(basin: Basin, program: Program, words: Sequence[Unknown], plans: Floats, leading: tuple[str, ...] = ()) -> xr.Dataset:
    """Every unknown by its name, from vectors of unknowns, (*leading, unknowns)."""
    arrays = plan_of(basin, program, words, plans)
    data = {w.name: ((*leading, *_dims(w.over)), arrays[w.name], _attributes(w.unit, w.meaning)) for w in words}
    return xr.Dataset(data, coords={DIMENSIONS[name]: list(function(basin)) for name, function in SETS.items()})


def to_dataset(
    basin: Basin,
    program: Program,
    stages: Sequence[Stage],
    givens: Floats,
    words: tuple[tuple[Unknown, ...], tuple[Given, ...], tuple[Equation, ...]],
) -> xr.Dataset:
    """Name everything a solve produced.

    Parameters
    ----------
    basin : Basin
    program : Program
    stages : sequence of Stage
        The plan is that of the last one.
    givens : array (givens,)
    words : (unknowns, givens, equations) of the formulation

    Returns
    -------
    Dataset
        One variable for each unknown and given, ``<equation>_dual`` with a ``stage`` dimension for each
        equation (what one more unit of "what there is" does to the stage's value; NaN where the equation
        has no row) and the documented derivations.
    """
    members = {name: function(basin) for name, function in SETS.items()}
    plan = stages[-1].unknowns
    data: dict[str, Any] = {}
    for unknown in words[0]:
        values = _dense(program.unknowns[unknown.name], [members[s] for s in unknown.over], plan)
        data[unknown.name] = (_dims(unknown.over), values, _attributes(unknown.unit, unknown.meaning))
    for given in words[1]:
        values = _dense(program.givens[given.name], [members[s] for s in given.over], givens)
        data[given.name] = (_dims(given.over), values, _attributes(given.unit, given.meaning) | _origin(basin, given.name))
    duals = np.array([s.row_duals for s in stages])
    for equation in words[2]:
        values = _dense(program.equations[equation.name], [members[s] for s in equation.over], duals)
        unit = f"stage's unit per {equation.unit}"
        data[f"{equation.name}_dual"] = (
            ("stage", *_dims(equation.over)),
            values,
            {"units": unit, "long_name": f"Effect on the stage of one more unit in: {equation.statement}"},
        )
    data.update(_derived(basin, data))
    for name, field in (("stage_value", "value"), ("stage_seconds", "seconds")):
        data[name] = (("stage",), np.array([getattr(s, field) for s in stages]))
    for part in ("primal", "dual", "gap"):
        residuals = np.array([getattr(s.certificate, part) for s in stages])
        data[f"certificate_{part}"] = (("stage",), residuals, {"long_name": f"Certificate of the stage: {part}"})
    data["stage_path"] = (("stage",), [s.path for s in stages])
    return xr.Dataset(data, coords=_coordinates(basin, stages), attrs=_about(basin))


def _about(basin: Basin) -> dict[str, Any]:
    assumed, rows = basin.assumed_rows()
    return {
        "Conventions": "CF-1.11",
        "title": basin.title or basin.name,
        "model": basin.name,
        "scenario": basin.scenario,
        "step": basin.calendar.step,
        "horizon": f"{basin.calendar.start}/{basin.calendar.end}",
        "status": "optimal",
        "input_rows": rows,
        "input_rows_assumed_or_unverified": assumed,
        "grades": _grades(basin.grades),
        "changes": "; ".join(basin.changes),
    }
