"""What clauses are made of: figures with their days, quantities of the plan, and what every clause has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.units import FACTORS
from waterflow.words.catalogue import say

__all__ = [
    "ClauseBase",
    "Day",
    "Energy",
    "InUnits",
    "Measure",
    "Rate",
    "Rule",
    "RunoffClass",
    "Stand",
    "Stored",
    "Volume",
]

RunoffClass = Literal["dry", "normal", "wet"]
Rule = Literal["at_least", "at_most", "exactly"]
Stand = Literal["signs", "observer", "refuses"]


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _no_slash(name: str) -> str:
    """A name whose rows cannot be taken for those of another: they are called by it, a slash and their days."""
    if "/" in name or name != name.strip() or not name:
        message = say("an id without / and without spaces around it")
        raise ValueError(message)
    return name


#: a day of one year (``2025-04-01``), or of every year of the horizon (``04-01``)
Day = Annotated[str, BeforeValidator(_written), Field(pattern=r"^(\d{4}-)?\d{2}-\d{2}$")]


class InUnits(Part):
    """A part whose figures may be written in other units of the same kind: ``amount_km3`` for ``amount_Mm3``.

    ``written_in`` is the unit they are written in, where it is not ours.
    """

    written_in: Literal["", "km3", "TWh", "MWh"] = ""

    @model_validator(mode="before")
    @classmethod
    def _in_ours(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        found = dict(data)
        for key in data:
            quantity, _, unit = str(key).rpartition("_")
            ours, factor = FACTORS.get(unit, ("", 1.0))
            if f"{quantity}_{ours}" in cls.model_fields and key not in cls.model_fields:
                if f"{quantity}_{ours}" in data:
                    message = say("one of {ours} and {other}", ours=f"{quantity}_{ours}", other=str(key))
                    raise ValueError(message)
                found[f"{quantity}_{ours}"] = _times(found.pop(key), factor)
                found["written_in"] = unit
        return found


def _times(value: object, factor: float) -> object:
    """A number times a factor; what is no number is left for the field to refuse."""
    try:
        return float(value) * factor  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return value


class Span(InUnits):
    """Some days in a row, first and last included."""

    start: Day
    end: Day


class Volume(Span):
    """A volume over the whole span, Mm3 (or km3)."""

    amount_Mm3: Nonnegative


class Rate(Span):
    """A flow in every period of the span, m3/s."""

    flow_m3s: Nonnegative


class Energy(Span):
    """Energy over the whole span, GWh (or TWh, MWh)."""

    energy_GWh: Nonnegative


class Stored(InUnits):
    """Storage on a date, which is that at the end of the day before, Mm3 (or km3)."""

    date: Day
    amount_Mm3: Nonnegative


class Measure(Part):
    """One quantity of the plan: what leaves a reservoir or enters a reach, comes to a node, is withdrawn, or is stored.

    Exactly one of the names; ``withdrawal`` is a party (its limited demands) or one demand. A storage has a ``date``,
    anything else a ``start`` and an ``end``.
    """

    release: str = ""
    flow: str = ""
    arriving: str = ""
    withdrawal: str = ""
    storage: str = ""
    start: Day | None = None
    end: Day | None = None
    date: Day | None = None

    @property
    def chosen(self) -> tuple[str, str]:
        """What is measured, and where."""
        names = {n: getattr(self, n) for n in ("release", "flow", "arriving", "withdrawal", "storage") if getattr(self, n)}
        return next(iter(names.items()))

    @model_validator(mode="after")
    def _one_thing(self) -> Measure:
        names = [n for n in ("release", "flow", "arriving", "withdrawal", "storage") if getattr(self, n)]
        spans = self.start is not None and self.end is not None and self.date is None
        dated = self.start is None and self.end is None and self.date is not None
        if len(names) != 1 or not (dated if names == ["storage"] else spans):
            message = say("one of release, flow, arriving, withdrawal with start and end, or storage with date")
            raise ValueError(message)
        return self


class ClauseBase(Part):
    """What every clause has.

    Attributes
    ----------
    name : str
        The ``id`` of the file, unique among the agreements in force.
    title, title_ru, text, text_ru : str
        The name and the wording; those in Russian may be left out.
    giver, receivers : str and tuple of str
        The party that owes, and those it is owed to.
    signatories : dict
        What each party does: ``signs``, ``observer`` or ``refuses``.
    source, assumed : str
        A key of ``sources.yaml``, the reasoning of an assumption, or both.
    in_force : bool
        False leaves the clause in the text and out of the program.
    concession_price : float or None
        Makes the clause soft: million USD for each unit it is missed by (USD per m3, USD per kWh).
    runoff : tuple
        Classes of runoff in which the clause holds; empty for all.
    carry_over : float
        Share of what is unmet in one figure that is added to the next; a hard clause must then be made good by its last.
    """

    name: Annotated[str, AfterValidator(_no_slash)]
    title: str
    title_ru: str = ""
    text: str
    text_ru: str = ""
    giver: str = ""
    receivers: tuple[str, ...] = ()
    signatories: dict[str, Stand] = {}
    source: str = ""
    assumed: str = ""
    in_force: bool = True
    concession_price: Nonnegative | None = None
    runoff: tuple[RunoffClass, ...] = ()
    carry_over: Share = 0.0

    @property
    def hard(self) -> bool:
        """True if a plan must keep it."""
        return self.concession_price is None

    @model_validator(mode="after")
    def _backed(self) -> ClauseBase:
        if not self.source and not self.assumed:
            message = say("neither source nor assumed; say where the clause comes from, or why it is assumed")
            raise ValueError(message)
        return self
