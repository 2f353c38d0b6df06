"""Answers of an ensemble: every figure by hand on small rivers, and the same as the accounts of each plan alone."""

import numpy as np
import pytest
import xarray as xr

import waterflow as wf
from tests.futures.ensembles import alone, in_classes, members, ten_lines, with_shares
from tests.rivers import DEMANDS, FLOORS, TARGETS, River
from waterflow.accounts import clauses, commitments
from waterflow.accounts.party_seasons import party_seasons
from waterflow.accounts.plan import Plan
from waterflow.futures.answer_facts import SHARES
from waterflow.futures.answers import answers


def one(found, kind, name, window=0):
    return [x for x in found.outcomes if (x.kind, x.name) == (kind, name)][window]


def performed(found, kind, name):
    return next(x for x in found.performance if (x.kind, x.name) == (kind, name))


def straight():
    """No reservoir, so that every period is by itself: 10 are needed of what comes, the sea is to get 12 in each half."""
    river = River(months=4, start="2025-02-01").node("spring", runoff=20).node("sea", "outlet").reach("way", "spring", "sea")
    river.demand("field", "spring", "A", 10).floor("way", "way", 1.0).target("sea", "way", 12, 0, 1).target("sea2", "way", 12, 2, 3)
    return river.priorities(("users", [DEMANDS]), ("sea", [TARGETS]), ("flow", [FLOORS])).basin()


def given(basin, *rows, **coords):
    values = np.array(rows, dtype=float)[:, None, :]
    names = {"member": [f"m{k}" for k in range(1, len(rows) + 1)], "node": list(basin.runoff), "period": list(basin.calendar.labels)}
    return xr.DataArray(values, names, ("member", "node", "period")).assign_coords(coords)


#: what passes to the sea: (10, 10, 10, 10), (2, 2, 10, 10), (0, 0, 0, 0), (10, 10, 2, 4)
ROWS = ((20, 20, 20, 20), (12, 12, 20, 20), (6, 10, 10, 8), (20, 20, 12, 14))


def test_probabilities_means_and_curves_by_hand():
    basin = straight()
    found = answers(basin, wf.ensemble(basin, given(basin, *ROWS), workers=1))
    first, second = one(found, "target", "sea"), one(found, "target", "sea2")
    assert (first.probability, second.probability) == (0.5, 0.5)
    # short: 0, 8, 12, 0 and 0, 0, 12, 6
    assert first.mean_short == pytest.approx(5.0)
    assert second.mean_short == pytest.approx(4.5)
    assert (first.worst_short, first.worst_member) == (pytest.approx(12.0), "m3")
    # 20, 20, 4, 0: a half gets 20, three quarters at least 4
    assert [e.share for e in first.exceedance] == list(SHARES)
    assert [e.value for e in first.exceedance] == pytest.approx([20, 20, 20, 20, 4, 0, 0], abs=1e-9)
    users = [one(found, "users", "A", k) for k in (0, 1)]
    assert [x.asked for x in users] == pytest.approx([20, 20])
    # in the third member 4 are missing of the first half and 2 of the second
    assert [x.worst_short for x in users] == pytest.approx([4, 2])
    assert [x.probability for x in users] == [0.75, 0.75]


def test_members_are_weighed():
    basin = straight()
    runoff = given(basin, *ROWS, probability=("member", [0.1, 0.2, 0.3, 0.4]))
    found = answers(basin, wf.ensemble(basin, runoff, workers=1))
    first = one(found, "target", "sea")
    assert first.probability == pytest.approx(0.5)
    assert one(found, "target", "sea2").probability == pytest.approx(0.3)
    assert first.mean_short == pytest.approx(0.2 * 8 + 0.3 * 12)
    assert [e.value for e in first.exceedance] == pytest.approx([20, 20, 20, 20, 0, 0, 0], abs=1e-9)
    assert found.weighted


def test_reliability_resilience_and_vulnerability_by_hand():
    """A floor of 1 m3/s is 2.4 to 2.7 Mm3 a month; it fails in the months with 0 or 2, of m2 first two, m3 all, m4 the third."""
    basin = straight()
    found = performed(answers(basin, wf.ensemble(basin, given(basin, *ROWS), workers=1)), "floor", "way")
    assert (found.steps, found.count) == ("periods", 4)
    assert found.reliability == 0.25
    # failures that are followed: m2 two (then a failure, then a success), m3 three (never a success), m4 one (a success)
    assert found.resilience == pytest.approx(2 / 6)
    seconds = {k: p.days * 86400 for k, p in enumerate(basin.calendar.periods)}
    worst = [1 - 2e6 / max(seconds[0], seconds[1]), 1.0, 1 - 2e6 / seconds[2]]
    assert found.vulnerability == pytest.approx(np.mean(worst), rel=1e-9)


def test_a_promise_that_is_always_kept_has_no_vulnerability():
    basin = straight()
    found = answers(basin, wf.ensemble(basin, given(basin, ROWS[0], ROWS[0]), workers=1))
    kept = performed(found, "target", "sea")
    assert (kept.reliability, kept.resilience, kept.vulnerability) == (1.0, None, None)
    assert one(found, "target", "sea").worst_member is None
    assert found.broken == ()
    assert found.bad == ()


def test_the_runoff_of_the_members_is_told():
    basin = straight()
    found = answers(basin, wf.ensemble(basin, given(basin, *ROWS), workers=1), "forecast.nc")
    assert (found.wetness.driest_Mm3, found.wetness.driest_member) == (34, "m3")
    assert (found.wetness.wettest_Mm3, found.wetness.wettest_member) == (80, "m1")
    assert (found.wetness.median_Mm3, found.wetness.own_Mm3) == (66, 80)
    assert (found.members, found.planned, found.source) == (4, 4, "forecast.nc")


def test_members_without_a_plan_keep_no_promise_and_bad_ones_are_left_out():
    basin = with_shares()
    runoff = members(basin, 8)
    runoff[1], runoff[4, 0, 0] = 0.0, np.nan
    found = answers(basin, wf.ensemble(basin, runoff, workers=1))
    assert [(b.number, b.member, b.status) for b in found.bad] == [(2, "m2", "conflict"), (5, "m5", "refused")]
    assert found.bad[0].clashing
    assert found.bad[1].runoff_Mm3 is None
    floor = one(found, "floor", "town")
    assert floor.members == 7
    assert floor.probability <= 6 / 7 + 1e-12
    assert found.wetness.driest_Mm3 == 0


@pytest.mark.parametrize("made", [ten_lines, in_classes, with_shares])
def test_each_member_counts_as_the_accounts_of_its_plan_do(made):
    """The same figures by another way: the accounts of every plan made alone."""
    basin, count = made(), 10
    runoff = members(basin, count)
    found = answers(basin, wf.ensemble(basin, runoff, workers=1))
    plans = [Plan(*alone(basin, runoff, k)) for k in range(count)]
    targets = [commitments.targets(p) for p in plans]
    for j, x in enumerate(targets[0]):
        mine = next(o for o in found.outcomes if (o.kind, o.name, o.window) == ("target", x.place, x.window))
        assert mine.mean_short == pytest.approx(np.mean([t[j].shortfall_Mm3 for t in targets]), abs=1e-6)
        half = sorted((t[j].delivered_Mm3 for t in targets), reverse=True)[count // 2 - 1]
        assert mine.exceedance[3].value == pytest.approx(half, abs=1e-6)
    seasons = [party_seasons(p) for p in plans]
    for j, x in enumerate(seasons[0]):
        if x.unserved_GWh is not None:
            mine = next(o for o in found.outcomes if (o.kind, o.name, o.window) == ("power", x.party, x.window))
            assert mine.mean_short == pytest.approx(np.mean([s[j].unserved_GWh for s in seasons]), abs=1e-6)
    missed = [{c.clause: sum(r.missed_by for r in c.rows) for c in clauses.clauses(p) if c.rows} for p in plans]
    for o in (o for o in found.outcomes if o.kind == "clause"):
        judged = [m[o.name] for m in missed if o.name in m]
        assert o.members == len(judged)
        assert o.probability == pytest.approx(np.mean([m <= 1e-6 for m in judged]))
        assert o.worst_short == pytest.approx(max(judged), abs=1e-6)


def test_who_breaks_a_clause_and_what_binds_then():
    basin = in_classes()
    runoff = members(basin, 9)
    dataset = wf.ensemble(basin, runoff, workers=1)
    found = {b.clause: b for b in answers(basin, dataset).broken}
    # 90 are owed of 30 - 10 + what comes in two months: those with less than 70 there break it
    came = runoff.sel(node="dam").values[:, :2].sum(axis=1)
    short = came < 70 - 1e-6
    assert 0 < short.sum() < 9, "the test has lost its eyes"
    always = found["always"]
    assert always.members == tuple(f"m{k + 1}" for k in np.flatnonzero(short))
    assert always.probability == pytest.approx(1 - short.mean())
    assert always.without_plan == 0
    worst = int(np.argmin(came))
    assert (always.worst.member, always.worst.number) == (f"m{worst + 1}", worst + 1)
    assert always.worst.rows[0].missed_by == pytest.approx(70 - came[worst], abs=1e-6)
    assert always.worst.empty == ("dam",)
    totals = runoff.sum(["node", "period"]).values
    assert always.worst.rank == int((totals < totals[worst]).sum()) + 1
    assert always.driest_Mm3 == pytest.approx(totals[short].min())


def test_a_clause_that_clashes_is_broken_by_members_without_a_plan():
    river = River(months=2, start="2024-10-01").node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("way", "dam", "sea")
    river.reservoir("dam", 5, 50).clause("owed", "release", reservoir="dam", figures=[river.span(0, 1, amount_Mm3=15)])
    basin = river.basin()
    found = answers(basin, wf.ensemble(basin, given(basin, (10, 10), (2, 2), (4, 7)), workers=1))
    assert [b.number for b in found.bad] == [2]
    assert "clause_kept[owed]" in found.bad[0].clashing
    (broken,) = found.broken
    assert (broken.clause, broken.hard, broken.members, broken.without_plan, broken.worst) == ("owed", True, ("m2",), 1, None)
    assert broken.probability == pytest.approx(2 / 3)
    assert one(found, "clause", "owed").probability == pytest.approx(2 / 3)


def test_the_answers_of_what_is_read_back_are_the_same(tmp_path):
    from waterflow.allocation.files import read_dataset, write_dataset

    basin = with_shares()
    dataset = wf.ensemble(basin, members(basin, 5), workers=1)
    write_dataset(tmp_path / "e.nc", dataset, basin.model_dump_json())
    read, text = read_dataset(tmp_path / "e.nc")
    again = wf.Basin.model_validate_json(text)
    assert answers(again, read) == answers(basin, dataset)
