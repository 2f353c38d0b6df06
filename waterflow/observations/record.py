"""The record: monthly observations in wide form, and the runoff and evaporation they give. Mm3 per month everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = [
    "GROWING",
    "Record",
    "Tables",
    "by_month",
    "gauged_runoff",
    "half_season",
    "lateral_runoff",
    "months_of",
    "net_evaporation",
    "normal_by_node",
    "normal_runoff",
    "read_record",
    "rows_of",
    "wetness",
    "with_means",
]

#: observations, and tables of the model beside them, by file stem
Tables = Mapping[str, pd.DataFrame]
GROWING = (4, 5, 6, 7, 8, 9)


@dataclass(frozen=True)
class Record:
    """Monthly observations in wide form, one row per month without holes.

    Attributes
    ----------
    flows : columns ``site.quantity``, Mm3 per month
    storages : columns reservoir, Mm3 at the end of the month
    withdrawals : columns demand, Mm3 per month
    """

    flows: pd.DataFrame
    storages: pd.DataFrame
    withdrawals: pd.DataFrame

    @property
    def months(self) -> pd.PeriodIndex:
        """All months of the record."""
        return pd.PeriodIndex(self.flows.index)

    def storage_change(self, reservoir: str) -> pd.Series:
        """Storage at the end of the month less that at the end of the month before, Mm3."""
        return self.storages[reservoir].diff()


def _wide(table: pd.DataFrame, column: pd.Series, value: str) -> pd.DataFrame:
    long = pd.DataFrame({"period": pd.PeriodIndex(table["period"], freq="M"), "column": column, "value": table[value].astype(float)})
    return long.pivot(index="period", columns="column", values="value")


def read_record(tables: Tables) -> Record:
    """Bring the three observation tables on one unbroken monthly index."""
    flows, storages, taken = tables["monthly_flows"], tables["monthly_storages"], tables["monthly_withdrawals"]
    wide = [
        _wide(flows, flows["site"] + "." + flows["quantity"], "value_Mm3"),
        _wide(storages, storages["reservoir"], "storage_Mm3"),
        _wide(taken, taken["demand"], "withdrawal_Mm3"),
    ]
    first, last = min(w.index.min() for w in wide), max(w.index.max() for w in wide)
    months = pd.period_range(first, last, freq="M")
    return Record(*(w.reindex(months) for w in wide))


def months_of(index: pd.Index) -> np.ndarray:
    """Calendar month 1..12 of every period."""
    return np.asarray(pd.PeriodIndex(index).month)


def by_month(series: pd.Series) -> pd.Series:
    """Mean of every calendar month over the years in which it was seen, index 1..12."""
    return series.groupby(months_of(series.index)).mean().reindex(range(1, 13))


def with_means(series: pd.Series) -> pd.Series:
    """Put the mean of the calendar month where nothing was seen (an assumption)."""
    return series.fillna(pd.Series(by_month(series).loc[months_of(series.index)].to_numpy(), series.index))


def half_season(index: pd.Index) -> pd.Index:
    """Label of the half-season of every month, ``2022 non_growing`` for October 2022 to March 2023."""
    months = months_of(index)
    start = np.asarray(pd.PeriodIndex(index).year) - (months < 4)
    kind = np.where(np.isin(months, GROWING), "growing", "non_growing")
    return pd.Index([f"{y} {k}" for y, k in zip(start, kind, strict=True)])


def net_evaporation(tables: Tables, record: Record, reservoir: str) -> pd.Series:
    r"""Evaporation less precipitation of a reservoir, Mm3 per month.

    .. math:: E_t = (e_{m(t)} - p_{m(t)}) \, (a + b \, (S_{t-1} + S_t)/2) / 1000

    with e and p in mm, the area :math:`a + b S` in km2 and S in Mm3.
    """
    curves = tables["reservoirs"]
    curve = curves[curves["reservoir"] == reservoir]
    at_zero = float(curve["area_at_zero_km2"].astype(float).sum())
    slope = float(curve["area_slope_km2_per_Mm3"].astype(float).sum())
    depth = pd.Series(0.0, range(1, 13))
    for name, column, sign in (("evaporation", "evaporation_mm", 1.0), ("precipitation", "precipitation_mm", -1.0)):
        table = tables.get(name, pd.DataFrame(columns=["reservoir", "month", column]))
        one = table[table["reservoir"] == reservoir].set_index("month")[column].astype(float)
        depth = depth.add(sign * one, fill_value=0.0)
    storage = record.storages[reservoir]
    mean = (storage + storage.shift(1)) / 2
    area = at_zero + slope * mean
    return pd.Series(area * depth.loc[months_of(record.months)].to_numpy() / 1000, record.months)


def rows_of(zones: pd.DataFrame, zone: str, role: str) -> pd.DataFrame:
    """Rows of ``calibration_zones`` of a zone with a role; a zone is a stretch between gauges, or a reservoir."""
    return zones[(zones["zone"] == zone) & (zones["role"] == role)]


def normal_runoff(natural: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Runoff of a scenario, months 1..12 by river, Mm3 per month."""
    chosen = natural[natural["scenario"] == scenario]
    return chosen.pivot(index="month", columns="river", values="runoff_Mm3").astype(float)


def normal_by_node(natural: pd.DataFrame, scenario: str = "normal") -> pd.DataFrame:
    """Runoff of a scenario, months 1..12 by the node where it joins, Mm3 per month."""
    nodes = natural.drop_duplicates("river").set_index("river")["node"]
    return normal_runoff(natural, scenario).T.groupby(nodes).sum().T


def gauged_runoff(record: Record, gauged: pd.DataFrame) -> pd.DataFrame:
    """Seen runoff by node: a gauge, or release plus storage change where the row names a reservoir."""
    out: dict[str, pd.Series] = {}
    for row in gauged.itertuples():
        flow = record.flows[f"{row.site}.{row.quantity}"]
        out[str(row.node)] = flow if row.storage_of == "none" else flow + record.storage_change(str(row.storage_of))
    return pd.DataFrame(out)


def wetness(tables: Tables, record: Record) -> pd.Series:
    r"""Headwater wetness of every half-season: seen headwater inflow over the same months of the normal year.

    .. math:: f_h = \sum_{t \in h} \sum_n Q_{n,t} \Big/ \sum_{t \in h} \sum_n \bar Q_{n,m(t)}

    over the nodes marked ``headwater``; half-seasons that were not seen come from ``wetness.csv``.
    """
    gauged, natural = tables["gauged_runoff"], tables["natural_runoff"]
    heads = gauged[gauged["headwater"] == "yes"]["node"].tolist()
    seen = gauged_runoff(record, gauged)[heads].sum(axis=1, skipna=False).dropna()
    normal = normal_by_node(natural)[heads].sum(axis=1)
    usual = pd.Series(normal.loc[months_of(seen.index)].to_numpy(), seen.index)
    halves = half_season(seen.index)
    factors = seen.groupby(halves).sum() / usual.groupby(halves).sum()
    assumed = tables["wetness"].set_index("half_season")["wetness_fraction"].astype(float)
    return factors.combine_first(assumed)


def lateral_runoff(tables: Tables, record: Record, factors: pd.Series, rivers: list[str]) -> pd.Series:
    """Runoff of a group of rivers: the normal month times the wetness of the half-season."""
    normal = normal_runoff(tables["natural_runoff"], "normal")[rivers].sum(axis=1)
    usual = normal.loc[months_of(record.months)].to_numpy()
    return pd.Series(usual * factors.reindex(half_season(record.months)).to_numpy(), record.months)
