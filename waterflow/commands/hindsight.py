"""The command ``waterflow hindsight``."""

from __future__ import annotations

import argparse
import json

from waterflow.commands import options as common
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "hindsight", "options"]

HELP = mark("Set what the optimiser would have done in past seasons, knowing them, beside what was done.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("seasons", metavar="SCENARIO", nargs="+", help=say("a season that was observed, or several"))
    common.form(parser)


def hindsight(args: argparse.Namespace) -> str:
    """Set what the optimiser would have done in past seasons, knowing them, beside what was done."""
    from waterflow.errors import InputError, Problem
    from waterflow.loading.model import read_basin, read_model, tables_folder
    from waterflow.observations.files import require_usual_season
    from waterflow.progress import each
    from waterflow.report.hindsight_text import hindsight_csv, hindsight_text
    from waterflow.validation.hindsight import hindsight as beside_the_past

    folder = tables_folder(args.model)
    require_usual_season(read_model(args.model).calendar, args.model)
    seasons, problems = [], list[Problem]()
    with waiting(say("looking back on {seasons}", seasons=", ".join(args.seasons))):
        for scenario in each(args.seasons):
            try:
                seasons.append(beside_the_past(read_basin(args.model, scenario, "month"), folder))
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    if args.format == "json":
        told = {"model": args.model, "seasons": [facts.model_dump(mode="json") for facts in seasons]}
        return json.dumps(told, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    return hindsight_csv(seasons) if args.format == "csv" else hindsight_text(seasons)
