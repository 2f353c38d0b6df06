"""What is generated in the docs is as its maker makes it; makers that solve or look long run in CI (`python -m docs.make --check`)."""

import sys
from importlib import import_module

import pytest

from docs.make.__main__ import makers, run
from docs.make.pages import BLOCK, ROOT, filled

SOLVING = {"figures", "first_river", "kept_water", "ranges", "readme", "season", "steps", "transcript", "words", "validation"}
MAKERS = [name for name in makers() if name not in SOLVING]


@pytest.mark.parametrize("name", MAKERS)
def test_a_maker_finds_nothing_to_change(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["make", "--check"])
    assert import_module(f"docs.make.{name}").main() == 0, capsys.readouterr().err


def test_every_generated_part_has_a_maker():
    known = {part for name in MAKERS if name != "json_page" for part in parts_made(name)}
    there = {m[1] for page in (ROOT / "docs").rglob("*.md") for m in BLOCK.finditer(page.read_text(encoding="utf-8"))}
    assert {"storage_held", "tables", "duals", "changeable", "pages"} <= known <= there


def parts_made(name):
    """Parts that change if all their text is taken away and the maker's pages are made again."""
    module = import_module(f"docs.make.{name}")
    made = {}
    module_kept, module.kept = module.kept, lambda pages, _command: made.update(pages) or 0
    try:
        module.main()
    finally:
        module.kept = module_kept
    return {m[1] for text in made.values() for m in BLOCK.finditer(text)}


def test_a_part_is_filled_and_a_strange_one_stays():
    page = "a\n<!-- begin law -->\nold\n<!-- end -->\n<!-- begin mine -->\nkept\n<!-- end -->\n"
    assert filled(page, {"law": "new"}.get) == page.replace("old", "new")


def test_a_maker_that_is_not_there_is_named(capsys):
    assert run(["laws"]) == 2
    assert "no maker laws; there are command_line, dataset, first_river" in capsys.readouterr().err
