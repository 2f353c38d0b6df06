"""The Dataset: every unknown, given and dual under its own name, with dimensions, units and meaning (CF-1.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.coordinates import coordinates
from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import dimensions
from waterflow.formulation.language import Equation, Given, Unknown, dimension, members
from waterflow.simulation.flows import arriving, in_transit, returned
from waterflow.solver.compile import Component, Program
from waterflow.solver.priorities import Stage

__all__ = ["CF_UNITS", "about", "attributes", "decisions", "plan_of", "to_dataset"]

Floats = NDArray[np.float64]

#: our unit -> how udunits writes it; "Mm3" would be read as cubic megametres there, "GWh" not at all. Money is no unit
#: of its own; where the unit is that of each member (or of each stage), a coordinate has it
CF_UNITS = {
    "Mm3": "hm3",
    "GWh": "GW h",
    "m3/s": "m3 s-1",
    "million USD": "1e6",
    "share": "1",
    "stage's unit": "1",
    "GWh or GWh/day": "1",
    "Mm3 or GWh": "1",
}

#: what holds at the end of a period, or is a difference of two
AT_THE_END = frozenset(
    {
        "storage",
        "below_alarm",
        "held_in_block",
        "common_share",
        "out_of_balance",
        "outside_range",
        "release_change",
        "shortage_change",
    }
)


def _dims(over: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dimension(s) for s in over)


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
    coords = coordinates(basin)
    coords["stage"] = ("stage", [s.name for s in stages], {"long_name": "Name of the stage"})
    coords["stage_unit"] = ("stage", [s.unit for s in stages], {"long_name": "Unit of the stage's value"})
    coords["stage_sense"] = ("stage", [s.sense for s in stages], {"long_name": "What is done to the stage's value"})
    return coords


def attributes(unit: str, meaning: str, name: str = "", over: tuple[str, ...] = ()) -> dict[str, str]:
    """Unit and meaning of a variable, as CF has them and in words; of one over periods, how a value stands for its period."""
    return {"units": CF_UNITS[unit], "long_name": meaning, "unit_in_words": unit} | _methods(name, unit, over)


def _methods(name: str, unit: str, over: tuple[str, ...]) -> dict[str, str]:
    """``cell_methods``: volumes and energy are sums over their period, m3/s means of it.

    What holds at the end of a period, and a change since the one before, is neither, and has none.
    """
    if "periods" not in over or name in AT_THE_END:
        return {}
    method = {"Mm3": "sum", "GWh": "sum", "m3/s": "mean"}.get(unit)
    return {"cell_methods": f"period: {method}"} if method else {}


def _per_unit(unit: str, statement: str) -> dict[str, str]:
    """Attributes of a dual: the stage's unit, which `stage_unit` has, per unit of the equation."""
    cf = CF_UNITS[unit]
    return {
        "units": cf if cf == "1" else f"({cf})-1",
        "long_name": f"Dual (shadow price): effect on the stage of one more unit in: {statement}",
        "unit_in_words": f"stage's unit per {unit}",
    }


def _origin(basin: Basin, given: Given) -> dict[str, str]:
    """That it is given, and the grades of the rows behind it: ``needs: assumed 84, derived 312``."""
    if given.name == "clause_figure":
        return {"given": "yes", "grades": _grades({"agreements": _backed(basin)})}
    tables = [table for table in given.tables if basin.grades.get(table)]
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
            attributes("Mm3", "Water leaving the reach at its lower end", over=("periods",)),
        ),
        "in_transit": (
            ("reach",),
            in_transit(basin, flow),
            attributes("Mm3", "Water still on its way when the horizon ends"),
        ),
        "return_flow": (
            ("demand", "period"),
            returned(basin, delivery),
            attributes("Mm3", "Drainage coming back from the demand", over=("periods",)),
        ),
    }


def plan_of(basin: Basin, program: Program, words: Sequence[Unknown], plans: Floats) -> dict[str, Floats]:
    """Every unknown as an array over its sets, from vectors of unknowns, (..., unknowns)."""
    sets = {name: members(basin, name) for name in {s for w in words for s in w.over}}
    return {w.name: _dense(program.unknowns[w.name], [sets[s] for s in w.over], plans) for w in words}


def decisions(basin: Basin, program: Program, words: Sequence[Unknown], plans: Floats, leading: tuple[str, ...] = ()) -> xr.Dataset:
    """Every unknown by its name, from vectors of unknowns, (*leading, unknowns)."""
    arrays = plan_of(basin, program, words, plans)
    data = {w.name: ((*leading, *_dims(w.over)), arrays[w.name], attributes(w.unit, w.meaning, w.name, w.over)) for w in words}
    return xr.Dataset(data, coords=coordinates(basin))


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
    sets = {name: members(basin, name) for name in dimensions()}
    plan = stages[-1].unknowns
    data: dict[str, Any] = {}
    for unknown in words[0]:
        values = _dense(program.unknowns[unknown.name], [sets[s] for s in unknown.over], plan)
        data[unknown.name] = (_dims(unknown.over), values, attributes(unknown.unit, unknown.meaning, unknown.name, unknown.over))
    for given in words[1]:
        values = _dense(program.givens[given.name], [sets[s] for s in given.over], givens)
        data[given.name] = (
            _dims(given.over),
            values,
            attributes(given.unit, given.meaning, given.name, given.over) | _origin(basin, given),
        )
    duals = np.array([s.row_duals for s in stages])
    for equation in words[2]:
        values = _dense(program.equations[equation.name], [sets[s] for s in equation.over], duals)
        data[f"{equation.name}_dual"] = (("stage", *_dims(equation.over)), values, _per_unit(equation.unit, equation.statement))
    data.update(_derived(basin, data))
    data["stage_value"] = (("stage",), np.array([s.value for s in stages]), attributes("stage's unit", "What the stage reached"))
    seconds = {"units": "s", "long_name": "Time the solver took"}
    data["stage_seconds"] = (("stage",), np.array([s.seconds for s in stages]), seconds)
    for part in ("primal", "dual", "gap"):
        residuals = np.array([getattr(s.certificate, part) for s in stages])
        data[f"certificate_{part}"] = (("stage",), residuals, {"units": "1", "long_name": f"Certificate of the stage: {part}"})
    data["stage_path"] = (
        ("stage",),
        [s.path for s in stages],
        {"long_name": "Whether the stage went on from another or began from scratch"},
    )
    return xr.Dataset(data, coords=_coordinates(basin, stages), attrs=about(basin))


def about(basin: Basin) -> dict[str, Any]:
    """Which river it is, over how long, and what its rows rest on: the attributes of a Dataset."""
    assumed, rows = basin.assumed_rows()
    return {
        "Conventions": "CF-1.11",
        "title": basin.title or basin.name,
        "source": "waterflow: a linear program of the river, its stages solved in their order and certified",
        "history": "planned by waterflow allocate",
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
