"""``waterflow ledger export``: facts as a table, or plan and fact to date in the row order of a basin organisation."""

from __future__ import annotations

import argparse
from pathlib import Path

from waterflow.commands.ledger_status import found_status, season_options
from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "action", "options"]

HELP = mark("Write the facts that stand as a .csv table that `add` reads, or plan and fact to date as an .xlsx workbook.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the action."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help=say("a ledger"))
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=say("where to write it: .csv or .xlsx"))
    season_options(parser)


def action(args: argparse.Namespace) -> str:
    """Write a ledger for a spreadsheet."""
    from waterflow.errors import Problem
    from waterflow.files import write
    from waterflow.ledger.files import read_ledger
    from waterflow.report.ledger_csv import fact_rows
    from waterflow.report.ledger_sheet import ledger_sheets
    from waterflow.report.sheets import check_sheet, csv_text, workbook

    check_sheet(args.out, "--out")
    book = read_ledger(args.ledger)
    if args.out.suffix.lower() == ".csv":
        unheard = [name for name, value in (("--to", args.to), ("--plan", args.plan), ("--source", args.source)) if value]
        if unheard:
            raise Problem(
                "unknown-choice", ", ".join(unheard), say("with a .csv, which has all facts that stand"), say("with an .xlsx")
            ).refusal()
        write(args.out, csv_text(fact_rows(book)), "--out")
    else:
        found = found_status(args, with_dekads=True)
        write(args.out, workbook({**ledger_sheets(found), say("facts"): fact_rows(book)}), "--out")
    tell(say("written to {folder}", folder=args.out))
    return ""
