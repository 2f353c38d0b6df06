"""The words every process speaks: `Unknown`, `Given`, `Coefficient` and `Equation`. No Pyomo here.

An unknown is decided by the solver. A given is known and may change between solves (runoff, need, a
target): it enters linearly and ends up on the right-hand side, never in a bound and never times an
unknown. A coefficient is known too and stands in front of one unknown in one equation (a plant's energy
rate). An equation is a rule whose statement is its docstring; it is written "what there is - what is
used", ``== 0`` or ``>= 0``, so that every dual means the same: what one more unit of what there is does
to the stage's value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.givens import given_fields
from waterflow.basin.part import UNLIMITED

__all__ = [
    "Claim",
    "Coefficient",
    "Equation",
    "Formulation",
    "Given",
    "Unknown",
    "at_most",
    "dimension",
    "given",
    "members",
    "nonnegative",
]

Bounds = tuple[float | None, float | None]


def nonnegative(_basin: Basin, *_index: str) -> Bounds:
    """Zero or more."""
    return (0.0, None)


def at_most(capacity: Sequence[float] | None, k: int) -> float | None:
    """A capacity in one period as an upper bound; none where there is none, or where a figure stands for none (`UNLIMITED`)."""
    return None if capacity is None or capacity[k] >= UNLIMITED else capacity[k]


#: index sets that are no field of the basin
CALENDAR_AND_POWER: dict[str, Callable[[Basin], tuple[str, ...]]] = {
    "periods": lambda b: b.calendar.labels,
    "seasons": lambda b: tuple(b.calendar.season_position),
    "power_parties": lambda b: tuple(sorted(p for p, s in b.power.items() if s.demand)),
}


def members(basin: Basin, name: str) -> tuple[str, ...]:
    """The members of an index set: by the calendar, by who balances power, or the names of the basin's field called so."""
    return CALENDAR_AND_POWER[name](basin) if name in CALENDAR_AND_POWER else tuple(getattr(basin, name))


def dimension(name: str) -> str:
    """An index set is called by its plural, a dimension of the Dataset by its singular."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.removesuffix("es") if name.endswith(("ches", "shes")) else name.removesuffix("s")


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
    """Something known that may change between solves without building the program again; ``tables`` hold its rows."""

    name: str
    over: tuple[str, ...]
    unit: str
    meaning: str
    value: Callable[..., float]
    tables: tuple[str, ...] = ()


def given(name: str, over: tuple[str, ...] | None = None, value: Callable[..., float] | None = None) -> Given:
    """A given that a field of the basin declares (`waterflow.basin.givens`); its value is what stands there.

    Parameters
    ----------
    name : str
    over : tuple of str, optional
        Index sets, where they are not those of its field.
    value : callable, optional
        Where an index may have none.
    """
    home = given_fields(Basin)[name]

    def there(basin: Basin, owner: str, *period: str) -> float:
        held = home.held(basin, owner)
        return float(held[basin.calendar.position[period[0]]] if period else held)

    return Given(name, over or home.over, home.unit, home.meaning, value or there, (home.table,) if home.table else ())


@dataclass(frozen=True)
class Claim:
    """A shortfall that counts in a priority, as a share of the amount claimed.

    ``unknown`` and ``index`` name the shortfall; ``amount`` is what is claimed, in the shortfall's unit.
    """

    unknown: str
    index: tuple[str, ...]
    amount: float


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

    ``agreed`` names the given that people decided (an agreed storage, a limit): if no plan exists, only such
    equations are blamed, never physics. ``works`` tells whose work it is that a rule is about: it stands beside those that
    are blamed, as capacities do.
    """

    rule: Callable[..., Any]
    over: tuple[str, ...]
    unit: str
    agreed: str = ""
    works: str = ""

    @property
    def clause(self) -> bool:
        """True if people decided it."""
        return bool(self.agreed)

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
