"""Facts of a why: what decides a figure, what binds, what would move it, and the input rows behind.

Effects are in the unit of the figure for one unit more or less: one-sided slopes, which at a corner differ. None where
no plan obeys every hard rule then, or where a given is nothing and cannot be less.
"""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.accounts.water_facts import ShortfallCause

__all__ = ["Binding", "Decided", "HeldTarget", "InputRow", "Priced", "Source", "Why"]


class _Effects(Fact):
    one_more: float | None
    one_less: float | None

    @property
    def size(self) -> float:
        """The larger of both effects on the figure."""
        return max(abs(self.one_more or 0.0), abs(self.one_less or 0.0))


class Decided(Fact):
    """How low and how high the figure can still be after a stage (None: by the hard rules alone); None where not known."""

    after: str | None
    least: float | None
    most: float | None
    narrows: bool


class Binding(_Effects):
    """A row that binds in a stage: its price there (a dual, or shadow price), and what easing it by one unit does."""

    stage: str
    equation: str
    index: tuple[str, ...]
    title: str
    statement: str
    unit: str
    price: float
    price_unit: str


class Priced(_Effects):
    """A given with what one unit more and one less of it do; those of an owner in a season change in proportion."""

    given: str
    index: tuple[tuple[str, ...], ...]
    title: str
    unit: str
    value: float


class HeldTarget(ShortfallCause):
    """A target the figure is measured against, and what holds it back."""

    target_Mm3: float
    delivered_Mm3: float
    shortfall_Mm3: float


class Source(Fact):
    """Where a row comes from."""

    key: str
    title: str
    url: str


class InputRow(Fact):
    """A row of input behind a given: its table and place, value, grade and source."""

    input: str
    table: str
    where: str
    value: float
    unit: str
    grade: str
    source: Source


class Why(Answer):
    """What decides a figure: targets, stages (the closing ones included), inputs and rules by effect, input rows."""

    figure: str = Field(description="As it was asked for")
    title: str = Field(description="How people call it")
    unit: str = Field(description="Of the figure")
    value: float = Field(description="In the plan")
    priority_titles: dict[str, str] = Field(description="Title of every priority by name, in the language spoken")
    targets: tuple[HeldTarget, ...]
    decided: tuple[Decided, ...]
    prices: tuple[Priced, ...]
    bindings: tuple[Binding, ...]
    rows: tuple[InputRow, ...]
