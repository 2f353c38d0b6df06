"""``waterflow ledger status``: how the season stands by a ledger."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, tell
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.ledger.ledger import Ledger
    from waterflow.ledger.lines import Thresholds
    from waterflow.ledger.status_facts import LedgerStatus, Under

__all__ = ["HELP", "action", "found_status", "options", "read_told", "season_options"]

HELP = mark("Tell how the season stands: plan beside fact to date, alarms, who holds the gate, what is owed, what is on its way, the end.")


def season_options(parser: argparse.ArgumentParser) -> None:
    """Which plan, which day, which source."""
    parser.add_argument("--to", metavar="DATE", type=common.iso_date, help=say("count facts to that day (default: the last that has one)"))
    parser.add_argument("--plan", metavar="NAME", default="", help=say("a plan of the ledger (default: the one added last)"))
    told = say("the source that is counted where a series has several (default: the one typed first)")
    parser.add_argument("--source", metavar="S", default="", help=told)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the action."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help=say("a ledger"))
    season_options(parser)
    parser.add_argument("--for", dest="party", metavar="PARTY", default="", help=say("what is a party's own, and owed by or to it, first"))
    parser.add_argument("--percent", metavar="P", type=float, help=say("an alarm rings beyond so many per cent of the plan (default 15)"))
    parser.add_argument("--volume", metavar="MM3", type=float, help=say("and beyond so many Mm3 (default 5)"))
    told = say("days with a fact that a dekad needs before it rings (default 5; 1 lets a single day ring)")
    parser.add_argument("--days", metavar="N", type=int, help=told)
    told = say("thresholds of their own: place, quantity, percent, Mm3; a blank place or quantity is any")
    parser.add_argument("--thresholds", metavar="FILE.csv", type=Path, help=told)
    parser.add_argument("--full", action="store_true", help=say("every series, and every dekad of it"))
    common.form(parser)


def action(args: argparse.Namespace) -> str:
    """Tell how the season stands."""
    from waterflow.report.ledger_text import status_text

    thresholds = _thresholds(args)
    found = found_status(args, thresholds, with_dekads=args.full or args.format != "table")
    series = {(x.place, x.quantity) for x in found.lines}
    for place, quantity in thresholds:
        if not any(place in (p, "") and quantity in (q, "") for p, q in series):
            tell(say("No series with facts has this threshold: {name}.", name=f"{place} {quantity}".strip()))
    if args.party and args.party not in found.parties:
        from waterflow.errors import unknown

        raise unknown("party", "--for", args.party, found.parties).refusal()
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    if args.format == "csv":
        from waterflow.report.ledger_csv import status_csv

        return status_csv(found)
    return status_text(found, args.party, full=args.full)


def found_status(args: argparse.Namespace, thresholds: Thresholds | None = None, *, with_dekads: bool = False) -> LedgerStatus:
    """The facts of a ledger's season; lines that were torn are told."""
    from waterflow.ledger.status import status

    book = read_told(args.ledger)
    to: dt.date | None = args.to
    return status(book, args.plan, to, args.source, thresholds, with_dekads=with_dekads)


def read_told(path: Path) -> Ledger:
    """A ledger; lines that were torn are told."""
    from waterflow.ledger.files import read_ledger

    book = read_ledger(path)
    if book.torn:
        lines = ", ".join(map(str, book.torn))
        tell(say("{ledger}: torn while it was written, and set aside: line {lines}. Add again what stood there.", ledger=path, lines=lines))
    return book


def _thresholds(args: argparse.Namespace) -> Thresholds:
    from waterflow.errors import Problem
    from waterflow.ledger.status import UNDER

    problems = [
        Problem("bad-range", option, f"{value:g}", allowed)
        for option, value, least, allowed in (
            ("--percent", args.percent, 0, say("zero or more")),
            ("--volume", args.volume, 0, say("zero or more")),
            ("--days", args.days, 1, say("one or more")),
        )
        if value is not None and not value >= least
    ]
    if problems:
        from waterflow.errors import InputError

        raise InputError(problems)
    own = {
        "fraction": None if args.percent is None else args.percent / 100,
        "volume_Mm3": args.volume,
        "days": args.days,
    }
    under = UNDER.model_copy(update={name: value for name, value in own.items() if value is not None})
    return {("", ""): under} | ({} if args.thresholds is None else _table(args.thresholds, under))


def _table(path: Path, under: Under) -> Thresholds:
    """A table of thresholds; a place of it that no series has is told by the report."""
    from waterflow.errors import InputError, Problem
    from waterflow.loading.fact_table import sound
    from waterflow.loading.spellings import plain
    from waterflow.loading.spreadsheet import read_sheets

    header, *rows = next(iter(read_sheets(path).values())) or [[]]
    names, wanted = [plain(c) for c in header], ["place", "quantity", "percent", "mm3"]
    if names != wanted:
        raise Problem("missing-column", path.name, ", ".join(map(str, header)) or say("a blank"), "place, quantity, percent, Mm3").refusal()
    found, problems = {}, []
    for number, row in enumerate((r for r in rows if any(r)), start=2):
        cells = [*row, "", "", "", ""][:4]
        share, volume = sound(cells[2]), sound(cells[3])
        if isinstance(share, Problem) or isinstance(volume, Problem):
            where = say("{shown}, row {number}", shown=path.name, number=number)
            problems += [Problem(x.code, where, x.found, x.allowed, x.cause) for x in (share, volume) if isinstance(x, Problem)]
            continue
        found[str(cells[0]), str(cells[1])] = under.model_copy(update={"fraction": share / 100, "volume_Mm3": volume})
    if problems:
        raise InputError(problems)
    return found
