"""Rolling: solved again from its own state a plan goes on as it was; what was taken is off what was promised, by hand."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.rivers import facts, river_of
from tests.rivers import DEMANDS, TARGETS, River
from waterflow.accounts.plan import Plan
from waterflow.errors import InputError
from waterflow.ledger.corrections import correction
from waterflow.ledger.partial import to_next_boundary
from waterflow.ledger.rolling import rest_of_season
from waterflow.ledger.seen import Seen, seen_of


def planned(basin):
    found = wf.allocate(basin)
    return Plan(found.basin, found.dataset)


def shares(plan):
    """The first round of every stage of claims."""
    d = plan.dataset
    rows = zip(d["stage"].values.tolist(), d["stage_value"].values.tolist(), d["stage_unit"].values.tolist(), strict=True)
    return {name: value for name, value, unit in rows if unit == "share of the claim" and name.removesuffix("/even").count("/") == 0}


def again(basin, k, **more):
    plan = planned(basin)
    rest = rest_of_season(plan.basin, seen_of(plan, k), **more)
    rest.basin.require_valid()
    return plan, rest, planned(rest.basin)


def assert_goes_on(basin, k, within=1e-6):
    """Every round of shares, and the decisions themselves, are those of the plan it is the rest of."""
    plan, _, new = again(basin, k)
    then, now = shares(plan), shares(new)
    for name, value in now.items():
        assert value <= then[name] + within, name
    for name in ("flow", "storage", "delivery", "unserved"):
        there, here = plan.dataset[name].values[:, k:], new.dataset[name].values
        assert here == pytest.approx(there, abs=1e-4), name


@pytest.mark.parametrize(("model", "k"), [("two_reservoirs", 3), ("bahri_tojik", 2), ("bahri_tojik", 6)])
def test_a_plan_solved_again_from_its_own_state_goes_on(model, k):
    assert_goes_on(wf.read_basin(model), k)


@pytest.mark.long
@pytest.mark.parametrize("k", [1, 6, 9])
def test_the_shipped_river_goes_on(k):
    """Every share is the same; the closing stages among equal plans may turn by a few Mm3, as the stages above are kept to a tolerance."""
    plan, _, new = again(wf.read_basin("syr_darya", "season_2022_23"), k)
    then, now = shares(plan), shares(new)
    assert now == pytest.approx({name: then[name] for name in now}, abs=1e-6)
    assert new.dataset["storage"].values == pytest.approx(plan.dataset["storage"].values[:, k:], abs=5)


@settings(max_examples=6, deadline=None)
@given(facts(), st.integers(1, 2))
def test_any_river_goes_on(f, k):
    basin = river_of(f).basin()
    assert_goes_on(basin, min(k, len(basin.calendar.periods) - 1))


def river():
    """Two months past of four: a field of 40 a month with a limit of 100, a gauge with a target of 60, a dam of 100."""
    made = River(months=4, start="2025-01-01", parties="A B").node("dam", "reservoir", runoff=50).node("farm").node("sea", "outlet")
    made.reach("upper", "dam", "farm").reach("mouth", "farm", "sea").reservoir("dam", 100, 200)
    made.demand("field", "farm", "A", 40, limited=True).limit("A", 100).target("gauge", "mouth", 60)
    return made.priorities(("fields", [DEMANDS]), ("gauge", [TARGETS]))


def seen(**more):
    """January and February as they were: 30 and 35 taken, 10 and 20 past the gauge, 130 left."""
    days = {dt.date(2025, 2, 1): 120.0, dt.date(2025, 3, 1): 130.0}
    months = ("2025-01", "2025-02")
    known = {
        "storages": {"dam": days},
        "deliveries": {"field": dict(zip(months, (30.0, 35.0), strict=True))},
        "flows": {"upper": dict(zip(months, (40.0, 55.0), strict=True)), "mouth": dict(zip(months, (10.0, 20.0), strict=True))},
    }
    return Seen(day=dt.date(2025, 3, 1), **(known | more))


def rest(basin=None, found=None, **more):
    return rest_of_season(basin or river().basin(), found or seen(), **more)


def test_what_was_taken_is_off_the_limit_and_what_passed_is_off_the_target():
    """Limit 100 less 65; target 60 less 30; the dam opens with 130; the season now begins in March."""
    found = rest()
    (limit,), (target,) = found.basin.limits.values(), found.basin.targets.values()
    assert (limit.amount, target.amount, found.basin.reservoirs["dam"].opening_storage) == pytest.approx((35, 30, 130))
    assert str(target.window) == str(limit.window).replace("2025-03-31", "2025-04-30") or limit.window.start == target.window.start
    assert found.basin.calendar.labels == ("2025-03", "2025-04")
    assert found.basin.reaches["upper"].flow_before[-2:] == (40, 55)
    assert found.basin.demands["field"].delivery_before[-2:] == (30, 35)
    assert not found.excesses
    assert not found.assumed


def test_a_limit_is_free_within_its_tolerance_but_what_users_count_on_is_not():
    """1.15 times 100, less 65, is 50; the field may still count on its season's share of the limit, less what it took."""
    bound, free = rest(), rest(tolerance=0.15)
    assert next(iter(free.basin.limits.values())).amount == pytest.approx(50)
    assert free.basin.claimed_water == pytest.approx(bound.basin.claimed_water)
    # of needs of 120 in January to March the limit gives 100, of which 35 are left; April is a season of its own, without a limit
    assert sorted(bound.basin.claimed_water.values()) == pytest.approx([35, 40])


def test_more_than_was_allowed_is_told_and_nothing_is_below_zero():
    much = seen(
        deliveries={"field": {"2025-01": 60.0, "2025-02": 50.0}},
        flows={"upper": {"2025-01": 90.0, "2025-02": 90.0}, "mouth": {"2025-01": 50.0, "2025-02": 20.0}},
    )
    found = rest(found=much)
    assert next(iter(found.basin.limits.values())).amount == 0
    assert found.basin.targets["gauge"].amount == 0
    assert [(x.kind, x.figure, x.found) for x in found.excesses] == [("target", 60, 70), ("limit", 100, 110)]


def test_clauses_know_their_past_and_a_cap_that_is_passed_allows_no_more():
    made = river().clause("share", "release", reservoir="dam", figures=[river().span(0, 2, amount_Mm3=140)], concession_price=0.1)
    made.clause("gone", "release", reservoir="dam", figures=[river().span(0, 1, amount_Mm3=100)], concession_price=0.1)
    made.clause("cap", "release_cap", reservoir="dam", figures=[river().span(0, 2, amount_Mm3=90)])
    found = rest(made.basin())
    row = found.basin.clause_rows["share"]
    assert (row.figure, row.known, [index for _, index, _ in row.terms]) == (140, 95, [("upper", "2025-03")])
    assert [(x.row, x.found, x.missed) for x in found.settled] == [("gone", 95, 5)]
    assert [(x.kind, x.name, x.found) for x in found.excesses] == [("clause", "cap", 95)]
    plan = planned(found.basin)
    assert plan.series("flow", "upper")[0] == pytest.approx(0)


def test_what_was_not_reported_is_the_plan_s_and_told_or_refused():
    whole = planned(river().basin())
    found = rest(found=seen(flows={"upper": {"2025-01": 40.0, "2025-02": 55.0}}), approved=whole)
    assert [(x.quantity, x.place, x.periods) for x in found.assumed] == [("flow", "mouth", ("2025-01", "2025-02"))]
    with pytest.raises(InputError, match="missing-fact"):
        rest(found=seen(flows={}))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"storages": {"damm": {}}}, "unknown-reservoir"),
        ({"deliveries": {"field": {"2025-03": 1.0}}}, "outside-horizon"),
        ({"storages": {"dam": {dt.date(2025, 2, 2): 1.0}}}, "outside-horizon"),
    ],
)
def test_a_name_or_a_day_that_is_none_is_refused(more, code):
    with pytest.raises(InputError, match=code):
        rest(found=seen(**more))


def test_a_forecast_is_put_in():
    assert rest(forecast={("dam", "2025-04"): 7.0}).basin.runoff["dam"] == (50, 7)


def test_a_day_inside_a_month_goes_on_with_the_plan_to_its_end():
    """On 16 February 13 of 28 days are left: the plan's storage falls or rises by 13/28 of its change from what was seen."""
    whole = planned(river().basin())
    day = dt.date(2025, 2, 16)
    there, bridged = to_next_boundary(Seen(day=day, storages={"dam": {day: 100.0}}, deliveries={"field": {"2025-02": 20.0}}), whole)
    stored, taken = whole.series("storage", "dam"), whole.series("delivery", "field")
    assert there.day == dt.date(2025, 3, 1)
    assert (bridged.days, bridged.assumed) == (13, ())
    assert there.storages["dam"][there.day] == pytest.approx(100 + 13 / 28 * (stored[1] - stored[0]))
    assert there.deliveries["field"]["2025-02"] == pytest.approx(20 + 13 / 28 * taken[1])


def test_a_correction_tells_what_changes_by_party_and_by_target():
    whole = planned(river().basin())
    found = rest(approved=whole)
    facts = correction(whole, planned(found.basin), found, seen().day)
    first = next(x for x in facts.changes if x.kind == "withdrawal")
    assert (first.party, first.seen, first.allowed) == ("A", 65, 100)
    target = next(x for x in facts.changes if x.kind == "target")
    assert (target.seen, target.allowed) == (30, 60)
    assert target.newest >= 60 - 1e-6
    assert facts.reservoirs[0].newest_m3s[:2] == pytest.approx(
        [p * r.rate for p, r in zip((40, 55), whole.basin.calendar.periods, strict=False)]
    )
