"""``waterflow clauses``: agreements beside the plan, their accounts and prices, and who gains and loses without a clause."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.allocation.allocation import Allocation
    from waterflow.allocation.resolve import Solver
    from waterflow.explain.price_facts import Clauses, OtherClause

__all__ = ["HELP", "clauses", "options"]

HELP = mark(
    "Show the clauses in force beside the plan: compliance, accounts, prices; or who gains and loses without one, or with more of it."
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.agreement(parser)
    common.scenario(parser)
    common.questions(parser)
    common.step(parser)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--without", metavar="ID", help=say("the plan without this clause: who gains, who loses"))
    asked.add_argument("--more", metavar="ID", help=say("the plan with more in every figure of this clause: who gains, who loses"))
    parser.add_argument("--by", metavar="N", type=float, default=1.0, help=say("how much more, Mm3 or GWh (default: 1)"))
    common.form(parser, ("table", "json"))
    common.progress(parser)


def clauses(args: argparse.Namespace) -> str:
    """Show the clauses in force beside the plan: compliance, accounts, prices; or who gains and loses without one, or with more of it."""
    from waterflow.allocation.resolve import Solver
    from waterflow.basin.titles import title_of
    from waterflow.report.clause_text import clauses_text, other_clause_text

    model = model_of(args)
    basin = model.basin()
    solver = Solver(basin)
    if args.without or args.more:
        with waiting(say("solving with and without the clause"), shown=args.progress):
            other = asked(model, _other(args, solver, solver.allocate()))
        return as_json(other.model_dump(mode="json")) if args.format == "json" else under(other, other_clause_text(other))
    with waiting(say("solving, and pricing the clauses"), shown=args.progress):
        allocation = solver.allocate()
        found = asked(model, _in_force(solver, allocation))
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return under(found, clauses_text(found, title_of(basin, basin.name)))


def _in_force(solver: Solver, allocation: Allocation) -> Clauses:
    from waterflow.accounts.clauses import accounts
    from waterflow.accounts.clauses import clauses as kept
    from waterflow.accounts.deals import deals
    from waterflow.accounts.plan import Plan
    from waterflow.explain.price_facts import Clauses
    from waterflow.explain.what_if import clause_prices

    plan = Plan(allocation.basin, allocation.dataset)
    return Clauses(
        model=plan.basin.name,
        agreements=tuple(plan.basin.agreements),
        clauses=kept(plan),
        account=accounts(plan),
        deals=deals(plan),
        prices=clause_prices(solver),
    )


def _other(args: argparse.Namespace, solver: Solver, agreed: Allocation) -> OtherClause:
    from waterflow.accounts.clauses import counted
    from waterflow.accounts.parties import beside, gains
    from waterflow.accounts.plan import Plan
    from waterflow.explain.price_facts import OtherClause
    from waterflow.explain.what_if import with_more, without_clause

    other = without_clause(solver, args.without) if args.without else with_more(solver, args.more, args.by)
    first = say("as agreed")
    second = say("without {clause}", clause=args.without) if args.without else say("{amount} more", amount=f"{args.by:g}")
    before, after = (Plan(a.basin, a.dataset) for a in (agreed, other))
    return OtherClause(
        model=solver.basin.name,
        plans=(first, second),
        clause=counted(before, after, args.without or args.more),
        changes=gains(beside(solver.basin.name, {first: before, second: after})),
    )
