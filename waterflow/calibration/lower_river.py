r"""Below Shardara: the closure error of Shardara's balance, and channel losses that meet published deliveries."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from waterflow.observations.record import GROWING, Record, by_month, months_of, zone_gain

#: the river below Shardara from the top: (reach, demands where it ends, runoff that joins where it ends)
LOWER_RIVER = (
    ("shardara_koksarai_intake", (), False),
    ("koksarai_arys", ("arys_turkestan_kaz",), True),
    ("arys_kyzylorda", ("kyzylorda_irrigation_kaz", "kyzylorda_lakes_kaz"), False),
    ("kyzylorda_kazalinsk", ("kazalinsk_irrigation_kaz", "delta_lakes_kaz"), False),
    ("kazalinsk_karateren", (), False),
)
MOST_LOST = 0.35


def shardara_gap(tables: Mapping[str, pd.DataFrame], record: Record) -> pd.Series:
    r"""Water of Shardara that its published balance does not explain, Mm3 by month 1..12, zero or more.

    .. math:: V_m = \max(0, \overline{I - R - K - \Delta S - E})

    inflow (Kazhydromet), release, Kyzylkum canal, change of storage and evaporation, mean of the observed years.
    """
    return -by_month(zone_gain(tables, record, "shardara")).clip(upper=0)


def delivered_below(release: pd.Series, runoff: float, uses: Mapping[str, float], pattern: pd.DataFrame, factor: float) -> float:
    """Volume reaching the end of the river over some whole years, Mm3.

    Releases are pooled, since Koksarai carries winter water to the summer; the loss of a reach is the mean of
    its two seasonal fractions weighted by the release of the season.
    """
    summer = float(release[np.isin(months_of(release.index), GROWING)].sum()) / float(release.sum())
    flow = float(release.sum())
    for reach, demands, joined in LOWER_RIVER:
        seasonal = (pattern.loc[reach, "growing_fraction"], pattern.loc[reach, "non_growing_fraction"])
        lost = [min(MOST_LOST, factor * float(x)) for x in seasonal]
        flow *= 1 - summer * lost[0] - (1 - summer) * lost[1]
        flow += runoff if joined else 0.0
        flow = max(0.0, flow - sum(uses[d] for d in demands))
    return flow


def loss_factor(tables: Mapping[str, pd.DataFrame], record: Record, runoff: pd.Series, uses: pd.DataFrame) -> float:
    r"""The one factor on the loss pattern with which the published deliveries to the North Aral come out.

    Found by bisection: deliveries fall as losses rise. Travel time is left out, since two whole years are summed.
    """
    known = tables["north_aral_delivered"].iloc[0]
    pattern = tables["loss_pattern"].set_index("reach")
    months = pd.period_range(str(known["first_period"]), str(known["last_period"]), freq="M")
    release = record.flows["shardara.release"].reindex(months)
    side = float(runoff.reindex(months).sum())
    used = {str(d): float(uses[d].loc[months_of(months)].sum()) for d in uses}
    low, high = 0.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        there = delivered_below(release, side, used, pattern, middle)
        low, high = (middle, high) if there > float(known["value_Mm3"]) else (low, middle)
    return round((low + high) / 2, 3)


def loss_table(pattern: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Evaporation and seepage of every reach below Shardara by month, shares of the water entering."""
    rows = []
    for row in pattern.itertuples():
        for month in range(1, 13):
            season = "growing" if month in GROWING else "non_growing"
            lost = min(MOST_LOST, factor * getattr(row, f"{season}_fraction"))
            evaporated = round(lost * getattr(row, f"evaporated_{season}_fraction"), 5)
            rows.append((row.reach, month, evaporated, round(lost - evaporated, 5)))
    return pd.DataFrame(rows, columns=["reach", "month", "evaporation_fraction", "seepage_fraction"])


def lower_uses(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Assumed uses by month 1..12 (rows) and demand (columns), Mm3: an annual figure times a monthly shape."""
    shapes = tables["use_shapes"].pivot(index="month", columns="shape", values="share_fraction").astype(float)
    annual = tables["annual_uses"].set_index("demand")
    uses = {str(d): float(annual.loc[d, "annual_use_Mm3"]) * shapes[str(annual.loc[d, "shape"])] for d in annual.index}
    return pd.DataFrame(uses).reindex(range(1, 13)).fillna(0.0).astype(np.float64)
