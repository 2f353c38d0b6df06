"""``waterflow schema``: the JSON Schema of what the other commands answer."""

from __future__ import annotations

import argparse

from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "schema"]

HELP = mark("Print the JSON Schema of an answer.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from waterflow.report.published import PUBLISHED

    told = say("which answer: {names} (default: plan)", names=", ".join(PUBLISHED))
    parser.add_argument("name", metavar="NAME", nargs="?", default="plan", choices=tuple(PUBLISHED), help=told)


def schema(args: argparse.Namespace) -> str:
    """Print the JSON Schema of an answer."""
    from waterflow.commands.reading import as_json
    from waterflow.report.published import schema_of

    return as_json(schema_of(args.name))
