"""Rules for several reaches together, by hand: the most and the least that enters them in a month."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import DEMANDS, River
from waterflow import ConflictError, Solver, allocate
from waterflow.basin.objective import Objective
from waterflow.explain.prices import givens_of, rows_behind
from waterflow.explain.why import why
from waterflow.loading.model import read_model
from waterflow.loading.plan_table import GivenPlan
from waterflow.negotiation.evaluate import evaluate


def canals(*priorities, most=12, least=0, runoff=30, party="A"):
    """A river with 30 a month and two canals, each with a field that asks for 10; together they may take 12."""
    river = River(months=2, start="2025-01-01").node("river", runoff=runoff).node("sea", "outlet").node("one").node("two")
    river.reach("down", "river", "sea").reach("left", "river", "one").reach("right", "river", "two")
    for name, user in (("one", "A"), ("two", "B")):
        river.reach(f"{name}_end", name, "sea").demand(f"{name}_field", name, user, 10)
    river.flow_rule("canals", "left right", "at_most", most, party=party)
    return (river.flow_rule("canals", "left right", "at_least", least) if least else river).priorities(*priorities)


def test_a_cap_is_shared_by_what_is_behind_it():
    dataset = allocate(canals(("fields", [DEMANDS]), "cost").basin()).dataset
    assert dataset["delivery"].values.ravel() == pytest.approx([6] * 4)


def test_the_least_enters_together_though_nobody_asks_for_it():
    river = canals(("fields", [DEMANDS]), "cost", most=30, least=25)
    flow = allocate(river.basin()).dataset["flow"]
    assert (flow.sel(reach="left") + flow.sel(reach="right")).values == pytest.approx([25, 25])


def test_it_holds_in_its_periods_alone():
    river = canals(("fields", [DEMANDS]), "cost", most=30).flow_rule("works", "left right", "at_most", 4, (1,))
    delivered = allocate(river.basin()).dataset["delivery"].sum("demand").values
    assert delivered == pytest.approx([20, 4])


def test_it_may_be_changed_and_asked_about_and_has_a_price():
    """One Mm3 more in January is a claim of 20 less short by 1: both fields share it, and each share falls by 1/40."""
    solver = Solver(canals(("fields", [DEMANDS])).basin())
    more = solver.allocate(solver.basin.changed(ruled_flow={"canals/at_most/2025-01": 16})).dataset
    assert more["delivery"].sum("demand").values.sum() == pytest.approx(28)
    price = solver.marginal("ruled_flow", "canals/at_most/2025-01")["stage_value"].sel(stage="fields").values
    assert price == pytest.approx([-1 / 40, -1 / 40])
    asked = solver.basin.asked({"ruled_flow.canals.at_most/2025-02": "20"})
    assert asked.flow_rules["canals/at_most/2025-02"].flow == 20
    titles = [g.title for g in givens_of(solver.basin) if g.name == "ruled_flow"]
    assert titles == ["canals: flow together, at most in Jan 25", "canals: flow together, at most in Feb 25"]


def test_a_conflict_names_it_and_whom_it_binds():
    river = canals(("fields", [DEMANDS]), most=12).flow_rule("fish", "left", "at_least", 20, (0,))
    with pytest.raises(ConflictError) as caught:
        allocate(river.basin())
    assert {"flows_not_passed[canals/at_most/2025-01]", "flows_held[fish/at_least/2025-01]"} <= set(caught.value.clashing)
    told = str(caught.value)
    assert "at most 12.0 Mm3 enter canals together in Jan 2025 (A)" in told
    assert "at most 12.0 Mm3 enter canals together in Jan 2025: by 8.000 Mm3" in told


def test_a_given_plan_that_passes_it_is_told_and_mended():
    basin = canals(("fields", [DEMANDS]), "cost").basin()
    plan = GivenPlan({"left": (10.0, 6.0), "right": (6.0, 6.0)}, unit="Mm3")
    found = evaluate(basin, plan, rest_from_optimum=True)
    (broken,) = found.broken
    assert (broken.kind, broken.when, broken.parties) == ("flows_not_passed", "2025-01", ("A",))
    assert (broken.figure, broken.allowed, broken.by) == pytest.approx((16, 12, 4))
    assert found.repair is not None


HEAD = "series,flow_rule,rule,reaches,party,ruled_m3s,month,source,grade"


def with_rules(tmp_path, *rows, head=HEAD):
    copy = Copy(tmp_path)
    copy.path("flow_rules").write_text("\n".join([head, *(f"usual,{r},made_up,assumed" for r in rows)]) + "\n", encoding="utf-8")
    copy.text("model.yaml", "series:\n", "series:\n  flow_rules: usual\n")
    return copy


def test_the_table_is_read_in_m3s_and_holds_where_it_has_rows(tmp_path):
    copy = with_rules(tmp_path, "ice,at_most,upper lower,UP,100,3")
    found = wf.read_basin(copy.folder).flow_rules
    (rule,) = found.values()
    assert rule.name.endswith("-03")
    assert (rule.reaches, rule.party, rule.rule, rule.flow) == (("upper", "lower"), "UP", "at_most", pytest.approx(267.84))
    assert len(wf.read_basin(copy.folder, step="dekad").flow_rules) == 3
    model = read_model(copy.folder)
    given = next(g for g in givens_of(model.basin()) if g.name == "ruled_flow")
    (row,) = rows_behind(model, given)
    assert "flow_rules.csv, row 2" in row.where


def test_why_names_the_row_in_the_unit_it_is_written_in(tmp_path):
    """In April 60 m3/s, 155.52 Mm3, may enter the middle reach: the field gets a m3 more for each that is allowed."""
    found = why(read_model(with_rules(tmp_path, "canal,at_most,middle,DOWN,60,4").folder), "short/valley_fields")
    (row,) = [r for r in found.rows if r.table == "flow_rules"]
    assert (row.value, row.unit) == (60, "m3/s")
    (price,) = [p for p in found.prices if p.given == "ruled_flow"]
    assert price.one_more == pytest.approx(-1)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["ice,at_most,uper lower,UP,100,3"], "unknown-reach"),
        (["ice,at_most,upper lower,UPP,100,3"], "unknown-party"),
        (["ice,at_most,upper upper,UP,100,3"], "bad-flow-rule"),
        (["ice,at_most,upper lower,,100,3", "ice,at_most,upper,,100,4"], "bad-flow-rule"),
        (["ice,below,upper lower,,100,3"], "unknown-choice"),
    ],
)
def test_a_rule_of_nothing_is_refused(tmp_path, rows, code):
    assert code in {p.code for p in with_rules(tmp_path, *rows).problems()}


def test_a_rule_of_some_dekads_is_no_rule_of_a_month(tmp_path):
    head = HEAD.replace("month", "period")
    label = wf.read_basin(Copy(tmp_path / "a").folder).calendar.labels[0]
    copy = with_rules(tmp_path / "b", f"ice,at_most,upper lower,,100,{label}-d1", head=head)
    assert "missing-period" in {p.code for p in copy.problems()}
    assert len(wf.read_basin(copy.folder, step="dekad").flow_rules) == 1


def test_a_rule_of_months_that_are_not_planned_is_told_and_its_names_are_read(tmp_path):
    told = wf.read_basin(with_rules(tmp_path / "a", "ice,at_most,upper lower,,100,12").folder).warnings()
    assert [w for w in told if "the rule ice, at_most, has no month of the horizon and does nothing" in w]
    assert "unknown-reach" in {p.code for p in with_rules(tmp_path / "b", "ice,at_most,uper lower,,100,12").problems()}


def inputs(*rules, value, costs, in_a_row=False):
    """Two inputs of at most 20 at a cost each, and one user of 100: as in Pywr's tests/test_agg_constraints.py."""
    river = River(months=1).node("z").node("lake", "reservoir", runoff=0).reservoir("lake", 500, 500).node("sea", "outlet")
    river.reach("rest", "z", "sea").demand("user", "z", "A", 100, value=value)
    if in_a_row:
        river.node("between").reach("a", "lake", "between", capacity=20).reach("b", "between", "z", capacity=20)
        river.reach("c", "lake", "z", capacity=50)
    else:
        river.reach("a", "lake", "z", capacity=20).reach("b", "lake", "z", capacity=20)
    for reach, cost in zip("ab", costs, strict=True):
        river.reach_cost(reach, "A", cost)
    for side, flow in rules:
        river.flow_rule("both", "a b", side, flow)
    flow = allocate(river.basin(objective=Objective())).dataset["flow"]
    return [float(flow.sel(reach=reach).sum()) for reach in "ab"]


def test_pywrs_examples_of_nodes_together():
    """At most 30: 20 by the cheaper, 10 by the dearer. At least 15 that nobody wants: by the cheaper. In a row: 15 each."""
    assert inputs(("at_most", 30), value=10, costs=(1, 2)) == pytest.approx([20, 10])
    assert inputs(("at_least", 15), value=0, costs=(1, 100)) == pytest.approx([15, 0])
    assert inputs(("at_most", 30), value=10, costs=(1, 2), in_a_row=True) == pytest.approx([15, 15])
