"""Reduction: the same optimum with less, for every side of the rows."""

import numpy as np
import pytest
from scipy.optimize import linprog

import waterflow as wf
from tests.benchmarks.rivers import generated
from tests.rivers import every_process
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.reduction import reduction_of


def optimum(p, cost):
    """The least cost over a polyhedron by another way than ours, and a point where it is reached."""
    matrix, equal = p.matrix.toarray(), p.row_lower == p.row_upper
    above, below = np.isfinite(p.row_lower) & ~equal, np.isfinite(p.row_upper) & ~equal
    found = linprog(
        cost,
        A_ub=np.vstack([-matrix[above], matrix[below]]),
        b_ub=np.concatenate([-p.row_lower[above], p.row_upper[below]]),
        A_eq=matrix[equal],
        b_eq=p.row_lower[equal],
        bounds=list(zip(p.lower, p.upper, strict=True)),
    )
    assert found.status == 0, found.message
    return found.fun, found.x


def rivers():
    yield "every process, month", every_process("month").basin()
    yield "every process, dekad", every_process("dekad").basin()
    yield "generated", generated(20, 4, "month", staged=True)
    yield "syr_darya", wf.read_basin("syr_darya")


@pytest.mark.parametrize("basin", [pytest.param(b, id=name) for name, b in rivers()])
def test_the_optimum_of_the_cost_is_the_same_whatever_the_givens(basin):
    program = program_of(basin)
    cost, _ = program.costs["net_cost"]
    kept = np.array([program.unknowns["storage"].first], dtype=np.intp)
    reduced = reduction_of(program, cost, kept)
    assert len(reduced.rows) < 0.7 * len(program.equal)
    assert kept[0] in reduced.columns
    rng = np.random.default_rng(3)
    for share in (1.0, 0.97, 1.02):
        known = values_of_givens(basin, program)
        place = program.givens["runoff"].slice
        known[place] *= share * rng.uniform(0.99, 1.01, place.stop - place.start)
        whole, _ = optimum(Polyhedron.of(program, known), cost)
        part, x = optimum(reduced.polyhedron(program.right_hand_side(known)), cost[reduced.columns])
        assert part == pytest.approx(whole, rel=1e-8, abs=1e-7)
        assert cost[reduced.columns] @ x == pytest.approx(whole, rel=1e-8, abs=1e-7)


def test_what_has_a_cost_or_is_kept_stays():
    basin = every_process("month").basin()
    program = program_of(basin)
    cost, _ = program.costs["net_cost"]
    everything = np.arange(len(cost), dtype=np.intp)
    reduced = reduction_of(program, cost, everything)
    assert np.array_equal(reduced.columns, everything)
    priced = np.flatnonzero(cost)
    assert set(priced) <= set(reduction_of(program, cost, everything[:0]).columns)
