"""Weeks and days beside months and dekads, and growing seasons of other months; by law, and by hand."""

import datetime as dt
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.loading.test_tables_of_the_river import copied
from tests.rivers import DEMANDS, River
from waterflow.accounts.plan import Plan
from waterflow.allocation.audit import audit
from waterflow.calendar import Calendar, period_of, season_of
from waterflow.ledger.planned import plan_rows
from waterflow.loading.tables import Row
from waterflow.loading.timed import laid_out
from waterflow.loading.typed_periods import Typed, typed_periods
from waterflow.observations.files import observed_tables
from waterflow.simulation.flows import returned
from waterflow.words.catalogue import speaking
from waterflow.words.dates import period_alone, period_in_words

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
STEPS = st.sampled_from(["week", "day"])
SOUTH = (10, 11, 12, 1, 2, 3)


def calendar(first, count, step, growing=SOUTH):
    return Calendar(first, first + dt.timedelta(days=count * (7 if step == "week" else 1) - 1), step, growing)


@settings(max_examples=30)
@given(DAYS, st.integers(1, 120), STEPS)
def test_weeks_and_days_fill_the_horizon_from_its_first_day(first, count, step):
    found = calendar(first, count, step)
    assert len(found.periods) == count
    assert {p.days for p in found.periods} == {7 if step == "week" else 1}
    assert all((b.start - a.end).days == 1 for a, b in zip(found.timeline, found.timeline[1:], strict=False))
    assert len(set(found.labels)) == count
    assert all(
        (period_of(label).start, period_of(label).end) == (p.start, p.end) for label, p in zip(found.labels, found.periods, strict=True)
    )
    assert len(found.history) == (52 if step == "week" else 365)


@settings(max_examples=30)
@given(DAYS, st.integers(1, 30), STEPS, st.data())
def test_the_water_of_months_is_the_water_of_weeks_and_days(first, count, step, data):
    """What whole months hold is held by the days of them: no more and no less, whatever the month."""
    found = calendar(first, count, step)
    months = sorted({month for p in found.periods for month, _ in p.month_parts})
    volumes = {month: data.draw(st.floats(0, 1000), month) for month in months}
    rows = [Row(month, {"period": month, "runoff_Mm3": v}) for month, v in volumes.items()]
    values, problems = laid_out(rows, "runoff_Mm3", found, found.periods, "runoff")
    assert not problems
    each = calendar(first, (found.end - first).days + 1, "day")
    by_day, _ = laid_out(rows, "runoff_Mm3", each, each.periods, "runoff")
    assert sum(values) == pytest.approx(sum(by_day), rel=1e-9, abs=1e-9)
    for month, volume in volumes.items():
        inside = [v for p, v in zip(each.periods, by_day, strict=True) if f"{p.start:%Y-%m}" == month]
        whole = Calendar(dt.date.fromisoformat(f"{month}-01"), dt.date.fromisoformat(f"{month}-01"), "day").periods[0].month_parts[0][1]
        assert sum(inside) == pytest.approx(volume * whole * len(inside), rel=1e-9, abs=1e-9)


def test_rows_of_days_weeks_dekads_and_months_each_fill_their_own_days():
    """January 2025: 310 Mm3 in the month, but 20 on the 4th and 70 in the week from the 8th; by hand."""
    rows = [Row(label, {"period": label, "runoff_Mm3": v}) for label, v in (("2025-01", 310), ("2025-01-04", 20), ("2025-01-08w", 63))]
    days = Calendar(dt.date(2025, 1, 1), dt.date(2025, 1, 31), "day")
    values, problems = laid_out(rows, "runoff_Mm3", days, days.periods, "runoff")
    assert not problems
    assert values == pytest.approx([10, 10, 10, 20, 10, 10, 10, *[9] * 7, *[10] * 17])
    rates = [Row(f"2025-01-{d:02d}", {"period": f"2025-01-{d:02d}", "flow_m3s": float(d)}, "m3s") for d in range(1, 32)]
    month = Calendar(dt.date(2025, 1, 1), dt.date(2025, 1, 31), "month")
    # the mean of 1 to 31 is 16 m3/s
    assert laid_out(rates, "flow_m3s", month, month.periods, "flow")[0] == pytest.approx([16 * 31 * 0.0864])
    assert [p.code for p in laid_out(rates[:-1], "flow_m3s", month, month.periods, "flow")[1]] == ["missing-period"]


def by_steps(tmp_path, *lines):
    copy = copied(tmp_path)
    return copy.text("model.yaml", "steps: [month, dekad]", "\n".join(["steps: [month, dekad, week, day]", *lines]))


def test_days_and_months_with_constant_rates_are_the_same_plan(tmp_path):
    copy = by_steps(tmp_path)
    plans = {step: wf.allocate(wf.read_basin(copy.folder, step=step)) for step in ("month", "dekad", "day")}
    for step in ("dekad", "day"):
        months, parts = plans["month"].dataset, plans[step].dataset
        assert parts["stage_value"].values[:4] == pytest.approx(months["stage_value"].values[:4], abs=1e-6)
        assert float(parts["delivery"].sum()) == pytest.approx(float(months["delivery"].sum()))
        ends = [k for k, p in enumerate(plans[step].basin.calendar.periods) if (p.end + dt.timedelta(days=1)).day == 1]
        assert parts["storage"].values[:, ends] == pytest.approx(months["storage"].values, abs=1e-4)


def test_a_horizon_that_is_no_whole_number_of_weeks_is_refused_with_its_ends(tmp_path):
    copy = by_steps(tmp_path)
    with pytest.raises(wf.InputError, match="weeks from its start end on 2025-04-29 or 2025-05-06") as refused:
        wf.read_basin(copy.folder, step="week")
    assert [p.code for p in refused.value.problems] == ["bad-horizon"]


def test_a_river_by_weeks_is_planned_and_closes(tmp_path):
    copy = by_steps(tmp_path).text("model.yaml", "end: 2025-04-30", "end: 2025-04-29")
    for table, old, new in (("storage_rules", "2025-05-01", "2025-04-30"), ("targets", "2025-04-30", "2025-04-29")):
        path = copy.path(table)
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    plan = wf.allocate(wf.read_basin(copy.folder, step="week"))
    assert len(plan.basin.calendar.periods) == 17
    assert audit(plan.basin, plan.dataset).closes
    # the week from 29 January has three days of it and four of February
    share = plan.basin.runoff["mountain"][4] / sum(plan.basin.runoff["mountain"])
    assert plan.basin.calendar.labels[4] == "2025-01-29w"
    monthly = wf.read_basin(copied(tmp_path / "months").folder).runoff["mountain"]
    assert share * sum(plan.basin.runoff["mountain"]) == pytest.approx(monthly[0] * 3 / 31 + monthly[1] * 4 / 28)


@pytest.mark.parametrize("step", ["day", "week"])
def test_drainage_comes_back_as_many_days_later_as_mean_months_have(step):
    """A tenth comes back after one month, a twentieth after two: 30 and 61 days, 4 and 9 weeks."""
    river = River(months=3, start="2025-01-01")
    river.calendar = calendar(dt.date(2025, 1, 1), 77 if step == "day" else 11, step)
    river.node("spring", runoff=9).node("sea", "outlet").reach("upper", "spring", "sea")
    need = [5.0, *[0.0] * (len(river.calendar.periods) - 1)]
    river.demand("field", "spring", "A", need, returns=("spring", (0, 0.1, 0.05)))
    plan = wf.allocate(river.priorities(("all", [DEMANDS])).basin())
    back = returned(plan.basin, plan.dataset["delivery"].values)[0]
    first, second = (30, 61) if step == "day" else (4, 9)
    assert np.flatnonzero(back).tolist() == [first, second]
    assert back[[first, second]] == pytest.approx([0.5, 0.25])
    assert plan.dataset["return_flow"].values.ravel() == pytest.approx(back)


def test_southern_seasons_follow_the_model(tmp_path):
    """Growing from October to March: April is the first month of rest, and the growing season spans the turn of the year."""
    assert [m for m in range(1, 13) if season_of(m, SOUTH) == "growing"] == [1, 2, 3, 10, 11, 12]
    copy = by_steps(tmp_path, "growing_season: {first_month: 10, last_month: 3}")
    basin = wf.read_basin(copy.folder)
    assert [(str(w), s) for w, s in basin.calendar.seasons] == [
        ("2025-01-01/2025-03-31", "growing"),
        ("2025-04-01/2025-04-30", "non_growing"),
    ]
    year = Calendar(dt.date(2024, 7, 1), dt.date(2025, 6, 30), "month", SOUTH)
    assert [(w.start.month, w.end.month, s) for w, s in year.seasons] == [(7, 9, "non_growing"), (10, 3, "growing"), (4, 6, "non_growing")]


def test_a_southern_river_is_the_northern_one_half_a_year_later(tmp_path):
    """The same tables moved by six months, its seasons with them: the same plan; limits, travel and claims follow the season."""
    north, south = (copied(tmp_path / name) for name in ("north", "south"))
    south.text("model.yaml", "{start: 2025-01-01, end: 2025-04-30}", "{start: 2025-07-01, end: 2025-10-31}")
    south.text("model.yaml", "steps: [month, dekad]", "steps: [month]\ngrowing_season: {first_month: 10, last_month: 3}")
    moved = {"2025-05-01": "2025-11-01", "2025-04-30": "2025-10-31", "2025-01-01": "2025-07-01"}
    for path in (south.folder / "tables").glob("*.csv"):
        head, *rows = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
        for row in rows:
            for k, cell in enumerate(row):
                row[k] = str(int(cell) + 6) if head[k] == "month" else moved.get(cell, cell)
                if head[k] == "period":
                    row[k] = f"2025-{int(cell[5:]) + 6:02d}"
        path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    for copy in (north, south):
        rows = "series,party,season,limit_Mm3,source,grade\nlow,DOWN,growing,50,made_up,assumed\nlow,DOWN,non_growing,400,made_up,assumed\n"
        copy.path("limits").write_text(rows, encoding="utf-8")
        copy.text("model.yaml", "series:\n", "series:\n  limits: low\n")
        demands = copy.path("demands")
        demands.write_text(demands.read_text(encoding="utf-8").replace(",no,", ",yes,"), encoding="utf-8")
    first, second = (wf.read_basin(copy.folder) for copy in (north, south))
    assert [x.amount for x in first.limits.values()] == [x.amount for x in second.limits.values()]
    a, b = (wf.allocate(x).dataset for x in (first, second))
    # the months are not as long, and nothing here hangs on how long they are
    assert b["delivery"].values == pytest.approx(a["delivery"].values, rel=1e-6)
    assert b["stage_value"].values[:2] == pytest.approx(a["stage_value"].values[:2])


@pytest.mark.parametrize(
    ("season", "code"),
    [("{first_month: 0, last_month: 3}", "bad-model"), ("{first_month: 4, last_month: 3}", "bad-horizon"), ("[4, 9]", "bad-model")],
)
def test_a_growing_season_that_is_none_is_refused(tmp_path, season, code):
    copy = by_steps(tmp_path, f"growing_season: {season}")
    assert {p.code for p in copy.problems()} == {code}


def test_observations_of_another_season_are_refused(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree("models/syr_darya", folder / "models" / "syr_darya")
    shutil.copytree("inputs", folder / "inputs")
    file = folder / "models" / "syr_darya" / "model.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\ngrowing_season: {first_month: 10, last_month: 3}\n", encoding="utf-8")
    with pytest.raises(wf.InputError) as refused:
        observed_tables(str(file))
    assert [p.code for p in refused.value.problems] == ["season-not-known"]


def test_weeks_and_days_are_refused_where_months_are_kept(tmp_path):
    plan = wf.allocate(wf.read_basin(by_steps(tmp_path).folder, step="day"))
    with pytest.raises(wf.InputError) as refused:
        plan_rows(Plan(plan.basin, plan.dataset), "")
    assert [p.code for p in refused.value.problems] == ["step-not-offered"]


def test_days_and_weeks_in_words():
    assert [period_in_words(x) for x in ("2024-10-05", "2024-10-05w", "2024-10-d1")] == ["5 Oct", "wk 5 Oct", "Oct d1"]
    assert [period_alone(x) for x in ("2024-10-05", "2024-10-05w")] == ["5 Oct 2024", "week from 5 Oct 2024"]
    with speaking("ru"):
        assert period_in_words("2024-10-05") == "5 окт"


def test_a_plan_is_typed_by_days_weeks_and_months_of_days():
    """Days: a day, a dekad, a month, a week of seven of them; weeks: their first day alone. What else is typed is refused."""
    days, weeks = Calendar(dt.date(2025, 1, 1), dt.date(2025, 2, 25), "day"), Calendar(dt.date(2025, 1, 1), dt.date(2025, 2, 25), "week")

    def read(cell, found=days):
        return typed_periods(cell, found, dekads=False)

    assert read("2025-01-04") == read(dt.date(2025, 1, 4)) == Typed((3,), 1)
    assert read("2025-01-d2") == Typed(tuple(range(10, 20)), 10)
    # February is typed whole, though the horizon ends on the 25th: its volume is that of 28 days
    assert read("Feb 2025") == Typed(tuple(range(31, 56)), 28)
    assert read("2025-01-08w") == Typed(tuple(range(7, 14)), 7)
    assert read("2025-01-08w", weeks) == read("08.01.2025", weeks) == Typed((1,), 7)
    assert read("2025-01-09", weeks).code == "bad-period"
    assert read("2025-01", weeks).code == "bad-period"
    assert read("2025-03-01").code == "outside-horizon"
