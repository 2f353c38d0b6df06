"""Storages wished for, values of water held and reservoirs in balance, by hand; April has 30 days, May 31."""

import pytest

import waterflow as wf
from tests.loading.test_tables_of_the_river import MADE_UP, copied
from tests.rivers import BALANCES, DEMANDS, STORAGES, River
from waterflow import Solver, allocate
from waterflow.accounts.plan_facts import plan_facts
from waterflow.basin.objective import Claims, Objective
from waterflow.report.table import render
from waterflow.units import MEAN_MONTH

BENEFIT = Objective()
BY_MONTH = Claims(kind="demands", per="period")


def dam(*priorities, need=60, value=0.02):
    """100 Mm3 in a dam of 100, 10 of them dead, no runoff; fields below ask for 60 in either month."""
    made = River(months=2, start="2024-04-01").node("dam", "reservoir").node("sea", "outlet").reach("lower", "dam", "sea")
    made.node("fields").reach("to_fields", "dam", "fields").reach("drain", "fields", "sea")
    made.reservoir("dam", 100, 100, 10).demand("wheat", "fields", "A", need, value=value)
    return made.priorities(*priorities)


def test_a_wish_before_users_holds_water_back_and_after_them_does_not():
    wished_first = allocate(dam(("held", [STORAGES]), ("users", [DEMANDS])).wished("dam", 70, 0).basin()).dataset
    assert wished_first["storage"].values.ravel() == pytest.approx([70, 10])
    assert float(wished_first["wish_missed"].sum()) == pytest.approx(0)
    users_first = allocate(dam(("users", [BY_MONTH]), ("held", [STORAGES])).wished("dam", 70, 0).basin()).dataset
    # 90 of 120 go to the fields, in equal shares of either month: 45 and 45
    assert users_first["storage"].values.ravel() == pytest.approx([55, 10])
    assert float(users_first["wish_missed"].sum()) == pytest.approx(15)


def test_a_storage_wished_for_at_most_lets_water_go():
    """Nobody asks: 30 at most are wished for at the end of April, so 70 go; counted in shares of the wish."""
    plan = allocate(dam(("held", [STORAGES])).wished("dam", 30, 0, rule="at_most").basin()).dataset
    assert plan["storage"].values.ravel()[0] == pytest.approx(30)


def test_wished_storage_may_be_changed_and_has_a_price():
    solver = Solver(dam(("held", [STORAGES]), ("users", [DEMANDS])).wished("dam", 70, 0).basin())
    name = "dam/at_least/2024-04"
    assert solver.allocate(solver.basin.changed(wished_storage={name: 40})).dataset["storage"].values.ravel()[0] == pytest.approx(55)
    more = solver.allocate(solver.basin.changed(wished_storage={name: 120})).dataset
    assert float(more["wish_missed"].sum()) == pytest.approx(20)


def test_water_held_is_worth_the_months_that_it_is_held():
    """A m3 held in April and May brings 0.012 a month, more than the 0.01 of a field; the next 20 bring 0.006 a month, less."""
    made = dam(need=(40, 20), value=0.01).held_worth("dam", {0.012: 30, 0.006: 20})
    plan = allocate(made.basin(objective=BENEFIT))
    april, may = 30 / MEAN_MONTH, 31 / MEAN_MONTH
    # 30 stay to the end, above the 10 that are dead; the second block's 20 are held through April and given in May
    assert plan.dataset["storage"].values.ravel() == pytest.approx([60, 40])
    assert plan.dataset["held_in_block"].values.ravel() == pytest.approx([30, 30, 20, 0])
    worth = 0.012 * 30 * (april + may) + 0.006 * 20 * april + 0.01 * 60
    assert float(plan.dataset["stage_value"][0]) == pytest.approx(worth)
    owned = allocate(made.owned("dam", "B").basin(objective=BENEFIT))
    terms = {(x.party, x.term): x.central_MUSD for x in plan_facts(owned.basin, owned.dataset).payoffs}
    assert terms["B", "held_storage"] == pytest.approx(worth - 0.6)
    assert terms["A", "payoff"] + terms["B", "payoff"] == pytest.approx(worth)


def test_water_has_a_value_in_its_months_alone():
    plan = allocate(dam().held_worth("dam", {0.03: 90}, months=(4,)).basin(objective=BENEFIT)).dataset
    # all is held through April; May gives its 60
    assert plan["storage"].values.ravel() == pytest.approx([100, 40])


def twins(*priorities, **options):
    """Two dams of 100 and 50 that give to one canal, which asks for 60 in one month; the first holds 100, the other 50."""
    made = River(months=1, start="2024-04-01").node("one", "reservoir").node("two", "reservoir").node("canal").node("sea", "outlet")
    made.reach("from_one", "one", "canal").reach("from_two", "two", "canal").reach("rest", "canal", "sea")
    made.reservoir("one", 100, 100).reservoir("two", 50, 50).demand("wheat", "canal", "A", 60)
    return made.balanced("both", "one", "two", **options).priorities(*priorities)


def test_reservoirs_in_balance_are_drawn_down_together():
    """90 of 150 are left: 60 % of either."""
    plan = allocate(twins(("users", [DEMANDS]), ("balance", [BALANCES])).basin()).dataset
    assert plan["storage"].values.ravel() == pytest.approx([60, 30])
    assert float(plan["common_share"].sum()) == pytest.approx(0.6)


def test_a_balance_of_other_months_or_another_group_decides_nothing():
    idle = twins(("users", [DEMANDS]), ("balance", [BALANCES]), months=(7,)).basin()
    assert float(allocate(idle).dataset["out_of_balance"].sum()) == 0
    basin = twins(("balance", [Claims(kind="balances", places=("all",))])).basin()
    assert [p.code for p in basin.problems()] == ["claims-nothing"]


def test_what_no_priority_claims_is_told():
    told = " ".join(twins(("users", [DEMANDS])).wished("one", 50).basin().warnings())
    assert "The balance of both decides nothing" in told
    assert "Storages wished for at one decide nothing" in told


def test_missed_wishes_and_imbalance_are_reported():
    made = twins(("held", [STORAGES]), ("users", [DEMANDS])).wished("one", 100).wished("two", 45)
    plan = allocate(made.basin())
    facts = plan_facts(plan.basin, plan.dataset)
    assert [x.missed_Mm3 for x in facts.wished_storages] == pytest.approx([0, 0], abs=1e-6)
    assert [(x.emptiest, x.least_share, x.fullest, x.largest_share) for x in facts.out_of_balance] == [("two", 0.9, "one", 1.0)]
    said = render(facts)
    assert "Storages wished for" in said
    assert "Reservoirs out of balance" in said


def held_tables(copy):
    """The teaching river with a wish, values of held water and a balance, all three by table."""
    rules = copy.path("storage_rules")
    head = "series,reservoir,date,rule,storage_Mm3,wish,source,grade"
    rows = [line.replace(",made_up", ",no,made_up") for line in rules.read_text(encoding="utf-8").splitlines()[1:]]
    rules.write_text("\n".join([head, *rows, f"example,mountain,2025-04-01,at_least,500,yes,{MADE_UP}"]) + "\n", encoding="utf-8")
    rows = [f"example,mountain,12 1 2,1,200,0.002,{MADE_UP}", f"example,mountain,12 1 2,2,100,0.001,{MADE_UP}"]
    head = "series,reservoir,months,block,width_Mm3,value_USD_per_m3,source,grade"
    copy.path("held_values").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    rows = [f"example,both,{name},{MADE_UP}" for name in ("mountain", "plain")]
    copy.path("balanced_reservoirs").write_text("\n".join(["series,group,reservoir,source,grade", *rows]) + "\n", encoding="utf-8")
    copy.text("model.yaml", "series:\n", "series:\n  held_values: example\n  balanced_reservoirs: example\n")
    return copy


def test_tables_are_read(tmp_path):
    basin = wf.read_basin(held_tables(copied(tmp_path)).folder)
    assert list(basin.storage_rules) == ["mountain/at_least/2025-05-01", "plain/at_least/2025-05-01"]
    assert basin.storage_wishes["mountain/at_least/2025-04-01"].period == 2
    assert [(x.name, x.months) for x in basin.held_values.values()] == [
        ("mountain/1/1-2-12", (1, 2, 12)),
        ("mountain/2/1-2-12", (1, 2, 12)),
    ]
    assert basin.balance_groups == ("both",)


@pytest.mark.parametrize(
    ("table", "old", "new", "code"),
    [
        ("held_values", "0.001", "0.004", "rising-value"),
        ("held_values", "12 1 2,2", "13,2", "bad-month"),
        ("balanced_reservoirs", "both,plain", "own,plain", "missing-rows"),
        ("balanced_reservoirs", "both,plain", "both,plane", "unknown-reservoir"),
        ("storage_rules", "500,yes", "500,perhaps", "unknown-choice"),
    ],
)
def test_rows_that_are_wrong_are_refused(tmp_path, table, old, new, code):
    copy = held_tables(copied(tmp_path))
    path = copy.path(table)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert code in {p.code for p in copy.problems()}
