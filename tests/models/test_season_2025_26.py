"""The season planned from what was known in November 2025, beside what came: the figures its page speaks of."""

import datetime as dt
import re
from pathlib import Path

import pytest

import waterflow as wf
from waterflow.accounts.plan import Plan

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "evidence" / "season_2025_26.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan():
    found = wf.allocate(wf.read_basin("syr_darya", "season_2025_26", step="dekad"))
    return Plan(found.basin, found.dataset)


def test_toktogul_on_14_january_beside_what_was_seen(plan):
    first, later = (plan.storage_on("toktogul", dt.date(2026, 1, day)) for day in (11, 21))
    between = first + 0.3 * (later - first)
    (said,) = re.findall(r"14 January 2026 \| 9,102 \| \| ([\d,]+) \(between", PAGE)
    assert between == pytest.approx(float(said.replace(",", "")), abs=0.5)
    below = {day: 100 * (1 - model / fact) for day, model, fact in (
        ("1 December", plan.storage_on("toktogul", dt.date(2025, 12, 1)), 10630), ("14 January", between, 9102))}  # fmt: skip
    assert f"{below['1 December']:.1f} % below what was seen on 1 December and {below['14 January']:.1f} % below on 14 January" in PAGE


def test_the_five_reservoirs_open_with_what_was_published_together(plan):
    five = ("toktogul", "andijan", "bahri_tojik", "charvak", "shardara")
    assert sum(plan.basin.reservoirs[name].opening_storage for name in five) == pytest.approx(15_520, abs=2)


def test_the_winter_rests_on_forecasts_and_the_summer_on_none(plan):
    winter = [k for k, p in enumerate(plan.basin.calendar.periods) if p.season == "non_growing"]
    for node, forecast in (("toktogul", 2930), ("andijan", 884), ("charvak", 1070)):
        assert sum(plan.basin.runoff[node][k] for k in winter) == pytest.approx(forecast, rel=1e-3)
    assert plan.basin.grades["runoff_changes"] == {"assumed": 54, "derived": 54}


def test_every_target_and_the_winter_but_for_one_per_cent_can_be_served(plan):
    assert float(plan.dataset["target_shortfall"].sum()) == pytest.approx(0, abs=1e-6)
    assert float(plan.dataset["stage_value"].sel(stage="winter_power")) < 0.02


@pytest.mark.long
def test_what_the_order_of_summer_2026_costs():
    """Limits before Kyrgyz summer power, and the other way round: a fifth of the power against a quarter of a per cent."""
    basin = wf.read_basin("syr_darya", "summer_2026_stress")
    by_name = {p.name: p for p in basin.objective.priorities}
    turned = ("lifelines", "summer_power", "limits", "north_aral", "winter_power", "as_operated", "cost")
    objective = basin.objective.model_copy(update={"priorities": tuple(by_name[name] for name in turned)})
    found = [wf.allocate(x).dataset["stage_value"] for x in (basin, basin.replaced(objective=objective))]
    power, limits = ([float(x.sel(stage=name)) for x in found] for name in ("summer_power", "limits"))
    assert 0.19 < power[0] < 0.21
    assert power[1] < 0.05
    assert 0.001 < limits[1] - limits[0] < 0.0025
    assert "a fifth of its summer power" in PAGE
