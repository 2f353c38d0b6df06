"""``waterflow why``: what decides a figure."""

from __future__ import annotations

import argparse
import json

from waterflow.commands import options as common
from waterflow.commands.reading import model_of
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "why"]

HELP = mark("Tell what decides a figure: stages, rules that bind, inputs and their sources.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("figure", metavar="FIGURE", help=say("such as north_aral, toktogul_storage/2025-04-01, delivered/KAZ/growing"))
    common.scenario(parser)
    common.step(parser)
    parser.add_argument("--top", metavar="N", type=int, default=10, help=say("how many inputs and rules are shown (default 10)"))
    common.form(parser)


def why(args: argparse.Namespace) -> str:
    """Tell what decides a figure: stages, rules that bind, inputs and their sources."""
    from waterflow.explain.why import why as why_of
    from waterflow.report.why_text import why_csv, why_facts, why_text

    model = model_of(args)
    found, basin = why_of(model, args.figure), model.basin()
    if args.format == "json":
        return json.dumps(why_facts(found, model, basin), indent=2, allow_nan=False) + "\n"
    return why_csv(found, basin) if args.format == "csv" else why_text(found, model, basin, args.top)
