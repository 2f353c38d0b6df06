"""Forecasts from outside: written and read back equal in every form; places, units, clocks and steps told, by hand."""

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.season.files import as_csv
from waterflow import cli
from waterflow.calendar import Calendar
from waterflow.loading.forecast_csv import forecast_csv, read_forecast_csv
from waterflow.loading.forecast_series import ForecastSeries
from waterflow.loading.pi_xml import pi_xml, read_pi_xml
from waterflow.season.files import forecast_netcdf, read_forecast_netcdf
from waterflow.season.forms import forms_of
from waterflow.season.kit import season_kit
from waterflow.season.norms import recorded
from waterflow.season.outside import laid, ranked, read_outside

KIT = season_kit("two_reservoirs", "2027")
NAMES = forms_of(KIT)["forecast"].names
SEASON = Calendar(dt.date(2027, 1, 1), dt.date(2027, 4, 30), "month")
WORDS = st.text("abcXYZабвЯ0189 _.-&<>\"'", min_size=1, max_size=12).map(str.strip).filter(bool)
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2050, 1, 1)).map(lambda m: m.replace(microsecond=0))
FIGURES = st.floats(-1e9, 1e9).filter(lambda v: v != -999.0) | st.none()


@st.composite
def files(draw, flags=True):
    """Series of one file, as a forecast service would make them: several places, members or none."""
    count = draw(st.integers(1, 4))
    start, step = draw(MOMENTS), draw(st.sampled_from([("hour", 6), ("day", 1), ("week", 1), ("nonequidistant", 1)]))
    gaps = draw(st.lists(st.integers(1, 10**6), min_size=count - 1, max_size=count - 1))
    stamps = [start]
    for gap in gaps:
        stamps.append(stamps[-1] + dt.timedelta(seconds=gap))
    fixed = {
        "parameter": draw(WORDS),
        "unit": draw(st.sampled_from(["m3/s", "hm3"])),
        "kind": draw(st.sampled_from(["instantaneous", "mean", "accumulative"])),
        "stamps": tuple(stamps),
        "zone": draw(st.sampled_from([0.0, 5.0, 6.0, -3.5])),
        "issued": draw(st.none() | MOMENTS),
        "step": step,
        "missing": draw(st.sampled_from(["-999.0", "NaN"])),
        "ensemble": draw(st.just("") | WORDS),
        "organisation": draw(st.just("") | WORDS),
    }
    members = [str(k) for k in range(draw(st.integers(1, 3)))] if draw(st.booleans()) else [""]
    made = []
    for place in draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)):
        station = draw(st.just("") | WORDS)
        for member in members:
            values = tuple(draw(FIGURES) for _ in stamps)
            marks = tuple(draw(st.none() | st.integers(0, 9)) for _ in stamps) if flags and draw(st.booleans()) else ()
            marks = marks if any(m is not None for m in marks) else ()
            made.append(ForecastSeries(place, values=values, member=member, station=station, flags=marks, **fixed))
    return made


def back(tmp_path_factory, content, name, reader):
    path = tmp_path_factory.mktemp("forms") / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return reader(path, [])


@settings(deadline=None, max_examples=60)
@given(found=files())
def test_pi_xml_is_read_back_equal(found, tmp_path_factory):
    assert back(tmp_path_factory, pi_xml(found), "a.xml", read_pi_xml) == found


@settings(deadline=None, max_examples=60)
@given(found=files())
def test_csv_is_read_back_equal(found, tmp_path_factory):
    assert back(tmp_path_factory, forecast_csv(found), "a.csv", read_forecast_csv) == found


@settings(deadline=None, max_examples=10)
@given(found=files(flags=False))
def test_netcdf_is_read_back_equal(found, tmp_path_factory):
    assert back(tmp_path_factory, forecast_netcdf(found), "a.nc", read_forecast_netcdf) == found


def series(values, start=dt.datetime(2027, 1, 1), step=("day", 1), **more):
    seconds = {"day": 86400, "hour": 3600}[step[0]] * step[1]
    stamps = tuple(start + dt.timedelta(seconds=seconds * k) for k in range(len(values)))
    return ForecastSeries(
        **({"location": "mountain", "parameter": "Q", "unit": "m3/s", "kind": "instantaneous"} | more),
        stamps=stamps,
        values=tuple(values),
        step=step,
    )


def test_days_of_a_rate_are_a_month_by_hand():
    # 31 days of January at 10 m3/s: 31 * 86,400 * 10 = 26.784 Mm3; two days of February are no month
    found = laid(series([10.0] * 33), SEASON)
    assert dict(found.values) == pytest.approx({"2027-01": 26.784})
    assert [(s.label, s.days, s.of_days) for s in found.skipped] == [("2027-02", 2.0, 28)]


def test_a_mean_ends_at_its_time_and_a_rate_begins_at_it():
    ends = laid(series([10.0] * 31, start=dt.datetime(2027, 1, 2), kind="mean"), SEASON)
    assert dict(ends.values) == pytest.approx({"2027-01": 26.784})
    assert not laid(series([10.0] * 31, start=dt.datetime(2027, 1, 2)), SEASON).values


def test_a_missing_figure_leaves_its_month_out():
    values = [10.0] * 31 + [20.0] * 28
    values[5] = None
    found = laid(series(values), SEASON)
    assert dict(found.values) == pytest.approx({"2027-02": 20 * 28 * 0.0864})
    assert [(s.label, s.days) for s in found.skipped] == [("2027-01", 30.0)]


def test_the_clock_is_set_to_the_basins_day():
    # days from midnight UTC are days from 5 o'clock at UTC+5: February begins with five hours of January's last day
    values = [10.0] * 31 + [20.0] * 28
    found = laid(series(values, zone=0.0), SEASON, day=5.0)
    january = 10 * (31 * 24 - 5) * 3600 / 1e6 * 31 * 24 / (31 * 24 - 5)
    february = (10 * 5 + 20 * (28 * 24 - 5)) * 3600 / 1e6
    assert found.values["2027-01"] == pytest.approx(january)
    assert found.values["2027-02"] == pytest.approx(february)
    assert found.split == 2


def test_months_without_a_steady_step():
    firsts = tuple(dt.datetime(2027, m, 1) for m in (1, 2, 3, 4))
    flow = ForecastSeries("mountain", "Q", "m3/s", "instantaneous", firsts, (1.0, 2.0, 3.0, 4.0))
    assert dict(laid(flow, SEASON).values) == pytest.approx({p.label: k / p.rate for k, p in enumerate(SEASON.periods, start=1)})
    ends = tuple(dt.datetime(2027, m, 1) for m in (2, 3, 4, 5))
    mean = ForecastSeries("mountain", "Q", "hm3", "accumulative", ends, (100.0, 200.0, 300.0, 400.0))
    assert list(laid(mean, SEASON).values.values()) == [100, 200, 300, 400]


def test_a_step_longer_than_a_month_is_refused():
    with pytest.raises(wf.InputError, match="90 days"):
        laid(
            ForecastSeries("mountain", "Q", "m3/s", "instantaneous", (dt.datetime(2027, 1, 1), dt.datetime(2027, 4, 1)), (1.0, 2.0)), SEASON
        )


def test_places_and_units_that_match_nothing_are_told():
    strange, snow = series([1.0] * 31, location="elsewhere"), series([1.0] * 31, unit="mm")
    found = read_outside([series([1.0] * 31), strange, snow], "f.xml", SEASON, NAMES, {})
    assert found.strange == ("elsewhere",)
    assert found.no_flow == (("mountain", "mm"),)
    with pytest.raises(wf.InputError, match="unknown-name"):
        read_outside([strange], "f.xml", SEASON, NAMES, {})
    assert read_outside([strange], "f.xml", SEASON, NAMES, {"elsewhere": "mountain"}).outside.values["mean"]["mountain"]


def test_an_ensemble_is_ranked_whole():
    members = {str(k): {"a": {"x": float(k), "y": 0.0}, "b": {"x": 10.0 - k}} for k in range(11)}
    # every total is 10: whichever is taken, it is one member and not the least of each place
    found = ranked(members)
    assert found["low"]["a"]["x"] + found["low"]["b"]["x"] == 10
    assert found["mean"] == {"a": {"x": 5.0, "y": 0.0}, "b": {"x": 5.0}}
    grown = ranked({str(k): {"a": {"x": float(k)}} for k in range(11)})
    assert (grown["low"]["a"]["x"], grown["high"]["a"]["x"]) == (1.0, 9.0)


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<TimeSeries xmlns="http://www.wldelft.nl/fews/PI"><series><header><type>&lol2;</type></header></series></TimeSeries>"""


@pytest.mark.parametrize(("text", "told"), [(BOMB, "entities"), ("<a/>", "no series"), ("no xml", "damaged"), ("", "damaged")])
def test_a_file_that_is_no_pi_xml_is_refused(tmp_path, text, told):
    (tmp_path / "a.xml").write_text(text)
    with pytest.raises(wf.InputError, match=told):
        read_pi_xml(tmp_path / "a.xml", [])


def test_what_the_pi_does_not_say_is_told(tmp_path):
    text = pi_xml([series([1.0, 2.0])]).decode().replace("  <timeZone>0.0</timeZone>\n", "")
    text = text.replace("<units>", "<region>north</region><units>")
    (tmp_path / "a.xml").write_text(text)
    told = []
    read_pi_xml(tmp_path / "a.xml", told)
    assert len(told) == 2
    assert "UTC" in told[0]
    assert "region" in told[1]


def test_a_figure_that_stands_for_missing_is_not_written_as_one():
    with pytest.raises(wf.InputError, match="not-finite"):
        pi_xml([series([-999.0])])


def test_a_csv_by_month_as_a_person_types_it(tmp_path):
    rows = [
        ["пункт", "месяц", "единица", "расход"],
        *([["Горная плотина", m, "м3/с", "10,5"] for m in ("янв 2027", "фев 2027", "март 2027")]),
    ]
    path = as_csv(tmp_path / "f.csv", rows, delimiter=";", encoding="cp1251")
    told = []
    found = read_outside(read_forecast_csv(path, told), "f.csv", SEASON, NAMES, {})
    assert found.outside.values["mean"]["mountain"] == pytest.approx({p.label: 10.5 / p.rate for p in SEASON.periods[:3]})
    assert len(told) == 2


def test_a_forecast_from_the_record_is_labelled_and_goes_out_and_in(tmp_path, capsys, monkeypatch):
    made, kit = tmp_path / "record.xml", season_kit("syr_darya", "2026-27")
    monkeypatch.setattr("waterflow.season.kit.season_kit", lambda *_: kit)
    assert cli.main(["season", "forecast", "syr_darya", "2026-27", "--years", "1999,2007", "--out", str(made), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "No forecast: what the record says" in said
    assert {s.member for s in read_pi_xml(made, [])} == {"1999", "2007"}
    assert all(math.isfinite(v) for s in read_pi_xml(made, []) for v in s.values if v is not None)
    with pytest.raises(wf.InputError, match="3000"):
        recorded(kit.like, kit.calendar, [1999, 3000])
    assert cli.main(["season", "forecast", "syr_darya", "2026-27", "--years", "soon"]) == 3
    assert cli.main(["season", "forecast", "syr_darya", "2026-27", "--out", str(made)]) == 3
