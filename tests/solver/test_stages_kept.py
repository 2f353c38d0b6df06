"""Stages in order: a later one never worsens an earlier one, and the last two leave one plan only."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from tests.formulation.printing import program_of
from tests.rivers import DEMANDS, TARGETS, River, every_process
from waterflow.allocation.programs import values_of_givens
from waterflow.basin.objective import Objective, is_round_of
from waterflow.formulation.objective import stage_plans
from waterflow.solver.certificate import CERTIFIED
from waterflow.solver.priorities import solve_stages, unique_weights


def solved(basin, program=None):
    program = program or program_of(basin)
    return program, solve_stages(program, values_of_givens(basin, program), stage_plans(basin)).stages


@pytest.fixture(scope="module")
def rich():
    basin = every_process().basin()
    return basin, *solved(basin)


def worst_share(program, plan, unknowns):
    return max(unknowns[program.unknowns[c.unknown].position[c.index]] / c.amount for c in plan.claims if c.amount)


def value_at(program, plan, unknowns):
    """A stage's value at some plan, worked out anew."""
    if plan.claims:
        return worst_share(program, plan, unknowns)
    if plan.expression:
        cost, constant = program.costs[plan.expression]
        return (cost @ unknowns + constant) * (-1 if plan.sense == "maximise" else 1)
    return unique_weights(program) @ unknowns


def test_later_stages_never_worsen_earlier_ones(rich):
    basin, program, stages = rich
    last, values = stages[-1].unknowns, {s.name: s.value for s in stages}
    for plan in stage_plans(basin):
        found = value_at(program, plan, last)
        assert found == pytest.approx(values[plan.name], rel=1e-7, abs=1e-7), plan.name


def test_stages_do_disagree(rich):
    """The first plan is not already the last: something was there to be worsened."""
    basin, program, stages = rich
    cost = next(plan for plan in stage_plans(basin) if plan.expression == "net_cost")
    values = {s.name: s.value for s in stages}
    assert value_at(program, cost, stages[0].unknowns) > values["cost"] + 1e-3


def test_every_stage_is_certified(rich):
    assert max(s.certificate.worst for s in rich[2]) <= CERTIFIED


def test_sorted_shares_of_a_priority_are_kept(rich):
    """Not only the largest share: every settled share of the claims stays, to the last plan."""
    basin, program, stages = rich
    for plan in (p for p in stage_plans(basin) if p.claims):
        rounds = [s for s in stages if is_round_of(s.name, plan.name)]
        places = [program.unknowns[c.unknown].position[c.index] for c in plan.claims]
        then, now = (s.unknowns[places] for s in (rounds[-1], stages[-1]))
        assert (now <= then + 1e-6).all(), plan.name


def idle_river(**closing):
    """Two equal ways to a field that needs half of what one carries: any split is as good."""
    river = River(months=4).node("dam", "reservoir", runoff=20).node("head").node("sea", "outlet")
    river.reservoir("dam", 50, 100).reach("east", "dam", "head").reach("west", "dam", "head").reach("out", "head", "sea")
    river.demand("field", "head", "A", 10).target("sea", "out", 20)
    river.priorities(("users", [DEMANDS]), ("sea", [TARGETS]))
    return river.basin(objective=Objective(priorities=river.objective.priorities, **closing))


def shuffled(program, seed):
    """The same program with its columns and rows in another order, and the way back."""
    rng = np.random.default_rng(seed)
    columns, rows = rng.permutation(program.matrix.shape[1]), rng.permutation(program.matrix.shape[0])
    moved = np.empty_like(columns)
    moved[columns] = np.arange(len(columns))
    unknowns = {name: Moved(c, moved) for name, c in program.unknowns.items()}
    return moved, replace(
        program,
        matrix=csc_array(program.matrix[:, columns][rows]),
        given_matrix=csc_array(program.given_matrix[rows]),
        constant=program.constant[rows],
        equal=program.equal[rows],
        lower=program.lower[columns],
        upper=program.upper[columns],
        costs={name: (cost[columns], constant) for name, (cost, constant) in program.costs.items()},
        weights={"unique": unique_weights(program)[columns]},
        unknowns=unknowns,
    )


class Moved:
    """A component whose entries stand elsewhere."""

    def __init__(self, component, moved):
        self.index = component.index
        self.position = {index: int(moved[place]) for index, place in component.position.items()}


def plans(basin, count=6):
    """The plan of the same river solved in several orders of rows and columns."""
    program, stages = solved(basin)
    known = values_of_givens(basin, program)
    found = [stages[-1].unknowns]
    for seed in range(count):
        moved, other = shuffled(program, seed)
        found.append(solve_stages(other, known, stage_plans(basin)).stages[-1].unknowns[moved])
    return np.array(found)


def test_without_the_closing_stages_the_plan_depends_on_the_order_of_the_arrays():
    found = plans(idle_river(smoothest=False, unique=False))
    assert np.ptp(found, axis=0).max() > 1


def test_with_them_the_plan_is_one():
    found = plans(idle_river())
    assert np.ptp(found, axis=0).max() <= 1e-6


def test_the_river_that_uses_every_process_has_one_plan():
    found = plans(every_process().basin(), count=2)
    assert np.ptp(found, axis=0).max() <= 1e-5


def test_solved_twice_it_is_the_same_to_the_bit():
    basin = idle_river()
    assert np.array_equal(solved(basin)[1][-1].unknowns, solved(basin)[1][-1].unknowns)


def test_a_small_price_stays_on_the_face():
    """A face is cut by prices above 1e-7 of the largest; one of 1e-5 beside 1 is far above and must be kept.

    Two users, worth 1 and 0.00001 a unit, and water for both: neither may be given up by a later stage.
    """
    river = River(months=1).node("spring", runoff=20).node("sea", "outlet").reach("out", "spring", "sea")
    river.demand("dear", "spring", "A", 5, value=1.0).demand("cheap", "spring", "B", 5, value=1e-5)
    program, stages = solved(river.basin(objective=Objective()))
    delivery = stages[-1].unknowns[program.unknowns["delivery"].slice]
    assert delivery == pytest.approx([5, 5], abs=1e-6)
