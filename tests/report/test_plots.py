"""Pictures of a plan: the balance closes, the page asks for nothing, in both languages."""

import re

import numpy as np
import pytest

import waterflow as wf
from waterflow.loading.model import read_model
from waterflow.words.catalogue import speaking

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def plan():
    return wf.allocate(read_model("two_reservoirs").basin())


@pytest.mark.parametrize("by_party", [False, True])
def test_what_comes_is_what_goes(by_party):
    plan = wf.allocate(read_model("syr_darya", "dry_year").basin())
    came, went = plan.plot._sums(by_party=by_party)
    assert np.allclose(sum(came.values()), sum(went.values()))
    taken = sum(float(plan.dataset["delivery"].sel(demand=d.name).values.sum()) for d in plan.basin.demands.values() if d.party == "UZB")
    if by_party:
        assert went["UZB"].sum() == pytest.approx(taken)
        before, after = plan.plot._horizon()
        assert sum(before.values()) == pytest.approx(sum(after.values()))
        assert after["UZB"] == pytest.approx(taken)
        opened = sum(r.opening_storage for name, r in plan.basin.reservoirs.items() if name != "north_aral")
        assert before["stored before"] == pytest.approx(opened)


def test_every_picture_is_a_figure_with_the_plan_in_it(plan):
    stored = plan.plot.reservoirs().axes[0].lines[0].get_ydata()
    name = next(iter(plan.basin.reservoirs))
    assert list(stored[1:]) == pytest.approx(list(plan.dataset["storage"].sel(reservoir=name).values))
    flows = plan.plot.flows(list(plan.basin.reaches)[:2])
    assert len([a for a in flows.axes if a.get_visible()]) == 2
    for figure in (plan.plot.balance(), plan.plot.parties(), plan.plot.sankey()):
        assert figure.axes
    with pytest.raises(KeyError):
        plan.plot.flows(["nile"])


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_needs_nothing_from_elsewhere(plan, lang):
    with speaking(lang):
        page = plan.plot.page()
        assert page == plan.plot.page()
    assert page.count("<svg") == 5
    assert not re.search(r'(src|href)="(?!#)', page)
    assert ("Водный баланс" if lang == "ru" else "Water balance") in page
