"""Refusals of a whole river, each by the code that the reference of errors explains."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import River, one_canal
from waterflow.allocation.files import read_dataset
from waterflow.explain.morris import morris


def reservoir_river(**reservoir):
    river = River().node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("down", "dam", "sea")
    return river.reservoir("dam", 50, 100, **reservoir)


WRONG = {
    "area-line": lambda: reservoir_river(lowest=10, area=(-5, 0.1)),
    "dead-end": lambda: one_canal().node("well", runoff=1).reach("ditch", "spring", "well"),
    "demand-at-outlet": lambda: one_canal().demand("ships", "sea", "A", 1),
    "outlet-continues": lambda: one_canal().node("ocean", "outlet").reach("onward", "sea", "ocean"),
    "return-kernel": lambda: one_canal().demand("paddy", "head", "A", 1, returns=("head", (0.7, 0.6))),
    "unknown-target": lambda: one_canal().target("gauge", "lower", 5).target_worth("gauge", "A", {0.01: 1.0}),
    "stray-node": lambda: one_canal().node("pool"),
    "travel-beyond-history": lambda: one_canal().reach("ditch", "head", "sea", days=366.5),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_river_is_refused(code):
    basin = WRONG[code]().basin()
    if code == "unknown-target":
        basin = basin.replaced(targets={})
    assert code in {problem.code for problem in basin.problems()}


def test_bad_name(tmp_path):
    assert "bad-name" in {p.code for p in Copy(tmp_path).set("nodes", 2, "node", "the mountain").problems()}


def test_missing_opening(tmp_path):
    assert "missing-opening" in {p.code for p in Copy(tmp_path).drop("opening_storage", 3).problems()}


def test_unknown_demand(tmp_path):
    assert "unknown-demand" in {p.code for p in Copy(tmp_path).set("needs", 2, "demand", "valey_fields").problems()}


def test_not_an_allocation(tmp_path):
    path = tmp_path / "plan.nc"
    path.write_text("no plan", encoding="utf-8")
    with pytest.raises(wf.InputError, match="not-an-allocation"):
        read_dataset(path)


def test_too_few_inputs_for_a_screening():
    pytest.importorskip("SALib")
    with pytest.raises(wf.InputError, match="too-few"):
        morris(None, [], 4, seed=1)
