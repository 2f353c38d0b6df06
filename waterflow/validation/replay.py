"""Replay: the past through the model's own arithmetic. Observed releases, withdrawals and runoff in, flows and storages out.

Nothing is optimised and no limit is enforced. What was not observed comes from the model's tables: lateral runoff as the
normal month times the wetness of the half-season, uses of the mean month, return flow by its kernel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from waterflow.accounts.fact import Fact
from waterflow.basin.basin import Basin
from waterflow.basin.horizon import over
from waterflow.errors import InputError, Problem
from waterflow.observations.record import (
    Record,
    Tables,
    gauged_runoff,
    half_season,
    months_of,
    normal_by_node,
    read_record,
    wetness,
    with_means,
)
from waterflow.progress import done
from waterflow.simulation.simulate import Simulated, simulate
from waterflow.validation.closures import put_reported, reservoir_closures, suspect_months
from waterflow.words.catalogue import say

__all__ = ["NotObserved", "Replay", "replay"]

Floats = NDArray[np.float64]


class NotObserved(Fact):
    """Months of each node's runoff and each user's withdrawals that were not observed."""

    runoff: dict[str, int]
    withdrawals: dict[str, int]


@dataclass(frozen=True)
class Replay:
    """A replayed horizon.

    Attributes
    ----------
    river : Basin
        With observed runoff and withdrawals.
    record : Record
    by_season, by_month : Simulated
        Storages put back to the observed ones at the start of every half-season, and of every month.
    flows : DataFrame
        Columns site, quantity, place, period, season, observed, simulated (Mm3 per month), a row for each month observed.
    storages : DataFrame
        Columns reservoir, period, season, observed, simulated (reset every half-season), month_ahead (reset every month), Mm3.
        A reservoir whose runoff is worked out from its own storage is simulated from its reported inflow instead, plus the
        mean closure error of the month in the other half-seasons: anything else would compare the storage with itself.
    closures : DataFrame
        Columns balance, period, season, closure: what the observations of a reservoir do not explain, Mm3 per month.
    assumed : NotObserved
        Months by name of what was not observed and taken from the model's tables instead.
    """

    river: Basin
    record: Record
    by_season: Simulated
    by_month: Simulated
    flows: pd.DataFrame
    storages: pd.DataFrame
    closures: pd.DataFrame
    assumed: NotObserved


def replay(basin: Basin, tables: Tables, first: str, last: str) -> Replay:
    """Replay some months of the past.

    Parameters
    ----------
    basin : Basin
        By month, over a whole year; its structure and its mean months are used.
    tables : mapping of DataFrame
        As `waterflow.observations.files.observed_tables` reads them; later rows of the same shape need nothing else.
    first, last : str
        Months as ``2022-04``.

    Raises
    ------
    InputError
        If the months are none, or a release or storage that the replay needs was not observed in any of them.
    """
    months = _months(first, last)
    record = _covering(read_record(tables), months)
    _require_observed(record, months)
    river, assumed = _river(basin, tables, record, months)
    releases = _releases(river, tables, record, months)
    starts = {r: record.storages[r].shift(1).reindex(months).to_numpy(float) for r in record.storages if r in river.reservoirs}
    new = np.append(True, half_season(months)[1:] != half_season(months)[:-1])
    # reset every half-season, then every month: the work is in these two
    done(0.1)
    by_season = simulate(river, releases, {r: np.where(new, v, np.nan) for r, v in starts.items()})
    done(0.5)
    by_month = simulate(river, releases, starts)
    done(0.9)
    closures = reservoir_closures(tables, record)
    storages = _storages(river, by_season, by_month, record, months)
    for row in tables["gauged_runoff"].itertuples():
        if row.storage_of in river.reservoirs:
            put_reported(storages, str(row.storage_of), record, closures, suspect_months(tables, str(row.storage_of), record.months))
    return Replay(
        river, record, by_season, by_month,
        _flows(river, by_season, tables, record, months), storages,
        closures[closures["period"].isin(months)].reset_index(drop=True), assumed,
    )  # fmt: skip


def _months(first: str, last: str) -> pd.PeriodIndex:
    problems = []
    for name, text in (("from", first), ("to", last)):
        try:
            pd.Period(text, "M")
        except ValueError:
            problems.append(Problem("bad-month", f"--{name}", text, say("a month as 2022-04"), say("A typing slip?")))
    if problems:
        raise InputError(problems)
    months = pd.period_range(first, last, freq="M")
    if not len(months):
        raise Problem("bad-month", "--to", last, say("a month from {first} on", first=first), say("Swapped?")).refusal()
    return months


def _covering(record: Record, months: pd.PeriodIndex) -> Record:
    """The record on an index that reaches twelve months before the replay and to its end."""
    index = pd.period_range(min(record.months[0], months[0] - 12), max(record.months[-1], months[-1]), freq="M")
    return Record(*(x.reindex(index) for x in (record.flows, record.storages, record.withdrawals)))


def _require_observed(record: Record, months: pd.PeriodIndex) -> None:
    seen = record.flows.loc[months].notna().any(axis=1)
    if not seen.all():
        there = record.flows.dropna(how="all").index
        spans = (
            say("months with observations, within {first} to {last}", first=there.min(), last=there.max())
            if len(there)
            else say("observed months")
        )
        lacking = [str(m) for m in months[~seen.to_numpy()]]
        where = say("{option} and {other}", option="--from", other="--to")
        raise Problem(
            "no-observations", where, say("nothing observed in {first} to {last}", first=lacking[0], last=lacking[-1]), spans
        ).refusal()


def _river(basin: Basin, tables: Tables, record: Record, months: pd.PeriodIndex) -> tuple[Basin, NotObserved]:
    """The river over the months, with what was observed put in place of the model's mean months."""
    river = over(basin, months[0].start_time.date(), months[-1].end_time.date())
    before = pd.period_range(months[0] - 12, months[0] - 1, freq="M")
    unseen: dict[str, int] = {}
    demands = {}
    for name, demand in river.demands.items():
        if name in record.withdrawals and record.withdrawals[name].notna().any():
            whole, seen = with_means(record.withdrawals[name]), record.withdrawals[name].reindex(months)
            unseen[name] = int(seen.isna().sum())
            found = {"need": tuple(whole.loc[months]), "delivery_before": tuple(whole.loc[before])}
            demand = demand.model_copy(update=found)
        else:
            unseen[name] = len(months)
        demands[name] = demand
    reaches = {}
    for name, reach in river.reaches.items():
        entered = _gauged(tables, record, name, before).fillna(pd.Series(reach.flow_before, before))
        reaches[name] = reach.model_copy(update={"flow_before": tuple(entered)})
    openings = {
        name: r.model_copy(update={"opening_storage": _at(record, name, months[0] - 1, r.opening_storage)})
        for name, r in river.reservoirs.items()
    }
    runoff, missing = _runoff(tables, record, months)
    found = {node: tuple(runoff[node]) for node in river.runoff}
    assumed = NotObserved(
        runoff={name: n for name, n in sorted(missing.items()) if n},
        withdrawals={name: n for name, n in sorted(unseen.items()) if n},
    )
    return river.replaced(demands=demands, reaches=reaches, reservoirs=openings, runoff=found), assumed


def _at(record: Record, reservoir: str, month: pd.Period, otherwise: float) -> float:
    seen = record.storages[reservoir].get(month, np.nan) if reservoir in record.storages else np.nan
    return otherwise if np.isnan(seen) else float(seen)


def _runoff(tables: Tables, record: Record, months: pd.PeriodIndex) -> tuple[pd.DataFrame, dict[str, int]]:
    """Runoff by node: seen where seen, else the normal month times the wetness of the half-season; and months not seen."""
    calendar_months = months_of(months)
    normal = normal_by_node(tables["natural_runoff"])
    table = tables["runoff"]
    usual = table[table["series"] == _normal(tables)].pivot(index="month", columns="node", values="runoff_Mm3").astype(float)
    factors = wetness(tables, record).reindex(half_season(months)).fillna(1.0).to_numpy()
    seen = gauged_runoff(record, tables["gauged_runoff"]).reindex(months)
    found, missing = {}, {}
    for node in usual:
        own = normal[node] if node in normal else 0.0 * usual[node]
        scaled = pd.Series(own.loc[calendar_months].to_numpy() * factors, months)
        known = seen[node] if node in seen else pd.Series(np.nan, months)
        missing[str(node)] = int(known.isna().sum())
        # what closes a month on average, and water used before it is gauged, is in the model's own table
        extra = (usual[node] - own).loc[calendar_months].to_numpy()
        found[str(node)] = (known.fillna(scaled) + extra).clip(lower=0.0)
    return pd.DataFrame(found), missing


def _normal(tables: Tables) -> str:
    """The series of the model's runoff that is its normal year."""
    made = tables["calibration_series"].query("table == 'runoff' and basis == 'normal'")
    return str(made["series"].iloc[0])


def _gauged(tables: Tables, record: Record, reach: str, months: pd.PeriodIndex) -> pd.Series:
    """Water entering a reach as its gauge tells it."""
    rows = tables["flow_gauges"].set_index("reach")
    if reach not in rows.index:
        return pd.Series(np.nan, months)
    row = rows.loc[reach]
    return float(row["share_fraction"]) * record.flows[f"{row['site']}.{row['quantity']}"].reindex(months)


def _releases(river: Basin, tables: Tables, record: Record, months: pd.PeriodIndex) -> dict[str, Floats]:
    """Observed releases; ways without a gauge of their own pass what was seen to pass there, else nothing."""
    gauges = tables["flow_gauges"].set_index("reach")
    found: dict[str, Floats] = {}
    for node, ways in river.paths.departing.items():
        for reach in ways:
            own = reach in gauges.index and gauges.loc[reach, "site"] == node and float(gauges.loc[reach, "share_fraction"]) == 1
            end = f"{river.reaches[reach].end}.flow"
            if node in river.reservoirs and own:
                found[reach] = _gauged(tables, record, reach, months).to_numpy(float)
            elif end in record.flows:
                found[reach] = record.flows[end].reindex(months).fillna(0.0).to_numpy(float)
            elif node in river.reservoirs or (len(ways) > 1 and river.reaches[reach].end in river.reservoirs):
                found[reach] = np.zeros(len(months))
    return found


def _flows(river: Basin, run: Simulated, tables: Tables, record: Record, months: pd.PeriodIndex) -> pd.DataFrame:
    """Observed beside simulated, for every gauge of ``replay_sites.csv`` and every month in which it was read."""
    place = {"arriving": (run.inflow, list(river.nodes)), "entering": (run.flow, list(river.reaches))}
    parts = []
    for row in tables["replay_sites"].itertuples():
        name = f"{row.site}.{row.quantity}"
        if name not in record.flows:
            continue
        observed = record.flows[name].reindex(months)
        if row.with_gauge != "none":
            observed = observed + record.flows[str(row.with_gauge)].reindex(months)
        values, names = place[str(row.reading)]
        simulated = values[names.index(str(row.place))]
        found = pd.DataFrame({"period": months, "season": half_season(months), "observed": observed.to_numpy(float)})
        found = found.assign(simulated=simulated, site=row.site, quantity=row.quantity, place=row.place)
        parts.append(found.dropna(subset=["observed"]))
    columns = ["site", "quantity", "place", "period", "season", "observed", "simulated"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _storages(river: Basin, season: Simulated, month: Simulated, record: Record, months: pd.PeriodIndex) -> pd.DataFrame:
    parts = []
    for k, name in enumerate(river.reservoirs):
        if name not in record.storages:
            continue
        observed = record.storages[name].reindex(months).to_numpy(float)
        runs = {"simulated": season.storage[k], "month_ahead": month.storage[k]}
        found = pd.DataFrame({"reservoir": name, "period": months, "season": half_season(months), "observed": observed} | runs)
        parts.append(found.dropna(subset=["observed"]))
    return pd.concat(parts, ignore_index=True)
