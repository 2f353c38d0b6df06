"""The facts of a report: the contract of the JSON, every key in the docs, and figures checked by hand."""

import json
import math
import re
from functools import cache
from pathlib import Path

import pytest

import waterflow as wf
from tests.rivers import TARGETS, River, every_process, one_canal
from waterflow.accounts.plan_facts import plan_facts
from waterflow.basin.objective import Claims
from waterflow.basin.targets import KnownFlow
from waterflow.calendar import Window

CONTRACT = {
    "model": str,
    "scenario": (str, type(None)),
    "step": str,
    "status": str,
    "objective": float,
    "stages": {"name", "sense", "unit", "value"},
    "targets": {"place", "window", "target_Mm3", "delivered_Mm3", "shortfall_Mm3"},
    "floors": {"place", "window", "floor_m3s", "lowest_m3s"},
    "limits": {"party", "season", "limit_Mm3", "delivered_Mm3"},
    "agreed_flows": {"place", "window", "agreed_Mm3", "modelled_Mm3"},
    "energy": {"party", "season", "demand_GWh", "hydropower_GWh", "unserved_GWh"},
    "audit": {"water_residual_Mm3", "energy_residual_GWh"},
    "certificate": {"primal", "dual", "gap"},
}
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"


def facts_of(basin):
    allocation = wf.allocate(basin)
    return plan_facts(allocation.basin, allocation.dataset).model_dump(mode="json")


@cache
def whole_river(step="month"):
    return facts_of(every_process(step).basin())


def numbers(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


def keys(value):
    """Every key of every object, but not the names that key ``titles``, ``stage_paths`` and the counts of inputs."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key not in ("titles", "priority_titles", "stage_paths", "by_grade", "by_table"):
                yield from keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys(item)


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_the_contract_comes_first_with_its_keys_in_order(step):
    facts = whole_river(step)
    assert list(facts)[: len(CONTRACT)] == list(CONTRACT)
    for key, wanted in CONTRACT.items():
        if isinstance(wanted, set):
            found = facts[key] if isinstance(facts[key], list) else [facts[key]]
            assert found, key
            assert all(set(item) == wanted for item in found), key
        else:
            assert isinstance(facts[key], wanted), key
    assert facts["step"] == step


def test_every_key_is_in_the_docs():
    documented = set(re.findall(r"`(\w+)`", DOCS.read_text(encoding="utf-8")))
    assert not set(keys(whole_river())) - documented


def test_numbers_are_plain_and_finite():
    for facts in (whole_river(), whole_river("dekad")):
        assert json.loads(json.dumps(facts, allow_nan=False)) == facts
        assert all(math.isfinite(x) and not (x == 0 and math.copysign(1, x) < 0) for x in numbers(facts))


def test_what_a_river_lacks_is_empty_or_null():
    facts = facts_of(one_canal().basin())
    empty = ("targets", "floors", "limits", "agreed_flows", "energy", "holds_back", "known_flows", "reservoirs", "power")
    assert all(facts[key] == [] for key in empty)
    assert facts["scenario"] is None


def test_the_objective_is_the_last_stage_before_the_closing_ones():
    facts = whole_river()
    assert [s["name"] for s in facts["stages"]][-3:] == ["cost", "smoothest", "unique"]
    assert facts["objective"] == facts["stages"][-3]["value"]
    assert facts["objective"] == pytest.approx(wf.allocate(every_process().basin()).dataset["stage_value"].sel(stage="cost").item())


def test_larson_is_the_published_optimum():
    assert facts_of(wf.read_basin("larson_four_reservoirs"))["objective"] == pytest.approx(401.3, abs=1e-6)


def dry_lake():
    """10 Mm3 a month come; the field takes 6; the lake wants 15 in three months and gets 12."""
    river = River().node("spring", runoff=10).node("head").node("lake", "lake").node("sea", "outlet")
    river.reach("upper", "spring", "head").reach("mouth", "head", "lake").reach("brim", "lake", "sea", spill=0.1)
    river.reservoir("lake", 0, 1000).demand("field", "head", "A", 6, limited=True).limit("A", 20).target("lake", "mouth", 15)
    river.agreed("head_agreed", "head", 25).priorities(("fields", [Claims(kind="demands")]), ("lake", [TARGETS]), "cost")
    return river


def agreed_at_head(river):
    basin = river.basin()
    moved = {name: x.model_copy(update={"place": "head"}) for name, x in basin.agreed_flows.items()}
    return basin.replaced(agreed_flows=moved)


def test_targets_limits_and_agreed_flows_by_hand():
    facts = facts_of(agreed_at_head(dry_lake()))
    window = "2024-10-01/2024-12-31"
    expected = {"place": "lake", "window": window, "target_Mm3": 15.0, "delivered_Mm3": 12.0, "shortfall_Mm3": 3.0}
    assert facts["targets"] == [{k: pytest.approx(v) if isinstance(v, float) else v for k, v in expected.items()}]
    limit = facts["limits"][0]
    assert (limit["party"], limit["season"]) == ("A", "non_growing")
    assert (limit["limit_Mm3"], limit["delivered_Mm3"]) == (20.0, pytest.approx(18.0))
    assert facts["agreed_flows"][0]["modelled_Mm3"] == pytest.approx(30.0)


def test_a_short_target_says_what_holds_it_back():
    """One more Mm3 at the spring reaches the lake whole, and so does one Mm3 the field does without."""
    held = facts_of(agreed_at_head(dry_lake()))["holds_back"][0]
    assert held["status"] == "short"
    assert held["comes_after"] == ["fields"]
    found = {(e["kind"], e["name"]): e["delivers_Mm3"] for e in held["effects"]}
    assert found["water_balance", "spring"] == pytest.approx(1.0)
    assert found["demand", "field"] == pytest.approx(1.0)


def test_an_effect_is_what_really_happens():
    basin = agreed_at_head(dry_lake())
    more = facts_of(basin.replaced(runoff={"spring": (11.0, 10.0, 10.0)}))
    assert more["targets"][0]["delivered_Mm3"] == pytest.approx(13.0)


def test_water_that_a_senior_would_take_first_is_no_effect():
    """The field asks for 12 of 10 Mm3 a month: one more at the spring goes to the field, and it is named."""
    basin = agreed_at_head(dry_lake())
    basin = basin.replaced(limits={}, demands={"field": basin.demands["field"].model_copy(update={"need": (12.0,) * 3, "limited": False})})
    held = facts_of(basin)["holds_back"][0]
    assert not [e for e in held["effects"] if e["name"] in ("spring", "field")]
    assert [(x["priority"], x["stage"]) for x in held["served_first"]] == [("fields", "fields")]
    assert held["served_first"][0]["short_share"] == pytest.approx(1 / 6)
    assert held["anywhere"]
    more = facts_of(basin.replaced(runoff={"spring": (11.0, 10.0, 10.0)}))
    assert more["targets"][0]["delivered_Mm3"] == pytest.approx(0.0, abs=1e-9)


def test_a_met_target_says_so():
    assert all(x["status"] == "met" for x in whole_river()["holds_back"])


def test_known_figures_stand_beside_the_plan_where_the_horizon_holds_them():
    basin = every_process().basin()
    days = [str(p.start) for p in basin.calendar.periods]

    def known(name, place, quantity, start, end):
        window = Window(*(basin.calendar.start.fromisoformat(d) for d in (start, end)))
        fields = {"name": name, "place": place, "quantity": quantity, "window": window}
        return KnownFlow(**fields, kind="fact", amount=1, source="s", grade="press")

    flows = [
        known("a", "dam", "storage", days[0], days[0]),
        known("b", "dam", "storage", days[1], days[1]),
        known("c", "dam", "storage", "2024-01-15", "2024-01-15"),
        known("d", "delta", "arriving", days[0], "2024-03-31"),
        known("e", "delta", "arriving", days[0], "2024-03-30"),
        known("f", "lake", "target", days[0], "2024-03-31"),
        known("g", "dam", "arriving", days[0], "2024-01-31"),
        known("h", "lake", "release", days[0], "2024-01-31"),
    ]
    facts = facts_of(basin.replaced(known_flows={x.name: x for x in flows}))
    found = {(x["place"], x["quantity"], x["window"].split("/")[0]): x["modelled_Mm3"] for x in facts["known_flows"]}
    dam = next(r for r in facts["reservoirs"] if r["place"] == "dam")
    assert len(facts["known_flows"]) == 5, "what cuts a period, or asks for a release where there is none, is left out"
    assert found["dam", "storage", days[0]] == dam["opening_storage_Mm3"] == 300
    assert found["dam", "storage", days[1]] == dam["periods"][0]["storage_Mm3"]
    assert found["dam", "arriving", days[0]] == 100
    assert found["lake", "target", days[0]] == pytest.approx(facts["targets"][0]["delivered_Mm3"])


def test_floors_show_the_lowest_flow_and_the_periods_missed():
    river = one_canal(runoff=[2, 5, 5]).floor("head", "lower", 1.0)
    facts = facts_of(river.basin())
    floor = facts["floors"][0]
    missed = {x["period"] for x in facts["floor_shortfalls"]}
    assert floor["lowest_m3s"] < floor["floor_m3s"] == 1.0
    assert "2024-10" in missed


def test_levels_are_read_from_the_curve_and_never_beyond_it():
    basin = every_process().basin()
    dam = basin.reservoirs["dam"].model_copy(update={"levels": ((180.0, 10.0), (240.0, 16.0))})
    facts = facts_of(basin.replaced(reservoirs=basin.reservoirs | {"dam": dam}))
    found = next(r for r in facts["reservoirs"] if r["place"] == "dam")
    for period in found["periods"]:
        storage = period["storage_Mm3"]
        expected = 10 + (storage - 180) / 10 if 180 <= storage <= 240 else None
        assert period["level_m"] == (None if expected is None else pytest.approx(expected))
    assert {p["level_m"] is None for p in found["periods"]} == {True, False}


def test_energy_adds_up():
    for row in whole_river()["power"]:
        if row["demand_GWh"] is not None:
            came = sum(row[f"{k}_GWh"] for k in ("plants", "other_hydropower", "thermal", "import", "unserved"))
            assert came - row["export_GWh"] == pytest.approx(row["demand_GWh"])


def test_a_saved_allocation_reports_the_same(tmp_path):
    allocation = wf.allocate(every_process().basin())
    back = wf.open_allocation(allocation.save(tmp_path / "a.nc"))
    assert plan_facts(back.basin, back.dataset) == plan_facts(allocation.basin, allocation.dataset)
