"""What shipped agreements must show: accounts of 1999 and 2000, who bears which regime, the two disputed clauses."""

import functools

import pytest

import waterflow as wf
from waterflow.accounts.clauses import accounts, clauses
from waterflow.accounts.parties import figures
from waterflow.accounts.plan import Plan
from waterflow.explain.what_if import clause_prices, with_more, without_clause

AGREEMENTS = ["none", "irrigation_1984", "barter_1998", "barter_2008", "draft_2007", "limits_2024_25", "swap_2025"]


@functools.cache
def plan(*agreements, model="syr_darya", scenario=None):
    found = wf.allocate(wf.read_basin(model, scenario, agreements=list(agreements) if agreements else None))
    return Plan(found.basin, found.dataset)


def moved(found):
    return {(x.giver, x.receiver): x.moved_GWh for x in accounts(found).energy}


@pytest.mark.parametrize(("year", "given", "returned"), [(1999, 322, 550), (2000, 200, 350)])
def test_the_accounts_of_the_protocols_balance(year, given, returned):
    found = moved(plan(model="bahri_tojik", scenario=f"protocol_{year}"))
    assert found[("UZB", "TJK")] == pytest.approx(given)
    assert found[("TJK", "UZB")] == pytest.approx(returned)


def test_the_dam_alone_cannot_make_what_is_returned():
    """The schedule of 2000 is 5,422 Mm3, at 0.037 kWh/m3 200.6 GWh: the rest of 350 comes from the rest of the country."""
    found = plan(model="bahri_tojik", scenario="protocol_2000")
    asked = sum(r.figure for r in found.basin.clause_rows.values() if r.clause == "summer_release")
    assert asked == pytest.approx(86.4 * (500 * 30 + 650 * 31 + 600 * 31 + 300 * 30) / 1000)
    assert asked * found.basin.plants["bahri_tojik_hpp"].energy_rate == pytest.approx(200.6, abs=0.1)
    made = next(x.made_on_the_river_GWh for x in accounts(found).energy if x.giver == "TJK")
    assert 200 < made < 350


def test_without_the_storage_clause_the_fields_of_1999_lose():
    solver = wf.Solver(wf.read_basin("bahri_tojik"))
    before, after = solver.allocate(), without_clause(solver, "spring_storage")
    delivered = [float(a.dataset["delivery"].sum()) for a in (before, after)]
    assert delivered[0] - delivered[1] == pytest.approx(1245, abs=1)
    assert float(after.dataset["storage"][0, 2]) < 1000


@pytest.mark.parametrize("name", AGREEMENTS)
def test_hard_clauses_are_kept(name):
    for clause in clauses(plan(name)):
        assert not clause.hard or all(row.missed_by == 0 for row in clause.rows if not row.owed_before)


def test_an_agreement_of_no_clause_binds_nobody():
    assert clauses(plan("none")) == ()


def winter(found, quantity):
    return sum(v for x, v in figures(found).items() if (x.party, x.quantity) == ("KGZ", quantity) and x.window[5:7] == "10")


def test_irrigation_first_is_borne_by_the_kyrgyz_winter():
    held, free = plan("irrigation_1984"), plan("limits_2024_25")
    assert winter(held, "unserved") - winter(free, "unserved") > 4_000
    release = held.series("flow", "toktogul_tashkumyr")
    assert release[6:].sum() >= 0.75 * release.sum() - 1e-6
    assert (release * [p.rate for p in held.basin.calendar.periods])[:6].max() <= 180 + 1e-9


def test_without_agreement_the_north_aral_gets_the_residual():
    for scenario, most in ((None, 0.96), ("stress", 0.01)):
        found = (plan(name, scenario=scenario) for name in ("none", "limits_2024_25"))
        reached = [float(x.series("flow", "karateren_north_aral").sum()) for x in found]
        assert reached[0] < most * reached[1]


def test_the_cap_of_the_draft_is_what_it_says_and_8_9_sleeps_in_a_dry_year():
    assert plan("draft_2007").series("flow", "toktogul_tashkumyr").sum() == pytest.approx(12_200)
    assert "clause_8_9" in plan("draft_2007").basin.clause_rows
    assert "clause_8_9" not in plan("draft_2007", scenario="dry_year").basin.clause_rows


def test_the_swap_keeps_a_cubic_metre_for_each_kilowatt_hour():
    found = plan("swap_2025")
    assert found.series("storage", "toktogul")[5] == pytest.approx(8_300 + 598)
    # in summer the one line between them carries no more
    assert moved(found) == {("KAZ", "KGZ"): pytest.approx(598), ("KGZ", "KAZ"): pytest.approx(319)}


def test_more_of_a_clause_costs_what_its_price_says():
    solver = wf.Solver(wf.read_basin("syr_darya", agreements=["draft_2007"]))
    price = clause_prices(solver, "clause_7_2")["clause_7_2"]
    cost = [float(a.dataset["stage_value"].sel(stage="cost")) for a in (solver.allocate(), with_more(solver, "clause_7_2"))]
    assert cost[1] - cost[0] == pytest.approx(price.right["cost"], rel=1e-3)
    assert price.right["cost"] < 0


def test_an_unknown_clause_is_refused():
    solver = wf.Solver(wf.read_basin("bahri_tojik"))
    for ask in (without_clause, with_more):
        with pytest.raises(wf.InputError, match="spring_storage"):
            ask(solver, "winter_storage")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("release_6500_same_imports", ["Short: KGZ 1,003 GWh", "2,000 of 2,000 GWh came and brings no new power"]),
        ("release_6500_new_power", ["Short: KAZ", "2,000 of 2,000 GWh came, 1,136 of it new"]),
        ("release_6500_small_line", ["Short: KGZ 156 GWh", "874 of 2,000 GWh came, 874 of it new"]),
    ],
)
def test_summer_water_for_winter_power_three_ways(name, told):
    """The first three lines say who is short and what power came; the release is kept, in km3 as it is written."""
    found = wf.allocate(wf.read_basin("syr_darya", agreements=[name]))
    first = " ".join(found.summary().splitlines()[:3])
    assert all(words in first for words in told)
    assert "6.500 km3" in found.summary(full=True)
