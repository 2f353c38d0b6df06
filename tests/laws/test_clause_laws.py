"""Laws of clauses on random small rivers: a hard one never helps, a dear soft one is a hard one."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.clauses import terms, with_clause
from tests.laws.rivers import facts, river_of
from waterflow.basin.objective import CLOSING, Objective
from waterflow.formulation.objective import stage_plans

CLOSE = 1e-6
DEAR = 50.0


def allocated(basin):
    """The allocation; a river nobody can run is left out of the law."""
    try:
        return wf.allocate(basin)
    except wf.ConflictError:
        assume(False)
        raise


def standing(allocation, plans):
    """For each priority in order, what it makes least: the shares of its claims, the worst first, or its value."""
    dataset = allocation.dataset
    for plan in (p for p in plans if p.name not in CLOSING):
        if plan.claims:
            claims = [(dataset[c.unknown], c) for c in plan.claims if c.amount]
            shares = (float(x.sel(dict(zip(x.dims, c.index, strict=True)))) / c.amount for x, c in claims)
            yield from sorted(shares, reverse=True)
        else:
            yield float(dataset["stage_value"].sel(stage=plan.name)) * (-1 if plan.sense == "maximise" else 1)


@settings(max_examples=200)
@given(facts(), terms())
def test_a_hard_clause_never_improves_the_plan(f, c):
    """In the order of priorities, the first thing that differs is worse."""
    free, bound = allocated(river_of(f).basin()), allocated(with_clause(f, c).basin())
    plans = stage_plans(free.basin)
    before, after = (np.array(list(standing(a, plans))) for a in (free, bound))
    moved = np.flatnonzero(np.abs(after - before) > CLOSE * np.maximum(1.0, np.abs(before)))
    assert not len(moved) or after[moved[0]] > before[moved[0]]


@settings(max_examples=200)
@given(facts(), terms(), st.booleans())
def test_a_soft_clause_at_a_high_price_is_the_hard_one(f, c, benefit):
    """Where money is the first stage, so that no earlier priority is worth more than any concession."""

    def money(**more):
        river = with_clause(f, c, **more)
        return river.basin(objective=Objective()) if benefit else river.priorities("cost").basin()

    hard, soft = allocated(money()), wf.allocate(money(concession_price=DEAR))
    last = [n for n, row in soft.basin.clause_rows.items() if not row.carried]
    assert float(soft.dataset["clause_slack"].sel(clause_row=last).sum()) <= 1e-6
    if not c["carry"]:
        assert float(soft.dataset["stage_value"][0]) == pytest.approx(float(hard.dataset["stage_value"][0]), rel=1e-6, abs=1e-6)
