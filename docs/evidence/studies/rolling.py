"""Figures of the page on rolling plans: ``python -m docs.evidence.studies.rolling`` (minutes); ``docs.make rolling`` lays them out.

October 2022 to March 2024 by month, with each way of forecasting from the record; and an invented season by dekad.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from waterflow.ledger.known import METHODS, from_record
from waterflow.ledger.replayed_facts import SeasonReplayed
from waterflow.ledger.seasons import observed_seasons, one_season
from waterflow.loading.model import read_basin, tables_folder

FILE = Path(__file__).with_suffix(".json")
MODEL, SEASONS, LAST = "syr_darya", ("season_2022_23", "season_2023_24"), "2024-03"
INVENTED = "two_reservoirs"
YEARS, SEED = 40, 2026


def invented() -> SeasonReplayed:
    """The teaching river by dekads: forty invented years are its record, one more is what comes."""
    basin = read_basin(INVENTED, step="dekad")
    months = pd.period_range("1985-01", periods=12 * YEARS, freq="M")
    draw = np.random.default_rng(SEED)
    wet = np.zeros(len(months) + len(basin.calendar.labels))
    for k in range(1, len(wet)):
        wet[k] = 0.7 * wet[k - 1] + 0.25 * draw.standard_normal()
    usual = pd.Series({1: 100.0, 2: 100.0, 3: 200.0, 4: 300.0}).reindex(range(1, 13), fill_value=100.0)
    record = pd.DataFrame({"mountain": usual.loc[months.month].to_numpy() * np.exp(wet[: len(months)])}, months)
    came = tuple(float(v * np.exp(w)) for v, w in zip(basin.runoff["mountain"], wet[len(months) :], strict=True))
    season = basin.replaced(runoff={**basin.runoff, "mountain": came})
    return one_season(season, from_record(record, season.calendar, "persistence"), len(came), None, "persistence", invented=True)


def figures(x: SeasonReplayed) -> dict[str, Any]:
    """What the page shows of a season."""
    return {
        "scenario": x.scenario,
        "first": x.first,
        "last": x.last,
        "forecast": x.forecast,
        "approved_forecast_Mm3": x.approved_forecast_Mm3,
        "came_Mm3": x.came_Mm3,
        "alarms": sum(len(d.alarms) for d in x.drift),
        "first_alarm": next((d.period for d in x.drift if d.alarms), None),
        "curtailed": sum(len(d.curtailed) for d in x.drift),
        "not_held": [name for d in x.drift for name in d.not_held],
        "drift": [
            {"period": d.period, "forecast_Mm3": d.forecast_Mm3, "came_Mm3": d.came_Mm3, "drift_Mm3": d.stored_Mm3 - d.approved_stored_Mm3,
             "alarms": len(d.alarms)}
            for d in x.drift
        ],
        "outcomes": {o.way: o.model_dump(exclude={"way"}) for o in x.outcomes},
    }  # fmt: skip


def main() -> None:
    """Replay everything."""
    found: dict[str, Any] = {"invented": figures(invented())}
    seasons = [read_basin(MODEL, scenario, "month") for scenario in SEASONS]
    for method in METHODS:
        made = observed_seasons(seasons, tables_folder(MODEL), method, LAST)
        found[method] = [figures(x) for x in made.seasons]
        print(method)  # noqa: T201
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
