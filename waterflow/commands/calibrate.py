"""``waterflow calibrate``: the hydrological tables of a model, derived again."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import tell, tell_left_aside
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "calibrate", "options"]

HELP = mark("Derive a model's hydrological tables from its observations; the answer tells the fit.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.out(parser, say("write the derived tables there"))


def calibrate(args: argparse.Namespace) -> str:
    """Derive a model's hydrological tables from its observations; the answer tells the fit."""
    from waterflow.calibration.calibrate import calibrate_model
    from waterflow.report.calibration_text import calibration_text
    from waterflow.report.files import check_folder, write_tables

    if args.out is not None:
        check_folder(args.out)
    with waiting(say("calibrating {model}", model=args.model)):
        calibration = calibrate_model(args.model)
    tell_left_aside(args.model)
    if args.out is not None:
        write_tables(calibration.tables, args.out)
        tell(say("written to {folder}", folder=args.out))
    return calibration_text(calibration.facts)
