"""The validation page: what stands between its marks is what the model and its observations give today."""

from pathlib import Path

import pytest

from docs.make import validation
from waterflow import cli
from waterflow.report.validation_page import filled

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "validation.md"


@pytest.fixture(scope="module")
def evidence():
    return validation.evidence()


def test_the_page_is_what_the_command_makes(evidence):
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text, evidence, "page", validation.ALL) == text, "run `python -m docs.make.validation`"


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
