"""``waterflow rolling``: past seasons planned again at every period with what was known, beside what else could have been."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "rolling"]

HELP = mark(
    "Replay past seasons period by period with forecasts from the record only, planned again each time: drift, alarms, account, regret."
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("seasons", metavar="SCENARIO", nargs="+", help=say("a season that was observed, or several"))
    parser.add_argument("--to", dest="last", metavar="PERIOD", default="", help=say("the last month or dekad that is replayed"))
    told = say("what is known of the future: persistence (default), climatology or analogues")
    parser.add_argument("--forecast", metavar="METHOD", default="persistence", help=told)
    told = say("limits may be passed by 15 per cent, or by the share given, as the basin organisation may correct them")
    parser.add_argument("--tolerance", metavar="SHARE", nargs="?", type=float, const=0.15, default=0.0, help=told)
    common.step(parser)
    common.form(parser, ("table", "json"))
    common.progress(parser)


def rolling(args: argparse.Namespace) -> str:
    """Replay past seasons period by period with what was known."""
    from waterflow.commands.replan import check_tolerance
    from waterflow.ledger.seasons import observed_seasons
    from waterflow.loading.model import read_basin, tables_folder
    from waterflow.report.rolling_text import rolling_text

    check_tolerance(args.tolerance)
    with waiting(say("replaying {seasons}", seasons=", ".join(args.seasons)), shown=args.progress):
        seasons = [read_basin(args.model, scenario, args.step) for scenario in args.seasons]
        found = observed_seasons(seasons, tables_folder(args.model), args.forecast, args.last, args.tolerance)
    return as_json(found.model_dump(mode="json")) if args.format == "json" else rolling_text(found)
