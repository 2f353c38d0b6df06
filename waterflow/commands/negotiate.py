"""``waterflow negotiate``: who gains, what is fair, what each can get elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.calendar import EVEN_STEPS
from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, tell, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.loading.model import Model
    from waterflow.loading.plan_table import GivenPlan

__all__ = ["HELP", "negotiate", "options"]

HELP = mark("Tell what each party has without a deal, what each coalition gains, what is fair, and who would pay whom.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.scenario(parser)
    common.questions(parser)
    common.step(parser)
    told = say("a table as only you have it, TABLE=FILE.csv: no answer shows what its rows say; may be given again")
    parser.add_argument("--private", metavar="TABLE=FILE", action="append", default=[], help=told)
    parser.add_argument("--targets-open", action="store_true", help=say("let parties trade the targets away (default: targets are kept)"))
    told = say("a frontier of two to four aims, as payoff/A,summer_water/B; a name that is none lists them all")
    parser.add_argument("--frontier", metavar="AIM,AIM", help=told)
    parser.add_argument("--points", metavar="N", type=int, help=say("points of the frontier (default 50)"))
    told = say("with --frontier: figures wished for, one for each aim: the point nearest to them")
    parser.add_argument("--wished", metavar="N,N", type=_figures, help=told)
    told = say("a plan or what was done, a .csv or .xlsx table of releases: how far it went from no deal to the plan of all")
    parser.add_argument("--done", metavar="FILE", type=Path, help=told)
    parser.add_argument("--picture", metavar="FILE", type=Path, help=say("draw gains, payments and the frontier as an SVG file"))
    told = say("also what coalitions gain where they may harm those outside (some minutes)")
    parser.add_argument("--may-harm", action="store_true", help=told)
    parser.add_argument("--rules", metavar="all|RULE,RULE", help=say("a season's drought shared by rules, each beside the plan as it is"))
    parser.add_argument("--m3-per-ha", metavar="N", type=float, help=say("what a hectare takes in the season, to tell water as an area"))
    parser.add_argument(
        "--open", metavar="FILE.yaml", type=Path, help=say("offers with open figures: who would sign, and what all would sign")
    )
    told = say("with --open: write the offers with what was said of each, to be read again")
    parser.add_argument("--log", metavar="FILE.yaml", type=Path, help=told)
    common.form(parser)
    common.progress(parser)


def negotiate(args: argparse.Namespace) -> str:
    """Tell what each party has without a deal, what each coalition gains, what is fair, and who would pay whom."""
    from waterflow.files import write
    from waterflow.loading.plan_sheet import read_cells
    from waterflow.loading.plan_table import read_plan
    from waterflow.negotiation.negotiate import negotiate as put_on_the_table
    from waterflow.negotiation.negotiated import negotiation_facts
    from waterflow.report.negotiation_picture import negotiation_picture
    from waterflow.report.negotiation_text import negotiation_csv, negotiation_text
    from waterflow.report.trade_off_picture import check_trade_off_picture

    _require_together(args)
    if args.open is not None:
        return _offers(args)
    if args.rules is not None:
        return _drought(args)
    if args.picture:
        check_trade_off_picture(args.picture)
    model = _as_seen(args, model_of(args))
    basin, kept, done = model.basin(), not args.targets_open, None
    if args.done is not None:
        done = _done(read_plan(read_cells(args.done, by_day=basin.calendar.step in EVEN_STEPS), args.done.name, basin), args.done)
    with waiting(say("asking every coalition"), shown=args.progress):
        aims = [name.strip() for name in args.frontier.split(",")] if args.frontier else []
        points = 50 if args.points is None else args.points
        asked_for = {"aims": aims, "points": points, "wished": args.wished or (), "may_harm": args.may_harm}
        found = put_on_the_table(basin, keep_targets=kept, **asked_for)
        facts = asked(model, negotiation_facts(found, keep_targets=kept, done=done))
    if args.picture:
        write(args.picture, negotiation_picture(facts), "--picture", code="bad-picture")
    if args.format == "json":
        return as_json(facts.model_dump(mode="json"))
    return negotiation_csv(facts) if args.format == "csv" else under(facts, negotiation_text(facts))


def _done(plan: GivenPlan, path: Path) -> dict[str, tuple[float, ...]]:
    """The releases of a plan; what else it has is told, and a plan without any refused."""
    from waterflow.errors import Problem

    if not plan.releases:
        raise Problem("blank", f"--done {path.name}", say("no release"), say("water let into reaches: only that is scored")).refusal()
    if plan.withdrawals:
        tell(say("Withdrawals in {file} are not scored: {count}.", file=path.name, count=len(plan.withdrawals)))
    return plan.releases


def _figures(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(x) for x in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(say("{text} is not written as numbers with commas between", text=repr(text))) from None


def _as_seen(args: argparse.Namespace, model: Model) -> Model:
    """The model with rows that only the asker has."""
    from waterflow.loading.versions import told, with_version

    for asked_for in args.private:
        version = with_version(model, asked_for, "--private")
        tell(told(version))
        model = version.model
    return model


def _require_together(args: argparse.Namespace) -> None:
    """Refuse options that another one would leave unheard."""
    from waterflow.errors import InputError, Problem

    given = {
        "--open": args.open is not None,
        "--rules": args.rules is not None,
        "--frontier": args.frontier is not None,
        "--points": args.points is not None,
        "--wished": bool(args.wished),
        "--picture": args.picture is not None,
        "--done": args.done is not None,
        "--may-harm": args.may_harm,
        "--log": args.log is not None,
        "--m3-per-ha": args.m3_per_ha is not None,
        "--targets-open": args.targets_open,
    }
    apart = [("--open", "--rules"), ("--open", "--frontier"), ("--rules", "--frontier"), ("--rules", "--targets-open")]
    apart += [
        ("--may-harm", "--open"),
        ("--may-harm", "--rules"),
        ("--done", "--open"),
        ("--done", "--rules"),
        ("--picture", "--open"),
        ("--picture", "--rules"),
    ]
    needs = (("--points", "--frontier"), ("--wished", "--frontier"), ("--m3-per-ha", "--rules"), ("--log", "--open"))
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
    from waterflow.files import write
    from waterflow.loading.offers import as_yaml, read_offers, require_known
    from waterflow.negotiation.offer_facts import import_rate, logged, offer_facts
    from waterflow.negotiation.offers import package
    from waterflow.report.offer_text import offer_text

    if args.format == "csv":
        raise Problem("unknown-choice", "--format", "csv", "table | json").refusal()
    file = read_offers(args.open)
    beside = args.open.parent / file.agreement
    model = model_of(args, agreements=[str(beside) if beside.is_file() else file.agreement])
    model = _as_seen(args, model)
    basin = model.basin()
    require_known(file, args.open.name, basin.clause_rows, basin.parties, power_has_a_price=import_rate(basin) is not None)
    with waiting(say("judging offers"), shown=args.progress):
        found = package(basin, file.open, file.offers, keep_targets=not args.targets_open)
        facts = asked(model, offer_facts(found, file, basin))
    if args.log is not None:
        write(args.log, as_yaml(logged(file, facts)).encode(), "--log")
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
    model = _as_seen(args, model_of(args))
    basin = model.basin()
    rules = tuple(RULES) if args.rules == "all" else tuple(name.strip() for name in args.rules.split(","))
    with waiting(say("sharing a drought"), shown=args.progress):
        facts = asked(model, drought_facts(share_drought(basin, rules), basin, args.m3_per_ha))
    return as_json(facts.model_dump(mode="json")) if args.format == "json" else under(facts, drought_text(facts))
