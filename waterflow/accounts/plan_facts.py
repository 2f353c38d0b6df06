"""Everything an allocation says, gathered into typed facts."""

from __future__ import annotations

from typing import Any

import xarray as xr

from waterflow.accounts import clauses, commitments, power_lines, schedules
from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.payoffs import payoff_terms
from waterflow.accounts.plan import Plan, plain
from waterflow.accounts.shortfall_causes import holds_back
from waterflow.basin.basin import Basin
from waterflow.basin.objective import CLOSING

__all__ = ["plan_facts", "report"]

#: how a plan with head was found; attributes that only such a plan has
HEAD = ("head_passes", "head_steps_taken", "head_gap", "head_energy_gap_GWh")


def _stages(dataset: xr.Dataset) -> list[dict[str, Any]]:
    columns = ("stage", "stage_sense", "stage_unit", "stage_value")
    return [
        {"name": str(name), "sense": str(sense), "unit": str(unit), "value": plain(value)}
        for name, sense, unit, value in zip(*(dataset[c].values for c in columns), strict=True)
    ]


def _objective(stages: list[dict[str, Any]]) -> float | None:
    """The value of the last stage before the closing ones."""
    values = [s["value"] for s in stages if s["name"] not in CLOSING]
    return values[-1] if values else None


def _audit(dataset: xr.Dataset) -> dict[str, Any]:
    attrs = dataset.attrs
    water = max(float(attrs["water_residual_Mm3"]), float(attrs["river_residual_Mm3"]))
    head = {name: plain(attrs[name]) for name in HEAD if name in attrs}
    return {"water_residual_Mm3": plain(water), "energy_residual_GWh": plain(attrs["energy_residual_GWh"])} | head


def _certificate(dataset: xr.Dataset) -> dict[str, Any]:
    """The worst residual of any stage."""
    return {part: plain(dataset[f"certificate_{part}"].values.max()) for part in ("primal", "dual", "gap")}


def _inputs(basin: Basin) -> dict[str, Any]:
    assumed, rows = basin.assumed_rows()
    grades = sorted({grade for counts in basin.grades.values() for grade in counts})
    by_grade = {grade: sum(counts.get(grade, 0) for counts in basin.grades.values()) for grade in grades}
    return {"rows": rows, "assumed_or_unverified": assumed, "by_grade": by_grade, "by_table": basin.grades}


def plan_facts(basin: Basin, dataset: xr.Dataset) -> PlanFacts:
    """Everything an allocation says.

    Parameters
    ----------
    basin : Basin
    dataset : Dataset
        As made by `allocate`, or read back from disk.

    Returns
    -------
    PlanFacts
        Ready for JSON: ``plan_facts(basin, dataset).model_dump(mode="json")``.
    """
    plan = Plan(basin, dataset)
    stages = _stages(dataset)
    targets = commitments.targets(plan)
    found = {
        "model": basin.name,
        "scenario": basin.scenario or None,
        "step": basin.calendar.step,
        "status": str(dataset.attrs.get("status", "optimal")),
        "objective": _objective(stages),
        "stages": stages,
        "targets": targets,
        "floors": commitments.floors(plan),
        "limits": commitments.limits(plan),
        "agreed_flows": commitments.agreed_flows(plan),
        "energy": schedules.energy(plan),
        "audit": _audit(dataset),
        "certificate": _certificate(dataset),
        "title": basin.title or basin.name,
        "horizon": f"{basin.calendar.start}/{basin.calendar.end}",
        "titles": {name: plan.title(name) for name in basin.nodes},
        "seasons": [{"season": season, "window": str(window)} for window, season in plan.seasons],
        "order": [p.name for p in basin.objective.priorities],
        "holds_back": holds_back(plan, targets),
        "floor_shortfalls": commitments.floor_shortfalls(plan),
        "known_flows": commitments.known_flows(plan),
        "storage_rules": commitments.storage_rules(plan),
        "threshold_shares": commitments.threshold_shares(plan),
        "reservoirs": schedules.reservoirs(plan),
        "power": schedules.power(plan),
        "lines": power_lines.lines(plan),
        "fuels": power_lines.fuels(plan),
        "releases": power_lines.releases(plan),
        "level": basin.level,
        "payoffs": payoff_terms(plan),
        "accounts": commitments.accounts(plan),
        "deliveries": schedules.deliveries(plan),
        "clauses": clauses.clauses(plan),
        "account": clauses.accounts(plan),
        "stage_paths": {str(n): str(p) for n, p in zip(dataset["stage"].values, dataset["stage_path"].values, strict=True)},
        "in_transit_Mm3": plain(float(dataset["in_transit"].values.sum())),
        "inputs": _inputs(basin),
        "changes": list(basin.changes),
        "warnings": basin.warnings(),
    }
    return PlanFacts.model_validate(found)


def report(basin: Basin, dataset: xr.Dataset) -> dict[str, Any]:
    """The same as plain objects."""
    return plan_facts(basin, dataset).model_dump(mode="json", exclude_unset=True)
