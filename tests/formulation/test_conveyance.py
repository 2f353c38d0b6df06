"""Costs and electricity of reaches, lifts to a higher node and links both ways, by hand."""

import numpy as np
import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import DEMANDS, FLOORS, River, every_process, with_arcs
from waterflow import allocate
from waterflow.accounts.payoffs import NOBODY, payoffs, worth
from waterflow.accounts.plan_facts import plan_facts
from waterflow.allocation.audit import audit
from waterflow.basin.objective import Objective
from waterflow.loading.plan_table import GivenPlan
from waterflow.negotiation.evaluate import evaluate
from waterflow.negotiation.no_deal import table_of
from waterflow.simulation.simulate import simulate


def lifted(*priorities, cost=0.01, electricity=0.5, need=10, value=0.0):
    """A river with 20 a month; fields above it take 10, lifted at half a kWh per m3. A's plant makes 0.1 of a m3; A asks for 4."""
    river = River(months=2, start="2025-01-01").node("river", runoff=20).node("fields").node("sea", "outlet")
    river.reach("down", "river", "sea").reach("lift", "river", "fields").reach("drain", "fields", "sea", spill=0.001)
    river.demand("crops", "fields", "B", need, value=value).plant("falls", "down", "A", 0.1)
    river.needs_power("A", 4, {0.3: 1.0}).supply("imports", "A", 20, 0.05)
    return river.reach_cost("lift", "A", cost, electricity).priorities(*priorities)


def series(dataset, name, **of):
    return dataset[name].sel(**of).values


def test_electricity_of_a_lift_stands_in_the_balance_of_who_pays():
    """10 are lifted for 5 GWh; 10 run down and make 1: 4 + 5 - 1 = 8 are bought for 0.4, and passing costs 0.1 a month."""
    basin = lifted(("fields", [DEMANDS]), "cost").basin()
    assert (basin.problems(), basin.warnings()) == ([], [])
    allocation = allocate(basin)
    dataset = allocation.dataset
    assert series(dataset, "lifting_power", reach_cost="lift/A") == pytest.approx([5, 5])
    assert series(dataset, "supplied_power", supply="imports") == pytest.approx([8, 8])
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(2 * (0.4 + 0.1))
    assert audit(basin, dataset).closes
    (row,) = plan_facts(basin, dataset).passages
    assert (row.party, row.flow_Mm3, row.electricity_GWh, row.cost_MUSD) == pytest.approx(("A", 20, 10, 0.2))
    assert "Lifts and canals that cost something" in allocation.summary(full=True)


def test_the_audit_sees_electricity_that_is_not_taken():
    basin = lifted(("fields", [DEMANDS]), "cost").basin()
    dataset = allocate(basin).dataset
    other = lifted(("fields", [DEMANDS]), "cost", electricity=0.6).basin()
    assert audit(other, dataset).energy == pytest.approx(1.0)


def test_costs_follow_the_month():
    """Lifting costs 0.3 in January and 0.1 in February: a field worth 0.2 is watered in February alone."""
    basin = lifted(cost=(0.3, 0.1), electricity=0, value=0.2).basin(objective=Objective())
    assert series(allocate(basin).dataset, "delivery", demand="crops") == pytest.approx([0, 10])


def test_payoffs_charge_the_party_that_pays_and_sum_to_the_benefit():
    basin = lifted(value=0.2).basin(objective=Objective())
    dataset = allocate(basin).dataset
    terms = worth(basin, dataset)
    assert terms["A", "conveyance"] == pytest.approx(-0.2)
    assert (NOBODY, "conveyance") not in terms
    assert sum(terms.values()) == pytest.approx(float(dataset["stage_value"].sel(stage="benefit")))
    table = table_of(basin)
    flow = table.program.unknowns["flow"].position["lift", "2025-01"]
    assert {t.party: t.cost for t in table.terms if t.column == flow} == {"A": 0.01}


def test_a_party_without_a_balance_loses_what_its_power_is_worth():
    """0.5 kWh at 0.1 USD: 0.05 for each m3, 0.5 a month."""
    river = River(months=2, start="2025-01-01", parties="A B").node("river", runoff=20).node("fields").node("sea", "outlet")
    river.reach("down", "river", "sea").reach("lift", "river", "fields").reach("drain", "fields", "sea", spill=0.001)
    river.demand("crops", "fields", "B", 10, value=0.2).worth("A", 0.1).reach_cost("lift", "A", 0, 0.5)
    basin = river.basin(objective=Objective())
    dataset = allocate(basin).dataset
    assert float(dataset["stage_value"].sel(stage="benefit")) == pytest.approx(2 * (2 - 0.5))
    assert worth(basin, dataset)["A", "lifting"] == pytest.approx(-1.0)
    assert payoffs(basin, dataset, ["central"])["central"] == pytest.approx({"A": -1.0, "B": 4.0, NOBODY: 0.0})


def test_electricity_that_costs_nobody_anything_is_told():
    river = River(months=1).node("river", runoff=20).node("fields").node("sea", "outlet").demand("crops", "fields", "A", 10)
    river.reach("down", "river", "sea").reach("lift", "river", "fields").reach("drain", "fields", "sea").reach_cost("lift", "A", 0, 0.5)
    basin = river.priorities(("fields", [DEMANDS])).basin()
    assert [w for w in basin.warnings() if "costs nothing" in w] == [
        "lift/A: A has neither a power demand nor a value of power; the electricity of the lift costs nothing."
    ]
    assert series(allocate(basin).dataset, "lifting_power", reach_cost="lift/A") == pytest.approx([5])


def linked(cost=0.01, loss=0.0, runoff=((30, 0), (0, 30))):
    """Two lakes joined both ways; it rains on the west in the first month and on the east in the second. Each has a user of 10."""
    river = River(months=2, start="2025-01-01")
    for name, rain, user in zip(("west", "east"), runoff, "AB", strict=True):
        river.node(name, "reservoir", runoff=rain).reservoir(name, 0, 100).demand(f"{name}_town", name, user, 10)
        river.node(f"{name}_sea", "outlet").reach(f"{name}_out", name, f"{name}_sea", spill=0.001)
    river.reach("there", "west", "east", seepage=loss).reach("back", "east", "west", seepage=loss)
    if cost:
        river.reach_cost("there", "A", cost).reach_cost("back", "B", cost)
    return river


def test_a_link_carries_water_both_ways_and_never_in_one_month():
    """The west gives the east its 10 in January; in February the east gives the west none: it kept 10."""
    basin = linked().priorities(("towns", [DEMANDS]), "cost").basin()
    assert basin.problems() == []
    dataset = allocate(basin).dataset
    assert float(dataset["shortage"].sum()) == pytest.approx(0, abs=1e-9)
    there, back = (series(dataset, "flow", reach=a) for a in ("there", "back"))
    assert there == pytest.approx([10, 0])
    assert np.minimum(there, back) == pytest.approx([0, 0], abs=1e-9)
    assert "straightest" in dataset["stage"].values
    assert plan_facts(basin, dataset).turned == ()


def test_with_a_loss_alone_nothing_turns_even_where_water_is_to_waste():
    """No cost decides: every m3 is too much, and turning it would lose some. The straightest plan turns none."""
    basin = linked(cost=0, loss=0.1, runoff=((90, 90), (90, 90))).priorities(("towns", [DEMANDS])).basin()
    dataset = allocate(basin).dataset
    there, back = (series(dataset, "flow", reach=a) for a in ("there", "back"))
    assert np.concatenate([there, back]) == pytest.approx([0] * 4, abs=1e-9)


def test_a_free_way_round_is_refused_with_its_month():
    (problem,) = linked(cost=0).basin().problems()
    assert problem.code == "loop"
    assert "east -> west -> east, where nothing is lost and nothing is paid in 2025-01" in problem.found
    (later,) = linked(cost=(0.01, 0)).basin().problems()
    assert "2025-02" in later.found


def test_a_reach_to_its_own_start_is_refused():
    river = linked()
    river.reach("circle", "west", "west", seepage=0.5)
    assert [p.code for p in river.basin().problems()] == ["loop"]


def pumped(rate=0.3, electricity=0.4):
    """Water falls through a plant and is lifted back at night: 0.3 kWh made of each m3, 0.4 taken."""
    river = River(months=1, start="2025-01-01").node("top", "reservoir", runoff=5).node("foot", "reservoir").node("sea", "outlet")
    river.reservoir("top", 50, 100).reservoir("foot", 50, 100).reach("fall", "top", "foot").reach("lift", "foot", "top")
    river.reach("out", "foot", "sea", spill=0.001).plant("turbine", "fall", "A", rate, 30).needs_power("A", 4, {0.3: 1.0})
    return river.reach_cost("lift", "A", 0, electricity).priorities("cost")


def test_power_from_nothing_is_refused():
    assert pumped().basin().problems() == []
    for electricity in (0.3, 0.2):
        (problem,) = pumped(electricity=electricity).basin().problems()
        assert problem.code == "loop-power"
        assert "top -> foot -> top" in problem.found or "foot -> top -> foot" in problem.found


def test_a_pumped_store_makes_what_is_asked_for_and_lifts_nothing():
    dataset = allocate(pumped().basin()).dataset
    assert float(dataset["generation"].sum()) == pytest.approx(4)
    assert float(dataset["lifting_power"].sum()) == pytest.approx(0, abs=1e-9)


def test_water_that_is_turned_for_a_wish_is_told():
    """A floor between foot and top cannot be met by what comes: water is lifted round, and the page says so."""
    river = River(months=1, start="2025-01-01").node("top", runoff=5).node("foot").node("sea", "outlet")
    river.reach("fall", "top", "foot").reach("lift", "foot", "top").reach("out", "foot", "sea")
    river.reach_cost("lift", "A", 0.01).floor("gauge", "fall", 10 / 2.6784)
    basin = river.priorities(("gauge", [FLOORS]), "cost").basin()
    assert [w for w in basin.warnings() if "counts each time" in w] == [
        "gauge is counted on fall, where water can come round again; it counts each time."
    ]
    allocation = allocate(basin)
    (found,) = plan_facts(basin, allocation.dataset).turned
    assert (found.period, found.turned_Mm3) == ("2025-01", pytest.approx(5))
    assert "Water goes round" in " ".join(allocation.summary().split())


def test_a_given_plan_runs_round_and_is_judged():
    """The plan lifts 5 where none is needed: the river does what it says."""
    basin = linked().priorities(("towns", [DEMANDS]), "cost").basin()
    releases = {"there": (15.0, 0.0), "back": (0.0, 5.0), "west_out": (0.0, 0.0), "east_out": (0.0, 0.0)}
    ran = simulate(basin, releases)
    assert ran.storage.tolist() == [[5.0, 20.0], [5.0, 0.0]]
    found = evaluate(basin, GivenPlan({n: tuple(v) for n, v in releases.items()}, unit="Mm3"))
    assert found.broken == ()
    assert audit(found.allocation.basin, found.allocation.dataset).closes
    assert float(found.allocation.dataset["stage_value"].sel(stage="cost")) == pytest.approx(0.2)


def test_a_way_round_whose_every_reach_takes_the_rest_has_no_run():
    river = River(months=1).node("a", runoff=5).node("b").reach("ab", "a", "b").reach("ba", "b", "a").reach_cost("ba", "A", 1)
    with pytest.raises(wf.InputError, match="every reach takes the rest"):
        simulate(river.priorities("cost").basin(), {})


def test_the_river_that_uses_every_process_is_audited_with_its_lift():
    basin = with_arcs(every_process()).basin()
    allocation = allocate(basin)
    assert audit(basin, allocation.dataset).closes
    assert max(float(allocation.dataset[f"certificate_{part}"].max()) for part in ("primal", "dual", "gap")) < 1e-6


HEAD = "reach,party,cost_USD_per_m3,electricity_GWh_per_Mm3,month,source,grade"


def with_costs(tmp_path, *rows, head=HEAD):
    copy = Copy(tmp_path)
    lines = [f"{row},{month},made_up,assumed" for row in rows for month in range(1, 13)]
    copy.path("reach_costs").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return copy


def test_the_table_is_read(tmp_path):
    found = wf.read_basin(with_costs(tmp_path / "a", "lower,DOWN,0.01,0.4").folder).reach_costs
    assert (found["lower/DOWN"].cost[0], found["lower/DOWN"].electricity[0]) == (0.01, 0.4)
    without = with_costs(tmp_path / "b", "lower,DOWN,0.01", head=HEAD.replace(",electricity_GWh_per_Mm3", ""))
    assert wf.read_basin(without.folder).reach_costs["lower/DOWN"].electricity == (0.0,) * 4
    high = wf.read_basin(without.folder).at_level("high")
    assert high.reach_costs["lower/DOWN"].cost[0] == 0.01


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("lowr,DOWN,0.01,0", "unknown-reach"),
        ("lower,DWN,0.01,0", "unknown-party"),
        ("lower,DOWN,-0.01,0", "negative"),
        ("lower,DOWN,0,0", "bad-reach-cost"),
    ],
)
def test_a_cost_of_nothing_is_refused(tmp_path, row, code):
    assert code in {p.code for p in with_costs(tmp_path, row).problems()}
