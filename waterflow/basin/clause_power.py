"""Electricity under clauses: who gives it, in which parts, by which way."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from waterflow.basin.clause_parts import ClauseBase
from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.words.catalogue import say

__all__ = ["Giver", "PowerClause", "Way"]

Grade = Literal["official", "observed", "published", "press", "derived", "assumed", "unverified"]


class Way(Part):
    """The way of electricity from a giver to a receiver.

    Attributes
    ----------
    line : str
        A line of the tables, over which the power takes the place of other trade; or, with ``additional``, the name of one
        that they do not have.
    additional : bool
        True if the power comes besides the trade of the tables, over a line of its own.
    capacity_MW : float, optional
        Of a line of its own; with what a kWh costs where it is bought, a source and a grade.
    loss_fraction : float
        Share lost on a line of its own.
    """

    line: str = ""
    additional: bool = False
    capacity_MW: Nonnegative | None = None
    loss_fraction: Share = 0.0
    cost_USD_per_kWh: Nonnegative | None = None
    source: str = ""
    grade: Grade | None = None

    @model_validator(mode="after")
    def _of_its_own(self) -> Way:
        """A line of its own says everything; a line of the tables has all that there."""
        own = ("capacity_MW", "cost_USD_per_kWh", "source", "grade")
        unsaid = {name for name, field in type(self).model_fields.items() if getattr(self, name) == field.default}
        given = [name for name in (*own, "loss_fraction") if name not in unsaid]
        lacking = [name for name in ("line", *own) if name in unsaid]
        if self.additional and lacking:
            message = say("for additional power also: {names}", names=", ".join(lacking))
            raise ValueError(message)
        if not self.additional and given:
            message = say("additional: true, or no {names}: a line of the tables has its own", names=", ".join(given))
            raise ValueError(message)
        return self


class Giver(Part):
    """One of several givers of electricity: its part of every figure, and the way of its power."""

    party: str
    part: Share
    way: Way = Way()


class PowerClause(ClauseBase):
    """A clause that moves electricity: from its ``giver`` by a ``way``, or from several ``givers`` in stated parts."""

    way: Way = Way()
    givers: tuple[Giver, ...] = ()

    @property
    def gives(self) -> tuple[Giver, ...]:
        """Who gives electricity under the clause, in which parts and ways."""
        return self.givers or (Giver(party=self.giver, part=1.0, way=self.way),)

    @model_validator(mode="after")
    def _parts_of_one(self) -> PowerClause:
        names = [g.party for g in self.givers]
        if self.givers and (self.giver or self.way != Way()):
            message = say("giver and way, or givers, each with its own way")
            raise ValueError(message)
        if self.givers and (len(set(names)) < len(names) or not math.isclose(sum(g.part for g in self.givers), 1.0, abs_tol=1e-9)):
            message = say("givers named once each, whose parts sum to 1")
            raise ValueError(message)
        return self
