"""`waterflow negotiate`: one answer in two languages, JSON and CSV; a frontier by hand; exit codes."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.negotiation.test_table import barter, swap
from waterflow import cli
from waterflow.errors import InputError
from waterflow.negotiation.frontier import aims_of, frontier
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.negotiate import negotiate
from waterflow.negotiation.negotiated import negotiation_facts
from waterflow.negotiation.no_deal import table_of
from waterflow.report.negotiation_text import negotiation_text
from waterflow.words.catalogue import speaking
from waterflow.words.layout import WIDTH

MODEL = "two_reservoirs"


def run(capsys, *arguments):
    code = cli.main(["negotiate", MODEL, *arguments, "--no-progress"])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_frontier_of_two_gains_is_the_one_by_hand():
    """A keeps x for B's field and B keeps y for A's, of 60 each: g_A = -0.02 x + 0.05 y, g_B = 0.05 x - 0.02 y."""
    joint = Joint(table_of(swap()))
    found = frontier(joint, joint.alone(), ["payoff/A", "payoff/B"], 9)
    assert len(found.points) >= 5
    for a, b in (point.values for point in found.points):
        best = linprog([-0.05, 0.02], [[0.02, -0.05]], [-a + 1e-9], bounds=[(0, 60), (0, 60)])
        assert b == pytest.approx(-best.fun, abs=1e-4)
        assert a >= -1e-6
        assert b >= -1e-6
    firsts = [point.values[0] for point in found.points]
    assert firsts == sorted(firsts, reverse=True)
    assert found.table[0, 0] == pytest.approx(0.05 * 60 - 0.02 * 24, abs=1e-4)


def test_no_point_of_a_frontier_betters_another():
    joint = Joint(table_of(barter()))
    found = frontier(joint, joint.alone(), ["summer_water/Down", "payoff/Up"], 6, nobody_loses=False)
    values = np.array([point.values for point in found.points])
    for k, own in enumerate(values):
        others = np.delete(values, k, axis=0)
        assert not ((others >= own - 1e-9).all(axis=1) & (others > own + 1e-6).any(axis=1)).any()


def test_aims_that_are_none_are_told_with_those_there_are():
    joint = Joint(table_of(barter()))
    assert set(aims_of(joint)) == {"payoff/Up", "payoff/Down", "winter_power/Up", "summer_water/Down"}
    with pytest.raises(InputError, match=r"summer_water/Down") as caught:
        frontier(joint, joint.alone(), ["summer_watr/Down", "summer_watr/Down"], 1)
    assert {p.code for p in caught.value.problems} == {"unknown-aim", "twice", "not-a-number"}


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_fits_and_is_in_the_language_spoken(lang):
    found = negotiate(swap(), aims=["payoff/A", "payoff/B"], points=5)
    with speaking(lang):
        text = negotiation_text(negotiation_facts(found, keep_targets=True))
    assert max(map(len, text.splitlines())) <= WIDTH
    if lang == "ru":
        for english in ("deal", "values", "gain", "plans", "together", "core"):
            assert english not in text
    else:
        for said in ("Without a deal", "What coalitions gain", "Fair divisions", "Payments that keep everybody", "points found"):
            assert said in text


def test_where_nobody_gains_that_is_said(capsys):
    code, out, err = run(capsys)
    assert code == 0, err
    assert "Nobody gains anything by a deal" in out


def test_json_and_csv_hold_the_same(capsys):
    facts = json.loads(run(capsys, "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(run(capsys, "--format", "csv")[1])))
    assert [row["members"] for row in rows] == ["+".join(x["members"]) for x in facts["coalitions"]]
    assert [float(row["central_MUSD"]) for row in rows] == [x["central_MUSD"] for x in facts["coalitions"]]
    assert facts["keep_targets"] is True


def test_an_aim_that_is_none_ends_with_3_before_anything_is_solved(capsys):
    code, _, err = run(capsys, "--frontier", "payoff/UP,lake")
    assert code == 3
    assert "unknown-aim" in err
    assert "payoff/UP" in err


@pytest.mark.parametrize(
    "more", [["--points", "9"], ["--m3-per-ha", "9000"], ["--rules", "all", "--frontier", "a,b"], ["--rules", "all", "--targets-open"]]
)
def test_options_that_would_not_be_heard_are_refused(capsys, more):
    code, _, err = run(capsys, *more)
    assert code == 3
    assert more[0] in err


def test_targets_left_open_cost_nothing_to_keep(capsys):
    facts = json.loads(run(capsys, "--targets-open", "--format", "json")[1])
    assert facts["price_of_targets_MUSD"] is None
    assert facts["keep_targets"] is False


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["season_2024_25", "dry_year", "season_2025_26"])
def test_the_page_of_the_syr_darya_is_what_the_command_finds(scenario):
    """The study behind docs/method/negotiation.md, made again."""
    from docs.make.negotiation import FIGURES
    from waterflow.loading.model import read_model

    known = json.loads(FIGURES.read_text(encoding="utf-8"))[scenario]["facts"]
    facts = negotiation_facts(negotiate(read_model("syr_darya", scenario).basin()), keep_targets=True).model_dump(mode="json")
    for one, other in zip(facts["coalitions"], known["coalitions"], strict=True):
        assert one["central_MUSD"] == pytest.approx(other["central_MUSD"], abs=1e-3)
    for one, other in zip(facts["divisions"], known["divisions"], strict=True):
        assert one["in_core"] == other["in_core"]
        assert one["gains_MUSD"] == pytest.approx(other["gains_MUSD"], abs=1e-2)
    assert facts["worst_certificate"] < 1e-7


@settings(deadline=None, max_examples=10)
@given(st.floats(-1, 4), st.floats(-1, 4))
def test_the_point_nearest_to_a_wish_is_the_one_of_a_program_of_its_own(wished_a, wished_b):
    """Over the gains of `swap`, by another solver: no point brings its worst aim, measured by the ranges, nearer to the wish."""
    joint = Joint(table_of(swap()))
    found = frontier(joint, joint.alone(), ["payoff/A", "payoff/B"], 3, wished=[wished_a, wished_b])
    ranges = found.table.max(axis=0) - found.table.min(axis=0)
    # x and y of the test above, and t: t is at most each gain less its wish, over its range
    rows = [
        [0.02 / ranges[0], -0.05 / ranges[0], 1.0],
        [-0.05 / ranges[1], 0.02 / ranges[1], 1.0],
        [0.02, -0.05, 0.0],
        [-0.05, 0.02, 0.0],
    ]
    best = linprog([0, 0, -1], rows, [-wished_a / ranges[0], -wished_b / ranges[1], 0, 0], bounds=[(0, 60), (0, 60), (None, None)])
    reached = min((v - w) / r for v, w, r in zip(found.nearest.values, (wished_a, wished_b), ranges, strict=True))
    assert reached == pytest.approx(-best.fun, abs=5e-3)


def test_a_wish_for_each_aim_or_none():
    joint = Joint(table_of(barter()))
    with pytest.raises(InputError, match="one figure for each aim"):
        frontier(joint, joint.alone(), ["payoff/Up", "payoff/Down"], 5, wished=[1.0])


def test_the_picture_is_the_same_svg_for_the_same_facts(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    files = [tmp_path / name for name in ("a.svg", "b.svg")]
    for file in files:
        assert run(capsys, "--frontier", "payoff/UP,summer_water/DOWN", "--points", "4", "--picture", str(file))[0] == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"</svg>" in files[0].read_bytes()
    code, _, err = run(capsys, "--picture", str(tmp_path / "no" / "a.svg"))
    assert code == 3, err


def test_what_was_done_is_scored_and_what_is_not_is_told(capsys, tmp_path):
    table = tmp_path / "done.csv"
    from waterflow.loading.model import read_model

    basin = read_model(MODEL).basin()
    reach = next(r.name for r in basin.reaches.values() if r.start in basin.reservoirs)
    user = next(iter(basin.demands))
    head = "place,quantity,period,value_Mm3\n"
    flows, taken = (
        "".join(f"{name},{what},{label},10\n" for label in basin.calendar.labels) for name, what in ((reach, "flow"), (user, "withdrawal"))
    )
    table.write_text(head + flows + taken)
    code, out, err = run(capsys, "--done", str(table))
    assert code == 0, err
    assert "share of the way" in out
    assert "are not scored: 1" in err
    table.write_text(head + taken)
    code, _, err = run(capsys, "--done", str(table))
    assert code == 3
    assert "no release" in err
