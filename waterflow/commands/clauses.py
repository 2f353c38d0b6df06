"""``waterflow clauses``: agreements beside the plan, their accounts and prices, and who gains and loses without a clause."""

from __future__ import annotations

import argparse
import json
from typing import Any

from waterflow.commands import options as common
from waterflow.commands.reading import model_of
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "clauses", "options"]

HELP = mark(
    "Show the clauses in force beside the plan: compliance, accounts, prices; or who gains and loses without one, or with more of it."
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.agreement(parser)
    common.scenario(parser)
    common.step(parser)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--without", metavar="ID", help=say("the plan without this clause: who gains, who loses"))
    asked.add_argument("--more", metavar="ID", help=say("the plan with more in every figure of this clause: who gains, who loses"))
    parser.add_argument("--by", metavar="N", type=float, default=1.0, help=say("how much more, Mm3 or GWh (default: 1)"))
    common.form(parser, ("table", "json"))


def clauses(args: argparse.Namespace) -> str:
    """Show the clauses in force beside the plan: compliance, accounts, prices; or who gains and loses without one, or with more of it."""
    from waterflow.accounts.clauses import counted
    from waterflow.accounts.parties import beside, gains
    from waterflow.accounts.plan import Plan
    from waterflow.allocation.resolve import Solver
    from waterflow.explain.what_if import with_more, without_clause
    from waterflow.report.clause_text import counted_text
    from waterflow.report.parties_text import gains_text

    basin = model_of(args).basin()
    solver = Solver(basin)
    before = solver.allocate()
    if not args.without and not args.more:
        return _shown(args, solver, Plan(before.basin, before.dataset))
    after = without_clause(solver, args.without) if args.without else with_more(solver, args.more, args.by)
    names = ("as agreed", f"without {args.without}" if args.without else f"{args.by:g} more")
    plans = {name: Plan(a.basin, a.dataset) for name, a in zip(names, (before, after), strict=True)}
    found = gains(beside(basin.name, plans))
    agreed, other = plans.values()
    own = [x.model_dump() for x in counted(agreed, other, args.without or args.more)]
    if args.format == "json":
        rows = [x.model_dump(mode="json") for x in found]
        return json.dumps({"model": basin.name, "plans": list(names), "clause": own, "changes": rows}, indent=2) + "\n"
    return counted_text(own, names) + gains_text(found, names)


def _shown(args: argparse.Namespace, solver: Any, plan: Any) -> str:
    from waterflow.accounts.clauses import accounts
    from waterflow.accounts.clauses import clauses as kept
    from waterflow.explain.what_if import clause_prices
    from waterflow.report.clause_text import accounts_text, clauses_text, prices_text
    from waterflow.words.catalogue import spoken
    from waterflow.words.layout import heading

    facts: dict[str, Any] = {
        "clauses": [x.model_dump(mode="json") for x in kept(plan)],
        "account": accounts(plan).model_dump(mode="json"),
        "prices": clause_prices(solver),
    }
    if args.format == "json":
        return json.dumps({"model": plan.basin.name, "agreements": list(plan.basin.agreements), **facts}, indent=2, allow_nan=False) + "\n"
    if not facts["clauses"]:
        return f"{plan.basin.name}: no clause is in force\n"
    units = dict(zip(plan.dataset["stage"].values.tolist(), plan.dataset["stage_unit"].values.tolist(), strict=True))
    parts = [clauses_text(facts["clauses"], spoken()), heading("Accounts"), accounts_text(facts["account"])]
    return "\n".join([*parts, heading("What one unit of each figure does"), prices_text(facts["prices"], units)])
