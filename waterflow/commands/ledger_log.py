"""``waterflow ledger log``: who typed what and when, and what corrects what."""

from __future__ import annotations

import argparse
from pathlib import Path

from waterflow.commands import options as common
from waterflow.commands.reading import as_json
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "action", "options"]

HELP = mark("Tell who typed what and when, and which row corrects which.")
#: rows shown unless more are asked for
LAST = 20


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the action."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help=say("a ledger"))
    parser.add_argument("--place", metavar="X", default="", help=say("rows about one place"))
    parser.add_argument("--corrections", action="store_true", help=say("corrected figures alone, with what corrects them"))
    parser.add_argument("--last", metavar="N", type=int, help=say("so many rows, the last (default 20; all of one place)"))
    common.form(parser, ("table", "json"))


def action(args: argparse.Namespace) -> str:
    """Tell what the rows of a ledger say."""
    from waterflow.errors import Problem
    from waterflow.ledger.files import read_ledger
    from waterflow.report.ledger_log_text import log_text
    from waterflow.words.near import slip

    book = read_ledger(args.ledger)
    rows = [r for r in book.rows if not args.place or args.place in (r["place"], r["clause"])]
    if not rows and book.rows:
        known = sorted({r["place"] for r in book.rows if r["place"]})
        raise Problem("unknown-place", "--place", args.place, say("a place of the ledger"), slip(args.place, known)).refusal()
    if args.corrections:
        rows = [r for r in rows if r.corrects or r.digest in book.corrected]
    if args.last is not None and args.last < 1:
        raise Problem("bad-range", "--last", str(args.last), say("one or more")).refusal()
    shown = rows[-args.last :] if args.last else rows if args.place or args.corrections else rows[-LAST:]
    if args.format == "json":
        return as_json([{**r.fields, "line": r.line} for r in shown])
    return log_text(book, shown, len(rows))
