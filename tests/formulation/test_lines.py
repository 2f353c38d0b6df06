"""Power over lines, by hand: losses, bands that must run, lines both ways, and what no river may ask for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rivers import River
from waterflow import InputError, allocate
from waterflow.accounts.plan_facts import plan_facts
from waterflow.allocation.audit import AUDITED, audit


def system(runoff=0.0, demand=10.0, months=1):
    """A stream with a plant of 1 GWh per Mm3, a demand, and blocks of unserved power at 0.2 and 0.5."""
    river = River(months=months, start="2024-11-01").node("top", runoff=runoff).node("sea", "outlet").reach("fall", "top", "sea")
    return river.plant("mill", "fall", "A", 1).needs_power("A", demand, {0.2: 0.5, 0.5: 0.5}).priorities("cost")


def solved(river):
    allocation = allocate(river.basin())
    assert audit(allocation.basin, allocation.dataset).energy <= AUDITED
    return allocation.dataset


def refusal(river):
    """The only problem of a river that cannot be allocated."""
    with pytest.raises(InputError) as caught:
        allocate(river.basin())
    (problem,) = caught.value.problems
    return problem


def test_part_of_an_import_is_lost_on_its_line():
    """10 asked; 8 bought at 0.1, of which a tenth is lost: 7.2 arrive, 2.8 stay unserved at 0.2."""
    dataset = solved(system().supply("line_in", "A", 8, 0.1, line="north", loss=0.1))
    assert dataset["supplied_power"].values[0] == pytest.approx([8])
    assert float(dataset["unserved"].sum()) == pytest.approx(2.8)
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(0.8 + 2.8 * 0.2)


def test_a_loss_can_make_an_import_not_worth_buying():
    """Half of what costs 0.15 is lost: 0.3 for a GWh that arrives, dearer than the first five unserved at 0.2."""
    dataset = solved(system().supply("line_in", "A", 30, 0.15, line="north", loss=0.5))
    assert float(dataset["unserved"].sum()) == pytest.approx(5)
    assert float(dataset["supplied_power"].sum()) == pytest.approx(10)


def test_an_export_is_paid_for_what_arrives():
    """14 made for 10 asked; 3 sent, a tenth lost, 2.7 paid at 0.05."""
    dataset = solved(system(14).export("line_out", "A", 3, 0.05, line="north", loss=0.1))
    assert float(dataset["exported_power"].sum()) == pytest.approx(3)
    assert float(dataset["generation"].sum()) == pytest.approx(13)
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(-0.135)


def test_what_must_run_runs_though_water_is_free():
    """12 can be made for 10 asked, but 4 must be taken at 0.3: 6 are made, 6 pass unused."""
    dataset = solved(system(12).supply("band", "A", 5, 0.3, line="north", must_run=4))
    assert float(dataset["supplied_power"].sum()) == pytest.approx(4)
    assert float(dataset["generation"].sum()) == pytest.approx(6)


def test_a_zero_loss_is_no_loss():
    plain, named = system(3).supply("s", "A", 4, 0.1), system(3).supply("s", "A", 4, 0.1, line="north", loss=0)
    one, other = solved(plain), solved(named)
    for name in ("supplied_power", "unserved", "generation", "stage_value", "energy_balance_dual"):
        assert (one[name].values == other[name].values).all(), name


def test_the_report_tells_what_a_line_brings_and_takes():
    river = system(runoff=[0, 14], months=2).supply("line_in", "A", [8, 0], 0.1, line="north", loss=0.1)
    allocation = allocate(river.export("line_out", "A", [0, 3], 0.05, line="north", loss=0.1).basin())
    facts = plan_facts(allocation.basin, allocation.dataset).model_dump(mode="json")
    (line,) = facts["lines"]
    told = [line[f"{key}_GWh"] for key in ("bought", "import_limit", "import", "export", "export_limit", "sold")]
    assert told == pytest.approx([8, 8, 7.2, 3, 3, 2.7])
    (power,) = facts["power"]
    assert power["import_GWh"] == pytest.approx(7.2)
    assert power["plants_GWh"] + power["import_GWh"] + power["unserved_GWh"] - power["export_GWh"] == pytest.approx(20)


@pytest.mark.parametrize(("loss", "price"), [(0.0, 0.05), (0.0, 0.1), (0.1, 0.2)])
def test_a_line_that_gives_power_or_money_for_nothing_is_refused(loss, price):
    river = system().supply("line_in", "A", 8, 0.1, line="north", loss=loss).export("line_out", "A", 3, price, line="north")
    problem = refusal(river)
    assert problem.code == "line-loop"
    assert "north" in problem.where
    assert "2024-11" in problem.found


def test_a_line_may_run_one_way_in_one_month_and_back_in_another():
    river = system(months=2).supply("line_in", "A", [8, 0], 0.1, line="north").export("line_out", "A", [0, 3], 0.3, line="north")
    assert solved(river)["supplied_power"].values[0] == pytest.approx([8, 0])


@pytest.mark.parametrize(("must_run", "found"), [(9, "9 GWh must run"), (8, "8 GWh that must run")])
def test_a_band_beyond_its_capacity_or_all_use_is_refused(must_run, found):
    """The capacity is 8.5, and 7 can be used: a demand of 4 and an export of 3."""
    river = system(demand=4).supply("band", "A", 8.5, 0.1, must_run=must_run).export("out", "A", 3, 0.01)
    with pytest.raises(InputError) as caught:
        allocate(river.basin())
    assert {p.code for p in caught.value.problems} == {"must-run"}
    assert any(found in p.found for p in caught.value.problems)


def test_power_bought_or_sold_by_a_party_without_a_balance_is_refused():
    problem = refusal(system().worth("B", 0.03).export("line_out", "B", 3, 0.05))
    assert (problem.code, problem.where) == ("no-power-balance", "export line_out")
    assert refusal(system().worth("B", 0.03).supply("line_in", "B", 3, 0.05)).where == "supply line_in"


def both_ways(runoff, capacity, must_run, losses, cost):
    """Two months over one line, a second line for imports; prices that lose money on a round trip."""
    river = system(runoff=runoff, months=2)
    river.supply("north_in", "A", capacity, cost, line="north", loss=losses[0], must_run=must_run)
    river.export("north_out", "A", 4, 0.9 * cost, line="north", loss=losses[1])
    return river.supply("south_in", "A", 3, 0.25, line="south")


flows = st.lists(st.sampled_from([0.0, 4.0, 9.0, 14.0]), min_size=2, max_size=2)
shares = st.tuples(st.sampled_from([0.02, 0.1, 0.3]), st.sampled_from([0.0, 0.05]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows, st.sampled_from([2.0, 6.0, 12.0]), st.sampled_from([0.0, 1.0, 2.0]), shares, st.sampled_from([0.01, 0.1, 0.4]))
def test_laws_of_a_line(runoff, capacity, must_run, losses, cost):
    """Energy is conserved with losses; a band is obeyed; no line runs both ways at once; more capacity never hurts."""
    dataset = solved(both_ways(runoff, capacity, must_run, losses, cost))
    bought, sent = dataset["supplied_power"].sel(supply="north_in").values, dataset["exported_power"].values[0]
    assert (bought >= must_run - 1e-9).all()
    assert (bought <= capacity + 1e-9).all()
    free = bought - must_run
    assert (free * sent <= 1e-9).all(), "what is bought of one's own will and what is sent, over one line"
    more = solved(both_ways(runoff, capacity + 3, must_run, losses, cost))
    assert float(more["stage_value"].sel(stage="cost")) <= float(dataset["stage_value"].sel(stage="cost")) + 1e-9
    assert float(more["unserved"].sum()) <= float(dataset["unserved"].sum()) + 1e-9
