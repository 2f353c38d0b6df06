"""``waterflow negotiate``: who gains, what is fair, what each can get elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "negotiate", "options"]

HELP = mark("Tell what each party has without a deal, what each coalition gains, what is fair, and who would pay whom.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.scenario(parser)
    common.questions(parser)
    common.step(parser)
    parser.add_argument("--targets-open", action="store_true", help=say("let parties trade the targets away (default: targets are kept)"))
    told = say("a frontier of two to four aims, as payoff/A,summer_water/B; a name that is none lists them all")
    parser.add_argument("--frontier", metavar="AIM,AIM", help=told)
    parser.add_argument("--points", metavar="N", type=int, help=say("points of the frontier (default 50)"))
    parser.add_argument("--rules", metavar="all|RULE,RULE", help=say("a season's drought shared by rules, each beside the plan as it is"))
    parser.add_argument("--m3-per-ha", metavar="N", type=float, help=say("what a hectare takes in the season, to tell water as an area"))
    parser.add_argument(
        "--open", metavar="FILE.yaml", type=Path, help=say("offers with open figures: who would sign, and what all would sign")
    )
    common.form(parser)
    common.progress(parser)


def negotiate(args: argparse.Namespace) -> str:
    """Tell what each party has without a deal, what each coalition gains, what is fair, and who would pay whom."""
    from waterflow.negotiation.negotiate import negotiate as put_on_the_table
    from waterflow.negotiation.negotiated import negotiation_facts
    from waterflow.report.negotiation_text import negotiation_csv, negotiation_text

    _require_together(args)
    if args.open is not None:
        return _offers(args)
    if args.rules is not None:
        return _drought(args)
    model = model_of(args)
    kept = not args.targets_open
    with waiting(say("asking every coalition"), shown=args.progress):
        aims = [name.strip() for name in args.frontier.split(",")] if args.frontier else []
        found = put_on_the_table(model.basin(), keep_targets=kept, aims=aims, points=50 if args.points is None else args.points)
        facts = asked(model, negotiation_facts(found, keep_targets=kept))
    if args.format == "json":
        return as_json(facts.model_dump(mode="json"))
    return negotiation_csv(facts) if args.format == "csv" else under(facts, negotiation_text(facts))


def _require_together(args: argparse.Namespace) -> None:
    """Refuse options that another one would leave unheard."""
    from waterflow.errors import InputError, Problem

    given = {
        "--open": args.open is not None,
        "--rules": args.rules is not None,
        "--frontier": args.frontier is not None,
        "--points": args.points is not None,
        "--m3-per-ha": args.m3_per_ha is not None,
        "--targets-open": args.targets_open,
    }
    apart = (("--open", "--rules"), ("--open", "--frontier"), ("--rules", "--frontier"), ("--rules", "--targets-open"))
    needs = (("--points", "--frontier"), ("--m3-per-ha", "--rules"))
    problems = [
        Problem("unknown-choice", one, say("beside {option}", option=other), say("one of the two"))
        for one, other in apart
        if given[one] and given[other]
    ]
    problems += [
        Problem("unknown-choice", one, say("without {option}", option=other), say("beside {option}", option=other))
        for one, other in needs
        if given[one] and not given[other]
    ]
    if problems:
        raise InputError(problems)


def _offers(args: argparse.Namespace) -> str:
    """Who would sign each offer of a file, and what all would sign."""
    from waterflow.errors import Problem
    from waterflow.loading.offers import read_offers, require_known
    from waterflow.negotiation.offer_facts import offer_facts
    from waterflow.negotiation.offers import package
    from waterflow.report.offer_text import offer_text

    if args.format == "csv":
        raise Problem("unknown-choice", "--format", "csv", "table | json").refusal()
    file = read_offers(args.open)
    beside = args.open.parent / file.agreement
    model = model_of(args, agreements=[str(beside) if beside.is_file() else file.agreement])
    basin = model.basin()
    require_known(file, args.open.name, basin.clause_rows, basin.parties)
    with waiting(say("judging offers"), shown=args.progress):
        found = package(basin, file.open, file.offers, keep_targets=not args.targets_open)
        facts = asked(model, offer_facts(found, file, basin))
    return as_json(facts.model_dump(mode="json")) if args.format == "json" else under(facts, offer_text(facts))


def _drought(args: argparse.Namespace) -> str:
    """A season's water shared by rules."""
    from waterflow.errors import InputError, Problem
    from waterflow.negotiation.claims import RULES
    from waterflow.negotiation.drought import share_drought
    from waterflow.negotiation.drought_facts import drought_facts
    from waterflow.report.drought_text import drought_text

    problems = []
    if args.format == "csv":
        problems.append(Problem("unknown-choice", "--format", "csv", "table | json"))
    if args.m3_per_ha is not None and not args.m3_per_ha > 0:
        problems.append(Problem("not-a-number", "--m3-per-ha", f"{args.m3_per_ha:g}", say("above 0")))
    if problems:
        raise InputError(problems)
    model = model_of(args)
    basin = model.basin()
    rules = tuple(RULES) if args.rules == "all" else tuple(name.strip() for name in args.rules.split(","))
    with waiting(say("sharing a drought"), shown=args.progress):
        facts = asked(model, drought_facts(share_drought(basin, rules), basin, args.m3_per_ha))
    return as_json(facts.model_dump(mode="json")) if args.format == "json" else under(facts, drought_text(facts))
