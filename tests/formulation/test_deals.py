"""Electricity deals by hand: what comes, over which line, what of it is new, who gives it, when, and what is given back."""

import pytest

import waterflow as wf
from tests.rivers import River
from waterflow.accounts.clauses import accounts, clauses
from waterflow.accounts.deals import deals
from waterflow.accounts.plan import Plan
from waterflow.allocation.audit import audit
from waterflow.basin.clause_rows import without

OWN = {"line": "new", "additional": True, "capacity_MW": 10, "cost_USD_per_kWh": 0.02, "source": "s", "grade": "assumed"}


def buyer(months=1, demand=20, **options):
    """A has no water and needs 20 GWh; two lines of its imports carry 5 and 4, dear and cheap; unserved power costs 0.2."""
    river = River(months=months, parties="A B C", **options).node("dam", "reservoir", runoff=0).node("sea", "outlet")
    river.reach("out", "dam", "sea").reservoir("dam", 0, 100).plant("mill", "out", "A", 1).needs_power("A", demand, {0.2: 1.0})
    return river.supply("dear", "A", 5, 0.1, line="north").supply("cheap", "A", 4, 0.05, line="south").priorities("cost")


def plan_of(river):
    allocation = wf.allocate(river.basin())
    assert audit(allocation.basin, allocation.dataset).closes
    return Plan(allocation.basin, allocation.dataset)


def unserved(plan):
    return float(plan.dataset["unserved"].sum())


def test_displacing_power_is_part_of_the_imports_and_brings_nothing():
    river = buyer()
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=3)], way={"line": "north"})
    plan = plan_of(river)
    (deal,) = deals(plan)
    assert (deal.agreed_GWh, deal.delivered_GWh, deal.new_GWh, deal.displaced_GWh) == (3, pytest.approx(3), 0, pytest.approx(3))
    assert unserved(plan) == pytest.approx(20 - 9)
    assert not deal.backed


def test_displacing_power_fits_in_its_line():
    """5 fit in the northern line, 9 in both: 6 over the north alone are refused, without a line they are booked."""
    river = buyer()
    asked = {"giver": "B", "receivers": ["A"], "figures": [river.span(energy_GWh=6)]}
    river.clause("deal", "energy_delivery", **asked)
    assert deals(plan_of(river))[0].delivered_GWh == pytest.approx(6)
    river.parts["clauses"] = []
    with pytest.raises(wf.ConflictError):
        wf.allocate(river.clause("deal", "energy_delivery", **asked, way={"line": "north"}).basin())
    river.parts["clauses"] = []
    river.clause("deal", "energy_delivery", **asked, way={"line": "north"}, concession_price=1)
    (deal,) = deals(plan_of(river))
    assert (deal.delivered_GWh, deal.most_GWh) == (pytest.approx(5), 5)


def test_two_deals_share_a_line_and_others_share_what_is_left():
    """3 and 2 over the north and 4 over any line are all of the 9 there are; 5 over any line are more."""
    river = buyer()
    for name, owed, way in (("a", 3, {"line": "north"}), ("b", 2, {"line": "north"}), ("c", 4, {})):
        river.clause(name, "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=owed)], way=way)
    assert sum(d.delivered_GWh for d in deals(plan_of(river))) == pytest.approx(9)
    with pytest.raises(wf.ConflictError):
        wf.allocate(river.clause("d", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=1)]).basin())


def test_additional_power_is_new_where_the_tables_have_no_room():
    """A line of 10 MW carries 7.44 GWh in October; a twentieth is lost; all imports run, so all of it is new."""
    river = buyer()
    asked = {"figures": [river.span(energy_GWh=6)], "way": {**OWN, "loss_fraction": 0.05}}
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], **asked)
    plan = plan_of(river)
    (deal,) = deals(plan)
    assert (deal.new_GWh, deal.displaced_GWh, deal.most_GWh) == (pytest.approx(6), pytest.approx(0), pytest.approx(7.44))
    assert unserved(plan) == pytest.approx(20 - 9 - 0.95 * 6)
    # no more is moved than agreed, though it is the cheapest power there is
    assert deal.delivered_GWh == pytest.approx(6)
    assert float(plan.dataset["stage_value"][0]) == pytest.approx(0.5 + 0.2 + 0.02 * 6 + 0.2 * (20 - 9 - 5.7))


def test_additional_power_that_only_replaces_imports_is_not_new():
    """6 are needed; 6 come under the deal in place of imports that had room for them."""
    river = buyer(demand=6)
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=6)], way=OWN)
    plan = plan_of(river)
    (deal,) = deals(plan)
    assert (deal.new_GWh, deal.displaced_GWh) == (pytest.approx(0), pytest.approx(6))
    assert float(plan.dataset["supplied_power"].sum()) == pytest.approx(6)


def test_a_line_of_its_own_that_is_too_small_carries_what_it_can():
    river = buyer()
    asked = {"figures": [river.span(energy_GWh=12)], "way": OWN, "concession_price": 1}
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], **asked)
    assert deals(plan_of(river))[0].delivered_GWh == pytest.approx(7.44)


def test_a_line_between_parties_without_a_balance_carries_no_more_either():
    river = buyer()
    river.clause("deal", "energy_delivery", giver="B", receivers=["C"], figures=[river.span(energy_GWh=8)], way=OWN)
    with pytest.raises(wf.ConflictError):
        wf.allocate(river.basin())


def test_a_giver_with_a_balance_gives_it_up():
    """B makes 10 GWh of thermal power and needs 2; the 6 it sends to A over the new line are its own."""
    river = buyer()
    river.needs_power("B", 2, {0.3: 1.0}).supply("coal", "B", 10, 0.01, kind="thermal")
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=6)], way=OWN)
    plan = plan_of(river)
    assert plan.total("supplied_power", ["coal"]) == pytest.approx(8)
    assert unserved(plan) == pytest.approx(20 - 9 - 6)
    assert deals(plan)[0].backed


def test_the_line_goes_with_its_clause():
    river = buyer()
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=6)], way=OWN)
    basin = river.basin()
    assert "deal/line" in basin.supplies
    assert set(without(basin, "deal").supplies) == {"cheap", "dear"}


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ({"line": "nort"}, r"Did you mean north\?   \[unknown-line\]"),
        ({**OWN, "line": "north"}, "a name that no line of the tables has"),
    ],
)
def test_lines_that_do_not_fit_are_refused(way, told):
    river = buyer()
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=1)], way=way)
    with pytest.raises(wf.InputError, match=told):
        river.basin()


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ({"line": "new", "additional": True}, "for additional power also: capacity_MW"),
        ({"line": "north", "capacity_MW": 3}, "additional: true"),
    ],
)
def test_a_way_says_everything_or_leaves_it_to_the_tables(way, told):
    with pytest.raises(ValueError, match=told):
        buyer().clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[buyer().span(energy_GWh=1)], way=way)


def test_one_line_is_not_brought_twice():
    river = buyer()
    for name in ("one", "two"):
        river.clause(name, "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=1)], way=OWN)
    with pytest.raises(wf.InputError, match="a line that no other clause brings"):
        river.basin()


def test_several_givers_owe_their_parts():
    """8 in parts of three quarters and one: 6 by a new line from B, 2 by the south from C."""
    river = buyer()
    givers = [{"party": "B", "part": 0.75, "way": OWN}, {"party": "C", "part": 0.25, "way": {"line": "south"}}]
    river.clause("deal", "energy_delivery", givers=givers, receivers=["A"], figures=[river.span(energy_GWh=8)])
    plan = plan_of(river)
    assert [(d.deal, d.giver, d.agreed_GWh) for d in deals(plan)] == [("deal/B", "B", 6), ("deal/C", "C", 2)]
    owed = {e.party: e.obliged for e in accounts(plan).entries}
    assert owed == {"B": pytest.approx(6), "C": pytest.approx(2)}


@pytest.mark.parametrize("parts", [(0.5, 0.4), (0.5, 0.6)])
def test_parts_sum_to_one(parts):
    givers = [{"party": p, "part": x} for p, x in zip("BC", parts, strict=True)]
    with pytest.raises(ValueError, match="parts sum to 1"):
        buyer().clause("deal", "energy_delivery", givers=givers, receivers=["A"], figures=[buyer().span(energy_GWh=8)])


def test_what_december_lacks_may_come_in_february():
    """Nothing can come in the first month; it is owed in the second and third, which both have room for 5 of the north."""
    river = buyer(months=3)
    river.parts["supplies"][0] = river.parts["supplies"][0].model_copy(update={"capacity": (0.0, 5.0, 5.0)})
    figures = [river.span(k, k, energy_GWh=3) for k in range(3)]
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=figures, way={"line": "north"}, carry_over=1)
    plan = plan_of(river)
    came = plan.series("exchanged", "deal")
    assert came[0] == pytest.approx(0)
    assert came.sum() == pytest.approx(9)
    first, *_ = clauses(plan)[0].rows
    assert (first.missed_by, deals(plan)[0].delivered_GWh) == (pytest.approx(3), pytest.approx(9))


def swapping(ratio, months=2):
    """A gives B power in October (it has plenty of thermal) and gets it back in November over the same new line."""
    river = buyer(months=months).supply("coal", "A", [30, 0], 0.01, kind="thermal")
    asked = {"figures": [river.span(0, 0, energy_GWh=5)], "back": [river.span(1, 1)], "ratio": ratio, "way": OWN}
    return river.clause("swap", "energy_swap", giver="A", receivers=["B"], **asked)


@pytest.mark.parametrize("ratio", [1.0, 1.3])
def test_power_is_given_back_at_the_ratio_of_the_clause(ratio):
    """5 GWh in October bring back 5 or 6.5 in November, when A has nothing of its own."""
    plan = plan_of(swapping(ratio))
    gave, back = deals(plan)
    assert (gave.deal, back.deal) == ("swap", "swap/back")
    assert back.delivered_GWh == pytest.approx(5 * ratio)
    assert unserved(plan) == pytest.approx(20 - 9 - 5 * ratio)
    owed = {e.party: e.obliged for e in accounts(plan).entries}
    assert owed == {"A": 5.0, "B": pytest.approx(5 * ratio)}


def test_power_is_not_given_back_while_it_is_given():
    river = buyer(months=2)
    asked = {"figures": [river.span(0, 1, energy_GWh=5)], "back": [river.span(1, 1)], "ratio": 1, "way": OWN}
    with pytest.raises(wf.InputError, match="days on which nothing is given"):
        river.clause("swap", "energy_swap", giver="A", receivers=["B"], **asked).basin()


def test_water_for_energy_says_the_whole_obligation():
    """2 GWh at half a kWh a m3 above 5: the water owed is 9, and one more GWh of energy makes it 11."""
    from waterflow.allocation.resolve import Solver
    from waterflow.explain.what_if import with_more

    river = buyer()
    river.parts["reservoirs"] = []
    river.parts["nodes"] = [n for n in river.parts["nodes"] if n.name != "dam"]
    river.node("dam", "reservoir", runoff=20).reservoir("dam", 0, 100)
    asked = {"water": {"storage": "dam", "date": "2024-11-01"}, "base_Mm3": 5, "kWh_per_m3": 0.5, "way": {"line": "north"}}
    river.clause("swap", "energy_for_water", giver="B", receivers=["A"], figures=[river.span(energy_GWh=2)], **asked)
    plan = plan_of(river)
    water = next(r for r in clauses(plan)[0].rows if r.unit == "Mm3")
    assert water.figure == pytest.approx(9)
    assert water.fulfilled >= 9 - 1e-9
    assert {e.party for e in accounts(plan).entries} == {"A", "B"}
    more = with_more(Solver(plan.basin), "swap")
    row = next(r for r in clauses(Plan(more.basin, more.dataset))[0].rows if r.unit == "Mm3")
    assert row.figure == pytest.approx(11)


def test_deals_over_lines_of_their_own_share_what_room_there_is():
    """10 are needed and 9 had room: of 4 and 4 that come besides, 1 is new between them, not none of each."""
    river = buyer(demand=10)
    for name, line in (("one", "first"), ("two", "second")):
        asked = {"figures": [river.span(energy_GWh=4)], "way": {**OWN, "line": line}}
        river.clause(name, "energy_delivery", giver="B", receivers=["A"], **asked)
    plan = plan_of(river)
    room = 9 - plan.total("supplied_power", ["dear", "cheap"])
    assert sum(d.new_GWh for d in deals(plan)) == pytest.approx(8 - room)
    assert sum(d.delivered_GWh for d in deals(plan)) == pytest.approx(8)
    assert {d.grade for d in deals(plan)} == {"assumed"}


def test_a_guessed_line_says_so():
    river = buyer()
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], figures=[river.span(energy_GWh=6)], way=OWN)
    assert "Its line is assumed." in wf.allocate(river.basin()).summary()


def test_a_line_between_parties_without_a_balance_has_a_name_too():
    river = buyer()
    river.clause("deal", "energy_delivery", giver="B", receivers=["C"], figures=[river.span(energy_GWh=1)], way={"line": "nort"})
    with pytest.raises(wf.InputError, match="Did you mean north"):
        river.basin()


def test_a_way_that_nothing_travels_is_refused():
    river = buyer()
    words = {"fuel": "gas", "fuel_amount": 10, "fuel_unit": "Mm3", "GWh_per_unit": 0, **river.span(), "way": {"line": "north"}}
    with pytest.raises(wf.InputError, match="the clause owes no electricity"):
        river.clause("gas", "fuel_for_energy", giver="B", receivers=["A"], **words).basin()


def test_a_carry_over_with_nowhere_to_go_is_told():
    river = buyer()
    asked = {"figures": [river.span(energy_GWh=1)], "carry_over": 1}
    river.clause("deal", "energy_delivery", giver="B", receivers=["A"], **asked)
    assert any("carry_over has no later figure" in said for said in river.basin().warnings())
