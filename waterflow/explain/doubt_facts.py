"""Facts of a doubt: the swing of a figure from each input, and what screening found. In the unit of the figure."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Answer, Fact

__all__ = ["MATTERS", "Doubt", "Morris", "MorrisEffect", "Swing"]

#: an input matters if it moves the figure by more than this share of it
MATTERS = 0.01
#: a swing this small is none
STILL = 1e-6


class Swing(Fact):
    """A figure with one input at the low and at the high end of its range, None where there is no plan (and why)."""

    input: str
    title: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    figure_at_low: float | None
    figure_at_high: float | None
    swing: float
    grades: dict[str, int]
    sources: tuple[str, ...]
    range_grade: str
    range_source: str
    note: str
    no_plan: tuple[str, ...]


class MorrisEffect(Fact):
    """``mu_star`` and ``sigma`` of an input."""

    input: str
    mu_star: float
    sigma: float


class Morris(Fact):
    """Screening: effects, the largest first; plans made and lacking, walks that were whole; the figure's extremes."""

    members: int
    without_plan: int
    walks: int
    whole_walks: int
    seed: int
    lowest: float
    highest: float
    inputs: tuple[MorrisEffect, ...]


class Doubt(Answer):
    """What a figure rests on: ``value`` in the plan as it is, ``target`` if it has one, swings of the inputs, the largest first.

    ``members`` plans were made; ``not_moved`` are titles of the inputs whose range says that they are not moved.
    """

    figure: str = Field(description="As it was asked for")
    title: str = Field(description="How people call it")
    unit: str = Field(description="Of the figure")
    value: float = Field(description="In the plan as it is")
    target: float | None = Field(description="Of the figure, if it has one")
    members: int = Field(description="Plans that were made")
    inputs: tuple[Swing, ...]
    not_moved: tuple[str, ...] = Field(description="Titles of inputs whose range says that they are not moved")
    morris: Morris | None = Field(default=None, description="None if nothing was screened")

    def moving(self) -> list[Swing]:
        """Inputs that move the figure at all."""
        return [s for s in self.inputs if s.swing > STILL]

    def mattering(self, share: float = MATTERS) -> list[Swing]:
        """Inputs that move the figure by more than a share of it, or leave no plan at one of their ends."""
        least = share * abs(self.value)
        return [s for s in self.inputs if s.swing > max(least, STILL) or s.no_plan]
