"""State: what is asked of the workbench, one river with some figures moved; the page's address holds the same."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from waterflow.calendar import Step

__all__ = ["MOST_QUESTIONS", "ChancesAsked", "FigureAsked", "Name", "ReplanAsked", "State", "TradeOffsAsked"]

#: a name of something of the river, never a path
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
Address = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./+-]+$", max_length=120)]
#: a figure, or a factor as in ``x0.9``
Figure = Annotated[str, StringConstraints(pattern=r"^x?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$", max_length=24)]
#: a figure of a plan, as `waterflow.accounts.figures` names it, or ``payoff/PARTY``
Told = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_/-]*$", max_length=120)]
MOST_QUESTIONS = 64


class State(BaseModel):
    """A river with some figures moved.

    Attributes
    ----------
    model, scenario : str
        Names of what is served.
    step : {"month", "dekad", "week", "day"}, optional
    agreements : tuple of str, optional
        Of the model; those of the scenario without it.
    order : tuple of str
        Names of priorities in another order; the model's own without.
    questions : dict of figure by address
        As in ``--set`` (`waterflow.basin.addresses`).
    lang : {"en", "ru"}
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Name
    scenario: Name | None = None
    step: Step | None = None
    agreements: Annotated[tuple[Name, ...], Field(max_length=8)] | None = None
    order: Annotated[tuple[Name, ...], Field(max_length=32)] = ()
    questions: Annotated[dict[Address, float | Figure], Field(max_length=MOST_QUESTIONS)] = {}
    lang: Literal["en", "ru"] = "en"
    dragging: bool = Field(
        default=False, description="While a lever moves: energy at the rates of the tables also with head; central values alone"
    )

    @property
    def river(self) -> tuple[object, ...]:
        """What decides which program is solved, figures aside."""
        return (self.model, self.scenario, self.step, self.agreements, self.order, self.dragging)


class ChancesAsked(State):
    """How sure each promise is: over how many years of the record."""

    years: int = Field(default=30, ge=5, le=120, description="At most; spread evenly from the driest to the wettest where there are more")


class TradeOffsAsked(State):
    """What two parties could give each other: whose gains, and how many plans are tried."""

    parties: tuple[Name, Name]
    plans: int = Field(default=30, ge=5, le=120, description="Plans that are tried, at most")


class ReplanAsked(State):
    """The rest of the ledger's season planned again: from which day, and by how much limits may be passed."""

    on: dt.date | None = Field(default=None, description="The first day of which nothing is known; the day after the last fact without it")
    tolerance: float = Field(default=0.0, ge=0, lt=1)


class FigureAsked(State):
    """A figure somebody asks about."""

    figure: Told
