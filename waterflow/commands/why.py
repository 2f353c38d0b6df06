"""``waterflow why``: what decides a figure."""

from __future__ import annotations

import argparse
import json

from waterflow.commands.reading import model_of

__all__ = ["options", "why"]


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("figure", metavar="FIGURE", help="such as north_aral, toktogul_storage/2025-04-01, delivered/KAZ/growing")
    parser.add_argument("--scenario", metavar="S", help="one of the model's scenarios")
    parser.add_argument("--step", choices=("month", "dekad"), help="length of a period (default: the model's own)")
    parser.add_argument("--top", metavar="N", type=int, default=10, help="how many inputs and rules are shown (default 10)")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="form of the answer")


def why(args: argparse.Namespace) -> str:
    """Tell what decides a figure: stages, rules that bind, inputs and their sources."""
    from waterflow.validation.why import why as why_of
    from waterflow.validation.why_text import why_csv, why_facts, why_text

    model = model_of(args)
    found, basin = why_of(model, args.figure), model.basin()
    if args.format == "json":
        return json.dumps(why_facts(found, model, basin), indent=2, allow_nan=False) + "\n"
    return why_csv(found, basin) if args.format == "csv" else why_text(found, model, basin, args.top)
