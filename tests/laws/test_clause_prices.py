"""One-sided prices of clauses against re-solves from the matching side, on random small rivers."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.clauses import terms, with_clause
from tests.laws.rivers import facts


def moved(solver, row, here, side, size):
    """Change of every stage by a re-solve, per unit of more; None where nobody can obey."""
    sign = 1 if side == "right" else -1
    figure = solver.basin.clause_rows[row].figure + sign * size
    try:
        there = solver.allocate(solver.basin.changed(clause_figure={row: figure})).dataset["stage_value"]
    except wf.ConflictError:
        return None
    return (there.reindex(stage=here["stage"].values) - here).values / (sign * size)


@settings(max_examples=30)
@given(facts(), terms(), st.integers(0, 1000), st.sampled_from(["left", "right"]), st.sampled_from([None, 0.03]))
def test_the_price_of_a_clause_is_what_a_re_solve_from_the_same_side_gives(f, c, which, side, price):
    """A step that is small enough agrees; a corner may lie inside a larger one."""
    solver = wf.Solver(with_clause(f, c, concession_price=price).basin())
    try:
        here = solver.allocate().dataset["stage_value"]
    except wf.ConflictError:
        assume(False)
    rows = list(solver.basin.clause_rows)
    row = rows[which % len(rows)]
    found = solver.marginal("clause_figure", row)["stage_value"].sel(side=side).values
    for size in (1e-3, 1e-5):
        steps = moved(solver, row, here, side, size)
        if np.isnan(found).all() and steps is None:
            return
        if steps is not None and np.nanmax(np.abs(steps - found) / np.maximum(0.1, np.abs(found))) <= 1e-5:
            return
    pytest.fail(f"{row}, {side}: {found} is not {steps}")
