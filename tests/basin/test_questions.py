"""What-if questions: every address means what it says, slips are told, and the answer is that of a river read so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.rivers import every_process
from waterflow.basin.addresses import addressed, listed
from waterflow.basin.changes import CHANGEABLE
from waterflow.errors import InputError

SYR = wf.read_basin("syr_darya")
RIVER = every_process().basin()
#: what a question says of itself
ABOUT = {"questions", "asked_of", "grades", "scenario"}


@pytest.mark.parametrize(
    ("address", "value", "given", "index", "wanted"),
    [
        ("target.north_aral.non_growing", 1792, "target_volume", "north_aral/2024-10-01/2025-03-31", 1792.0),
        ("target.north_aral.growing", "x2", "target_volume", "north_aral/2025-04-01/2025-09-30", 1950.0),
        ("runoff.toktogul.2025-06", "2km3", "runoff", ("toktogul", "2025-06"), 2000.0),
        ("runoff.toktogul.2025-06", "100m3s", "runoff", ("toktogul", "2025-06"), 259.2),
        ("storage_at_least.toktogul.2025-10-01", 9000, "ruled_storage", "toktogul/at_least/2025-10-01", 9000.0),
        ("limit.KAZ.growing", "0.5km3", "limit_volume", "KAZ/2025-04-01/2025-09-30", 500.0),
        ("floor.andijan.growing", 7, "floor_flow", "andijan_release/2025-04-01/2025-09-30", 7.0),
        ("opening_storage.toktogul", "x0.5", "opening_storage", "toktogul", SYR.reservoirs["toktogul"].opening_storage / 2),
        ("power_demand.KGZ.2024-12", "2TWh", "power_demand", ("KGZ", "2024-12"), 2000.0),
        ("energy_rate.toktogul_hpp", 0.4, "energy_rate", "toktogul_hpp", 0.4),
    ],
)
def test_an_address_is_the_change_it_names(address, value, given, index, wanted):
    asked, changed = SYR.asked({address: value}), SYR.changed(**{given: {index: wanted}})
    assert asked.model_dump(exclude=ABOUT) == changed.model_dump(exclude=ABOUT)
    assert asked.questions[-1].startswith(f"What if {address}: ")
    assert (asked.scenario, asked.own_scenario) == ("season_2024_25, what if", "season_2024_25")


def test_a_factor_moves_everything_that_is_meant():
    dry = SYR.asked({"runoff.all": "x0.9"})
    assert dry.runoff == {n: tuple(0.9 * v for v in series) for n, series in SYR.runoff.items()}
    fields = SYR.asked({"need.irrigation.growing": "x0.5"})
    for name, demand in SYR.demands.items():
        halved = [0.5 if demand.use == "irrigation" and p.season == "growing" else 1.0 for p in SYR.calendar.periods]
        assert fields.demands[name].need == pytest.approx([v * h for v, h in zip(demand.need, halved, strict=True)])


def test_a_volume_over_several_periods_is_their_sum_shared_as_it_is():
    asked = SYR.asked({"runoff.toktogul.growing": 6000})
    inside = [k for k, p in enumerate(SYR.calendar.periods) if p.season == "growing"]
    before, after = SYR.runoff["toktogul"], asked.runoff["toktogul"]
    assert sum(after[k] for k in inside) == pytest.approx(6000)
    assert len({round(after[k] / before[k], 12) for k in inside}) == 1
    assert [after[k] for k in range(12) if k not in inside] == [before[k] for k in range(12) if k not in inside]


def test_nothing_over_several_periods_is_shared_by_days():
    dry = RIVER.changed(runoff={(n, t): 0.0 for n in RIVER.runoff for t in RIVER.calendar.labels})
    node = next(iter(dry.runoff))
    asked = dry.asked({f"runoff.{node}": 365})
    days = [p.days for p in dry.calendar.periods]
    assert asked.runoff[node] == pytest.approx([365 * d / sum(days) for d in days])


def test_a_rule_that_is_not_there_is_added_and_said():
    asked = SYR.asked({"storage_at_least.toktogul.2025-04-01": 8300})
    rule = asked.storage_rules["toktogul/at_least/2025-04-01"]
    assert (rule.reservoir, SYR.calendar.labels[rule.period], rule.rule, rule.storage) == ("toktogul", "2025-03", "at_least", 8300.0)
    assert "a rule there was none of" in asked.questions[-1]
    assert asked.structure != SYR.structure
    assert asked.grades["storage_rules"]["assumed"] == SYR.grades["storage_rules"].get("assumed", 0) + 1


def test_what_is_asked_counts_as_assumed():
    asked = SYR.asked({"limit.KAZ.growing": 500})
    assert asked.assumed_rows()[1] == SYR.assumed_rows()[1]
    assert asked.grades["limits"].get("assumed", 0) >= SYR.grades["limits"].get("assumed", 0)
    assert sum(asked.grades["limits"].values()) == sum(SYR.grades["limits"].values())


@pytest.mark.parametrize(
    ("questions", "codes", "told"),
    [
        ({"targt.north_aral": 3}, ["unknown-address"], "Did you mean target?"),
        ({"target.north_arl": 3}, ["unknown-address"], "Did you mean north_aral?"),
        ({"target.north_aral.growng": 3}, ["unknown-address"], "Did you mean growing?"),
        ({"runoff.toktogul.2026-01": 3}, ["unknown-address"], "2024-10"),
        ({"target.north_aral": 3}, ["unknown-address"], "target.north_aral.growing"),
        ({"runoff.all": 3}, ["unknown-address"], "Or a factor, such as x0.9."),
        ({"target": 3}, ["unknown-address"], "nothing after target"),
        ({"": 3}, ["unknown-address"], "runoff"),
        ({"storage_at_least.toktogul": 3}, ["unknown-address"], "no date"),
        ({"storage_at_least.toktogul.2025-04-15": 3}, ["unknown-address"], "2025-04-01"),
        ({"storage_at_least.toktogol.2025-04-01": 3}, ["unknown-address"], "Did you mean toktogul?"),
        ({"target.north_aral.growing": "1,792"}, ["not-a-number"], "no sign between thousands"),
        ({"target.north_aral.growing": True}, ["not-a-number"], "True"),
        ({"target.north_aral.growing": "nan"}, ["not-a-number"], "nan"),
        ({"target.north_aral.growing": -1}, ["negative"], "0 or more"),
        ({"target.north_aral.growing": "5TWh"}, ["unknown-unit"], "km3"),
        ({"runoff.all": "x0.9Mm3"}, ["not-a-number"], "without a unit"),
        ({"storage_at_least.toktogul.2025-04-01": "x2"}, ["not-a-number"], "a figure that is there"),
        ({"runoff.all": "x0.9", "runoff.toktogul": 9000, "limit.KAZ": 1}, ["twice", "unknown-address"], "asked about once"),
    ],
)
def test_what_cannot_be_understood_is_refused_at_once(questions, codes, told):
    with pytest.raises(InputError) as caught:
        SYR.asked(questions)
    assert sorted(p.code for p in caught.value.problems) == codes
    assert told in str(caught.value)


@pytest.mark.parametrize("basin", [SYR, RIVER, wf.read_basin("two_reservoirs"), wf.read_basin("syr_darya", step="dekad")], ids=repr)
def test_every_listed_address_can_be_asked(basin):
    found = list(listed(basin))
    assert len({x.address for x in found}) == len(found)
    for x in found:
        assert addressed(basin, x.address) == x
        asked = basin.asked({x.address: "x1"})
        assert asked.model_dump(exclude=ABOUT) == basin.model_dump(exclude=ABOUT)
    named = {(x.given.name, index) for x in found for index in x.indices}
    every = {
        (name, (o, t) if g.by_period else (o,))
        for name, g in CHANGEABLE.items()
        for o in g.owners(basin)
        for t in (basin.calendar.labels if g.by_period else [""])
    }
    assert named == every


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0.5, 1.2)), min_size=1, max_size=3))
def test_the_answer_is_that_of_the_changed_river(chosen):
    addresses = [x.address for x in listed(RIVER)]
    questions = {}
    for pick, factor in chosen:
        address = addresses[pick % len(addresses)]
        try:
            RIVER.asked(questions | {address: f"x{factor:.3f}"})
        except InputError:
            continue
        questions[address] = f"x{factor:.3f}"
    try:
        cold = wf.allocate(RIVER.asked(questions))
    except wf.ConflictError:
        with pytest.raises(wf.ConflictError):
            wf.ask(RIVER, questions)
        return
    found = wf.ask(RIVER, questions)
    assert found.allocation.basin.questions == cold.basin.questions
    for name in ("delivery", "flow", "storage"):
        assert found.allocation.dataset[name].values == pytest.approx(cold.dataset[name].values, abs=1e-6)
    assert len(found.beside().columns) == 2
