"""The interface other models couple to: what is set counts or is refused, what is read is what was decided, a state goes on."""

import json
from pathlib import Path

import numpy as np
import pytest

import waterflow as wf

pytest.importorskip("bmipy")

from waterflow.coupling import WaterflowBmi
from waterflow.coupling.variables import INPUTS, OUTPUTS, VARIABLES

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "docs" / "guides" / "coupling" / "waterflow.yaml"
RUNOFF, RUNOFFS = (v.name for v in INPUTS if v.source == "runoff")
NEED, NEEDS = (v.name for v in INPUTS if v.source == "need")
DELIVERED, STORED = "water_user_water__delivered_volume_flow_rate", "reservoir_water__volume"


def begun(text="format: 1\nmodel: two_reservoirs\nprices: no\n", folder=None):
    river = WaterflowBmi()
    if folder is None:
        river.initialize(str(CONFIG))
    else:
        (folder / "river.yaml").write_text(text, encoding="utf-8")
        river.initialize(str(folder / "river.yaml"))
    return river


@pytest.fixture
def river(tmp_path):
    return begun(folder=tmp_path)


def codes(refused):
    return [p.code for p in refused.value.problems]


def test_steps_are_periods_of_their_own_length():
    river = begun()
    days = [river.get_time_step()]
    assert (river.get_start_time(), river.get_current_time(), river.get_time_units()) == (0.0, 0.0, "d")
    river.update_until(31.0)
    assert (river.get_current_time(), river.periods_over) == (31.0, 3)
    days.append(river.get_time_step())
    river.update_until(51.0)
    days.append(river.get_time_step())
    assert days == [10.0, 10.0, 8.0], "the first dekads of January and February, the last of February"
    assert river.get_end_time() == 120.0


@pytest.mark.parametrize("time", [15.0, 10.0, 130.0, float("nan")])
def test_within_a_period_nothing_is_decided(time):
    river = begun()
    river.update_until(20.0)
    with pytest.raises(wf.InputError) as refused:
        river.update_until(time)
    assert codes(refused) == ["bad-time"]
    assert river.get_current_time() == 20.0


def test_stepping_finds_the_plan_of_one_solve(river):
    plan = wf.allocate(wf.read_basin("two_reservoirs")).dataset
    days = plan["days"].values
    while river.get_current_time() < river.get_end_time():
        k = river.periods_over
        river.update()
        rate = 1e6 / (86400 * days[k])
        assert np.allclose(river.get_value_ptr(DELIVERED), plan["delivery"].values[:, k] * rate)
        stored = dict(zip(river.nodes, river.get_value_ptr(STORED), strict=True))
        assert all(np.isclose(stored[str(r)], float(plan["storage"].sel(reservoir=r)[k])) for r in plan["reservoir"].values)
        flows = dict(zip(river.reaches, river.get_value_ptr("channel_water__volume_flow_rate"), strict=True))
        assert all(np.isclose(flows[str(a)], float(plan["flow"].sel(reach=a)[k]) * rate) for a in plan["reach"].values)
        assert np.isnan(stored["lake"]), "no reservoir: blank, never 0"
    with pytest.raises(wf.InputError) as refused:
        river.update()
    assert codes(refused) == ["past-period"]


def test_what_is_set_counts_from_then_on(river):
    river.update()
    mountain, count = river.nodes.index("mountain"), len(river.nodes)
    forecast = river.get_value(RUNOFFS, np.empty(4 * count)).reshape(4, count)
    forecast[1:, mountain] *= 0.5
    river.set_value(RUNOFFS, forecast.reshape(-1))
    days = [p.days for p in river.basin.calendar.periods]
    assert np.allclose(river.get_value_ptr(RUNOFF)[mountain], forecast[1, mountain]), "the current period is a row of the horizon"
    assert river.basin.runoff["mountain"] == pytest.approx((100.0, 50.0, 100.0, 150.0))
    river.set_value_at_indices(NEED, [0], [12.5])
    assert river.basin.demands["valley_fields"].need[1] == pytest.approx(12.5 * 86400 * days[1] / 1e6)
    river.update()
    assert river.get_value_ptr(RUNOFF)[mountain] == pytest.approx(forecast[2, mountain])


def test_a_pointer_is_the_memory_of_the_model(river):
    runoff, stored = river.get_value_ptr(RUNOFF), river.get_value_ptr(STORED)
    mountain = river.nodes.index("mountain")
    runoff[mountain] = 20.0
    river.update()
    assert river.basin.runoff["mountain"][0] == pytest.approx(20.0 * 31 * 86400 / 1e6)
    assert river.get_value_ptr(STORED) is not stored
    assert np.array_equal(stored, river.get_value_ptr(STORED), equal_nan=True), "read before, and still what is"
    assert np.shares_memory(runoff, river.get_value_ptr(RUNOFF))
    with pytest.raises(ValueError, match="read-only"):
        stored[0] = 1.0


def test_one_figure_has_one_value(river):
    mountain = river.nodes.index("mountain")
    river.get_value_ptr(RUNOFF)[mountain] = 20.0
    river._run.inputs["runoff"].horizon[0, mountain] = 30.0
    with pytest.raises(wf.InputError) as refused:
        river.update()
    assert codes(refused) == ["twice"]
    assert river.get_current_time() == 0.0


def set_past(river):
    river.set_value_at_indices(RUNOFFS, [river.nodes.index("mountain")], [1.0])


def set_past_by_pointer(river):
    river.get_value_ptr(RUNOFFS)[river.nodes.index("mountain")] = 1.0
    river.update()


def set_nowhere(river):
    river.set_value_at_indices(RUNOFF, [river.nodes.index("lake")], [1.0])


def set_nothing(river):
    river.set_value_at_indices(RUNOFF, [river.nodes.index("mountain")], [np.nan])


def set_less(river):
    river.set_value(NEED, np.array([-1.0]))


def set_output(river):
    river.set_value(DELIVERED, np.array([1.0]))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (set_past, "past-period"),
        (set_past_by_pointer, "past-period"),
        (set_nowhere, "unknown-given"),
        (set_nothing, "not-finite"),
        (set_less, "negative"),
        (set_output, "unknown-given"),
        (lambda r: r.set_value(NEED, np.zeros(3)), "series-length"),
        (lambda r: r.get_value(NEED, np.zeros(3)), "series-length"),
        (lambda r: r.get_value_at_indices(NEED, np.zeros(1), [-1]), "unknown-given"),
        (lambda r: r.get_var_units("water"), "unknown-given"),
        (lambda r: r.get_grid_size(9), "unknown-given"),
        (lambda r: r.get_grid_spacing(0, np.zeros(2)), "wrong-kind"),
        (lambda r: r.get_grid_shape(0, np.zeros(2)), "wrong-kind"),
        (lambda r: r.get_grid_edge_count(2), "wrong-kind"),
        (lambda _: WaterflowBmi().update(), "wrong-kind"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(river, wrong, code):
    river.update()
    before = {v.name: river.get_value(v.name, np.empty(river.get_value_ptr(v.name).size)) for v in VARIABLES.values()}
    with pytest.raises(wf.InputError) as refused:
        wrong(river)
    assert codes(refused) == [code]
    assert all(np.array_equal(river.get_value_ptr(name), values, equal_nan=True) for name, values in before.items())
    river.update()


def test_nothing_where_there_is_nothing_is_no_fault(river):
    """A model with a figure for every node says 0 where no runoff enters: that is what the river has there."""
    values = np.nan_to_num(river.get_value(RUNOFF, np.empty(len(river.nodes))))
    river.set_value(RUNOFF, values)
    assert np.isnan(river.get_value_ptr(RUNOFF)[river.nodes.index("lake")])


def test_a_clash_lets_nothing_pass(river):
    """A dam that must hold more than it can: there is no plan, nothing passes, and with the rule as it was there is one."""
    whole = river.basin
    river._run.onward.basin = whole.changed(ruled_storage=dict.fromkeys(whole.storage_rules, 700.0))
    stored = river.get_value_ptr(STORED).copy()
    with pytest.raises(wf.ConflictError):
        river.update()
    assert river.get_current_time() == 0.0
    assert np.array_equal(river.get_value_ptr(STORED), stored, equal_nan=True)
    river._run.onward.basin = whole
    river.update()
    assert river.get_current_time() == 31.0


def test_a_state_goes_on_as_if_nothing_had_been(tmp_path, river):
    river.update()
    river.set_value(NEED, np.array([33.0]))
    river.save_state(tmp_path / "река.json")
    other = WaterflowBmi()
    other.restore_state(tmp_path / "река.json")
    assert (other.get_current_time(), other.nodes, other.start_date) == (31.0, river.nodes, river.start_date)
    for _ in range(3):
        for name in VARIABLES:
            assert np.allclose(river.get_value_ptr(name), other.get_value_ptr(name), equal_nan=True), name
        river.update()
        other.update()
    assert other.get_current_time() == other.get_end_time()


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1, "kind": "waterflow_state"}'])
def test_another_file_is_no_state(tmp_path, river, text):
    path = tmp_path / "state.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(wf.InputError) as refused:
        river.restore_state(path)
    assert codes(refused) == ["not-a-state"]
    river.update()


def test_a_damaged_state_is_told(tmp_path, river):
    path = tmp_path / "state.json"
    river.update()
    river.save_state(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["happened"]["plan"]["flow"][0][0][0] = "nowhere"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(wf.InputError) as refused:
        river.restore_state(path)
    assert codes(refused) == ["not-a-state"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("model: two_reservoirs\n", "bad-model"),
        ("format: 1\nmodel: two_reservoirs\nstpe: dekad\n", "bad-model"),
        ("format: 1\nmodel: nowhere\n", "unknown-model"),
        ("format: 1\nmodel: two_reservoirs\nstep: year\n", "bad-model"),
        ("format: 1\nmodel: two_reservoirs\nset: {runoff.nowhere: 5}\n", "unknown-address"),
    ],
)
def test_a_wrong_configuration_is_told(tmp_path, text, code):
    with pytest.raises(wf.InputError) as refused:
        begun(text, tmp_path)
    assert codes(refused) == [code]


def test_a_configuration_asks_as_questions_do(tmp_path):
    asked = begun("format: 1\nmodel: two_reservoirs\nset: {runoff.all: x0.5}\n", tmp_path)
    assert asked.basin.runoff["mountain"] == (50.0, 50.0, 100.0, 150.0)


# what bmi-tester looks at, so that it holds where that is not installed


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_answers(name):
    river = begun()
    assert river.get_var_type(name) == "float64"
    assert river.get_var_location(name) in ("node", "edge")
    assert river.get_var_nbytes(name) == river.get_value_ptr(name).size * river.get_var_itemsize(name)
    assert river.get_var_units(name) in ("m3 s-1", "hm3", "1e6 hm-3")
    assert len(name.split("__")) == 2
    grid = river.get_var_grid(name)
    count = river.get_grid_edge_count(grid) if river.get_var_location(name) == "edge" else river.get_grid_size(grid)
    assert river.get_value_ptr(name).size == count
    one = river.get_value_at_indices(name, np.empty(1), np.array([count - 1]))
    assert np.array_equal(one, river.get_value(name, np.empty(count))[-1:], equal_nan=True)


def test_every_grid_answers():
    river = begun()
    assert river.get_input_item_count() == len(river.get_input_var_names()) == len(INPUTS)
    assert river.get_output_item_count() == len(river.get_output_var_names()) == len(OUTPUTS)
    assert river.get_component_name() == "waterflow"
    for grid, kind in enumerate(("unstructured", "unstructured", "rectilinear", "rectilinear")):
        assert (river.get_grid_type(grid), river.get_grid_rank(grid)) == (kind, 2)
        size = river.get_grid_size(grid)
        assert river.get_grid_node_count(grid) == size
        if kind == "rectilinear":
            shape = river.get_grid_shape(grid, np.empty(2, dtype=np.int32))
            assert shape.prod() == size
            assert list(river.get_grid_y(grid, np.empty(shape[0])))[:4] == [0.0, 10.0, 20.0, 31.0]
            assert len(river.get_grid_x(grid, np.empty(shape[1]))) == shape[1]
        else:
            assert river.get_grid_face_count(grid) == 0
            places = np.array([river.get_grid_x(grid, np.empty(size)), river.get_grid_y(grid, np.empty(size))])
            assert np.isfinite(places).all()
    ends = river.get_grid_edge_nodes(0, np.empty(2 * len(river.reaches), dtype=np.int32)).reshape(-1, 2)
    basin = river.basin
    assert [(river.nodes[a], river.nodes[b]) for a, b in ends] == [(r.start, r.end) for r in basin.reaches.values()]
    river.finalize()
    with pytest.raises(wf.InputError):
        river.get_current_time()


@pytest.mark.parametrize("unit", sorted({v.units for v in VARIABLES.values()} | {"d"}))
def test_udunits_reads_every_unit(unit):
    units = pytest.importorskip("cf_units")
    assert not units.Unit(unit).is_unknown()


def test_the_guide_has_every_variable():
    page = (ROOT / "docs" / "guides" / "coupling.md").read_text(encoding="utf-8")
    for v in VARIABLES.values():
        row = next((line for line in page.splitlines() if line.startswith(f"| `{v.name}` |")), "")
        assert f"grid {v.grid}" in row, v.name
        assert f"| {v.units} |" in row, v.name
        assert ("edges" in row) == (v.location == "edge"), v.name
