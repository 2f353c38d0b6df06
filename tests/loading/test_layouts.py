"""Sheets as people have them: titles above the header, headers of two lines, several sheets; and what is no plan, told in one message."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from waterflow.loading.plan_sheet import read_cells
from waterflow.loading.plan_table import read_plan
from waterflow.report.sheets import workbook

TEACHING = wf.read_basin("two_reservoirs")
LABELS = TEACHING.calendar.labels
PLAIN = [["period", "mountain_release_m3s", "plain_release_m3s"], *([label, 50.0, 40.0] for label in LABELS)]
TITLED = [["Plan of releases, January to April 2025"], ["approved", "2024-12-20"], [], *PLAIN]
TWO_LINES = [["period", "Mountain dam", "Plain dam"], ["", "release, m3/s", "release, m3/s"], *PLAIN[1:]]
MERGED = [["", "release, m3/s", ""], ["month", "Mountain dam", "Plain dam"], *PLAIN[1:]]
RUSSIAN = [["План попусков"], ["месяц", "Горная плотина попуск, м3/с", "Равнинная плотина попуск, м³/с"], *PLAIN[1:]]
DAILY = [["date", "mountain_release_m3s"], *([f"2025-01-{day:02d}", 50] for day in range(1, 32))]
GRDC = "# Title: GRDC STATION DATA FILE\n# Station: KAZALINSK\n# unit: m3/s\nYYYY-MM-DD;hh:mm; Original\n2025-01-01;--:--;  50.0\n"


def texted(rows, sign=","):
    return "\n".join(sign.join(str(cell) for cell in row) for row in rows) + "\n"


def saved(tmp_path, rows, form):
    path = tmp_path / f"plan.{form}"
    if form == "xlsx":
        width = max(map(len, rows))
        path.write_bytes(workbook({"plan": [[*row, *[""] * (width - len(row))] for row in rows]}))
    else:
        path.write_text(texted(rows, {"csv": ",", "txt": "\t"}[form]) if form != "csv" else texted(rows, ";"), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "txt", "xlsx"])
@pytest.mark.parametrize("rows", [PLAIN, TITLED, TWO_LINES, MERGED, RUSSIAN], ids=["plain", "titled", "two lines", "merged", "russian"])
def test_a_layout_says_what_the_plain_table_says(rows, form, tmp_path):
    found = read_plan(read_cells(saved(tmp_path, rows, form)), "plan", TEACHING)
    assert found.releases["upper"] == pytest.approx([50 / p.rate for p in TEACHING.calendar.periods])
    assert found.releases["middle"] == pytest.approx([40 / p.rate for p in TEACHING.calendar.periods])


def test_rows_are_counted_as_the_sheet_counts_them(tmp_path):
    rows = [*TITLED[:-1], [LABELS[-1], "many", 40.0]]
    with pytest.raises(wf.InputError, match=r"plan.xlsx, row 8, mountain_release_m3s"):
        read_plan(read_cells(saved(tmp_path, rows, "xlsx")), "plan.xlsx", TEACHING)


def test_the_plan_is_found_on_its_sheet_and_two_are_asked_about(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook({"read me": [["about"], ["this and that"]], "plan": PLAIN}))
    assert read_plan(read_cells(path), "plan.xlsx", TEACHING).releases["upper"]
    path.write_bytes(workbook({"old": PLAIN, "new": PLAIN}))
    with pytest.raises(wf.InputError, match="several sheets that may be meant: old, new"):
        read_cells(path)


@pytest.mark.parametrize("form", ["csv", "txt", "xlsx"])
def test_figures_by_day_are_told_in_one_message(form, tmp_path):
    with pytest.raises(wf.InputError, match="figures by day, 2025-01-01 to 2025-01-31") as refused:
        read_cells(saved(tmp_path, DAILY, form))
    assert len(refused.value.problems) == 1


def test_a_station_file_is_told_in_one_message_as_a_plan_and_as_a_table(tmp_path):
    (tmp_path / "plan.csv").write_text(GRDC, encoding="utf-8")
    with pytest.raises(wf.InputError, match="lines that begin with #") as refused:
        read_cells(tmp_path / "plan.csv")
    assert len(refused.value.problems) == 1
    copy = Copy(tmp_path)
    copy.path("runoff").write_text(GRDC, encoding="utf-8")
    assert "lines that begin with #" in copy.problem().found


def test_a_table_below_a_title_says_where_its_header_is(tmp_path):
    copy = Copy(tmp_path)
    copy.path("runoff").write_text("Runoff of 2025\n\n" + copy.path("runoff").read_text(encoding="utf-8"), encoding="utf-8")
    problem = copy.problem()
    assert (problem.code, problem.found) == ("not-a-table", "a header in line 3")


@pytest.mark.parametrize("name", ["runoff.xlsx", "runoff.CSV", "needs.txt"])
def test_a_file_that_would_be_passed_over_is_told(name, tmp_path):
    copy = Copy(tmp_path)
    (copy.folder / "tables" / name).write_text("x", encoding="utf-8")
    problem = copy.problem()
    assert problem.code == "unknown-table"
    assert problem.found == name
