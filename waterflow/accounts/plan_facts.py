"""Everything an allocation says, gathered into typed facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xarray as xr

from waterflow.accounts import clauses, commitments, power_lines, schedules
from waterflow.accounts.alarms import alarms_rung
from waterflow.accounts.conveyance import passages, turned
from waterflow.accounts.deals import deals
from waterflow.accounts.facts import Audit, Certificate, Inputs, PlanFacts, SeasonWindow, StageFact
from waterflow.accounts.held import out_of_balance, wished_storages
from waterflow.accounts.party_seasons import party_seasons
from waterflow.accounts.payoffs import payoff_terms
from waterflow.accounts.plan import Plan, plain
from waterflow.accounts.ranges import range_ends
from waterflow.accounts.reached import not_reached
from waterflow.accounts.shortages import shortages
from waterflow.accounts.shortfall_causes import holds_back
from waterflow.basin.basin import Basin
from waterflow.basin.objective import CLOSING
from waterflow.basin.titles import called, priority_titles, title_of

__all__ = ["plan_facts"]

#: how a plan with head, or under laws that bend, was found; attributes that only such a plan has
PASSES = ("head_passes", "head_steps_taken", "head_gap", "head_energy_gap_GWh", "bend_passes", "bend_gap_Mm3")


def _stages(dataset: xr.Dataset) -> tuple[StageFact, ...]:
    columns = ("stage", "stage_sense", "stage_unit", "stage_value")
    return tuple(
        StageFact(name=str(name), sense=str(sense), unit=str(unit), value=plain(value))
        for name, sense, unit, value in zip(*(dataset[c].values for c in columns), strict=True)
    )


def _objective(stages: Sequence[StageFact]) -> float | None:
    """The value of the last stage before the closing ones."""
    values = [s.value for s in stages if s.name not in CLOSING]
    return values[-1] if values else None


def _audit(dataset: xr.Dataset) -> Audit:
    attrs = dataset.attrs
    water = max(float(attrs["water_residual_Mm3"]), float(attrs["river_residual_Mm3"]))
    passes = {name: plain(attrs[name]) for name in PASSES if name in attrs}
    return Audit(water_residual_Mm3=water, energy_residual_GWh=float(attrs["energy_residual_GWh"]), **passes)


def _certificate(dataset: xr.Dataset) -> Certificate:
    """The worst residual of any stage."""
    primal, dual, gap = (float(dataset[f"certificate_{part}"].values.max()) for part in ("primal", "dual", "gap"))
    return Certificate(primal=primal, dual=dual, gap=gap)


def _inputs(basin: Basin) -> Inputs:
    assumed, rows = basin.assumed_rows()
    grades = sorted({grade for counts in basin.grades.values() for grade in counts})
    by_grade = {grade: sum(counts.get(grade, 0) for counts in basin.grades.values()) for grade in grades}
    return Inputs(rows=rows, assumed_or_unverified=assumed, by_grade=by_grade, by_table=basin.grades)


def _about(basin: Basin) -> dict[str, Any]:
    """What was asked and what it rests on."""
    said = {"changes": basin.changes, "questions": basin.questions, "warnings": tuple(basin.warnings())}
    return {"inputs": _inputs(basin), **said}


def _titles(basin: Basin) -> dict[str, str]:
    names = (*basin.nodes, *basin.demands, *basin.reaches, *basin.plants, *basin.storage_alarms, *basin.flow_alarms)
    return {name: called(basin, name) for name in names}


def _of_reaches(plan: Plan) -> dict[str, Any]:
    """What reservoirs let go, what passing reaches costs, and what goes round."""
    return {"releases": power_lines.releases(plan), "passages": passages(plan), "turned": turned(plan)}


def plan_facts(basin: Basin, dataset: xr.Dataset) -> PlanFacts:
    """Everything an allocation says, ready for JSON: ``plan_facts(basin, dataset).model_dump(mode="json")``.

    Parameters
    ----------
    basin : Basin
    dataset : Dataset
        As made by `allocate`, or read back from disk.
    """
    plan = Plan(basin, dataset)
    stages, targets, parties = _stages(dataset), commitments.targets(plan), party_seasons(plan)
    balances = schedules.power(plan, parties)
    return PlanFacts(
        model=basin.name,
        scenario=basin.scenario or None,
        step=basin.calendar.step,
        status=str(dataset.attrs.get("status", "optimal")),
        objective=_objective(stages),
        stages=stages,
        targets=targets,
        floors=commitments.floors(plan),
        limits=commitments.limits(plan),
        agreed_flows=commitments.agreed_flows(plan),
        energy=schedules.energy(balances),
        audit=_audit(dataset),
        certificate=_certificate(dataset),
        title=title_of(basin, basin.name),
        horizon=f"{basin.calendar.start}/{basin.calendar.end}",
        titles=_titles(basin),
        seasons=tuple(SeasonWindow(season=season, window=str(window)) for window, season in plan.seasons),
        order=tuple(p.name for p in basin.objective.priorities),
        priority_titles=priority_titles(basin),
        holds_back=holds_back(plan, targets),
        floor_shortfalls=commitments.floor_shortfalls(plan),
        not_reached=not_reached(plan),
        known_flows=commitments.known_flows(plan),
        storage_rules=commitments.storage_rules(plan),
        threshold_shares=commitments.threshold_shares(plan),
        alarms=alarms_rung(plan),
        range_ends=range_ends(plan),
        reservoirs=schedules.reservoirs(plan),
        power=balances,
        lines=power_lines.lines(plan),
        fuels=power_lines.fuels(plan),
        **_of_reaches(plan),
        level=basin.level,
        payoffs=payoff_terms(plan),
        accounts=commitments.accounts(plan),
        deliveries=schedules.deliveries(plan),
        clauses=clauses.clauses(plan),
        account=clauses.accounts(plan),
        deals=deals(plan),
        stage_paths={str(n): str(p) for n, p in zip(dataset["stage"].values, dataset["stage_path"].values, strict=True)},
        in_transit_Mm3=float(dataset["in_transit"].values.sum()),
        wished_storages=wished_storages(plan),
        out_of_balance=out_of_balance(plan),
        **_about(basin),
        parties=parties,
        shortages=shortages(plan),
        storages=schedules.storages(plan),
    )
