"""The plan that `allocate --out` writes is one that `evaluate` reads back and finds unbroken."""

import pytest

import waterflow as wf
from tests.rivers import every_process
from waterflow.loading.plan_table import read_plan
from waterflow.loading.spreadsheet import read_cells
from waterflow.negotiation.evaluate import evaluate
from waterflow.report.plan_csv import plan_csv

CASES = [("two_reservoirs", None, "month"), ("bahri_tojik", None, "month"), ("syr_darya", None, "month"), ("syr_darya", "stress", "dekad")]


def judged(basin, tmp_path):
    best = wf.allocate(basin)
    path = tmp_path / "plan.csv"
    path.write_text(plan_csv(best.basin, best.dataset), encoding="utf-8")
    return best, evaluate(basin, read_plan(read_cells(path), "plan.csv", basin), optimum=best)


@pytest.mark.parametrize(("model", "scenario", "step"), CASES)
def test_a_plan_written_is_read_back_unbroken(model, scenario, step, tmp_path):
    best, found = judged(wf.read_basin(model, scenario, step=step), tmp_path)
    assert found.broken == ()
    assert found.repair is None
    assert float(abs(found.allocation.dataset["delivery"] - best.dataset["delivery"]).max()) < 1e-3


def test_a_river_with_every_process_too(tmp_path):
    _, found = judged(every_process().basin(), tmp_path)
    assert found.broken == ()
