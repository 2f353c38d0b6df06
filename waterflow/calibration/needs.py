"""Needs, return flows and withdrawals before a season: what users ask for, and what of it comes back. Mm3 per month."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from waterflow.calibration.lower_river import closure_need
from waterflow.calibration.return_flows import ZoneFit
from waterflow.calibration.zones import always_covered, one_item, own_uses, recent_from, users, uses_of_the_year
from waterflow.observations.record import GROWING, Record, Tables, by_month, months_of, rows_of

__all__ = ["needs_table", "return_tables", "withdrawals_before"]

Fits = Mapping[str, ZoneFit]


def needs_table(tables: Tables, record: Record, factors: pd.Series, fits: Fits) -> pd.DataFrame:
    """Need of every demand by month 1..12 (rows), Mm3."""
    recent = record.withdrawals[record.withdrawals.index >= recent_from(tables)]
    needs = recent.groupby(months_of(recent.index)).mean().reindex(range(1, 13)).fillna(0.0)
    rules = tables["calibration_needs"]
    for row in rules[rules["rule"] == "scaled_to_limit"].itertuples():
        _scale(needs, str(row.demand), tables["limits"].query("party == @row.item and series == @row.quantity"))
    for zone, fit in fits.items():
        own = own_uses(tables, zone)
        whole = np.maximum(fit.local_use, own)
        tributary = np.minimum(whole, always_covered(tables, record, factors, zone)) - own
        for row in rows_of(tables["calibration_zones"], zone, "local").itertuples():
            needs[str(row.item)] = float(row.share_fraction) * tributary
        needs[one_item(tables, zone, "main_river")] = whole - own - tributary
    for row in rules[rules["rule"] == "mean_flow"].itertuples():
        needs[str(row.demand)] = by_month(record.flows[f"{row.item}.{row.quantity}"])
    for demand, gap in closure_need(tables, record):
        needs[demand] = gap
    return pd.concat([needs, uses_of_the_year(tables)], axis=1).round(1)


def _scale(needs: pd.DataFrame, demand: str, limits: pd.DataFrame) -> None:
    """Scale a demand's need to a limit in each season that has one."""
    for limit in limits.itertuples():
        inside = [m for m in range(1, 13) if (m in GROWING) == (limit.season == "growing")]
        needs.loc[inside, demand] *= float(limit.limit_Mm3) / needs.loc[inside, demand].sum()


def return_tables(tables: Tables, fits: Fits) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which demand returns what share where, and the kernel of each zone."""
    flows, kernels = [], []
    for zone, fit in fits.items():
        to = one_item(tables, zone, "return_to")
        flows += [(d, to, zone, fit.return_fraction) for d in users(tables, zone)]
        kernels += [(zone, lag, round(float(share), 4)) for lag, share in enumerate(fit.kernel)]
    return (
        pd.DataFrame(flows, columns=["demand", "to_node", "kernel", "return_fraction"]),
        pd.DataFrame(kernels, columns=["kernel", "lag_months", "share_fraction"]),
    )


def withdrawals_before(tables: Tables, record: Record, needs: pd.DataFrame, fits: Fits) -> pd.DataFrame:
    """Withdrawals of the twelve months before each season: seen, else the mean month; local use as calibrated."""
    rows = []
    every = [d for zone in fits for d in users(tables, zone)]
    usual = {d: by_month(record.withdrawals[d]) for d in every if d in record.withdrawals}
    wanted = tables["calibration_series"].query("table == 'withdrawals_before'")
    for row in wanted.itertuples():
        first = pd.Period(row.first_period, "M")
        for period in pd.period_range(first - 12, first - 1, freq="M"):
            less = float(row.growing_fraction) if period.month in GROWING else 1.0
            for d in every:
                if d not in usual:
                    value, grade = float(needs.loc[period.month, d]), "derived"
                else:
                    known = record.withdrawals[d].get(period, np.nan)
                    unseen = np.isnan(known) or row.basis == "mean"
                    value, grade = (float(usual[d][period.month]), "assumed") if unseen else (float(known), "observed")
                if less != 1:
                    value, grade = value * less, "assumed"
                rows.append((row.series, d, str(period), round(value, 1), "calibration", grade))
    return pd.DataFrame(rows, columns=["series", "demand", "period", "withdrawal_Mm3", "source", "grade"])
