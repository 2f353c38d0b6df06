"""The replay for people: scores, sums and closure errors by site and season, as plain tables and as one object."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from waterflow.validation.closures import suspect_months
from waterflow.validation.replay import Replay, Tables
from waterflow.validation.scores import Score, score
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number

__all__ = ["replay_facts", "replay_table", "replay_text"]

KINDS = ("growing", "non_growing", "all")
AGENCIES = ("shardara.inflow_kazhydromet", "shardara.inflow_uzhydromet")
SCORES = ("bias", "NSE", "KGE")


def replay_table(replay: Replay) -> pd.DataFrame:
    """Everything that was compared, one row a figure: what, name, period, observed, simulated, month_ahead, Mm3."""
    flows = replay.flows.assign(what="flow", name=replay.flows["site"] + "." + replay.flows["quantity"])
    storages = replay.storages.assign(what="storage", name=replay.storages["reservoir"])
    wanted = ["what", "name", "period", "season", "observed", "simulated", "month_ahead"]
    both = pd.concat([flows.reindex(columns=wanted), storages[wanted]], ignore_index=True)
    return both.assign(period=both["period"].astype(str))


def _of_kind(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    return frame if kind == "all" else frame[frame["season"].str.endswith(f" {kind}")]


def _gauges(replay: Replay) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every gauge in the order of the table, as ``site.quantity``."""
    names = replay.flows["site"] + "." + replay.flows["quantity"]
    known = replay.flows["simulated"].notna()
    for name in dict.fromkeys(names):
        yield name, replay.flows[(names == name) & known]


def _scored(of: Score) -> list[str]:
    return [str(of.count), number(of.observed), _share(of.bias), _plain(of.nse), _plain(of.kge)]


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value + 0.0:.1f} %"


def _plain(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def _gauge_rows(replay: Replay) -> Iterator[list[str]]:
    for name, found in _gauges(replay):
        for kind in KINDS:
            part = _of_kind(found, kind)
            yield [name if kind == KINDS[0] else "", kind, *_scored(score(part["observed"], part["simulated"]))]


def _season_rows(replay: Replay) -> Iterator[list[str]]:
    for name, found in _gauges(replay):
        for k, (season, part) in enumerate(found.groupby("season", sort=False)):
            observed, simulated = float(part["observed"].sum()), float(part["simulated"].sum())
            shown = [number(x) for x in (observed, simulated, simulated - observed)]
            yield ["" if k else name, str(season), str(len(part)), *shown]


def _agency_rows(replay: Replay) -> Iterator[list[str]]:
    frames = {name: found.set_index("period") for name, found in _gauges(replay) if name in AGENCIES}
    if len(frames) < len(AGENCIES):
        return
    kaz, uzb = (frames[name] for name in AGENCIES)
    months = kaz.index.intersection(uzb.index)
    for season, part in kaz.loc[months].groupby("season", sort=False):
        one, other = float(part["observed"].sum()), float(uzb.loc[part.index, "observed"].sum())
        shown = [number(x) for x in (one, other, other - one, float(part["simulated"].sum()))]
        yield [str(season), *shown, _share((other - one) / one)]


def storage_scores(replay: Replay, tables: Tables) -> Iterator[dict[str, Any]]:
    """Scores of every reservoir: reset every half-season, a month ahead, and the observations' own closure error, Mm3."""
    for reservoir, every in replay.storages.groupby("reservoir", sort=False):
        months = pd.PeriodIndex(every["period"])
        sound = every[~suspect_months(tables, str(reservoir), months)]
        season, ahead = (score(sound["observed"], sound[name]) for name in ("simulated", "month_ahead"))
        closures = replay.closures[(replay.closures["reservoir"] == reservoir) & replay.closures["period"].isin(sound["period"])]
        errors = {str(name): float(np.sqrt((c["closure"] ** 2).mean())) for name, c in closures.groupby("balance", sort=False)}
        yield {
            "reservoir": str(reservoir), "months": season.count, "left_out": len(every) - len(sound),
            "nse": season.nse, "bias": season.bias, "rmse_Mm3": season.rmse,
            "month_ahead_nse": ahead.nse, "month_ahead_rmse_Mm3": ahead.rmse, "closure_rmse_Mm3": errors,
        }  # fmt: skip


def _storage_rows(replay: Replay, tables: Tables) -> Iterator[list[str]]:
    for x in storage_scores(replay, tables):
        closure = ", ".join(f"{number(v)} ({name})" for name, v in x["closure_rmse_Mm3"].items()) or "-"
        months = f"{x['months']}" + (f" (-{x['left_out']})" if x["left_out"] else "")
        fit = [_plain(x["nse"]), number(x["rmse_Mm3"]), _plain(x["month_ahead_nse"]), number(x["month_ahead_rmse_Mm3"])]
        yield [x["reservoir"], months, *fit, closure]


def _closure_rows(replay: Replay) -> Iterator[list[str]]:
    for (reservoir, balance), found in replay.closures.groupby(["reservoir", "balance"], sort=False):
        for k, (season, part) in enumerate(found.groupby("season", sort=False)):
            yield ["" if k else f"{reservoir}, inflow {balance}", str(season), str(len(part)), number(float(part["closure"].sum()))]


def crossings(replay: Replay) -> list[str]:
    """Limits that observation or simulation crossed, and water that was not there, one sentence each."""
    said = []
    for r in replay.river.reservoirs.values():
        found = replay.storages[replay.storages["reservoir"] == r.name]
        for what in ("observed", "simulated"):
            low, high = (found[what] < r.lowest_storage).sum(), (found[what] > r.full_storage).sum()
            if low:
                said.append(f"{r.name}: {what} storage below the lowest, {r.lowest_storage:,.0f} Mm3, at the end of {low} months")
            if high:
                said.append(f"{r.name}: {what} storage above full, {r.full_storage:,.0f} Mm3, at the end of {high} months")
    run = replay.by_season
    for k, demand in enumerate(replay.river.demands.values()):
        missing = float(np.nansum(run.missing[k]))
        if missing >= 1:
            said.append(f"{demand.name}: {missing:,.0f} Mm3 of what was withdrawn or is usually used is not there in the replay")
        if demand.capacity and (over := int((run.delivery[k] > np.array(demand.capacity) * (1 + 1e-9)).sum())):
            said.append(f"{demand.name}: more than the canal's capacity in {over} months")
    for k, reach in enumerate(replay.river.reaches.values()):
        if reach.capacity and (over := int((run.flow[k] > np.array(reach.capacity) * (1 + 1e-9)).sum())):
            said.append(f"{reach.name}: more than its capacity in {over} months")
    return said


def _section(title: str, head: Sequence[str], rows: Sequence[list[str]], left: int = 2, note: str = "") -> str:
    return "\n".join(x for x in (heading(title), note and paragraph(note), columns(head, rows, left)) if x) if rows else ""


def replay_text(replay: Replay, tables: Tables) -> str:
    """The replay as plain text."""
    months = replay.river.calendar.labels
    said = ", ".join(f"{name} {count}" for name, count in sorted(replay.assumed.items()) if name.startswith("runoff"))
    withdrawals = sum(name.startswith("withdrawals") for name in replay.assumed)
    parts = [
        f"{replay.river.name}: replay of {months[0]} to {months[-1]}, Mm3",
        paragraph(
            "Observed releases, withdrawals and runoff in; flows and storages out. Nothing is optimised, no limit is enforced. Months of "
            f"runoff not observed and taken from the normal month and the wetness of the season (assumed): {said or 'none'}. Uses or "
            f"withdrawals of the mean month in at least one month: {withdrawals} of {len(replay.river.demands)} users."
        ),
        _section("Gauges", ("gauge", "season", "months", "observed a month", *SCORES), list(_gauge_rows(replay))),
        _section(
            "Sums and errors of every stretch",
            ("gauge", "season", "months", "observed", "simulated", "error"),
            list(_season_rows(replay)),
            note="The stretch is that below the reservoirs above the gauge, whose observed releases are put in.",
        ),
        _section(
            "Inflow of Shardara as two agencies report it",
            ("season", "Kazhydromet", "Uzhydromet", "difference", "simulated", "difference of Kazhydromet's"),
            list(_agency_rows(replay)),
            left=1,
        ),
        _section(
            "Storages",
            ("reservoir", "months", "NSE", "RMSE", "month ahead NSE", "RMSE", "RMSE of the observations' own closure (inflow)"),
            list(_storage_rows(replay, tables)),
            left=1,
            note="Put back to the observed storage every half-season; a month ahead: every month. Months in brackets: suspect, left out.",
        ),
        _section(
            "What the published balances do not explain",
            ("balance", "season", "months", "inflow less all that is known of it"),
            list(_closure_rows(replay)),
        ),
    ]
    crossed = crossings(replay)
    if crossed:
        parts.append("\n".join([heading("Limits crossed, and water that was not there"), *(paragraph(x, hanging="  ") for x in crossed)]))
    return "\n".join(p for p in parts if p) + "\n"


def _clean(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): _clean(v) for k, v in value.items()}
    return [_clean(v) for v in value] if isinstance(value, list) else value


def replay_facts(replay: Replay, tables: Tables) -> dict[str, Any]:
    """The replay as one object: scores of gauges and storages, closures by half-season, limits crossed."""
    gauges = [
        {"gauge": name, "season": kind, **vars(score(part["observed"], part["simulated"]))}
        for name, found in _gauges(replay)
        for kind in KINDS
        for part in (_of_kind(found, kind),)
    ]
    closures = replay.closures.groupby(["reservoir", "balance", "season"], sort=False)["closure"].agg(["count", "sum"]).reset_index()
    found: dict[str, Any] = _clean(
        {
            "model": replay.river.name,
            "first": replay.river.calendar.labels[0],
            "last": replay.river.calendar.labels[-1],
            "months_not_observed": replay.assumed,
            "gauges": gauges,
            "storages": list(storage_scores(replay, tables)),
            "closures": [
                {"reservoir": c.reservoir, "balance": c.balance, "season": c.season, "months": int(c.count_), "closure_Mm3": float(c.sum_)}
                for c in closures.rename(columns={"count": "count_", "sum": "sum_"}).itertuples()
            ],
            "crossed": crossings(replay),
        }
    )
    return found
