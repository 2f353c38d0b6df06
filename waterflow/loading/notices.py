"""What is odd in the chosen rows and may still be meant: told as a warning with its row, never refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from waterflow.loading.tables import Row
from waterflow.loading.timed import unit_slips, usual_of
from waterflow.words.catalogue import mark, say
from waterflow.words.numbers import number, places

__all__ = ["notices"]

#: tables whose figures are looked at: column, whose they are, their unit, and more than any river or country has in a month
LOOKED_AT = {
    "runoff": ("runoff_Mm3", "node", "Mm3", 1e6),
    "needs": ("need_Mm3", "demand", "Mm3", 1e6),
    "power_demand": ("demand_GWh", "party", "GWh", 1e6),
}
#: a figure this many times its fellows is a fill value or in another unit
FAR_ABOVE = 300.0


def notices(rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Sentences about rows that look written in another unit, or like a value that stands for none."""
    for slip in unit_slips(rows.get("runoff", ()), "runoff_Mm3", ("node",), seasonal=False):
        yield say("{where}: {found}. Written in km3, or does the river nearly dry up?", where=slip.where, found=slip.found)
    yield from _never_wet(rows)
    asking = {row.text("party") for row in rows.get("power_demand", ())}
    idle = {row.text("party"): row for row in reversed(rows.get("unserved_blocks", ())) if row.text("party") not in asking}
    for party, row in sorted(idle.items()):
        told = mark("{where}: {party} has no power demand here, so nothing can stay unserved; its blocks are left out.")
        yield say(told, where=row.where, party=party)
    for table, (column, owner, unit, most) in LOOKED_AT.items():
        fellows: dict[str, list[Row]] = {}
        for row in rows.get(table, ()):
            fellows.setdefault(row.text(owner), []).append(row)
        for own in fellows.values():
            yield from _too_large(own, column, unit, most)


def _never_wet(rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Places at the head of the river that nothing gives water: their runoff was forgotten, or they are not needed."""
    fed = {row.text("to_node") for table in ("reaches", "return_flows") for row in rows.get(table, ())}
    fed |= {row.text("node") for row in rows.get("runoff", ())}
    for row in rows.get("nodes", ()):
        if row.text("kind") == "junction" and row.text("node") not in fed:
            told = mark("{where}: no water ever comes to {place}: no reach leads there and runoff.csv has no row for it.")
            yield say(told, where=row.where, place=row.text("node"))


def _too_large(rows: Sequence[Row], column: str, unit: str, most: float) -> Iterator[str]:
    values = [row.number(column) for row in rows]
    for row, value, usual in zip(rows, values, usual_of(values), strict=True):
        about = {"where": f"{row.where}, {column}", "value": _shown(value), "unit": unit}
        if value > most:
            yield say("{where}: {value} {unit} is more than there is anywhere. Another unit?", **about)
        elif usual > 0 and value > FAR_ABOVE * usual:
            told = mark("{where}: {value} {unit}, while its fellows are about {usual}. Another unit, or a value that stands for none?")
            yield say(told, usual=_shown(usual), **about)


def _shown(value: float) -> str:
    return number(value, places([value]))
