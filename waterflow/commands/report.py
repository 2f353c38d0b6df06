"""``waterflow report``: the protocol annex of a plan that was saved."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands.options import iso_date
from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.allocation.allocation import Allocation
    from waterflow.ledger.status_facts import LedgerStatus

__all__ = ["HELP", "options", "report"]

HELP = mark(
    "Lay a saved plan out as a protocol annex: limits, reservoirs, what is below the line, clauses, sources; PDF, workbook or page."
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("plan", metavar="PLAN.nc", type=Path, help=say("an allocation.nc, as `allocate --out` writes it"))
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help=say("where to write it: .pdf, .xlsx or .html"))
    told = say("a ledger that has this plan: limits to date, fact, per cent and difference in place of the plan's withdrawals")
    parser.add_argument("--ledger", metavar="LEDGER", type=Path, help=told)
    parser.add_argument("--to-date", metavar="DATE", type=iso_date, help=say("with --ledger: count facts to that day"))
    parser.add_argument("--last", metavar="LAST.nc", type=Path, help=say("the plan it takes the place of: what changed, and who gains"))


def report(args: argparse.Namespace) -> str:
    """Lay a saved plan out as a protocol annex."""
    from waterflow import __version__
    from waterflow.accounts.plan_facts import plan_facts
    from waterflow.allocation.allocation import open_allocation
    from waterflow.files import write
    from waterflow.report.annex import annex, digest_of
    from waterflow.report.annex_files import annex_file, check_form
    from waterflow.report.annex_under import made_under

    form = check_form(args.to.suffix, f"--to {args.to}")
    plan = open_allocation(args.plan)
    before = None
    if args.last is not None:
        last = open_allocation(args.last)
        before = plan_facts(last.basin, last.dataset)
    facts = plan_facts(plan.basin, plan.dataset)
    to_date = _to_date(args, plan)
    found = annex(facts, plan.basin.parties, digest_of(plan.basin), __version__, before, to_date, made_under(plan.basin))
    write(args.to, annex_file(found, form, plan.basin, plan.dataset), "--to")
    tell(say("written to {folder}", folder=args.to))
    return ""


def _to_date(args: argparse.Namespace, plan: Allocation) -> LedgerStatus | None:
    """How the season of a plan stands by a ledger, which must have that very plan."""
    from waterflow.accounts.plan import Plan
    from waterflow.errors import Problem
    from waterflow.ledger.files import read_ledger
    from waterflow.ledger.planned import plan_rows
    from waterflow.ledger.status import status
    from waterflow.report.annex import digest_of

    if args.ledger is None:
        if args.to_date is not None:
            raise Problem(
                "unknown-choice", "--to-date", say("without {option}", option="--ledger"), say("beside {option}", option="--ledger")
            ).refusal()
        return None
    book, name = read_ledger(args.ledger), plan_rows(Plan(plan.basin, plan.dataset), digest_of(plan.basin))[0]["plan"]
    if name not in book.plans:
        found, allowed = say("no plan {plan}", plan=name), " | ".join(book.plans) or say("no plan in the ledger")
        cause = say("Add it: waterflow ledger add {ledger} {plan}", ledger=args.ledger, plan=args.plan)
        raise Problem("unknown-choice", f"--ledger {args.ledger}", found, allowed, cause).refusal()
    return status(book, name, args.to_date)
