"""Laws of clauses on random small rivers: a hard one never helps, a dear soft one is a hard one."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.clauses import terms, with_clause
from tests.laws.rivers import facts, river_of
from waterflow.basin.objective import CLOSING, Objective
from waterflow.formulation.objective import stage_plans

#: what counts as moved: shares and values are found to about 1e-11, and a first priority may move faintly
CLOSE = 1e-9
DEAR = 50.0


def allocated(basin):
    """The allocation; a river nobody can run is left out of the law."""
    try:
        return wf.allocate(basin)
    except wf.ConflictError:
        assume(False)
        raise


def at(allocation, array, index):
    """The value at an index of the program, whose periods are labels."""
    position = allocation.basin.calendar.position
    named = zip(array.dims, index, strict=True)
    places = {dim: position[name] if dim == "period" else list(array[dim].values).index(name) for dim, name in named}
    return float(array.isel(places))


def standing(allocation, plans):
    """For each priority in order, what it makes least: the shares of its claims, the worst first, or its value."""
    dataset = allocation.dataset
    for plan in (p for p in plans if p.name not in CLOSING):
        if plan.claims:
            claims = [(dataset[c.unknown], c) for c in plan.claims if c.amount]
            shares = (at(allocation, x, c.index) / c.amount for x, c in claims)
            yield from sorted(shares, reverse=True)
        else:
            yield float(dataset["stage_value"].sel(stage=plan.name)) * (-1 if plan.sense == "maximise" else 1)


#: the clause asks for a hair more water than the free plan sends: the sea's shortage moves by 6e-7 of its target, the cost by -1e-4
FAINT = {
    "months": 4,
    "start": "2024-01-01",
    "full": 102.686,
    "lowest": 44.471,
    "opening": 112.95460000000001,
    "depth": 0.096,
    "dam_runoff": [119.0, 77.259, 0.79, 114.672],
    "town_runoff": [28.028, 27.543, 0.03, 0.0],
    "seepage": 0.18,
    "days": 12,
    "before": 0.0,
    "town_need": [6.948, 58.536, 0.0, 38.442],
    "delta_need": [78.577, 0.0, 8.194, 2.551],
    "town_water": 0.333,
    "back": (0.2,),
    "limit": None,
    "floor": 0.0,
    "target": 240.411,
    "power": 0.0,
    "rate": 0.07,
}
FAINT_CLAUSE = {"kind": "delivery", "share": 0.42810546875, "first": 2, "last": 2, "carry": 1}


@settings(max_examples=30)
@example(FAINT, FAINT_CLAUSE)
@given(facts(), terms())
def test_a_hard_clause_never_improves_the_plan(f, c):
    """In the order of priorities, the first thing that differs is worse."""
    free, bound = allocated(river_of(f).basin()), allocated(with_clause(f, c).basin())
    plans = stage_plans(free.basin)
    before, after = (np.array(list(standing(a, plans))) for a in (free, bound))
    moved = np.flatnonzero(np.abs(after - before) > CLOSE * np.maximum(1.0, np.abs(before)))
    assert not len(moved) or after[moved[0]] > before[moved[0]]


@settings(max_examples=80)
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
