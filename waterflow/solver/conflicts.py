"""Conflicts: no plan exists, so name what clashes and the least concession. Data are never edited.

The laws of water and energy are kept always, works and storages as long as agreements are to blame. A minimal
clashing set (an irreducible infeasible set, IIS) is found by a deletion filter on the rules that the duals name.
Other sets are found by leaving out each member of a known one in turn and looking again (Reiter, A theory of
diagnosis from first principles, 1987); what is left out when nothing clashes any more is a way out. The search is
bounded by a count, never by a clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError
from waterflow.formulation.language import Equation
from waterflow.solver.compile import Program
from waterflow.solver.elastic import Elastic, Trial
from waterflow.solver.hairline import Dry, dry
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.rules import Rule, rules_of

__all__ = ["Concession", "Conflict", "conflict_of", "diagnose"]

Floats = NDArray[np.float64]
Rules = tuple[Rule, ...]
#: the search for other sets ends with so many sets, or after so many linear programs
MOST_SETS, MOST_TRIALS = 8, 300


@dataclass(frozen=True)
class Concession:
    """How far a rule gives way, in its unit; ``share`` is of its own figure, None where that is zero."""

    rule: Rule
    amount: float

    @property
    def share(self) -> float | None:
        """The concession as a share of the rule's own figure."""
        return self.amount / self.rule.figure if self.rule.figure else None


@dataclass(frozen=True)
class Conflict:
    """Why there is no plan.

    Attributes
    ----------
    clashing : tuple of Rule
        A minimal set of agreed rules that cannot hold together; empty if works alone clash.
    works : tuple of Rule
        The works and storages without which the set could hold.
    others : tuple of tuple of Rule
        Other minimal sets.
    ways_out : tuple of tuple of Rule
        Sets of rules of which giving up one whole set leaves a plan, the smallest first; none with a member to spare.
    complete : bool
        True if no other minimal set exists.
    alone : dict of Concession or None
        By rule of any set: its least concession if it alone gives way; None if that does not mend it.
    by_party : dict of (tuple of Concession) or None
        By party: the least concessions of the rules that bind it, if they alone give way.
    together : tuple of Concession
        The concessions of least sum of shares, all rules giving way.
    dry : tuple of Dry
        Where no agreement is to blame: evaporation beyond what there is. Seepage, constant losses and runoff below zero that
        leave no plan, in any case.
    """

    clashing: Rules = ()
    works: Rules = ()
    others: tuple[Rules, ...] = ()
    ways_out: tuple[Rules, ...] = ()
    complete: bool = True
    alone: dict[Rule, Concession | None] = field(default_factory=dict)
    by_party: dict[str, tuple[Concession, ...] | None] = field(default_factory=dict)
    together: tuple[Concession, ...] = ()
    dry: tuple[Dry, ...] = ()


def _minimal(elastic: Elastic, rules: Collection[Rule], hard: Rules) -> Rules:
    """A minimal set of rules that cannot hold together with the hard ones; those that clash already, narrowed by duals."""
    core = _core(elastic.trial(rules, hard), rules)
    for rule in core:
        if rule in core:
            found = elastic.trial([r for r in core if r is not rule], hard)
            if found.clashes:
                core = tuple(r for r in core if r is not rule and r in found.core)
    return core


def _core(found: Trial, rules: Collection[Rule]) -> Rules:
    among = set(rules)
    return tuple(r for r in found.core if r in among)


def _sets(elastic: Elastic, agreed: Rules, works: Rules) -> tuple[list[Rules], list[frozenset[Rule]], bool]:
    """Minimal clashing sets, ways out, and whether every set was found."""
    found: list[Rules] = []
    out: list[frozenset[Rule]] = []
    waiting, seen = deque([frozenset[Rule]()]), {frozenset[Rule]()}
    while waiting and len(found) < MOST_SETS and elastic.trials < MOST_TRIALS:
        left_out = waiting.popleft()
        if any(way <= left_out for way in out):
            continue
        known = next((c for c in found if left_out.isdisjoint(c)), None)
        if known is None:
            rest = [r for r in agreed if r not in left_out]
            if not elastic.trial(rest, works).clashes:
                out.append(left_out)
                continue
            known = _minimal(elastic, rest, works)
            found.append(known)
        for step in (left_out | {rule} for rule in known):
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return found, out, not waiting


def _given(elastic: Elastic, giving: Rules, agreed: Rules, works: Rules) -> tuple[Concession, ...] | None:
    """The least concessions if only some rules give way; None if that leaves no plan."""
    hard = [r for r in (*agreed, *works) if r not in set(giving)]
    try:
        found = elastic.trial(giving, hard)
    except Infeasible:
        return None
    return tuple(Concession(r, found.given[r]) for r in giving if found.given[r] > 0)


def _works_alone(elastic: Elastic, works: Rules) -> Conflict:
    """Works that clash with the laws, no agreement being in the way."""
    try:
        return Conflict(works=_minimal(elastic, works, ()))
    except Infeasible:
        return Conflict()


def _works_behind(elastic: Elastic, clashing: Rules, works: Rules) -> Rules:
    """The works without which a clashing set could hold; none if water alone forbids it."""
    try:
        return _minimal(elastic, works, clashing)
    except Infeasible:
        return ()


def conflict_of(polyhedron: Polyhedron, rules: Sequence[Rule]) -> Conflict:
    """Why nothing obeys the rows and bounds of a polyhedron.

    Parameters
    ----------
    polyhedron : Polyhedron
    rules : sequence of Rule
        Those of its rows and bounds that may be blamed.
    """
    elastic = Elastic(polyhedron, rules)
    agreed, works = (tuple(r for r in rules if r.agreed is kind) for kind in (True, False))
    try:
        first = elastic.trial(agreed, works)
    except Infeasible:
        return _works_alone(elastic, works)
    if not first.clashes:
        # a hairline: the solver says no by rounding, the rules that stand at it are all there is to name
        return Conflict(clashing=_core(first, agreed), complete=False)
    found, out, complete = _sets(elastic, agreed, works)
    named = tuple(r for r in agreed if any(r in clash for clash in found))
    alone = {r: _given(elastic, (r,), agreed, works) for r in named}
    parties = sorted({p for r in named for p in r.parties})
    return Conflict(
        clashing=found[0],
        works=_works_behind(elastic, found[0], works),
        others=tuple(found[1:]),
        ways_out=tuple(tuple(r for r in agreed if r in way) for way in out),
        complete=complete,
        alone={r: given[0] if given else None for r, given in alone.items()},
        by_party={p: _given(elastic, tuple(r for r in agreed if p in r.parties), agreed, works) for p in parties},
        together=tuple(Concession(r, first.given[r]) for r in agreed if first.given[r] > 0),
    )


def diagnose(basin: Basin, program: Program, givens: Floats, equations: Sequence[Equation]) -> ConflictError:
    """Why a basin has no plan: to be raised by the caller.

    Parameters
    ----------
    basin : Basin
        Its names are used.
    program : Program
    givens : array (givens,)
    equations : sequence of Equation

    Returns
    -------
    ConflictError
        Its ``conflict`` is a `Conflict`; `waterflow.report.conflict_text` says it.
    """
    conflict = conflict_of(Polyhedron.of(program, givens), rules_of(basin, program, givens, equations))
    conflict = replace(conflict, dry=dry(basin, program, givens, clashing=bool(conflict.clashing)))
    given = [c for c in conflict.alone.values() if c is not None]
    return ConflictError(
        tuple(rule.name for rule in (*conflict.clashing, *conflict.works)),
        tuple((c.rule.name, c.amount, c.rule.unit) for c in given),
        conflict,
    )
