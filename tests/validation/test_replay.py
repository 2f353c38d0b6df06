"""The past through the model's arithmetic: scores by hand, what the replay reaches, and later observations of the same shape."""

import json

import numpy as np
import pandas as pd
import pytest

import waterflow as wf
from waterflow import cli
from waterflow.observations.files import observed_tables
from waterflow.observations.record import half_season
from waterflow.validation.replay import replay
from waterflow.validation.replay_facts import replay_facts
from waterflow.validation.scores import score

RECENT, EARLY = ("2022-04", "2024-03"), ("2001-10", "2008-09")
COMMAND = ["replay", "syr_darya", "--from", RECENT[0], "--to", RECENT[1]]


@pytest.fixture(scope="module")
def basin():
    return wf.read_basin("syr_darya")


@pytest.fixture(scope="module")
def tables():
    return observed_tables("syr_darya")


@pytest.fixture(scope="module")
def runs(basin, tables):
    return {span: replay(basin, tables, *span) for span in (RECENT, EARLY)}


def test_scores_by_hand():
    """Errors 1, 0, -1 and 0 around 1, 2, 3, 4: squares 2 of 5, so 0.6; sums equal, no bias."""
    found = score([1, 2, 3, 4], [2, 2, 2, 4])
    assert (found.count, found.observed, found.bias) == (4, 2.5, 0)
    assert found.nse == pytest.approx(0.6)
    assert found.rmse == pytest.approx(np.sqrt(0.5))
    r = np.corrcoef([1, 2, 3, 4], [2, 2, 2, 4])[0, 1]
    assert found.kge == pytest.approx(1 - np.sqrt((r - 1) ** 2 + (np.sqrt(0.75) / np.sqrt(1.25) - 1) ** 2))
    assert score([1, np.nan, 3], [2, 5, np.nan]).count == 1
    assert score([2, 3, 4], [2, 3, 4]).kge == pytest.approx(1)
    assert score([2, 2, 2], [2, 3, 4]).nse is None


def test_inputs_of_the_replay_come_out_as_they_went_in(runs):
    for found in runs.values():
        for site in ("toktogul", "andijan"):
            own = found.flows[(found.flows["site"] == site) & (found.flows["quantity"] == "inflow")]
            assert np.abs(own["observed"] - own["simulated"]).max() < 1e-9


@pytest.mark.parametrize("span", [RECENT, EARLY])
def test_storages_reset_each_season_follow_the_observed(runs, tables, span):
    found = {x.reservoir: x for x in replay_facts(runs[span], tables).storages}
    for reservoir in ("toktogul", "andijan", "charvak"):
        assert found[reservoir].nse >= 0.90, reservoir
    assert found["charvak"].left_out == (30 if span == EARLY else 0)
    for reservoir in ("bahri_tojik", "shardara"):
        assert found[reservoir].closure_rmse_Mm3, "the closure error stands beside the score"
        assert np.isfinite(found[reservoir].month_ahead_nse)


def test_charvak_is_not_compared_with_itself(basin, tables):
    """Its runoff in the replay is worked out from its storage; the storage scored must not be. Moving one half-season's
    observed storage up by 100 in its middle moves what that season's score is compared with, not what is simulated."""
    moved = dict(tables)
    storages = tables["monthly_storages"].copy()
    where = (storages["reservoir"] == "charvak") & (storages["period"] == "2023-07")
    assert where.sum() == 1
    storages.loc[where, "storage_Mm3"] += 100
    moved["monthly_storages"] = storages
    one, other = (replay(basin, t, *RECENT).storages.query("reservoir == 'charvak'").set_index("period") for t in (tables, moved))
    same = half_season(pd.PeriodIndex(one.index)) == "2023 growing"
    assert np.abs(one["simulated"] - other["simulated"])[same].max() < 1e-9
    assert np.abs(one["observed"] - other["observed"])[same].max() == pytest.approx(100)


def test_closures_are_those_of_the_calibration_page(runs):
    closures = runs[RECENT].closures
    sums = closures.groupby(["balance", "season"])["closure"].sum()
    assert sums["akdjar_gauge.flow", "2022 non_growing"] == pytest.approx(-2117, abs=1)
    assert sums["akdjar_gauge.flow", "2023 non_growing"] == pytest.approx(-81, abs=1)
    assert sums["shardara.inflow_kazhydromet", "2023 non_growing"] == pytest.approx(1965, abs=1)


def test_later_observations_of_the_same_shape_need_nothing_else(basin, tables, runs):
    """The growing season of 2023 once more, a year later: what is read is what was observed then."""
    later = {}
    for name in ("monthly_flows", "monthly_storages", "monthly_withdrawals"):
        table = tables[name]
        again = table[table["period"].between("2023-04", "2023-09")].copy()
        again["period"] = again["period"].str.replace("2023", "2024")
        if name == "monthly_withdrawals":
            again = again.iloc[:0]
        later[name] = pd.concat([table, again], ignore_index=True)
    found = replay(basin, tables | later, "2024-04", "2024-09")
    assert found.assumed.withdrawals["dostyk_kaz"] == 6, "what was not observed is said"
    seen = found.flows[found.flows["quantity"] == "inflow_kazhydromet"]["observed"]
    before = runs[RECENT].flows.query("quantity == 'inflow_kazhydromet' and season == '2023 growing'")["observed"]
    assert seen.tolist() == before.tolist()
    assert found.flows["simulated"].notna().all()


def test_a_hole_in_a_release_is_not_filled(basin, tables):
    flows = tables["monthly_flows"]
    holed = flows[~((flows["site"] == "bahri_tojik") & (flows["quantity"] == "release") & (flows["period"] == "2023-05"))]
    found = replay(basin, tables | {"monthly_flows": holed}, *RECENT)
    shardara = found.flows[found.flows["quantity"] == "inflow_kazhydromet"].set_index("period")["simulated"]
    # its water is under way for some days in two reaches one after the other: each carries a part into the next month
    assert [str(p) for p in shardara.index[shardara.isna()]] == ["2023-05", "2023-06", "2023-07"]
    gauge = next(g for g in replay_facts(found, tables).gauges if g.gauge == "shardara.inflow_kazhydromet" and g.season == "all")
    assert gauge.count == 21


def test_the_command_in_three_forms(capsys):
    assert cli.main(COMMAND) == 0
    text = capsys.readouterr().out
    for words in ("Gauges", "several agencies", "Oct-Mar 2022-23       13,016      14,329", "do not explain", "Limits crossed"):
        assert words in text
    assert cli.main([*COMMAND, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["first"] == "2022-04"
    assert cli.main([*COMMAND, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("what,name,period,season,observed,simulated,month_ahead\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["syr_darya", "--from", "2022-13", "--to", "2024-03"], "bad-month"),
        (["syr_darya", "--from", "2024-03", "--to", "2022-04"], "bad-month"),
        (["syr_darya", "--from", "2012-04", "--to", "2013-03"], "no-observations"),
        (["two_reservoirs", "--from", "2022-04", "--to", "2024-03"], "no-observations"),
    ],
)
def test_what_cannot_be_replayed_is_refused(words, code, capsys):
    assert cli.main(["replay", *words]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"[{code}]" in shown.err
