"""``waterflow validate``: the model against the past, as text or as a page."""

from __future__ import annotations

import argparse

from waterflow.commands.reading import tell_left_aside
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "validate"]

HELP = mark("Set a model against the past: replay, seasons left out, plan and fact.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from pathlib import Path

    told = say("make the blocks of a Markdown page anew, and its pictures beside it")
    parser.add_argument("--page", metavar="FILE", type=Path, help=told)


def validate(args: argparse.Namespace) -> str:
    """Set a model against the past: replay, seasons left out, plan and fact."""
    from waterflow.files import make_folder, write
    from waterflow.loading.model import read_basin
    from waterflow.observations.files import observed_tables
    from waterflow.progress import each
    from waterflow.report.files import read_page
    from waterflow.report.validation_page import BLOCKS, Evidence, filled

    tell_left_aside(args.model)
    what = say("setting {model} against the past", model=args.model)
    if args.page is None:
        evidence = Evidence(args.model, read_basin(args.model, step="month"), observed_tables(args.model))
        with waiting(what):
            return "\n".join(block(evidence).strip() + "\n" for block in each(BLOCKS.values()))
    from waterflow.extras import require_extra
    from waterflow.report.validation_pictures import PICTURES

    require_extra("matplotlib", "pictures", f"--page {args.page}")
    page = read_page(args.page)
    evidence = Evidence(args.model, read_basin(args.model, step="month"), observed_tables(args.model))
    with waiting(what):
        text = filled(page, evidence, str(args.page))
    folder = args.page.parent / "pictures"
    make_folder(folder, "--page")
    shown = [name for name in PICTURES if f"pictures/{name}.svg" in text]
    for name in shown:
        write(folder / f"{name}.svg", PICTURES[name](evidence), "--page", code="bad-picture")
    write(args.page, text, "--page")
    count = sum(text.count(f"<!-- begin {name} -->") for name in BLOCKS)
    return say("{page}: blocks made: {blocks}; pictures: {pictures}", page=args.page, blocks=count, pictures=len(shown)) + "\n"
