"""``waterflow why``: what decides a figure."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "why"]

HELP = mark("Tell what decides a figure: stages, rules that bind, inputs and their sources.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("figure", metavar="FIGURE", help=say("such as PLACE, PLACE_storage/2025-04-01, delivered/PARTY/growing"))
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.step(parser)
    parser.add_argument("--top", metavar="N", type=int, default=10, help=say("how many inputs and rules are shown (default 10)"))
    common.form(parser)
    common.progress(parser)


def why(args: argparse.Namespace) -> str:
    """Tell what decides a figure: stages, rules that bind, inputs and their sources."""
    from waterflow.explain.why import why as why_of
    from waterflow.report.why_text import why_csv, why_text

    model = model_of(args)
    with waiting(say("looking for what decides it"), shown=args.progress):
        found = asked(model, why_of(model, args.figure))
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return why_csv(found) if args.format == "csv" else under(found, why_text(found, args.top))
