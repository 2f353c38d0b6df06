"""Shardara and Koksarai on 12 February 2023: what was decided that day comes back from what was not."""

import pytest

import waterflow as wf
from waterflow.loading.model import tables_folder
from waterflow.loading.texts import read_text

DECIDED = {"shardara_release": 900.0, "koksarai_filling": 350.0, "river_below": 550.0}
MODEL = "shardara_february_2023"


@pytest.fixture(scope="module")
def plan():
    return wf.allocate(wf.read_basin(MODEL))


def rate(plan, reach):
    """m3/s in the dekad of the day."""
    period = plan.basin.calendar.periods[0]
    return float(plan.dataset["flow"].sel(reach=reach, period=period.label)) * period.rate


@pytest.mark.parametrize("reach", DECIDED)
def test_the_decisions_of_the_day_come_back(plan, reach):
    """Release 900, intake 350, 550 below: within 1 % of each."""
    assert rate(plan, reach) == pytest.approx(DECIDED[reach], rel=0.01)


def test_shardara_gains_about_ten_a_day(plan):
    """1,101 in, 900 and 80 out: 121 m3/s, 10.45 Mm3 a day. The model: 524 Mm3 in 49 days, 10.7."""
    stored = plan.dataset["storage"].sel(reservoir="shardara").values
    assert (stored[0] - 4676) / 10 == pytest.approx(524 / 49)
    assert 10 <= (stored[0] - 4676) / 10 <= 11


def test_the_plan_is_steady_and_koksarai_does_not_overflow(plan):
    """All five dekads are alike, as nothing known differs; Koksarai ends at 1,438 + 49 days of its filling."""
    rates = [p.rate for p in plan.basin.calendar.periods]
    filling = plan.dataset["flow"].sel(reach="koksarai_filling").values * rates
    assert filling == pytest.approx([filling[0]] * 5)
    ends = float(plan.dataset["storage"].sel(reservoir="koksarai")[-1])
    assert ends == pytest.approx(1438 + filling[0] * 49 * 0.0864)
    assert ends < 3000


def test_no_row_says_what_was_decided():
    """The release of 900 and the intake of 350 stand in no table of the model."""
    folder = tables_folder(MODEL)
    for path in folder.glob("*.csv"):
        cells = {cell.strip() for line in read_text(path, path.name)[0].splitlines() for cell in line.split(",")}
        assert not cells & {"900", "350"}, path.name


def test_without_koksarai_the_lakes_take_it(plan):
    """The counter-regulator closed, all its water goes down the Arnasay spillway: the river keeps its 550."""
    basin = plan.basin
    reaches = {n: r.model_copy(update={"capacity": (0.0,) * 5}) if n == "koksarai_filling" else r for n, r in basin.reaches.items()}
    closed = wf.allocate(basin.replaced(reaches=reaches))
    assert rate(closed, "river_below") == pytest.approx(550)
    totals = [float(a.dataset["flow"].sel(reach=reach).sum()) for a, reach in ((closed, "shardara_arnasay"), (plan, "koksarai_filling"))]
    assert totals[0] == pytest.approx(totals[1])
