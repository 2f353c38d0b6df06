"""Agreements in force: the rows their clauses make, and the basin with one of them out of force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from waterflow.basin.agreements import Agreement, ClauseRow, Exchange
from waterflow.basin.basin import Basin
from waterflow.basin.clause_maker import Maker
from waterflow.basin.clause_parts import RunoffClass
from waterflow.basin.clause_types import CLAUSE_TYPES
from waterflow.basin.energy import Export, Supply
from waterflow.basin.part import Series
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["at_runoff", "classes_of", "under", "without"]


def under(basin: Basin, agreements: Iterable[Agreement]) -> Basin:
    """The same basin under agreements, in place of those it had.

    A condition on the class of runoff is judged now, on the basin's own runoff; a clause that is not in force has no row.

    Parameters
    ----------
    basin : Basin
    agreements : iterable of Agreement

    Raises
    ------
    InputError
        If a clause names something the basin does not have, leaves its horizon, or has the id of another; names them all.
    """
    laid = list(agreements)
    found = {a.name: a for a in laid}
    problems = [
        Problem("twice", say("agreement {name}", name=name), name, say("each agreement once")) for name in found if _count(laid, name) > 1
    ]
    rows: dict[str, ClauseRow] = {}
    exchanges: dict[str, Exchange] = {}
    # lines that clauses bring with them go with their clauses
    supplies = {name: x for name, x in basin.supplies.items() if not x.clause}
    exports = {name: x for name, x in basin.exports.items() if not x.clause}
    seen: set[str] = set()
    for agreement in found.values():
        for clause in agreement.clauses:
            maker = Maker(basin, agreement, clause)
            made = list(CLAUSE_TYPES[clause.type](maker)) if maker.holds() else []
            problems += maker.problems
            rows |= {row.name: row for row in made}
            exchanges |= maker.exchanges
            problems += _twice(maker, [*supplies.values(), *exports.values()])
            supplies |= maker.supplies
            exports |= maker.exports
            if clause.name in seen:
                problems.append(Problem("twice", maker.where, clause.name, say("an id that no other clause has")))
            seen.add(clause.name)
    if problems:
        raise InputError(problems)
    made_of: dict[str, dict[str, Any]] = {
        "agreements": found,
        "clause_rows": rows,
        "exchanges": exchanges,
        "supplies": supplies,
        "exports": exports,
    }
    return basin.replaced(**{field: dict(sorted(x.items())) for field, x in made_of.items()})


def classes_of(basin: Basin, runoff: Mapping[str, Sequence[float]]) -> tuple[RunoffClass, ...]:
    """The class that some runoff is in, for each agreement of a basin with a clause that asks for one."""
    asking = (a.runoff_classes for a in basin.agreements.values() if any(c.in_force and c.runoff for c in a.clauses))
    return tuple(classes.of(runoff) for classes in asking if classes)


def at_runoff(basin: Basin, runoff: Mapping[str, Series]) -> Basin:
    """The same basin with other runoff: a clause that holds in some classes of runoff alone is judged again.

    Figures that were changed, as by a question, stay changed.

    Parameters
    ----------
    basin : Basin
    runoff : mapping of node to series
        Of the nodes that have runoff, Mm3 per period.
    """
    wet = basin.replaced(runoff=dict(runoff))
    if classes_of(basin, runoff) == classes_of(basin, basin.runoff):
        return wet
    laid = under(wet, basin.agreements.values())
    fields = ("clause_rows", "exchanges", "supplies", "exports")
    return laid.replaced(**{f: {name: getattr(basin, f).get(name, x) for name, x in getattr(laid, f).items()} for f in fields})


def _twice(maker: Maker, lines: list[Supply | Export]) -> list[Problem]:
    """Lines of its own that a clause shares with another: their capacity would be nobody's."""
    there = {(type(x), x.party, x.line) for x in lines if x.clause}
    new: list[Supply | Export] = [*maker.supplies.values(), *maker.exports.values()]
    shared = {x.line for x in new if (type(x), x.party, x.line) in there}
    return [Problem("twice", f"{maker.where}, way.line", line, say("a line that no other clause brings")) for line in sorted(shared)]


def _count(agreements: list[Agreement], name: str) -> int:
    return sum(a.name == name for a in agreements)


def without(basin: Basin, clause: str) -> Basin:
    """The same basin with one clause of its agreements out of force.

    Raises
    ------
    InputError
        If no clause in force has that id.
    """
    if clause not in basin.clauses:
        known = ", ".join(basin.clauses) or say("none: no agreement is in force")
        raise Problem("unknown-clause", say("clause {clause}", clause=clause), clause, known, slip(clause, basin.clauses)).refusal()
    rest: list[Agreement] = []
    for agreement in basin.agreements.values():
        kept = tuple(c.model_copy(update={"in_force": False}) if c.name == clause else c for c in agreement.clauses)
        rest.append(agreement.model_copy(update={"clauses": kept}))
    return under(basin, rest)
