"""Figures of clauses that are far from what they could count: another unit, or a slip of a thousand. Told, never refused."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.basin.agreements import ClauseRow
from waterflow.basin.river import River
from waterflow.words.catalogue import say
from waterflow.words.numbers import quantity

__all__ = ["clause_warnings"]

#: a figure below this share of what there could be, or above this many times it, is told
FAR_BELOW, FAR_ABOVE = 1e-3, 30.0


def clause_warnings(basin: River) -> Iterator[str]:
    """A sentence for each clause whose figure is a thousandth of what its row could count, or several times all of it."""
    carrying = {row.clause for row in basin.clause_rows.values() if row.carried}
    for name, clause in basin.clauses.items():
        if clause.carry_over and name not in carrying and any(row.clause == name for row in basin.clause_rows.values()):
            yield say("clause {clause}: carry_over has no later figure to go to; what is unmet is not owed again.", clause=name)
    told = set()
    for row in basin.clause_rows.values():
        usual, stored = _there(basin, row)
        figure, most = abs(row.figure), usual + stored
        if row.clause in told or not figure or not usual:
            continue
        about = {"clause": row.name, "figure": quantity(figure, row.unit)}
        if figure > FAR_ABOVE * most:
            about["most"] = quantity(most, row.unit)
            yield say("clause {clause}: {figure}, where there is hardly more than {most}. Another unit?", **about)
        elif figure < FAR_BELOW * usual:
            about["usual"] = quantity(usual, row.unit)
            yield say("clause {clause}: {figure}, where there is about {usual}. Another unit?", **about)
        else:
            continue
        told.add(row.clause)


def _there(basin: River, row: ClauseRow) -> tuple[float, float]:
    """Roughly what a row could count: runoff above its reaches, needs, full storages, the receiver's power demand; and what is stored."""
    members: dict[str, dict[str, set[int]]] = {}
    for unknown, index, _ in row.terms:
        if len(index) > 1:
            members.setdefault(unknown, {}).setdefault(index[0], set()).add(basin.calendar.position[index[1]])
    usual = sum(sum(basin.demands[d].need[k] for k in ks) for d, ks in members.get("delivery", {}).items())
    usual += sum(basin.reservoirs[r].full_storage for r in members.get("storage", {}))
    for name, ks in members.get("exchanged", {}).items() if row.unit == "GWh" else ():
        receiver = basin.power.get(basin.exchanges[name].receiver)
        usual += sum(receiver.demand[k] for k in ks) if receiver and receiver.demand else 0.0
    flows = members.get("flow", {})
    above = {node for a in flows for node in basin.paths.above(basin.reaches[a].start)}
    inside = {k for ks in flows.values() for k in ks}
    usual += sum(basin.runoff[n][k] for n in above if n in basin.runoff for k in inside)
    return usual, sum(basin.reservoirs[n].opening_storage for n in above if n in basin.reservoirs)
