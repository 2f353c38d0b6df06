"""Rules: what may be blamed when no plan exists, each with its name, its figure and whose it is.

Two kinds. What people agreed: the rows of every equation that is marked as a clause, one rule for each owner of
rows (an agreement's clause is one rule with all its periods). What works and storages can do: the limits of
storage and the capacities of reaches, canals, turbines, supplies and exports. The laws of water and energy are no rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.agreements import Clause
from waterflow.basin.basin import Basin
from waterflow.basin.clause_power import PowerClause
from waterflow.basin.part import Part
from waterflow.formulation.language import Equation
from waterflow.solver.compile import Component, Program

__all__ = ["NOTICED", "Rule", "clause_of", "owner_of", "rules_of"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
NONE = np.array([], dtype=np.intp)

#: a rule counts as broken by more than this, Mm3 or GWh: a thousand m3, what a table rounds away
NOTICED = 1e-3
#: unknowns whose bounds are works, and their unit
WORKS = {"storage": "Mm3", "flow": "Mm3", "delivery": "Mm3", "turbined": "Mm3", "supplied_power": "GWh", "exported_power": "GWh"}


@dataclass(frozen=True, eq=False)
class Rule:
    """Something that can be dropped or eased; `waterflow.report.rule_words` says it.

    Attributes
    ----------
    kind : str
        The equation that holds it, the unknown it bounds, ``storage_lowest`` or ``storage_full``.
    owner : str
        Whose rows or bounds they are: ``mountain/at_least/2025-10-01``, ``mountain``.
    unit : str
    figure : float
        Its own figure, of which a concession is a share: the sum over its rows.
    place : str
        Where or for whom it holds: a reservoir, reach, demand, plant, party or clause.
    part : Part or None
        What of the basin has its title and wording, if anything has.
    when : str
        A period or a window; empty where it holds always or by itself says when.
    parties : tuple of str
        Who is bound by it; empty where nobody is named.
    rows : array
        Rows of the program that hold it (what was agreed).
    columns : array
        Unknowns whose bound it is (works), ``upper`` telling which bound.
    works : bool
        True if rows of it are what works can do, too.
    """

    kind: str
    owner: str
    unit: str
    figure: float
    place: str = ""
    part: Part | None = None
    when: str = ""
    parties: tuple[str, ...] = ()
    rows: Positions = field(default_factory=lambda: NONE)
    columns: Positions = field(default_factory=lambda: NONE)
    upper: bool = False
    works: bool = False

    @property
    def name(self) -> str:
        """``storage_held[mountain/at_least/2025-10-01]``, ``storage_full[mountain]``."""
        return f"{self.kind}[{self.owner}]"

    @property
    def agreed(self) -> bool:
        """True if people decided it."""
        return len(self.rows) > 0 and not self.works


def rules_of(basin: Basin, program: Program, givens: Floats, equations: Sequence[Equation]) -> list[Rule]:
    """Every rule of a basin's program, what was agreed first.

    Parameters
    ----------
    basin : Basin
        Its names are used, nothing else.
    program : Program
    givens : array (givens,)
    equations : sequence of Equation
    """
    agreed = [rule for e in equations if e.clause for rule in _clauses(basin, program, givens, e)]
    works = [rule for e in equations if e.works for rule in _outlets(basin, program, givens, e)]
    return [*agreed, *(rule for unknown in WORKS for rule in _works(basin, program, unknown)), *works]


def _owners(basin: Basin, component: Component) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """The rows or unknowns of each owner: the first name of an index, or the clause a row belongs to."""
    owned: dict[str, list[tuple[str, ...]]] = {}
    for index in component.index:
        owned.setdefault(clause_of(basin, index[0]), []).append(index)
    yield from owned.items()


def clause_of(basin: Basin, row: str) -> str:
    """The clause of an agreement that a row belongs to, with its unit if the clause has rows in several; else the name."""
    rows = basin.clause_rows
    if row not in rows:
        return row
    clause = rows[row].clause
    units = {r.unit for r in rows.values() if r.clause == clause}
    return clause if len(units) == 1 else f"{clause}/{rows[row].unit}"


def _clauses(basin: Basin, program: Program, givens: Floats, equation: Equation) -> Iterator[Rule]:
    component, sides = program.equations[equation.name], program.right_hand_side(givens)
    stated = program.givens.get(equation.agreed)
    for owner, indices in _owners(basin, component):
        rows = np.array([component.position[i] for i in indices], dtype=np.intp)
        if stated is not None and all(i in stated.position for i in indices):
            figure = float(np.abs(givens[[stated.position[i] for i in indices]]).sum())
        else:
            figure = float(np.abs(sides[rows]).sum())
        yield _agreed(basin, Rule(equation.name, owner, equation.unit, figure, place=owner, rows=rows))


def _agreed(basin: Basin, rule: Rule) -> Rule:
    """A clause with where and when it holds and whom it binds."""
    if rule.owner in basin.storage_rules:
        stored = basin.storage_rules[rule.owner]
        place, when = stored.reservoir, basin.calendar.labels[stored.period]
        return replace(rule, place=place, part=basin.nodes[place], when=when, parties=owner_of(basin, place))
    if rule.owner in basin.flow_rules:
        flows = basin.flow_rules[rule.owner]
        place, when = rule.owner.partition("/")[0], basin.calendar.labels[flows.period]
        return replace(rule, place=place, part=flows, when=when, parties=(flows.party,) if flows.party else ())
    if rule.owner in basin.limits:
        limit = basin.limits[rule.owner]
        return replace(rule, place=limit.party, when=str(limit.window), parties=(limit.party,))
    name, _, unit = rule.owner.partition("/")
    clause = basin.clauses.get(name)
    if clause is None:
        return rule
    units = [r.unit for r in basin.clause_rows.values() if r.clause == name]
    return replace(rule, place=name, part=clause, unit=unit or next(iter(units), rule.unit), parties=_bound(clause))


def _outlets(basin: Basin, program: Program, givens: Floats, equation: Equation) -> Iterator[Rule]:
    """What outlets pass at the storages there are: one rule for each reach, of all its lines and periods."""
    component, sides = program.equations[equation.name], program.right_hand_side(givens)
    owned: dict[str, list[int]] = {}
    for index in component.index:
        owned.setdefault(basin.outlet_lines[index[0]][0], []).append(component.position[index])
    for reach, found in owned.items():
        rows = np.array(found, dtype=np.intp)
        figure = float(np.abs(sides[rows]).sum())
        yield Rule(equation.name, reach, equation.unit, figure, place=reach, part=basin.reaches[reach], rows=rows, works=True)


def _works(basin: Basin, program: Program, unknown: str) -> Iterator[Rule]:
    component = program.unknowns.get(unknown)
    if component is None:
        return
    homes: dict[str, Mapping[str, Part]] = {
        "storage": basin.nodes,
        "flow": basin.reaches,
        "delivery": basin.demands,
        "turbined": basin.plants,
    }
    for owner, indices in _owners(basin, component):
        columns = np.array([component.position[i] for i in indices], dtype=np.intp)
        part = homes.get(unknown, {}).get(owner)
        sides = (("lowest", False, program.lower[columns]), ("full", True, program.upper[columns]))
        for side, upper, bounds in sides:
            bound = columns[np.isfinite(bounds) & (upper | (bounds > 0))]
            if len(bound):
                kind = f"storage_{side}" if unknown == "storage" else unknown
                figure = float((program.upper if upper else program.lower)[bound].sum())
                yield Rule(kind, owner, WORKS[unknown], figure, place=owner, part=part, columns=bound, upper=upper)


def owner_of(basin: Basin, reservoir: str) -> tuple[str, ...]:
    """The party a reservoir belongs to: its owner if it has one, or whose plants stand below it."""
    stated = basin.reservoirs[reservoir].owner
    if stated:
        return (stated,)
    below = basin.paths.departing[reservoir]
    return tuple(sorted({p.party for p in basin.plants.values() if p.reach in below}))


def _bound(clause: Clause) -> tuple[str, ...]:
    """The parties a clause binds: the one that gives, or all that signed."""
    if isinstance(clause, PowerClause):
        return tuple(giver.party for giver in clause.gives)
    return (clause.giver,) if clause.giver else tuple(p for p, stand in clause.signatories.items() if stand == "signs")
