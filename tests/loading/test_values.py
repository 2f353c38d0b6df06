"""Values, owners and ranges of prices read from tables; what does not fit is refused."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy

HEAD = ["series", "purpose", "party", "place", "block", "width_fraction"]
HEAD += ["low_USD_per_m3", "central_USD_per_m3", "high_USD_per_m3", "source", "grade"]
ROWS = [
    ["example", "irrigation", "DOWN", "fields", "1", "0.6", "0.02", "0.05", "0.1", "made_up", "assumed"],
    ["example", "irrigation", "DOWN", "fields", "2", "0.4", "0.01", "0.02", "0.04", "made_up", "assumed"],
    ["example", "target", "DOWN", "lake", "1", "1", "0.001", "0.002", "0.003", "made_up", "assumed"],
]
RANGED = ["input", "table", "column", "owner", "part", "change", "low", "high", "from_grade", "name", "name_ru", "source", "grade"]
PRICE = ["cut", "unserved_blocks", "cost_USD_per_kWh", "each", "year", "factor"]


def valued(tmp_path, rows=ROWS):
    """The teaching river with values, owners and the range of one price."""
    copy = Copy(tmp_path).write("values", [HEAD, *rows]).text("model.yaml", "  needs: example", "  needs: example\n  values: example")
    copy.write("owners", [["kind", "place", "party", "source", "grade"], ["reservoir", "mountain", "UP", "made_up", "assumed"]])
    return copy.write("ranges", [RANGED, [*PRICE, "0.5", "2", "assumed", "Cuts", "Отключения", "made_up", "assumed"]])


def test_values_become_blocks_at_three_levels(tmp_path):
    basin = wf.read_basin(valued(tmp_path).folder)
    block = basin.delivery_values["valley_fields/1"]
    assert (block.width, block.value, block.low, block.high) == (0.6, 0.05, 0.02, 0.1)
    (target,) = basin.target_values.values()
    assert (target.target, target.party) == (next(iter(basin.targets)), "DOWN")
    assert basin.reservoirs["mountain"].owner == "UP"
    cost = [b.cost for b in basin.unserved_blocks.values()]
    assert [b.cost for b in basin.at_level("high").unserved_blocks.values()] == pytest.approx([2 * c for c in cost])


@pytest.mark.parametrize(
    ("row", "column", "value", "code", "found"),
    [
        (0, "place", "feilds", "values-nothing", "feilds"),
        (0, "purpose", "drinking", "values-nothing", "drinking"),
        (0, "purpose", "fishing", "unknown-choice", "fishing"),
        (2, "place", "sea", "values-nothing", "sea"),
        (2, "party", "DWON", "unknown-party", "DWON"),
        (1, "central_USD_per_m3", "0.06", "rising-value", "0.06"),
        (1, "low_USD_per_m3", "0.03", "value-levels", "low 0.03"),
        (1, "high_USD_per_m3", "0.2", "rising-value", "0.2"),
        (1, "width_fraction", "0.5", "value-blocks", "1.1"),
        (1, "width_fraction", "40", "not-a-share", "40"),
        (1, "central_USD_per_m3", "", "blank", "blank"),
    ],
)
def test_a_wrong_value_is_refused(tmp_path, row, column, value, code, found):
    rows = [list(r) for r in ROWS]
    rows[row][HEAD.index(column)] = value
    problems = valued(tmp_path, rows).problems()
    assert [p for p in problems if p.code == code and found in p.found], [str(p) for p in problems]


def test_an_owner_of_nothing_is_refused(tmp_path):
    problem = valued(tmp_path).set("owners", 2, "place", "montain").problem()
    assert (problem.code, problem.found) == ("owns-nothing", "montain")


def test_a_range_of_prices_holds_the_price(tmp_path):
    problems = valued(tmp_path).set("ranges", 2, "low", "1.5").problems()
    assert {p.code for p in problems} == {"bad-range"}


def test_every_wrong_value_is_told_at_once(tmp_path):
    rows = [list(r) for r in ROWS]
    rows[0][HEAD.index("place")], rows[2][HEAD.index("place")] = "feilds", "sea"
    assert [p.found for p in valued(tmp_path, rows).problems()] == ["no demand for irrigation of DOWN at feilds", "no target at sea"]


def test_the_syr_darya_values_every_user_and_its_ranges_cover_every_price():
    basin = wf.read_basin("syr_darya", scenario="benefit")
    assert {b.demand for b in basin.delivery_values.values()} == set(basin.demands)
    assert {b.target for b in basin.target_values.values()} == set(basin.targets)
    low, high = basin.at_level("low"), basin.at_level("high")
    for field, attribute in (("supplies", "cost"), ("exports", "price"), ("unserved_blocks", "cost"), ("end_values", "value")):
        for name, part in getattr(basin, field).items():
            assert getattr(getattr(low, field)[name], attribute) <= getattr(part, attribute), name
            assert getattr(getattr(high, field)[name], attribute) > getattr(part, attribute), name


def test_values_that_do_not_count_need_no_new_program():
    """Under priorities the value of claimed irrigation shapes nothing; under one sum of benefits it does."""
    for scenario, same in ((None, True), ("benefit", False)):
        basin = wf.read_basin("syr_darya", scenario=scenario)
        name, block = next((n, b) for n, b in basin.delivery_values.items() if basin.demands[b.demand].use == "irrigation")
        moved = basin.replaced(delivery_values=basin.delivery_values | {name: block.model_copy(update={"value": block.value * 2})})
        assert (moved.structure == basin.structure) is same


@pytest.mark.parametrize(("sign", "named"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_parted_otherwise_is_one_message_that_names_the_sign(tmp_path, sign, named):
    copy = Copy(tmp_path)
    path = copy.folder / "tables" / "runoff.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", sign), encoding="utf-8")
    problem = copy.problem()
    assert (problem.code, problem.found) == ("not-a-table", f"columns parted by {named}")
