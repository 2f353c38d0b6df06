"""What a column and a table of inputs are: names with units, kinds of cells, and whether a row is of a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waterflow.units import split_unit

__all__ = ["CHOICES", "GRADES", "Column", "Table", "column"]

Kind = Literal["name", "text", "number", "count", "date", "day", "choice", "period", "span"]

GRADES = ("official", "observed", "published", "press", "derived", "assumed", "unverified")
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Column:
    """One column. ``signed`` numbers may be negative, a ``ratio`` above 1; a ``flow`` may be written in Mm3 or m3/s.

    An ``optional`` column may be left out; it is empty then, and a number 0.
    """

    name: str
    kind: Kind = "name"
    choices: tuple[str, ...] = ()
    signed: bool = False
    flow: bool = False
    ratio: bool = False
    optional: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """Header names that stand for this column."""
        return (f"{self.name}_m3s", f"{self.name}_Mm3") if self.flow else (self.name,)


@dataclass(frozen=True)
class Table:
    """One table: ``<name>.csv``. ``timed`` tables have a column ``month`` or ``period``, or the one of ``times``.

    Days of a ``yearly`` table may have no year and stand in every one then: those of a ``rate`` wherever they lie in the
    horizon, those of a ``volume`` where it holds all of them.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    timed: bool = False
    yearly: Literal["", "rate", "volume"] = ""
    times: tuple[str, ...] = ("month", "period")

    @property
    def owner(self) -> str:
        """The column that says whose a row is."""
        return next(name for name in self.key if name != "series")

    @property
    def has_series(self) -> bool:
        """True if rows belong to named series, one of which a model picks."""
        return self.columns[0].name == "series"


def column(text: str) -> Column:
    """A column from its name: the unit at its end makes it a number; ``~`` in front lets it be negative, ``?`` be left out."""
    signed = text.startswith("~")
    name = text.lstrip("~?")
    if name in ("month", "block", "lag_months"):
        return Column(name, "count")
    if name in ("start", "end", "date"):
        return Column(name, "date")
    if name in CHOICES:
        return Column(name, "choice", CHOICES[name], optional=text.startswith("?"))
    if name.endswith("_flow"):
        return Column(name.removesuffix("_flow"), "number", flow=True)
    if name in RATIOS:
        return Column(name, "number", ratio=True, optional=text.startswith("?"))
    if name in TEXTS:
        return Column(name, "text", optional=text.startswith("?"))
    if name in UNITLESS or split_unit(name)[1]:
        return Column(name, "number", signed=signed or name in UNITLESS, optional=text.startswith("?"))
    return Column(name, optional=text.startswith("?"))


#: numbers without a unit in their name: places on the schematic, and changes of a column that has its own
UNITLESS = ("x", "y", "low", "high")
TEXTS = ("name", "name_ru", "months", "reaches")
#: shares that may exceed 1
RATIOS = ("runoff_fraction", "low_fraction")
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": (),
    "use": ("drinking", "irrigation", "industry", "environment", "unexplained"),
    "limited": ("yes", "no"),
    "runoff_net_of_evaporation": ("yes", "no"),
    "season": ("growing", "non_growing"),
    "rule": ("at_least", "at_most"),
    "quantity": ("arriving", "release", "storage", "target"),
    "node_kind": ("junction", "reservoir", "lake", "aquifer", "outlet"),
    "recharge_kind": ("reach", "reservoir", "demand"),
    "supply_kind": ("thermal", "hydropower", "import"),
    "known_kind": ("plan", "fact"),
    "owner_kind": ("reservoir", "spill"),
    "range_kind": ("storage", "release"),
    "purpose": ("drinking", "irrigation", "industry", "environment", "unexplained", "target"),
    "part": ("year", "growing", "non_growing"),
    "change": ("factor", "shift"),
    "spillway": ("yes", "no"),
    "wish": ("yes", "no"),
    "from_grade": GRADES,
}
