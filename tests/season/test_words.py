"""Months, dekads, units and estimates as people write them, read as one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterflow.calendar import Calendar
from waterflow.loading.season_words import estimate_of, measure_of, span_of, truth_of

YEAR = Calendar(dt.date(2026, 10, 1), dt.date(2027, 9, 30), "month")
DEKADS = Calendar(dt.date(2026, 10, 1), dt.date(2027, 9, 30), "dekad")
FULL = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"]
GENITIVE = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"]
ENGLISH = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


def spellings(month, year):
    k = month - 1
    names = [FULL[k], GENITIVE[k], FULL[k].upper(), FULL[k][:3], f"{FULL[k][:3]}.", ENGLISH[k], ENGLISH[k][:3], ROMAN[k], ROMAN[k].lower()]
    return [
        *names,
        *(f"{n} {year}" for n in (FULL[k], GENITIVE[k], ENGLISH[k][:3])),
        f"{year}-{month:02d}",
        f"{month:02d}.{year}",
        dt.date(year, month, 1),
    ]


@given(st.sampled_from(YEAR.periods), st.data())
def test_every_spelling_of_a_month_is_that_month(period, data):
    typed = data.draw(st.sampled_from(spellings(period.month, period.start.year)))
    assert [(s.start, s.end) for s in span_of(typed, YEAR)] == [(period.start, period.end)]


@given(st.sampled_from(DEKADS.periods), st.data())
def test_every_spelling_of_a_dekad_is_that_dekad(period, data):
    d, name, year = period.label[-1], FULL[period.month - 1], period.start.year
    typed = data.draw(
        st.sampled_from(
            [
                f"{name}, {d} декада",
                f"{d} декада {name}",
                f"{d}-я декада {name}",
                f"{name} {year}, декада {d}",
                period.label,
                f"{ENGLISH[period.month - 1]} d{d}",
            ]
        )
    )
    assert [(s.start, s.end) for s in span_of(typed, DEKADS)] == [(period.start, period.end)]


def test_a_month_without_a_year_that_stands_twice_may_be_two():
    two = Calendar(dt.date(2026, 10, 1), dt.date(2027, 12, 31), "month")
    assert len(span_of("октябрь", two)) == 2
    assert len(span_of("октябрь 2027", two)) == 1


@pytest.mark.parametrize("text", ["marble", "", "октябрюшка", "2031-01", "13.2026", "total of all", "X 2031"])
def test_what_is_no_period_of_the_season_is_none(text):
    assert span_of(text, YEAR) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("вегетация", "2027-04-01/2027-09-30"),
        ("non_growing", "2026-10-01/2027-03-31"),
        ("Oct 2026-Mar 2027", "2026-10-01/2027-03-31"),
        ("X-III", "2026-10-01/2027-03-31"),
        ("октябрь–март", "2026-10-01/2027-03-31"),
        ("год", "2026-10-01/2027-09-30"),
        ("2027-04-01/2027-06-30", "2027-04-01/2027-06-30"),
    ],
)
def test_spans(text, days):
    assert list(map(str, span_of(text, YEAR))) == [days]


@pytest.mark.parametrize(
    ("unit", "measured"),
    [
        ("%", ("norm", 1.0)),
        ("% нормы", ("norm", 1.0)),
        ("доля нормы", ("norm", 100.0)),
        ("м³/с", ("rate", 1.0)),
        ("млн. м³", ("volume", 1.0)),
        ("км3", ("volume", 1000.0)),
        ("млн кВт·ч", ("energy", 1.0)),
        ("вёдра", ("", 1.0)),
    ],
)
def test_units(unit, measured):
    assert measure_of(unit) == measured


def test_estimates_and_truths():
    assert [estimate_of(t) for t in ("", "Минимум", "wet", "средняя", "норма", "maybe")] == ["mean", "low", "high", "mean", "norm", ""]
    assert [truth_of(t) for t in ("Да", "no", "perhaps")] == [True, False, None]
