"""``waterflow addresses``: every figure a what-if question may change, and what stands there now."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, basin_of
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "addresses", "options"]

HELP = mark("List the addresses of figures for what-if questions (--set), with what stands there now.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("part", metavar="TEXT", nargs="*", help=say("only addresses with these texts in them"))
    common.scenario(parser)
    common.agreement(parser)
    common.step(parser)
    common.form(parser)


def addresses(args: argparse.Namespace) -> str:
    """List the addresses of figures for what-if questions (--set), with what stands there now."""
    from waterflow.basin.addresses import listed
    from waterflow.report.address_text import address_csv, address_facts, address_text

    basin = basin_of(args)
    found = [x for x in listed(basin) if all(text in x.address for text in args.part)]
    if args.format == "json":
        return as_json(address_facts(found))
    return address_csv(found) if args.format == "csv" else address_text(basin, found)
