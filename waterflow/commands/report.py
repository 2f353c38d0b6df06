"""``waterflow report``: the protocol annex of a plan that was saved."""

from __future__ import annotations

import argparse
from pathlib import Path

from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "report"]

HELP = mark(
    "Lay a saved plan out as a protocol annex: limits, reservoirs, what is below the line, clauses, sources; PDF, workbook or page."
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("plan", metavar="PLAN.nc", type=Path, help=say("an allocation.nc, as `allocate --out` writes it"))
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help=say("where to write it: .pdf, .xlsx or .html"))
    parser.add_argument("--last", metavar="LAST.nc", type=Path, help=say("the plan it takes the place of: what changed, and who gains"))


def report(args: argparse.Namespace) -> str:
    """Lay a saved plan out as a protocol annex."""
    from waterflow import __version__
    from waterflow.accounts.plan_facts import plan_facts
    from waterflow.allocation.allocation import open_allocation
    from waterflow.files import write
    from waterflow.report.annex import annex, digest_of
    from waterflow.report.annex_files import annex_file, check_form

    form = check_form(args.to.suffix, f"--to {args.to}")
    plan = open_allocation(args.plan)
    before = None
    if args.last is not None:
        last = open_allocation(args.last)
        before = plan_facts(last.basin, last.dataset)
    facts = plan_facts(plan.basin, plan.dataset)
    found = annex(facts, plan.basin.parties, digest_of(plan.basin), __version__, before)
    write(args.to, annex_file(found, form, plan.basin, plan.dataset), "--to")
    tell(say("written to {folder}", folder=args.to))
    return ""
