"""Answers of many plans: chances over the record, trade-offs, what a figure rests on; how far they are, and what is let go."""

import asyncio
import json
import shlex

import numpy as np
import pytest

import waterflow as wf
from waterflow.cli import parser
from waterflow.futures.members import historical
from waterflow.loading.model import read_model

pytest.importorskip("fastapi")

from waterflow.workbench.chances import chances
from waterflow.workbench.desk import Desk, answer
from waterflow.workbench.levers import with_promises
from waterflow.workbench.state import ChancesAsked, FigureAsked, State, TradeOffsAsked
from waterflow.workbench.workers import Superseded, Workers

DRY = {"model": "syr_darya", "scenario": "dry_year"}
SMALL = {"model": "two_reservoirs"}
PROMISE = "clause.let_go_toktogul_growing"


@pytest.fixture(scope="module")
def desk():
    return Desk({"two_reservoirs": "two_reservoirs", "syr_darya": "syr_darya"})


def told(desk, kind, state):
    return json.loads(answer(desk, kind, state))


def test_chances_are_what_single_years_say():
    """Each year planned by itself, with the promise of the page and its share of runoff: kept or not, and the edges of the band."""
    model = read_model("syr_darya", "dry_year")
    laid = with_promises(model.basin())
    asked = laid.asked({"runoff.all": "x0.95", PROMISE: 5000})
    found = chances(model, laid, asked, 3)
    record = historical(model)
    totals = record.sum(["node", "period"]).to_numpy()
    runoffs = [y.runoff_Mm3 for y in found.years]
    assert found.of_record == len(totals) > 3 == len(runoffs)
    assert (min(runoffs), max(runoffs)) == pytest.approx((0.95 * totals.min(), 0.95 * totals.max()))
    plans = []
    for year in found.years:
        own = 0.95 * record.sel(member=year.first_month)
        series = {str(n): tuple(own.sel(node=n).to_numpy()) for n in own["node"].values}
        try:
            plans.append(wf.allocate(asked.replaced(runoff=series)).dataset)
        except wf.ConflictError:
            plans.append(None)
    assert found.planned == sum(p is not None for p in plans)
    for x in asked.targets.values():
        inside = list(asked.calendar.inside(x.window))
        passed = [0.0 if p is None else float(p["flow"].sel(reach=x.reach).values[inside].sum()) for p in plans]
        outcome = next(o for o in found.outcomes if o.kind == "target" and o.window == str(x.window))
        assert outcome.probability == pytest.approx(
            np.mean([v >= x.amount - max(1e-3 * x.amount, min(1.0, 1e-2 * x.amount)) for v in passed])
        )
    stored = np.array([p["storage"].sel(reservoir="toktogul").values for p in plans if p is not None])
    band = next(b for b in found.bands if b.name == "toktogul")
    for edge, share in (("low", 0.1), ("middle", 0.5), ("high", 0.9)):
        assert getattr(band, f"storage_{edge}") == pytest.approx(np.quantile(stored, share, axis=0), abs=0.02)
    # what was promised is held against the years; what only could be is not
    clauses = {o.name for o in found.outcomes if o.kind == "clause"}
    assert clauses == {PROMISE.partition(".")[2]}


def test_a_promise_short_by_what_nobody_would_call_missed_is_kept_on_the_page_alone():
    """Of 909: 0.96 is printed as 1, of 16.9 half a million m3 is no trifle, of 5 m3/s nothing but 0.1 % is."""
    from waterflow.futures.promises import Promise

    def failed(unit, asked, short, *, as_printed):
        figures = np.array([asked]), np.array([[asked - short]]), np.array([[short]])
        made = Promise("limit", "P", "P", "P", unit, ("w",), *figures, "delivered", np.array([True]), as_printed=as_printed)
        return bool(made.failed[0, 0])

    assert not failed("Mm3", 909.0, 0.96, as_printed=True)
    assert failed("Mm3", 909.0, 0.96, as_printed=False)
    assert failed("Mm3", 909.0, 1.04, as_printed=True)
    assert failed("Mm3", 16.9, 0.5, as_printed=True)
    assert failed("m3/s", 5.0, 0.5, as_printed=True)
    assert not failed("m3/s", 100.0, 0.09, as_printed=True)
    assert failed("Mm3", 909.0, float("inf"), as_printed=True)


def test_a_river_without_a_record_says_so(desk):
    assert told(desk, "chances", ChancesAsked(**SMALL))["problems"][0]["code"] == "no-observations"


@pytest.mark.long
def test_a_plan_that_is_chosen_is_the_plan_that_was_drawn(desk):
    """Set as it says, the page's own answer has the gains of the point; none that is called unbettered is bettered."""
    found = told(desk, "trade_offs", TradeOffsAsked(**DRY, parties=("KGZ", "UZB"), plans=5))
    plans = found["plans"]
    assert len(plans) + found["clashed"] <= 5
    assert found["left_out"] > 0
    alone = told(desk, "no_deal", State(**DRY))["payoffs"]["central"]
    moved = next(p for p in plans if p["moved"])
    for plan in (plans[0], moved):
        shown = told(desk, "plan", State(**DRY, questions=plan["questions"], order=plan["order"]))
        gains = {p["party"]: p["central"] - alone[p["party"]] for p in shown["parties"]}
        assert plan["gains_MUSD"] == pytest.approx(gains, abs=0.02)
        assert plan["target_Mm3"] == pytest.approx(sum(t["delivered"] for t in shown["targets"]), abs=0.1)
    pairs = [(p["gains_MUSD"]["KGZ"], p["gains_MUSD"]["UZB"]) for p in plans]
    for plan, own in zip(plans, pairs, strict=True):
        bettered = any(a >= own[0] and b >= own[1] and a + b > sum(own) + 0.02 for a, b in pairs)
        assert not (plan["unbettered"] and bettered)
    assert any(p["unbettered"] for p in plans)
    most = {p["kind"]: plans[p["number"]] for p in found["packages"]}
    assert most["most/KGZ"]["gains_MUSD"]["KGZ"] == pytest.approx(max(a for a, _ in pairs), abs=0.01)
    # planned together nobody is below no deal
    assert all(a > -0.01 and b > -0.01 for a, b in found["joint"])


@pytest.mark.parametrize("parties", [("KGZ", "KGZ"), ("KGZ", "Atlantis")])
def test_who_is_none_or_one_gives_nothing(desk, parties):
    assert told(desk, "trade_offs", TradeOffsAsked(**DRY, parties=parties))["status"] == "refused"
    assert told(desk, "trade_offs", TradeOffsAsked(**SMALL, parties=("UP", "DOWN")))["problems"][0]["code"] == "missing-values"


def test_what_a_figure_rests_on(desk):
    """The stages of the small river, worked out in its tutorial: fields first, the lake with what is left."""
    found = told(desk, "grounds", FigureAsked(**SMALL, figure="lake"))
    assert found["value"] == pytest.approx(100.0)
    assert [(d["least"], d["most"], d["narrows"]) for d in found["decided"][1:3]] == [
        (pytest.approx(0.0), pytest.approx(100.0), True),
        (pytest.approx(100.0), pytest.approx(100.0), True),
    ]
    assert found["binds"]
    assert {t["table"] for t in found["tables"]} >= {"runoff", "needs", "targets"}
    assert found["rows"] == sum(g["rows"] for t in found["tables"] for g in t["groups"])
    moves = told(desk, "effects", FigureAsked(**SMALL, figure="lake"))
    runoff = next(e for e in moves["effects"] if "runoff" in e["title"])
    assert (runoff["one_more"], runoff["one_less"]) == pytest.approx((1.0, -1.0))
    assert told(desk, "grounds", FigureAsked(**SMALL, figure="atlantis"))["problems"][0]["code"] == "unknown-figure"
    assert told(desk, "grounds", FigureAsked(**SMALL, figure="payoff/ATL"))["problems"][0]["code"] == "unknown-figure"


def test_money_is_told_by_its_terms_and_water_beside_what_the_card_counts(desk):
    found = told(desk, "grounds", FigureAsked(**DRY, figure="payoff/KGZ"))
    shown = next(p for p in told(desk, "plan", State(**DRY))["parties"] if p["party"] == "KGZ")
    assert found["value"] == pytest.approx(shown["central"], abs=1e-3)
    water = told(desk, "grounds", FigureAsked(**DRY, figure="delivered/KGZ"))
    assert water["value"] >= shown["got"] - 0.01
    assert bool(water["beside"]) == (water["value"] > shown["got"] + 0.5)
    assert sum(t["central"] for t in found["terms"]) == pytest.approx(found["value"], abs=0.05)


def test_every_assumed_row_is_listed_and_no_link_is_anything_else(desk):
    found = told(desk, "inputs", State(**DRY))
    basin = read_model("syr_darya", "dry_year").basin()
    assert (found["assumed"], found["rows"]) == basin.assumed_rows()
    assert sum(g["rows"] for t in found["tables"] for g in t["groups"]) == found["assumed"]
    keys = {s["key"] for s in found["sources"]}
    assert all(g["source"] in keys and g["grade"] in ("assumed", "unverified") for t in found["tables"] for g in t["groups"])
    assert all(s["url"] == "" or s["url"].startswith(("https://", "http://")) for s in found["sources"])


def test_a_ranking_that_takes_too_long_is_a_command(desk, monkeypatch):
    monkeypatch.setattr("waterflow.workbench.doubts.WAITS", 0.0)
    state = FigureAsked(**DRY, figure="north_aral/growing", questions={"runoff.all": "x0.95", PROMISE: 7000})
    found = told(desk, "doubt", state)
    assert not found["inputs"]
    assert found["moved"] > 20
    assert found["left_out"] == [PROMISE]
    words = shlex.split(found["command"])
    assert words[0] == "waterflow"
    typed = parser().parse_args(words[1:])
    assert (typed.figure, typed.scenario, typed.questions) == ("north_aral/growing", "dry_year", [("runoff.all", "x0.95")])


def test_what_is_long_tells_how_far_it_is_and_is_let_go():
    """Cut off, its process is free at once for the next; a newer question takes its place; quick ones are answered beside it."""

    async def run():
        workers = Workers({"two_reservoirs": "two_reservoirs", "syr_darya": "syr_darya"})
        await workers.start()
        long = workers._processes[-1]
        assert long.process is None
        shares, heard = [], {}
        try:

            async def until_it_runs():
                while workers.progress("a", "chances")[1] == 0.0:
                    await asyncio.sleep(0.1)
                shares.append(workers.progress("a", "chances"))

            first = asyncio.create_task(workers.ask("a", "chances", ChancesAsked(**DRY, years=6)))
            await until_it_runs()
            heard["plan"] = await workers.ask("a", "plan", State(**SMALL))
            second = asyncio.create_task(workers.ask("a", "chances", ChancesAsked(**DRY, years=5)))
            heard["first"] = (await asyncio.gather(first, return_exceptions=True))[0]
            await until_it_runs()
            own = long.process.pid
            second.cancel()
            async with asyncio.timeout(60):
                while long.job is not None:
                    await asyncio.sleep(0.1)
            heard["same"] = long.process.is_alive() and long.process.pid == own
            heard["next"] = await workers.ask("a", "effects", FigureAsked(**SMALL, figure="lake"))
            heard["idle"] = workers.progress("a", "chances")
        finally:
            await workers.stop()
        return shares, heard

    shares, heard = asyncio.run(run())
    assert all(status == "runs" and 0 < share < 1 for status, share in shares)
    assert isinstance(heard["first"], Superseded)
    assert json.loads(heard["plan"])["status"] == "plan"
    assert heard["same"], "the process was killed where it should have been told to stop"
    assert json.loads(heard["next"])["status"] == "effects"
    assert heard["idle"] == ("none", 0.0)
