"""The cascade with the head of Toktogul: by hand, on the shipped tables, and what head does and does not explain."""

import numpy as np
import pandas as pd
import pytest

from docs.evidence.studies.naryn_cascade_head import cascade_head, cascade_head_of_model, cascade_head_text, head_rate
from docs.evidence.studies.naryn_cascade_text import CASCADE_TABLES
from waterflow.loading.model import tables_folder
from waterflow.observations.files import checked_frames


@pytest.fixture(scope="module")
def tables():
    return checked_frames(tables_folder("syr_darya"), CASCADE_TABLES, ["plants", "plant_heads", "levels"])


@pytest.fixture(scope="module")
def found(tables):
    return cascade_head(tables)


def test_the_rate_is_that_of_the_mean_storage(tables):
    """10,609 and 12,874 Mm3 are 865 and 875 m: the mean month stands at 870 m, 146 m above the plant."""
    storage = pd.Series([10_609.0, 12_874.0, np.nan], pd.period_range("2001-01", periods=3, freq="M"))
    rates = head_rate(tables, storage)
    assert rates.iloc[0] == pytest.approx(0.002725 * 0.845 * 141)
    assert rates.iloc[1] == pytest.approx(0.002725 * 0.845 * 146)
    assert np.isnan(rates.iloc[2])


def test_a_full_toktogul_makes_more_than_its_fixed_rate_and_a_low_one_less(found):
    years = found.years
    assert (years.loc[[2003, 2004, 2005, 2006], "head_GWh"] > 1.05 * years.loc[[2003, 2004, 2005, 2006], "fixed_GWh"]).all()
    assert years.loc[2023, "head_GWh"] < 0.95 * years.loc[2023, "fixed_GWh"]


def test_years_are_met_within_a_few_per_cent(found):
    assert len(found.years) == 8
    assert abs(found.head.bias_fraction) < 0.02
    assert found.years["head_bias"].abs().max() < 0.08


def test_head_takes_the_pattern_out_of_the_bias(found):
    """With a fixed rate full years come out too low; with head the bias no longer falls with storage, and years are ranked better."""
    full, low = found.by_storage("fixed")
    assert full < low - 0.03
    assert found.on_storage("fixed")[0] < -0.4
    assert abs(found.on_storage("head")[0]) < 0.4
    assert abs(found.on_storage("head")[1]) < abs(found.on_storage("fixed")[1])
    assert found.head.correlation > found.fixed.correlation + 0.03
    assert found.head.mean_error < found.fixed.mean_error


def test_a_wrong_efficiency_shows(tables):
    heads = tables["plant_heads"].assign(efficiency_fraction=0.95)
    assert cascade_head({**tables, "plant_heads": heads}).head.bias_fraction > 0.04


def test_the_text_tells_what_head_does_and_what_is_left(found):
    text = cascade_head_text(cascade_head_of_model())
    assert "fixed rate" in text
    assert "2006 and 2007" in text
    assert "are not explained" in text
