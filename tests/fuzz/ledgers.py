"""Changes to a ledger: its bytes, its lines, and what rows say with the chain made whole again."""

from __future__ import annotations

import json

from tests.fuzz.changes import Change, change_bytes, change_structure
from waterflow.ledger.files import ledger_bytes
from waterflow.ledger.rows import BEGINNING, chained


def change_ledger(draw, content):
    """A ledger with something changed; half of the time by somebody who can chain its rows again."""
    how = draw.choice(("bytes", "lines", "said", "said", "said", "rows"))
    if how == "bytes":
        return change_bytes(draw, content)
    lines = content.splitlines()
    row = draw.randrange(len(lines))
    if how == "lines":
        kind = draw.choice(("twice", "lost", "moved", "cut", "crlf", "none"))
        if kind == "twice":
            lines.insert(row, lines[row])
        elif kind == "lost":
            del lines[row]
        elif kind == "moved":
            lines.insert(draw.randrange(len(lines)), lines.pop(row))
        elif kind == "cut":
            lines[row] = lines[row][: draw.randrange(len(lines[row]))]
        elif kind == "none":
            lines.insert(row, draw.choice((b"", b"{}", b"null", b"\xff" * 80, b'{"kind": "fact"}', b"[" * 1000)))
        return Change(f"line {row + 1} {kind}", (b"\r\n" if kind == "crlf" else b"\n").join(lines) + b"\n")
    said = [json.loads(line) for line in lines]
    what = "a row lost"
    if how == "rows":
        del said[row]
    else:
        changed, what, _ = change_structure(draw, said[row])
        said[row] = changed if isinstance(changed, dict) else said[row]
    return Change(f"row {row + 1}: {what}, chained again", chained_again(said) or content)


def chained_again(said):
    """Rows with the chain made whole; None where they are no JSON."""
    rows, prev = [], BEGINNING
    for row in said:
        plain = {k: v for k, v in row.items() if k not in ("prev", "digest", "by", "typed")}
        plain = {"kind": plain.pop("kind", "fact"), **plain}
        try:
            rows += chained([plain], prev, row.get("by", ""), row.get("typed", ""))
        except (ValueError, RecursionError):
            return None
        prev = rows[-1].digest
    return ledger_bytes(rows)
