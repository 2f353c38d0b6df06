"""One-sided prices against re-solves from the matching side, on random rivers, and at corners done by hand."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.rivers import facts, river_of
from tests.rivers import SHARES, River, one_canal
from tests.solver.test_solver import places
from waterflow.allocation.resolve import Solver
from waterflow.basin.changes import named_value

CLOSE = 1e-6


def resolved(solver, name, index, side, size):
    """Change of every stage and of every flow by re-solving, per unit of more; None where nobody can obey."""
    value, sign = named_value(solver.basin, name, index), 1 if side == "right" else -1
    try:
        here, there = solver.allocate().dataset, solver.allocate(solver.basin.changed(**{name: {index: value + sign * size}})).dataset
    except (wf.ConflictError, wf.InputError):
        return None
    there["stage_value"] = there["stage_value"].reindex(stage=here["stage"].values)
    moved = [(there[x] - here[x]).values.ravel() / (sign * size) for x in ("stage_value", "flow", "storage")]
    return np.concatenate(moved)


def limit(solver, name, index, side, size):
    """What steps of a size and of half of it point to: a rate in front of an unknown bends what a step does."""
    half, whole = (resolved(solver, name, index, side, s) for s in (size / 2, size))
    return whole if half is None or whole is None else 2 * half - whole


def agrees(solver, name, index, side):
    """True if the price is what ever smaller steps come to (a corner may lie inside a larger one)."""
    found = solver.marginal(name, index).sel(side=side)
    price = np.concatenate([found[x].values.ravel() for x in ("stage_value", "flow", "storage")])
    steps = [limit(solver, name, index, side, size) for size in (1e-2, 1e-4, 1e-6)]
    if all(s is None for s in steps):
        return bool(np.isnan(price).all())
    return any(s is not None and np.nanmax(np.abs(s - price) / np.maximum(0.1, np.abs(price))) <= CLOSE for s in steps)


def moves_a_bound(reservoir):
    """True if the reservoir opens at or beyond a limit of its storage, which then follows the opening (decision 0012)."""
    return not reservoir.lowest_storage < reservoir.opening_storage < reservoir.full_storage


def comes_between(solver, name, index, side):
    """True if a need of a season without one comes to share a shortage that others have: such a price is left blank, and said so."""
    if name != "need":
        return False
    demand, season = index[0], next(k for k, (w, _) in enumerate(solver.basin.calendar.seasons) if w.start <= day(index[1]) <= w.end)
    blank = solver.marginal(name, index).sel(side=side)["stage_value"].isnull().all()
    return side == "right" and solver.basin.entitlement(demand, season) == 0 and bool(blank)


def day(label):
    """First day of a month."""
    return dt.date.fromisoformat(f"{label}-01")


@settings(max_examples=15)
@given(facts(), st.integers(0, 10_000), st.sampled_from(["left", "right"]))
def test_prices_are_what_a_re_solve_from_the_same_side_gives(f, which, side):
    basin = river_of(f).basin()
    try:
        solver = Solver(basin)
        solver.allocate()
    except wf.ConflictError:
        assume(False)
    every = list(places(basin))
    name, index = every[which % len(every)]
    assume(not (name == "opening_storage" and moves_a_bound(basin.reservoirs[index])))
    assume(not (name == "energy_rate" and not basin.plants[index].energy_rate))
    assume(not comes_between(solver, name, index, side))
    assert agrees(solver, name, index, side), (name, index)


def test_at_a_corner_the_two_sides_differ():
    """A need of 10 and 10 a month: one less is short by a thirtieth of the claim of 30, one more helps nobody."""
    prices = Solver(one_canal(runoff=10, need=10).basin()).marginal("runoff", ("spring", "2024-11"))
    assert prices["stage_value"].sel(stage="users").values == pytest.approx([-1 / 30, 0])
    assert prices["delivery"].sel(demand="field", period="2024-11-01").values == pytest.approx([1, 0])


def test_no_more_of_a_rule_than_there_is_water():
    """30 come in and 30 must be held: a little more cannot be, a little less can."""
    river = River().node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("out", "dam", "sea")
    solver = Solver(river.reservoir("dam", 0, 100).held("dam", 30).priorities("cost").basin())
    found = solver.marginal("ruled_storage", "dam/at_least/2024-12")
    assert found["storage"].sel(reservoir="dam", period="2024-12-01").values == pytest.approx([1, np.nan], nan_ok=True)


def test_below_zero_there_is_no_less():
    found = Solver(one_canal(runoff=10, need=[6, 0, 6]).basin()).marginal("need", ("field", "2024-11"))
    assert found["delivery"].sel(demand="field", period="2024-11-01").values == pytest.approx([np.nan, 1], nan_ok=True)


@pytest.mark.parametrize(("threshold", "right", "left"), [(20, 0.5, 0.5), (30, 0.5, 0), (40, 0, 0)])
def test_a_threshold_share_follows_the_inflow(threshold, right, left):
    """30 arrive; half of what exceeds the threshold is due through the escape: at the threshold the sides differ."""
    river = River().node("spring", runoff=10).node("fork").node("sea", "outlet").node("desert", "outlet")
    river.reach("on", "spring", "fork").reach("out", "fork", "sea").reach("escape", "fork", "desert", spill=0.1)
    river.share("half", "fork", "escape", "B", threshold, 0.5).priorities(("shares", [SHARES]), "cost")
    found = Solver(river.basin()).marginal("runoff", ("spring", "2024-11"))
    assert found["flow"].sel(reach="escape").sum("period").values == pytest.approx([left, right])


def test_the_syr_darya_has_prices_from_both_sides():
    solver = Solver(wf.read_basin("syr_darya"))
    for name, index in [("runoff", ("toktogul", "2025-06")), ("limit_volume", "KAZ/2024-10-01/2025-03-31")]:
        assert agrees(solver, name, index, "left"), name
        assert agrees(solver, name, index, "right"), name


def test_a_better_turbine_has_a_price_too():
    """The rate stands in front of an unknown: its price is the energy of the water, to first order."""
    solver = Solver(wf.read_basin("syr_darya"))
    prices = solver.marginal("energy_rate", "toktogul_hpp")["stage_value"].sel(stage="cost")
    size = 1e-5
    basins = [solver.basin.changed(energy_rate={"toktogul_hpp": 0.342 + sign * size}) for sign in (-1, 1)]
    less, more = (float(solver.allocate(b).dataset["stage_value"].sel(stage="cost")) for b in basins)
    here = float(solver.allocate().dataset["stage_value"].sel(stage="cost"))
    assert prices.values == pytest.approx([(here - less) / size, (more - here) / size], rel=1e-4)


def test_a_turbine_of_no_rate_has_no_price():
    """From nothing a rate would make another program: the price is blank, not zero."""
    basin = wf.read_basin("two_reservoirs")
    plant = next(iter(basin.plants))
    found = Solver(basin.changed(energy_rate={plant: 0.0})).marginal("energy_rate", plant)
    assert found["stage_value"].isnull().all()
