"""A replay in figures: scores of gauges and storages, sums by half-season, closures, and limits that were crossed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd

from waterflow.accounts.fact import Fact
from waterflow.observations.record import Tables
from waterflow.validation.closures import suspect_months
from waterflow.validation.replay import NotObserved, Replay
from waterflow.validation.scores import Score, score

__all__ = ["AgencySum", "ClosureSum", "Crossed", "GaugeScore", "GaugeSum", "ReplayFacts", "StorageScore", "replay_facts"]

KINDS = ("growing", "non_growing", "all")
Kind = Literal["storage_below_lowest", "storage_above_full", "water_missing", "canal_over_capacity", "reach_over_capacity"]
#: a capacity is crossed by more than its rounding
ROUNDED = 1 + 1e-9


class GaugeScore(Score):
    """The scores of a gauge over a kind of season, or all months."""

    gauge: str
    season: str


class GaugeSum(Fact):
    """Volume at a gauge over a half-season."""

    gauge: str
    season: str
    months: int
    observed_Mm3: float
    simulated_Mm3: float


class AgencySum(Fact):
    """Inflow of a place over a half-season as several agencies report it, by gauge, in the months that all report."""

    place: str
    season: str
    observed_Mm3: dict[str, float]
    simulated_Mm3: float


class StorageScore(Fact):
    """Scores of a reservoir: reset every half-season, a month ahead, and the observations' own closure error."""

    reservoir: str
    months: int
    left_out: int
    nse: float | None
    bias: float | None
    rmse_Mm3: float | None
    month_ahead_nse: float | None
    month_ahead_rmse_Mm3: float | None
    closure_rmse_Mm3: dict[str, float]


class ClosureSum(Fact):
    """What the published balance of a reservoir does not explain over a half-season."""

    reservoir: str
    balance: str
    season: str
    months: int
    closure_Mm3: float


class Crossed(Fact):
    """A limit that observation or simulation crossed, in how many months; or water that was not there."""

    what: Kind
    place: str
    of: Literal["observed", "simulated"]
    months: int | None = None
    limit_Mm3: float | None = None
    missing_Mm3: float | None = None


class ReplayFacts(Fact):
    """A replayed horizon."""

    model: str
    first: str
    last: str
    months_not_observed: NotObserved
    users: int
    gauges: tuple[GaugeScore, ...]
    sums: tuple[GaugeSum, ...]
    agencies: tuple[AgencySum, ...]
    storages: tuple[StorageScore, ...]
    closures: tuple[ClosureSum, ...]
    crossed: tuple[Crossed, ...]


def _gauges(replay: Replay) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every gauge in the order of the table, as ``site.quantity``."""
    names = replay.flows["site"] + "." + replay.flows["quantity"]
    known = replay.flows["simulated"].notna()
    for name in dict.fromkeys(names):
        yield name, replay.flows[(names == name) & known]


def _of_kind(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    return frame if kind == "all" else frame[frame["season"].str.endswith(f" {kind}")]


def _scores(replay: Replay) -> Iterator[GaugeScore]:
    for name, found in _gauges(replay):
        for kind in KINDS:
            part = _of_kind(found, kind)
            yield GaugeScore(gauge=name, season=kind, **score(part["observed"], part["simulated"]).model_dump())


def _sums(replay: Replay) -> Iterator[GaugeSum]:
    for name, found in _gauges(replay):
        for season, part in found.groupby("season", sort=False):
            observed, simulated = float(part["observed"].sum()), float(part["simulated"].sum())
            yield GaugeSum(gauge=name, season=str(season), months=len(part), observed_Mm3=observed, simulated_Mm3=simulated)


def _agencies(replay: Replay, tables: Tables) -> Iterator[AgencySum]:
    sites = tables["replay_sites"]
    frames = {name: found.set_index("period") for name, found in _gauges(replay)}
    for place, rows in sites[sites["agency"] != "none"].groupby("place", sort=False):
        named = {name: frames[name] for r in rows.itertuples() if (name := f"{r.site}.{r.quantity}") in frames}
        if len(named) > 1:
            first = next(iter(named.values()))
            months = first.index[[all(m in f.index for f in named.values()) for m in first.index]]
            for season, part in first.loc[months].groupby("season", sort=False):
                told = {name: float(f.loc[part.index, "observed"].sum()) for name, f in named.items()}
                yield AgencySum(place=str(place), season=str(season), observed_Mm3=told, simulated_Mm3=float(part["simulated"].sum()))


def _storages(replay: Replay, tables: Tables) -> Iterator[StorageScore]:
    for reservoir, every in replay.storages.groupby("reservoir", sort=False):
        months = pd.PeriodIndex(every["period"])
        sound = every[~suspect_months(tables, str(reservoir), months)]
        season, ahead = (score(sound["observed"], sound[name]) for name in ("simulated", "month_ahead"))
        closures = replay.closures[(replay.closures["reservoir"] == reservoir) & replay.closures["period"].isin(sound["period"])]
        errors = {str(name): float(np.sqrt((c["closure"] ** 2).mean())) for name, c in closures.groupby("balance", sort=False)}
        yield StorageScore(
            reservoir=str(reservoir), months=season.count, left_out=len(every) - len(sound),
            nse=season.nse, bias=season.bias, rmse_Mm3=season.rmse,
            month_ahead_nse=ahead.nse, month_ahead_rmse_Mm3=ahead.rmse, closure_rmse_Mm3=errors,
        )  # fmt: skip


def _closures(replay: Replay) -> Iterator[ClosureSum]:
    for (reservoir, balance, season), found in replay.closures.groupby(["reservoir", "balance", "season"], sort=False):
        named = {"reservoir": str(reservoir), "balance": str(balance), "season": str(season)}
        yield ClosureSum(**named, months=len(found), closure_Mm3=float(found["closure"].sum()))


def _crossed(replay: Replay) -> Iterator[Crossed]:
    river, run = replay.river, replay.by_season
    for r in river.reservoirs.values():
        found = replay.storages[replay.storages["reservoir"] == r.name]
        for of in ("observed", "simulated"):
            low, high = int((found[of] < r.lowest_storage).sum()), int((found[of] > r.full_storage).sum())
            if low:
                yield Crossed(what="storage_below_lowest", place=r.name, of=of, months=low, limit_Mm3=r.lowest_storage)
            if high:
                yield Crossed(what="storage_above_full", place=r.name, of=of, months=high, limit_Mm3=r.full_storage)
    for k, demand in enumerate(river.demands.values()):
        missing = float(np.nansum(run.missing[k]))
        if missing >= 1:
            yield Crossed(what="water_missing", place=demand.name, of="simulated", missing_Mm3=missing)
        if demand.capacity and (over := int((run.delivery[k] > np.array(demand.capacity) * ROUNDED).sum())):
            yield Crossed(what="canal_over_capacity", place=demand.name, of="simulated", months=over)
    for k, reach in enumerate(river.reaches.values()):
        if reach.capacity and (over := int((run.flow[k] > np.array(reach.capacity) * ROUNDED).sum())):
            yield Crossed(what="reach_over_capacity", place=reach.name, of="simulated", months=over)


def replay_facts(replay: Replay, tables: Tables) -> ReplayFacts:
    """The figures of a replay; ``tables`` are those it was made from."""
    labels = replay.river.calendar.labels
    return ReplayFacts(
        model=replay.river.name,
        first=labels[0],
        last=labels[-1],
        months_not_observed=replay.assumed,
        users=len(replay.river.demands),
        gauges=tuple(_scores(replay)),
        sums=tuple(_sums(replay)),
        agencies=tuple(_agencies(replay, tables)),
        storages=tuple(_storages(replay, tables)),
        closures=tuple(_closures(replay)),
        crossed=tuple(_crossed(replay)),
    )
