"""Models of other programs: what maps solves to an answer worked out by hand, what does not is listed, what is broken is refused.

All examples are invented; only the formats are those that the programs document.
"""

import json
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.exchange.ribasim_example import LINKS, NODES, TABLES, write_ribasim
from waterflow import cli

PYWR = {
    "metadata": {"title": "Invented river"},
    "timestepper": {"start": "2025-01-01", "end": "2025-03-31", "timestep": 1},
    "nodes": [
        {"name": "Hills", "type": "catchment", "flow": "inflow", "position": {"schematic": [10, 100]}},
        {"name": "Dam", "type": "Reservoir", "max_volume": 300, "min_volume": 20, "initial_volume": 100, "cost": -5, "evaporation": 0.1},
        {"name": "Pipe", "type": "Link", "max_flow": 0.8},
        {"name": "Town", "type": "Output", "max_flow": {"type": "constant", "value": 1}, "cost": -100},
        {"name": "Gauge", "type": "RiverGauge", "mrf": 0.5, "mrf_cost": -200},
        {"name": "Farms", "type": "output", "max_flow": "crops", "cost": -50},
        {"name": "Sea", "type": "output"},
        {"name": "Wells", "type": "AggregatedNode", "nodes": ["Town"]},
    ],
    "edges": [["Hills", "Dam"], ["Dam", "Pipe"], ["Pipe", "Town"], ["Dam", "Gauge"], ["Gauge", "Farms"], ["Gauge", "Sea"]],
    "parameters": {
        "inflow": {"type": "monthlyprofile", "values": [1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4]},
        "crops": {"type": "ConstantParameter", "value": 2},
        "odd": {"type": "controlcurve"},
    },
    "recorders": {"r": {}},
}


def made(path, folder, *options, code=0):
    assert cli.main(["new", "model", str(folder / "river"), "--from", str(path), *options]) == code


def pywr(folder, **changes):
    path = folder / "river.json"
    path.write_text(json.dumps(PYWR | changes), encoding="utf-8")
    return path


def of(dataset, name, **at):
    return float(dataset[name].sel(at).sum())


def test_a_pywr_model_by_hand(tmp_path, capsys):
    """31 + 56 + 93 Mm3 flow in, 100 - 20 are stored: 260. The pipe takes 0.8 a day, 72 in 90 days, of the town's 90.

    188 are left for farms that ask for 180. The gauge wants 0.5 a day, 45, on the way there. 8 are left over.
    """
    made(pywr(tmp_path), tmp_path, "--unit", "Mm3")
    told = capsys.readouterr().out
    for left in ("Dam (Reservoir.cost)", "Dam (Reservoir.evaporation)", "Wells (AggregatedNode)", "odd (parameter)", "recorders (part"):
        assert left in told, left
    basin = wf.read_basin(tmp_path / "river")
    dataset = wf.allocate(basin).dataset
    assert of(dataset, "runoff") == pytest.approx(180)
    assert of(dataset, "delivery", demand="town_demand") == pytest.approx(72)
    assert of(dataset, "delivery", demand="farms_demand") == pytest.approx(180)
    kept = of(dataset.isel(period=-1), "storage")
    assert kept + of(dataset, "flow", reach="gauge_sea") == pytest.approx(100 + 180 - 72 - 180)
    assert of(dataset, "floor_shortfall") == pytest.approx(0)
    assert [p.name for p in basin.objective.priorities] == ["rank_1", "rank_2", "rank_3", "cost"]
    assert basin.objective.priorities[0].claims[0].kind == "floors", "the dearest is met first"
    assert all(0 <= n.x <= 100 for n in basin.nodes.values())


def test_a_unit_scales_all_volumes(tmp_path):
    made(pywr(tmp_path), tmp_path, "--unit", "Ml")
    assert of(wf.allocate(wf.read_basin(tmp_path / "river")).dataset, "runoff") == pytest.approx(0.18)


def test_the_dry_river_serves_the_dearer_user(tmp_path):
    """No inflow, 80 in the dam: the pipe's 72 go to the town; 8 are left for the farms, by way of the gauge, which comes first: 8 of 45."""
    parameters = PYWR["parameters"] | {"inflow": {"type": "constant", "value": 0.0}}
    made(pywr(tmp_path, parameters=parameters), tmp_path, "--unit", "Mm3")
    dataset = wf.allocate(wf.read_basin(tmp_path / "river")).dataset
    # the gauge before the town: 45 pass it and go on to the farms; 35 are left for the town
    assert of(dataset, "delivery", demand="town_demand") == pytest.approx(35)
    assert of(dataset, "delivery", demand="farms_demand") == pytest.approx(45)


def test_a_column_of_a_file_is_read_by_day(tmp_path):
    rows = [f"2025-{m:02d}-{d:02d},{m}" for m, days in ((1, 31), (2, 28), (3, 31)) for d in range(1, days + 1)]
    (tmp_path / "flows.csv").write_text("\n".join(["Date,Q", *rows]) + "\n", encoding="utf-8")
    inflow = {"type": "dataframe", "url": "flows.csv", "column": "Q", "index_col": "Date", "parse_dates": True}
    made(pywr(tmp_path, parameters=PYWR["parameters"] | {"inflow": inflow}), tmp_path, "--unit", "Mm3")
    assert of(wf.allocate(wf.read_basin(tmp_path / "river")).dataset, "runoff") == pytest.approx(31 + 56 + 93)


def test_a_day_that_is_missing_is_told_and_not_filled(tmp_path, capsys):
    (tmp_path / "flows.csv").write_text("Date,Q\n2025-01-01,5\n", encoding="utf-8")
    inflow = {"type": "dataframe", "url": "flows.csv", "column": "Q", "index_col": "Date"}
    made(pywr(tmp_path, parameters=PYWR["parameters"] | {"inflow": inflow}), tmp_path, "--unit", "Mm3")
    assert "no value for 2025-01-02" in capsys.readouterr().out
    assert not wf.read_basin(tmp_path / "river").runoff


@pytest.mark.parametrize(
    "changes",
    [
        {"timestepper": {"start": "2025-01-05", "end": "2025-01-20"}},
        {"timestepper": {}},
        {"nodes": []},
        {"nodes": [{"name": "a"}]},
        {"edges": [["Hills", "Nowhere"]]},
        {"nodes": [*PYWR["nodes"], {"name": "B", "type": "storage", "max_volume": {"type": "controlcurve"}, "initial_volume": 1}]},
    ],
)
def test_a_broken_pywr_model_is_refused(changes, tmp_path, capsys):
    made(pywr(tmp_path, **changes), tmp_path, "--unit", "Mm3", code=3)
    assert "[bad-foreign-model]" in capsys.readouterr().err
    assert not (tmp_path / "river").exists()


def test_a_unit_is_never_guessed(tmp_path):
    made(pywr(tmp_path), tmp_path, code=2)
    made(write_ribasim(tmp_path / "r"), tmp_path, "--unit", "m3", code=2)
    other = tmp_path / "a.txt"
    other.write_text("{}")
    made(other, tmp_path, code=3)


MONTH = 31 * 86400 / 1e6


def test_a_ribasim_model_by_hand(tmp_path, capsys):
    """January, 1 m3/s = 2.6784 Mm3. The narrows pass 25 m3/s = 66.96; the pool holds 10 and gets 2.6784 beside them: 79.6384.

    The weir passes the fish 5 m3/s = 13.392 and the town takes 8 = 21.4272, both of the first rank; 44.8192 are left for the fields.
    """
    made(write_ribasim(tmp_path / "r"), tmp_path)
    told = capsys.readouterr().out
    for left in (
        "Keeper (PidControl)",
        "Fields (UserDemand.min_level)",
        "PidControl / static (table)",
        "solver (part",
        "Weir (Pump.flow_rate)",
    ):
        assert left in told.replace("\n", " "), left
    dataset = wf.allocate(wf.read_basin(tmp_path / "river")).dataset
    assert of(dataset, "delivery", demand="town") == pytest.approx(8 * MONTH)
    assert of(dataset, "flow", reach="weir") == pytest.approx(5 * MONTH)
    assert of(dataset, "delivery", demand="fields") == pytest.approx(10 + MONTH + 25 * MONTH - 13 * MONTH)
    assert of(dataset, "storage", reservoir="lake") == pytest.approx(50 + 10 * MONTH - 25 * MONTH)


def test_what_comes_back_is_counted(tmp_path, capsys):
    """Half of what the fields take comes back to the pool at once, and is not taken twice: it serves the fish, all the rest is theirs."""
    users = ("node_id, active, demand, return_factor, min_level, demand_priority", [(5, 1, 8.0, 0.0, None, 1), (6, 1, 40.0, 0.5, None, 2)])
    made(write_ribasim(tmp_path / "r", tables=TABLES | {"UserDemand / static": users}), tmp_path)
    assert "Fields (UserDemand.return_factor)" in capsys.readouterr().out
    dataset = wf.allocate(wf.read_basin(tmp_path / "river")).dataset
    assert of(dataset, "delivery", demand="fields") == pytest.approx(10 + 26 * MONTH - 8 * MONTH)


def test_rates_in_time(tmp_path):
    """A flow boundary holds a rate until the next row: 10 days of 31, then 21 of 4. A demand runs straight from 0 to 62: 31 in the mean."""
    tables = {name: rows for name, rows in TABLES.items() if name not in ("FlowBoundary / static", "UserDemand / static")}
    tables["FlowBoundary / time"] = ("node_id, time, flow_rate", [(1, "2025-01-01T00:00:00", 31.0), (1, "2025-01-11T00:00:00", 4.0)])
    columns = "node_id, time, demand, return_factor, demand_priority"
    rows = [(6, "2025-01-01", 0.0, 0.0, 1), (6, "2025-02-01", 62.0, 0.0, 1), (5, "2025-01-01", 1.0, 0.0, 1)]
    tables["UserDemand / time"] = (columns, rows)
    made(write_ribasim(tmp_path / "r", tables=tables), tmp_path)
    dataset = wf.allocate(wf.read_basin(tmp_path / "river")).dataset
    assert of(dataset, "runoff", node="source") == pytest.approx((310 + 84) * 0.0864)
    assert of(dataset, "need", demand="fields") == pytest.approx(31 * MONTH)


def test_evaporation_of_a_basin_with_a_growing_area(tmp_path, capsys):
    """An area of 0 to 2 km2 over 10 m holds 10 Mm3: a quarter up it is 0.5 km2 and holds 0.625. What seeps is 1 m3/s of January."""
    profile = ("node_id, area, level", [(2, 1e6, 0.0), (2, 1e6, 100.0), (4, 0.0, 0.0), (4, 2e6, 10.0)])
    static = ("node_id, drainage, potential_evaporation, infiltration, precipitation", [(4, 1.0, 1e-8, 1.0, 0.0)])
    made(write_ribasim(tmp_path / "r", tables=TABLES | {"Basin / profile": profile, "Basin / static": static}), tmp_path)
    told = capsys.readouterr().out
    assert "Pool (Basin.area)" in told
    assert "Pool (Basin.infiltration)" not in told
    pool = wf.read_basin(tmp_path / "river").reservoirs["pool"]
    assert (pool.full_storage, pool.area_at_zero, pool.area_slope) == pytest.approx((10, 0, 0.2))
    assert [x for point in pool.curve.points for x in point] == pytest.approx([0, 0, 0.625, 0.5, 2.5, 1, 5.625, 1.5, 10, 2])
    assert pool.seepage_volume[0] == pytest.approx(31 * 0.0864)
    assert pool.net_evaporation[0] == pytest.approx(1e-8 * 31 * 86400)


@pytest.mark.parametrize(
    "changes",
    [
        {"nodes": []},
        {"nodes": [*NODES, (11, "Basin", "No profile")]},
        {"links": [*LINKS, (1, 99, "flow")]},
        {"end": "2025-01-20"},
        {"tables": TABLES | {"FlowBoundary / static": ("node_id, active, flow_rate", [(1, 1, "much")])}},
    ],
)
def test_a_broken_ribasim_model_is_refused(changes, tmp_path, capsys):
    made(write_ribasim(tmp_path / "r", **changes), tmp_path, code=3)
    assert "[bad-foreign-model]" in capsys.readouterr().err
    assert not (tmp_path / "river").exists()


def test_a_missing_or_foreign_database_is_refused(tmp_path, capsys):
    path = write_ribasim(tmp_path / "r")
    (tmp_path / "r" / "database.gpkg").write_bytes(b"not a database")
    made(path, tmp_path, code=3)
    (tmp_path / "r" / "database.gpkg").unlink()
    made(path, tmp_path, code=3)
    with closing(sqlite3.connect(tmp_path / "r" / "database.gpkg")) as database:
        database.execute("CREATE TABLE other (a)")
    made(path, tmp_path, code=3)
    assert capsys.readouterr().err.count("[bad-foreign-model]") == 2


def test_a_river_of_ours_that_would_not_run_is_refused(tmp_path, capsys):
    """Water that runs in a ring has no place in our models: our own reader says so, and nothing is written."""
    made(pywr(tmp_path, edges=[*PYWR["edges"], ["Gauge", "Dam"]]), tmp_path, "--unit", "Mm3", code=3)
    assert not (tmp_path / "river").exists()
    assert "problem" in capsys.readouterr().err


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_refused_or_read(tmp_path_factory, data):
    """Any value of the file replaced by another: exit 0 or 3, never a traceback."""
    whole = json.loads(json.dumps(PYWR))
    part = whole
    for _ in range(data.draw(st.integers(1, 4))):
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(part[key], dict | list) and data.draw(st.booleans()):
            part = part[key]
            continue
        part[key] = data.draw(st.sampled_from([None, -1, "x", [], {}, 1e400, True, ["a", 1], {"type": "constant"}]))
        break
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "river.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert cli.main(["new", "model", str(folder / "river"), "--from", str(path), "--unit", "Mm3"]) in (0, 3)
