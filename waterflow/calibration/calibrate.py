r"""Calibrate: from observations to the derived tables of a model, the whole method in one place.

Above Shardara two zones (Fergana, and the middle reach) are fitted to what gauges gain; below it one loss
factor and the closure error of Shardara are fitted. ``docs/method/calibration.md`` tells the method on one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from waterflow.calibration.lower_river import loss_factor, loss_table, lower_uses, shardara_gap
from waterflow.calibration.return_flows import Settings, ZoneFit, ZoneSeries, fit_zone
from waterflow.observations.record import (
    Record,
    by_month,
    gauged_runoff,
    half_season,
    lateral_runoff,
    months_of,
    normal_runoff,
    read_record,
    rows_of,
    trunk_withdrawals,
    wetness,
    with_means,
    zone_gain,
)

__all__ = ["Calibration", "calibrate"]

Tables = Mapping[str, pd.DataFrame]

SEASONS = {"season_2022_23": 2022, "season_2023_24": 2023, "season_2024_25": 2024}
SCENARIOS = {"normal_year": "normal", "dry_year": "dry", "wet_year": "wet"}
RECENT = "2022-04"
DRY_CUT = 0.8
COVERED = 0.98
#: in a zone: the demand that uses tributary water, and the one for what tributaries cannot cover
TRUNK_USE = {"fergana": "fergana_trunk_use_uzb", "mid": "middle_trunk_use_uzb"}


@dataclass(frozen=True)
class Calibration:
    """The derived tables by name, and the fit of each zone."""

    tables: dict[str, pd.DataFrame]
    fits: dict[str, ZoneFit]
    loss_factor: float


def zone_series(tables: Tables, record: Record, factors: pd.Series, zone: str) -> ZoneSeries:
    """What the fit of a zone needs: gain, lateral runoff, trunk withdrawals and the months that may be used."""
    zones = tables["calibration_zones"]
    trunk = trunk_withdrawals(record, zones, zone)
    for item in rows_of(zones, zone, "returning")["item"]:
        trunk = trunk + with_means(record.withdrawals[item])
    usable = pd.Series(True, record.months)
    for row in tables["calibration_exclusions"].itertuples():
        if row.zone == zone:
            usable[(record.months >= row.first_period) & (record.months <= row.last_period)] = False
    rivers = rows_of(zones, zone, "river")["item"].tolist()
    return ZoneSeries(zone_gain(tables, record, zone), lateral_runoff(tables, record, factors, rivers), trunk, usable)


def _covered(tables: Tables, record: Record, factors: pd.Series, zone: str) -> pd.Series:
    """The least tributary water of each month in the recent years, Mm3: what local use can always draw on."""
    zones = tables["calibration_zones"]
    supply = pd.Series(0.0, record.months)
    for row in rows_of(zones, zone, "cover").itertuples():
        supply = supply + record.flows[f"{row.item}.{row.quantity}"]
    rivers = rows_of(zones, zone, "cover_river")["item"].tolist()
    supply = supply + lateral_runoff(tables, record, factors, rivers)
    recent = supply[supply.index >= pd.Period(RECENT, "M")]
    return COVERED * recent.groupby(months_of(recent.index)).min().reindex(range(1, 13))


def _fixed(tables: Tables, zone: str) -> pd.Series:
    """Part of the local use that has a demand of its own (role ``fixed``), Mm3 by month 1..12."""
    uses, names = lower_uses(tables), rows_of(tables["calibration_zones"], zone, "fixed")["item"]
    return sum((uses[str(d)] for d in names), start=pd.Series(0.0, range(1, 13)))


def _needs(tables: Tables, record: Record, factors: pd.Series, fits: Mapping[str, ZoneFit]) -> pd.DataFrame:
    """Need of every demand by month 1..12 (rows), Mm3."""
    zones = tables["calibration_zones"]
    recent = record.withdrawals[record.withdrawals.index >= pd.Period(RECENT, "M")]
    needs = recent.groupby(months_of(recent.index)).mean().reindex(range(1, 13)).fillna(0.0)
    for party_season in tables["limits"].query("series == 'season_2024_25' and party == 'KAZ'").itertuples():
        inside = [m for m in range(1, 13) if (4 <= m <= 9) == (party_season.season == "growing")]
        needs.loc[inside, "dostyk_kaz"] *= float(party_season.limit_Mm3) / needs.loc[inside, "dostyk_kaz"].sum()
    for zone, fit in fits.items():
        whole = np.maximum(fit.local_use, _fixed(tables, zone))
        tributary = np.minimum(whole, _covered(tables, record, factors, zone)) - _fixed(tables, zone)
        local = rows_of(zones, zone, "local")
        for row in local.itertuples():
            needs[str(row.item)] = float(row.share_fraction) * tributary
        needs[TRUNK_USE[zone]] = whole - _fixed(tables, zone) - tributary
    needs["kyzylkum_kaz"] = by_month(record.flows["kyzylkum_canal.flow"])
    needs["shardara_gap_kaz"] = shardara_gap(tables, record) + 0.0
    uses = lower_uses(tables)
    return pd.concat([needs, uses], axis=1).round(1)


def _runoff(tables: Tables, record: Record, factors: pd.Series, fits: Mapping[str, ZoneFit]) -> pd.DataFrame:
    """Runoff of every series, node and month: seen where seen, else the normal month times the wetness."""
    natural = tables["natural_runoff"]
    node_of = natural.drop_duplicates("river").set_index("river")["node"]
    seen = gauged_runoff(record, tables["gauged_runoff"])
    extra = _unmeasured(tables, fits)
    keles_use = lower_uses(tables)["keles_kaz"]
    rows = []
    months = [10, 11, 12, *range(1, 10)]
    for series in (*SEASONS, *SCENARIOS):
        normal = normal_runoff(natural, SCENARIOS.get(series, "normal")).T.groupby(node_of).sum().T
        for node in normal.columns:
            for m in months:
                value, grade = float(normal.loc[m, node]), "assumed"
                if series in SEASONS:
                    period = pd.Period(year=SEASONS[series] + (m < 10), month=m, freq="M")
                    found = seen[node].get(period, np.nan) if node in seen else np.nan
                    value = value * float(factors[half_season(pd.PeriodIndex([period]))[0]]) if np.isnan(found) else float(found)
                    grade = "assumed" if np.isnan(found) else "derived"
                if node == "kokbulak":
                    value += float(keles_use[m])
                value += float(extra.get(node, pd.Series(0.0, range(1, 13)))[m])
                rows.append((series, node, m, round(max(0.0, value), 1), "calibration", grade))
    return pd.DataFrame(rows, columns=["series", "node", "month", "runoff_Mm3", "source", "grade"])


def _unmeasured(tables: Tables, fits: Mapping[str, ZoneFit]) -> dict[str, pd.Series]:
    """Inflow that closes a month whose gain is larger than lateral runoff and return flow, by node."""
    zones = tables["calibration_zones"]
    out = {}
    for zone, fit in fits.items():
        over = (_fixed(tables, zone) - fit.local_use).clip(lower=0)
        out[str(rows_of(zones, zone, "unmeasured")["item"].iloc[0])] = fit.unmeasured + over
    return out


def _users(tables: Tables, zone: str) -> list[str]:
    zones = tables["calibration_zones"]
    named = [str(d) for role in ("trunk", "returning", "local", "fixed") for d in rows_of(zones, zone, role)["item"]]
    return [*named, TRUNK_USE[zone]]


def _returns(tables: Tables, fits: Mapping[str, ZoneFit]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which demand returns what share where, and the kernel of each zone."""
    zones = tables["calibration_zones"]
    flows, kernels = [], []
    for zone, fit in fits.items():
        to = str(rows_of(zones, zone, "return_to")["item"].iloc[0])
        flows += [(d, to, zone, fit.return_fraction) for d in _users(tables, zone)]
        kernels += [(zone, lag, round(float(share), 4)) for lag, share in enumerate(fit.kernel)]
    return (
        pd.DataFrame(flows, columns=["demand", "to_node", "kernel", "return_fraction"]),
        pd.DataFrame(kernels, columns=["kernel", "lag_months", "share_fraction"]),
    )


def _withdrawals_before(tables: Tables, record: Record, needs: pd.DataFrame) -> pd.DataFrame:
    """Withdrawals of the twelve months before each season: seen, else the mean month; local use as calibrated."""
    rows = []
    returning = [d for zone in TRUNK_USE for d in _users(tables, zone)]
    seen = {d: with_means(record.withdrawals[d]) if d in record.withdrawals else None for d in returning}
    for series, year in {**SEASONS, "mean": 2024, "dry": 2024}.items():
        for period in pd.period_range(f"{year - 1}-10", f"{year}-09", freq="M"):
            for d in returning:
                values = seen[d]
                if values is None:
                    value, grade = float(needs.loc[period.month, d]), "derived"
                else:
                    known = record.withdrawals[d].get(period, np.nan)
                    usual = float(by_month(record.withdrawals[d])[period.month])
                    use_mean = np.isnan(known) or series in ("mean", "dry")
                    value, grade = (usual, "assumed") if use_mean else (float(known), "observed")
                if series == "dry" and 4 <= period.month <= 9:
                    value, grade = value * DRY_CUT, "assumed"
                rows.append((series, d, str(period), round(value, 1), "calibration", grade))
    return pd.DataFrame(rows, columns=["series", "demand", "period", "withdrawal_Mm3", "source", "grade"])


def _flows_before(tables: Tables, record: Record) -> pd.DataFrame:
    """Water entering each reach in the two months before a season, from the nearest gauge (travel books little of it)."""
    gauges = tables["flow_gauges"]
    rows = []
    for series, year in {**SEASONS, "mean": 2024}.items():
        for period in pd.period_range(f"{year}-08", f"{year}-09", freq="M"):
            for row in gauges.itertuples():
                flow = record.flows[f"{row.site}.{row.quantity}"]
                known = flow.get(period, np.nan)
                usual = float(by_month(flow[flow.index >= pd.Period(RECENT, "M")])[period.month])
                value, grade = (usual, "assumed") if np.isnan(known) or series == "mean" else (float(known), "derived")
                grade = grade if float(row.share_fraction) == 1 else "assumed"
                rows.append((series, row.reach, str(period), round(value * float(row.share_fraction), 1), "calibration", grade))
    return pd.DataFrame(rows, columns=["series", "reach", "period", "flow_Mm3", "source", "grade"])


def _signed(table: pd.DataFrame, assumed: Iterable[str] = ()) -> pd.DataFrame:
    """Add source and grade: derived, or assumed for the demands named."""
    names = set(assumed)
    grades = ["assumed" if getattr(row, "demand", "") in names else "derived" for row in table.itertuples()]
    return table.assign(source="calibration", grade=grades)


def calibrate(tables: Tables) -> Calibration:
    """Derive the hydrological tables of the Syr Darya from its observations.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem: the tables of ``inputs/syr_darya/observed/`` and ``reservoirs``, ``evaporation``,
        ``precipitation``, ``limits`` of the model.

    Returns
    -------
    Calibration
        ``tables`` holds runoff, needs, return_flows, return_kernels, withdrawals_before, reach_losses and
        reach_flows_before, ready to be written; deterministic.
    """
    record = read_record(tables)
    factors = wetness(tables, record)
    fits = {zone: fit_zone(zone_series(tables, record, factors, zone), Settings()) for zone in TRUNK_USE}
    needs = _needs(tables, record, factors, fits)
    flows, kernels = _returns(tables, fits)
    arys = lateral_runoff(tables, record, factors, ["arys_karatau"])
    factor = loss_factor(tables, record, arys, needs)
    long = needs.rename_axis("month").reset_index().melt("month", var_name="demand", value_name="need_Mm3")
    long.insert(0, "series", "default")
    assumed = tables["annual_uses"]["demand"]
    return Calibration(
        {
            "runoff": _runoff(tables, record, factors, fits),
            "needs": _signed(long[["series", "demand", "month", "need_Mm3"]].sort_values(["demand", "month"]), assumed),
            "return_flows": _signed(flows),
            "return_kernels": _signed(kernels),
            "withdrawals_before": _withdrawals_before(tables, record, needs),
            "reach_losses": _signed(loss_table(tables["loss_pattern"], factor)),
            "reach_flows_before": _flows_before(tables, record),
        },
        fits,
        factor,
    )
