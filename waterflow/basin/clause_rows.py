"""Agreements in force: the rows their clauses make, and the basin with one of them out of force."""

from __future__ import annotations

from collections.abc import Iterable

from waterflow.basin.agreements import Agreement, ClauseRow, Exchange
from waterflow.basin.basin import Basin
from waterflow.basin.clause_maker import Maker
from waterflow.basin.clause_types import CLAUSE_TYPES
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["under", "without"]


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
    found = {a.name: a for a in agreements}
    problems: list[Problem] = []
    rows: dict[str, ClauseRow] = {}
    exchanges: dict[str, Exchange] = {}
    seen: set[str] = set()
    for agreement in found.values():
        for clause in agreement.clauses:
            maker = Maker(basin, agreement, clause)
            if maker.holds():
                rows |= {row.name: row for row in CLAUSE_TYPES[clause.type](maker)}
            problems += maker.problems
            exchanges |= maker.exchanges
            if clause.name in seen:
                problems.append(Problem("twice", maker.where, clause.name, say("an id that no other clause has")))
            seen.add(clause.name)
    if problems:
        raise InputError(problems)
    in_order = (dict(sorted(x.items())) for x in (found, rows, exchanges))
    return basin.replaced(**dict(zip(("agreements", "clause_rows", "exchanges"), in_order, strict=True)))


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
