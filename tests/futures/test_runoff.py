"""Runoff that is asked for: what it may be, and everything that is refused, all at once."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import waterflow as wf
from tests.futures.ensembles import members, ten_lines
from tests.rivers import River, every_process
from waterflow.errors import InputError
from waterflow.futures.runoff import runoff_of

BASIN = ten_lines()
RUNOFF = members(BASIN, 3)


def test_volumes_stand_as_they_are_and_rates_become_volumes():
    assert runoff_of(BASIN, RUNOFF).values == pytest.approx(RUNOFF.values)
    rates = np.array([p.rate for p in BASIN.calendar.periods])
    flows = (RUNOFF * rates).assign_attrs(units="m3 s-1")
    assert runoff_of(BASIN, flows).values == pytest.approx(RUNOFF.values)
    # 31 days of 1 m3/s are 2.6784 Mm3
    assert runoff_of(BASIN, xr.ones_like(flows).assign_attrs(units="m3/s")).values[0, 0, 0] == pytest.approx(2.6784)


def test_dimensions_and_periods_may_stand_in_any_order():
    turned = RUNOFF.transpose("period", "member", "node").isel(period=slice(None, None, -1))
    assert runoff_of(BASIN, turned).values == pytest.approx(RUNOFF.values)
    assert runoff_of(BASIN, RUNOFF.to_dataset(name="runoff")).members == ("m1", "m2", "m3")


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_periods_may_be_told_by_their_first_days(step):
    basin = every_process(step).basin()
    runoff = members(basin, 2)
    days = pd.to_datetime([str(p.start) for p in basin.calendar.periods])
    assert runoff_of(basin, runoff.assign_coords(period=days)).values == pytest.approx(runoff.values)


def test_members_without_names_are_numbered():
    bare = xr.DataArray(RUNOFF.values, {"node": RUNOFF["node"], "period": RUNOFF["period"]}, ("member", "node", "period"))
    assert runoff_of(BASIN, bare).members == ("1", "2", "3")


def test_nodes_that_are_not_named_keep_their_own_runoff_and_others_may_get_some():
    basin = every_process().basin()
    runoff = members(basin, 2).sel(node=["dam"])
    found = runoff_of(basin, runoff)
    assert found.kept == ("town",)
    assert found.values[:, 1] == pytest.approx(20.0)
    wetter = xr.concat([runoff, xr.full_like(runoff, 7.0).assign_coords(node=["delta"])], "node")
    found = runoff_of(basin, wetter)
    assert list(found.basin.runoff) == ["dam", "town", "delta"]
    assert found.basin.runoff["delta"] == (0.0,) * 6
    assert found.values[:, 2] == pytest.approx(7.0)
    plan = wf.ensemble(basin, wetter, workers=1)
    assert float(plan["runoff"].sel(node="delta", member="m1").sum()) == pytest.approx(42)
    assert float(plan["water_residual"].max()) <= 1e-6
    assert plan.attrs["own_runoff"] == "town"


def weighed(*values):
    return RUNOFF.assign_coords(probability=("member", list(values)))


REFUSED = {
    "a list": ([1, 2], "wrong-kind"),
    "a dataset of something else": (RUNOFF.to_dataset(name="rain"), "bad-runoff"),
    "no nodes": (RUNOFF.isel(node=0, drop=True), "bad-runoff"),
    "nodes without names": (RUNOFF.drop_vars("node"), "bad-runoff"),
    "a strange unit": (RUNOFF.assign_attrs(units="acre feet"), "unknown-unit"),
    "an unknown node": (RUNOFF.assign_coords(node=["dmm"]), "Did you mean dam?"),
    "a period too many": (xr.concat([RUNOFF, RUNOFF.isel(period=[0]).assign_coords(period=["2030-01"])], "period"), "2030-01"),
    "a period too few": (RUNOFF.isel(period=slice(0, 5)), "nothing for 2025-03"),
    "a period twice": (RUNOFF.isel(period=[0, 1, 2, 3, 4, 5, 5]), "one twice"),
    "a member twice": (RUNOFF.assign_coords(member=["a", "b", "a"]), "twice"),
    "no member": (RUNOFF.isel(member=[]), "bad-runoff"),
    "a figure nobody has": (RUNOFF.where(RUNOFF["period"] != "2024-12"), "runoff[dam, 2024-12]"),
    "probabilities that are none": (weighed(0.5, 0.6, -0.1), "not-a-share"),
    "probabilities that are not one together": (weighed(0.5, 0.3, 0.1), "not-a-share"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_runoff_is_refused(what):
    asked, said = REFUSED[what]
    with pytest.raises(InputError) as refused:
        wf.ensemble(BASIN, asked)
    assert said in str(refused.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as refused:
        runoff_of(BASIN, RUNOFF.assign_attrs(units="feet").assign_coords(node=["x"], member=["a", "a", "a"]).isel(period=[0]))
    assert {p.code for p in refused.value.problems} == {"unknown-unit", "unknown-node", "twice", "bad-runoff"}


def test_a_river_without_runoff_of_its_own_has_that_of_the_members():
    river = River(months=3).node("spring").node("sea", "outlet").reach("way", "spring", "sea")
    basin = river.basin()
    coords = {"member": ["a", "b"], "node": ["spring"], "period": list(basin.calendar.labels)}
    runoff = xr.DataArray(np.array([[[1.0, 2, 3]], [[4.0, 5, 6]]]), coords, ("member", "node", "period"))
    found = wf.ensemble(basin, runoff, workers=1)
    assert found["flow"].sel(reach="way").values == pytest.approx(runoff.values[:, 0])
