"""``waterflow doubt``: what a figure rests on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.explain.doubt_facts import Doubt
    from waterflow.loading.model import Model

__all__ = ["HELP", "doubt", "options"]

HELP = mark("Tell how far a figure swings when assumed inputs are off, and where each comes from.")

#: screening starts by itself where more inputs than this matter
MANY = 20


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from pathlib import Path

    parser.add_argument("figure", metavar="FIGURE", help=say("such as PLACE/non_growing, PLACE_inflow/growing, unserved/PARTY"))
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
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


def doubt(args: argparse.Namespace) -> str:
    """Tell how far a figure swings when assumed inputs are off, and where each comes from."""
    from waterflow.explain.doubt import doubt as doubt_of
    from waterflow.extras import installed, require_extra
    from waterflow.files import write
    from waterflow.report.doubt_text import doubt_csv, doubt_text
    from waterflow.report.tornado import check_picture, tornado

    kind = check_picture(args.picture) if args.picture else ""
    if args.morris:
        require_extra("SALib", "doubt", "--morris")
    model = model_of(args)
    with waiting(say("moving one input after another"), shown=args.progress):
        found = asked(model, doubt_of(model, args.figure))
    screened = args.morris or (args.morris is None and len(found.mattering()) > MANY)
    lacking = screened and not installed("SALib")
    if screened and not lacking:
        found = _screened(args, model, found)
    if args.picture:
        write(args.picture, tornado(found, args.top, kind), "--picture", code="bad-picture")
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return doubt_csv(found) if args.format == "csv" else under(found, doubt_text(found, args.top, MANY if lacking else None))


def _screened(args: argparse.Namespace, model: Model, found: Doubt) -> Doubt:
    """The same with a screening: of every input if it was asked for, else of those that matter."""
    from waterflow.accounts.figures import figure_named
    from waterflow.explain.doubt import Members
    from waterflow.explain.morris import morris
    from waterflow.loading.ranges import inputs_of

    chosen = {s.input for s in (found.inputs if args.morris else found.mattering())}
    members = Members(model, figure_named(model.basin(), args.figure))
    with waiting(say("moving all inputs together"), shown=args.progress):
        screening = morris(members, [i for i in inputs_of(model) if i.name in chosen], args.walks, args.seed)
    return found.model_copy(update={"morris": screening})
