"""The validation page: what stands between its marks is what the model and its observations give today."""

from pathlib import Path

import pytest

import waterflow as wf
from waterflow import cli
from waterflow.observations.files import observed_tables
from waterflow.report.validation_page import BLOCKS, Evidence, filled

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "validation.md"


@pytest.fixture(scope="module")
def evidence():
    return Evidence("syr_darya", wf.read_basin("syr_darya"), observed_tables("syr_darya"))


def test_the_page_is_what_the_command_makes(evidence):
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text, evidence, "page") == text, "run `waterflow validate syr_darya --page docs/evidence/validation.md`"


def test_the_page_shows_every_block():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- begin {name} -->" in text for name in BLOCKS)


def test_a_figure_that_moved_is_seen(evidence):
    text = PAGE.read_text(encoding="utf-8")
    assert "11,862" in text
    assert filled(text.replace("11,862", "11,999"), evidence, "page") == text


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
    page.write_text("![x](pictures/replay_storages.svg)\n<!-- begin toktogul_1992 -->\nold\n<!-- end -->\n", encoding="utf-8")
    assert cli.main(["validate", "syr_darya", "--page", str(page)]) == 0
    assert capsys.readouterr().out == f"{page}: 1 blocks, 1 pictures\n"
    assert "9,447.8" in page.read_text(encoding="utf-8")
    assert (tmp_path / "pictures" / "replay_storages.svg").read_bytes().startswith(b"<?xml")
