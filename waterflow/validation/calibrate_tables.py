"""Derived input tables, built from the fits: needs, return flows, runoff, withdrawals before the horizon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from waterflow.validation.calibrate_gains import (
    GROWING,
    Record,
    by_month,
    gauged_runoff,
    half_season,
    lateral_runoff,
    months_of,
    normal_runoff,
    rows_of,
    wetness,
    with_means,
    zone_gain,
)
from waterflow.validation.calibrate_returns import ZoneFit

DERIVED = ("calibration", "derived")
SEASONS = {"season_2022_23": "2022-10", "season_2023_24": "2023-10", "season_2024_25": "2024-10"}
YEARS = {"normal_year": "normal", "dry_year": "dry", "wet_year": "wet"}
DRY_CUT = 0.8


@dataclass(frozen=True)
class LocalUse:
    """Local use of a zone by month 1..12, Mm3: what its node covers and what the lateral rivers must cover."""

    covered: pd.Series
    spared: pd.Series


def table(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    """Rows with the given columns followed by source, grade and note."""
    return pd.DataFrame(rows, columns=[*columns.split(), "source", "grade", "note"])


def kept(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """Rows of a table that this calibration did not make (assumed rows, kept as they are)."""
    old = tables[name]
    return old[old["source"] != DERIVED[0]]


def trunk_needs(tables: Mapping[str, pd.DataFrame], record: Record) -> list[tuple[object, ...]]:
    r"""Need of an observed canal: the larger withdrawal of the two observed years, month by month.

    .. math:: N_m = c \max_y W_{y,m}

    c = 1, but where a party has a single limited demand c lifts the season to its largest published limit.
    """
    demands = tables["demands"].set_index("demand")
    single = demands[demands["limited"] == "yes"].groupby("party").filter(lambda g: len(g) == 1).index
    rows: list[tuple[object, ...]] = []
    for demand in sorted(record.withdrawals.columns):
        seen = record.withdrawals[demand].dropna()
        need = seen.groupby(months_of(seen.index)).max().reindex(range(1, 13))
        note = "larger of the two observed years"
        for season in ("growing", "non_growing") if demand in single else ():
            limits = tables["limits"]
            mine = (limits["party"] == demands.loc[demand, "party"]) & (limits["season"] == season)
            inside = need.index.isin(GROWING) == (season == "growing")
            factor = max(1.0, float(limits.loc[mine, "limit_Mm3"].max()) / float(need[inside].sum()))
            need = need.where(~inside, need * factor)
            note += f"; {season} season times {factor:.3f} to reach the largest published limit"
        rows += [("default", demand, m, round(float(need[m]), 1), *DERIVED, note) for m in range(1, 13)]
    return rows


def cover(
    tables: Mapping[str, pd.DataFrame], record: Record, zone: str, fit: ZoneFit, recent: str, fixed: float
) -> LocalUse:
    r"""Split the local use into what its node could cover and the rest, which is taken from the lateral rivers.

    The cover of a month is the smallest water seen at the node in the recent years, less the fixed uses there.
    """
    zones = tables["calibration_zones"]
    rivers = rows_of(zones, zone, "cover_river")["item"].tolist()
    water = lateral_runoff(tables, record, wetness(tables, record), rivers)
    for row in rows_of(zones, zone, "cover").itertuples():
        water = water + record.flows[f"{row.item}.{row.quantity}"]
    water = water[water.index >= pd.Period(recent, "M")].dropna()
    least = water.groupby(months_of(water.index)).min().reindex(range(1, 13)) - fixed
    covered = fit.local_use.clip(upper=least)
    return LocalUse(covered, fit.local_use - covered)


def local_needs(
    tables: Mapping[str, pd.DataFrame], fits: Mapping[str, ZoneFit], uses: Mapping[str, LocalUse]
) -> list[tuple[object, ...]]:
    """Need of the local demands: their share of the local use their node can cover."""
    rows: list[tuple[object, ...]] = []
    for zone in fits:
        for row in rows_of(tables["calibration_zones"], zone, "local").itertuples():
            need = uses[zone].covered * float(row.share_fraction)
            note = f"local use of the zone {zone} times {row.share_fraction}"
            rows += [("default", row.item, m, round(float(need[m]), 1), *DERIVED, note) for m in range(1, 13)]
    return rows


def gap_needs(tables: Mapping[str, pd.DataFrame], record: Record, recent: str) -> list[tuple[object, ...]]:
    r"""Closure error of a reservoir's balance as a need: :math:`\max(0, -\bar G_m)` over the observed years."""
    zones = tables["calibration_zones"]
    rows: list[tuple[object, ...]] = []
    for gap in zones[zones["role"] == "gap"].itertuples():
        lost = by_month(-zone_gain(tables, record, str(gap.zone))[lambda s: s.index >= pd.Period(recent, "M")])
        note = "closure error of the observed balance, mean of the observed years, not below zero"
        rows += [("default", gap.item, m, round(max(0.0, float(lost[m])), 1), *DERIVED, note) for m in range(1, 13)]
    return rows


def return_tables(tables: Mapping[str, pd.DataFrame], fits: Mapping[str, ZoneFit]) -> dict[str, pd.DataFrame]:
    """return_flows and return_kernels of all demands that return water in the fitted zones."""
    zones = tables["calibration_zones"]
    flows: list[tuple[object, ...]] = []
    kernels: list[tuple[object, ...]] = []
    for zone, fit in fits.items():
        to_node = rows_of(zones, zone, "return_to")["item"].iloc[0]
        users = zones[(zones["zone"] == zone) & zones["role"].isin(["trunk", "local", "returning"])]["item"]
        flows += [(d, to_node, zone, fit.return_fraction, *DERIVED, f"zone {zone}") for d in users]
        note = f"gamma kernel, shape {fit.shape:g}, mean lag {fit.mean_lag:g} months before cutting at 12"
        kernels += [(zone, k, round(float(s), 4), *DERIVED, note) for k, s in enumerate(fit.kernel)]
    return {
        "return_flows": pd.concat(
            [kept(tables, "return_flows"), table(flows, "demand to_node kernel return_fraction")], ignore_index=True
        ),
        "return_kernels": pd.concat(
            [kept(tables, "return_kernels"), table(kernels, "kernel lag_months share_fraction")], ignore_index=True
        ),
    }


def _corrections(zones: pd.DataFrame, fits: Mapping[str, ZoneFit], uses: Mapping[str, LocalUse]) -> pd.DataFrame:
    """What is added to (unmeasured inflow) and taken from (local use not covered) the runoff, months by node."""
    out: dict[str, pd.Series] = {}
    for zone, fit in fits.items():
        for role, change in (("unmeasured", fit.unmeasured), ("spare", -uses[zone].spared)):
            node = str(rows_of(zones, zone, role)["item"].iloc[0])
            out[node] = out.get(node, pd.Series(0.0, range(1, 13))) + change
    return pd.DataFrame(out)


def _origin(natural: pd.DataFrame, node: str) -> tuple[str, str]:
    """Source and grade of the largest river of a node."""
    mine = natural[(natural["node"] == node) & (natural["scenario"] == "normal")]
    largest = mine.groupby("river")["runoff_Mm3"].sum().idxmax()
    first = mine[mine["river"] == largest].iloc[0]
    return str(first["source"]), str(first["grade"])


def runoff_table(
    tables: Mapping[str, pd.DataFrame],
    record: Record,
    fits: Mapping[str, ZoneFit],
    uses: Mapping[str, LocalUse],
) -> pd.DataFrame:
    """Runoff of the observed seasons and of the normal, dry and wet year by node and month.

    Seen where a gauge saw it; otherwise the normal month times the wetness of the half-season (assumed). The
    normal, dry and wet year take the published volumes. The calibration's corrections are added to all of them.
    """
    natural, factors = tables["natural_runoff"], wetness(tables, record)
    fixes = _corrections(tables["calibration_zones"], fits, uses)
    seen = gauged_runoff(record, tables["gauged_runoff"])
    rows: list[tuple[object, ...]] = []
    for node in natural["node"].drop_duplicates():
        rivers = natural[natural["node"] == node]["river"].drop_duplicates().tolist()
        fix = fixes[node] if node in fixes else pd.Series(0.0, range(1, 13))
        source, grade = _origin(natural, str(node))
        balance = tables["gauged_runoff"].set_index("node")["storage_of"].get(node, "none") != "none"
        kind = ("derived", "seen release plus storage change") if balance else ("observed", "seen")
        how_seen = ("daily_sheets_2022_2024", *kind)
        for series, first in SEASONS.items():
            rows += _season_rows(str(node), series, first, (natural, rivers, factors, seen, fix, source), how_seen)
        for series, scenario in YEARS.items():
            volumes = normal_runoff(natural, scenario)[rivers].sum(axis=1)
            note = f"{scenario} year" + ("; corrected by the calibration" if float(fix.abs().sum()) else "")
            how = ("calibration", "derived") if float(fix.abs().sum()) else (source, grade)
            for m in (10, 11, 12, *range(1, 10)):
                rows.append((series, node, m, round(max(0.0, float(volumes[m] + fix[m])), 1), *how, note))
    return table(rows, "series node month runoff_Mm3").sort_values(["series", "node"], kind="stable", ignore_index=True)


def _season_rows(
    node: str,
    series: str,
    first: str,
    given: tuple[pd.DataFrame, list[str], pd.Series, pd.DataFrame, pd.Series, str],
    origin_seen: tuple[str, str, str],
) -> list[tuple[object, ...]]:
    """Twelve rows of one season at one node."""
    natural, rivers, factors, seen, fix, source = given
    normal = normal_runoff(natural, "normal")[rivers].sum(axis=1)
    rows: list[tuple[object, ...]] = []
    for period in pd.period_range(first, periods=12, freq="M"):
        m = int(period.month)
        if node in seen and period in seen.index and np.isfinite(float(seen.loc[period, node])):
            value, how = float(seen.loc[period, node]), origin_seen
        else:
            factor = float(factors[half_season(pd.PeriodIndex([period]))[0]])
            value = float(normal[m]) * factor + float(fix[m])
            corrected = "; corrected by the calibration" if fix[m] else ""
            how = (source, "assumed", f"normal month times {factor:.3f}, wetness of the half-season{corrected}")
        rows.append((series, node, m, round(max(0.0, value), 1), *how))
    return rows


def withdrawals_before(
    tables: Mapping[str, pd.DataFrame], record: Record, needs: pd.DataFrame, returning: list[str]
) -> pd.DataFrame:
    """Withdrawals of the twelve months before each season, of the demands that return water.

    Seen where seen, else the mean of the calendar month; local demands take their need. The series ``mean`` and
    ``dry`` lie before October 2024; ``dry`` cuts the growing season to 0.8 (assumed).
    """
    starts = {**SEASONS, "mean": "2024-10", "dry": "2024-10"}
    by_need = needs.pivot(index="month", columns="demand", values="need_Mm3")
    rows: list[tuple[object, ...]] = []
    for series, start in starts.items():
        for demand in returning:
            known = record.withdrawals[demand] if demand in record.withdrawals else None
            usual = by_month(with_means(known)) if known is not None else by_need[demand]
            for period in pd.period_range(pd.Period(start, "M") - 12, periods=12, freq="M"):
                m = int(period.month)
                seen = known is not None and period in known.index and bool(np.isfinite(known[period]))
                if seen and series in SEASONS and known is not None:
                    value, how = float(known[period]), ("canal_sheets_2022_2024", "observed", "seen")
                else:
                    cut = DRY_CUT if series == "dry" and m in GROWING else 1.0
                    basis = "mean of the calendar month 2022-2024" if known is not None else "need of the month"
                    value = float(usual[m]) * cut
                    how = ("calibration", "assumed", basis + (f" times {cut}" if cut != 1 else ""))
                rows.append((series, demand, str(period), round(value, 1), *how))
    return table(rows, "series demand period withdrawal_Mm3")
