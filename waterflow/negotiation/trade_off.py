"""The trade-off between winter power, summer water and the North Aral, one point for each agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from waterflow.accounts.parties import figures
from waterflow.accounts.plan import Plan

__all__ = ["picture", "trade_off"]

COLUMNS = ("winter_power_GWh", "summer_water_Mm3", "north_aral_Mm3")
INK, SEA = "#333333", "#2a6f97"


def trade_off(plans: Mapping[str, Plan], upstream: str = "KGZ", lake: str = "north_aral") -> pd.DataFrame:
    """Three figures of each plan.

    Parameters
    ----------
    plans : mapping of name to Plan
        Of one river, under several agreements.
    upstream : str
        The party whose winter power is weighed.
    lake : str
        The place of the targets that count as the lake's.

    Returns
    -------
    DataFrame
        By name: power demand of the upstream party served from October to March (GWh), water delivered to all other parties
        from April to September (Mm3), and water that reaches the lake's gauge over the horizon (Mm3).
    """
    return pd.DataFrame({name: _point(plan, upstream, lake) for name, plan in plans.items()}, index=list(COLUMNS)).T


def _point(plan: Plan, upstream: str, lake: str) -> list[float]:
    basin = plan.basin
    cold = [k for window, season in plan.seasons if season == "non_growing" for k in basin.calendar.inside(window)]
    asked = sum(basin.power[upstream].demand[k] for k in cold)
    missing = sum(float(plan.series("unserved", b.name)[cold].sum()) for b in basin.unserved_blocks.values() if b.party == upstream)
    delivered = sum(
        value
        for (party, quantity, window, _), value in figures(plan).items()
        if quantity == "water delivered" and party != upstream and window.startswith("Apr")
    )
    reaches = sorted({x.reach for x in basin.targets.values() if x.place == lake})
    return [asked - missing, delivered, plan.total("flow", reaches)]


def picture(points: pd.DataFrame, title: str) -> Any:
    """A matplotlib figure: winter power against summer water, the area of a point being the North Aral's water."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axis = figure.subplots()
    winter, summer, lake = (points[c].to_numpy() for c in COLUMNS)
    axis.scatter(winter, summer, s=20 + lake / 4, color=SEA, alpha=0.35, linewidths=0)
    together: dict[tuple[float, float], list[str]] = {}
    for name, x, y, z in zip(points.index, winter, summer, lake, strict=True):
        together.setdefault((round(x, -2), round(y, -2)), []).append(f"{name}: {z:,.0f}")
    # plans that fall together are written together; neighbours above and below in turn
    for k, ((x, y), names) in enumerate(sorted(together.items())):
        away, side = (-14, "top") if k % 2 else (14, "bottom")
        words = "\n".join(names)
        axis.annotate(words, (x, y), (0, away), textcoords="offset points", ha="center", va=side, fontsize=8, color=INK)
    axis.set_xlabel("Kyrgyz power served, October to March, GWh")
    axis.set_ylabel("Water delivered below, April to September, Mm3")
    axis.set_title(f"{title}\nBeside each name and as the area of its point: water for the North Aral, Mm3", loc="left", fontsize=9)
    axis.margins(x=0.2, y=0.35)
    return figure
