"""The calibration reproduces the shipped tables, and a dry summer lowers the next winter's Fergana gain."""

import pytest

from waterflow import allocate, read_basin
from waterflow.calibration.calibrate import calibrate_model
from waterflow.loading.model import tables_folder
from waterflow.observations.files import observed_tables
from waterflow.report.files import write_tables


@pytest.fixture(scope="module")
def calibration():
    return calibrate_model("syr_darya")


def test_the_shipped_tables_are_what_the_calibration_writes(calibration, tmp_path):
    write_tables(calibration.tables, tmp_path)
    for name in calibration.tables:
        assert (tmp_path / f"{name}.csv").read_text() == (tables_folder("syr_darya") / f"{name}.csv").read_text(), name


def test_drainage_comes_back_in_winter(calibration):
    fit = calibration.fits["fergana"]
    assert 0.2 < fit.return_fraction < 0.6
    assert sum(fit.kernel) == pytest.approx(1, abs=1e-3)
    assert sum(k * share for k, share in enumerate(fit.kernel)) > 3, "mean lag in months"


def test_a_dry_summer_lowers_the_next_winters_fergana_gain():
    wet = read_basin("syr_darya")
    dried = {name: d.model_copy(update={"delivery_before": tuple(0.8 * v for v in d.delivery_before)}) for name, d in wet.demands.items()}
    dry = wet.replaced(demands=dried)
    gains = []
    for basin in (wet, dry):
        dataset = allocate(basin).dataset
        winter = [k for k, p in enumerate(basin.calendar.periods) if p.season == "non_growing"]
        gains.append(float(dataset["return_flow"].sel(demand=list(basin.returns_to["akdjar"])).values[:, winter].sum()))
    assert gains[1] < gains[0] - 100, "a fifth less delivered must cost hundreds of Mm3 in winter"


def test_nothing_below_the_headwaters_is_observed_after_march_2024():
    flows = observed_tables("syr_darya")["monthly_flows"]
    assert flows["period"].max() <= "2024-03"
