"""What must hold on any river: water and energy conserved, nobody over-served, more water never worse."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests.laws.rivers import facts, river_of, simple_river
from tests.rivers import every_process, one_canal
from waterflow import ConflictError, allocate
from waterflow.allocation.audit import AUDITED, audit
from waterflow.basin.objective import Objective
from waterflow.solver.certificate import CERTIFIED

MANY, FEW = settings(max_examples=60), settings(max_examples=30)
CLOSE = 1e-6


def first(basin):
    """Name, value and duals of the first stage; a river nobody can run is left out of the law."""
    try:
        return allocate(basin).dataset
    except ConflictError:
        assume(False)
        raise


@MANY
@given(facts())
def test_water_and_energy_are_conserved_and_every_stage_is_certified(f):
    basin = river_of(f).basin()
    dataset = first(basin)
    found = audit(basin, dataset)
    assert max(found.water, found.river, found.energy) <= AUDITED
    for part in ("primal", "dual", "gap"):
        assert float(dataset[f"certificate_{part}"].max()) <= CERTIFIED, part


@MANY
@given(facts())
def test_nobody_is_delivered_more_than_asked_and_storage_stays_in_its_limits(f):
    basin = river_of(f).basin()
    dataset = first(basin)
    assert float((dataset["delivery"] - dataset["need"]).max()) <= CLOSE
    assert np.allclose(dataset["delivery"] + dataset["shortage"], dataset["need"], atol=CLOSE)
    assert min(float(dataset[name].min()) for name in ("delivery", "shortage", "flow", "turbined", "unserved")) >= -CLOSE
    dam = basin.reservoirs["dam"]
    assert dam.floor - CLOSE <= float(dataset["storage"].min())
    assert float(dataset["storage"].max()) <= dam.ceiling + CLOSE


@MANY
@given(facts())
def test_a_shortfall_is_what_is_missing(f):
    """At the first stage's optimum the largest share is that of the dataset, worked out anew from deliveries."""
    basin = simple_river(f).basin()
    dataset = first(basin)
    missing = [0.0]
    for name in basin.demands:
        for k, (window, _) in enumerate(basin.calendar.seasons):
            entitled = basin.entitlement(name, k)
            if entitled > 0:
                got = float(dataset["delivery"].sel(demand=name).values[list(basin.calendar.inside(window))].sum())
                missing.append((entitled - got) / entitled)
    assert max(missing) == pytest.approx(float(dataset["stage_value"][0]), abs=1e-6)


@FEW
@given(facts())
def test_more_runoff_never_worsens_the_first_stage(f):
    wetter = f | {"town_runoff": [x + 5 for x in f["town_runoff"]]}
    before, after = (float(first(simple_river(x).basin())["stage_value"][0]) for x in (f, wetter))
    assert after <= before + CLOSE


@FEW
@given(facts())
def test_a_storage_rule_never_improves_the_first_stage(f):
    ruled = simple_river(f).held("dam", 0.5 * f["opening"])
    before, after = (float(first(x.basin())["stage_value"][0]) for x in (simple_river(f), ruled))
    assert after >= before - CLOSE


@FEW
@given(facts())
def test_the_price_of_water_is_what_a_little_more_of_it_does(f):
    """The dual of the water balance against finite differences, where both sides agree that it is unique."""
    little = 1e-3
    f = f | {"town_runoff": [x + 1 for x in f["town_runoff"]]}
    here = first(simple_river(f).basin())
    price = here["water_balance_dual"].isel(stage=0).sel(node="town").values
    for k in range(f["months"]):
        moved = []
        for sign in (-1, 1):
            runoff = list(f["town_runoff"])
            runoff[k] += sign * little
            moved.append(float(first(simple_river(f | {"town_runoff": runoff}).basin())["stage_value"][0]))
        value = float(here["stage_value"][0])
        below, above = (value - moved[0]) / little, (moved[1] - value) / little
        if abs(below - above) < 1e-7:
            assert price[k] == pytest.approx(above, abs=1e-5)
        else:
            assert min(below, above) - 1e-5 <= price[k] <= max(below, above) + 1e-5


def test_the_price_has_the_right_sign_and_size():
    """9 a month for a need of 12, a claim of 36 over the season: one more Mm3 lowers the share by 1/36."""
    dataset = allocate(one_canal(runoff=9, need=12).basin()).dataset
    prices = dataset["water_balance_dual"].isel(stage=0).sel(node=["spring", "head"]).values
    assert prices == pytest.approx(np.full((2, 3), -1 / 36))


def test_the_price_of_benefit_is_positive():
    """One sum of benefits is maximised: one more Mm3 earns the value of the field, 0.25."""
    river = one_canal(runoff=9, need=12)
    river.parts["demands"] = [river.parts["demands"][0].model_copy(update={"value": (0.25,) * 3})]
    dataset = allocate(river.basin(objective=Objective())).dataset
    assert float(dataset["stage_value"][0]) == pytest.approx(27 * 0.25)
    assert dataset["water_balance_dual"].isel(stage=0).sel(node="spring").values == pytest.approx([0.25] * 3)


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_the_river_that_uses_every_process_obeys(step):
    basin = every_process(step).basin()
    dataset = allocate(basin).dataset
    assert audit(basin, dataset).closes
    assert float(dataset["certificate_gap"].max()) <= CERTIFIED


@pytest.mark.parametrize("name", ["flow", "storage", "delivery", "turbined", "unserved"])
def test_the_audit_sees_a_changed_decision(name):
    basin = every_process().basin()
    dataset = allocate(basin).dataset.copy(deep=True)
    dataset[name][0, 2] += 0.01
    assert not audit(basin, dataset).closes
