"""The table, the CSV and the comparison: what a negotiator reads."""

import csv
import io
import re

import pandas as pd
import pytest

import waterflow as wf
from tests.rivers import every_process
from waterflow.accounts.comparison import comparison
from waterflow.accounts.plan_facts import plan_facts
from waterflow.report.comparison_text import render_comparison
from waterflow.report.csvs import HEAD, write_csv
from waterflow.words.catalogue import speaking
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.numbers import number, per_cent

WIDTH = 100


def allocated(name, step="month"):
    if name == "every_process":
        return wf.allocate(every_process(step).basin())
    return wf.allocate(wf.read_basin(name, step=step))


RIVERS = [("every_process", "month"), ("every_process", "dekad"), ("two_reservoirs", "month"), ("two_reservoirs", "dekad")]
RIVERS += [("larson_four_reservoirs", "month"), ("syr_darya", "month")]


@pytest.mark.parametrize(("name", "step"), RIVERS)
def test_the_table_fits_the_page_and_says_no_nonsense(name, step):
    text = allocated(name, step).summary(full=True)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.endswith("\n")
    assert not {"nan", "inf", "None", "-0"} & set(text.replace(",", " ").split())


def test_sections_come_in_order():
    text = allocated("every_process").summary(full=True)
    order = [
        "Order of priority",
        "delivered against target",
        "Users of water",
        "Limits and deliveries",
        "Minimum flows",
        "Inflow at agreed places",
        "Reservoirs: storage",
        "Energy by party",
        "Stages, solved",
        "What it rests on",
        "Certificate and audit",
    ]
    found = [text.index(words) for words in order]
    assert found == sorted(found)


def test_the_syr_darya_names_its_places_and_counts_what_is_assumed():
    text = allocated("syr_darya").summary(full=True)
    for words in ("North Aral Sea", "Shardara reservoir", "Toktogul reservoir", "assumed or unverified", "KAZ", "10,900"):
        assert words in text


def test_dekads_stand_in_blocks_that_fit():
    text = allocated("every_process", "dekad").summary(full=True)
    heads = [line for line in text.splitlines() if "Jan d1" in line or "May d1" in line]
    assert heads
    assert all(line.count(" d") <= 10 for line in heads)


def test_numbers_are_rounded_for_people():
    assert [number(1234567.8), number(None), number(-1e-12), number(2.5, 1), number(180.5)] == ["1,234,568", "-", "0", "2.5", "181"]
    assert [per_cent(1, 4), per_cent(1, 0), per_cent(None, 1)] == ["25 %", "-", "-"]


def test_windows_and_periods_in_words():
    assert window_in_words("2024-10-01/2025-03-31") == "Oct 2024-Mar 2025"
    assert window_in_words("2024-02-01/2024-02-29") == "Feb 2024"
    assert window_in_words("2025-01-01/2025-02-03") == "2025-01-01 to 2025-02-03"
    assert window_in_words("2025-04-01/2025-04-01") == "2025-04-01"
    assert [period_in_words("2024-10"), period_in_words("2024-10-d3")] == ["Oct 24", "Oct d3"]


def test_the_csv_is_one_long_table_with_the_same_numbers():
    allocation = allocated("every_process")
    facts = plan_facts(allocation.basin, allocation.dataset)
    head, *rows = csv.reader(io.StringIO(write_csv(facts)))
    assert tuple(head) == HEAD
    assert all(len(row) == len(HEAD) and float(row[-1]) == float(row[-1]) for row in rows)
    target = facts.targets[0]
    assert ["targets", "lake", target.window, "delivered", "Mm3", str(target.delivered_Mm3)] in rows
    storage = facts.reservoirs[0].periods[2].storage_Mm3
    assert ["reservoirs", "dam", "2024-03", "storage", "Mm3", str(storage)] in rows


def test_compare_sets_scenarios_side_by_side():
    basin = every_process().basin(scenario="plain")
    drier = basin.replaced(scenario="drier", runoff=basin.runoff | {"dam": (80.0,) * 6})
    first, second = wf.allocate(basin), wf.allocate(drier)
    table = wf.compare(first, second)
    assert list(table.columns) == ["plain", "drier"]
    key = ("closing storage", "dam", "end", "storage", "Mm3")
    assert table.loc[key, "plain"] == pytest.approx(first.dataset["storage"].sel(reservoir="dam").values[-1])
    assert table.loc[key, "drier"] == pytest.approx(second.dataset["storage"].sel(reservoir="dam").values[-1])
    assert {"target", "floor", "limit", "inflow", "energy", "objective"} <= set(table.index.get_level_values("section"))
    text = render_comparison(comparison(first, second), everything=True)
    assert "widest" in text
    assert "same" in text


def test_compare_tells_equal_names_and_other_rivers_apart():
    one, two = allocated("two_reservoirs"), allocated("larson_four_reservoirs")
    assert list(wf.compare(one, one).columns) == ["example", "example (2)"]
    table = wf.compare(one, two)
    assert list(table.columns) == ["two_reservoirs/example", "larson_four_reservoirs/larson"]
    assert table.isna().any(axis=None), "a figure that one river lacks is not a number, never zero"
    assert isinstance(table, pd.DataFrame)
    found = comparison(one, two)
    assert any(value is None for row in found.rows for value in row.values.values())
    assert "-" in render_comparison(found)


@pytest.fixture(scope="module")
def years():
    return comparison(*(wf.allocate(wf.read_basin("syr_darya", scenario)) for scenario in ("normal_year", "dry_year")))


def test_compare_shows_only_what_differs_by_titles(years):
    text = render_comparison(years)
    same = [x for x in years.rows if len({f"{v:.3f}" for v in x.values.values()}) == 1]
    assert same
    assert "Limits and what is taken under them, Mm3: all" in " ".join(text.split())
    assert not any(line.endswith("same") for line in text.splitlines())
    assert "Local use of the valley's rivers" in text, "users by title"
    assert not re.search(r"\b[a-z]+_(kaz|kgz|tjk|uzb)\b", text)
    assert max(map(len, text.splitlines())) <= WIDTH
    everything = render_comparison(years, everything=True)
    assert len(everything.splitlines()) > len(text.splitlines())
    assert any(line.endswith("same") for line in everything.splitlines())
    assert "not shown" not in everything


def test_equal_scenarios_differ_in_nothing():
    one = wf.allocate(every_process().basin(scenario="plain"))
    assert render_comparison(comparison(one, one)) == "Nothing differs between plain, plain (2).\n"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_many_scenarios_stand_in_blocks_within_the_width(years, width):
    names = [f"a_long_name_of_scenario_{k}" for k in range(9)]
    rows = tuple(x.model_copy(update={"values": dict(zip(names, [*x.values.values()] * 5, strict=False))}) for x in years.rows)
    text = render_comparison(years.model_copy(update={"scenarios": tuple(names), "rows": rows}), width)
    assert max(map(len, text.splitlines())) <= max(width, 70)
    assert text.count("Targets, Mm3\n") == text.count("Minimum flows, m3/s\n") > 1


def test_compare_speaks_russian(years):
    with speaking("ru"):
        assert "Задания по подаче, млн м³" in render_comparison(years)
