"""``waterflow import``: observations from a sheet or a station file, in the form of our tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "import_", "options"]

HELP = mark("Read observations from a sheet (CSV, workbook) or a station file into the form of the tables of observations.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from waterflow.loading.columns import GRADES

    parser.add_argument("file", metavar="FILE", type=Path, help=say("a CSV file, a workbook, or a station file with # before its remarks"))
    told = say("the folder to write the tables to; no file there is ever written over")
    parser.add_argument("out", metavar="DIR", type=Path, help=told)
    parser.add_argument("--source", metavar="KEY", required=True, help=say("the key of sources.yaml that every row names"))
    parser.add_argument("--grade", choices=GRADES, required=True, help=say("how good the values are"))
    told = say("what a column is: time, SITE.QUANTITY (as in mountain.release, plain.storage) or - for nothing; may be given again")
    parser.add_argument("--column", metavar="HEADING=MEANING", action="append", type=_meaning, default=[], help=told)
    parser.add_argument("--site", metavar="SITE", default="", help=say("the site of columns that do not say theirs"))
    parser.add_argument("--quantity", metavar="QUANTITY", default="", help=say("the quantity of columns that do not say theirs"))
    parser.add_argument("--unit", metavar="UNIT", default="", help=say("the unit of columns that do not say theirs: m3/s, Mm3, km3"))
    parser.add_argument("--sheet", metavar="NAME", default="", help=say("the sheet of a workbook (default: its first with cells)"))
    told = say("a folder of tables of observations: months that it has are told and not written again")
    parser.add_argument("--observed", metavar="DIR", type=Path, help=told)


def _meaning(text: str) -> tuple[str, str]:
    heading, sign, meaning = text.rpartition("=")
    if not sign or not heading.strip() or not meaning.strip():
        raise argparse.ArgumentTypeError(say("{text} is not written HEADING=MEANING", text=repr(text)))
    return heading.strip(), meaning.strip()


def import_(args: argparse.Namespace) -> str:
    """Read observations into the form of the tables of observations."""
    from waterflow.errors import InputError, Problem
    from waterflow.exchange.imported import Asked, imported
    from waterflow.files import is_folder
    from waterflow.loading.tables import NAME
    from waterflow.report.files import check_folder, write_folder
    from waterflow.report.import_text import import_notes, import_text

    check_folder(args.out)
    if args.observed is not None and not is_folder(args.observed):
        raise Problem("no-such-file", f"--observed {args.observed}", say("no folder"), say("a folder")).refusal()
    if args.site and not NAME.match(args.site):
        raise Problem("bad-name", "--site", args.site, say("letters, digits and _, beginning with a letter")).refusal()
    asked = Asked(args.source, args.grade, dict(args.column), args.site, args.quantity, args.unit, args.sheet)
    found = imported(args.file, asked, args.observed)
    wrong = [args.out / name for name in found.texts if (args.out / name).exists()]
    if wrong:
        cause = say("Nothing is ever written over: name another folder.")
        raise InputError(
            Problem("already-there", str(path), say("something of that name"), say("a name that is not taken"), cause) for path in wrong
        )
    for note in import_notes(found):
        tell(note)
    if len(found.texts) > 1:
        write_folder(args.out, found.texts, {})
        tell(say("written to {folder}", folder=args.out))
    else:
        tell(say("nothing written: no month is whole and new"))
    return import_text(found)
