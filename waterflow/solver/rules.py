"""Rules: what may be blamed when no plan exists, each with its name, its figure and whose it is.

Two kinds. What people agreed: the rows of every equation that is marked as a clause, one rule for each owner of
rows (an agreement's clause is one rule with all its periods). What works and storages can do: the limits of
storage and the capacities of reaches, canals, turbines, supplies and exports. The laws of water and energy are no rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Equation
from waterflow.solver.compile import Component, Program
from waterflow.words.sentences import LANGUAGES, Language, period, quantity, say

__all__ = ["Rule", "clause_of", "owner_of", "rules_of"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
NONE = np.array([], dtype=np.intp)

#: unknowns whose bounds are works, and their unit
WORKS = {"storage": "Mm3", "flow": "Mm3", "delivery": "Mm3", "turbined": "Mm3", "supplied_power": "GWh", "exported_power": "GWh"}


@dataclass(frozen=True, eq=False)
class Rule:
    """Something that can be dropped or eased.

    Attributes
    ----------
    name : str
        ``storage_held[toktogul/at_least/2025-10-01]``, ``storage_full[toktogul]``.
    titles : dict of str
        What it says, by language.
    unit : str
    figure : float
        Its own figure, of which a concession is a share: the sum over its rows.
    parties : tuple of str
        Who is bound by it; empty where nobody is named.
    rows : array
        Rows of the program that hold it (what was agreed).
    columns : array
        Unknowns whose bound it is (works), ``upper`` telling which bound.
    """

    name: str
    titles: dict[Language, str]
    unit: str
    figure: float
    parties: tuple[str, ...] = ()
    rows: Positions = field(default_factory=lambda: NONE)
    columns: Positions = field(default_factory=lambda: NONE)
    upper: bool = False

    @property
    def agreed(self) -> bool:
        """True if people decided it."""
        return len(self.rows) > 0


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
    return [*agreed, *(rule for unknown in WORKS for rule in _works(basin, program, unknown))]


def _owners(basin: Basin, component: Component) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """The rows or unknowns of each owner: the first name of an index, or the clause a row belongs to."""
    owned: dict[str, list[tuple[str, ...]]] = {}
    for index in component.index:
        owned.setdefault(clause_of(basin, index[0]), []).append(index)
    yield from owned.items()


def clause_of(basin: Basin, row: str) -> str:
    """The clause of an agreement that a row belongs to, with its unit if the clause has rows in several; else the name."""
    rows: dict[str, Any] = getattr(basin, "clause_rows", {})
    if row not in rows:
        return row
    clause = str(rows[row].clause)
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
        titles, parties, unit = _said(basin, equation, owner, figure)
        yield Rule(f"{equation.name}[{owner}]", titles, unit, figure, parties, rows)


def _works(basin: Basin, program: Program, unknown: str) -> Iterator[Rule]:
    component = program.unknowns.get(unknown)
    if component is None:
        return
    for owner, indices in _owners(basin, component):
        columns = np.array([component.position[i] for i in indices], dtype=np.intp)
        sides = (("lowest", False, program.lower[columns]), ("full", True, program.upper[columns]))
        for side, upper, bounds in sides:
            bound = columns[np.isfinite(bounds) & (upper | (bounds > 0))]
            if not len(bound):
                continue
            key = f"storage_{side}" if unknown == "storage" else unknown
            titles = {lang: say(key, lang, place=_place(basin, unknown, owner, lang)) for lang in LANGUAGES}
            figure = float((program.upper if upper else program.lower)[bound].sum())
            yield Rule(f"{key}[{owner}]", titles, WORKS[unknown], figure, columns=bound, upper=upper)


def _place(basin: Basin, unknown: str, owner: str, lang: Language) -> str:
    """How people call the owner of a bound: its title in the language, or any title, or its name."""
    homes: dict[str, Any] = {"storage": basin.nodes, "flow": basin.reaches, "delivery": basin.demands, "turbined": basin.plants}
    part = homes.get(unknown, {}).get(owner)
    titled = getattr(part, f"title_{lang}", "") or getattr(part, "title", "")
    return f"{titled} ({owner})" if titled and titled != owner else owner


def owner_of(basin: Basin, reservoir: str) -> tuple[str, ...]:
    """The party a reservoir belongs to: its owner if it has one, or whose plants stand below it."""
    stated = getattr(basin.reservoirs[reservoir], "owner", "")
    if stated:
        return (stated,)
    below = basin.paths.departing[reservoir]
    return tuple(sorted({p.party for p in basin.plants.values() if p.reach in below}))


def _said(basin: Basin, equation: Equation, owner: str, figure: float) -> tuple[dict[Language, str], tuple[str, ...], str]:
    """What a clause says in each language, whom it binds, and its unit."""
    if owner in basin.storage_rules:
        rule = basin.storage_rules[owner]
        place, parties = rule.reservoir, owner_of(basin, rule.reservoir)
        when = basin.calendar.labels[rule.period]
        return _titles(basin, equation, place, figure, when), parties, equation.unit
    if owner in basin.limits:
        limit = basin.limits[owner]
        return _titles(basin, equation, limit.party, figure, str(limit.window)), (limit.party,), equation.unit
    name, _, unit = owner.partition("/")
    clause = getattr(basin, "clauses", {}).get(name)
    if clause is not None:
        units = [r.unit for r in getattr(basin, "clause_rows", {}).values() if r.clause == name]
        return _texts(clause), _bound(clause), unit or next(iter(units), equation.unit)
    return dict.fromkeys(LANGUAGES, equation.statement.rstrip(".")), (), equation.unit


def _titles(basin: Basin, equation: Equation, owner: str, figure: float, when: str) -> dict[Language, str]:
    return {
        lang: say(
            equation.name,
            lang,
            place=_place(basin, "storage", owner, lang),
            figure=quantity(figure, equation.unit, lang),
            when=period(when, lang),
        )
        for lang in LANGUAGES
    }


def _texts(clause: Any) -> dict[Language, str]:
    """The title of an agreement's clause and its wording."""
    suffixes: dict[Language, str] = {"en": "", "ru": "_ru"}
    return {lang: f"{getattr(clause, f'title{end}')}: {getattr(clause, f'text{end}')}" for lang, end in suffixes.items()}


def _bound(clause: Any) -> tuple[str, ...]:
    """The parties a clause binds: the one that gives, or all that signed."""
    return (clause.giver,) if clause.giver else tuple(p for p, stand in clause.signatories.items() if stand == "signs")
