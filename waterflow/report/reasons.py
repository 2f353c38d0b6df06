"""Reasons: what holds a target back, read from the prices of its own stage."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from waterflow.basin.basin import Basin

__all__ = ["holds_back"]

SHORT = 1e-6
NAMED = 3


def holds_back(basin: Basin, dataset: xr.Dataset) -> list[dict[str, Any]]:
    """For each target: met, or the places where one more Mm3 of water would help most.

    The help is the size of the ``water_balance_dual`` in the first stage in which the target has a price;
    what an earlier priority has fixed shows as water that is worth something but may not be moved.
    """
    rows = []
    for x in basin.targets.values():
        shortfall = float(dataset["target_shortfall"].sel(target=x.name))
        row: dict[str, Any] = {"place": x.place, "window": str(x.window), "met": shortfall <= SHORT, "helps": []}
        rows.append(row)
        if row["met"]:
            continue
        prices = np.nan_to_num(np.abs(dataset["target_delivered_dual"].sel(target=x.name).values))
        claiming = [
            k for k, name in enumerate(dataset["stage"].values) if str(name).split("/")[0] not in ("smoothest", "unique")
        ]
        stage = max(claiming, key=lambda k: prices[k])
        if prices[stage] <= 0:
            continue
        values = np.nan_to_num(np.abs(dataset["water_balance_dual"].values[stage])) / prices[stage]
        best = values.max(axis=1)
        for node in np.argsort(-best, kind="stable")[:NAMED]:
            if best[node] > SHORT:
                period = int(values[node].argmax())
                row["helps"].append(
                    {
                        "place": str(dataset["node"].values[node]),
                        "period": basin.calendar.labels[period],
                        "delivered_per_Mm3": float(best[node]),
                    }
                )
    return rows
