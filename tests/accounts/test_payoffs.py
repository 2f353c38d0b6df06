"""Payoffs by hand, levels, and what money refuses."""

import re
from pathlib import Path

import pytest

import waterflow as wf
from tests.rivers import DEMANDS, River
from waterflow.accounts.payoffs import NOBODY, payoffs, worth
from waterflow.accounts.plan_facts import plan_facts
from waterflow.basin.objective import Objective
from waterflow.basin.values import require_benefit
from waterflow.explain.water_value import one_more


def valley(runoff=10.0, months=1):
    """A dam of A above fields of B; A sells power, B grows; a spill beside the dam is nobody's."""
    river = River(months=months, start="2024-11-01").node("dam", "reservoir", runoff=runoff).node("fields").node("sea", "outlet")
    river.reservoir("dam", 0, 100).reach("out", "dam", "fields").reach("on", "fields", "sea").reach("brim", "dam", "sea", spill=0.001)
    river.demand("wheat", "fields", "B", 8).plant("mill", "out", "A", 0.5).worth("A", 0.02).end_value("dam", {0.03: 20, 0.005: 80})
    river.worth_in_blocks("wheat", {0.1: 0.5, 0.02: 0.25, 0.001: 0.25}).owned("dam", "A")
    river.target("sea", "on", 4).target_worth("sea", "B", {0.004: 1})
    river.price_range("power_values/A", 0.5, 2).price_range("end_values/dam", 0.5, 2).price_range("spill_costs/brim", 1, 1)
    return river


def test_a_plan_by_hand():
    """10 to share: block 1 (4 at 0.10 + 0.01 of power) and block 2 (2 at 0.02 + 0.01) against 0.03 for water kept.

    Block 1 earns 0.11 a m3 and takes 4. Block 2 earns 0.03, as much as keeping: the payoffs of both together are
    0.11 * 4 + 0.03 * 6 either way. Keeping is dearer than the third block and the sea.
    """
    basin = valley().basin(objective=Objective())
    dataset = wf.allocate(basin).dataset
    assert float(dataset["stage_value"].sel(stage="benefit")) == pytest.approx(0.62)
    assert sum(worth(basin, dataset).values()) == pytest.approx(0.62)
    assert sum(payoffs(basin, dataset)["central"].values()) == pytest.approx(0.62)


def test_each_term_belongs_to_its_party_at_each_level():
    """Only 4 come: all to block 1. B earns 0.4 (low 0.2, high 0.8), A 4 * 0.5 * 0.02 of power (half, double)."""
    basin = valley(runoff=4).basin(objective=Objective())
    dataset = wf.allocate(basin).dataset
    found = payoffs(basin, dataset)
    assert found["central"] == pytest.approx({"A": 0.04, "B": 0.4, NOBODY: 0}, abs=1e-9)
    assert found["low"] == pytest.approx({"A": 0.02, "B": 0.2, NOBODY: 0}, abs=1e-9)
    assert found["high"] == pytest.approx({"A": 0.08, "B": 0.8, NOBODY: 0}, abs=1e-9)
    assert worth(basin, dataset)["B", "irrigation"] == pytest.approx(0.4)


def test_a_cost_without_an_owner_is_named_and_not_hidden():
    """A full dam: 50 of 60 must pass the brim at 0.001 because the reach below holds no more than 10."""
    river = valley(runoff=60)
    river.parts["reservoirs"] = [r.model_copy(update={"full_storage": 0.0}) for r in river.parts["reservoirs"]]
    river.parts["reaches"] = [r.model_copy(update={"capacity": (10.0,)}) if r.name == "out" else r for r in river.parts["reaches"]]
    basin = river.basin(objective=Objective())
    terms = worth(basin, wf.allocate(basin).dataset)
    assert terms[NOBODY, "spills"] == pytest.approx(-0.05)


def test_a_plan_by_priorities_is_valued_too_and_its_cost_counts_nothing_twice():
    """Wheat is claimed: all 8 delivered, the cost stage leaves its value out, the payoff holds it."""
    basin = valley().priorities(("users", [DEMANDS]), "cost").basin()
    assert not basin.delivery_blocks
    dataset = wf.allocate(basin).dataset
    assert float(dataset["delivery"].sum()) == pytest.approx(8)
    assert worth(basin, dataset)["B", "irrigation"] == pytest.approx(4 * 0.1 + 2 * 0.02 + 2 * 0.001)
    # 8 through the mill at 0.01, 2 kept at 0.03, or through the mill to the sea at 0.014: kept
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(-(0.08 + 0.06))


def test_levels_move_all_values_and_come_back():
    basin = valley().basin(objective=Objective())
    low = basin.at_level("low")
    assert low.delivery_values["wheat/1"].value == pytest.approx(0.05)
    assert low.power["A"].value == pytest.approx((0.01,))
    assert low.end_values["dam/1"].value == pytest.approx(0.015)
    assert low.at_level("high").at_level("central") == basin
    assert wf.allocate(low).basin.level == "low"


def test_what_one_more_m3_is_worth_and_to_whom():
    """4 come, block 1 is full with them: one more earns 0.03, through block 2 (B 0.02, A 0.01) or kept (A)."""
    basin = valley(runoff=4).basin(objective=Objective())
    (water,) = one_more(basin, ["dam"])
    assert water.central_USD_per_m3 == pytest.approx(0.03)
    assert sum(water.parties.values()) == pytest.approx(0.03)
    assert water.one_less_USD_per_m3 is None, "an empty dam cannot hold less"
    (below,) = one_more(basin, ["fields/2024-11"])
    assert below.central_USD_per_m3 == pytest.approx(0.02), "below the mill only the second block is left"
    assert below.one_less_USD_per_m3 is None or below.one_less_USD_per_m3 >= 0.02


def test_money_refuses_priorities_with_one_message():
    basin = valley().priorities(("users", [DEMANDS]), "cost").basin()
    for refuse in (lambda: require_benefit(basin), lambda: one_more(basin, ["dam"])):
        with pytest.raises(wf.InputError) as caught:
            refuse()
        (problem,) = caught.value.problems
        assert problem.code == "needs-benefit"
        assert "users > cost" in problem.found


def test_a_river_without_values_has_no_payoffs():
    basin = River().node("spring", runoff=5).node("sea", "outlet").reach("out", "spring", "sea").basin()
    assert plan_facts(basin, wf.allocate(basin).dataset).model_dump(mode="json")["payoffs"] == []


@pytest.fixture(scope="module")
def season():
    basin = wf.read_basin("syr_darya", scenario="benefit")
    return basin, wf.allocate(basin).dataset


def test_payoffs_of_the_syr_darya_sum_to_its_benefit(season):
    basin, dataset = season
    found = payoffs(basin, dataset)["central"]
    assert sum(found.values()) == pytest.approx(float(dataset["stage_value"].sel(stage="benefit")), rel=1e-9)
    assert set(found) == {"KAZ", "KGZ", "TJK", "UZB", NOBODY}


def test_the_gain_of_one_more_m3_is_shared_by_the_parties_and_is_that_of_a_new_plan(season):
    """10 Mm3 more in Toktogul, solved again: the objective and every payoff move as the prices say."""
    basin, dataset = season
    (water,) = one_more(basin, ["toktogul"])
    more = basin.changed(opening_storage={"toktogul": basin.reservoirs["toktogul"].opening_storage + 10.0})
    again = wf.allocate(more).dataset
    gain = float((again["stage_value"] - dataset["stage_value"]).sel(stage="benefit")) / 10
    assert water.central_USD_per_m3 == pytest.approx(gain, rel=1e-3)
    assert sum(water.parties.values()) == pytest.approx(gain, rel=1e-3)


def test_the_table_marks_guesses_and_says_which_plan_is_valued(season):
    basin, dataset = season
    facts = plan_facts(basin, dataset).model_dump(mode="json")
    assert all(x["low_MUSD"] <= x["central_MUSD"] <= x["high_MUSD"] for x in facts["payoffs"] if x["term"] == "irrigation")
    assert {x["party"] for x in facts["payoffs"] if x["assumed"]} >= set(basin.parties)
    text = wf.allocate(basin).summary(full=True)
    assert "Payoffs by party" in text
    assert "made for the largest sum at central values" in text
    assert "by an order of priority" in wf.allocate(wf.read_basin("syr_darya")).summary(full=True)


def test_compare_has_money_water_energy_and_the_north_aral_by_party(season):
    table = wf.compare(*(wf.allocate(wf.read_basin("syr_darya", scenario=s)) for s in ("season_2024_25", "benefit")))
    for party in ("KAZ", "KGZ", "TJK", "UZB"):
        for level in ("low", "central", "high"):
            assert ("payoff", party, "horizon", level, "million USD") in table.index
        assert ("water", party, "Oct-Mar", "delivered", "Mm3") in table.index
    assert ("target", "north_aral", "Oct-Mar", "delivered", "Mm3") in table.index


def test_the_page_has_the_figures_of_the_plans(season):
    page = (Path(__file__).resolve().parents[2] / "docs" / "method" / "values.md").read_text(encoding="utf-8")
    default = wf.read_basin("syr_darya")
    plans = [payoffs(default, wf.allocate(default).dataset), payoffs(*season)]
    for party in ("KAZ", "KGZ", "TJK", "UZB"):
        row = next(line for line in page.splitlines() if line.startswith(f"| {party} |"))
        said = [float(x.replace(",", "")) for x in re.findall(r"[\d,]+\.\d", row)]
        assert said == pytest.approx([found[x][party] for found in plans for x in ("central", "low", "high")], abs=0.051)


def test_a_dearer_north_aral_gets_no_less(season):
    """The flow to the lake at ten times its value: 2,647 Mm3 or more, and the target's second half is not cut."""
    basin, dataset = season
    dearer = {n: b.model_copy(update={"value": 10 * b.value}) for n, b in basin.target_values.items()}
    after = wf.allocate(basin.replaced(target_values=dearer)).dataset
    gauge = {x.reach for x in basin.targets.values()}
    before, now = (sum(float(d["flow"].sel(reach=r).sum()) for r in gauge) for d in (dataset, after))
    assert now > before + 100


def test_hot_and_cold_give_one_plan_under_one_sum_of_benefits():
    """Another need and another target from a reference, against the same from scratch; blocks follow both."""
    solver = wf.Solver(wf.read_basin("syr_darya", scenario="benefit"))
    target = next(iter(solver.basin.targets))
    moved = solver.basin.changed(need={("kyzylorda_irrigation_kaz", "2025-07"): 900.0}, target_volume={target: 2000.0})
    hot, cold = solver.allocate(moved).dataset, wf.allocate(moved).dataset
    assert (hot.attrs["solve_path"], cold.attrs["solve_path"]) == ("hot", "cold")
    for name in ("delivery", "delivery_in_block", "target_in_block", "storage", "flow"):
        assert abs(hot[name] - cold[name]).max() <= 1e-9 * max(1.0, float(abs(cold[name]).max())), name


def test_a_plan_is_saved_with_its_values_and_read_back(tmp_path, season):
    basin, dataset = season
    path = wf.allocate(basin).save(tmp_path / "plan.nc")
    again = wf.open_allocation(path)
    assert (again.basin.delivery_values, again.basin.price_ranges) == (basin.delivery_values, basin.price_ranges)
    assert payoffs(again.basin, again.dataset) == payoffs(basin, dataset)
