"""A season replayed with what was known: forecast, plan, a period as it came, and again. Nothing of the future is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError
from waterflow.ledger.met import Curtailed, meet
from waterflow.ledger.powered import powered
from waterflow.ledger.rolling import rest_of_season
from waterflow.ledger.seen import Seen
from waterflow.progress import done

__all__ = ["Carried", "Forecaster", "Step", "as_planned", "corrected", "foreseen", "uncorrected"]

Floats = NDArray[np.float64]
#: from the runoff of the periods that have passed, by node, to that of those to come, by (node, period)
Forecaster = Callable[[Mapping[str, tuple[float, ...]]], Mapping[tuple[str, str], float]]


@dataclass(frozen=True)
class Step:
    """One period of a replayed season.

    Attributes
    ----------
    label : str
    forecast, came : float
        Runoff of the whole river in the period as it was last forecast, and as it came, Mm3.
    rest_forecast : float
        Of this and all later periods, as forecast then, Mm3.
    targets : dict of target to Mm3
        What the plan of the period still promised of each, seen and planned.
    not_held : tuple of str
        Hard rules that no plan could keep with the others and the forecast, left out from here on.
    curtailed : tuple of Curtailed
    """

    label: str
    forecast: float
    came: float
    rest_forecast: float
    targets: dict[str, float]
    not_held: tuple[str, ...]
    curtailed: tuple[Curtailed, ...]


@dataclass
class Carried:
    """What a season came to, (name, period): water Mm3, energy GWh, money million USD."""

    season: Basin
    flow: dict[str, list[float]] = field(default_factory=dict)
    storage: dict[str, list[float]] = field(default_factory=dict)
    delivery: dict[str, list[float]] = field(default_factory=dict)
    generation: dict[str, list[float]] = field(default_factory=dict)
    unserved: dict[str, list[float]] = field(default_factory=dict)
    exchanged: dict[str, list[float]] = field(default_factory=dict)
    cost: list[float] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def periods(self) -> int:
        """How many periods have passed."""
        return len(self.cost)

    def series(self, quantity: str, name: str) -> Floats:
        """One row of what came."""
        return np.array(getattr(self, quantity)[name])

    def seen(self) -> Seen:
        """Everything so far, as it is known on the morning after the last period."""
        calendar, n = self.season.calendar, self.periods
        labels = calendar.labels[:n]
        ends = [p.end + dt.timedelta(days=1) for p in calendar.periods[:n]]

        def by_period(rows: dict[str, list[float]]) -> dict[str, dict[str, float]]:
            return {name: dict(zip(labels, series, strict=True)) for name, series in rows.items()}

        return Seen(
            day=calendar.periods[n].start,
            storages={name: dict(zip(ends, series, strict=True)) for name, series in self.storage.items()},
            deliveries=by_period(self.delivery),
            flows=by_period(self.flow),
            runoff={name: dict(zip(labels, series, strict=False)) for name, series in self.season.runoff.items()},
            exchanged=by_period(self.exchanged),
            unserved=by_period(self.unserved),
        )

    def met(self, plan: Plan, k: int, state: Basin, runoff: Mapping[str, float]) -> tuple[Curtailed, ...]:
        """Carry out one period of a plan, and keep what it came to."""
        found = meet(plan, k, state, runoff)
        spans = {r: (state.reservoirs[r].opening_storage, s) for r, s in found.storage.items()}
        power = powered(plan, k, found.flow, spans)
        kept = {
            "flow": found.flow, "storage": found.storage, "delivery": found.delivery,
            "generation": power.generation, "unserved": power.unserved, "exchanged": power.exchanged,
        }  # fmt: skip
        for quantity, values in kept.items():
            for name, value in values.items():
                getattr(self, quantity).setdefault(name, []).append(value)
        self.cost.append(power.cost)
        return found.curtailed


def foreseen(season: Basin, forecaster: Forecaster, past: int = 0) -> Basin:
    """The season with what a forecaster says of the periods after those that have passed."""
    known = {name: tuple(series[:past]) for name, series in season.runoff.items()}
    return season.changed(runoff=dict(forecaster(known)))


def corrected(season: Basin, forecaster: Forecaster, periods: int, tolerance: float = 0.0) -> tuple[Carried, Plan]:
    """A season planned again at the beginning of every period; only what had come by then is known.

    Parameters
    ----------
    season : Basin
        With the runoff that came.
    forecaster : callable
        Given the runoff of the past periods, says that of those to come; it is given nothing else of the season.
    periods : int
        How many periods are replayed.
    tolerance : float
        A share by which limits may be passed.

    Returns
    -------
    (Carried, Plan)
        What it came to, and the first plan, which was approved.

    Raises
    ------
    ConflictError
        If no plan keeps every hard rule, not even without storages agreed for dates and hard clauses.
    """
    agreed = foreseen(season, forecaster)
    approved, dropped = _as_far_as_can_be(agreed)
    carried, plan, gone = Carried(season), approved, set(dropped)
    for k in range(periods):
        done(k / periods)
        state = plan.basin
        if k:
            forecast = forecaster({name: tuple(series[:k]) for name, series in season.runoff.items()})
            state = rest_of_season(_without(agreed, gone), carried.seen(), forecast, tolerance=tolerance).basin
            plan, dropped = _as_far_as_can_be(state)
            gone |= set(dropped)
        runoff = {name: series[k] for name, series in season.runoff.items()}
        curtailed = carried.met(plan, 0, plan.basin, runoff)
        carried.steps.append(_step(plan, carried, k, runoff, dropped, curtailed))
    return carried, approved


def uncorrected(season: Basin, approved: Plan, periods: int) -> Carried:
    """The same season with the approved plan carried out to its end, whatever comes."""
    carried = Carried(season)
    for k in range(periods):
        state = rest_of_season(approved.basin, carried.seen()).basin if k else approved.basin
        runoff = {name: series[k] for name, series in season.runoff.items()}
        curtailed = carried.met(approved, k, state, runoff)
        carried.steps.append(_step(approved, carried, k, runoff, (), curtailed, planned_at=k))
    return carried


def as_planned(plan: Plan, periods: int) -> Carried:
    """What a plan says of itself, as if everything came as it knew: perfect foresight, where it knew the season."""
    carried = Carried(plan.basin)
    b = plan.basin
    rows = (("flow", b.reaches), ("storage", b.reservoirs), ("delivery", b.demands), ("generation", b.plants), ("exchanged", b.exchanges))
    for quantity, names in rows:
        getattr(carried, quantity).update({n: plan.series(quantity, n)[:periods].tolist() for n in names})
    for k in range(periods):
        storage = {
            n: (float(plan.series("storage", n)[k - 1]) if k else r.opening_storage, float(plan.series("storage", n)[k]))
            for n, r in b.reservoirs.items()
        }
        power = powered(plan, k, {n: float(plan.series("flow", n)[k]) for n in b.reaches}, storage)
        carried.cost.append(power.cost)
        for party, value in power.unserved.items():
            carried.unserved.setdefault(party, []).append(value)
    return carried


def _as_far_as_can_be(basin: Basin) -> tuple[Plan, tuple[str, ...]]:
    """The plan, and the storages agreed for dates and the hard clauses that no plan can keep with the others."""
    dropped: list[str] = []
    while True:
        try:
            found = allocate(basin)
        except ConflictError as error:
            named = {name.partition("[")[2].rstrip("]") for name in error.clashing}
            clashing = sorted(named & (basin.storage_rules.keys() | basin.clause_rows.keys()))
            if not clashing:
                raise
            dropped += clashing
            basin = _without(basin, set(clashing))
        else:
            return Plan(found.basin, found.dataset), tuple(dropped)


def _without(basin: Basin, names: set[str]) -> Basin:
    """The basin without some storages agreed for dates; hard clauses of that name may be missed at no price."""
    if not names:
        return basin
    rows = {n: r.model_copy(update={"price": 0.0}) if n in names else r for n, r in basin.clause_rows.items()}
    return basin.replaced(storage_rules={n: r for n, r in basin.storage_rules.items() if n not in names}, clause_rows=rows)


def _step(
    plan: Plan,
    carried: Carried,
    k: int,
    runoff: Mapping[str, float],
    dropped: tuple[str, ...],
    curtailed: tuple[Curtailed, ...],
    planned_at: int = 0,
) -> Step:
    b = plan.basin
    river = np.sum([series[planned_at:] for series in b.runoff.values()], axis=0)
    promised = {}
    for name, target in b.targets.items():
        window = carried.season.targets[name].window
        inside = [j for j in carried.season.calendar.inside(window) if j < k]
        there = b.calendar.inside(target.window)
        left = [j for j in there if j >= planned_at]
        promised[name] = sum(carried.flow[target.reach][j] for j in inside) + float(plan.series("flow", target.reach)[left].sum())
    return Step(
        label=carried.season.calendar.labels[k],
        forecast=float(river[0]),
        came=sum(runoff.values()),
        rest_forecast=float(river.sum()),
        targets=promised,
        not_held=dropped,
        curtailed=curtailed,
    )
