"""The validation page: what stands between its marks is what the model and its observations give today."""

from pathlib import Path

import pytest

from docs.evidence.studies.naryn_cascade_text import cascade_of_model
from docs.make import validation
from waterflow import cli
from waterflow.report.validation_page import filled
from waterflow.validation.left_out_facts import left_out_facts
from waterflow.validation.replay import replay
from waterflow.validation.replay_facts import replay_facts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "validation.md"


@pytest.fixture(scope="module")
def evidence():
    return validation.evidence()


@pytest.mark.long  # docs.make --check looks at it before every landing
def test_the_page_is_what_the_command_makes(evidence):
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text, evidence, "page", validation.ALL) == text, "run `python -m docs.make.validation`"


def test_the_words_of_the_page_say_what_comes_out(evidence):
    """The table "In short" and the words around it, beside the figures they tell."""
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    recent = {x.reservoir: x for x in replay_facts(evidence.replayed(1), evidence.tables).storages}
    assert "Nash-Sutcliffe is 1.00 at Toktogul and Andijan, and 0.98 at Charvak in 2022-24" in page
    assert [round(recent[r].nse, 2) for r in ("toktogul", "andijan", "charvak")] == [1.0, 1.0, 0.98]
    early = replay_facts(replay(evidence.basin, evidence.tables, "2001-10", "2008-09"), evidence.tables).storages
    whole = replay_facts(evidence.replayed(0), evidence.tables).storages
    assert "it is 0.91 from October 2001 to March 2006, but 0.74 with April-September 2001" in page
    assert [round(next(x.nse for x in found if x.reservoir == "charvak"), 2) for found in (early, whole)] == [0.91, 0.74]
    pooled = [x.pooled for x in left_out_facts(evidence.left_out)]
    assert "the error of a month is 249 and 334 Mm3, 16 and 12 % below" in page
    assert [round(x.rmse_method_Mm3) for x in pooled] == [249, 334]
    assert [round(100 * (1 - x.ratio)) for x in pooled] == [16, 12]
    energy = cascade_of_model("syr_darya")
    worst = (energy.years["simulated_GWh"] / energy.years["cascade_GWh"] - 1).abs().max()
    assert "is 1 % below published hydropower once other plants are taken off, within 6.3 % in any year" in page
    assert (round(100 * energy.cascade.bias_fraction), round(100 * float(worst), 1)) == (-1, 6.3)


def test_the_page_shows_every_block():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- begin {name} -->" in text for name in validation.ALL)


def test_a_figure_that_moved_is_seen(evidence):
    text = PAGE.read_text(encoding="utf-8")
    assert "179,848" in text
    one = {"leave_one_season_out": validation.ALL["leave_one_season_out"]}
    assert filled(text.replace("179,848", "179,999"), evidence, "page", one) == text


def test_spans_are_whole_half_seasons(evidence):
    assert evidence.spans == (("2001-04", "2008-09"), ("2022-04", "2024-03"))


@pytest.mark.parametrize("text", ["no block at all\n", "<!-- begin rain -->\n<!-- end -->\n"])
def test_a_page_without_known_blocks_is_refused(text, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert cli.main(["validate", "syr_darya", "--page", str(page)]) == 3
    assert "[unknown-block]" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == text


def test_pictures_are_the_same_bytes_twice(evidence):
    pytest.importorskip("matplotlib")
    from waterflow.report.validation_pictures import flows, svg

    one, other = svg(flows(evidence)), svg(flows(evidence))
    assert one == other
    assert one.startswith(b"<?xml")


def test_the_command_makes_page_and_pictures(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    page = tmp_path / "page.md"
    other = "<!-- begin toktogul_1992 -->\nanother script's\n<!-- end -->\n"
    page.write_text(f"![x](pictures/replay_storages.svg)\n<!-- begin replay -->\nold\n<!-- end -->\n{other}", encoding="utf-8")
    assert cli.main(["validate", "syr_darya", "--page", str(page)]) == 0
    assert capsys.readouterr().out == f"{page}: blocks made: 1; pictures: 1\n"
    assert "Inflow to Toktogul" in page.read_text(encoding="utf-8")
    assert other in page.read_text(encoding="utf-8"), "what it does not know it leaves"
    assert (tmp_path / "pictures" / "replay_storages.svg").read_bytes().startswith(b"<?xml")
