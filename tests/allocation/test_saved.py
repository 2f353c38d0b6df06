"""Saved allocations: what is another file, damaged, or another river's is refused, whatever the bytes."""

from pathlib import Path

import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rivers import every_process
from waterflow import allocate, open_allocation, read_basin
from waterflow.allocation import files
from waterflow.cli import main
from waterflow.commands.evaluate import _check_last
from waterflow.errors import InputError


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return allocate(read_basin("two_reservoirs")).save(tmp_path_factory.mktemp("saved") / "a.nc")


@pytest.fixture(scope="module")
def opened(saved):
    return xr.open_dataset(saved, engine="h5netcdf").load()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_bytes_are_refused_or_read(saved, tmp_path, data):
    content = bytearray(saved.read_bytes())
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    path = tmp_path / "damaged.nc"
    path.write_bytes(content)
    codes = set()
    try:
        open_allocation(path)
    except InputError as error:
        codes = {problem.code for problem in error.problems}
    assert codes <= {"not-an-allocation"}


@pytest.mark.parametrize("attrs", [{}, {"basin_json": "{}"}, {"basin_json": "not JSON"}, {"basin_json": 3}])
def test_a_foreign_netcdf_is_refused(tmp_path, attrs):
    path = tmp_path / "foreign.nc"
    xr.Dataset({"a": ("x", [1.0])}, attrs=attrs).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(InputError) as caught:
        open_allocation(path)
    assert caught.value.problems[0].code == "not-an-allocation"


def test_a_dataset_that_is_not_its_basins_is_refused(saved, opened, monkeypatch):
    monkeypatch.setattr(files, "content", lambda _: opened.copy(deep=True).isel(reach=slice(1)))
    with pytest.raises(InputError, match="of the dimension reach"):
        open_allocation(saved)


def test_a_plan_saved_before_files_had_a_form_still_opens():
    """Saved by the commit e96943f of 26 November 2026; what it lacks are tables that its river has none of."""
    old = open_allocation(Path(__file__).parent / "old" / "two_reservoirs_2026_11_26.nc")
    now = allocate(read_basin("two_reservoirs"))
    assert float(abs(old.dataset["delivery"].values - now.dataset["delivery"].values).max()) < 1e-6
    assert "above_alarm" not in old.dataset
    assert old.summary() == allocate(old.basin).summary()
    assert old.basin.calendar == now.basin.calendar


def test_a_plan_that_lacks_what_is_read_is_told_and_not_half_read(opened, tmp_path):
    path = tmp_path / "older.nc"
    opened.drop_vars("water_balance_dual").to_netcdf(path, engine="h5netcdf")
    with pytest.raises(InputError, match="without water_balance_dual") as caught:
        open_allocation(path)
    assert caught.value.problems[0].code == "not-an-allocation"


def test_a_file_of_a_later_form_is_refused(saved, opened, monkeypatch):
    monkeypatch.setattr(files, "content", lambda _: opened.copy(deep=True).assign_attrs(waterflow_format=2))
    with pytest.raises(InputError, match="of the form 2"):
        open_allocation(saved)


@pytest.mark.parametrize("river", [lambda: read_basin("two_reservoirs"), lambda: every_process().basin()])
def test_a_reopened_basin_is_the_same_question(river, tmp_path):
    """What was saved may be asked again: nothing in it counts as said that nobody said."""
    first = allocate(river())
    again = allocate(open_allocation(first.save(tmp_path / "a.nc")).basin)
    assert float(abs(again.dataset["delivery"] - first.dataset["delivery"]).max()) < 1e-9


def test_another_rivers_plan_is_no_last_plan(tmp_path, capsys):
    last = allocate(read_basin("larson_four_reservoirs")).save(tmp_path / "last.nc")
    plan = tmp_path / "plan.csv"
    plan.write_text("period,unit,upper,middle\n" + "".join(f"2025-0{k},Mm3,1,1\n" for k in range(1, 5)), encoding="utf-8")
    assert main(["evaluate", "two_reservoirs", str(plan), "--last", str(last)]) == 3
    assert "a plan of another river" in capsys.readouterr().err


def test_a_plan_of_other_days_is_no_last_plan():
    basins = [read_basin("syr_darya", scenario=s) for s in ("season_2023_24", "season_2024_25")]
    with pytest.raises(InputError, match="2023-10-01/2024-09-30, month") as caught:
        _check_last(Path("last.nc"), *basins)
    assert caught.value.problems[0].code == "another-plan"
    _check_last(Path("last.nc"), basins[0], basins[0])
