"""``waterflow kept-water``: what water kept at the end of a year is worth."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "kept_water", "options"]

HELP = mark("Tell what water kept at the end of a year is worth, from the years that may come.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from pathlib import Path

    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.step(parser)
    parser.add_argument("--discount", metavar="SHARE", type=float, default=0.05, help=say("what a year later counts less (default 0.05)"))
    parser.add_argument("--years", metavar="N", type=int, help=say("years until the model's own end values hold (default: without an end)"))
    parser.add_argument("--classes", metavar="N", type=int, default=2, help=say("classes of wetness of the year before (default 2)"))
    told = say("weight of the worst tenth of cases beside the mean, 0 to 1 (default 0)")
    parser.add_argument("--cvar", metavar="WEIGHT", type=float, default=0.0, help=told)
    parser.add_argument(
        "--states", metavar="N", type=int, default=400, help=say("states from which every year is solved, at most (default 400)")
    )
    parser.add_argument("--draws", metavar="N", type=int, default=40, help=say("years drawn to judge the policy (default 40)"))
    parser.add_argument("--seed", metavar="N", type=int, default=1, help=say("seed of the walks (default 1)"))
    parser.add_argument("--to", metavar="FILE", type=Path, help=say("write the planes there, as the table end_value_cuts.csv"))
    common.form(parser)
    common.progress(parser)


def kept_water(args: argparse.Namespace) -> str:
    """Tell what water kept at the end of a year is worth, from the years that may come."""
    from waterflow.basin.titles import title_of
    from waterflow.errors import Problem
    from waterflow.files import in_the_way, write
    from waterflow.futures.kept_water_facts import kept_water_facts
    from waterflow.futures.members import historical
    from waterflow.futures.risk_measure import RiskMeasure
    from waterflow.futures.water_kept import Outlook
    from waterflow.futures.water_kept import kept_water as worth_of
    from waterflow.futures.year_basin import require_year
    from waterflow.report.kept_water_text import kept_water_csv, kept_water_text

    if args.to is not None and (blocked := in_the_way(args.to)):
        raise Problem("bad-folder", f"--to {args.to}", blocked, say("a file in a folder that can be written")).refusal()
    model = model_of(args)
    basin = model.basin()
    require_year(basin)
    runoff = historical(model)
    risk = RiskMeasure(args.cvar)
    outlook = Outlook(args.discount, args.years, args.classes, risk, most_states=args.states, draws=args.draws, seed=args.seed)
    with waiting(say("asking the years to come"), shown=args.progress):
        found = asked(model, kept_water_facts(worth_of(basin, runoff, outlook), runoff, basin))
    if args.to:
        write(args.to, kept_water_csv(found), "--to")
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    if args.format == "csv":
        return kept_water_csv(found)
    return under(found, kept_water_text(found, lambda name: title_of(basin.nodes[name], name)))
