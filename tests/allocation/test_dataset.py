"""The Dataset as people and other programs read it: time, whose and which, units, files."""

import importlib.util

import numpy as np
import pytest
import xarray as xr

import waterflow as wf
from waterflow.allocation.dataset import CF_UNITS

OWNED = {"demand": "demands", "plant": "plants", "supply": "supplies", "export": "exports", "limit": "limits"}


@pytest.fixture(scope="module", params=["month", pytest.param("dekad", marks=pytest.mark.long)])
def allocation(request):
    return wf.allocate(wf.read_basin("syr_darya", step=request.param))


@pytest.fixture(scope="module")
def dataset(allocation):
    return allocation.dataset


def test_periods_are_days_with_bounds_and_labels_beside_them(allocation, dataset):
    calendar = allocation.basin.calendar
    assert dataset.indexes["period"].equals(dataset["period_bounds"].to_pandas().iloc[:, 0].index)
    assert [str(d)[:10] for d in dataset["period"].values] == [str(p.start) for p in calendar.periods]
    assert list(dataset["period_label"].values) == list(calendar.labels)
    bounds = dataset["period_bounds"].values
    assert (bounds[1:, 0] == bounds[:-1, 1]).all(), "a period begins where the one before ends"
    assert ((bounds[:, 1] - bounds[:, 0]) == dataset["days"].values * np.timedelta64(1, "D")).all()


def test_a_period_is_found_by_its_first_day_and_a_month_by_its_name(allocation, dataset):
    first = allocation.basin.calendar.periods[0]
    one = dataset["delivery"].sel(period=str(first.start))
    assert one["period_label"] == first.label
    assert dataset["delivery"].sel(period="2024-10").sizes["period"] == (1 if allocation.basin.calendar.step == "month" else 3)


def test_months_add_up_to_the_season(allocation, dataset):
    water = dataset["delivery"].sum("demand")
    quarters = water.resample(period="QS-OCT").sum()
    assert float(quarters.sum()) == pytest.approx(float(water.sum()))
    growing = water.sel(period=slice("2025-04", "2025-09")).sum()
    inside = list(allocation.basin.calendar.inside(allocation.basin.calendar.seasons[-1][0]))
    assert float(growing) == pytest.approx(float(water[inside].sum()))


def test_water_adds_up_by_party(allocation, dataset):
    by_party = dataset["delivery"].groupby("party").sum().sum("period")
    for party in by_party["party"].values:
        own = [name for name, d in allocation.basin.demands.items() if d.party == party]
        assert float(by_party.sel(party=party)) == pytest.approx(float(dataset["delivery"].sel(demand=own).sum()))
    energy = dataset["generation"].groupby("plant_party").sum()
    assert float(energy.sum()) == pytest.approx(float(dataset["generation"].sum()))


@pytest.mark.parametrize("dimension", OWNED)
def test_every_member_says_whose_it_is(allocation, dataset, dimension):
    parts = getattr(allocation.basin, OWNED[dimension])
    assert list(dataset[f"{dimension}_party"].values) == [parts[str(name)].party for name in dataset[dimension].values]


def test_a_reservoir_has_the_title_of_its_node_and_its_owner(allocation, dataset):
    one = dataset["storage"].sel(reservoir="toktogul")
    assert (one["reservoir_title"], one["reservoir_owner"]) == (allocation.basin.nodes["toktogul"].title, "KGZ")


def test_every_figure_has_a_unit(dataset):
    numbers = [name for name, v in dataset.variables.items() if v.dtype.kind in "fi"]
    assert len(numbers) > 60
    assert not [name for name in numbers if "units" not in dataset[name].attrs]


@pytest.mark.skipif(importlib.util.find_spec("cf_units") is None, reason="cf-units is not installed")
def test_udunits_reads_every_unit(dataset):
    from cf_units import Unit

    for variable in dataset.variables.values():
        if "units" in variable.attrs:
            Unit(variable.attrs["units"])
    assert Unit(CF_UNITS["Mm3"]) == Unit("1e6 m3")
    assert Unit(CF_UNITS["GWh"]) == Unit("3.6e12 J")
    assert Unit(CF_UNITS["m3/s"]) == Unit("m3 s-1")


def test_a_saved_file_comes_back_the_same(allocation, dataset, tmp_path):
    path = allocation.save(tmp_path / "plan.nc")
    assert wf.open_allocation(path).dataset.identical(dataset)
    with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as raw:
        assert raw["period"].attrs["bounds"] == "period_bounds"
        assert raw["period"].attrs["units"].startswith("days since")
        assert raw["period"].dtype.kind == "i"


def test_a_file_saved_when_periods_were_labels_still_opens(allocation, dataset, tmp_path):
    new = ["period_bounds", "period_end", "party", *(c for c in dataset.coords if c not in dataset.dims and "_" in str(c))]
    kept = dataset.drop_vars(set(new) - {"stage_unit", "stage_sense"})
    old = kept.assign_coords(period=list(allocation.basin.calendar.labels))
    path = wf.Allocation(allocation.basin, lambda: old).save(tmp_path / "old.nc")
    opened = wf.open_allocation(path)
    assert set(opened.dataset.coords) == set(dataset.coords)
    assert opened.dataset["period"].equals(dataset["period"])
    assert opened.summary() == allocation.summary()


def test_what_one_more_unit_does_has_the_same_coordinates(allocation):
    basin = allocation.basin
    prices = wf.Solver(basin).marginal("runoff", ("toktogul", basin.calendar.labels[0]))
    assert prices["delivery"].groupby("party").sum().sizes["party"] == 4
    assert prices["period"].equals(allocation.dataset["period"])
