"""``waterflow check``: inputs read and judged."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import basin_of
from waterflow.words.catalogue import mark

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
    counts = {
        "nodes": len(basin.nodes),
        "reaches": len(basin.reaches),
        "reservoirs": len(basin.reservoirs),
        "demands": len(basin.demands),
        "plants": len(basin.plants),
        "targets": len(basin.targets),
        "periods": len(basin.calendar.periods),
        "warnings": len(basin.warnings()),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    name = f"{basin.name} {basin.scenario}".strip()
    return f"{name}: ok\n{said}\n{rows:,} input rows, {assumed:,} of them assumed or unverified\n"
