"""Ensembles: every member is the plan it is alone, whatever the workers, the chunks, the order and the executor."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr

import waterflow as wf
from tests.futures.ensembles import alone, in_classes, largest_difference, members, ten_lines, with_shares
from waterflow.errors import InputError, SolverError
from waterflow.formulation.formulate import unknowns
from waterflow.futures.members import generated
from waterflow.futures.references import references_of
from waterflow.loading.model import read_model
from waterflow.progress import heard_by

SAME = 1e-9
DECISIONS = [u.name for u in unknowns()]
#: residuals of proofs are rounding itself
PROOFS = ["certificate_worst", "water_residual", "energy_residual"]


def differs(ensemble, k, plan):
    """Largest difference of a member's decisions from a plan made alone, relative to max(1, |value|)."""
    worst = 0.0
    for name in DECISIONS:
        own, other = ensemble[name].isel(member=k), plan[name]
        for dim in set(own.dims) & {"clause_row"}:
            own = own.sel({dim: other[dim].values})
        a, b = own.values, other.values
        assert np.array_equal(np.isnan(a), np.isnan(b)), name
        worst = max(worst, float((np.nan_to_num(np.abs(a - b)) / np.maximum(1.0, np.nan_to_num(np.abs(b)))).max(initial=0.0)))
    return worst


@pytest.mark.parametrize("made", [ten_lines, in_classes, with_shares])
def test_each_member_is_the_plan_it_is_alone(made):
    basin = made()
    runoff = members(basin, 12)
    found = wf.ensemble(basin, runoff, workers=1)
    assert set(found["status"].values) == {"optimal"}
    for k in range(12):
        own, plan = alone(basin, runoff, k)
        assert differs(found, k, plan) <= SAME
        # of a priority the first round has the priority's own name
        values = dict(zip(plan["stage"].values, plan["stage_value"].values, strict=True))
        for stage in found["stage"].values:
            assert float(found["stage_value"].sel(stage=stage)[k]) == pytest.approx(values.get(stage, np.nan), abs=1e-8, nan_ok=True)
        assert found["runoff"].isel(member=k).sel(node=list(own.runoff)).values == pytest.approx(runoff.values[k])
    assert float(found["certificate_worst"].max()) <= 1e-7
    assert float(found["water_residual"].max()) <= 1e-6
    assert set(found["solve_path"].values) == {"hot"}


@pytest.mark.parametrize(("scenario", "count"), [pytest.param("benefit", 12, marks=pytest.mark.long), (None, 3)])
def test_each_member_of_the_syr_darya_is_the_plan_it_is_alone(scenario, count):
    model = read_model("syr_darya", scenario)
    basin, runoff = model.basin(), generated(model, count, seed=3)
    found = wf.ensemble(basin, runoff, workers=2)
    assert set(found["status"].values) == {"optimal"}
    for k in range(count):
        assert differs(found, k, alone(basin, runoff, k)[1]) <= SAME


@pytest.fixture(scope="module")
def basin():
    return with_shares()


@pytest.fixture(scope="module")
def runoff(basin):
    return members(basin, 15)


@pytest.fixture(scope="module")
def found(basin, runoff):
    return wf.ensemble(basin, runoff, workers=1)


@pytest.mark.parametrize("chunk", [1, 7, 15])
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_and_chunks_leave_no_trace(basin, runoff, found, workers, chunk):
    assert wf.ensemble(basin, runoff, workers=workers, chunk=chunk).identical(found)


def test_the_order_of_the_members_leaves_no_trace(basin, runoff, found):
    order = [*range(1, 15), 0]
    for chosen in (slice(None, None, -1), order):
        turned = runoff.isel(member=chosen)
        other = wf.ensemble(basin, turned, workers=2, chunk=4)
        assert list(other["member"].values) == list(turned["member"].values)
        assert largest_difference(found, other.sel(member=found["member"])) <= SAME


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_will_do(basin, runoff, found, pool):
    with pool(2) as executor:
        assert wf.ensemble(basin, runoff, executor=executor, chunk=3).identical(found)
        # it is left open
        assert executor.submit(int, "1").result() == 1


def test_a_member_alone_is_the_same_as_among_others(basin, runoff, found):
    one = wf.ensemble(basin, runoff.isel(member=[4]), workers=1)
    assert largest_difference(found.isel(member=[4]).drop_vars(PROOFS), one.drop_vars(PROOFS)) <= SAME


def test_bad_members_are_told_by_number_and_the_rest_are_planned(basin, runoff, found):
    spoilt = runoff.copy(deep=True)
    spoilt[2, 0, 1], spoilt[5, 1, 0], spoilt[7] = np.nan, -3.0, np.inf
    spoilt[9] = 0.0
    other = wf.ensemble(basin, spoilt, workers=2, chunk=4)
    status = other["status"].values
    assert list(status[[2, 5, 7, 9]]) == ["refused", "refused", "refused", "conflict"]
    label = basin.calendar.labels
    assert other["message"].values[2] == f"runoff[dam, {label[1]}] is nan"
    assert other["message"].values[5] == f"runoff[town, {label[0]}] is -3"
    assert other["clashing"].values[9] != ""
    assert other["clashing"].values[9] in other["message"].values[9]
    good = [k for k in range(15) if k not in (2, 5, 7, 9)]
    assert set(status[good]) == {"optimal"}
    assert np.isnan(other["flow"].values[[2, 5, 7, 9]]).all()
    assert largest_difference(found.isel(member=good).drop_vars(PROOFS), other.isel(member=good).drop_vars(PROOFS)) <= SAME


def test_runoff_below_zero_is_runoff_where_the_river_has_it():
    basin = ten_lines()
    losing = basin.replaced(runoff={"dam": (10.0, 20.0, -1.0, 40.0, 30.0, 20.0)})
    runoff = members(losing, 3)
    assert set(wf.ensemble(losing, runoff, workers=1)["status"].values) == {"optimal"}
    assert set(wf.ensemble(basin, runoff, workers=1)["status"].values) == {"refused"}


def test_clauses_hold_in_the_class_of_the_member():
    basin = in_classes()
    assert "wet" not in {r.clause for r in basin.clause_rows.values()}, "the river itself is no wet one"
    runoff = members(basin, 8)
    found = wf.ensemble(basin, runoff, workers=1)
    wet = runoff.sel(node="dam").sum("period").values > 200
    assert 0 < wet.sum() < 8
    blank = np.isnan(found["clause_slack"].sel(clause_row="wet").values)
    assert list(~blank) == list(wet)
    assert not np.isnan(found["clause_slack"].sel(clause_row="always").values).any()


def test_water_that_arrives_counts_the_runoff_of_its_year():
    """What a clause counts at a node with runoff of its own follows a change of it."""
    basin = in_classes()
    slack = {}
    for own in (5.0, 25.0):
        plan = wf.allocate(basin.changed(runoff={("head", label): own for label in basin.calendar.labels})).dataset
        slack[own] = float(plan["clause_slack"].sel(clause_row="arrives"))
    # the dam can let go 30 - 10 + 2 x 40; the other water comes to the place itself
    assert slack == pytest.approx({5.0: 150 - 100 - 10, 25.0: 0.0}, abs=1e-6)


def test_plants_with_a_head_are_solved_from_scratch():
    basin = wf.read_basin("syr_darya", "head")
    runoff = members(basin, 2, 0.95, 1.05)
    found = wf.ensemble(basin, runoff, workers=2)
    assert set(found["solve_path"].values) == {"cold"}
    assert differs(found, 1, alone(basin, runoff, 1)[1]) <= 1e-6


def test_progress_counts_members(basin, runoff):
    shares = []
    with heard_by(shares.append):
        wf.ensemble(basin, runoff, workers=1, chunk=5)
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)
    assert len(shares) > 3


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"chunk": 0}])
def test_no_workers_and_no_chunk_are_refused(basin, runoff, wrong):
    with pytest.raises(InputError, match="not-a-number"):
        wf.ensemble(basin, runoff, **wrong)


def test_what_is_no_basin_is_refused(runoff):
    with pytest.raises(InputError, match="wrong-kind"):
        wf.ensemble("two_reservoirs", runoff)


def leaves(_chunk):
    import os

    os._exit(1)


def test_a_worker_that_dies_is_told(basin, runoff, monkeypatch):
    monkeypatch.setattr("waterflow.futures.ensembles.solve_chunk", leaves)
    with pytest.raises(SolverError, match="a worker process ended"):
        wf.ensemble(basin, runoff, workers=2)


def test_the_dataset_says_what_it_holds(found, basin):
    assert found["flow"].dims == ("member", "reach", "period")
    assert found["flow"].attrs["units"] == "hm3"
    assert found["stage_value"].dims == ("member", "stage")
    assert list(found["stage"].values)[-2:] == ["smoothest", "unique"]
    assert found.attrs["Conventions"] == "CF-1.11"
    assert found.attrs["model"] == basin.name
    assert "probability" not in found.coords
    assert not any("second" in str(name) for name in found.variables), "nothing of it tells how long it took"


def test_references_do_not_follow_the_order():
    values = np.random.default_rng(1).uniform(0, 9, (40, 2, 3))
    one, other = references_of(values), references_of(values[::-1])
    assert len(one.runoff) == 13
    assert np.array_equal(one.runoff, other.runoff)
    assert np.array_equal(one.nearest, other.nearest[::-1])
    assert one.parents[0] == -1
    assert all(parent < k for k, parent in enumerate(one.parents))


def test_members_that_are_all_the_same_have_one_reference():
    assert len(references_of(np.ones((9, 1, 2))).runoff) == 1


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "step"), [("benefit", "month"), (None, "month"), ("benefit", "dekad")])
def test_many_members_of_the_syr_darya_are_the_plans_they_are_alone(scenario, step):
    model = read_model("syr_darya", scenario, step)
    basin, runoff = model.basin(), generated(model, 200, seed=11)
    found = wf.ensemble(basin, runoff)
    other = wf.ensemble(basin, runoff.isel(member=slice(None, None, -1)), chunk=7, workers=1)
    assert largest_difference(found, other.sel(member=found["member"])) <= SAME
    assert set(found["status"].values) == {"optimal"}
    assert float(found["certificate_worst"].max()) <= 1e-7
    for k in range(0, 200, 20):
        assert differs(found, k, alone(basin, runoff, k)[1]) <= SAME


def test_weights_go_with_the_members(basin, runoff):
    weighed = runoff.isel(member=slice(0, 3)).assign_coords(probability=("member", [0.5, 0.3, 0.2]))
    found = wf.ensemble(basin, weighed, workers=1)
    assert list(found["probability"].values) == [0.5, 0.3, 0.2]
    assert isinstance(found, xr.Dataset)
