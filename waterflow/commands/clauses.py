"""``waterflow clauses``: agreements beside the plan, their accounts and prices, and who gains and loses without a clause."""

from __future__ import annotations

import argparse
import json
from typing import Any

from waterflow.commands.reading import model_of

__all__ = ["clauses", "options"]


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--agreement", metavar="A", action="append", help="an agreement of the model; may be given again")
    parser.add_argument("--scenario", metavar="S", help="one of the model's scenarios")
    parser.add_argument("--step", choices=("month", "dekad"), help="length of a period (default: the model's own)")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--without", metavar="ID", help="the plan without this clause: who gains, who loses")
    asked.add_argument("--more", metavar="ID", help="the plan with more in every figure of this clause: who gains, who loses")
    parser.add_argument("--by", metavar="N", type=float, default=1.0, help="how much more, Mm3 or GWh (default: 1)")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="form of the answer")


def clauses(args: argparse.Namespace) -> str:
    """Show the clauses in force beside the plan: compliance, accounts, prices; or who gains and loses without one, or with more of it."""
    from waterflow.allocation.solver import Solver
    from waterflow.allocation.what_if import with_more, without_clause
    from waterflow.report.clause_text import counted_text
    from waterflow.report.clauses import counted
    from waterflow.report.parties import beside, gains, gains_text
    from waterflow.report.plan import Plan

    basin = model_of(args).basin()
    solver = Solver(basin)
    before = solver.allocate()
    if not args.without and not args.more:
        return _shown(args, solver, Plan(before.basin, before.dataset))
    after = without_clause(solver, args.without) if args.without else with_more(solver, args.more, args.by)
    names = ("as agreed", f"without {args.without}" if args.without else f"{args.by:g} more")
    plans = {name: Plan(a.basin, a.dataset) for name, a in zip(names, (before, after), strict=True)}
    found = gains(beside(plans))
    agreed, other = plans.values()
    own = counted(agreed, other, args.without or args.more)
    if args.format == "json":
        records = found.reset_index().to_dict("records")
        rows = [{str(name): value for name, value in row.items()} for row in records]
        return json.dumps({"model": basin.name, "plans": list(names), "clause": own, "changes": rows}, indent=2) + "\n"
    return counted_text(own, names) + gains_text(found, names)


def _shown(args: argparse.Namespace, solver: Any, plan: Any) -> str:
    from waterflow.allocation.what_if import clause_prices
    from waterflow.report.clause_text import accounts_text, clauses_text, prices_text
    from waterflow.report.clauses import accounts
    from waterflow.report.clauses import clauses as kept
    from waterflow.report.text import heading
    from waterflow.words import language

    facts: dict[str, Any] = {"clauses": kept(plan), "account": accounts(plan), "prices": clause_prices(solver)}
    if args.format == "json":
        return json.dumps({"model": plan.basin.name, "agreements": list(plan.basin.agreements), **facts}, indent=2, allow_nan=False) + "\n"
    if not facts["clauses"]:
        return f"{plan.basin.name}: no clause is in force\n"
    units = dict(zip(plan.dataset["stage"].values.tolist(), plan.dataset["stage_unit"].values.tolist(), strict=True))
    parts = [clauses_text(facts["clauses"], language(args.lang)), heading("Accounts"), accounts_text(facts["account"])]
    return "\n".join([*parts, heading("What one unit of each figure does"), prices_text(facts["prices"], units)])
