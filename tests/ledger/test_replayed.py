"""A season replayed: nothing of the future is looked at, who knows what comes regrets nothing, what cannot be is curtailed by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.rivers import DEMANDS, TARGETS, River
from waterflow.accounts.plan import Plan
from waterflow.errors import InputError
from waterflow.ledger.known import METHODS, from_record
from waterflow.ledger.met import meet
from waterflow.ledger.replayed import as_planned, corrected, uncorrected
from waterflow.ledger.seasons import one_season

#: invented: thirty years of a river that is wetter in spring
YEARS = pd.period_range("1990-01", "2024-12", freq="M")
RECORD = pd.DataFrame({"dam": 40 + 25 * np.sin(np.arange(len(YEARS))) + 30 * np.isin(YEARS.month, (3, 4))}, YEARS)


def river(runoff=(50, 20, 60, 30), *, step="month"):
    """A dam, a field that asks for 60 a month, a gauge with a target, power for A."""
    made = (
        River(months=4, start="2025-01-01", step=step, parties="A B")
        .node("dam", "reservoir", runoff=runoff)
        .node("farm")
        .node("sea", "outlet")
    )
    made.reach("upper", "dam", "farm", days=3).reach("mouth", "farm", "sea").reservoir("dam", 100, 200, 10)
    made.demand("field", "farm", "B", 60 if step == "month" else 20, limited=True).target("gauge", "mouth", 80).held("dam", 60)
    made.plant("plant", "upper", "A", 0.5).needs_power("A", 30 if step == "month" else 10, {0.1: 1.0}).supply("import", "A", 5, 0.05)
    return made.priorities(("fields", [DEMANDS]), ("gauge", [TARGETS]), "cost").basin()


def forecaster(basin, method="persistence"):
    return from_record(RECORD, basin.calendar, method)


SERIES = st.lists(st.floats(5, 90).map(lambda x: round(x, 1)), min_size=4, max_size=4)


@settings(max_examples=5, deadline=None)
@given(SERIES, SERIES, st.integers(1, 3), st.sampled_from(METHODS))
def test_what_comes_later_changes_nothing_before_it(runoff, later, k, method):
    """Forecasts, plans and what they came to in the first periods are the same whatever comes after them."""
    one, other = river(runoff), river((*runoff[:k], *later[k:]))
    (a, first), (b, second) = (corrected(x, forecaster(x, method), k) for x in (one, other))
    for quantity in ("storage", "delivery", "flow", "unserved"):
        assert getattr(a, quantity) == getattr(b, quantity), quantity
    assert [s.rest_forecast for s in a.steps] == [s.rest_forecast for s in b.steps]
    assert first.basin == second.basin


@pytest.mark.parametrize("method", METHODS)
def test_the_record_of_the_season_and_later_is_not_looked_at(method):
    basin = river()
    changed = RECORD.copy()
    later = pd.DataFrame({"dam": 999.0}, pd.period_range("2025-01", "2026-12", freq="M"))
    past = {"dam": (50.0, 20.0)}
    assert from_record(pd.concat([changed, later]), basin.calendar, method)(past) == forecaster(basin, method)(past)


def test_climatology_is_the_mean_and_persistence_fades_towards_it():
    basin = river()
    usual = RECORD["dam"].groupby(RECORD.index.month).mean()
    assert forecaster(basin, "climatology")({"dam": ()})["dam", "2025-02"] == pytest.approx(usual[2])
    found = forecaster(basin, "persistence")
    wet = 80.0 / usual[1]
    assert found({"dam": (80.0,)})["dam", "2025-03"] == pytest.approx(usual[3] * (1 + found.memory**2 * (wet - 1)))


def test_dekads_share_their_month():
    basin = river(5, step="dekad")
    found = forecaster(basin, "climatology")({"dam": ()})
    usual = RECORD["dam"].groupby(RECORD.index.month).mean()
    assert sum(v for (_, t), v in found.items() if t.startswith("2025-02")) == pytest.approx(usual[2])
    assert found["dam", "2025-02-d3"] == pytest.approx(usual[2] * 8 / 28)


def test_a_method_that_is_none_is_told():
    with pytest.raises(InputError, match="unknown-choice"):
        from_record(RECORD, river().calendar, "oracle")


def test_who_knows_what_comes_regrets_nothing():
    basin = river()
    truth = {("dam", t): v for t, v in zip(basin.calendar.labels, basin.runoff["dam"], strict=True)}

    def knowing(past):
        return {key: v for key, v in truth.items() if basin.calendar.position[key[1]] >= len(past["dam"])}

    carried, approved = corrected(basin, knowing, 4)
    plan = wf.allocate(basin)
    best = as_planned(Plan(plan.basin, plan.dataset), 4)
    never = uncorrected(basin, approved, 4)
    for quantity in ("storage", "delivery", "flow", "generation"):
        for name, series in getattr(best, quantity).items():
            assert getattr(carried, quantity)[name] == pytest.approx(series, abs=1e-4), (quantity, name)
            assert getattr(never, quantity)[name] == pytest.approx(series, abs=1e-4), (quantity, name)
    assert carried.cost == pytest.approx(best.cost, abs=1e-4)
    assert not [c for step in carried.steps for c in step.curtailed]


def planned(runoff):
    found = wf.allocate(river(runoff))
    return Plan(found.basin, found.dataset)


def test_a_storage_that_would_fall_too_low_cuts_its_release_by_hand():
    """Nothing comes instead of 50: 100 in the dam, 10 must stay, so no more than 90 can go, whatever was planned."""
    plan = planned((150, 20, 60, 30))
    # a plan that lets 110 go with 150 to come
    wanted = Plan(plan.basin, plan.dataset.assign(flow=plan.dataset["flow"].copy()))
    wanted.dataset["flow"].loc[{"reach": "upper"}] = 110.0
    found = meet(wanted, 0, plan.basin, {"dam": 0.0})
    assert found.flow["upper"] == pytest.approx(90)
    assert found.storage["dam"] == pytest.approx(10)
    assert [(c.place, c.planned_Mm3) for c in found.curtailed if c.kind == "release"] == [("upper", 110)]


def test_a_full_dam_lets_go_what_it_cannot_hold():
    plan = planned((50, 20, 60, 30))
    found = meet(plan, 0, plan.basin, {"dam": 500.0})
    assert found.storage["dam"] == pytest.approx(200)
    assert found.flow["upper"] == pytest.approx(400)


def test_users_at_a_place_that_is_dry_are_cut():
    """Of 30 let go 28/31 arrive within the month: the field takes 27.1 and not the 60 it was to have."""
    plan = planned((50, 20, 60, 30))
    wanted = Plan(plan.basin, plan.dataset.copy(deep=True))
    wanted.dataset["flow"].loc[{"reach": "upper"}] = 30.0
    wanted.dataset["delivery"].loc[{"demand": "field"}] = 60.0
    found = meet(wanted, 0, plan.basin, {"dam": 50.0})
    assert found.delivery["field"] == pytest.approx(30 * 28 / 31)
    assert found.flow["mouth"] == pytest.approx(0, abs=1e-9)


def test_an_invented_season_by_dekads_has_drift_alarms_and_an_account():
    basin = river([float(5 + 9 * (k % 4)) for k in range(12)], step="dekad")
    found = one_season(basin, forecaster(basin), 5, None, "persistence", invented=True)
    assert found.invented
    assert [d.period for d in found.drift] == list(basin.calendar.labels[:5])
    assert {o.way for o in found.outcomes} == {"corrected", "uncorrected", "foresight"}
    assert found.came_Mm3 == pytest.approx(sum(basin.runoff["dam"][:5]))
