"""One edit of anything a person types: it is read, or refused by name, with the exit code that is promised; no other ending.

Some of every kind in every run, 50,000 in the long one.
"""

import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest
from hypothesis import given, settings

import waterflow as wf
from tests.loading.broken import Copy
from tests.loading.edits import FLIPS, PACT, book_edits, plan_edits, table_edits, yaml_edits
from waterflow import cli
from waterflow.allocation.allocation import open_allocation
from waterflow.loading.plan_sheet import read_cells
from waterflow.loading.plan_table import read_plan
from waterflow.report.plan_table import plan_csv, plan_xlsx
from waterflow.report.sheets import workbook

DRY = "format: 1\ntitle: Dry\nreason: a test\nstep: dekad\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    copy = Copy(tmp_path_factory.mktemp("model"))
    for folder, name, text in (("agreements", "pact", PACT), ("scenarios", "dry", DRY)):
        (copy.folder / folder).mkdir()
        (copy.folder / folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return copy.folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plan")


@pytest.fixture(scope="module")
def best():
    return wf.allocate(wf.read_basin("two_reservoirs"))


@pytest.fixture(scope="module")
def rows(best, folder):
    (folder / "whole.xlsx").write_bytes(plan_xlsx(best.basin, best.dataset))
    return read_cells(folder / "whole.xlsx")


@pytest.fixture(scope="module")
def saved(best):
    return best.to_bytes()


def judged(*arguments):
    """Exit code and what was told; a traceback fails."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main([str(x) for x in arguments])
    assert "Traceback" not in err.getvalue(), err.getvalue()
    return code, err.getvalue()


def table(model, edit):
    """A table of a model: read, or refused with a place and what was found; what is read is planned, or told to clash."""
    name, text = edit
    path = model / "tables" / f"{name}.csv"
    whole = path.read_bytes()
    path.write_bytes(text.encode())
    try:
        code, told = judged("check", model)
        assert code in (0, 3), told
        if code:
            assert re.match(r"\d+ problems? in the inputs\n  .*: found .*; allowed: ", told), told
        elif len(text) % 8 == 0:
            code, told = judged("allocate", model)
            assert code in (0, 3, 4), told
    finally:
        path.write_bytes(whole)


def yaml(model, edit):
    """A YAML file of a model: read, or refused; a key that stands twice is always refused."""
    name, row, at, sign, how = edit
    path = model / name
    whole = path.read_bytes()
    lines = whole.decode().splitlines()
    row %= len(lines)
    at %= len(lines[row]) + 1
    key = re.match(r"\s*[a-z_]+:", lines[row])
    changed = {"sign": [lines[row][:at] + sign + lines[row][at:]], "drop": [], "twice": [lines[row]] * 2}[how]
    path.write_bytes(("\n".join([*lines[:row], *changed, *lines[row + 1 :]]) + "\n").encode())
    chosen = ["--agreement", "pact"] if "pact" in name else ["--scenario", "dry"] if "dry" in name else []
    try:
        code, told = judged("check", model, *chosen)
        assert code in (0, 3), told
        if how == "twice" and key:
            assert code == 3, f"{key[0]} twice: {told}"
            assert path.name in told
        if code:
            assert re.match(r"\d+ problems? in the inputs\n  .*: found ", told), told
    finally:
        path.write_bytes(whole)


def is_read_or_named(path, best):
    """A plan is read, or refused with its file, or with the place whose figures it lacks."""
    try:
        read_plan(read_cells(path), path.name, best.basin)
    except wf.InputError as refused:
        basin = best.basin
        known = (path.name, *basin.reaches, *basin.demands, *basin.nodes)
        assert any(name in str(refused) for name in known), str(refused)  # noqa: PT017 - reading it is as good an ending


def plan(best, folder, edit):
    """A plan as CSV with one cell changed or added to."""
    row, column, typed, whole_cell = edit
    lines = plan_csv(best.basin, best.dataset).splitlines()
    cells = lines[row % len(lines)].split(",")
    cells[column % len(cells)] = typed if whole_cell else cells[column % len(cells)] + typed
    lines[row % len(lines)] = ",".join(cells)
    (folder / "plan.csv").write_bytes(("\n".join(lines) + "\n").encode())
    is_read_or_named(folder / "plan.csv", best)


def book(best, rows, folder, edit):
    """A workbook with cells, then bytes changed."""
    changes, flips = edit
    changed = [list(row) for row in rows]
    for row, column, typed in changes:
        changed[row % len(rows)][column % len(rows[0])] = typed
    content = bytearray(workbook({"plan": changed}))
    for at, byte in flips:
        content[at % len(content)] = byte
    (folder / "plan.xlsx").write_bytes(bytes(content))
    is_read_or_named(folder / "plan.xlsx", best)


def allocation(saved, folder, flips):
    """A saved allocation with bytes changed."""
    content = bytearray(saved)
    for at, byte in flips:
        content[at % len(content)] = byte
    (folder / "allocation.nc").write_bytes(bytes(content))
    try:
        open_allocation(folder / "allocation.nc")
    except wf.InputError as refused:
        assert "allocation.nc" in str(refused)  # noqa: PT017 - opening it is as good an ending


#: kind -> edits in every run, and in the long one
MANY = {"table": (250, 22_000), "yaml": (200, 15_000), "plan": (200, 10_000), "book": (40, 2_500), "allocation": (8, 500)}


def test_they_are_as_many_as_promised():
    assert sum(long for _, long in MANY.values()) == 50_000


def each(kind, check, edits, long):
    settings(max_examples=MANY[kind][long])(given(edits)(check))()


@pytest.mark.parametrize("long", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_table(model, long):
    each("table", lambda edit: table(model, edit), table_edits(), long)


@pytest.mark.parametrize("long", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_yaml_file(model, long):
    each("yaml", lambda edit: yaml(model, edit), yaml_edits(), long)


@pytest.mark.parametrize("long", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_plan(best, folder, long):
    each("plan", lambda edit: plan(best, folder, edit), plan_edits(), long)


@pytest.mark.parametrize("long", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_workbook(best, rows, folder, long):
    each("book", lambda edit: book(best, rows, folder, edit), book_edits(), long)


@pytest.mark.parametrize("long", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_saved_allocation(saved, folder, long):
    each("allocation", lambda flips: allocation(saved, folder, flips), FLIPS, long)
