"""The cascade at observed releases beside published hydropower: by hand, on the shipped tables, and what would be circular."""

import pandas as pd
import pytest

from docs.evidence.studies.naryn_cascade import cascade_by_month, cascade_energy, plant_energy, plants_of, score
from docs.evidence.studies.naryn_cascade_text import CASCADE_TABLES, cascade_of_model, cascade_text
from waterflow.errors import InputError
from waterflow.loading.model import tables_folder
from waterflow.observations.files import checked_frames


@pytest.fixture(scope="module")
def tables():
    return checked_frames(tables_folder("syr_darya"), CASCADE_TABLES, ["plants"])


@pytest.fixture(scope="module")
def found(tables):
    return cascade_energy(tables)


def test_a_plant_turns_no_more_than_its_turbines_take():
    flow = pd.Series([100.0, 900.0, float("nan")])
    made = plant_energy(flow, 0.5, pd.Series([600.0, 600.0, 600.0]))
    assert made[:2].tolist() == [50.0, 300.0]
    assert pd.isna(made[2]), "what was not seen is not made"


def test_score_by_hand():
    # errors -10, +20, -40: mean -10, mean size 23.33; mean published 200; 17,000 / sqrt(15,800 * 20,000) = 0.9563
    simulated, published = pd.Series([90.0, 220.0, 260.0, 1.0]), pd.Series([100.0, 200.0, 300.0, float("nan")])
    got = score(simulated, published)
    assert (got.count, got.bias, got.bias_fraction) == (3, -10.0, -0.05)
    assert got.mean_error == pytest.approx(70 / 3)
    assert got.correlation == pytest.approx(0.9563, abs=1e-4)


def test_only_whole_observed_years_are_compared(found):
    assert found.years.index.tolist() == [2001, 2002, 2003, 2004, 2005, 2006, 2007, 2023]


def test_five_plants_at_the_models_rates(tables, found):
    plants = plants_of(tables)
    assert plants == ["toktogul_hpp", "kurpsai_hpp", "tashkumyr_hpp", "shamaldysai_hpp", "uchkurgan_hpp"]
    # 2002 never filled the turbines: rates times water, the lower three with the side inflow too
    year = found.years.loc[2002]
    by_hand = 0.564 * year["release_Mm3"] + 0.26 * (year["release_Mm3"] + year["side_inflow_Mm3"])
    assert year["simulated_GWh"] == pytest.approx(by_hand, rel=1e-6)


def test_the_bias_is_small_and_the_years_agree(found):
    assert -0.06 < found.national.bias_fraction < -0.03
    assert abs(found.cascade.bias_fraction) < 0.03
    assert found.cascade.mean_error / found.years["cascade_GWh"].mean() < 0.05
    assert found.cascade.correlation > 0.8


def test_a_fixed_head_gives_too_little_in_full_years(found):
    assert found.storage_correlation < -0.3
    assert found.storage_slope < 0


def test_all_plants_of_the_state_bound_the_cascade(found):
    assert len(found.months) == 3
    assert (found.months["simulated_GWh"] < found.months["published_GWh"]).all()


def test_nothing_published_was_computed_from_releases(tables):
    assert not set(tables["published_generation"]["grade"]) & {"derived", "assumed", "observed"}


def test_a_wrong_rate_shows(tables):
    plants = tables["plants"].assign(energy_rate_GWh_per_Mm3=tables["plants"]["energy_rate_GWh_per_Mm3"] * 1.1)
    assert cascade_energy({**tables, "plants": plants}).cascade.bias_fraction > 0.05


def test_unseen_months_stay_unseen(tables):
    monthly = cascade_by_month(tables)
    assert monthly.loc["2015-06", "toktogul_hpp":].isna().all()


def test_the_text_tells_both_biases_and_the_doubt(found):
    text = cascade_text(found)
    assert "-4.5 %" in text
    assert "-1.0 %" in text
    assert "fixed head" in text
    assert "assumed" in text
    assert text == cascade_text(cascade_of_model())


def test_a_model_without_observations_is_refused():
    with pytest.raises(InputError, match="no-observations"):
        cascade_of_model("two_reservoirs")
