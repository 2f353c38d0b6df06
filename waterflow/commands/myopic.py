"""``waterflow myopic``: a horizon decided period by period, each knowing only itself, beside foresight."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, basin_of, model_of
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "myopic", "options"]

HELP = mark("Decide a season step by step, each period knowing only itself, beside the plan with foresight: what that is worth, to whom.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    told = say("what each m3 kept at the end of a period is worth to who decides it, USD; several to set side by side (default: nothing)")
    parser.add_argument("--water-value", metavar="VALUE", nargs="+", type=float, default=[], help=told)
    parser.add_argument("--all", dest="everything", action="store_true", help=say("show what is the same in all too"))
    common.scenario(parser)
    common.questions(parser)
    common.step(parser)
    common.form(parser)
    common.progress(parser)


def myopic(args: argparse.Namespace) -> str:
    """Decide a season step by step beside the plan with foresight."""
    import shutil

    from waterflow.allocation.allocate import allocate
    from waterflow.ledger.myopic import myopic as decided
    from waterflow.ledger.myopic_facts import myopic_facts
    from waterflow.progress import each
    from waterflow.report.csvs import side_by_side_csv
    from waterflow.report.myopic_text import myopic_text
    from waterflow.words.layout import WIDTH

    left_out = tuple(a.name for a in model_of(args, told=False).agreements)
    basin = basin_of(args, agreements=[])
    values = list(dict.fromkeys([0.0, *args.water_value]))
    with waiting(say("allocating {model}", model=args.model), shown=args.progress):
        foresight = allocate(basin)
        found = myopic_facts(foresight, {value: decided(basin, value) for value in each(values)}, left_out)
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    if args.format == "csv":
        return side_by_side_csv(found.comparison)
    return myopic_text(found, shutil.get_terminal_size((WIDTH, 24)).columns, everything=args.everything)
