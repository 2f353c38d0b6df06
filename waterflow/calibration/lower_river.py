r"""The river below the last fitted zone: the closure error of its reservoir, and channel losses that meet published deliveries.

The stretch is that of ``loss_pattern.csv``, from the top; what is used and what joins at the end of each reach
follows from the model's own tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from waterflow.calibration.zone_gains import zone_gain
from waterflow.errors import InputError, Problem
from waterflow.observations.record import GROWING, Record, Tables, by_month, lateral_runoff, months_of
from waterflow.words.catalogue import say

__all__ = ["Stretch", "closure_need", "delivered_below", "loss_factor", "loss_table", "stretches"]

MOST_LOST = 0.35


@dataclass(frozen=True)
class Stretch:
    """A reach with its loss, the demands where it ends, and the rivers that join there."""

    reach: str
    demands: tuple[str, ...]
    rivers: tuple[str, ...]


def stretches(tables: Tables) -> list[Stretch]:
    """The reaches of ``loss_pattern.csv``, from the top."""
    ends = tables["reaches"].set_index("reach")["to_node"]
    demands, natural = tables["demands"], tables["natural_runoff"].drop_duplicates("river")
    return [
        Stretch(
            str(reach),
            tuple(demands[demands["node"] == ends[reach]]["demand"]),
            tuple(natural[natural["node"] == ends[reach]]["river"]),
        )
        for reach in tables["loss_pattern"]["reach"]
    ]


def closure_need(tables: Tables, record: Record) -> Iterator[tuple[str, pd.Series]]:
    r"""Water of a reservoir that its published balance does not explain, by demand: Mm3 by month 1..12, zero or more.

    .. math:: V_m = \max(0, \overline{I - R - K - \Delta S - E})

    inflow, release, canals, change of storage and evaporation, mean of the observed years (role ``gap``).
    """
    zones = tables["calibration_zones"]
    for row in zones[zones["role"] == "gap"].itertuples():
        yield str(row.item), -by_month(zone_gain(tables, record, str(row.zone))).clip(upper=0) + 0.0


def delivered_below(release: pd.Series, joining: Mapping[str, float], uses: Mapping[str, float], tables: Tables, factor: float) -> float:
    """Volume reaching the end of the river over some whole years, Mm3.

    Releases are pooled, since winter water may be kept for the summer; the loss of a reach is the mean of
    its two seasonal fractions weighted by the release of the season.
    """
    pattern = tables["loss_pattern"].set_index("reach")
    summer = float(release[np.isin(months_of(release.index), GROWING)].sum()) / float(release.sum())
    flow = float(release.sum())
    for stretch in stretches(tables):
        seasonal = (pattern.loc[stretch.reach, "growing_fraction"], pattern.loc[stretch.reach, "non_growing_fraction"])
        lost = [min(MOST_LOST, factor * float(x)) for x in seasonal]
        flow *= 1 - summer * lost[0] - (1 - summer) * lost[1]
        flow += sum(joining[river] for river in stretch.rivers)
        flow = max(0.0, flow - sum(uses[d] for d in stretch.demands))
    return flow


def loss_factor(tables: Tables, record: Record, factors: pd.Series, uses: pd.DataFrame) -> float:
    r"""The one factor on the loss pattern with which the published deliveries at the end of the river come out.

    Found by bisection: deliveries fall as losses rise. Travel time is left out, since whole years are summed.
    """
    known = tables["published_deliveries"].iloc[0]
    months = pd.period_range(str(known["first_period"]), str(known["last_period"]), freq="M")
    gauge = tables["flow_gauges"].set_index("reach").loc[tables["loss_pattern"]["reach"].iloc[0]]
    release = record.flows[f"{gauge['site']}.{gauge['quantity']}"].reindex(months)
    rivers = [river for stretch in stretches(tables) for river in stretch.rivers]
    joining = {r: float(lateral_runoff(tables, record, factors, [r]).reindex(months).sum()) for r in rivers}
    used = {str(d): float(uses[d].loc[months_of(months)].sum()) for d in uses}
    without = [d for stretch in stretches(tables) for d in stretch.demands if d not in used]
    if without:
        where = "observed/annual_uses.csv"
        raise InputError(Problem("missing-observations", where, say("no row of {column}", column=d), say("one row")) for d in without)
    low, high = 0.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        there = delivered_below(release, joining, used, tables, middle)
        low, high = (middle, high) if there > float(known["value_Mm3"]) else (low, middle)
    return round((low + high) / 2, 3)


def loss_table(pattern: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Evaporation and seepage of every reach of the pattern by month, shares of the water entering."""
    rows = []
    for row in pattern.itertuples():
        for month in range(1, 13):
            season = "growing" if month in GROWING else "non_growing"
            lost = min(MOST_LOST, factor * getattr(row, f"{season}_fraction"))
            evaporated = round(lost * getattr(row, f"evaporated_{season}_fraction"), 5)
            rows.append((row.reach, month, evaporated, round(lost - evaporated, 5)))
    return pd.DataFrame(rows, columns=["reach", "month", "evaporation_fraction", "seepage_fraction"])
