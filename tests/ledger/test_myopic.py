"""A horizon decided step by step beside foresight: by hand, by law, and against an independent program on random rivers."""

import json
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.oracle import physics
from tests.oracle.test_oracle import river_of
from tests.rivers import DEMANDS, TARGETS, River, every_process
from waterflow import ConflictError, allocate
from waterflow.allocation.audit import audit
from waterflow.basin.objective import Objective
from waterflow.cli import main
from waterflow.ledger.alone import alone
from waterflow.ledger.myopic import myopic
from waterflow.ledger.myopic_facts import myopic_facts
from waterflow.report.myopic_text import myopic_text

BENEFIT = Objective(smoothest=False, unique=False)
EXACT = {"rel": 1e-7, "abs": 1e-7}


def dam(months=2):
    """100 Mm3, no runoff; fields ask for 60 in either month, worth 0.01 in April and 0.03 in May."""
    made = River(months=months, start="2024-04-01").node("dam", "reservoir").node("fields").node("sea", "outlet")
    made.reach("lower", "dam", "fields").reach("drain", "fields", "sea").reservoir("dam", 100, 100)
    return made.demand("wheat", "fields", "A", 60, value=[0.01, 0.03] if months == 2 else 0.01)


def given_out(found):
    return found.plan.dataset["delivery"].values.ravel()


def test_a_period_alone_takes_what_the_next_is_short_of():
    """Foresight: 40 and 60, worth 2.2. Step by step April takes its 60 and May is left with 40: 1.8."""
    basin = dam().basin(objective=BENEFIT)
    assert allocate(basin).dataset["delivery"].values.ravel() == pytest.approx([40, 60])
    found = myopic(basin)
    assert given_out(found) == pytest.approx([60, 40])
    assert float(found.plan.dataset["stage_value"][0]) == pytest.approx(1.8)


@pytest.mark.parametrize(("value", "april"), [(0.005, 60), (0.02, 0)])
def test_a_value_of_water_kept_stands_for_what_comes_after(value, april):
    """Below April's 0.01 it changes nothing; above it all of April is kept, more than May can use: no one value is right."""
    found = myopic(dam().basin(objective=BENEFIT), value)
    assert given_out(found)[0] == pytest.approx(april, abs=1e-6)
    assert given_out(found)[1] == pytest.approx(min(60, 100 - april))


def test_a_limit_and_a_target_have_their_part_in_each_period():
    """A limit of 80 over two equal needs is 40 in each; a target of 61 over 30 and 31 days is 30 and 31."""
    made = dam().limit("A", 80).target("sea", "drain", 61)
    made.parts["demands"] = [d.model_copy(update={"limited": True}) for d in made.parts["demands"]]
    found = alone(made.basin())
    assert [x.amount for x in found.limits.values()] == pytest.approx([40])
    assert [x.amount for x in found.targets.values()] == pytest.approx([30])
    plan = myopic(made.priorities(("users", [DEMANDS]), ("sea", [TARGETS])).basin()).plan.dataset
    # 40 of the 100 go in April, and 30 to the sea; May is left with 30 of its 40
    assert plan["delivery"].values.ravel() == pytest.approx([40, 30])


def test_a_storage_agreed_for_later_is_not_known_before_and_missed_by_as_little_as_can_be():
    found = myopic(dam().held("dam", 60).basin(objective=BENEFIT))
    assert found.not_held == ("dam/at_least/2024-05",)
    # 40 are left of April; May gives nothing
    assert given_out(found) == pytest.approx([60, 0], abs=1e-6)
    facts = myopic_facts(allocate(dam().held("dam", 60).basin(objective=BENEFIT)), {0.0: found})
    assert [(x.place, x.agreed_Mm3, round(x.modelled_Mm3)) for x in facts.ways[1].not_held] == [("dam", 60, 40)]
    assert facts.ways[1].money_MUSD == pytest.approx(0.6)
    assert "Storages agreed that cannot be kept any more, step by step: dam on 2024-06-01: 40 of 60 Mm3." in myopic_text(facts)


def test_a_storage_that_can_be_kept_is_kept():
    found = myopic(dam().held("dam", 70, 0).held("dam", 20, 1).basin(objective=BENEFIT))
    assert found.not_held == ()
    assert given_out(found) == pytest.approx([30, 50])


def test_a_horizon_of_one_period_is_the_same_with_foresight():
    basin = dam(months=1).held("dam", 30).basin(objective=BENEFIT)
    assert given_out(myopic(basin)) == pytest.approx(allocate(basin).dataset["delivery"].values.ravel())


def test_water_on_its_way_is_carried_on():
    """45 days of travel: what April lets go comes half in May and half in June; storage and water on its way are never lost."""
    made = River(months=3, start="2024-04-01").node("dam", "reservoir").node("fields").node("sea", "outlet")
    made.reach("lower", "dam", "fields", days=45).reach("drain", "fields", "sea").reservoir("dam", 90, 90)
    made.demand("wheat", "fields", "A", 60, value=0.01).target("mouth", "lower", 91, 0, 2)
    plan = myopic(made.priorities(("mouth", [TARGETS]), ("users", [DEMANDS])).basin()).plan
    assert audit(plan.basin, plan.dataset).closes
    # the target's part: 30 in April, 31 in May and what is left in June
    assert plan.dataset["flow"].sel(reach="lower").values == pytest.approx([30, 31, 29])


def one_month(nodes, t, storage):
    """The same river in one month, opened with what it holds."""
    return [
        {**node, **{name: node[name][t : t + 1] for name in ("runoff", "need", "value")}, "opening": storage[k] if node["full"] else 0.0}
        for k, node in enumerate(nodes)
    ]


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_every_step_is_the_best_of_its_own_month_as_the_oracle_has_it_and_foresight_is_no_worse(seed):
    nodes = physics.random_river(seed)
    basin = river_of(nodes).basin(objective=BENEFIT)
    best = physics.best_benefit(nodes)
    try:
        plan = myopic(basin).plan
    except ConflictError:
        return
    dams = [k for k, node in enumerate(nodes) if node["full"]]
    storage = dict(zip(basin.reservoirs, plan.dataset["storage"].values, strict=True))
    deliveries = dict(zip(basin.demands, plan.dataset["delivery"].values, strict=True))
    total = 0.0
    for t in range(physics.MONTHS):
        held = {k: float(storage[f"n{k}"][t - 1]) if t else nodes[k]["opening"] for k in dams}
        with mock.patch.object(physics, "MONTHS", 1):
            wanted = physics.best_benefit(one_month(nodes, t, held))
        got = sum(float(v[t] * nodes[int(d[1:])]["value"][t]) for d, v in deliveries.items())
        assert got == pytest.approx(wanted, **EXACT), f"seed {seed}, month {t}"
        total += got
    assert total <= best + 1e-7


def test_a_river_with_every_process_but_clauses_is_decided_step_by_step():
    river = every_process()
    del river.parts["clauses"]
    basin = river.basin()
    found = myopic(basin)
    assert audit(found.plan.basin, found.plan.dataset).closes
    assert set(found.not_held) <= set(basin.storage_rules)
    foresight = allocate(basin)
    assert float(found.plan.dataset["stage_value"][0]) >= float(foresight.dataset["stage_value"][0]) - 1e-9
    assert np.isfinite(found.plan.dataset["storage"].values).all()


def test_clauses_and_a_value_below_nothing_are_refused():
    with pytest.raises(wf.InputError) as refused:
        myopic(every_process().basin())
    assert [p.code for p in refused.value.problems] == ["bad-clause"]
    with pytest.raises(wf.InputError) as refused:
        myopic(dam().basin(objective=BENEFIT), -0.01)
    assert [p.code for p in refused.value.problems] == ["negative"]


def test_the_command_prints_both(capsys):
    assert main(["myopic", "two_reservoirs", "--water-value", "0.05", "--format", "json", "--no-progress"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [x["way"] for x in told["ways"]] == ["foresight", "step_by_step", "step_by_step/0.05"]
    assert told["comparison"]["scenarios"] == [x["way"] for x in told["ways"]]
    foresight, step_by_step, _ = (x["short_Mm3"] for x in told["ways"])
    assert foresight == pytest.approx(0, abs=1e-6)
    assert step_by_step > 1
    assert main(["myopic", "two_reservoirs", "--no-progress"]) == 0
    assert "step by step" in capsys.readouterr().out
