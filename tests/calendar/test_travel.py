"""Water on its way: shares of days, steady where the travel time is."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterflow.calendar import Calendar, whole_days

STEPS = st.sampled_from(["month", "dekad"])
#: Mm3 a day of 100 m3/s
DAILY = 8.64


@st.composite
def calendars(draw):
    """Any month to begin with, one to thirty months long."""
    first, months = draw(st.integers(2001 * 12, 2007 * 12)), draw(st.integers(1, 30))
    begin, after = (dt.date(k // 12, k % 12 + 1, 1) for k in (first, first + months))
    return Calendar(begin, after - dt.timedelta(days=1), draw(STEPS))


def calendar(start, end, step="month"):
    return Calendar(dt.date.fromisoformat(start), dt.date.fromisoformat(end), step)


def arrived(horizon, travel_days, entering):
    """Water that arrives in each period of the horizon, from what enters over the timeline."""
    found = np.zeros(len(horizon.periods))
    for (shares, _), volume in zip(horizon.spread(travel_days), entering, strict=True):
        for k, share in shares:
            found[k] += share * volume
    return found


def by_season(horizon, growing, resting):
    return [growing if p.season == "growing" else resting for p in horizon.timeline]


def test_twelve_days_spread_a_month_over_two():
    """January (31 days) keeps 19/31 of its own and gets 12/31 of December's; February 12/31 of January's."""
    winter = calendar("2024-01-01", "2024-03-31")
    december, january, february, march = winter.spread([12.0] * 15)[11:]
    assert december == (((0, pytest.approx(12 / 31)),), 0.0)
    assert january == (((0, pytest.approx(19 / 31)), (1, pytest.approx(12 / 31))), 0.0)
    assert february == (((1, pytest.approx(17 / 29)), (2, pytest.approx(12 / 29))), 0.0)
    assert march == (((2, pytest.approx(19 / 31)),), pytest.approx(12 / 31))


def test_no_travel_time_no_shift():
    spread = calendar("2024-01-01", "2024-03-31").spread([0.0] * 15)
    assert spread == ((((), 0.0),) * 12 + ((((0, 1.0),), 0.0), (((1, 1.0),), 0.0), (((2, 1.0),), 0.0)))


@given(calendars(), st.floats(0, 400), st.floats(0, 400))
def test_no_water_is_made_or_lost_by_travelling(horizon, growing, resting):
    """What enters arrives before the horizon or in it, not before it entered, or is on its way when it ends."""
    travel = by_season(horizon, growing, resting)
    for s, (shares, late) in enumerate(horizon.spread(travel)):
        source, own = horizon.timeline[s], s - len(horizon.history)
        gone = sum(
            day + whole_days(travel[s]) < horizon.start.toordinal() for day in range(source.start.toordinal(), source.end.toordinal() + 1)
        )
        assert all(share > 0 and max(0, own) <= k < len(horizon.periods) for k, share in shares)
        assert sum(share for _, share in shares) + late + gone / source.days == pytest.approx(1, abs=1e-12)


@given(calendars(), st.floats(0, 365))
def test_a_steady_flow_stays_steady(horizon, days):
    """100 m3/s before and in the horizon arrive as 100 m3/s, and the water under way is that of the travel time.

    The second is the mean delay: with a steady flow, water under way over flow (Little 1961).
    """
    travel = [days] * len(horizon.timeline)
    entering = np.array([DAILY * p.days for p in horizon.timeline])
    inside = np.array([p.days for p in horizon.periods])
    np.testing.assert_allclose(arrived(horizon, travel, entering), DAILY * inside, rtol=1e-12)
    late = np.array([share for _, share in horizon.spread(travel)])
    assert float(late @ entering) == pytest.approx(DAILY * whole_days(days), rel=1e-12)


@given(calendars(), st.floats(0, 60), st.floats(0, 60))
def test_a_steady_flow_stays_steady_away_from_a_change_of_travel_time(horizon, growing, resting):
    found = arrived(horizon, by_season(horizon, growing, resting), [DAILY * p.days for p in horizon.timeline])
    longest = dt.timedelta(days=max(whole_days(growing), whole_days(resting)) + 1)
    for p, volume in zip(horizon.periods, found, strict=True):
        before = {q.season for q in horizon.timeline if q.start <= p.end and q.end >= p.start - longest}
        if len(before) == 1:
            assert volume == pytest.approx(DAILY * p.days, rel=1e-12)


@pytest.mark.parametrize(
    ("start", "end", "growing", "resting", "arrives"),
    [
        # the last water of September arrives on 9 October, the first of October on the 14th: nothing on 4 days
        ("2024-10-01", "2024-10-31", 9, 13, (90, 70, 100)),
        # the last water of March arrives on 13 April, the first of April on the 10th: twice on 4 days
        ("2025-04-01", "2025-04-30", 9, 13, (110, 130, 100)),
        ("2024-10-01", "2024-10-31", 13, 9, (110, 130, 100)),
        ("2025-04-01", "2025-04-30", 13, 9, (90, 70, 100)),
    ],
)
def test_where_the_travel_time_changes_the_water_under_way_changes(start, end, growing, resting, arrives):
    """100 m3/s by dekads through a change between 9 and 13 days: no share that keeps volume can be steady there."""
    horizon = calendar(start, end, "dekad")
    entering = [DAILY * p.days for p in horizon.timeline]
    found = arrived(horizon, by_season(horizon, growing, resting), entering) / [p.days for p in horizon.periods] / DAILY * 100
    assert found == pytest.approx(arrives, rel=1e-12)


@given(calendars(), st.floats(0, 365), st.floats(0, 365))
def test_only_water_still_under_way_is_asked_for(horizon, growing, resting):
    travel, first = by_season(horizon, growing, resting), len(horizon.history)
    needed = horizon.still_under_way(travel)
    there = [bool(shares) or late > 0 for shares, late in horizon.spread(travel)[:first]]
    assert not any(there[:needed])
    assert needed == first or there[needed]


def test_half_days_are_rounded_up():
    assert [whole_days(days) for days in (0, 0.49, 0.5, 7.5, 11.25, 12.75)] == [0, 0, 1, 8, 11, 13]
