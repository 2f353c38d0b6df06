"""``waterflow schema``: the JSON Schema of what the other commands answer, and of what they read."""

from __future__ import annotations

import argparse

from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "schema"]

HELP = mark("Print the JSON Schema of an answer, or of every input.")

#: the name that means all that is read
INPUTS = "inputs"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from waterflow.report.published import PUBLISHED

    told = say("which answer: {names} (default: plan), or inputs for all that is read", names=", ".join(PUBLISHED))
    parser.add_argument("name", metavar="NAME", nargs="?", default="plan", choices=(*PUBLISHED, INPUTS), help=told)


def schema(args: argparse.Namespace) -> str:
    """Print the JSON Schema of an answer, or of every input."""
    from waterflow.commands.reading import as_json

    if args.name == INPUTS:
        from waterflow.report.input_schema import inputs_schema

        return as_json(inputs_schema())
    from waterflow.report.published import schema_of

    return as_json(schema_of(args.name))
