"""Hundreds of changes of givens on the shipped river: a plan found from a reference is the plan found from scratch.

Cold solves hide what is wrong with a kernel of travel times; hot ones tell (decision 0046).
"""

import numpy as np
import pytest

import waterflow as wf
from tests.solver.test_solver import SAME, apart, both, some_changes
from waterflow.allocation.resolve import Solver
from waterflow.solver.certificate import CERTIFIED

CASES = [(scenario, step) for scenario in ("stress", "stress_energy_first", "dry_year", "wet_year") for step in ("month", "dekad")]
CHANGES = 60


def worst(allocation):
    """The largest residual of any stage of a plan."""
    return max(float(allocation.dataset[f"certificate_{part}"].max()) for part in ("primal", "dual", "gap"))


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "step"), CASES)
def test_hot_and_cold_give_one_plan_on_hundreds_of_changes(scenario, step):
    solver = Solver(wf.read_basin("syr_darya", scenario=scenario, step=step))
    rng, found = np.random.default_rng(CASES.index((scenario, step))), 0
    for change in range(CHANGES):
        plans = both(solver, solver.basin.changed(**some_changes(solver.basin, rng, int(rng.integers(1, 5)))))
        if plans:
            found += 1
            assert apart(*plans) <= SAME, f"change {change}"
            assert max(map(worst, plans)) <= CERTIFIED
    assert found > CHANGES / 2
