"""Claims of priorities mean what they say: keys that select, names that must match, priorities that share nothing in silence."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import River
from waterflow.basin.objective import Claims, Objective, Priority
from waterflow.formulation.objective import stage_plans

FIELDS = "{kind: demands}"


@pytest.fixture
def model(tmp_path):
    """The teaching river with the claims of its fields written anew."""

    def made(claims, order=""):
        copy = Copy(tmp_path)
        shipped = "{name: fields, title: Fields, title_ru: Поля, claims: [{kind: demands}]}"
        copy.text("model.yaml", shipped, f"{{name: fields, claims: [{claims}]}}{order}")
        return copy

    return made


def test_a_place_selects():
    """60 Mm3 for 100 at n1 and 50 at n2, n2 first: 50 and 10."""
    demands = {"n1": "upper", "n2": "lower"}
    basin = two_users()
    for first, second in (("n2", "n1"), ("n1", "n2")):
        order = tuple(Priority(name=p, claims=(Claims(kind="demands", places=(p,)),)) for p in (first, second))
        got = wf.allocate(basin.replaced(objective=Objective(priorities=order))).dataset["delivery"].sum("period")
        assert float(got.sel(demand=demands[first])) == pytest.approx(min(60, {"n1": 100, "n2": 50}[first]))
        assert float(got.sum()) == pytest.approx(60)


def two_users():
    river = River(months=1, start="2001-04-01").node("n1", runoff=60).node("n2").node("sea", "outlet")
    river.reach("a", "n1", "n2").reach("b", "n2", "sea")
    return river.demand("upper", "n1", "A", 100).demand("lower", "n2", "A", 50).basin()


WRONG = {
    "{kind: demands, season: growing}": ("claim-key", "season"),
    "{kind: floors, uses: [irrigation]}": ("claim-key", "uses"),
    "{kind: demands, uses: [irigation]}": ("claims-nothing", "Did you mean irrigation?"),
    "{kind: demands, users: [valley_field]}": ("claims-nothing", "Did you mean valley_fields?"),
    "{kind: demands, places: [fieldz]}": ("claims-nothing", "Did you mean fields?"),
    "{kind: demands, parties: [UP]}": ("claims-nothing", "UP"),
    "{kind: targets, places: [lakke]}": ("claims-nothing", "Did you mean lake?"),
    "{kind: power, party: DOWN}": ("claims-nothing", "no power balance"),
}


@pytest.mark.parametrize("claims", WRONG)
def test_what_a_claim_would_not_heed_is_refused(model, claims):
    code, said = WRONG[claims]
    problem = model(claims).problem()
    assert problem.code == code
    assert said in str(problem)


def test_an_empty_priority_and_a_name_given_twice_are_refused_together(model):
    copy = model(FIELDS, "\n    - {name: fields, claims: []}")
    assert [p.code for p in copy.problems()] == ["empty-priority", "twice"]


def test_two_priorities_that_claim_the_same_are_told(model):
    basin = wf.read_basin(model(FIELDS, "\n    - {name: again, claims: [{kind: demands, users: [valley_fields]}]}").folder)
    (said,) = basin.warnings()
    assert "The priorities fields and again both claim valley_fields" in said


def test_no_shipped_priority_claims_what_another_claims():
    for name in ("syr_darya", "bahri_tojik", "two_reservoirs"):
        assert not [w for w in wf.read_basin(name).warnings() if "both claim" in w]


@given(st.data())
def test_a_claim_takes_the_users_that_fit_every_key(data):
    """The same words read by an independent line over all the users of the Syr Darya."""
    basin = river()
    keys = {"uses": "use", "parties": "party", "users": "name", "places": "node"}
    chosen = {}
    for key, field in keys.items():
        names = sorted({getattr(d, field) for d in basin.demands.values()})
        chosen[key] = tuple(data.draw(st.lists(st.sampled_from(names), max_size=4, unique=True), label=key))
    claims = Claims(kind="demands", **chosen)
    order = Objective(priorities=(Priority(name="one", claims=(claims,)),))
    plan = next(iter(stage_plans(basin.replaced(objective=order))), None)
    members = basin.replaced(objective=order).demand_claims
    found = {members[c.index[0]].demand for c in plan.claims} if plan and plan.name == "one" else set()
    wanted = set(basin.demands)
    for key, field in keys.items():
        if chosen[key]:
            wanted &= {d.name for d in basin.demands.values() if getattr(d, field) in chosen[key]}
    assert found == wanted
    assert {d for d, taken in product(basin.demands, (True,)) if order.claims_demand(basin.demands[d]) is taken} == wanted


def river(_kept=[]):  # noqa: B006 - read once
    if not _kept:
        _kept.append(wf.read_basin("syr_darya"))
    return _kept[0]
