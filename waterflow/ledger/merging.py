"""Merging: the rows of several ledgers, each as it was written, in one order that does not depend on which came first.

A row comes after the one it was written after and after the one it corrects; among those that may come, the first typed comes first.
So merging is commutative, associative and idempotent, and nothing is lost.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from waterflow.ledger.ledger import Ledger
from waterflow.ledger.rows import Row

__all__ = ["merged"]


def merged(ledgers: Iterable[Ledger]) -> Ledger:
    """All rows of some ledgers, those that several have once."""
    rows = {row.digest: row for ledger in ledgers for row in ledger.rows}
    return Ledger(tuple(_in_order(rows)))


def _in_order(rows: dict[str, Row]) -> Iterator[Row]:
    after: dict[str, list[str]] = {}
    waits: dict[str, int] = {}
    for digest, row in rows.items():
        before = {d for d in (row.prev, row.corrects) if d in rows}
        waits[digest] = len(before)
        for d in before:
            after.setdefault(d, []).append(digest)
    ready = [(rows[d]["typed"], d) for d, count in waits.items() if not count]
    heapq.heapify(ready)
    while ready:
        _, digest = heapq.heappop(ready)
        yield rows[digest]
        for d in after.get(digest, ()):
            waits[d] -= 1
            if not waits[d]:
                heapq.heappush(ready, (rows[d]["typed"], d))
