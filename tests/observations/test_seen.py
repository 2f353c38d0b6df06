"""What was seen of a season's reservoirs: where it lies on the axis of periods, in which unit, from whom."""

import pytest

from waterflow.loading.model import read_model
from waterflow.observations.seen import seen_in_season


def seen(scenario, step="month"):
    model = read_model("syr_darya", scenario, step)
    return seen_in_season(model.basin(), model.folder)


def one(facts, reservoir, quantity, start, grade="observed"):
    wanted = (reservoir, quantity, start, grade)
    (found,) = {(f.first, f.last, f.value, f.source) for f in facts if (f.reservoir, f.quantity, f.start, f.grade) == wanted}
    return found


@pytest.mark.parametrize(("step", "october"), [("month", 1.0), ("dekad", 3.0)])
def test_a_month_seen_is_a_mean_over_its_periods_and_a_storage_at_its_end(step, october):
    facts = seen("season_2022_23", step)
    months = [f for f in facts if f.last - f.first in (1.0, 3.0)]
    first, last, value, source = one(months, "toktogul", "release", "2022-10-01")
    assert (first, last, source) == (0.0, october, "daily_sheets_2022_2024")
    assert value == pytest.approx(680.8e6 / (31 * 86400))
    assert one(facts, "toktogul", "storage", "2022-11-01")[:2] == (october, october)


def test_published_points_keep_their_day_their_source_and_their_grade():
    facts = [f for f in seen(None) if (f.reservoir, f.quantity) == ("toktogul", "storage")]
    day = next(f for f in facts if f.start == "2025-01-14")
    assert day.first == pytest.approx(3 + 13 / 31)
    assert (day.value, day.source, day.grade) == (10733, "timesca_2026_01_15", "derived")
    assert len({(f.first, f.source, f.value) for f in facts}) == len(facts)


def test_a_year_that_is_thought_up_has_no_facts_and_a_plan_is_none():
    assert seen("dry_year") == ()
    wanted = ("shardara", "inflow", "2024-10-01", "2025-03-31")
    shardara = [f.value for f in seen(None) if (f.reservoir, f.quantity, f.start, f.end) == wanted]
    # the plan of the same months is 10,900 Mm3, 693 m3/s
    assert shardara
    assert min(shardara) > 750
