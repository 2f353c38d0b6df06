"""The log of a ledger as text, and what a merge made."""

from __future__ import annotations

from collections.abc import Sequence

from waterflow.ledger.ledger import Ledger
from waterflow.ledger.rows import Row
from waterflow.ledger.status import disagreeing
from waterflow.report.ledger_tables import disagreements_text
from waterflow.report.names import quantity_called
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.layout import columns, paragraph
from waterflow.words.numbers import unit

__all__ = ["log_text", "merged_text"]

KINDS = {
    "plan": mark("plan"),
    "fact": mark("fact"),
    "forecast": mark("forecast"),
    "season": mark("season"),
    "place": mark("place"),
    "way": mark("way"),
    "clause": mark("clause"),
    "limit": mark("limit"),
    "holder": mark("holder"),
}


def log_text(book: Ledger, rows: Sequence[Row], count: int) -> str:
    """Rows with who typed them and when, and what corrects what."""
    head = [
        say("row"),
        say("typed"),
        say("by"),
        say("kind"),
        say("place"),
        say("quantity"),
        say("period"),
        say("value"),
        say("source"),
        "",
    ]
    body = [_row(book, row) for row in rows]
    told = columns(head, body, 7, width=None)
    if count > len(rows):
        told += "\n" + say_many("{count} row before them.", "{count} rows before them.", count - len(rows))
    if book.torn:
        lines = ", ".join(map(str, book.torn))
        told += "\n" + say("Torn while it was written, and set aside: line {lines}.", lines=lines)
    return told + "\n" + digest_told(book) + "\n"


def digest_told(book: Ledger) -> str:
    """The digest, and what it shows."""
    about = {"rows": say_many("{count} row", "{count} rows", len(book.rows)), "digest": book.digest[:12]}
    return paragraph(say("{rows}, digest {digest}. It shows that no row was changed, lost or put in between; not who wrote them.", **about))


def _row(book: Ledger, row: Row) -> list[str]:
    value = f"{float(row['value']):g} {unit(row['unit'])}" if row["value"] != "" else str(row["party"] or row["plan"])
    return [
        str(row.line),
        str(row["typed"])[:16].replace("T", " "),
        row["by"],
        say(KINDS[row.kind]),
        str(row["place"]),
        quantity_called(row["quantity"]) if row["quantity"] else "",
        str(row["period"]),
        value,
        str(row["source"]),
        _told(book, row),
    ]


def _told(book: Ledger, row: Row) -> str:
    """What a row corrects, what corrects it, and its note."""
    told = []
    before = book.by_digest.get(row.corrects)
    if before is not None:
        told.append(say("corrects line {line}", line=before.line))
    if (after := book.corrected.get(row.digest)) is not None:
        told.append(say("corrected by line {line}", line=after.line))
    return "; ".join([*told, *filter(None, [str(row["note"])])])


def merged_text(found: Ledger, read: Sequence[Ledger], names: Sequence[str], out: str) -> str:
    """What each ledger brought, what they have together, and where they disagree."""
    shared = set.intersection(*({row.digest for row in book.rows} for book in read))
    head = [say("ledger"), say("rows"), say("of them in\nno other"), say("torn lines"), say("digest")]
    rows = []
    for k, (name, book) in enumerate(zip(names, read, strict=True)):
        others = {row.digest for j, other in enumerate(read) if j != k for row in other.rows}
        alone = sum(row.digest not in others for row in book.rows)
        rows.append([name, str(len(book.rows)), str(alone), str(len(book.torn)), book.digest[:12]])
    rows.append([out, str(len(found.rows)), "", "", found.digest[:12]])
    told = [columns(head, rows, 1, width=None)]
    told.append(say_many("{count} row is in all of them.", "{count} rows are in all of them.", len(shared)))
    apart = disagreements_text(disagreeing(found))
    told.append(apart or say("No figure is given differently."))
    return "\n".join([*told, digest_told(found)]) + "\n"
