"""``waterflow doubt``: what a figure rests on."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable

from waterflow.commands import options as common
from waterflow.commands.reading import model_of
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "doubt", "options"]

HELP = mark("Tell how far a figure swings when assumed inputs are off, and where each comes from.")

#: screening starts by itself where more inputs than this matter
MANY = 20
#: seconds between words about progress
REMINDER = 10.0


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from pathlib import Path

    parser.add_argument("figure", metavar="FIGURE", help=say("such as north_aral/non_growing, shardara_inflow/growing, unserved/KGZ"))
    common.scenario(parser)
    common.step(parser)
    parser.add_argument("--top", metavar="N", type=int, default=15, help=say("how many inputs are shown (default 15)"))
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--morris", dest="morris", action="store_true", default=None, help=say("screen every input, moved together"))
    wanted.add_argument("--no-morris", dest="morris", action="store_false", help=say("no screening, however many inputs matter"))
    parser.add_argument("--walks", metavar="R", type=int, default=4, help=say("walks of the screening (default 4)"))
    parser.add_argument("--seed", metavar="N", type=int, default=1, help=say("seed of the screening (default 1)"))
    parser.add_argument("--picture", metavar="FILE", type=Path, help=say("write a tornado there, .svg or .png"))
    common.form(parser)
    common.progress(parser)


def _told(*, shown: bool) -> Callable[[int], None]:
    """Says on standard error how many plans were solved, every so often."""
    last = time.monotonic()

    def say(count: int) -> None:
        nonlocal last
        if shown and time.monotonic() - last > REMINDER:
            last = time.monotonic()
            sys.stderr.write(f"doubt: {count} plans\n")
            sys.stderr.flush()

    return say


def doubt(args: argparse.Namespace) -> str:
    """Tell how far a figure swings when assumed inputs are off, and where each comes from."""
    from importlib.util import find_spec

    from waterflow.explain.doubt import Members
    from waterflow.explain.doubt import doubt as doubt_of
    from waterflow.explain.morris import morris, require_extra
    from waterflow.files import write
    from waterflow.report.doubt_text import SAYS, doubt_csv, doubt_facts, doubt_text
    from waterflow.report.tornado import check_picture, tornado

    kind = check_picture(args.picture) if args.picture else ""
    if args.morris:
        require_extra("SALib", "doubt", "--morris")
    model, told = model_of(args), _told(shown=args.progress)
    found = doubt_of(model, args.figure, told)
    screening, note = None, ""
    matter = [s.input for s in found.mattering()]
    if args.morris is None and len(matter) > MANY and find_spec("SALib") is None:
        note = SAYS["extra"].format(most=MANY)
    elif args.morris or (args.morris is None and len(matter) > MANY):
        every = [s.input for s in found.swings] if args.morris else matter
        screening = morris(Members(model, found.figure, told), every, args.walks, args.seed)
    if args.picture:
        write(args.picture, tornado(found, args.top, kind), "--picture", code="bad-picture")
    if args.format == "json":
        return json.dumps(doubt_facts(found, screening), indent=2, allow_nan=False) + "\n"
    return doubt_csv(found, screening) if args.format == "csv" else doubt_text(found, screening, args.top, note)
