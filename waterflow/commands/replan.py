"""``waterflow replan``: the rest of a season planned again from facts and the newest forecast, beside the approved plan."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, basin_of, tell
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.accounts.plan import Plan
    from waterflow.errors import Problem
    from waterflow.ledger.reported import Reported
    from waterflow.loading.seen_table import SeenRow

__all__ = ["HELP", "approved_plan", "check_tolerance", "options", "replan"]

HELP = mark("Plan the rest of a season again from what was seen and the newest forecast; the answer is a notice of the correction.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    known = parser.add_mutually_exclusive_group()
    told = say("a table of facts, and of forecasts of runoff: quantity, place, period, value, unit, source, grade; CSV or workbook")
    known.add_argument("--facts", metavar="FILE", type=Path, action="append", default=[], help=told)
    told = say("a ledger: its facts before the day, its newest forecasts of runoff, and its plan in force, which is the approved one")
    known.add_argument("--ledger", metavar="LEDGER", type=Path, help=told)
    told = say("the first day of which nothing is known, as 2025-01-01 (with a ledger, by default the day after its last fact)")
    parser.add_argument("--on", metavar="DAY", help=told)
    told = say("with --ledger: the source that is counted where a series has several (default: the one typed first)")
    parser.add_argument("--source", metavar="S", default="", help=told)
    told = say("the approved plan, an allocation.nc as `allocate --out` writes it (default: the model's own plan, made now)")
    parser.add_argument("--plan", metavar="PLAN.nc", type=Path, help=told)
    told = say("limits may be passed by 15 per cent, or by the share given, as the basin organisation may correct them")
    parser.add_argument("--tolerance", metavar="SHARE", nargs="?", type=float, const=0.15, default=0.0, help=told)
    told = say("write the notice too: .pdf, .xlsx or .html")
    parser.add_argument("--to", metavar="FILE", type=Path, help=told)
    parser.add_argument("--save", metavar="FILE.nc", type=Path, help=say("save the newest plan, of the rest of the season"))
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.step(parser)
    common.form(parser, ("table", "json"))
    common.progress(parser)


def replan(args: argparse.Namespace) -> str:
    """Plan the rest of a season again from what was seen and the newest forecast."""
    from waterflow import __version__
    from waterflow.files import write
    from waterflow.ledger.again import planned_again
    from waterflow.report.annex import digest_of
    from waterflow.report.annex_files import annex_file, check_form
    from waterflow.report.correction import correction_annex, correction_text

    form = check_form(args.to.suffix, f"--to {args.to}") if args.to else ""
    check_tolerance(args.tolerance)
    _require_together(args)
    approved, given = _from_ledger(args) if args.ledger else _from_tables(args)
    with waiting(say("planning again from {day}", day=given.seen.day), shown=args.progress):
        again = planned_again(approved, given, args.tolerance)
    found, facts = again.newest, again.correction
    if args.save:
        tell(say("written to {folder}", folder=found.save(args.save)))
    notice = correction_annex(facts, approved.basin.parties, digest_of(found.basin), __version__)
    if args.to:
        write(args.to, annex_file(notice, form, found.basin, found.dataset), "--to")
        tell(say("written to {folder}", folder=args.to))
    return as_json(facts.model_dump(mode="json")) if args.format == "json" else correction_text(notice)


def _require_together(args: argparse.Namespace) -> None:
    """Refuse what another option would leave unheard, and a day that nothing tells."""
    from waterflow.errors import Problem

    if args.source and not args.ledger:
        found, allowed = say("without {option}", option="--ledger"), say("beside {option}", option="--ledger")
        raise Problem("unknown-choice", "--source", found, allowed).refusal()
    if args.on is None and not args.ledger:
        raise Problem("blank", "--on", say("no day"), say("the first day of which nothing is known; or --ledger")).refusal()


def _from_tables(args: argparse.Namespace) -> tuple[Plan, Reported]:
    day = _day(args.on)
    approved = approved_plan(args)
    return approved, _reported(args, approved, day)


def _from_ledger(args: argparse.Namespace) -> tuple[Plan, Reported]:
    """The plan in force, and what is known on the day."""
    from waterflow.commands.ledger_status import read_told
    from waterflow.ledger.in_force import require_in_force, season_in_force
    from waterflow.ledger.told import day_after_facts, reported_by

    book = read_told(args.ledger)
    season = season_in_force(book)
    if season is not None and args.plan is None:
        # the model as it was when the plan was made, as far as the ledger says it
        args.scenario, args.step = args.scenario or season["scenario"] or None, args.step or season["step"]
    approved = approved_plan(args)
    require_in_force(book, approved, f"--ledger {args.ledger}")
    day = _day(args.on) if args.on else day_after_facts(book, approved.basin)
    return approved, reported_by(book, approved, day, args.source)


def approved_plan(args: argparse.Namespace) -> Plan:
    """The plan in force: a saved one, or what the model says now.

    Raises
    ------
    InputError
        If a plan is given and the model is chosen too, so that one of them would not count.
    """
    from waterflow.accounts.plan import Plan
    from waterflow.allocation.allocate import allocate
    from waterflow.allocation.allocation import open_allocation
    from waterflow.errors import Problem

    if args.plan is None:
        basin = basin_of(args)
        with waiting(say("allocating {model}", model=args.model), shown=args.progress):
            found = allocate(basin)
        return Plan(found.basin, found.dataset)
    chosen = [name for name in ("scenario", "agreement", "questions", "step") if getattr(args, name, None)]
    saved = open_allocation(args.plan)
    if chosen or args.model not in (saved.basin.name, "-"):
        found_text = ", ".join(f"--{'set' if name == 'questions' else name}" for name in chosen) or args.model
        allowed = say("the model of the plan, {model}, and none of its choices: the plan has them", model=saved.basin.name)
        raise Problem("another-plan", f"--plan {args.plan}", found_text, allowed).refusal()
    return Plan(saved.basin, saved.dataset)


def _reported(args: argparse.Namespace, approved: Plan, day: dt.date) -> Reported:
    from waterflow.errors import InputError
    from waterflow.ledger.reported import reported
    from waterflow.loading.seen_table import read_seen, twice_problems

    rows: list[SeenRow] = []
    problems: list[Problem] = []
    for path in args.facts:
        try:
            rows += read_seen(path, approved.basin)
        except InputError as error:
            problems += error.problems
    problems += twice_problems(rows) if len(args.facts) > 1 else []
    if problems:
        raise InputError(problems)
    return reported(rows, day, approved.basin)


def _day(text: str) -> dt.date:
    from waterflow.errors import Problem

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Problem("bad-date", "--on", text, say("a day, as 2025-01-01")).refusal() from None


def check_tolerance(share: float) -> None:
    """Refuse a share that is none."""
    from waterflow.errors import Problem

    if not 0 <= share < 1:
        cause = say("Written in per cent?") if share >= 1 else ""
        raise Problem("not-a-share", "--tolerance", f"{share:g}", say("between 0 and 1"), cause).refusal()
