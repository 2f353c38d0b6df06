"""Planes over the end read from their table; rows that do not make planes together are refused."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy

HEAD = ["series", "cut", "reservoir", "storage_Mm3", "value_USD_per_m3", "worth_MUSD", "source", "grade"]
ROWS = [
    ["kept", "one", "mountain", "200", "0.05", "3", "made_up", "assumed"],
    ["kept", "one", "plain", "100", "0.02", "3", "made_up", "assumed"],
    ["kept", "two", "mountain", "400", "0.01", "8", "made_up", "assumed"],
    ["kept", "two", "plain", "100", "0.02", "8", "made_up", "assumed"],
]


def laid(tmp_path, rows=ROWS, *, blocks=False):
    """The teaching river with planes, and with blocks if they are wanted too."""
    copy = Copy(tmp_path).write("end_value_cuts", [HEAD, *rows])
    chosen = "  needs: example\n  end_value_cuts: kept\n"
    if blocks:
        head = ["series", "reservoir", "block", "width_Mm3", "value_USD_per_m3", "source", "grade"]
        copy.write("end_values", [head, ["typed", "mountain", "1", "100", "0.02", "made_up", "assumed"]])
        chosen += "  end_values: typed\n"
    return copy.text("model.yaml", "  needs: example\n", chosen)


def test_rows_of_a_cut_are_one_plane(tmp_path):
    basin = wf.read_basin(laid(tmp_path).folder)
    one = basin.end_value_cuts["one"]
    assert (one.worth, one.storages, one.values) == (3.0, {"mountain": 200.0, "plain": 100.0}, {"mountain": 0.05, "plain": 0.02})
    assert one.at({"mountain": 220.0, "plain": 90.0}) == pytest.approx(3 + 20 * 0.05 - 10 * 0.02)
    found = wf.allocate(basin).dataset
    held = {r: float(found["storage"].sel(reservoir=r)[-1]) for r in one.values}
    assert float(found["worth_kept"].sum()) == pytest.approx(min(c.at(held) for c in basin.end_value_cuts.values()))


@pytest.mark.parametrize(
    ("rows", "code", "found"),
    [
        ([*ROWS[:3], [*ROWS[3][:5], "9", *ROWS[3][6:]]], "unequal-worth", "9"),
        (ROWS[:3], "missing-rows", "plain"),
        ([["kept", "one", "mountian", *ROWS[0][3:]]], "unknown-reservoir", "mountian"),
    ],
)
def test_rows_that_make_no_planes_are_refused(tmp_path, rows, code, found):
    with pytest.raises(wf.InputError) as told:
        wf.read_basin(laid(tmp_path, rows).folder)
    assert any(p.code == code and found in p.found for p in told.value.problems)


def test_blocks_and_planes_of_one_reservoir_are_refused(tmp_path):
    with pytest.raises(wf.InputError) as told:
        wf.read_basin(laid(tmp_path, blocks=True).folder)
    assert {p.code for p in told.value.problems} == {"twice"}
