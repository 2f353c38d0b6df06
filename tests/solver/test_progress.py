"""Progress of a plan: heard stage by stage, never backwards, to the end; silent without a listener."""

import pytest

import waterflow as wf
from waterflow.progress import done, each, heard_by, part


def heard(work):
    shares = []
    with heard_by(shares.append):
        work()
    return shares


def test_a_part_of_a_whole_is_heard_as_that_part():
    def work():
        with part(0.0, 0.5):
            list(each(range(2)))
        with part(0.5, 1.0):
            done(0.5)

    assert heard(work) == pytest.approx([0.25, 0.5, 0.5, 0.75, 1.0])


def test_a_part_that_nobody_hears_is_silent():
    with part(0.0, 0.5):
        done(1.0)


@pytest.mark.parametrize("scenario", [None, "head"])
def test_a_plan_tells_its_stages_in_order(scenario):
    basin = wf.read_basin("syr_darya", scenario)
    shares = heard(lambda: wf.allocate(basin))
    assert len(shares) > len(basin.objective.priorities)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1
