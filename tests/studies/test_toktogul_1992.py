"""The published schedule of 1992: its totals come back to 0.1 Mm3, and what does not close is shown."""

import shutil

import pandas as pd
import pytest

from docs.evidence.studies.toktogul_1992 import PUBLISHED_TOTALS, replay, schedule_1992, schedule_text
from waterflow.errors import InputError
from waterflow.loading.shipped import inputs_folder


@pytest.fixture(scope="module")
def schedule():
    return schedule_1992()


@pytest.mark.parametrize(
    ("flow", "total"), [("inflow_plan", 9447.8), ("release_plan", 7180.8), ("release_fact", 6544.9), ("inflow_fact", 8922.8)]
)
def test_season_totals(schedule, flow, total):
    assert round(schedule.totals[flow], 1) == total
    # the inflow that came is 8,922.9 in the source, 8,922.84 from its own dekads
    assert schedule.totals[flow] == pytest.approx(PUBLISHED_TOTALS[flow], abs=0.1)


def test_the_last_dekad_of_a_month_has_the_remaining_days(schedule):
    # 10 days at 254.0 m3/s; 11 days at 782.0 (21 to 31 May); 10 days at 811.0 (21 to 30 June)
    for dekad, volume in (("1992-04-d1", 219.456), ("1992-05-d3", 743.2128), ("1992-06-d3", 700.704)):
        assert schedule.volumes.loc[dekad, "inflow_plan"] == pytest.approx(volume, abs=1e-9)


def test_storages_are_those_of_the_end_of_the_dekad(schedule):
    volumes = schedule.volumes
    # taken for the start of the dekad, the plan would be off by tens of Mm3 and not always lose
    early = volumes["storage_plan"].shift(-1) - volumes["storage_plan"] - volumes["inflow_plan"] + volumes["release_plan"]
    assert schedule.closure["plan"].abs().max() < 6.1
    assert early.abs().max() > 100


def test_the_plan_only_loses_and_more_in_summer(schedule):
    plan = schedule.closure["plan"].dropna()
    assert len(plan) == 17, "the storage before the first dekad was not published"
    assert (plan < 0).all()
    assert plan["1992-04":"1992-07"].mean() > plan["1992-08":"1992-10"].mean()
    assert plan.sum() == pytest.approx(-53.7, abs=0.05)


def test_the_fact_does_not_close_and_the_text_says_so(schedule):
    assert schedule.closure["fact"].sum() == pytest.approx(141.5, abs=0.05)
    assert schedule.closure["fact"].abs().max() == pytest.approx(110.1, abs=0.05)
    text = schedule_text(schedule)
    assert "off by up to 110 Mm3 a dekad" in " ".join(text.split())
    assert "9,447.8" in text
    assert "8,922.9" in text
    assert max(map(len, text.splitlines())) <= 100


def test_replay_by_hand():
    # 100 + 30 - 10 = 120, and 118 was reported
    error = replay(pd.Series([0.0, 30.0]), pd.Series([0.0, 10.0]), pd.Series([100.0, 118.0]))
    assert pd.isna(error[0])
    assert error[1] == -2.0


def test_a_broken_schedule_is_refused(tmp_path):
    copy = tmp_path / "syr_darya"
    shutil.copytree(inputs_folder() / "syr_darya", copy)
    path = copy / "observed" / "published_schedules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1992-05-d1", "1992-05-d4"), encoding="utf-8")
    with pytest.raises(InputError, match="bad-period"):
        schedule_1992(copy)
