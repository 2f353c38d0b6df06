"""``waterflow shock``: something fails or is restrained from a date on; the rest of the season with and without mutual assistance."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waterflow.commands import options as common
from waterflow.commands.reading import as_json
from waterflow.commands.replan import approved_plan
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.basin.basin import Basin

__all__ = ["HELP", "options", "shock"]

HELP = mark(
    "Let a plant, line, canal or dam fail from a date on; the rest of the season is planned again, with and without mutual assistance."
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    told = say(
        "what fails: KIND:NAME[=LEFT][@FROM[/UNTIL]], as plant:NAME@2025-01, line:NAME=50%%@2025-01/2025-03, dam:NAME=200m3s@2025-02, "
        "reservoir:NAME=8000Mm3@2025-03; kinds: plant, supply, line, canal, reach, dam, reservoir; may be given again"
    )
    parser.add_argument("--out", metavar="SHOCK", action="append", required=True, help=told)
    told = say("mutual assistance while it lasts: GIVER:RECEIVER=200MW, or =200MW*1.3 where 1.3 kWh come back for each; may be given again")
    parser.add_argument("--assist", metavar="HELP", action="append", default=[], help=told)
    parser.add_argument("--plan", metavar="PLAN.nc", type=Path, help=say("the approved plan, an allocation.nc (default: the model's own)"))
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.step(parser)
    common.form(parser, ("table", "json"))
    common.progress(parser)


def shock(args: argparse.Namespace) -> str:
    """Let something fail from a date on, and plan the rest of the season again."""
    from waterflow.accounts.plan import Plan
    from waterflow.allocation.allocate import allocate
    from waterflow.basin.titles import title_of
    from waterflow.ledger.shock_facts import shocked
    from waterflow.ledger.shocks import beginning, struck
    from waterflow.progress import each
    from waterflow.report.shock_text import shock_text

    approved = approved_plan(args)
    shocks, help_asked = _read(args, approved.basin)
    start = beginning(shocks)
    rest = _rest(approved, start)
    hit = struck(rest, shocks)
    basins = [rest, hit]
    if help_asked:
        end = max(x.end for x in shocks)
        basins.append(_helped(hit, help_asked, start, end))
    with waiting(say("planning again from {day}", day=start), shown=args.progress):
        plans = [Plan(x.basin, x.dataset) for x in map(allocate, each(basins))]
    facts = shocked(plans[0], plans[1], plans[2] if help_asked else None, shocks, help_asked, title_of(rest, rest.name))
    return as_json(facts.model_dump(mode="json")) if args.format == "json" else shock_text(facts)


def _read(args: argparse.Namespace, basin: Basin) -> tuple[list[Any], list[Any]]:
    """What fails and who helps; everything wrong at once."""
    from waterflow.errors import InputError, Problem
    from waterflow.ledger.assistance import read_assistance
    from waterflow.ledger.shocks import read_shock

    found: tuple[list[Any], list[Any]] = ([], [])
    problems: list[Problem] = []
    for kept, read, texts in ((found[0], read_shock, args.out), (found[1], read_assistance, args.assist)):
        for text in texts:
            try:
                kept.append(read(text, basin))
            except InputError as error:
                problems += error.problems
    clauses = [x.clause for x in found[1]]
    problems += [
        Problem("twice", "--assist", c, say("each pair of parties once")) for c in sorted({c for c in clauses if clauses.count(c) > 1})
    ]
    if problems:
        raise InputError(problems)
    return found


def _rest(approved: Any, start: str) -> Basin:
    """The rest of the season from the day it fails; the approved plan was carried out until then."""
    from waterflow.ledger.rolling import rest_of_season
    from waterflow.ledger.seen import seen_of

    basin: Basin = approved.basin
    k = next(k for k, p in enumerate(basin.calendar.periods) if str(p.start) == start)
    return rest_of_season(basin, seen_of(approved, k), approved=approved).basin if k else basin


def _helped(hit: Basin, help_asked: list[Any], start: str, end: str) -> Basin:
    from waterflow.ledger.assistance import assisted

    for one in help_asked:
        hit = assisted(hit, one, start, end)
    return hit
