"""Closures: what the published balance of a reservoir does not explain. Mm3 per month; shown, never hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from waterflow.observations.record import Record, Tables, half_season, months_of, net_evaporation, rows_of, with_means

__all__ = ["put_reported", "reservoir_closures", "suspect_months"]


#: closures of half-seasons further away than this come from other gauges and other people
YEARS_ALIKE = 7


def suspect_months(tables: Tables, zone: str, months: pd.PeriodIndex) -> NDArray[np.bool_]:
    """True for the months in which the observations of a zone or reservoir are known to be wrong."""
    found = np.zeros(len(months), dtype=bool)
    for row in tables["calibration_exclusions"].itertuples():
        if row.zone == zone:
            found |= np.asarray((months >= row.first_period) & (months <= row.last_period))
    return found


def reservoir_closures(tables: Tables, record: Record) -> pd.DataFrame:
    r"""What the published balance of each reservoir does not explain, Mm3 per month, for every inflow that is reported.

    .. math:: C_t = I_t - R_t - W_t - \Delta S_t - E_t

    with evaporation left out where the reported inflow nets it already.
    """
    nets = tables["reservoirs"].set_index("reservoir")["runoff_net_of_evaporation"]
    parts = []
    for reservoir in record.storages:
        evaporation = net_evaporation(tables, record, reservoir)
        taken = _withdrawn_from(tables, record, reservoir)
        spent = record.flows[f"{reservoir}.release"] + taken + record.storage_change(reservoir)
        spent = spent if nets[reservoir] == "yes" else spent + evaporation
        for name, inflow in _inflows(tables, record, reservoir):
            found = pd.DataFrame({"period": record.months, "season": half_season(record.months), "closure": inflow - spent})
            parts.append(found.assign(reservoir=reservoir, balance=name).dropna(subset=["closure"]))
    return pd.concat(parts, ignore_index=True)[["reservoir", "balance", "period", "season", "closure"]]


def _inflows(tables: Tables, record: Record, reservoir: str) -> list[tuple[str, pd.Series]]:
    """Every reported inflow of a reservoir; the gauge above it where it reports none."""
    sites = tables["replay_sites"]
    rows = sites[(sites["place"] == reservoir) & (sites["reading"] == "arriving")]
    above = tables["reaches"][tables["reaches"]["to_node"] == reservoir]["reach"]
    gauges = sites[sites["place"].isin(above) & (sites["reading"] == "entering") & (sites["with_gauge"] == "none")]
    names = [f"{r.site}.{r.quantity}" for r in (*rows.itertuples(), *gauges.itertuples())]
    return [(name, record.flows[name]) for name in names if name in record.flows]


def _withdrawn_from(tables: Tables, record: Record, reservoir: str) -> pd.Series:
    """Water taken out of the reservoir itself: canals and pumps of its zone, and what is seen to leave by other ways."""
    zones = tables["calibration_zones"]
    taken = pd.Series(0.0, record.months)
    for item in rows_of(zones, reservoir, "trunk")["item"]:
        taken = taken + with_means(record.withdrawals[item])
    for row in rows_of(zones, reservoir, "outflow").itertuples():
        if f"{row.item}.{row.quantity}" != f"{reservoir}.release":
            taken = taken + with_means(record.flows[f"{row.item}.{row.quantity}"])
    for row in rows_of(zones, reservoir, "outflow_if_seen").itertuples():
        taken = taken + record.flows[f"{row.item}.{row.quantity}"].fillna(0.0)
    return taken


def put_reported(storages: pd.DataFrame, reservoir: str, record: Record, closures: pd.DataFrame, suspect: NDArray[np.bool_]) -> None:
    """Put storages worked out from the reported inflow in place of those that only repeat the observed ones.

    The reported inflow is mended by the mean closure of the calendar month in other half-seasons, so nothing of a
    half-season enters its own figures. Suspect months of the record and those more than seven years away mend nothing.
    """
    sound = record.months[~suspect]
    own = closures[(closures["reservoir"] == reservoir) & closures["period"].isin(sound)]
    periods = pd.PeriodIndex(own["period"])
    own = own.assign(month=months_of(periods), year=periods.year)
    where = storages["reservoir"] == reservoir
    simulated, ahead, level, last = [], [], np.nan, ""
    for row in storages[where].itertuples():
        month: pd.Period = row.period
        other = (own["season"] != row.season) & (own["month"] == month.month) & ((own["year"] - month.year).abs() <= YEARS_ALIKE)
        inflow, release = (float(record.flows[f"{reservoir}.{name}"][month]) for name in ("inflow", "release"))
        gain = inflow - release - (float(own[other]["closure"].mean()) if other.any() else 0.0)
        start = float(record.storages[reservoir].get(month - 1, np.nan))
        level = (level if row.season == last else start) + gain
        last = row.season
        simulated.append(level)
        ahead.append(start + gain)
    storages.loc[where, "simulated"], storages.loc[where, "month_ahead"] = simulated, ahead
