"""Shocks, by hand: what is out makes nothing, assistance is given while it lasts and owed back, a slip is told."""

import pytest

import waterflow as wf
from tests.rivers import DEMANDS, River
from waterflow.accounts.plan import Plan
from waterflow.basin.objective import Claims
from waterflow.errors import InputError
from waterflow.ledger.assistance import assisted, read_assistance
from waterflow.ledger.shock_facts import shocked
from waterflow.ledger.shocks import beginning, read_shock, struck


def river():
    """Two parties, each with a dam and a plant; 100 stored and 50 a month; power for both, imports of A over a line."""
    made = River(months=4, start="2025-01-01", parties="A B")
    for party in "ab":
        made.node(f"dam_{party}", "reservoir", runoff=50).node(f"sea_{party}", "outlet")
        made.reach(f"river_{party}", f"dam_{party}", f"sea_{party}").reservoir(f"dam_{party}", 100, 200).owned(
            f"dam_{party}", party.upper()
        )
        made.plant(f"plant_{party}", f"river_{party}", party.upper(), 1.0, 100).needs_power(party.upper(), 40, {1.0: 1.0})
        made.held(f"dam_{party}", 100)
    made.supply("imports", "A", 10, 0.05, line="north").export("sales", "B", 5, 0.01, line="north")
    made.demand("field", "dam_a", "A", 5, limited=True)
    return made.priorities(
        ("fields", [DEMANDS]), ("power", [Claims(kind="power", party="A"), Claims(kind="power", party="B")]), "cost"
    ).basin()


def planned(basin):
    found = wf.allocate(basin)
    return Plan(found.basin, found.dataset)


def test_a_plant_that_is_out_makes_nothing_while_it_lasts():
    basin = river()
    out = read_shock("plant:plant_a@2025-02", basin)
    assert (out.start, out.end, out.share) == ("2025-02-01", "2025-04-30", 0)
    plan = planned(struck(basin, [out]))
    assert plan.series("generation", "plant_a")[1:] == pytest.approx([0, 0, 0])
    # 40 asked, 10 bought, nothing of its own
    (block,) = (x.name for x in basin.unserved_blocks.values() if x.party == "A")
    assert plan.series("unserved", block)[1:] == pytest.approx([30, 30, 30])


@pytest.mark.parametrize(
    ("text", "field", "name", "attribute", "left"),
    [
        ("plant:plant_a=50%@2025-02/2025-03", "plants", "plant_a", "capacity", (100, 50, 50, 100)),
        ("line:north=50%@2025-01", "supplies", "imports", "capacity", (5, 5, 5, 5)),
        ("line:north@2025-04", "exports", "sales", "capacity", (5, 5, 5, 0)),
        ("supply:imports=10MW@2025-01/2025-01", "supplies", "imports", "capacity", (10 * 24 * 31 / 1000, 10, 10, 10)),
        ("canal:field=1m3s@2025-01/2025-01", "demands", "field", "capacity", (2.6784, 1e8, 1e8, 1e8)),
        ("canal:field@2025-02/2025-02", "demands", "field", "capacity", (1e8, 0, 1e8, 1e8)),
        ("dam:dam_b=10m3s@2025-04", "reaches", "river_b", "capacity", (1e8, 1e8, 1e8, 25.92)),
        ("reach:river_a@2025-01-15/2025-02", "reaches", "river_a", "capacity", (0, 0, 1e8, 1e8)),
    ],
)
def test_what_is_left_of_each_kind(text, field, name, attribute, left):
    basin = river()
    found = getattr(struck(basin, [read_shock(text, basin)]), field)[name]
    assert getattr(found, attribute) == pytest.approx(left)


def test_a_reservoir_that_may_hold_no_more():
    basin = river()
    plan = planned(struck(basin, [read_shock("reservoir:dam_a=120Mm3@2025-01/2025-03", basin)]))
    assert max(plan.series("storage", "dam_a")[:3]) <= 120 + 1e-9


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("plant:plant_c", "unknown-plant"),
        ("line:south", "unknown-line"),
        ("canal:fields", "unknown-demand"),
        ("supply:import", "unknown-supply"),
        ("plan:plant_a", "bad-shock"),
        ("plant_a", "bad-shock"),
        ("plant:plant_a=50", "bad-shock"),
        ("plant:plant_a=150%", "bad-shock"),
        ("plant:plant_a=5m3s", "bad-shock"),
        ("reservoir:dam_a", "bad-shock"),
        ("plant:plant_a@2026-01", "outside-horizon"),
        ("plant:plant_a@2025-03/2025-01", "bad-shock"),
    ],
)
def test_a_slip_is_told(text, code):
    with pytest.raises(InputError, match=rf"\[{code}\]"):
        read_shock(text, river())


def test_a_share_of_what_no_table_limits_is_refused():
    basin = river()
    with pytest.raises(InputError, match="bad-shock"):
        struck(basin, [read_shock("canal:field=50%", basin)])


@pytest.mark.parametrize(
    ("text", "code"), [("B:C=5MW", "unknown-party"), ("B:A", "bad-shock"), ("A:A=5MW", "bad-shock"), ("B:A=0MW", "bad-shock")]
)
def test_a_slip_in_assistance_is_told(text, code):
    with pytest.raises(InputError, match=code):
        read_assistance(text, river())


def test_assistance_is_given_while_it_lasts_and_comes_back():
    """A lacks 30 GWh in January and February; B sends 20 MW: 14.88 and 13.44 GWh, all owed by the end."""
    basin = river()
    out = read_shock("plant:plant_a@2025-01/2025-02", basin)
    asked = read_assistance("B:A=20MW", basin)
    alone = struck(basin, [out])
    helped = planned(assisted(alone, asked, out.start, out.end))
    facts = shocked(planned(basin), planned(alone), helped, [out], [asked], "made up")
    (given,), (owed,) = facts.helped, facts.owed
    assert given.given_GWh == pytest.approx((14.88, 13.44, 0, 0), abs=1e-6)
    assert sum(given.returned_GWh) == pytest.approx(28.32, abs=1e-6)
    assert (owed.given_GWh, owed.owed_GWh, owed.backed) == pytest.approx((28.32, 28.32, True))
    assert given.returned_GWh[:2] == pytest.approx((0, 0), abs=1e-9)
    assert owed.water_Mm3 > 0
    unserved = {x.party: x for x in facts.rows if x.quantity == "unserved" and x.window.startswith("2025-01")}
    assert unserved["A"].helped == pytest.approx(unserved["A"].alone - 28.32, abs=1e-6)
    assert beginning([out]) == "2025-01-01"


def test_no_more_is_given_than_the_line_can_bring_back():
    """20 MW bring 14.88 and 14.4 GWh back in March and April: at 1.5 for one, no more than 19.52 are given."""
    basin = river()
    out, asked = read_shock("plant:plant_a@2025-01/2025-02", basin), read_assistance("B:A=20MW*1.5", basin)
    plan = planned(assisted(struck(basin, [out]), asked, out.start, out.end))
    assert plan.series("exchanged", asked.clause).sum() == pytest.approx(29.28 / 1.5)


def test_what_cannot_be_given_back_is_refused():
    basin = river()
    with pytest.raises(InputError, match="bad-shock"):
        assisted(basin, read_assistance("B:A=20MW", basin), "2025-02-01", "2025-04-30")
