"""Grades beside the figures: in the Dataset, the table and the CSV."""

import csv
import io

import pytest

import waterflow as wf
from waterflow.accounts.plan_facts import plan_facts
from waterflow.report.csvs import write_csv


@pytest.fixture(scope="module")
def allocation():
    return wf.allocate(wf.read_basin("syr_darya"))


def test_every_given_tells_the_grades_of_its_rows(allocation):
    dataset, grades = allocation.dataset, allocation.basin.grades
    assert dataset["need"].attrs["grades"] == "needs: assumed 84, derived 312"
    assert dataset["runoff"].attrs["grades"] == "runoff: assumed 108"
    assert dataset["claimed_water"].attrs["grades"].startswith("limits: press 8; needs: ")
    # a table of which the model picks nothing has no rows to tell of
    given = [name for name in dataset.data_vars if dataset[name].attrs.get("given") and dataset[name].size]
    assert given
    assert all(dataset[name].attrs["grades"] for name in given)
    assert "ranges" not in grades


def test_the_table_says_it_where_the_figures_stand(allocation):
    text = allocation.summary(full=True)
    assert "Rows behind this that are assumed or unverified: runoff 108 of 108, needs 84 of 396." in text
    assert "Rows behind this that are assumed or unverified: floors 16 of 16." in text
    assert text.count("Rows behind this") == 6


def test_the_csv_counts_grades_by_table(allocation):
    rows = list(csv.DictReader(io.StringIO(write_csv(plan_facts(allocation.basin, allocation.dataset)))))
    counted = {(r["place"], r["quantity"]): r["value"] for r in rows if r["section"] == "inputs"}
    assert counted["needs", "rows_assumed"] == "84"


def test_a_river_made_in_python_has_no_grades():
    from tests.rivers import River

    river = River(2).node("a", runoff=5).node("b", "outlet").reach("r", "a", "b").demand("d", "a", "A", 3)
    summary = wf.allocate(river.basin()).summary(full=True)
    assert "Rows behind this" not in summary
