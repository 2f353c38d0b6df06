"""``waterflow check``: inputs read and judged."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import basin_of
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.numbers import number

__all__ = ["HELP", "check", "options"]

HELP = mark("Read a model and say that it is a river that can be allocated.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.scenario(parser)
    common.agreement(parser)
    common.step(parser)


def check(args: argparse.Namespace) -> str:
    """Read a model and say that it is a river that can be allocated."""
    basin = basin_of(args)
    assumed, rows = basin.assumed_rows()
    counts = (
        say_many("{count} node", "{count} nodes", len(basin.nodes)),
        say_many("{count} reach", "{count} reaches", len(basin.reaches)),
        say_many("{count} reservoir", "{count} reservoirs", len(basin.reservoirs)),
        say_many("{count} demand", "{count} demands", len(basin.demands)),
        say_many("{count} plant", "{count} plants", len(basin.plants)),
        say_many("{count} target", "{count} targets", len(basin.targets)),
        say_many("{count} period", "{count} periods", len(basin.calendar.periods)),
        say_many("{count} warning", "{count} warnings", len(basin.warnings())),
    )
    judged = say("{model}: ok", model=f"{basin.name} {basin.scenario}".strip())
    rested = say_many(
        "{rows} input row, {assumed} assumed or unverified",
        "{rows} input rows, {assumed} of them assumed or unverified",
        rows,
        rows=number(rows),
        assumed=number(assumed),
    )
    return f"{judged}\n{', '.join(counts)}\n{rested}\n"
