"""From nothing to a certified plan by dekad: a forecast of three headwaters and nothing else, however the file was saved."""

import csv
import shutil

import pytest

import waterflow as wf
from tests.season.files import as_book, fill, new, sheets
from waterflow import cli
from waterflow.loading.season_file import read_season_file
from waterflow.loading.season_sheet import figures_of
from waterflow.season.filled import filled
from waterflow.season.forms import forms_of, grades_said
from waterflow.season.kit import season_kit
from waterflow.season.runoff import fine_calendar

#: per cent of the norm over the season
FORECAST = {"toktogul": 82.5, "andijan": 90, "charvak": 77.4}
TYPED = {"Токтогульское водохранилище": "82,5", "Андижанское водохранилище": "90,0", "Чарвакское водохранилище": "77,4"}
MONTHS = ["октябрь", "нояб.", "дек", "I", "февраля", "март", "апр", "мая", "июнь", "VII", "августа", "сентябрь"]


KIT = season_kit("syr_darya", "2026-27")


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What the first command writes."""
    folder = tmp_path_factory.mktemp("season")
    return new(folder, "syr_darya", "2026-27")


@pytest.fixture(autouse=True)
def one_kit(monkeypatch):
    """The kit of the season, made once: it takes seconds."""
    monkeypatch.setattr("waterflow.season.kit.season_kit", lambda *_: KIT)


def in_numbers(started, folder):
    """The workbook with three yellow cells filled in, saved by a spreadsheet."""
    found = sheets(started)
    head = found["forecast"][0]
    for row in found["forecast"][1:]:
        if row[2] == "mean" and row[0] in FORECAST:
            row += [""] * (len(head) - len(row))
            row[head.index("Oct 2026-Sep 2027")] = FORECAST[row[0]]
    return as_book(folder / "numbers.xlsx", found)


def in_russian_text(folder):
    """A table of one's own: Russian titles, months in every spelling, a decimal comma in every cell, all of it text."""
    rows = [["Прогноз притока к водохранилищам"], ["Название", "Ед. изм.", *MONTHS]]
    rows += [[title, "% нормы", *([value] * 12)] for title, value in TYPED.items()]
    head = [["модель", "syr_darya"], ["сезон", "2026-27"]]
    return as_book(folder / "по-русски.xlsx", {"Сезон": head, "Прогноз": rows})


def in_sheets(started, folder):
    """The sheets as CSV, saved with semicolons and commas in the encoding of Windows."""
    shutil.copytree(started.with_suffix(""), folder / "sheets")
    path = folder / "sheets" / "forecast.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[1:]:
        if row[2] == "mean" and row[0] in FORECAST:
            row[rows[0].index("Oct 2026-Sep 2027")] = str(FORECAST[row[0]]).replace(".", ",")
            row[rows[0].index("note")] = "прогноз на год"
        row[:] = [cell.replace(".", ",") if cell.replace(".", "", 1).isdigit() else cell for cell in row]
    with path.open("w", encoding="cp1251", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return folder / "sheets"


def understood(path):
    file = read_season_file(path)
    cells = {name: (file.titles[name], rows) for name, rows in file.sheets.items()}
    figures, problems = figures_of(cells, forms_of(KIT), fine_calendar(KIT), grades_said())
    assert not problems
    return filled(KIT, figures)


def test_three_headwaters_and_nothing_else_make_a_certified_plan_by_dekad(started, tmp_path, capsys):
    typed = in_russian_text(tmp_path)
    first, *others = (
        understood(path).runoff.values["mean"] for path in (typed, in_numbers(started, tmp_path), in_sheets(started, tmp_path))
    )
    for values in others:
        assert {n: list(v.values()) for n, v in values.items()} == {n: pytest.approx(list(v.values())) for n, v in first.items()}
    for node, share in FORECAST.items():
        assert sum(first[node].values()) == pytest.approx(share / 100 * sum(KIT.norms.values[node]))
    assert cli.main(["season", "read", str(typed), "--out", str(tmp_path / "own")]) == 0
    # seven reservoirs, four parties and two seasons, two halves of the target, one party's power, six other headwaters, the agreements
    assert capsys.readouterr().out.replace("\n  ", " ").count("(assumed)") == 7 + 8 + 2 + 1 + 6 + 1
    plan = wf.allocate(wf.read_basin(tmp_path / "own", step="dekad"))
    assert len(plan.basin.calendar.periods) == 36
    assert str(plan.basin.calendar.start) == "2026-10-01"
    # every stage is proved outside the solver: what its certificate leaves open is rounding
    for part in ("primal", "dual", "gap"):
        assert float(abs(plan.dataset[f"certificate_{part}"]).max()) < 1e-6


def test_estimates_canals_agreements_and_provisional_limits_in_one_file(started, tmp_path, capsys):
    found = sheets(started)
    typed = [("forecast", ("toktogul", e), "Oct 2026-Sep 2027", v) for e, v in (("low", 70), ("mean", 80), ("high", 95))]
    typed += [("limits", ("dostyk_kaz",), "Apr 2027-Sep 2027", 700), ("clauses", ("swap_2025",), "in force", "yes")]
    for sheet, key, column, value in typed:
        fill(found[sheet], key, column, value)
    folder = tmp_path / "all"
    assert cli.main(["season", "read", str(as_book(tmp_path / "all.xlsx", found)), "--provisional", "--out", str(folder)]) == 0
    said = capsys.readouterr().out
    basins = [wf.read_basin(folder, scenario=s) for s in ("low", None, "high")]
    totals = [sum(b.runoff["toktogul"]) for b in basins]
    assert [t / totals[1] for t in totals] == pytest.approx([70 / 80, 1, 95 / 80])
    basin = basins[1]
    assert {"power_for_storage", "dostyk_kaz_2027_04", "first_month_UZB"} <= set(basin.clauses)
    needs = [d.need for d in basin.demands.values() if d.party == "UZB" and d.limited]
    month, whole = sum(n[0] for n in needs), sum(sum(n[:6]) for n in needs)
    assert basin.clauses["first_month_UZB"].figures[0].amount_Mm3 == pytest.approx(0.9 * 3347 * month / whole, abs=0.01)
    assert "790" in said
