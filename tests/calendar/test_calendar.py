"""Months, true dekads, seasons, history."""

import datetime as dt

import pytest

from waterflow.calendar import Calendar, Window, season_of


def calendar(start, end, step="month"):
    return Calendar(dt.date.fromisoformat(start), dt.date.fromisoformat(end), step)


@pytest.mark.parametrize(
    ("month", "days"),
    [("2024-02", (10, 10, 9)), ("2023-02", (10, 10, 8)), ("2024-04", (10, 10, 10)), ("2024-12", (10, 10, 11))],
)
def test_a_dekad_is_ten_ten_and_the_rest(month, days):
    first = dt.date.fromisoformat(f"{month}-01")
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    periods = Calendar(first, last, "dekad").periods
    assert tuple(p.days for p in periods) == days
    assert [p.label for p in periods] == [f"{month}-d{k}" for k in (1, 2, 3)]
    assert [p.start.day for p in periods] == [1, 11, 21]
    assert periods[-1].end == last


def test_a_year_of_dekads_is_a_year():
    year = calendar("2023-10-01", "2024-09-30", "dekad")
    assert (len(year.periods), sum(p.days for p in year.periods)) == (36, 366)
    assert sum(p.days for p in calendar("2023-10-01", "2024-09-30").periods) == 366


def test_the_rate_of_a_leap_february():
    """1 Mm3 in 29 days is 1e6 / (29 * 86400) = 0.39911 m3/s."""
    assert calendar("2024-02-01", "2024-02-29").periods[0].rate == pytest.approx(0.399106, abs=1e-6)
    assert calendar("2023-02-01", "2023-02-28").periods[0].rate == pytest.approx(0.413360, abs=1e-6)


def test_seasons_are_the_commissions():
    assert [m for m in range(1, 13) if season_of(m) == "growing"] == [4, 5, 6, 7, 8, 9]


def test_seasons_are_cut_to_the_horizon():
    seasons = calendar("2024-02-01", "2025-05-31").seasons
    assert [(str(window), kind) for window, kind in seasons] == [
        ("2024-02-01/2024-03-31", "non_growing"),
        ("2024-04-01/2024-09-30", "growing"),
        ("2024-10-01/2025-03-31", "non_growing"),
        ("2025-04-01/2025-05-31", "growing"),
    ]


@pytest.mark.parametrize(("step", "count"), [("month", 12), ("dekad", 36)])
def test_the_history_is_the_twelve_months_before(step, count):
    history = calendar("2024-10-01", "2025-03-31", step).history
    assert len(history) == count
    assert (history[0].start, history[-1].end) == (dt.date(2023, 10, 1), dt.date(2024, 9, 30))


def test_a_horizon_may_begin_with_any_dekad():
    short = calendar("2024-10-11", "2024-11-10", "dekad")
    assert short.labels == ("2024-10-d2", "2024-10-d3", "2024-11-d1")
    assert short.history[-1].label == "2024-10-d1"
    assert short.history[0].start == dt.date(2023, 10, 11)


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("2024-10-01", "2024-09-30", "month"),
        ("2024-10-02", "2024-12-31", "month"),
        ("2024-10-01", "2024-12-30", "month"),
        ("2024-10-05", "2024-12-31", "dekad"),
        ("2024-10-01", "2024-12-19", "dekad"),
        ("2024-10-11", "2024-10-31", "month"),
    ],
)
def test_a_horizon_that_cuts_a_period_is_refused(start, end, step):
    with pytest.raises(ValueError, match="horizon"):
        calendar(start, end, step)


def test_windows_are_whole_periods_of_the_horizon():
    season = calendar("2024-10-01", "2025-03-31")
    assert season.inside(Window(dt.date(2024, 11, 1), dt.date(2024, 12, 31))) == (1, 2)
    for start, end in (("2024-11-02", "2024-12-31"), ("2024-09-01", "2024-12-31"), ("2025-03-01", "2025-04-30")):
        with pytest.raises(ValueError, match="horizon"):
            season.inside(Window(dt.date.fromisoformat(start), dt.date.fromisoformat(end)))


def test_storage_on_a_date_is_that_of_the_evening_before():
    season = calendar("2024-10-01", "2025-03-31")
    assert season.ends_before(dt.date(2024, 11, 1)) == 0
    assert season.ends_before(dt.date(2025, 4, 1)) == 5
    for day in (dt.date(2024, 10, 1), dt.date(2024, 11, 2), dt.date(2025, 5, 1)):
        with pytest.raises(ValueError, match="ends on the day before"):
            season.ends_before(day)


@pytest.mark.parametrize(("step", "back"), [("month", 1), ("dekad", 3)])
def test_months_earlier_is_the_same_part_of_the_month(step, back):
    season = calendar("2024-10-01", "2025-03-31", step)
    first = len(season.history)
    assert season.months_earlier(0, 0) == first
    assert season.months_earlier(0, 1) == first - back
    assert season.timeline[season.months_earlier(4, 2)].label[-2:] == season.periods[4].label[-2:] or step == "month"
    assert season.months_earlier(0, 13) is None
