"""A saved plan in other forms: the long table reads back equal, a file of a stage's program solves to the stage's value."""

import io
import sys

import highspy
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import waterflow as wf
from tests.rivers import every_process
from waterflow import cli
from waterflow.allocation.solve import solve
from waterflow.exchange.files import parquet, program_text
from waterflow.exchange.long_table import long_table, texts_of
from waterflow.exchange.stage_program import file_name, names_of, stage_program
from waterflow.solver.compile import Component


@pytest.fixture(scope="module")
def allocation():
    return wf.allocate(wf.read_basin("two_reservoirs"))


@pytest.fixture(scope="module")
def saved(allocation, tmp_path_factory):
    return allocation.save(tmp_path_factory.mktemp("saved") / "plan.nc")


def read_back(frame, dataset):
    """Each variable made from its rows alone, in the places that the Dataset has."""
    for name in set(dataset.data_vars) - set(texts_of(dataset)):
        held, rows = dataset[name], frame[frame["variable"] == name]
        values = np.full(held.shape, np.nan)
        axes = [[str(x)[:10] if d == "period" else str(x) for x in dataset[d].values] for d in held.dims]
        for row in rows.to_dict("records"):
            values[tuple(axis.index(str(row[d])) for d, axis in zip(held.dims, axes, strict=True))] = row["value"]
        yield name, held.to_numpy(), values, set(rows["unit"])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_long_table_reads_back_equal(form, saved, allocation, tmp_path, capsys):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / f"plan.{form}"
    assert cli.main(["convert", str(saved), str(path)]) == 0
    assert "stage_path" in capsys.readouterr().err, "what has no row is told"
    frame = (
        pd.read_parquet(path)
        if form == "parquet"
        else pd.read_csv(path, dtype=str, keep_default_na=False).assign(value=lambda f: f["value"].astype(float))
    )
    seen = 0
    for name, held, values, units in read_back(frame, allocation.dataset):
        assert np.array_equal(held, values, equal_nan=True), name
        assert units <= {allocation.dataset[name].attrs.get("unit_in_words", allocation.dataset[name].attrs["units"])}
        seen += int(np.isfinite(held).sum())
    assert seen == len(frame)
    assert len(set(map(tuple, frame.drop(columns="value").astype(str).values))) == len(frame), "one row a value"


def test_one_variable_alone(allocation):
    frame = long_table(allocation.dataset, ["flow"])
    assert set(frame["variable"]) == {"flow"}
    assert frame["value"].sum() == pytest.approx(float(allocation.dataset["flow"].sum()))
    assert list(frame["period_end"][:2]) == ["2025-01-31", "2025-02-28"]


def test_parquet_keeps_numbers_as_numbers(allocation):
    pytest.importorskip("pyarrow")
    frame = long_table(allocation.dataset, ["storage"])
    assert pd.read_parquet(io.BytesIO(parquet(frame)))["value"].dtype == float


def solved_again(text, form, tmp_path):
    path = tmp_path / f"program.{form}"
    path.write_text(text, encoding="utf-8")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = dict(zip((solver.getColName(k)[1] for k in range(solver.getNumCol())), solver.getSolution().col_value, strict=True))
    return solver.getInfo().objective_function_value, values


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize("river", [lambda: wf.read_basin("two_reservoirs"), lambda: every_process().basin()], ids=["two", "every"])
def test_the_program_of_every_stage_solves_to_its_value(form, river, tmp_path):
    solved = solve(river())
    names = names_of(solved.program.unknowns)
    for stage in solved.solution.stages:
        found = stage_program(solved, stage.name)
        value, columns = solved_again(program_text(found, form, ("a remark",)), form, tmp_path)
        assert value == pytest.approx(stage.value, rel=1e-6, abs=1e-6), stage.name
        assert set(columns) <= set(names) | {file_name("share", (stage.name,))}


def test_the_last_program_is_the_plan_and_its_names_map_back(saved, allocation, tmp_path):
    path = tmp_path / "plan.lp"
    assert cli.main(["convert", str(saved), str(path)]) == 0
    _, columns = solved_again(path.read_text(encoding="utf-8"), "lp", tmp_path)
    names = names_of(solve(allocation.basin).program.unknowns)
    seen = 0
    for name, value in columns.items():
        variable, index = names[name]
        dims = allocation.dataset[variable].dims
        at = dict(zip(dims, index, strict=True))
        label = at.pop("period", None)
        held = allocation.dataset[variable].sel(at)
        held = held[list(allocation.dataset["period_label"].values).index(label)] if label else held
        assert float(held) == pytest.approx(value, abs=1e-5), name
        seen += 1
    assert seen > 50
    assert names["flow(upper,2025_01)"] == ("flow", ("upper", "2025-01"))


def test_names_that_would_be_one_are_refused():
    with pytest.raises(wf.InputError) as caught:
        names_of({"flow": Component("flow", 0, (("a-b",), ("a_b",)))})
    assert caught.value.problems[0].code == "name-taken"


def test_a_maximum_is_a_maximum(tmp_path):
    """Under one sum of benefits the only stage is as large as can be."""
    basin = every_process().basin()
    solved = solve(basin.replaced(objective=basin.objective.model_copy(update={"priorities": ()})))
    found = stage_program(solved, "benefit")
    value, _ = solved_again(program_text(found, "lp"), "lp", tmp_path)
    assert found.maximise
    assert value == pytest.approx(found.stage.value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["plan.txt"], "bad-form"),
        (["plan"], "bad-form"),
        (["plan.csv", "--only", "flwo"], "unknown-variable"),
        (["plan.lp", "--stage", "csot"], "unknown-stage"),
        (["no/such/folder/plan.csv"], "bad-folder"),
    ],
)
def test_what_cannot_be_is_refused(arguments, code, saved, tmp_path, capsys):
    assert cli.main(["convert", str(saved), str(tmp_path / arguments[0]), *arguments[1:]]) == 3
    assert f"[{code}]" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["p.lp", "--only", "flow"], ["p.csv", "--stage", "cost"]])
def test_an_option_that_would_go_unheard_is_told(arguments, saved, tmp_path):
    assert cli.main(["convert", str(saved), str(tmp_path / arguments[0]), *arguments[1:]]) == 2


def test_a_plan_of_another_version_is_told(allocation, tmp_path, capsys):
    moved = allocation.dataset.assign(stage_value=allocation.dataset["stage_value"] + 1)
    path = wf.Allocation(allocation.basin, lambda: moved).save(tmp_path / "old.nc")
    assert cli.main(["convert", str(path), str(tmp_path / "plan.lp")]) == 3
    assert "[another-plan]" in capsys.readouterr().err


def test_without_pyarrow_the_extra_is_named(saved, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("waterflow.extras.find_spec", lambda name: None if name == "pyarrow" else True)
    assert cli.main(["convert", str(saved), str(tmp_path / "p.parquet")]) == 3
    assert "syr-waterflow[parquet]" in capsys.readouterr().err
    assert sys.modules


def test_netcdf_has_what_cf_asks_for(saved, tmp_path):
    """What a checker of CF-1.11 looks at, by hand: coordinates named by variables, bounds by their coordinate, methods of cells."""
    again = tmp_path / "again.nc"
    assert cli.main(["convert", str(saved), str(again)]) == 0
    with xr.open_dataset(again, engine="h5netcdf", decode_times=False, decode_coords=False) as raw:
        assert raw.attrs["Conventions"] == "CF-1.11"
        assert {"title", "source", "history"} <= set(raw.attrs)
        assert "coordinates" not in raw.attrs, "coordinates are named by variables"
        assert not raw["period_bounds"].attrs.keys() - {"units", "calendar"}
        assert raw["period"].attrs["units_metadata"] == "leap_seconds: none"
        bounds = raw["period_bounds"].values
        assert (bounds[:, 0] == raw["period"].values).all()
        for name, variable in raw.variables.items():
            named = variable.attrs.get("coordinates", "").split()
            assert all(set(raw[c].dims) <= set(variable.dims) for c in named), name
            assert name == "period_bounds" or variable.attrs.get("long_name"), name
        assert raw["flow"].attrs["cell_methods"] == "period: sum"
        assert "cell_methods" not in raw["storage"].attrs, "storage is that of the end of the period"
    assert wf.open_allocation(again).dataset.identical(wf.open_allocation(saved).dataset)
