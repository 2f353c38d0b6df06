"""Why: on a river worked out by hand, and on the Syr Darya as a user asks."""

import csv
import io
import json
from itertools import pairwise

import numpy as np
import pytest

import waterflow as wf
from tests.validation.small import TABLES, written
from waterflow import cli
from waterflow.accounts.figures import figure_named, figure_names
from waterflow.accounts.plan import Plan
from waterflow.allocation.resolve import Solver
from waterflow.allocation.solve import solve
from waterflow.explain.linear import gradient, in_vector
from waterflow.explain.prices import givens_of, prices
from waterflow.explain.why import where_decided
from waterflow.explain.why_facts import Decided, Why
from waterflow.formulation.objective import stage_plans
from waterflow.loading.model import read_model
from waterflow.report.names import stage_called
from waterflow.report.why_text import why_text
from waterflow.solver.attainable_range import freedom


@pytest.fixture(scope="module")
def solved():
    return solve(wf.read_basin("syr_darya"))


def answer(capsys, *arguments):
    assert cli.main(["why", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_a_small_river_is_explained_as_worked_out_by_hand(tmp_path, capsys):
    """Runoff 300, town 90, fields ask 240, get 210: before any stage 0 to 240, after the town 0 to 210, then 210.

    One Mm3 more of runoff brings the fields 1, one more asked by the town takes 1; asking more brings nothing.
    """
    facts = json.loads(answer(capsys, written(tmp_path), "delivered/fields", "--format", "json"))
    assert facts["value"] == pytest.approx(210)
    ends = {x["after"]: (x["least"], x["most"]) for x in facts["decided"]}
    assert ends[None] == pytest.approx((0, 240), abs=1e-6)
    assert ends["town"] == pytest.approx((0, 210), abs=1e-6)
    assert ends["fields"] == pytest.approx((210, 210))
    assert [x["after"] for x in facts["decided"] if x["narrows"]] == ["town", "fields"]
    prices = {(x["given"], x["index"][0][0]): (x["one_more"], x["one_less"]) for x in facts["prices"]}
    assert prices == {("runoff", "source"): pytest.approx((1, -1)), ("need", "town"): pytest.approx((-1, 1))}
    runoff = [x for x in facts["rows"] if x["table"] == "runoff"]
    assert [x["value"] for x in runoff] == [100, 100, 100]
    assert runoff[0]["source"] == {"key": "judgement", "title": "Our own judgement", "url": "-"}
    assert runoff[0]["grade"] == "assumed"
    assert runoff[0]["where"].endswith("runoff.csv, row 2")


def test_a_given_of_nothing_has_a_price(tmp_path, capsys):
    """Without runoff nobody gets anything: one more Mm3 over the season is the town's, and there is none to lose."""
    dry = TABLES["runoff"].replace(",100,", ",0,")
    model = written(tmp_path, runoff=dry)
    facts = json.loads(answer(capsys, model, "delivered/town", "--format", "json"))
    prices = {(x["given"], x["index"][0][0]): (x["value"], x["one_more"], x["one_less"]) for x in facts["prices"]}
    assert prices == {("runoff", "source"): (0, pytest.approx(1), None)}
    assert "it is 0" in answer(capsys, model, "delivered/town")


def test_a_target_that_is_short_says_what_comes_first(tmp_path, capsys):
    text = answer(capsys, written(tmp_path), "end")
    assert text.startswith("End: delivered past its gauge, Oct 2024-Dec 2024: 0 Mm3\n")
    assert "60 asked, 0 delivered" in text
    assert "Comes after: town; fields." in text
    assert "No input, changed a little, would move it." in text
    assert "A book (https://example.org/book) [book]" in " ".join(text.split())


@pytest.mark.long
def test_a_target_that_is_met_says_that_nothing_asks_for_more(capsys):
    text = answer(capsys, "syr_darya", "north_aral/non_growing")
    assert "nothing in the order of priority asks for more" in " ".join(text.split())
    assert "stages after North Aral Sea" in " ".join(text.split())
    assert "Money: the most it can be falls from" in text
    assert "Of all inputs only the target itself would move it" in text
    assert "targets.csv, row 2" in text
    assert "asiaplustj" in text
    assert max(map(len, text.splitlines())) <= 110


def test_a_stage_that_moves_nothing_has_no_line_of_its_own_and_stages_are_called_by_their_titles():
    none = {"narrows": False}
    same = [(name, 200, 900) for name in ("limits", "limits/2", "lake")]
    ends = [(None, 0, 900), *same, ("limits/even/2", None, None), ("cost", 200, 300), ("unique", 250, 250)]
    decided = tuple(Decided(after=after, least=least, most=most, **none) for after, least, most in ends)
    found = Why(
        figure="x",
        title="x",
        unit="Mm3",
        value=250.0,
        priority_titles={"limits": "Fields", "cost": "Money"},
        targets=(),
        decided=decided,
        prices=(),
        bindings=(),
        rows=(),
    )
    rows = [line.split() for line in why_text(found, 10).split("---\n")[1].splitlines()][1:5]
    assert rows == [
        ["(hard", "rules", "alone)", "0", "900"],
        ["Fields", "200", "900"],
        ["(further", "stages:", "3)", "200", "900"],
        ["Money", "200", "300"],
    ]
    assert stage_called("limits/even/2", found.priority_titles) == "Fields (evenly, round 2)"
    assert stage_called("limits/2", found.priority_titles) == "Fields (round 2)"
    assert stage_called("benefit", {}) == "sum of benefits"


def test_under_stress_the_limits_decide():
    found = where_decided(read_model("syr_darya", "stress"), "north_aral")
    assert "limits" in {x.after for x in found if x.narrows}


@pytest.mark.long
def test_a_stress_is_explained_by_the_limits(capsys):
    """Minutes, since every given is priced through a hundred stages: in the long run; where it is decided alone is in every run."""
    facts = json.loads(answer(capsys, "syr_darya", "north_aral", "--scenario", "stress", "--format", "json"))
    assert [x["status"] for x in facts["targets"]] == ["short", "short"]
    assert "limits" in {x["after"] for x in facts["decided"] if x["narrows"]}
    assert facts["bindings"]
    assert all(x["title"] and x["price_unit"] for x in facts["bindings"])


def test_csv(tmp_path, capsys):
    rows = list(csv.DictReader(io.StringIO(answer(capsys, written(tmp_path), "delivered/fields", "--format", "csv"))))
    assert {"input"} < {r["kind"] for r in rows}
    assert float(rows[0]["one_more"]) == pytest.approx(1)


@pytest.mark.parametrize("arguments", [["nothing"], ["lake_storage"], ["end/2031-01"]])
def test_names_there_are_not_are_refused_with_those_there_are(tmp_path, capsys, arguments):
    assert cli.main(["why", str(written(tmp_path)), *arguments]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "[unknown-figure]" in err
    assert "delivered/fields" in err or "2024-10" in err


@pytest.mark.long
def test_every_figure_is_linear_in_the_decisions(solved):
    """The coefficients, times the plan, are the figure the report computes from the Dataset."""
    from waterflow.allocation.allocate import named

    allocation = named(solved)
    plan, x = Plan(allocation.basin, allocation.dataset), solved.solution.stages[-1].unknowns
    for name in figure_names(solved.basin)[::7]:
        figure = figure_named(solved.basin, name)
        nothing = in_vector(figure, solved.basin, solved.program, np.zeros(len(x)))
        found = nothing + gradient(figure, solved.basin, solved.program) @ x
        assert found == pytest.approx(figure.value(plan), abs=1e-6), name


def test_the_figure_lies_inside_what_every_stage_leaves_and_stages_only_narrow(solved):
    figure = figure_named(solved.basin, "toktogul_storage/2025-04-01")
    slope_of = gradient(figure, solved.basin, solved.program)
    value = slope_of @ solved.solution.stages[-1].unknowns
    ends = freedom(solved.program, solved.givens, stage_plans(solved.basin), solved.solution.stages, slope_of)
    assert len(ends) == len(solved.solution.stages) + 1
    for (low, high), (next_low, next_high) in pairwise(ends):
        assert low - 1e-6 <= next_low <= value + 1e-6
        assert value - 1e-6 <= next_high <= high + 1e-6
    assert ends[-1] == pytest.approx((value, value))


def test_a_price_is_what_the_solver_says_of_the_one_given(solved):
    figure, basin = figure_named(solved.basin, "delivered/KAZ"), solved.basin
    opening = [g for g in givens_of(basin) if (g.name, g.owner) == ("opening_storage", "toktogul")]
    (price,) = prices(solved, figure, gradient(figure, basin, solved.program), opening)
    own = [d.name for d in basin.demands.values() if d.party == "KAZ"]
    slope = Solver(wf.read_basin("syr_darya")).marginal("opening_storage", "toktogul")["delivery"].sel(demand=own).sum(("demand", "period"))
    assert price.one_more == pytest.approx(float(slope.sel(side="right")), abs=1e-6)
    assert price.one_less == pytest.approx(-float(slope.sel(side="left")), abs=1e-6)
    assert price.one_more > 0
