"""How a season stands, by hand: the plan of `tests.ledger.making`, and laws that hold whatever the facts are."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.making import fact, ledger, plan
from waterflow.errors import InputError
from waterflow.ledger import rows as ledger_rows
from waterflow.ledger.days import Days
from waterflow.ledger.lines import Thresholds
from waterflow.ledger.periods import label_of, span_of
from waterflow.ledger.status import UNDER, status


def line(found, place, quantity, source="office"):
    return next(x for x in found.lines if (x.place, x.quantity, x.source) == (place, quantity, source))


def test_a_dekad_and_half_a_dekad_beside_the_plan_of_a_month():
    """10 a day are planned: 80 of 100 in the first dekad, then 30 of 50 in five days of the second."""
    book = ledger(fact("dam", "release", "2025-04-d1", 80), fact("dam", "release", "2025-04-11/2025-04-15", 30))
    found = status(book, with_dekads=True)
    x = line(found, "dam", "release")
    assert (x.plan_Mm3, x.fact_Mm3, x.deviation_Mm3) == pytest.approx((150, 110, -40))
    assert [(d.period, d.days, d.dekad_days) for d in x.dekads] == [("2025-04-d1", 10, 10), ("2025-04-d2", 5, 10)]
    assert [d.sum_of_deviations_Mm3 for d in x.dekads] == pytest.approx([-20, -40])
    # what is to come is as planned: 610 - 150 + 110
    assert x.projected_Mm3 == pytest.approx(570)
    assert (found.date, found.partial) == (dt.date(2025, 4, 15), "2025-04-11/2025-04-15")


def test_a_rate_is_a_volume_of_its_days():
    found = status(ledger(fact("dam", "release", "2025-04", 100, "m3/s")))
    assert line(found, "dam", "release").fact_Mm3 == pytest.approx(100 * 86400 * 30 / 1e6)


def test_storage_is_compared_on_its_day_and_ends_with_the_change_still_planned():
    """Planned 1000 falling by 10 a day: on 10 April 900; 50 more are there, so 440 in place of 390 at the end."""
    x = line(status(ledger(fact("dam", "storage", "2025-04-10", 950))), "dam", "storage")
    assert (x.plan_Mm3, x.deviation_Mm3, x.projected_Mm3) == pytest.approx((900, 50, 440))


def test_water_on_its_way_is_late_and_not_missing():
    """The dam lets the same 200 go in 20 days, but nothing on the first ten: 20 a day on the last ten.

    To the lake came, two days later and a tenth less, 8 days of 20: 144 of gate water. Planned were 18 days of 10: 162 (and less 1 a
    day that the canal takes: the plan says 8 a day, which is not explained by gate and canal alone). Late are 0.9 * (40 - 20) = 18.
    """
    facts = [
        fact("dam", "release", "2025-04-d1", 0),
        fact("dam", "release", "2025-04-d2", 200),
        fact("lake", "inflow", "2025-04-01/2025-04-20", 142),
    ]
    way = status(ledger(*facts)).ways[0]
    gate = way.gates[0]
    assert (gate.planned_Mm3, gate.passed_Mm3, gate.owed_Mm3) == pytest.approx((200, 200, 0))
    assert (gate.on_the_way_Mm3, gate.late_Mm3, gate.not_let_go_Mm3) == pytest.approx((40, 18, 0))
    assert (way.planned_Mm3, way.arrived_Mm3, way.missing_Mm3) == pytest.approx((160, 142, 18))
    assert way.lost_Mm3 == pytest.approx(0, abs=1e-9)


def test_default_is_what_was_not_let_go():
    facts = [fact("dam", "release", "2025-04-01/2025-04-20", 100), fact("lake", "inflow", "2025-04-01/2025-04-20", 79)]
    way = status(ledger(*facts)).ways[0]
    # 100 are owed at the gate: 90 of them below, of which 9 would still be on their way
    assert way.gates[0].not_let_go_Mm3 == pytest.approx(90)
    assert way.gates[0].late_Mm3 == pytest.approx(-9)
    assert way.missing_Mm3 == pytest.approx(81)
    assert way.lost_Mm3 == pytest.approx(0, abs=1e-9)


def test_what_the_canal_took_beyond_the_plan_is_told_apart_from_loss():
    facts = [
        fact("dam", "release", "2025-04-01/2025-04-20", 200),
        fact("canal", "withdrawal", "2025-04-01/2025-04-20", 40),
        fact("lake", "inflow", "2025-04-01/2025-04-20", 130),
    ]
    way = status(ledger(*facts)).ways[0]
    # one more a day for the 19 days that could arrive; the other 11 of 30 are not explained
    assert (way.missing_Mm3, way.taken_Mm3, way.lost_Mm3) == pytest.approx((30, 19, 11))


volumes = st.lists(st.floats(0, 500), min_size=6, max_size=6)


@settings(max_examples=30)
@given(volumes, volumes, volumes, st.integers(0, 40), st.floats(0, 1))
def test_what_is_missing_is_the_sum_of_its_parts(let_go, came, taken, days, kept):
    """Against an oracle that walks day by day."""
    dekads = [f"2025-0{m}-d{k}" for m in (4, 5) for k in (1, 2, 3)]
    series = (("dam", "release", let_go), ("lake", "inflow", came), ("canal", "withdrawal", taken))
    facts = [fact(p, q, label, v) for p, q, values in series for label, v in zip(dekads, values, strict=True)]
    rows = ledger_rows.chained([*plan(days=days, kept=kept), *facts], ledger_rows.BEGINNING, "x", "2025")
    from waterflow.ledger.ledger import Ledger

    way = status(Ledger(tuple(rows))).ways[0]
    gate = way.gates[0]
    assert way.missing_Mm3 == pytest.approx(way.planned_Mm3 - way.arrived_Mm3)
    assert way.missing_Mm3 == pytest.approx(gate.not_let_go_Mm3 + gate.late_Mm3 + way.taken_Mm3 + way.lost_Mm3)
    by_day = [v / n for label, v in zip(dekads, let_go, strict=True) for n in [_count(label)] for _ in range(n)]
    assert len(by_day) == 61
    on_the_way = sum(by_day[61 - days :] if days else [])
    assert gate.on_the_way_Mm3 == pytest.approx(on_the_way, abs=1e-6)
    due_below = kept * sum(10.0 - v for v in by_day[: 61 - days])
    assert gate.not_let_go_Mm3 + gate.late_Mm3 == pytest.approx(due_below, abs=1e-6)


def _count(label):
    start, end = span_of(label)
    return (end - start).days + 1


def test_a_clause_is_owed_as_the_plan_runs():
    """488 are planned for 500: to date 160 of 488 of it; 100 came, so 428 come by the end."""
    owed = {x.clause_row: x for x in status(ledger(fact("lake", "inflow", "2025-04-01/2025-04-20", 100))).owed}
    x = owed["to_lake"]
    assert (x.due, x.done, x.projected, x.missed_by) == pytest.approx((500 * 160 / 488, 100, 428, 72))
    assert x.behind == pytest.approx(500 * 160 / 488 - 100)
    assert x.planned_days == 0
    assert owed["power"].done is None
    assert owed["power"].due == 0


def test_energy_is_owed_by_days_and_done_as_typed():
    found = status(ledger(fact("power", "fulfilled", "2025-05-d1", 12, "GWh")))
    x = next(x for x in found.owed if x.clause_row == "power")
    assert (x.due, x.done, x.behind, x.still) == pytest.approx((20, 12, 8, 50))


def test_a_forecast_takes_the_place_of_the_plan_and_the_newest_issue_counts():
    book = ledger(
        fact("lake", "inflow", "2025-04", 240),
        fact("lake", "inflow", "2025-05", 100, kind="forecast", issued="2025-04-20"),
        fact("lake", "inflow", "2025-05", 200, kind="forecast", issued="2025-04-30"),
    )
    assert status(book).forecasts == ("office, 2025-04-30",)
    x = line(status(book), "lake", "inflow")
    assert (x.projected_Mm3, x.forecast_days, x.planned_days) == (pytest.approx(440), 31, 0)


def test_inflow_that_is_forecast_moves_the_storage_at_the_end():
    """Ten less a day come than planned on the 51 days that are left."""
    rows = plan()
    rows.insert(7, {**rows[4], "quantity": "inflow", "values": {"2025-04": 300.0, "2025-05": 310.0}})
    said = [
        *rows,
        fact("dam", "storage", "2025-04-10", 900),
        fact("dam", "inflow", "2025-04-11/2025-05-31", 0, kind="forecast", issued="2025-04-10"),
    ]
    from waterflow.ledger.ledger import Ledger

    x = line(status(Ledger(tuple(ledger_rows.chained(said, ledger_rows.BEGINNING, "x", "2025")))), "dam", "storage")
    assert x.projected_Mm3 == pytest.approx(390 - 510)
    assert x.forecast_days == 51


def test_alarms_need_both_thresholds_and_more_than_a_noisy_day():
    noisy = ledger(fact("dam", "release", "2025-04-01", 30))
    assert not status(noisy).alarms
    one_day = UNDER.model_copy(update={"days": 1})
    assert [a.deviation_Mm3 for a in status(noisy, thresholds={("", ""): one_day}).alarms] == [20, 20]
    quiet = ledger(fact("dam", "release", "2025-04-d1", 90))
    assert not status(quiet).alarms
    own: Thresholds = {("dam", "release"): UNDER.model_copy(update={"fraction": 0.05})}
    assert {a.period for a in status(quiet, thresholds=own).alarms} == {"2025-04-d1", "2025-04-01/2025-04-10"}
    small: Thresholds = {("", ""): UNDER.model_copy(update={"fraction": 0.05, "volume_Mm3": 11})}
    assert not status(quiet, thresholds=small).alarms


def test_two_sources_stand_side_by_side_and_the_first_or_the_one_asked_for_is_counted():
    book = ledger(fact("lake", "inflow", "2025-04", 240), fact("lake", "inflow", "2025-04-d1", 60, source="below"))
    found = status(book)
    assert {x.source for x in found.lines} == {"office", "below"}
    x = found.sources[0]
    assert (x.one, x.other, x.days, x.difference_Mm3) == ("office", "below", 10, pytest.approx(-20))
    assert next(o for o in found.owed if o.clause_row == "to_lake").done == pytest.approx(240)
    other = status(book, source="below")
    assert other.sources[0].one == "below"
    assert next(o for o in other.owed if o.clause_row == "to_lake").done == pytest.approx(60 + 160)
    with pytest.raises(InputError, match="unknown-choice"):
        status(book, source="belwo")


def test_a_limit_has_a_fact_only_if_all_of_its_users_have():
    half = status(ledger(fact("canal", "withdrawal", "2025-04-d1", 12), fact("dam", "release", "2025-04", 300))).limits[0]
    assert (half.fact_Mm3, half.users_known) == (None, 0)
    whole = status(ledger(fact("canal", "withdrawal", "2025-04-d1", 12))).limits[0]
    # twice the plan of 61: to date 2 a day
    assert (whole.to_date_Mm3, whole.fact_Mm3, whole.fraction) == pytest.approx((20, 12, 0.6))


def test_facts_after_the_day_asked_for_are_left_out():
    book = ledger(fact("dam", "release", "2025-04-d1", 80), fact("dam", "release", "2025-04-d2", 500))
    assert line(status(book, to=dt.date(2025, 4, 10)), "dam", "release").fact_Mm3 == 80
    with pytest.raises(InputError, match="no fact to 2025-04-05"):
        status(book, to=dt.date(2025, 4, 5))


def test_without_a_plan_facts_are_told_alone():
    found = status(ledger(fact("dam", "release", "2025-04-d1", 80), with_plan=False))
    assert (found.plan, line(found, "dam", "release").deviation_Mm3, found.owed) == ("", None, ())


def test_a_month_is_spread_over_the_days_that_its_dekads_leave_and_a_wrong_sum_is_told():
    days = Days(dt.date(2025, 4, 1), dt.date(2025, 4, 30))
    book = ledger(fact("dam", "release", "2025-04", 300), fact("dam", "release", "2025-04-d1", 40))
    values, overlaps = days.known(book.facts)
    assert values[:10].sum() == pytest.approx(40)
    assert values[10:].sum() == pytest.approx(260)
    assert not overlaps
    wrong = ledger(*(fact("dam", "release", f"2025-04-d{k}", 40) for k in (1, 2, 3)), fact("dam", "release", "2025-04", 300))
    assert status(wrong).not_sums == ("dam, release, 2025-04, office",)


spans = st.tuples(st.integers(0, 29), st.integers(1, 30), st.floats(0, 100)).map(lambda x: (x[0], min(30, x[0] + x[1]), x[2]))


@settings(max_examples=60)
@given(st.lists(spans, max_size=5))
def test_days_are_known_exactly_where_a_figure_covers_them(found):
    days = Days(dt.date(2025, 4, 1), dt.date(2025, 4, 30))
    facts = [fact("dam", "release", label_of(days.day(a), days.day(b - 1)), v) for a, b, v in found]
    values, _ = days.known(ledger(*facts, with_plan=False).facts)
    covered = {k for a, b, _ in found for k in range(a, b)}
    assert {int(k) for k in np.flatnonzero(~np.isnan(values))} == covered
    assert not (values < 0).any()


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 40))
def test_labels_name_their_days(start, more):
    end = start + dt.timedelta(days=more)
    assert span_of(label_of(start, end)) == (start, end)


def test_a_century_of_facts_is_not_read_for_one_season(monkeypatch):
    """Rows of other years are verified and counted, and their JSON is left alone: so `status` of a hundred years takes no minute."""
    old = [
        fact("dam", "release", f"{year}-{month:02d}-d{k}", 100) for year in range(1925, 2025) for month in range(1, 13) for k in (1, 2, 3)
    ]
    book = ledger(*old, fact("dam", "release", "2025-04-d1", 80))
    read, loads = [], ledger_rows.json.loads
    monkeypatch.setattr(ledger_rows.json, "loads", lambda raw: read.append(1) or loads(raw))
    found = status(book)
    assert found.rows == len(old) + 1 + len(plan())
    assert len(read) < 2 * len(plan())
