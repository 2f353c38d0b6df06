"""``waterflow allocate``: the plan of a river, on one page, in full, or for one party."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, basin_of, model_of, tell
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say, say_many

if TYPE_CHECKING:
    from waterflow.accounts.facts import PlanFacts
    from waterflow.allocation.allocation import Allocation
    from waterflow.basin.basin import Basin
    from waterflow.loading.model import Model

__all__ = ["HELP", "allocate", "options"]

HELP = mark("Allocate a river; the answer is one page.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.out(parser, say("write allocation.nc, report.json, report.txt, report.csv, and plan.csv and plan.xlsx (for evaluate) there"))
    common.step(parser)
    common.form(parser)
    common.progress(parser)
    levels = say("plan with low, central or high values and prices (default: central)")
    parser.add_argument("--values", choices=("low", "central", "high"), default="central", help=levels)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--full", action="store_true", help=say("print everything, not one page"))
    shown.add_argument("--for", dest="party", metavar="PARTY", help=say("print what one party asks: its users, reservoirs, power, clauses"))
    operated = say("hold what is known to have been done in the season (storages, withdrawals) and plan the rest")
    parser.add_argument("--as-operated", action="store_true", help=operated)
    beside = say("plan without any agreement too, and tell each party the difference")
    parser.add_argument("--beside-no-agreement", dest="beside", action="store_true", help=beside)
    parser.set_defaults(refuse=parser.error)


def allocate(args: argparse.Namespace) -> str:
    """Allocate a river; the answer is one page."""
    from waterflow.accounts.plan_facts import plan_facts
    from waterflow.report.csvs import write_csv
    from waterflow.report.files import check_folder, write_folder
    from waterflow.report.plan_table import plan_csv, plan_xlsx
    from waterflow.report.table import render

    if args.out is not None:
        check_folder(args.out)
    model = model_of(args)
    basin = model.basin().at_level(args.values)
    _check(args, basin)
    with waiting(say("allocating {model}", model=args.model), shown=args.progress):
        allocation, other = (_from_here(model, basin), None) if args.as_operated else _plans(args, model, basin)
    for notice in allocation.basin.notices[len(basin.notices) :]:
        tell(say("warning: {sentence}", sentence=notice))
    facts = plan_facts(allocation.basin, allocation.dataset)
    against = plan_facts(other.basin, other.dataset) if other else None
    plain = facts.model_dump(mode="json")
    if args.out is not None:
        texts = {"report.json": as_json(plain), "report.txt": render(facts, against), "report.csv": write_csv(facts)}
        planned = allocation.basin, allocation.dataset
        texts["plan.csv"] = plan_csv(*planned)
        write_folder(args.out, texts, {"allocation.nc": allocation.to_bytes, "plan.xlsx": lambda: plan_xlsx(*planned)})
        tell(say("written to {folder}", folder=args.out))
    if args.format == "table":
        return _text(args, facts, against)
    return as_json(plain) if args.format == "json" else write_csv(facts)


def _from_here(model: Model, basin: Basin) -> Allocation:
    """The plan that goes on from what is known to have been done."""
    from waterflow.basin.titles import called
    from waterflow.observations.past import as_operated
    from waterflow.validation.hindsight import as_far_as_can_be

    known = as_operated(basin, model.folder)
    held: dict[str, list[int]] = {}
    for name, rule in known.storage_rules.items():
        if name not in basin.storage_rules and rule.rule == "at_least":
            held.setdefault(rule.reservoir, []).append(rule.period)
    ends = {called(basin, place): ", ".join(basin.calendar.labels[k] for k in sorted(periods)) for place, periods in held.items()}
    months = "; ".join(f"{title} {labels}" for title, labels in ends.items())
    taken = sum(known.demands[name].need != demand.need for name, demand in basin.demands.items())
    stored = say("as operated: storages held as seen at the end of {months}", months=months)
    told = say_many("{stored}; {count} user asks for what it took", "{stored}; {count} users ask for what they took", taken, stored=stored)
    allocation, dropped = as_far_as_can_be(known.replaced(changes=(*known.changes, told)))
    tell(told)
    for x in dropped:
        left_out = say("{place} on {date} cannot have been so with the runoff; left out", place=x.title, date=x.date)
        tell(say("warning: {sentence}", sentence=left_out))
    return allocation


def _plans(args: argparse.Namespace, model: Model, basin: Basin) -> tuple[Allocation, Allocation | None]:
    """The plan, and the one it stands beside: without agreements, or without what was asked."""
    from waterflow.allocation.allocate import allocate as solve
    from waterflow.negotiation.ask import ask

    if args.questions:
        found = ask(model.asking({}).basin().at_level(args.values), dict(args.questions))
        return found.allocation, found.base
    return solve(basin), solve(basin_of(args, agreements=[]).at_level(args.values)) if args.beside else None


def _text(args: argparse.Namespace, facts: PlanFacts, against: PlanFacts | None) -> str:
    """The page, everything, or one party's page."""
    from waterflow.report.page import page
    from waterflow.report.party_page import party_page
    from waterflow.report.table import render

    if args.party:
        return party_page(facts, args.party, against)
    return render(facts, against) if args.full else page(facts, against)


def _check(args: argparse.Namespace, basin: Basin) -> None:
    """Refuse, before any work, a party there is none of and a comparison with nothing."""
    from waterflow.errors import Problem
    from waterflow.words.near import did_you_mean

    if args.party and args.party not in basin.parties:
        cause = did_you_mean(args.party.upper(), basin.parties, 3)
        raise Problem("unknown-party", "--for", args.party, ", ".join(basin.parties), cause).refusal()
    if args.beside and args.questions:
        args.refuse(say("--set and --beside-no-agreement: one comparison at a time"))
    if args.as_operated and (args.questions or args.beside):
        args.refuse(say("--as-operated: without --set and --beside-no-agreement"))
    if args.as_operated and basin.calendar.step != "month":
        args.refuse(say("--as-operated: by month, as observations are"))
    if args.beside and not any(a.clauses for a in basin.agreements.values()):
        args.refuse(say("--beside-no-agreement: no agreement is in force"))
