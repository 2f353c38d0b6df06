"""Forecasts in every unit as Mm3 of each month, by hand; and laws of what is spread."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterflow.calendar import Window
from waterflow.loading.season_sheet import Figure
from waterflow.season.filled import filled
from waterflow.season.kit import later, season_kit
from waterflow.season.runoff import runoff_read

#: the teaching river's mountain node: norms of 100, 100, 200 and 300 Mm3 from January to April 2027
KIT = season_kit("two_reservoirs", "2027")
MONTHS = {p.label: Window(p.start, p.end) for p in KIT.calendar.periods}
WHOLE, HALF = Window(KIT.calendar.start, KIT.calendar.end), Window(dt.date(2027, 1, 1), dt.date(2027, 3, 31))


def figure(value, kind="volume", span=WHOLE, estimate="mean", sheet="forecast", name="mountain"):
    return Figure(sheet, "x", name, estimate, span, kind, value, "made_up", "published", "")


def volumes(*figures, estimate="mean"):
    return runoff_read(KIT, figures, ()).values[estimate]["mountain"]


def months(*values):
    return pytest.approx(dict(zip(MONTHS, values, strict=True)))


def test_per_cent_of_the_norm_is_a_share_of_each_month():
    assert volumes(figure(80, "norm")) == months(80, 80, 160, 240)
    assert volumes(figure(50, "norm", HALF)) == months(50, 50, 100, 300)


def test_m3_a_second_are_taken_times_true_seconds():
    # February 2027 has 28 days: 100 m3/s are 100 * 28 * 86,400 = 241.92 Mm3
    assert volumes(figure(100, "rate", MONTHS["2027-02"])) == months(100, 241.92, 200, 300)
    # the half of 90 days at 100 m3/s has 777.6 Mm3, as the norm is: a quarter, a quarter, a half
    assert volumes(figure(100, "rate", HALF)) == months(194.4, 194.4, 388.8, 300)


def test_a_volume_is_spread_as_the_norm_is():
    assert volumes(figure(1400)) == months(200, 200, 400, 600)


def test_low_and_high_have_the_mean_where_they_say_nothing_and_no_scenario_where_nobody_gave_one():
    read = runoff_read(KIT, [figure(90, "norm"), figure(50, "norm", HALF, "low")], ())
    assert set(read.values) == {"low", "mean"}
    assert read.values["low"]["mountain"] == months(50, 50, 100, 270)


def test_a_norm_of_ones_own_is_told_and_used():
    read = runoff_read(KIT, [figure(400, estimate="norm", span=MONTHS["2027-03"]), figure(50, "norm")], ())
    assert read.values["mean"]["mountain"] == months(50, 50, 200, 150)
    assert read.own_norms == ("mountain",)
    # one that is only rounded to be seen is no other norm
    assert not runoff_read(KIT, [figure(200.04, estimate="norm", span=MONTHS["2027-03"])], ()).own_norms


def test_a_dekad_makes_dekads_of_all():
    read = runoff_read(KIT, [figure(31, span=Window(dt.date(2027, 1, 1), dt.date(2027, 1, 10)))], ())
    assert read.calendar.step == "dekad"
    january = [read.values["mean"]["mountain"][f"2027-01-d{k}"] for k in (1, 2, 3)]
    assert january == pytest.approx([31, 100 * 10 / 31, 100 * 11 / 31])


@settings(deadline=None)
@given(st.floats(0, 1e5), st.sampled_from(["volume", "rate", "norm"]), st.sampled_from([WHOLE, HALF, *MONTHS.values()]))
def test_what_is_forecast_is_what_is_spread(value, kind, span):
    read = runoff_read(KIT, [figure(value, kind, span)], ())
    inside = [label for label, w in MONTHS.items() if span.start <= w.start and w.end <= span.end]
    norm = dict(zip(MONTHS, (100, 100, 200, 300), strict=True))
    days = (span.end - span.start).days + 1
    wanted = {"volume": value, "rate": value * days * 86400 / 1e6, "norm": value / 100 * sum(norm[x] for x in inside)}[kind]
    found = read.values["mean"]["mountain"]
    assert sum(found[x] for x in inside) == pytest.approx(wanted)
    assert {x: v for x, v in found.items() if x not in inside} == pytest.approx({x: v for x, v in norm.items() if x not in inside})
    assert read.understood[0].volume_Mm3 == pytest.approx(wanted)
    # a figure and a blank are each told: nothing is both, nothing is neither
    blanks = [str(s) for b in filled(KIT, [figure(value, kind, span)]).blanks if b.sheet == "forecast" for s in b.spans]
    assert sorted(blanks) == sorted(str(MONTHS[x]) for x in MONTHS if x not in inside)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31)), st.integers(-40, 40))
def test_a_month_end_stays_one_some_years_later(day, years):
    moved = later(day, years)
    assert (moved.year, moved.month) == (day.year + years, day.month)
    assert ((moved + dt.timedelta(days=1)).day == 1) == ((day + dt.timedelta(days=1)).day == 1) or (day.month, day.day) == (2, 28)
