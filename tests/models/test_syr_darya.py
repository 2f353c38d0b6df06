"""What the Syr Darya's plans must show, whatever their exact figures."""

import functools

import pytest

import waterflow as wf
from waterflow.accounts.plan_facts import plan_facts


@functools.cache
def facts(scenario=None, step=None):
    """The facts of one plan."""
    from waterflow.loading.model import read_basin

    allocation = wf.allocate(read_basin("syr_darya", scenario, step))
    return plan_facts(allocation.basin, allocation.dataset).model_dump(mode="json")


def shardara(scenario=None, step=None):
    """Modelled inflow to Shardara by window, Mm3."""
    return {x["window"]: x["modelled_Mm3"] for x in facts(scenario, step)["agreed_flows"] if x["place"] == "shardara"}


def test_north_aral_is_told_by_season_and_never_mixed():
    windows = [(x["window"], x["target_Mm3"]) for x in facts()["targets"]]
    assert windows == [("2024-10-01/2025-03-31", 1672.0), ("2025-04-01/2025-09-30", 975.0)]


def test_shardara_stands_beside_plan_and_fact():
    inflow = shardara()
    assert 10_900 < inflow["2024-10-01/2025-03-31"] < 12_760, "between plan and fact"
    assert 2_000 < inflow["2025-04-01/2025-09-30"] < 3_700, "between the inferred fact and the plan"
    known = {(x["place"], x["quantity"], x["kind"]) for x in facts()["known_flows"]}
    assert {("shardara", "arriving", "plan"), ("shardara", "arriving", "fact")} <= known


@pytest.mark.long
def test_month_and_dekad_agree_within_two_per_cent():
    by_month, by_dekad = shardara(), shardara(step="dekad")
    for window, volume in by_month.items():
        assert by_dekad[window] == pytest.approx(volume, rel=0.02)


def test_a_drier_year_brings_less_to_shardara():
    year = "2024-10-01/2025-09-30"
    dry, normal, wet = (shardara(s)[year] for s in ("dry_year", "normal_year", "wet_year"))
    assert dry <= normal <= wet


def test_under_stress_the_order_of_priorities_decides():
    downstream, upstream = facts("stress"), facts("stress_energy_first")

    def winter_unserved(f):
        return next(x["unserved_GWh"] for x in f["energy"] if x["party"] == "KGZ" and x["season"] == "non_growing")

    def summer_limits(f):
        return sum(x["delivered_Mm3"] for x in f["limits"] if x["season"] == "growing")

    assert winter_unserved(downstream) - winter_unserved(upstream) > 1_200, "GWh"
    assert summer_limits(downstream) - summer_limits(upstream) > 350, "Mm3"


def test_toktogul_in_april_is_what_its_scenario_says():
    for scenario, storage in (("toktogul_7500", 7500), ("toktogul_8300", 8300)):
        toktogul = next(r for r in facts(scenario)["reservoirs"] if r["place"] == "toktogul")
        assert toktogul["periods"][5]["storage_Mm3"] == pytest.approx(storage, abs=1e-6)
