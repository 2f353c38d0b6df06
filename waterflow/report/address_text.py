"""Addresses of figures as text, as rows and as facts."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from typing import Any

from waterflow.basin.addresses import Addressed
from waterflow.basin.basin import Basin
from waterflow.words.catalogue import say
from waterflow.words.layout import columns, paragraph
from waterflow.words.numbers import number, places

__all__ = ["address_csv", "address_facts", "address_text"]


def address_facts(found: Sequence[Addressed]) -> list[dict[str, Any]]:
    """Each address with its present figure, the sum of those it means where they are several."""
    return [{"address": x.address, "value": math.fsum(x.values), "unit": x.given.unit, "figures": len(x.values)} for x in found]


def address_csv(found: Sequence[Addressed]) -> str:
    """The same as rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["address", "value", "unit", "figures"])
    writer.writerows(list(x.values()) for x in address_facts(found))
    return text.getvalue()


def address_text(basin: Basin, found: Sequence[Addressed]) -> str:
    """The same as a table, with how they are used."""
    if not found:
        return say("No address has these texts in it.") + "\n"
    rows = [[x["address"], number(x["value"], places([x["value"]])), x["unit"]] for x in address_facts(found)]
    heads = [say("Address"), say("now"), say("unit")]
    return "\n".join([columns(heads, rows), "", *map(paragraph, _used(basin, found))]) + "\n"


def _used(basin: Basin, found: Sequence[Addressed]) -> Iterator[str]:
    """How addresses are used, with one of these."""
    first = found[0].address
    yield say("Ask: {example}", example=f"waterflow allocate {basin.name} --set {first}=x0.9")
    labels, (start, end) = basin.calendar.labels, (basin.calendar.start, basin.calendar.end)
    yield say("A figure by period may end in a period too ({first} to {last}); a volume over several is their sum.", first=labels[0],
              last=labels[-1])  # fmt: skip
    yield say("Instead of a name: all, a place, a party, a use or a clause, with a factor (x0.9).")
    told = say("A rule of storage may be added: {word}.RESERVOIR.DATE, with a date from {start} to {end}.", word="storage_at_least",
               start=start, end=end)  # fmt: skip
    yield told
