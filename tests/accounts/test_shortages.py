"""What is short and what it would have been worth, by hand, and the seasons of the parties against the Dataset."""

import pytest

import waterflow as wf
from tests.rivers import DEMANDS, TARGETS, River, every_process
from waterflow.accounts.party_seasons import party_seasons
from waterflow.accounts.plan import Plan
from waterflow.accounts.plan_facts import plan_facts
from waterflow.accounts.shortages import shortages
from waterflow.basin.objective import Claims


def plan_of(basin):
    allocation = wf.allocate(basin)
    return Plan(allocation.basin, allocation.dataset)


def served():
    """3 come in October and 6 in November: the town takes 1, the fields ask for 8, the lake for 5 of what is left (nothing)."""
    river = River(months=2).node("spring", runoff=[3, 6]).node("fields").node("lake", "lake").node("sea", "outlet")
    river.reach("upper", "spring", "fields").reach("mouth", "fields", "lake").reach("brim", "lake", "sea", spill=0.1)
    river.reservoir("lake", 0, 1000).demand("wheat", "fields", "B", 8).demand("town", "spring", "A", 1, use="drinking")
    river.worth_in_blocks("wheat", {0.1: 0.5, 0.02: 0.25, 0.001: 0.25}).target("lake", "mouth", 5)
    first, second = (Claims(kind="demands", uses=(use,)) for use in ("drinking", "irrigation"))
    return river.priorities(("town", [first]), ("fields", [second]), ("lake", [TARGETS]), "cost")


def test_missing_water_is_worth_its_own_blocks_period_by_period():
    """Blocks of each month: 4 at 0.1, 2 at 0.02, 2 at 0.001.

    October brings 2 of 8: 2 at 0.1 and the other blocks are missing, 0.2 + 0.04 + 0.002. November brings 5 of 8:
    1 at 0.02 and 2 at 0.001, 0.022. Poured over both months together the same 9 missing would be worth less.
    """
    found = shortages(plan_of(served().basin()))
    (wheat,) = found.users
    assert (wheat.demand, wheat.party, wheat.need_Mm3, wheat.short_Mm3) == ("wheat", "B", 16, pytest.approx(9))
    assert wheat.share == pytest.approx(9 / 16)
    assert wheat.worth.central_MUSD == pytest.approx(0.2 + 0.04 + 0.002 + 0.02 + 0.002)
    assert wheat.worth.low_MUSD == pytest.approx(wheat.worth.central_MUSD / 2)
    assert wheat.worth.high_MUSD == pytest.approx(wheat.worth.central_MUSD * 2)
    assert not wheat.worth.assumed, "a river made in Python has no rows to doubt"


def test_a_grade_behind_a_price_is_told():
    basin = served().basin().replaced(grades={"values": {"assumed": 1}})
    assert shortages(plan_of(basin)).users[0].worth.assumed


def test_a_target_is_short_by_its_slices_and_without_a_value_is_worth_nothing_said():
    """The wheat takes all: 5 of 5 are missing. Slices: the first half at 0.01, what follows at 0.004."""
    (lake,) = shortages(plan_of(served().basin())).targets
    assert (lake.short_Mm3, lake.share, lake.worth, lake.parties) == (pytest.approx(5), pytest.approx(1), None, ())
    river = served().target_worth("lake", "A", {0.01: 0.5, 0.004: 1.0})
    (lake,) = shortages(plan_of(river.basin())).targets
    assert lake.worth.central_MUSD == pytest.approx(2.5 * 0.01 + 2.5 * 0.004)
    assert lake.parties == ("A",)


def test_a_user_without_values_has_no_worth_and_one_that_is_served_no_row():
    river = River(months=1).node("spring", runoff=3).node("sea", "outlet").reach("r", "spring", "sea").demand("field", "spring", "A", 4)
    (field,) = shortages(plan_of(river.priorities(("field", [DEMANDS]), "cost").basin())).users
    assert (field.short_Mm3, field.worth) == (pytest.approx(1), None)
    assert shortages(plan_of(river.demand("none", "spring", "B", 0).basin())).users[0].demand == "field"


def test_unserved_power_costs_its_blocks_at_every_level():
    """10 GWh asked and nothing there: half at 0.2, half at 0.5; the range of the price is a half to double."""
    river = River(months=1).node("spring", runoff=3).node("sea", "outlet").reach("r", "spring", "sea")
    river.needs_power("A", 10, {0.2: 0.5, 0.5: 0.5})
    river.price_range("unserved_blocks/A", 0.5, 2)
    (power,) = shortages(plan_of(river.basin())).power
    assert (power.party, power.demand_GWh, power.unserved_GWh, power.share) == ("A", 10, pytest.approx(10), pytest.approx(1))
    found = [getattr(power.worth, f"{level}_MUSD") for level in ("low", "central", "high")]
    assert found == pytest.approx([1.75, 3.5, 7])


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_the_seasons_of_the_parties_sum_to_the_dataset(step):
    plan = plan_of(every_process(step).basin())
    rows = party_seasons(plan)
    data, basin = plan.dataset, plan.basin
    assert [(x.party, x.window) for x in rows] == [(p, str(w)) for p in basin.parties for w, _ in plan.seasons]
    for field, variable in (
        ("delivered_Mm3", "delivery"),
        ("short_Mm3", "shortage"),
        ("plants_GWh", "generation"),
        ("export_GWh", "exported_power"),
        ("unserved_GWh", "unserved"),
    ):
        assert sum(getattr(x, field) or 0 for x in rows) == pytest.approx(float(data[variable].sum())), field
    for x in rows:
        assert x.need_Mm3 == pytest.approx(x.delivered_Mm3 + x.short_Mm3)


def test_cost_of_power_is_what_is_bought_and_missed_less_what_is_sold():
    plan = plan_of(every_process().basin())
    bought, sold = (float(plan.dataset[name].sum()) for name in ("supplied_power", "exported_power"))
    under_clause = plan.total("supplied_power", ["purchase/line"])
    missed = sum(b.cost * float(plan.series("unserved", b.name).sum()) for b in plan.basin.unserved_blocks.values())
    found = [x.power_cost_MUSD for x in party_seasons(plan)]
    paid = 0.04 * (bought - under_clause) + 0.03 * under_clause
    assert sum(x for x in found if x is not None) == pytest.approx(paid + missed - 0.01 * sold)


def test_the_worst_hit_user_misses_the_largest_share():
    """Of 9 the town (first) takes 1 a month; the wheat misses 9 of 16."""
    rows = {x.party: x for x in party_seasons(plan_of(served().basin()))}
    assert rows["B"].worst_hit.demand == "wheat"
    assert rows["B"].worst_hit.share == pytest.approx(9 / 16)
    assert rows["A"].worst_hit is None


def test_storages_stand_at_the_start_of_the_growing_season_and_at_the_end():
    allocation = wf.allocate(every_process().basin())
    found = plan_facts(allocation.basin, allocation.dataset).storages
    assert {x.date for x in found} == {"2024-04-01", "2024-07-01"}
    stored = {(x.place, x.date): x.storage_Mm3 for x in found}
    series = allocation.dataset["storage"].sel(reservoir="dam").values
    assert [stored["dam", day] for day in ("2024-04-01", "2024-07-01")] == pytest.approx([series[2], series[5]])
