"""A plan put in force in a ledger: saved by an allocation, or a table of releases and withdrawals followed on its river."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from waterflow.commands.reading import tell
from waterflow.words.catalogue import say, say_many

if TYPE_CHECKING:
    from waterflow.allocation.allocation import Allocation
    from waterflow.ledger.ledger import Ledger

__all__ = ["add_plan"]


def add_plan(args: argparse.Namespace) -> str:
    """Put a plan in force.

    Raises
    ------
    InputError
        If the file is no plan, or a table names what the river does not have or leaves out a release.
    ConflictError
        If no plan at all obeys every hard rule of the river.
    """
    from waterflow.accounts.plan import Plan
    from waterflow.allocation.allocation import open_allocation
    from waterflow.ledger.files import append
    from waterflow.ledger.planned import plan_rows
    from waterflow.report.annex import digest_of

    found = open_allocation(args.file) if args.file.suffix == ".nc" else _followed(args)
    rows = plan_rows(Plan(found.basin, found.dataset), digest_of(found.basin))
    name = rows[0]["plan"]

    def made(ledger: Ledger) -> list[dict[str, Any]]:
        return [] if next(reversed(ledger.plans), "") == name else rows

    if append(args.ledger, made, args.by):
        return say("{ledger}: the plan {plan} is in force.", ledger=args.ledger, plan=name) + "\n"
    return say("{ledger}: the plan {plan} was in force already; nothing was written.", ledger=args.ledger, plan=name) + "\n"


def _followed(args: argparse.Namespace) -> Allocation:
    """A table followed on its river, as `waterflow evaluate` does; what it does not give and what it breaks are told."""
    from waterflow.allocation.allocate import allocate
    from waterflow.commands.brought_plan import brought_plan
    from waterflow.negotiation.breaches import breaches
    from waterflow.negotiation.evaluate import fixed_plan
    from waterflow.report.evaluation_text import filled_in_words

    args.questions = []
    brought = brought_plan(args, args.file)
    for sentence in brought.origin_in_words():
        tell(sentence)
    basin = brought.basin
    fixed = fixed_plan(allocate(basin), brought.given)
    for filled in fixed.plan.filled:
        tell(filled_in_words(basin, filled))
    broken = [b for b in breaches(fixed) if b.hard]
    if broken:
        told = say_many(
            "The plan breaks {count} hard rule of the river, and is put in force as it stands: waterflow evaluate {model} {plan}.",
            "The plan breaks {count} hard rules of the river, and is put in force as it stands: waterflow evaluate {model} {plan}.",
            len(broken),
            model=args.model,
            plan=args.file,
        )
        tell(told)
    return fixed.allocation
