"""``waterflow allocate``: the plan of a river, and its report."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, basin_of, tell
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "allocate", "options"]

HELP = mark("Allocate a river; the answer is its report.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.scenario(parser)
    common.agreement(parser)
    common.out(parser, say("write allocation.nc, report.json, report.txt and report.csv there"))
    common.step(parser)
    common.form(parser)
    common.progress(parser)
    levels = say("plan with low, central or high values and prices (default: central)")
    parser.add_argument("--values", choices=("low", "central", "high"), default="central", help=levels)


def allocate(args: argparse.Namespace) -> str:
    """Allocate a river; the answer is its report."""
    from waterflow.accounts.plan_facts import plan_facts
    from waterflow.allocation.allocate import allocate as solve
    from waterflow.report.csvs import write_csv
    from waterflow.report.files import check_folder, write_folder
    from waterflow.report.table import render

    if args.out is not None:
        check_folder(args.out)
    with waiting(say("allocating {model}", model=args.model), shown=args.progress):
        allocation = solve(basin_of(args).at_level(args.values))
    facts = plan_facts(allocation.basin, allocation.dataset)
    if args.out is not None:
        texts = {"report.json": as_json(facts.model_dump(mode="json")), "report.txt": render(facts), "report.csv": write_csv(facts)}
        write_folder(args.out, texts, {"allocation.nc": allocation.save})
        tell(say("written to {folder}", folder=args.out))
    return render(facts) if args.format == "table" else write_csv(facts) if args.format == "csv" else as_json(facts.model_dump(mode="json"))
