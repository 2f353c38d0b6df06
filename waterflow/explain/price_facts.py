"""Facts of prices: what a plan is worth and one more m3 at places; what one unit of a clause does, and a plan without it.

A price is a shadow price taken from one side: the slope of a stage's value, at a corner not the same for more and for less.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.clause_facts import Account, ClauseCount, ClauseFact, Deal
from waterflow.accounts.comparison_facts import Gain
from waterflow.accounts.fact import Answer, Fact
from waterflow.accounts.power_facts import Payoff
from waterflow.calendar import Step

__all__ = ["ClausePrice", "Clauses", "OtherClause", "UnitEffect", "Value", "WaterValue"]


class WaterValue(Fact):
    """What one more m3 at a place is worth: to all in plans made at three levels, and at central values to each party.

    ``when`` is ``start`` for water kept in a reservoir when the horizon starts, else the period it enters in; ``party`` the
    reservoir's owner, or who asks for most there. None where no plan obeys every rule then.
    """

    place: str
    when: str
    party: str
    low_USD_per_m3: float | None
    central_USD_per_m3: float | None
    high_USD_per_m3: float | None
    one_less_USD_per_m3: float | None
    parties: dict[str, float | None]


class Value(Answer):
    """What a plan by one sum of benefits is worth: payoffs by party, and one more m3 at places."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    step: Step = Field(description="Length of a period")
    horizon: str = Field(description="A window")
    objective: float | None = Field(description="The sum of benefits, million USD")
    payoffs: tuple[Payoff, ...]
    one_more: tuple[WaterValue, ...]


class UnitEffect(Fact):
    """What one unit more, or less, of a figure does to a party, to a target, or to the clause itself; changes below 1e-6 are left out."""

    named_by = ("who",)

    what: Literal["money", "power", "water", "target", "missed"]
    who: str = Field(description="A party, a place, or the clause")
    title: str | None = Field(description="Of a place")
    change: float = Field(description="Million USD gained, GWh or Mm3 it gets more, or the clause is missed by more")


class ClausePrice(Fact):
    """What one more unit of a row's figure does to each stage (right), and what one less would undo (left).

    Stages that it does not reach are left out; None where no plan obeys every hard rule on that side.
    """

    unit: Literal["Mm3", "GWh"]
    right: dict[str, float] | None
    left: dict[str, float] | None
    one_more: tuple[UnitEffect, ...] | None = Field(description="What one more does to whom; None where no plan obeys every rule then")
    one_less: tuple[UnitEffect, ...] | None = Field(description="What one less does to whom")


class Clauses(Answer):
    """Clauses in force beside a plan, the account of every party, and prices by row."""

    model: str = Field(description="Name of the model")
    agreements: tuple[str, ...] = Field(description="In force")
    clauses: tuple[ClauseFact, ...]
    account: Account
    deals: tuple[Deal, ...]
    prices: dict[str, ClausePrice]


class OtherClause(Answer):
    """The plan as agreed and one without a clause, or with more of it: what its rows count in both, and who gains and loses."""

    model: str = Field(description="Name of the model")
    plans: tuple[str, str] = Field(description="What the two plans are called")
    clause: tuple[ClauseCount, ...]
    changes: tuple[Gain, ...]
