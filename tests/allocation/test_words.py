"""The public objects as people meet them: short in a terminal, a table in a notebook, whole out of another process."""

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from html.parser import HTMLParser

import pytest

import waterflow as wf


@pytest.fixture(scope="module")
def basin():
    return wf.read_basin("two_reservoirs")


@pytest.fixture(scope="module")
def allocation(basin):
    return wf.allocate(basin)


def test_what_they_print_is_one_short_line(basin, allocation):
    assert repr(basin) == str(basin) == "<Basin two_reservoirs example: 4 months, 4 nodes, 3 reaches>"
    assert repr(allocation) == "<Allocation two_reservoirs example: 4 months, optimal>"
    assert repr(wf.Solver(basin)) == "<Solver two_reservoirs example: 4 months>"


class Tags(HTMLParser):
    """Keeps the tags that are open and every attribute."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen |= {tag, *(name for name, _ in attrs)}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_a_notebook_shows_targets_parties_and_storages(allocation):
    page = Tags()
    page.feed(allocation._repr_html_())
    assert not page.open
    assert {"Targets", "Parties", "Storages"} <= set(page.text)
    assert not page.seen & {"script", "link", "img", "src", "href"}


def test_a_notebook_runs_nothing_that_stands_in_a_title(basin):
    named = basin.replaced(title="<script>alert(1)</script>")
    assert "<script>" not in wf.allocate(named)._repr_html_()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"])  # noqa: S301 - our own
def test_copies_are_the_same(basin, allocation, copied):
    assert copied(basin) == basin
    assert copied(basin).structure == basin.structure
    again = copied(allocation)
    assert again.basin == basin
    assert again.dataset.identical(allocation.dataset)
    solver = wf.Solver(basin)
    solver.allocate()
    assert copied(solver).allocate().dataset["delivery"].equals(solver.allocate().dataset["delivery"])


def refused(name):
    return wf.read_basin(name)


def impossible(basin):
    return wf.allocate(basin.changed(ruled_storage=dict.fromkeys(basin.storage_rules, 1e6)))


def test_plans_and_refusals_come_out_of_another_process(basin, allocation):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(wf.allocate, basin).result().dataset["delivery"].equals(allocation.dataset["delivery"])
        with pytest.raises(wf.InputError) as wrong:
            pool.submit(refused, "two_reservoir").result()
        assert [p.code for p in wrong.value.problems] == ["unknown-model"]
        with pytest.raises(wf.ConflictError) as clash:
            pool.submit(impossible, basin).result()
    with pytest.raises(wf.ConflictError) as here:
        impossible(basin)
    assert str(clash.value) == str(here.value)
    assert clash.value.clashing == here.value.clashing


WRONG = {
    "level": (lambda b: b.at_level("hi"), "unknown-level", "high"),
    "given": (lambda b: b.changed(runof={("mountain", "2025-01"): 1.0}), "unknown-given", "runoff"),
    "owner": (lambda b: b.changed(runoff={("montain", "2025-01"): 1.0}), "unknown-given", "mountain"),
    "period": (lambda b: b.changed(runoff={("mountain", "2025-1"): 1.0}), "unknown-given", "2025-01"),
    "no index": (lambda b: b.changed(runoff=5), "unknown-given", "runoff={('mountain', '2025-01'): 5.0}"),
    "a word for a figure": (lambda b: b.changed(runoff={("mountain", "2025-01"): "much"}), "not-finite", "finite number"),
    "a number for a name": (lambda b: b.changed(need={5: 1.0}), "unknown-given", "a name and a period"),
    "field": (lambda b: b.replaced(runof={}), "unknown-given", "Did you mean runoff?"),
    "allocate a name": (lambda _: wf.allocate("syr_darya"), "wrong-kind", "wf.allocate(wf.read_basin('syr_darya'))"),
    "allocate nothing": (lambda _: wf.allocate(None), "wrong-kind", "a Basin"),
    "solver of a name": (lambda _: wf.Solver("syr_darya"), "wrong-kind", "wf.Solver(wf.read_basin('syr_darya'))"),
    "price of a wrong word": (lambda b: wf.Solver(b).marginal("runof", ("mountain", "2025-01")), "unknown-given", "runoff"),
    "compare paths": (lambda _: wf.compare("a.nc"), "wrong-kind", "wf.compare(wf.open_allocation('a.nc'))"),
    "compare basins": (lambda b: wf.compare(b), "wrong-kind", "allocations"),
    "step": (lambda _: wf.read_basin("two_reservoirs", step="week"), "step-not-offered", "dekad"),
    "model": (lambda _: wf.read_basin("syr_daria"), "unknown-model", "Did you mean syr_darya?"),
    "a folder": (lambda _: wf.open_allocation("."), "no-such-file", "a folder"),
    "a basin to open": (lambda b: wf.open_allocation(b), "wrong-kind", "the path of a file"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_word_is_refused_with_the_right_one(basin, case):
    call, code, meant = WRONG[case]
    with pytest.raises(wf.InputError) as found:
        call(basin)
    assert [p.code for p in found.value.problems] == [code]
    assert meant in str(found.value)
