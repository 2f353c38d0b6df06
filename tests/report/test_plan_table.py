"""The plan that `allocate --out` writes is one that `evaluate` reads back and finds unbroken."""

import pytest

import waterflow as wf
from tests.rivers import every_process
from waterflow import cli
from waterflow.loading.plan_sheet import read_cells
from waterflow.loading.plan_table import read_plan
from waterflow.negotiation.evaluate import evaluate
from waterflow.report.plan_table import plan_csv, plan_xlsx
from waterflow.report.sheets import workbook
from waterflow.words.catalogue import languages, speaking

CASES = [
    ("two_reservoirs", None, "month"),
    ("bahri_tojik", None, "month"),
    ("syr_darya", None, "month"),
    pytest.param("syr_darya", "stress", "dekad", marks=pytest.mark.long),
]


def read_back(path, basin, best):
    return evaluate(basin, read_plan(read_cells(path), path.name, basin), optimum=best)


def judged(basin, tmp_path):
    best = wf.allocate(basin)
    path = tmp_path / "plan.csv"
    path.write_text(plan_csv(best.basin, best.dataset), encoding="utf-8")
    return best, read_back(path, basin, best)


@pytest.mark.parametrize(("model", "scenario", "step"), CASES)
def test_a_plan_written_is_read_back_unbroken(model, scenario, step, tmp_path):
    best, found = judged(wf.read_basin(model, scenario, step=step), tmp_path)
    assert found.broken == ()
    assert found.repair is None
    assert float(abs(found.allocation.dataset["delivery"] - best.dataset["delivery"]).max()) < 1e-3


def test_a_river_with_every_process_too(tmp_path):
    _, found = judged(every_process().basin(), tmp_path)
    assert found.broken == ()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("model", "step"), [("two_reservoirs", "dekad"), ("syr_darya", "month")])
def test_the_workbook_says_the_same_in_every_language(model, step, language, tmp_path):
    basin = wf.read_basin(model, step=step)
    best = wf.allocate(basin)
    text, book = tmp_path / "plan.csv", tmp_path / "plan.xlsx"
    text.write_text(plan_csv(best.basin, best.dataset), encoding="utf-8")
    with speaking(language):
        book.write_bytes(plan_xlsx(best.basin, best.dataset))
    assert read_plan(read_cells(book), "plan", basin) == read_plan(read_cells(text), "plan", basin)
    assert read_back(book, basin, best).broken == ()


def test_a_workbook_made_twice_is_the_same_and_holds_no_formula(tmp_path):
    rows = [["place", "title"], ["a", "=1+1"], ["b", "http://x"]]
    assert workbook({"plan": rows}) == workbook({"plan": rows})
    (tmp_path / "x.xlsx").write_bytes(workbook({"plan": rows}))
    assert read_cells(tmp_path / "x.xlsx") == rows


def test_the_repaired_plan_as_a_workbook_is_that_of_the_table(tmp_path, capsys):
    river = tmp_path / "plan.csv"
    basin = wf.read_basin("two_reservoirs")
    best = wf.allocate(basin)
    lines = plan_csv(best.basin, best.dataset).splitlines()
    lines = [line if not line.startswith("valley_fields,withdrawal,2025-02") else "valley_fields,withdrawal,2025-02,900" for line in lines]
    river.write_text("\n".join(lines), encoding="utf-8")
    for name in ("repaired.csv", "repaired.xlsx"):
        assert cli.main(["evaluate", "two_reservoirs", str(river), "--out", str(tmp_path / name)]) == 0
    plans = [read_plan(read_cells(tmp_path / name), "plan", basin) for name in ("repaired.csv", "repaired.xlsx")]
    assert plans[0] == plans[1]
    assert read_back(tmp_path / "repaired.xlsx", basin, best).broken == ()
    assert cli.main(["evaluate", "two_reservoirs", str(river), "--out", str(tmp_path / "repaired.ods")]) == 3
    assert "[bad-sheet]" in capsys.readouterr().err
