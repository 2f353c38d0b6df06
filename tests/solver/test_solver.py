"""Solved again with other givens: hot and cold give one plan, and what was solved before leaves no trace."""

import numpy as np
import pytest

import waterflow as wf
from tests.rivers import every_process
from tests.solver.test_stages_kept import idle_river
from waterflow.allocation.resolve import Solver
from waterflow.basin.changes import CHANGEABLE, named_value
from waterflow.formulation.formulate import unknowns

SAME = 1e-9


def plan(allocation):
    """Every decision of a plan, in one array."""
    return np.concatenate([allocation.dataset[word.name].values.ravel() for word in unknowns()])


def apart(one, other):
    """Largest difference of two plans and of their stages, over max(1, |value|)."""
    pairs = [(plan(one), plan(other)), tuple(x.dataset["stage_value"].values[:-1] for x in (one, other))]
    return max(float(np.max(np.abs(a - b) / np.maximum(1.0, np.abs(a)))) for a, b in pairs)


def places(basin):
    """Everything that may be changed in a basin: (name, index)."""
    labels = basin.calendar.labels
    for name, field in CHANGEABLE.items():
        for owner in field.owners(basin):
            if name == "opening_storage" and basin.reservoirs[owner].opening_storage >= basin.reservoirs[owner].full_storage:
                continue
            if name == "energy_rate" and not basin.plants[owner].energy_rate:
                continue  # from zero it cannot change without another program
            yield from ((name, (owner, t)) for t in labels) if field.by_period else [(name, owner)]


def some_changes(basin, rng, count):
    """A few values moved by up to a fifth; in one of three changes all runoff is moved as well."""
    every = list(places(basin))
    changes = {}
    for k in rng.choice(len(every), size=count, replace=False):
        name, index = every[k]
        changes.setdefault(name, {})[index] = named_value(basin, name, index) * rng.uniform(0.8, 1.2)
    if rng.random() < 1 / 3:
        wet = rng.uniform(0.7, 1.3)
        labels = basin.calendar.labels
        changes["runoff"] = {(n, t): wet * v for n, series in basin.runoff.items() for t, v in zip(labels, series, strict=True)}
    return changes


def both(solver, basin):
    """A plan found from a reference and from scratch, or None if nobody can obey the rules."""
    try:
        return solver.allocate(basin), wf.allocate(basin)
    except wf.ConflictError:
        with pytest.raises(wf.ConflictError):
            wf.allocate(basin)
        return None


@pytest.mark.parametrize(("seed", "changes"), [(2, 40), *(pytest.param(k, 100, marks=pytest.mark.long) for k in range(10))])
def test_hot_and_cold_give_one_plan_on_a_thousand_changes(seed, changes):
    rng = np.random.default_rng(seed)
    river = every_process(months=int(rng.integers(4, 8)))
    solver = Solver(river.basin(runoff={name: tuple(rng.uniform(0.5, 1.5) * x for x in series) for name, series in river.runoff.items()}))
    paths, worst = [], 0.0
    for _ in range(changes):
        found = both(solver, solver.basin.changed(**some_changes(solver.basin, rng, int(rng.integers(1, 4)))))
        if found:
            paths.append(found[0].dataset.attrs["solve_path"])
            worst = max(worst, apart(*found))
    assert worst <= SAME
    assert paths.count("hot") > 0.9 * len(paths)
    assert len(paths) > changes / 2


@pytest.mark.parametrize(("scenario", "step"), [("season_2024_25", "month"), pytest.param("stress", "dekad", marks=pytest.mark.long)])
def test_hot_and_cold_give_one_plan_on_the_syr_darya(scenario, step):
    solver, rng = Solver(wf.read_basin("syr_darya", scenario=scenario, step=step)), np.random.default_rng(1)
    for count in (1, 1, 2, 3):
        hot, cold = both(solver, solver.basin.changed(**some_changes(solver.basin, rng, count)))
        assert hot.dataset.attrs["solve_path"] == "hot"
        assert cold.dataset.attrs["solve_path"] == "cold"
        assert apart(hot, cold) <= SAME


def test_without_the_closing_stages_hot_and_cold_differ():
    """The test above can fail: alternative optima are found if nothing chooses among them."""
    basin = idle_river(smoothest=False, unique=False)
    solver, rng = Solver(basin), np.random.default_rng(3)
    assert max(apart(*both(solver, basin.changed(**some_changes(basin, rng, 3)))) for _ in range(20)) > 1e-3


def test_what_was_solved_before_leaves_no_trace():
    basin, rng = every_process().basin(), np.random.default_rng(5)
    asked = [basin.changed(**some_changes(basin, rng, 3)) for _ in range(6)]
    one, other = Solver(basin), Solver(basin)
    forth = [plan(one.allocate(x)) for x in asked]
    back = [plan(other.allocate(x)) for x in reversed(asked)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(forth, back, strict=True))


def test_an_energy_rate_changes_without_a_new_program():
    basin = every_process().basin()
    solver, other = Solver(basin), basin.changed(energy_rate={"big": 0.5})
    assert other.structure == basin.structure
    hot, cold = both(solver, other)
    assert apart(hot, cold) <= SAME
    made = float(hot.dataset["generation"].sel(plant="big").sum())
    assert made == pytest.approx(0.5 * float(hot.dataset["turbined"].sel(plant="big").sum()))
    assert made != pytest.approx(float(solver.allocate().dataset["generation"].sel(plant="big").sum()))


def test_another_structure_is_solved_from_scratch():
    """An opening above full storage widens the limit: that is another program."""
    solver = Solver(every_process().basin())
    other = solver.basin.changed(opening_storage={"dam": 700.0})
    found = solver.allocate(other)
    assert found.dataset.attrs["solve_path"] == "cold"
    assert apart(found, wf.allocate(other)) <= SAME


def test_a_change_that_nobody_can_obey_is_a_conflict_hot_and_cold():
    solver = Solver(every_process().basin())
    solver.allocate()
    with pytest.raises(wf.ConflictError, match="storage_held"):
        solver.allocate(solver.basin.changed(ruled_storage={next(iter(solver.basin.storage_rules)): 5000.0}))


def test_wrong_changes_are_named_all_at_once():
    basin = every_process().basin()
    with pytest.raises(wf.InputError) as caught:
        basin.changed(
            need={("nobody", "2024-01"): 1.0, "upper_fields": 2.0, ("upper_fields", "2031-01"): 3.0, ("upper_fields", "2024-01"): -4.0},
            energy_rate={"big": float("nan")},
            rain={"dam": 1.0},
        )
    found = {(p.where, p.code) for p in caught.value.problems}
    assert found == {
        ("need[nobody, 2024-01]", "unknown-given"),
        ("need[upper_fields]", "unknown-given"),
        ("need[upper_fields, 2031-01]", "unknown-given"),
        ("need[upper_fields, 2024-01]", "negative"),
        ("energy_rate[big]", "not-finite"),
        ("rain[dam]", "unknown-given"),
    }
