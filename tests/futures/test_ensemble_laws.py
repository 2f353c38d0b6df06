"""Laws of ensembles, on random rivers: each member is the plan it is alone, and more water never makes a first priority worse."""

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.futures.ensembles import alone
from tests.laws.rivers import facts, river_of, simple_river
from waterflow.errors import ConflictError
from waterflow.futures.answers import answers
from waterflow.futures.chunk import CONFLICT, OPTIMAL

FEW = settings(max_examples=15)
FACTORS = st.lists(st.floats(0.3, 2.0).map(lambda x: round(x, 3)), min_size=3, max_size=6, unique=True)


def members(basin, factors):
    own = np.array(list(basin.runoff.values()))
    coords = {"member": list(map(str, factors)), "node": list(basin.runoff), "period": list(basin.calendar.labels)}
    return xr.DataArray(own * np.array(factors)[:, None, None], coords, ("member", "node", "period"))


@FEW
@given(facts(), FACTORS)
def test_each_member_is_the_plan_it_is_alone_or_has_none(f, factors):
    basin = river_of(f).basin()
    runoff = members(basin, factors)
    found = wf.ensemble(basin, runoff, workers=1)
    for k in range(len(factors)):
        try:
            plan = alone(basin, runoff, k)[1]
        except ConflictError:
            assert found["status"].values[k] == CONFLICT
            continue
        assert found["status"].values[k] == OPTIMAL
        for name in ("flow", "storage", "delivery", "unserved"):
            a, b = found[name].values[k], plan[name].values
            assert (np.abs(a - b) <= 1e-9 * np.maximum(1.0, np.abs(b))).all(), name


@FEW
@given(facts(), FACTORS)
def test_more_water_never_makes_the_first_priority_worse(f, factors):
    basin = simple_river(f).basin()
    factors = sorted(factors)
    found = wf.ensemble(basin, members(basin, factors), workers=1)
    first = found["stage_value"].isel(stage=0).values[found["status"].values == OPTIMAL]
    assert (np.diff(first[~np.isnan(first)]) <= 1e-7).all()


@FEW
@given(facts(), FACTORS)
def test_probabilities_are_shares_and_curves_fall(f, factors):
    basin = river_of(f).basin()
    told = answers(basin, wf.ensemble(basin, members(basin, factors), workers=1))
    for x in told.outcomes:
        assert 0.0 <= x.probability <= 1.0
        values = [e.value for e in x.exceedance]
        assert values == sorted(values, reverse=True)
        assert (x.worst_member is None) == (not x.worst_short)
    for x in told.performance:
        assert 0.0 <= x.reliability <= min([o.probability for o in told.outcomes if (o.kind, o.name) == (x.kind, x.name)]) + 1e-12
        assert x.resilience is None or 0.0 <= x.resilience <= 1.0
        assert (x.vulnerability is None) == (x.reliability >= told.planned / max(1, told.planned + len(told.bad)) - 1e-12)
