"""What a season came to when it was planned again and again, beside what else could have been: drift, alarms, account, regret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.calendar import Step as StepLength
from waterflow.ledger.met import Curtailed
from waterflow.ledger.replayed import Carried
from waterflow.ledger.rolling import outside_range
from waterflow.observations.past import Past

__all__ = ["DEVIATION", "Drift", "DriftAlarm", "Outcome", "RollingFacts", "SeasonReplayed", "season_replayed"]

#: cumulative release or withdrawal this far from the approved plan rings, and a target that misses this share of itself
DEVIATION, MISSED = 0.10, 0.01
#: storage, release or flow outside by less is none, Mm3
NOTHING = 1.0
Way = Literal["corrected", "uncorrected", "foresight", "done"]


class DriftAlarm(Fact):
    """What rang in a period: what came to be, and the threshold it passed."""

    kind: Literal["storage", "release", "level", "target", "withdrawal"] = Field(
        description="``storage``: outside its operating range; ``release``, ``withdrawal``: cumulative, far from the approved plan; "
        "``level``: an alarm of the model; ``target``: the newest plan misses it"
    )
    place: str
    title: str
    value: float
    threshold: float
    unit: str


class Drift(Fact):
    """One period: forecast and what came, how far storages are from the approved plan, what rang."""

    named_by = ("period",)

    period: str
    forecast_Mm3: float = Field(description="Runoff of the river in the period, as forecast at its beginning")
    came_Mm3: float
    season_forecast_Mm3: float = Field(description="Runoff of the season: what had come, and what was still forecast")
    stored_Mm3: float = Field(description="In all reservoirs at the end of the period")
    approved_stored_Mm3: float
    targets_Mm3: dict[str, float] = Field(description="What the newest plan promised of each target, seen and planned")
    alarms: tuple[DriftAlarm, ...]
    curtailed: tuple[Curtailed, ...]
    not_held: tuple[str, ...] = Field(description="Agreed storages and hard clauses that no plan could keep any more")


class Outcome(Fact):
    """What a season came to in one way; None where nobody saw it."""

    named_by = ("way",)

    way: Way
    withdrawals_Mm3: dict[str, float] = Field(description="Of the limited users of each party")
    short_Mm3: float | None = Field(description="Asked by all users and not delivered")
    targets_missed_Mm3: float | None
    unserved_GWh: float | None
    power_cost_MUSD: float | None = Field(description="Power bought and unserved, less sold")
    stored_Mm3: float | None = Field(description="At the end in all reservoirs that were seen, lakes left out")
    outside_Mm3: float | None = Field(description="Outside the operating ranges, all periods together")


class SeasonReplayed(Fact):
    """A season, or its first periods."""

    scenario: str
    title: str
    invented: bool
    step: StepLength
    first: str
    last: str
    forecast: str
    tolerance: float
    approved_forecast_Mm3: float = Field(description="Runoff of the replayed periods as the approved plan had it")
    came_Mm3: float
    drift: tuple[Drift, ...]
    outcomes: tuple[Outcome, ...]

    def outcome(self, way: Way) -> Outcome | None:
        """One of the ways, if it is there."""
        return next((x for x in self.outcomes if x.way == way), None)


class RollingFacts(Fact):
    """Seasons replayed with what was known."""

    model: str = Field(description="Name of the model")
    seasons: tuple[SeasonReplayed, ...]


def season_replayed(season: Basin, runs: dict[Way, Carried], approved: Plan, past: Past | None, about: dict[str, object]) -> SeasonReplayed:
    """The account of a replayed season.

    Parameters
    ----------
    season : Basin
        With the runoff that came.
    runs : dict of way to Carried
        With ``corrected``.
    approved : Plan
        The first plan.
    past : Past, optional
        What was seen, if anything was.
    about : dict
        ``forecast``, ``tolerance``, ``invented``.
    """
    carried, n = runs["corrected"], runs["corrected"].periods
    seen = _stored_seen(season, past, n)
    outcomes = [_outcome(season, way, run, seen) for way, run in runs.items()]
    if past is not None:
        outcomes.append(_done(season, past, n, seen))
    labels = season.calendar.labels
    return SeasonReplayed(
        scenario=season.scenario,
        title=title_of(season, season.scenario),
        step=season.calendar.step,
        first=labels[0],
        last=labels[n - 1],
        approved_forecast_Mm3=sum(sum(v[:n]) for v in approved.basin.runoff.values()),
        came_Mm3=sum(sum(v[:n]) for v in season.runoff.values()),
        drift=tuple(_drift(season, carried, approved)),
        outcomes=tuple(outcomes),
        **about,
    )


def _dams(season: Basin) -> list[str]:
    return [r for r in season.reservoirs if season.nodes[r].kind == "reservoir"]


def _drift(season: Basin, carried: Carried, approved: Plan) -> Iterator[Drift]:
    came = np.sum(list(season.runoff.values()), axis=0)
    dams = _dams(season)
    for k, step in enumerate(carried.steps):
        yield Drift(
            period=step.label,
            forecast_Mm3=step.forecast,
            came_Mm3=step.came,
            season_forecast_Mm3=float(came[:k].sum()) + step.rest_forecast,
            stored_Mm3=sum(carried.storage[r][k] for r in dams),
            approved_stored_Mm3=sum(float(approved.series("storage", r)[k]) for r in dams),
            targets_Mm3=step.targets,
            alarms=tuple(_alarms(season, carried, approved, k)),
            curtailed=step.curtailed,
            not_held=step.not_held,
        )


def _alarms(season: Basin, carried: Carried, approved: Plan, k: int) -> Iterator[DriftAlarm]:
    month = season.calendar.periods[k].month
    for x in season.operating_ranges.values():
        stored = carried.storage[x.reservoir][k]
        if x.kind == "storage" and not x.low[k] - NOTHING <= stored <= x.high[k] + NOTHING:
            edge = x.low[k] if stored < x.low[k] else x.high[k]
            yield DriftAlarm(kind="storage", place=x.reservoir, title=called(season, x.reservoir), value=stored, threshold=edge, unit="Mm3")
    for a in season.storage_alarms.values():
        if a.rings(month) and carried.storage[a.reservoir][k] < a.storage - NOTHING:
            yield DriftAlarm(
                kind="level",
                place=a.name,
                title=called(season, a.name),
                value=carried.storage[a.reservoir][k],
                threshold=a.storage,
                unit="Mm3",
            )
    for f in season.flow_alarms.values():
        flow = carried.flow[f.reach][k] * season.calendar.periods[k].rate
        if f.rings(month) and flow > f.flow * (1 + 1e-6):
            yield DriftAlarm(kind="level", place=f.name, title=called(season, f.name), value=flow, threshold=f.flow, unit="m3/s")
    for name, promised in carried.steps[k].targets.items():
        target = season.targets[name]
        if promised < (1 - MISSED) * target.amount:
            title = called(season, target.place)
            yield DriftAlarm(kind="target", place=name, title=title, value=promised, threshold=target.amount, unit="Mm3")
    for r in _dams(season):
        ways = season.paths.released[r]
        yield from _far(
            season,
            "release",
            r,
            sum(sum(carried.flow[a][: k + 1]) for a in ways),
            sum(float(approved.series("flow", a)[: k + 1].sum()) for a in ways),
        )
    for party in season.parties:
        users = [d.name for d in season.demands.values() if d.limited and d.party == party]
        then = sum(float(approved.series("delivery", d)[: k + 1].sum()) for d in users)
        yield from _far(season, "withdrawal", party, sum(sum(carried.delivery[d][: k + 1]) for d in users), then)


def _far(season: Basin, kind: Literal["release", "withdrawal"], place: str, now: float, then: float) -> Iterator[DriftAlarm]:
    if abs(now - then) > DEVIATION * then + NOTHING:
        yield DriftAlarm(kind=kind, place=place, title=called(season, place), value=now, threshold=then, unit="Mm3")


def _outcome(season: Basin, way: Way, run: Carried, seen: Sequence[str]) -> Outcome:
    n = run.periods
    return Outcome(
        way=way,
        withdrawals_Mm3={
            p: sum(sum(run.delivery[d.name][:n]) for d in season.demands.values() if d.limited and d.party == p) for p in season.parties
        },
        short_Mm3=sum(sum(d.need[:n]) - sum(run.delivery[d.name][:n]) for d in season.demands.values()),
        targets_missed_Mm3=sum(_missed(season, run, name) for name in season.targets),
        unserved_GWh=sum(sum(series[:n]) for series in run.unserved.values()) if run.unserved else None,
        power_cost_MUSD=sum(run.cost) if run.unserved else None,
        stored_Mm3=sum(run.storage[r][n - 1] for r in seen),
        outside_Mm3=sum(outside_range(season, run.storage, run.flow, name, k) for name in season.operating_ranges for k in range(n))
        if season.operating_ranges
        else None,
    )


def _missed(season: Basin, run: Carried, name: str) -> float:
    """What a target whose window has passed was missed by."""
    target = season.targets[name]
    inside = season.calendar.inside(target.window)
    if inside[-1] >= run.periods:
        return 0.0
    return max(0.0, target.amount - sum(run.flow[target.reach][k] for k in inside))


def _stored_seen(season: Basin, past: Past | None, n: int) -> list[str]:
    """Reservoirs whose storage was seen at the end, all of them where nothing was."""
    dams = _dams(season)
    if past is None:
        return dams
    return [r for r in dams if r in past.storages and past.storages[r][n - 1] is not None]


def _done(season: Basin, past: Past, n: int, seen: Sequence[str]) -> Outcome:
    """What was done, as far as it was seen."""
    taken = {}
    for party in season.parties:
        users = [d.name for d in season.demands.values() if d.limited and d.party == party]
        series = [v for name in users for v in (past.withdrawals[name][:n] if name in past.withdrawals else (None,))]
        whole = [v for v in series if v is not None]
        if users and len(whole) == len(series):
            taken[party] = sum(whole)
    stored = [past.storages[r][n - 1] for r in seen]
    return Outcome(
        way="done", withdrawals_Mm3=taken, short_Mm3=None, targets_missed_Mm3=_fact_missed(season, n), unserved_GWh=None,
        power_cost_MUSD=None, stored_Mm3=sum(v for v in stored if v is not None) if seen else None, outside_Mm3=None,
    )  # fmt: skip


def _fact_missed(season: Basin, n: int) -> float | None:
    """What published deliveries missed of the targets whose window has passed; None unless all were published."""
    facts = {(f.place, f.window): f.amount for f in season.known_flows.values() if (f.kind, f.quantity) == ("fact", "target")}
    gone = [x for x in season.targets.values() if season.calendar.inside(x.window)[-1] < n]
    if not gone or any((x.place, x.window) not in facts for x in gone):
        return None
    return sum(max(0.0, x.amount - facts[x.place, x.window]) for x in gone)
