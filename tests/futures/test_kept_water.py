"""Kept water: against an extensive form, against a dynamic programme on a grid, and its own laws."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import linprog

from tests.rivers import River
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.basin.agreements import Agreement
from waterflow.basin.clause_rows import under
from waterflow.errors import ConflictError, InputError
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.water_kept import Outlook, kept_water
from waterflow.futures.year_basin import year_of
from waterflow.futures.years import years_of


def dam(months=1, opening=60.0, full=150.0):
    """One reservoir above one field whose second half is worth a third of the first, and a wide river past it."""
    river = River(months=months).node("dam", "reservoir", runoff=50).node("field").node("sea", "outlet")
    river.reach("out", "dam", "field").reach("end", "field", "sea").reservoir("dam", opening, full)
    river.demand("wheat", "field", "A", 80).worth_in_blocks("wheat", {0.06: 0.5, 0.02: 0.5})
    return river.end_value("dam", {0.03: 40, 0.01: 110}).basin()


def members(basin, volumes, **coords):
    """Runoff of the one headwater, (member, node, period), each the same in every period."""
    labels = list(basin.calendar.labels)
    values = np.repeat(np.array(volumes, dtype=float)[:, None, None], len(labels), axis=2)
    made = xr.DataArray(
        values, {"member": [str(k) for k in range(len(volumes))], "node": ["dam"], "period": labels}, ("member", "node", "period")
    )
    return made.assign_coords({name: ("member", list(value)) for name, value in coords.items()})


def extensive(basin, runoff, years, discount):
    """The least expected cost over a tree of all members in every year, as one program laid out by hand.

    One block of the year's own arrays for each node; its opening storage is the closing storage of its parent.
    """
    count = runoff.sizes["member"]
    paths = [path for length in range(1, years + 1) for path in product(range(count), repeat=length)]
    place = {path: k for k, path in enumerate(paths)}
    blocks, cost, constant = [], [], 0.0
    for path in paths:
        year = year_of(basin, ending=len(path) == years)
        own = {"dam": tuple(runoff.isel(member=path[-1]).sel(node="dam").to_numpy())}
        year = year.replaced(runoff=own)
        program = program_of(year)
        weight = (1 / (1 + discount)) ** (len(path) - 1) / count ** len(path)
        blocks.append((program, program.right_hand_side(values_of_givens(year, program))))
        cost.append(weight * program.costs["net_cost"][0])
        constant += weight * program.costs["net_cost"][1]
    starts = np.cumsum([0, *(len(c) for c in cost)])
    rows, sides, equal = [], [], []
    for k, path in enumerate(paths):
        program, side = blocks[k]
        wide = np.zeros((len(side), starts[-1]))
        wide[:, starts[k] : starts[k + 1]] = program.matrix.toarray()
        opening = program.givens["opening_storage"].position[("dam",)]
        move = program.given_matrix[:, [opening]].toarray()[:, 0]
        if len(path) > 1:
            parent = place[path[:-1]]
            closing = blocks[parent][0].unknowns["storage"].position[("dam", basin.calendar.labels[-1])]
            wide[:, starts[parent] + closing] += move
            side = side + move * basin.reservoirs["dam"].opening_storage
        rows.append(wide)
        sides.append(side)
        equal.append(program.equal)
    matrix, side, same = np.vstack(rows), np.concatenate(sides), np.concatenate(equal)
    bounds = [b for p, _ in blocks for b in zip(p.lower, p.upper, strict=True)]
    bounds = [(None if np.isinf(a) else a, None if np.isinf(b) else b) for a, b in bounds]
    asked = {"A_ub": -matrix[~same], "b_ub": -side[~same]} if (~same).any() else {}
    found = linprog(np.concatenate(cost), A_eq=matrix[same], b_eq=side[same], bounds=bounds, **asked)
    assert found.status == 0
    return found.fun + constant


@pytest.mark.parametrize(("years", "months"), [(1, 1), (2, 1), (3, 1), (2, 3)])
def test_it_equals_an_extensive_form(years, months):
    basin = dam(months)
    runoff = members(basin, [10, 35, 90])
    found = kept_water(basin, runoff, Outlook(years=years, discount=0.1, gap=0.0, most_states=40 * years, draws=30))
    expected = extensive(basin, runoff, years, 0.1)
    assert found.lower == pytest.approx(expected, abs=1e-6 * abs(expected))
    assert abs(found.gap) <= 1e-6 * abs(expected)


def on_a_grid(basin, volumes, chances, discount, points=601):
    """Value iteration on a grid: what each closing storage, a straight line between grid points, leaves to the years after."""
    full, need = basin.reservoirs["dam"].full_storage, 80.0
    grid = np.linspace(0, full, points)

    def earned(delivered):
        return 0.06 * np.minimum(delivered, need / 2) + 0.02 * np.clip(delivered - need / 2, 0, need / 2)

    def best(runoff, after):
        left = grid[:, None] + runoff - grid[None, :]
        return np.where(left >= 0, earned(np.clip(left, 0, need)) + after[None, :] / (1 + discount), -1e9).max(axis=1)

    value = np.zeros((len(chances), points))
    for _ in range(400):
        ahead = [best(q, value[k]) for q, k in volumes]
        value = chances @ np.array(ahead)
    return grid, value


@pytest.mark.long
def test_without_an_end_it_is_near_a_dynamic_programme_on_a_grid():
    basin = dam()
    volumes = [(5, 0), (25, 0), (60, 1), (110, 1)]
    runoff = members(basin, [v for v, _ in volumes], next=[1, 2, 3, -1])
    years = years_of(runoff, 2)
    found = kept_water(basin, runoff, Outlook(discount=0.1, gap=1e-5, most_states=120))
    grid, value = on_a_grid(basin, volumes, years.chances, 0.1)
    opening = basin.reservoirs["dam"].opening_storage
    expected = -float(years.usual @ [np.interp(opening, grid, v) for v in value])
    assert found.lower == pytest.approx(expected, rel=5e-3)
    assert found.relative_gap <= 0.01
    for held in (0.0, 30.0, 90.0, 150.0):
        assert -found.cuts.at(np.array([held])) == pytest.approx([np.interp(held, grid, v) for v in value], rel=1e-2)


def test_a_dry_year_before_makes_water_dearer_where_years_stick_together():
    basin = dam()
    runoff = members(basin, [5, 5, 5, 100, 100, 100], next=[1, 2, -1, 4, 5, -1])
    found = kept_water(basin, runoff, Outlook(discount=0.1, most_states=200))
    after_dry, after_wet = found.worth(np.array([100.0]))
    assert after_dry > after_wet + 0.05


def test_the_same_seed_gives_the_same_cuts_whatever_the_workers():
    basin = dam(2)
    runoff = members(basin, [10, 35, 90], next=[1, 2, -1])
    one, three = (kept_water(basin, runoff, Outlook(most_states=80, draws=10), workers=w) for w in (1, 3))
    assert np.array_equal(one.cuts.constants, three.cuts.constants)
    assert np.array_equal(one.cuts.slopes, three.cuts.slopes)
    assert (one.lower, one.gap, one.interval) == (three.lower, three.gap, three.interval)


def test_aversion_to_risk_makes_the_future_dearer_and_bounds_nothing_from_above():
    basin = dam()
    runoff = members(basin, [0, 5, 60, 110])
    mean = kept_water(basin, runoff, Outlook(discount=0.1, most_states=120))
    averse = kept_water(basin, runoff, Outlook(discount=0.1, most_states=120, risk=RiskMeasure(0.5, 0.25)))
    assert averse.lower > mean.lower
    assert np.isnan(averse.gap)


def test_cvar_of_ten_losses():
    """Rockafellar and Uryasev (2000): losses 1 to 10; CVaR 9.5 at 80 %, 9.2 at 75 %."""
    losses, usual = np.arange(1.0, 11.0), np.full(10, 0.1)
    for tail, expected in ((0.2, 9.5), (0.25, 9.2), (1.0, 5.5)):
        assert RiskMeasure(1.0, tail).probabilities(usual, losses) @ losses == pytest.approx(expected, abs=1e-9)


def test_more_water_is_never_worth_less_on_a_river_without_floods():
    basin = dam()
    found = kept_water(basin, members(basin, [10, 35, 90]), Outlook(most_states=60, draws=5))
    worths = [found.worth(np.array([s]))[0] for s in np.linspace(0, 150, 31)]
    steps = np.diff(worths)
    assert (steps >= -1e-9).all()
    assert (np.diff(steps) <= 1e-9).all()
    assert worths[0] == 0.0


@pytest.mark.parametrize(
    "outlook",
    [
        Outlook(discount=0.0),
        Outlook(years=0),
        Outlook(classes=0),
        Outlook(most_states=0),
        Outlook(draws=1),
        Outlook(seed=-1),
        Outlook(risk=RiskMeasure(2.0)),
        Outlook(risk=RiskMeasure(0.5, 0.0)),
    ],
)
def test_figures_that_cannot_be_are_refused(outlook):
    basin = dam()
    with pytest.raises(InputError):
        kept_water(basin, members(basin, [10, 20]), outlook)


def test_members_of_another_river_and_figures_that_are_missing_are_refused():
    basin = dam()
    with pytest.raises(InputError) as told:
        kept_water(basin, members(basin, [10, 20]).assign_coords(node=["dmm"]))
    assert [p.code for p in told.value.problems] == ["unknown-node"]
    with pytest.raises(InputError) as told:
        kept_water(basin, members(basin, [10, -20, np.nan]))
    assert [p.code for p in told.value.problems] == ["bad-runoff", "bad-runoff"]


def test_no_workers_are_none_and_not_all():
    basin = dam()
    with pytest.raises(InputError, match="workers"):
        kept_water(basin, members(basin, [10, 20]), workers=0)


def test_clauses_of_dry_years_alone_are_refused_since_all_years_share_a_program():
    """The dam owes 5 Mm3 in years below 30 Mm3 of runoff: members of 10 and 90 are of two classes."""
    river = River(months=1).node("dam", "reservoir", runoff=50).node("sea", "outlet").reach("out", "dam", "sea")
    river.reservoir("dam", 60, 150).clause("dry_release", "release", reservoir="dam", runoff=["dry"], figures=[river.span(amount_Mm3=5)])
    classes = {"at": ["dam"], "dry_below_Mm3": 30, "wet_above_Mm3": 80}
    clauses = tuple(river.parts.pop("clauses"))
    basin = under(river.basin(), [Agreement(name="deal", title="deal", title_ru="deal", runoff_classes=classes, clauses=clauses)])
    assert kept_water(basin, members(basin, [40, 60]), Outlook(most_states=20, draws=2)).states
    with pytest.raises(InputError, match="dry_release"):
        kept_water(basin, members(basin, [10, 90]))


def test_a_member_without_a_plan_names_what_clashes():
    river = River(months=1).node("dam", "reservoir", runoff=50).node("sea", "outlet").reach("out", "dam", "sea", capacity=20)
    basin = river.reservoir("dam", 60, 100).basin()
    with pytest.raises(ConflictError):
        kept_water(basin, members(basin, [10, 200]))
