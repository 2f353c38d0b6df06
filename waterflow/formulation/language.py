"""The words every process speaks: `Unknown`, `Given`, `Coefficient` and `Equation`. No Pyomo here.

An unknown is decided by the solver. A given is known and may change between solves (runoff, need, a
target): it enters linearly and ends up on the right-hand side, never in a bound and never times an
unknown. A coefficient is known too and stands in front of one unknown in one equation (a plant's energy
rate). An equation is a rule whose statement is its docstring; it is written "what there is - what is
used", ``== 0`` or ``>= 0``, so that every dual means the same: what one more unit of what there is does
to the stage's value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from waterflow.basin.basin import Basin

__all__ = ["DIMENSIONS", "SETS", "Coefficient", "Equation", "Formulation", "Given", "Unknown", "nonnegative"]

Bounds = tuple[float | None, float | None]


def nonnegative(_basin: Basin, *_index: str) -> Bounds:
    """Zero or more."""
    return (0.0, None)


def _seasons(basin: Basin) -> tuple[str, ...]:
    return tuple(str(window) for window, _ in basin.calendar.seasons)


#: every index set: its members, from the basin alone
SETS: dict[str, Callable[[Basin], tuple[str, ...]]] = {
    "periods": lambda b: b.calendar.labels,
    "seasons": _seasons,
    "nodes": lambda b: tuple(b.nodes),
    "reaches": lambda b: tuple(b.reaches),
    "reservoirs": lambda b: tuple(b.reservoirs),
    "storage_rules": lambda b: tuple(b.storage_rules),
    "end_values": lambda b: tuple(b.end_values),
    "demands": lambda b: tuple(b.demands),
    "limits": lambda b: tuple(b.limits),
    "floors": lambda b: tuple(b.floors),
    "targets": lambda b: tuple(b.targets),
    "threshold_shares": lambda b: tuple(b.threshold_shares),
    "plants": lambda b: tuple(b.plants),
    "head_plants": lambda b: b.head_plants,
    "head_lines": lambda b: tuple(b.head_lines),
    "power_parties": lambda b: tuple(sorted(p for p, s in b.power.items() if s.demand)),
    "supplies": lambda b: tuple(b.supplies),
    "exports": lambda b: tuple(b.exports),
    "unserved_blocks": lambda b: tuple(b.unserved_blocks),
    "power_claims": lambda b: tuple(b.power_claims),
    "clause_rows": lambda b: tuple(b.clause_rows),
    "exchanges": lambda b: tuple(b.exchanges),
    "delivery_blocks": lambda b: tuple(b.delivery_blocks),
    "target_blocks": lambda b: tuple(b.target_blocks),
}

#: an index set is called by its plural, a dimension of the Dataset by its singular
DIMENSIONS: dict[str, str] = {
    "periods": "period",
    "seasons": "season",
    "nodes": "node",
    "reaches": "reach",
    "reservoirs": "reservoir",
    "storage_rules": "storage_rule",
    "end_values": "end_value",
    "demands": "demand",
    "limits": "limit",
    "floors": "floor",
    "targets": "target",
    "threshold_shares": "threshold_share",
    "plants": "plant",
    "head_plants": "head_plant",
    "head_lines": "head_line",
    "power_parties": "power_party",
    "supplies": "supply",
    "exports": "export",
    "unserved_blocks": "unserved_block",
    "power_claims": "power_claim",
    "clause_rows": "clause_row",
    "exchanges": "exchange",
    "delivery_blocks": "delivery_block",
    "target_blocks": "target_block",
}


@dataclass(frozen=True)
class Unknown:
    """Something the solver decides, with its unit, its meaning and its simple limits."""

    name: str
    over: tuple[str, ...]
    unit: str
    meaning: str
    bounds: Callable[..., Bounds] = nonnegative


@dataclass(frozen=True)
class Given:
    """Something known that may change between solves without building the program again."""

    name: str
    over: tuple[str, ...]
    unit: str
    meaning: str
    value: Callable[..., float]


@dataclass(frozen=True)
class Coefficient:
    """A number in front of an unknown that may change between solves: entry ``(equation[i], unknown[of(i)])`` for each i.

    Where it is zero the program has no such entry; from zero and to zero it cannot change. ``of`` tells which
    entry of the unknown belongs to a row; without it, the one with the row's own index.
    """

    name: str
    equation: str
    unknown: str
    unit: str
    value: Callable[..., float]
    of: Callable[..., tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Equation:
    """A law or a rule: one function, indexed; it returns None where it has nothing to say.

    ``clause`` marks what people decided (an agreed storage, a limit): if no plan exists, only clauses are
    blamed, never physics.
    """

    rule: Callable[..., Any]
    over: tuple[str, ...]
    unit: str
    clause: bool = False

    @property
    def name(self) -> str:
        """The function's name: the row's name, the dual's name and the heading in the docs."""
        return self.rule.__name__

    @property
    def statement(self) -> str:
        """The law in plain words: the first line of the docstring."""
        return (self.rule.__doc__ or "").strip().splitlines()[0]


@dataclass(frozen=True)
class Formulation:
    """The linear program of a basin, ready to be walked row by row.

    Attributes
    ----------
    unknowns, givens : dict of pyomo Var
    equations : dict of callables
        Each yields ``(index, relation)`` for every row it has.
    expressions : dict of callables
        Each returns what a stage may minimise.
    coefficients : dict of (equation, unknown, of)
        Entries that may change, of a row of the equation and the column ``of`` its index; the same index if None.
    """

    unknowns: dict[str, Any]
    givens: dict[str, Any]
    equations: dict[str, Callable[[], Iterator[tuple[tuple[str, ...], Any]]]]
    expressions: dict[str, Callable[[], Any]]
    coefficients: dict[str, tuple[str, str, Callable[..., tuple[str, ...]] | None]] = field(default_factory=dict)
