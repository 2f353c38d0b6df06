"""A constant 100 m3/s through one reach, whatever its days and the step."""

from pathlib import Path

import numpy as np
import pytest

import waterflow as wf

STEADY = Path(__file__).parent / "models" / "steady" / "model.yaml"
DEKADS = wf.read_basin(STEADY)


@pytest.mark.parametrize("days", [7.5, 9, 11.25, 13, 20, 30])
@pytest.mark.parametrize("step", ["dekad", "month"])
def test_a_steady_flow_stays_steady(days, step):
    basin = DEKADS
    calendar = basin.calendar if step == "dekad" else type(basin.calendar)(basin.calendar.start, basin.calendar.end, "month")
    rate = 100.0
    before = tuple(rate / p.rate for p in calendar.history)
    timeline, horizon = len(calendar.timeline), calendar.periods
    reaches = {
        name: r.model_copy(
            update={
                "travel_days": (days if name == "delay" else 0.0,) * timeline,
                "flow_before": before,
                "evaporation": (0.0,) * timeline,
                "seepage": (0.0,) * timeline,
            }
        )
        for name, r in basin.reaches.items()
    }
    runoff = {node: tuple(rate / p.rate for p in horizon) for node in basin.runoff}
    dataset = wf.allocate(basin.replaced(calendar=calendar, reaches=reaches, runoff=runoff)).dataset
    rates = dataset["flow"].sel(reach="x").values * np.array([p.rate for p in horizon])
    assert rates == pytest.approx([rate] * len(horizon), rel=1e-9)
