"""From nothing to a certified plan by dekad: a forecast of three headwaters and nothing else, however the file was saved."""

import csv
import shutil

import pytest

import waterflow as wf
from tests.season.files import as_book, new, sheets
from waterflow import cli
from waterflow.loading.model import read_tables

#: per cent of the norm over the season
FORECAST = {"toktogul": 82.5, "andijan": 90, "charvak": 77.4}
TYPED = {"Токтогульское водохранилище": "82,5", "Андижанское водохранилище": "90,0", "Чарвакское водохранилище": "77,4"}
MONTHS = ["октябрь", "нояб.", "дек", "I", "февраля", "март", "апр", "мая", "июнь", "VII", "августа", "сентябрь"]


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What the first command writes."""
    folder = tmp_path_factory.mktemp("season")
    return new(folder, "syr_darya", "2026-27")


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


def runoff(folder):
    return {(r.text("node"), int(r.number("month"))): r.number("runoff_Mm3") for r in read_tables(folder / "tables")[0]["runoff"] if r.text("series") == "season_2026_27"}


def test_three_headwaters_and_nothing_else_make_a_certified_plan_by_dekad(started, tmp_path, capsys):
    made = {}
    for path in (in_numbers(started, tmp_path), in_russian_text(tmp_path), in_sheets(started, tmp_path)):
        folder = tmp_path / f"of_{path.name.partition('.')[0]}"
        assert cli.main(["season", "read", str(path), "--out", str(folder)]) == 0, capsys.readouterr().err
        made[path.name] = (capsys.readouterr().out, runoff(folder))
    first, *others = made.values()
    for _, values in others:
        assert values == pytest.approx(first[1])
    # the norms that were written are those of the record: a share of them is the forecast
    norms = {n: sum(v for (node, _), v in first[1].items() if node == n) for n in FORECAST}
    assert norms["toktogul"] == pytest.approx(0.825 * 12799.8, rel=1e-3)
    assert sum(line.count("(assumed)") for line in first[0].splitlines()) == 7 + 8 + 2 + 1 + 6 + 1
    plan = wf.allocate(wf.read_basin(tmp_path / "of_numbers", step="dekad"))
    assert len(plan.basin.calendar.periods) == 36
    assert all(stage.certificate.proved for stage in plan.stages) if hasattr(plan, "stages") else plan.summary()


def test_provisional_limits_are_a_tenth_less_in_the_first_month(started, tmp_path, capsys):
    folder = tmp_path / "first"
    assert cli.main(["season", "read", str(started), "--provisional", "--out", str(folder)]) == 0
    said = capsys.readouterr().out
    basin = wf.read_basin(folder)
    clause = basin.clauses["first_month_UZB"]
    needs = [v for d in basin.demands.values() if d.party == "UZB" and d.limited for v in [d.need]]
    whole = sum(sum(n[:6]) for n in needs)
    month = sum(n[0] for n in needs)
    assert clause.figures[0].amount_Mm3 == pytest.approx(0.9 * 3347 * month / whole, abs=0.01)
    assert "790" in said
    allocation = wf.allocate(basin)
    taken = sum(float(allocation.dataset["delivery"].sel(demand=d)[0]) for d, x in basin.demands.items() if x.party == "UZB" and x.limited)
    assert taken <= clause.figures[0].amount_Mm3 + 1e-6


def test_low_and_high_are_scenarios(started, tmp_path, capsys):
    found = sheets(started)
    head = found["forecast"][0]
    for row in found["forecast"][1:]:
        if row[0] == "toktogul" and row[2] in ("low", "mean", "high"):
            row += [""] * (len(head) - len(row))
            row[head.index("Oct 2026-Sep 2027")] = {"low": 70, "mean": 80, "high": 95}[row[2]]
    path = as_book(tmp_path / "three.xlsx", found)
    assert cli.main(["season", "read", str(path), "--out", str(tmp_path / "three")]) == 0
    totals = [sum(wf.read_basin(tmp_path / "three", scenario=s).runoff["toktogul"]) for s in ("low", None, "high")]
    assert [t / totals[1] for t in totals] == pytest.approx([70 / 80, 1, 95 / 80])
    capsys.readouterr()


def test_a_canal_limit_and_an_agreement_become_clauses(started, tmp_path, capsys):
    found = sheets(started)
    for sheet, name, column, value in (("limits", "dostyk_kaz", "Apr 2027-Sep 2027", 700), ("clauses", "swap_2025", "in force", "yes")):
        head, row = found[sheet][0], next(r for r in found[sheet] if r[0] == name)
        row += [""] * (len(head) - len(row))
        row[head.index(column)] = value
    path = as_book(tmp_path / "c.xlsx", found)
    assert cli.main(["season", "read", str(path), "--out", str(tmp_path / "c")]) == 0
    basin = wf.read_basin(tmp_path / "c")
    assert {"power_for_storage", "dostyk_kaz_2027_04"} <= set(basin.clauses)
    capsys.readouterr()
