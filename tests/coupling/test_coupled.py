"""The example of the docs: snow, river and fields together lose no water, each counted by what it says of itself."""

import numpy as np
import pytest

pytest.importorskip("bmipy")

from docs.guides.coupling.coupled import couple
from docs.guides.coupling.crops import Fields, reference_evapotranspiration
from docs.guides.coupling.snowmelt import Snowmelt, Weather


@pytest.fixture(scope="module")
def found():
    return couple()


def test_no_water_is_lost_between_the_models(found):
    assert abs(found.imbalance()) < 1e-6
    snow, snow_then = found.before[0], found.after[0]
    # what melted is what the river was given, counted from the snow's side alone
    melted = snow_then.fallen * 3.0 + snow.held - snow_then.held - snow_then.to_the_air * 3.0
    assert np.isclose(melted, sum(d.runoff for d in found.dekads), rtol=0, atol=1e-6)
    # and what the canal brought is what the fields say came: 3,000 km2 are 3 Mm3 a millimetre
    fields, fields_then = found.before[1], found.after[1]
    brought = fields_then.used + fields_then.drained + fields_then.lost - fields_then.rained + fields.depletion - fields_then.depletion
    assert np.isclose(3.0 * brought, sum(d.delivered for d in found.dekads), rtol=0, atol=1e-6)


def test_a_litre_that_vanished_would_be_seen(found):
    """The balance can fail: 0.001 Mm3 less in one delivery opens it by as much."""
    fields = found.after[1]
    fields.drained -= 0.001 / 3.0
    assert abs(found.imbalance()) > 9e-4
    fields.drained += 0.001 / 3.0


def test_both_models_matter(found):
    assert len(found.dekads) == 12
    assert sum(d.runoff for d in found.dekads) > 100
    assert sum(d.delivered for d in found.dekads) > 100
    assert all(d.delivered <= d.asked + 1e-9 for d in found.dekads)


def test_radiation_is_that_of_the_book():
    """FAO-56, example 8: 32.2 MJ m-2 a day on 3 September at 20 degrees south; Hargreaves takes it as 0.408 of that in mm."""
    book = reference_evapotranspiration(Weather(20.0, 14.0, 26.0, 0.0, 246), -20.0)
    assert book == pytest.approx(0.0023 * 37.8 * 12**0.5 * 0.408 * 32.2, rel=2e-3)


def test_a_degree_day_melts_its_millimetres():
    """10 degrees on snow of 100 mm at 4 mm a degree melt 40; a quarter goes to the air."""
    snow = Snowmelt(area=1000.0, snow=100.0, store=0.0, colder=0.0)
    snow.day(Weather(10.0, 5.0, 15.0, 0.0, 100))
    assert (snow.snow, snow.to_the_air) == (60.0, 10.0)


def test_a_full_root_zone_drains_what_it_cannot_hold():
    fields = Fields(area=1000.0, depletion=0.0, efficiency=1.0)
    fields.day(Weather(15.0, 9.0, 21.0, 0.0, 100), delivered=20.0)
    assert fields.depletion == 0.0
    assert fields.used + fields.drained == pytest.approx(20.0)
