"""Runoff of every series, and the water that entered each reach before a season. Mm3 per month."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from waterflow.calibration.return_flows import ZoneFit
from waterflow.calibration.zones import one_item, own_uses, recent_from, uses_of_the_year
from waterflow.errors import Problem
from waterflow.observations.record import Record, Tables, by_month, gauged_runoff, half_season, normal_by_node
from waterflow.words.catalogue import say

__all__ = ["flows_before", "runoff_table"]

#: months of flow that a reach needs before a season: travel books little of it
BEFORE = 2


def runoff_table(tables: Tables, record: Record, factors: pd.Series, fits: Mapping[str, ZoneFit]) -> pd.DataFrame:
    """Runoff of every series, node and month: seen where seen, else the normal month times the wetness."""
    seen = gauged_runoff(record, tables["gauged_runoff"])
    extra = [*_unmeasured(tables, fits), *_used_above_gauge(tables)]
    rows = []
    for series in tables["calibration_series"].query("table == 'runoff'").itertuples():
        observed = series.basis == "observed"
        normal = normal_by_node(tables["natural_runoff"], "normal" if observed else str(series.basis))
        first = pd.Period(series.first_period, "M")
        for node in normal.columns:
            for period in pd.period_range(first, first + 11, freq="M"):
                value, grade = float(normal.loc[period.month, node]), "assumed"
                if observed:
                    found = seen[node].get(period, np.nan) if node in seen else np.nan
                    value = value * _wetness_of(period, factors) if np.isnan(found) else float(found)
                    grade = "assumed" if np.isnan(found) else "derived"
                value += sum(float(more[period.month]) for place, more in extra if place == node)
                rows.append((series.series, node, period.month, round(max(0.0, value), 1), "calibration", grade))
    return pd.DataFrame(rows, columns=["series", "node", "month", "runoff_Mm3", "source", "grade"])


def _wetness_of(period: pd.Period, factors: pd.Series) -> float:
    half = half_season(pd.PeriodIndex([period]))[0]
    if half not in factors:
        found = say("no row of {column}", column=half)
        raise Problem("missing-observations", "observed/wetness.csv", found, say("one row")).refusal()
    return float(factors[half])


def _unmeasured(tables: Tables, fits: Mapping[str, ZoneFit]) -> list[tuple[str, pd.Series]]:
    """Inflow that closes a month whose gain is larger than lateral runoff and return flow, by node."""
    over = {zone: (own_uses(tables, zone) - fit.local_use).clip(lower=0) for zone, fit in fits.items()}
    return [(one_item(tables, zone, "unmeasured"), fit.unmeasured + over[zone]) for zone, fit in fits.items()]


def _used_above_gauge(tables: Tables) -> list[tuple[str, pd.Series]]:
    """Water taken from a river before it is gauged (role ``fixed_below``), by the node of the demand."""
    zones, nodes, uses = tables["calibration_zones"], tables["demands"].set_index("demand")["node"], uses_of_the_year(tables)
    return [(str(nodes[d]), uses[d]) for d in zones[zones["role"] == "fixed_below"]["item"]]


def flows_before(tables: Tables, record: Record) -> pd.DataFrame:
    """Water entering each reach in the months before a season, from the nearest gauge."""
    rows = []
    for series in tables["calibration_series"].query("table == 'reach_flows_before'").itertuples():
        first = pd.Period(series.first_period, "M")
        for period in pd.period_range(first - BEFORE, first - 1, freq="M"):
            for row in tables["flow_gauges"].itertuples():
                flow = record.flows[f"{row.site}.{row.quantity}"]
                known = flow.get(period, np.nan)
                usual = float(by_month(flow[flow.index >= recent_from(tables)])[period.month])
                unseen = np.isnan(known) or series.basis == "mean"
                value, grade = (usual, "assumed") if unseen else (float(known), "derived")
                grade = grade if float(row.share_fraction) == 1 else "assumed"
                told = round(value * float(row.share_fraction), 1)
                rows.append((series.series, row.reach, str(period), told, "calibration", grade))
    return pd.DataFrame(rows, columns=["series", "reach", "period", "flow_Mm3", "source", "grade"])
