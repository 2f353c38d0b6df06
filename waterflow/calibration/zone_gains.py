r"""Gains between gauges: what the river wins or loses in a zone, by month. Mm3 per month everywhere.

A zone is a stretch between gauges (or a reservoir), described by the rows of ``calibration_zones.csv``:
a role, an item (a site, a demand, a reservoir, a river) and a share.
"""

from __future__ import annotations

import pandas as pd

from waterflow.observations.record import Record, Tables, net_evaporation, rows_of, with_means

__all__ = ["trunk_withdrawals", "water_entering", "zone_gain"]


def _flows(record: Record, rows: pd.DataFrame) -> list[pd.Series]:
    return [record.flows[f"{r.item}.{r.quantity}"] for r in rows.itertuples()]


def _total(parts: list[pd.Series], record: Record) -> pd.Series:
    return sum(parts, start=pd.Series(0.0, record.months))


def _side(record: Record, zones: pd.DataFrame, zone: str, side: str) -> pd.Series:
    """Sum of the measured flows of one side of a zone; the earlier gauge where today's gauge is missing."""
    seen = _total(_flows(record, rows_of(zones, zone, side)), record)
    earlier = rows_of(zones, zone, f"{side}_earlier")
    if len(earlier):
        seen = seen.fillna(_total(_flows(record, earlier), record))
    seen = seen + _total([with_means(f) for f in _flows(record, rows_of(zones, zone, f"{side}_or_mean"))], record)
    return seen + _total([f.fillna(0.0) for f in _flows(record, rows_of(zones, zone, f"{side}_if_seen"))], record)


def water_entering(tables: Tables, record: Record, zone: str) -> pd.Series:
    """Gauged water that enters a zone, Mm3 per month; missing where a gauge is missing."""
    return _side(record, tables["calibration_zones"], zone, "inflow")


def trunk_withdrawals(record: Record, zones: pd.DataFrame, zone: str) -> pd.Series:
    """Withdrawals of the zone's canals and pumps; months without data take the mean of the calendar month."""
    items = rows_of(zones, zone, "trunk")["item"]
    return _total([with_means(record.withdrawals[d]) for d in items], record)


def zone_gain(tables: Tables, record: Record, zone: str) -> pd.Series:
    r"""What a zone gains, Mm3 per month; missing where a gauge is missing.

    .. math:: G_t = \sum Q^{out}_t - \sum Q^{in}_t + \sum W_t + \Delta S_t + E_t + \sum_z c_z G_{z,t}

    The storage terms stand only in a reservoir zone, whose gain is the closure error of its balance. The last
    term hands the share :math:`c_z` of a reservoir's closure error to this zone.
    """
    zones = tables["calibration_zones"]
    gain = _side(record, zones, zone, "outflow") - _side(record, zones, zone, "inflow")
    gain = gain + trunk_withdrawals(record, zones, zone)
    for reservoir in rows_of(zones, zone, "storage")["item"]:
        gain = gain + record.storage_change(reservoir) + net_evaporation(tables, record, reservoir)
    closures = rows_of(zones, zone, "closure")
    for item, share in zip(closures["item"], closures["share_fraction"].astype(float), strict=True):
        gain = gain + share * zone_gain(tables, record, str(item))
    return gain
