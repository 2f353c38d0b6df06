"""Facts of what a figure on the page rests on: what decides it, the rows of input behind, and where they come from."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact

__all__ = [
    "DecidedBy",
    "DoubtShown",
    "EffectsFacts",
    "GroundsFacts",
    "InputGroup",
    "InputTable",
    "InputsFacts",
    "Moves",
    "SourceShown",
    "SwingShown",
    "Term",
]


class DecidedBy(Fact):
    """How low and how high a figure can still be after a stage, in its unit; None where not known."""

    named_by = ("stage",)

    stage: str = Field(description="What people call it; empty for the hard rules alone")
    least: float | None
    most: float | None
    narrows: bool


class Term(Fact):
    """A term of a party's money, million USD."""

    named_by = ("term",)

    term: str
    title: str
    low: float
    central: float
    high: float


class SourceShown(Fact):
    """A source: what it is called and where it is."""

    named_by = ("key",)

    key: str
    title: str
    url: str = Field(description="Empty where it has none")


class InputGroup(Fact):
    """Rows of a table about one owner, of one grade and one source."""

    named_by = ("name", "grade", "source")

    name: str = Field(description="Of the owner, as in the table")
    title: str
    grade: str
    source: str = Field(description="Key of the source")
    rows: int
    first: str = Field(description="Where the first of them stands")
    note: str = Field(description="Of the first row; empty without one")


class InputTable(Fact):
    """Rows of a table, those that are guesses first."""

    named_by = ("table",)

    table: str
    title: str
    rows: int
    assumed: int = Field(description="Of them assumed or unverified")
    groups: tuple[InputGroup, ...]


class InputsFacts(Fact):
    """Every row of input that is assumed or unverified, table by table."""

    status: str = Field(description="``inputs``")
    rows: int = Field(description="Of the river, whatever their grade")
    assumed: int
    tables: tuple[InputTable, ...]
    sources: tuple[SourceShown, ...]


class GroundsFacts(Fact):
    """What decides a figure, and what it rests on."""

    status: str = Field(description="``grounds``")
    questions: tuple[str, ...]
    figure: str
    title: str
    unit: str
    value: float
    beside: str = Field(description="What tells it apart from the figure on the page; empty where they are one")
    binds: tuple[str, ...] = Field(description="What holds it back, in sentences")
    decided: tuple[DecidedBy, ...] = Field(description="Empty of money")
    terms: tuple[Term, ...] = Field(description="Of money; empty of all else")
    rows: int = Field(description="About it and about what lies above it on the river")
    assumed: int
    tables: tuple[InputTable, ...]
    sources: tuple[SourceShown, ...]


class Moves(Fact):
    """What one unit more and one less of an input do to a figure; None where no plan obeys every hard rule then."""

    named_by = ("title",)

    title: str
    unit: str
    value: float
    one_more: float | None
    one_less: float | None


class EffectsFacts(Fact):
    """What would move a figure, the largest effect first."""

    status: str = Field(description="``effects``")
    figure: str
    unit: str
    tried: int = Field(description="How many inputs were moved a little")
    effects: tuple[Moves, ...]


class SwingShown(Fact):
    """A figure with an input at either end of its range; None where there is no plan then."""

    named_by = ("input",)

    input: str
    title: str
    at_low: float | None
    at_high: float | None
    swing: float


class DoubtShown(Fact):
    """Which inputs matter most to a figure; where that takes too long here, the command that tells it."""

    status: str = Field(description="``doubt``")
    figure: str
    unit: str
    inputs: tuple[SwingShown, ...] = Field(description="The largest swing first; empty where it would take too long")
    moved: int = Field(description="Inputs whose range is stated")
    seconds: float = Field(description="What it takes here, about")
    command: str = Field(description="What to type for the whole ranking")
    left_out: tuple[str, ...] = Field(description="What the page asks and the ranking leaves aside: promises made on the page, the order")
