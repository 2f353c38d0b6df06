"""``waterflow ledger merge``: two parties' ledgers as one, without a server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.ledger.ledger import Ledger

__all__ = ["HELP", "action", "options"]

HELP = mark("Merge ledgers: every row of each once, as it was written; figures that disagree are listed row by row.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the action."""
    parser.add_argument("ledgers", metavar="LEDGER", type=Path, nargs="+", help=say("ledgers, in any order"))
    told = say("the merged ledger; nothing may stand there but a ledger whose rows it has")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=told)


def action(args: argparse.Namespace) -> str:
    """Merge ledgers."""
    from waterflow.ledger.files import alone, read_ledger
    from waterflow.ledger.ledger import Ledger
    from waterflow.ledger.rows import rows_of
    from waterflow.report.ledger_log_text import merged_text

    # nobody may add to what is being replaced
    with alone(args.out):
        read = [read_ledger(path) for path in args.ledgers]
        content = _merged(args.out, read)
    # lines anew: those of the file just written
    found = Ledger(rows_of(content)[0])
    return merged_text(found, read, [str(path) for path in args.ledgers], str(args.out))


def _merged(out: Path, read: list[Ledger]) -> bytes:
    """Write the merged ledger; one that stands there may lose no row."""
    from waterflow.errors import Problem
    from waterflow.files import is_file, write
    from waterflow.ledger.files import ledger_bytes, read_ledger
    from waterflow.ledger.merging import merged

    found = merged(read)
    if is_file(out):
        missing = [row for row in read_ledger(out).rows if row.digest not in found.by_digest]
        if missing:
            allowed = say("a new file, or one whose rows are all in the ledgers merged")
            lost = say("a ledger with rows that none of these has, the first in line {line}", line=missing[0].line)
            raise Problem("already-there", f"--out {out}", lost, allowed, say("Merge it too.")).refusal()
    content = ledger_bytes(found.rows)
    write(out, content, "--out")
    return content
