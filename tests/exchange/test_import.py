"""Observations of others: months with the days found, gaps told, never filled, nothing written over. All figures are invented."""

import csv
import datetime as dt

import pytest
import xlsxwriter

from waterflow import cli
from waterflow.loading.observed import OBSERVED
from waterflow.loading.tables import read_table

HEAD = """# Title:                 GRDC STATION DATA FILE
# missing values are indicated by -999.000
# River:                 INVENTED RIVER
# Station:               BRIDGE
# Catchment area (km\xb2):      100.0
# DATA
YYYY-MM-DD;hh:mm; Value
"""


def station(path, absent=()):
    """10 m3/s from 1 January to 14 April 2001."""
    days = [dt.date(2001, 1, 1) + dt.timedelta(days=k) for k in range(104)]
    lines = [f"{d};--:--; {-999 if d in absent else 10:.3f}" for d in days]
    path.write_bytes((HEAD + "\n".join(lines) + "\n").encode("latin-1"))
    return path


def run(*arguments, code=0):
    assert cli.main(["import", *map(str, arguments), "--source", "x", "--grade", "observed"]) == code


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_station_file_by_months(tmp_path, capsys):
    """10 m3/s over 31 days are 26.784 Mm3. February lacks a day and April the second half: neither is a month."""
    run(station(tmp_path / "s.txt", {dt.date(2001, 2, 10)}), tmp_path / "out")
    said = capsys.readouterr()
    assert "2001-02 (27 of 28 days), 2001-04 (14 of 30 days)" in said.out.replace("\n", " ")
    assert "guessed: the column Value is flow of bridge in m3/s" in said.err
    found = rows(tmp_path / "out" / "monthly_flows.csv")
    assert [(r["period"], r["site"], float(r["value_Mm3"])) for r in found] == [
        ("2001-01", "bridge", 26.784),
        ("2001-03", "bridge", 26.784),
    ]
    assert all((r["source"], r["grade"]) == ("x", "observed") and "31 of 31 days" in r["note"] for r in found)
    assert "INVENTED RIVER" in (tmp_path / "out" / "sources.yaml").read_text(encoding="utf-8")
    _, problems = read_table(tmp_path / "out" / "monthly_flows.csv", "f", OBSERVED["monthly_flows"], {"x"})
    assert not problems, "our own reader takes it"


def test_nothing_is_written_over_and_known_months_are_told(tmp_path, capsys):
    path = station(tmp_path / "s.txt")
    run(path, tmp_path / "out")
    before = (tmp_path / "out" / "monthly_flows.csv").read_bytes()
    run(path, tmp_path / "out", code=3)
    assert "[already-there]" in capsys.readouterr().err
    run(path, tmp_path / "new", "--observed", tmp_path / "out")
    assert "3 months are there already and are not written again" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "out" / "monthly_flows.csv").read_bytes() == before


def test_a_workbook_with_a_title_and_columns_told(tmp_path, capsys):
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, ["Operational sheet"])
        page.write_row(1, 0, ["Месяц", "Приток", "Plain storage, km3", "Remark"])
        for k, (month, flow, stored) in enumerate([("2024-10", 100, 1.5), ("2024-12", 50, 1.25), ("2024-12", 50, 1.25)], start=2):
            page.write_row(k, 0, [month, flow, stored, "ok"])
    run(path, tmp_path / "out", "--column", "Приток=mountain.inflow", "--unit", "m3/s")
    said = capsys.readouterr()
    assert "2024-11" in said.out
    assert "stands twice" in said.out
    assert "Operational sheet" in said.err
    assert "Remark" in said.err
    assert [float(r["value_Mm3"]) for r in rows(tmp_path / "out" / "monthly_flows.csv")] == pytest.approx([267.84, 133.92])
    assert [float(r["storage_Mm3"]) for r in rows(tmp_path / "out" / "monthly_storages.csv")] == [1500, 1250]


def test_dekads_stay_dekads(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,up_inflow_m3s\n2025-01-01,1\n2025-01-11,1\n2025-01-21,1\n", encoding="utf-8")
    run(path, tmp_path / "out")
    found = rows(tmp_path / "out" / "monthly_flows.csv")
    assert [r["period"] for r in found] == ["2025-01-d1", "2025-01-d2", "2025-01-d3"]
    assert [float(r["value_Mm3"]) for r in found] == pytest.approx([0.864, 0.864, 0.9504])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Date,up_inflow_m3s\n2025-01-01,1\n2025-01-01,2\n", "twice"),
        ("Date,up_inflow_m3s\n2025-01-01,1\n2025-01-02,-4\n", "not-a-number"),
        ("Date,up_inflow_m3s\n2025-01-01,1\n2025-01-02,much\n", "not-a-number"),
        ("Date,up_inflow_m3s\n2025-01-01,1\nsometime,2\n", "bad-period"),
        ("Date,up_inflow\n2025-01-01,1\n", "unknown-unit"),
        ("Date,level\n2025-01-01,1\n", "unknown-column"),
        ("Date,up_storage_Mm3\n2025-01-01,1\n2025-02-01,1\n", "bad-period"),
        ("a,b\n1,2\n", "not-a-table"),
        ("", "not-a-table"),
        ("# Station: A\n2025-01-01;--:--;1\n2025-01-02\n", "not-a-table"),
    ],
)
def test_what_is_wrong_is_refused(text, code, tmp_path, capsys):
    path = tmp_path / "s.csv"
    path.write_text(text, encoding="utf-8")
    run(path, tmp_path / "out", code=3)
    assert f"[{code}]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_column_that_is_none_and_a_meaning_that_is_none(tmp_path, capsys):
    path = tmp_path / "s.csv"
    path.write_text("Date,up_inflow_m3s\n2025-01,1\n", encoding="utf-8")
    run(path, tmp_path / "out", "--column", "up_inflow=up.inflow", "--column", "Date=when", code=3)
    said = capsys.readouterr().err
    assert "[unknown-column]" in said
    assert "[bad-meaning]" in said
