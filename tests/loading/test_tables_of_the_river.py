"""Tables of the river that few models have: each is read into the basin as it says."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy

MADE_UP = "made_up,assumed"
TABLES = {
    "reach_losses": f"reach,month,evaporation_fraction,seepage_fraction,source,grade\nmiddle,1,0.02,0.03,{MADE_UP}",
    "reach_capacities": f"reach,month,capacity_Mm3,source,grade\nmiddle,1,310,{MADE_UP}",
    "reach_flows_before": f"series,reach,month,flow_Mm3,source,grade\nlast_year,middle,12,60,{MADE_UP}",
    "canal_capacities": f"demand,capacity_m3s,source,grade\nvalley_fields,100,{MADE_UP}",
    "return_flows": f"demand,to_node,kernel,return_fraction,source,grade\nvalley_fields,lake,slow,0.2,{MADE_UP}",
    "return_kernels": f"kernel,lag_months,share_fraction,source,grade\nslow,0,0.25,{MADE_UP}\nslow,1,0.75,{MADE_UP}",
    "withdrawals_before": f"series,demand,month,withdrawal_Mm3,source,grade\nlast_year,valley_fields,12,40,{MADE_UP}",
    "evaporation": f"reservoir,month,evaporation_mm,source,grade\nplain,1,50,{MADE_UP}",
    "precipitation": f"reservoir,month,precipitation_mm,source,grade\nplain,1,20,{MADE_UP}",
}
EVERY_MONTH = {"reach_losses", "reach_capacities", "reach_flows_before", "withdrawals_before", "evaporation", "precipitation"}


def laid(text):
    """The one row repeated for every month, so that no period is missing."""
    head, row = text.splitlines()
    place = head.split(",").index("month")
    cells = row.split(",")
    return [head, *(",".join([*cells[:place], str(m), *cells[place + 1 :]]) for m in range(1, 13))]


def copied(tmp_path, *tables):
    """The teaching river with some of the tables."""
    copy = Copy(tmp_path)
    for name in tables:
        lines = laid(TABLES[name]) if name in EVERY_MONTH else TABLES[name].splitlines()
        copy.write(name, [line.split(",") for line in lines])
    if "last_year" in "".join(TABLES[name] for name in tables):
        picked = "".join(f"  {name}: last_year\n" for name in tables if "last_year" in TABLES[name])
        copy.text("model.yaml", "series:\n", f"series:\n{picked}")
    if "evaporation" in tables:
        copy.set("reservoirs", 3, "runoff_net_of_evaporation", "no")
    return copy


def read(tmp_path, *tables):
    return wf.read_basin(copied(tmp_path, *tables).folder)


def test_reach_losses(tmp_path):
    middle = read(tmp_path, "reach_losses").reaches["middle"]
    assert (set(middle.evaporation), set(middle.seepage)) == ({0.02}, {0.03})


def test_reach_capacities(tmp_path):
    assert read(tmp_path, "reach_capacities").reaches["middle"].capacity == (310.0,) * 4


def test_reach_flows_before_are_asked_for_only_where_water_is_on_its_way(tmp_path):
    assert read(tmp_path, "reach_flows_before").reaches["middle"].flow_before == (60.0,) * 12
    copy = copied(tmp_path / "other", "reach_flows_before")
    copy.write("reach_flows_before", copy.lines("reach_flows_before")[:4])
    kept = wf.read_basin(copy.folder).reaches["middle"].flow_before
    assert sorted(kept) == [0.0] * 9 + [60.0] * 3


def test_canal_capacities_in_m3s_are_volumes_of_each_month(tmp_path):
    capacity = read(tmp_path, "canal_capacities").demands["valley_fields"].capacity
    assert capacity == pytest.approx([100 * days * 0.0864 for days in (31, 28, 31, 30)])


def test_return_flows_by_return_kernels_need_withdrawals_before(tmp_path):
    fields = read(tmp_path, "return_flows", "return_kernels", "withdrawals_before").demands["valley_fields"]
    assert fields.return_node == "lake"
    assert fields.return_kernel == pytest.approx((0.05, 0.15))
    assert fields.delivery_before == (40.0,) * 12


def lagged(tmp_path, lag):
    copy = copied(tmp_path, "return_flows", "return_kernels")
    return copy.write("return_kernels", [*copy.lines("return_kernels")[:1], ["slow", lag, "1", *MADE_UP.split(",")]])


def test_a_lag_of_a_month_asks_for_one_month_before(tmp_path):
    copy = copied(tmp_path, "return_flows", "return_kernels", "withdrawals_before")
    head, *rows = copy.lines("withdrawals_before")
    month = head.index("month")
    copy.write("withdrawals_before", [head, *(row for row in rows if row[month] == "12")])
    assert wf.read_basin(copy.folder).demands["valley_fields"].delivery_before == (0.0,) * 11 + (40.0,)
    copy.write("withdrawals_before", [head, *(row for row in rows if row[month] == "11")])
    assert copy.problem().code == "missing-period"


def test_water_that_comes_back_at_once_needs_no_withdrawals_before(tmp_path):
    fields = wf.read_basin(lagged(tmp_path, "0").folder).demands["valley_fields"]
    assert fields.return_kernel == pytest.approx((0.2,))
    assert set(fields.delivery_before) == {0.0}


def test_a_lag_beyond_a_year_is_refused_at_once(tmp_path):
    problem = lagged(tmp_path, "1000000000").problem()
    assert (problem.code, problem.allowed) == ("return-kernel", "0 to 11")


def test_precipitation_is_taken_off_evaporation(tmp_path):
    assert read(tmp_path, "evaporation", "precipitation").reservoirs["plain"].net_evaporation == pytest.approx([0.03] * 4)


def test_a_table_of_another_season_is_told_once(tmp_path):
    """Twelve months of two users before a season two years ago: one message, not twenty-four and a hole for each."""
    copy = copied(tmp_path, "return_flows", "return_kernels", "withdrawals_before")
    head = ["series", "demand", "period", "withdrawal_Mm3", "source", "grade"]
    rows = [["last_year", "valley_fields", f"2022-{m:02d}", "40", *MADE_UP.split(",")] for m in range(1, 13)]
    problem = copy.write("withdrawals_before", [head, *rows]).problem()
    assert (problem.code, problem.found, problem.allowed) == ("outside-horizon", "rows of 2022-01 to 2022-12 alone", "2024-01 to 2025-04")
    assert problem.where.endswith("withdrawals_before.csv")
