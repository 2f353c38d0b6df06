"""Figures by name: the numbers of the report, found by one word, and one message that lists what there is."""

import pytest

import waterflow as wf
from waterflow.accounts.figures import figure_named, figure_names
from waterflow.accounts.plan import Plan
from waterflow.accounts.plan_facts import plan_facts
from waterflow.errors import InputError


@pytest.fixture(scope="module")
def plan():
    found = wf.allocate(wf.read_basin("syr_darya"))
    return Plan(found.basin, found.dataset)


def value(plan, name):
    return figure_named(plan.basin, name).value(plan)


def test_figures_are_the_numbers_of_the_report(plan):
    facts = plan_facts(plan.basin, plan.dataset).model_dump(mode="json")
    targets = {x["window"]: x["delivered_Mm3"] for x in facts["targets"]}
    assert value(plan, "north_aral/non_growing") == pytest.approx(targets["2024-10-01/2025-03-31"])
    agreed = {(x["place"], x["window"]): x["modelled_Mm3"] for x in facts["agreed_flows"]}
    assert value(plan, "shardara_inflow/growing") == pytest.approx(agreed["shardara", "2025-04-01/2025-09-30"])
    assert value(plan, "shardara_inflow") == pytest.approx(agreed["shardara", "2024-10-01/2025-09-30"])
    toktogul = next(r for r in facts["reservoirs"] if r["place"] == "toktogul")
    march = next(p for p in toktogul["periods"] if p["period"] == "2025-03")
    assert value(plan, "toktogul_storage/2025-04-01") == pytest.approx(march["storage_Mm3"])
    assert value(plan, "toktogul_storage") == pytest.approx(toktogul["periods"][-1]["storage_Mm3"])
    power = [x for x in facts["power"] if x["party"] == "KGZ"]
    assert value(plan, "unserved/KGZ") == pytest.approx(sum(x["unserved_GWh"] for x in power))
    assert value(plan, "import/KGZ/growing") == pytest.approx(sum(x["import_GWh"] for x in power if x["season"] == "growing"))
    kaz = [x["delivered_Mm3"] for x in facts["deliveries"] if x["party"] == "KAZ"]
    assert value(plan, "delivered/KAZ") == pytest.approx(sum(kaz))


def test_every_name_has_a_value_and_says_what_it_is(plan):
    for name in figure_names(plan.basin):
        figure = figure_named(plan.basin, name)
        assert figure.value(plan) == figure.value(plan), name
        assert figure.title
        assert figure.unit in ("Mm3", "GWh")


def test_seasons_and_months_add_up_to_the_year(plan):
    year = value(plan, "delivered/dostyk_kaz")
    assert value(plan, "delivered/dostyk_kaz/growing") + value(plan, "delivered/dostyk_kaz/non_growing") == pytest.approx(year)
    assert sum(value(plan, f"delivered/dostyk_kaz/{label}") for label in plan.basin.calendar.labels) == pytest.approx(year)


@pytest.mark.parametrize("name", ["north_arall", "toktogul_storage/2025-04-03", "north_aral/summer", "unserved/KAZ", ""])
def test_what_there_is_not_is_refused_with_what_there_is(plan, name):
    with pytest.raises(InputError) as refused:
        figure_named(plan.basin, name)
    (problem,) = refused.value.problems
    assert problem.code == "unknown-figure"
    assert "2025-0" in problem.allowed or "north_aral" in problem.allowed
