"""Doubt: how far a figure of a plan swings when one input after another is put at the ends of its stated range."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

from waterflow.accounts.figures import Figure, figure_named
from waterflow.accounts.plan import Plan
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.errors import ConflictError, InputError, SolverError
from waterflow.loading.model import Model
from waterflow.loading.ranges import Input, inputs_of, moved

__all__ = ["MATTERS", "Doubt", "Members", "Swing", "doubt"]

#: an input matters if it moves the figure by more than this share of it
MATTERS = 0.01
LOW, HIGH = 0.0, 1.0


@dataclass(frozen=True)
class Swing:
    """A figure with one input at the low and at the high end of its range, None where there is no plan (and why)."""

    input: Input
    title: str
    at_low: float | None
    at_high: float | None
    no_plan: tuple[str, ...] = ()

    def size(self, value: float) -> float:
        """From the lowest to the highest the figure comes to, the present value included; of the ends that have a plan."""
        found = [value, *(v for v in (self.at_low, self.at_high) if v is not None)]
        return max(found) - min(found)


@dataclass(frozen=True)
class Doubt:
    """What a figure rests on.

    Attributes
    ----------
    figure : Figure
    value : float
        In the plan as it is.
    target : float or None
        What it is measured against.
    swings : tuple of Swing
        Those of the inputs with a range, the largest first.
    held : tuple of str
        Titles of the inputs whose range says that they are not moved.
    members, hot : int
        How many times the river was solved, and how many of them from a start.
    seconds : float
    """

    figure: Figure
    value: float
    target: float | None
    swings: tuple[Swing, ...]
    held: tuple[str, ...]
    members: int
    hot: int
    seconds: float

    def mattering(self, share: float = MATTERS) -> list[Swing]:
        """Inputs that move the figure by more than a share of it, or leave no plan at one of their ends."""
        least = share * abs(self.value)
        return [s for s in self.swings if s.size(self.value) > max(least, 1e-6) or s.no_plan]


class Members:
    """The same model with some inputs moved, solved one by one.

    Parameters
    ----------
    model : Model
    figure : Figure
    told : callable, optional
        Called with the number of members solved.
    """

    def __init__(self, model: Model, figure: Figure, told: Callable[[int], None] | None = None) -> None:
        self.model, self.figure, self.told = model, figure, told
        self.solver = Solver(model.basin())
        self.count = self.hot = 0

    @property
    def basin(self) -> Basin:
        """The basin as it is."""
        return self.solver.basin

    def value(self, positions: Iterable[tuple[Input, float]]) -> float:
        """The figure with some inputs moved.

        Raises
        ------
        InputError, ConflictError, SolverError
            If the moved rows make no river, or no plan obeys every rule.
        """
        self.count += 1
        found = self.solver.allocate(self.model.basin(moved(self.model, positions)))
        self.hot += found.dataset.attrs["solve_path"] == "hot"
        if self.told:
            self.told(self.count)
        return self.figure.value(Plan(found.basin, found.dataset))

    def swing(self, moving: Input) -> Swing:
        """The figure at both ends of an input."""
        ends: list[float | None] = []
        failed = []
        for name, position in (("low", LOW), ("high", HIGH)):
            try:
                ends.append(self.value([(moving, position)]))
            except (ConflictError, InputError, SolverError) as error:
                ends.append(None)
                failed.append(f"{name}: {_in_short(error)}")
        return Swing(moving, _title(self.basin, moving), ends[0], ends[1], tuple(failed))


def _title(basin: Basin, moving: Input) -> str:
    """How people call an input."""
    return f"{moving.title}: {called(basin, moving.owner)}" if moving.owner else moving.title


def _in_short(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, ConflictError):
        return f"no plan obeys {'; '.join(error.clashing)}"
    if isinstance(error, InputError):
        return str(error.problems[0])
    return str(error)


def doubt(model: Model, figure: str, told: Callable[[int], None] | None = None) -> Doubt:
    """The swing of a figure from every input whose range is stated, one at a time.

    Parameters
    ----------
    model : Model
        As read by `read_model`; its tables hold ``ranges``.
    figure : str
        A name as `waterflow.accounts.figures.figure_named` reads it.
    told : callable, optional
        Called with the number of members solved so far.

    Raises
    ------
    InputError
        If there is no such figure, a range is wrong, or a doubtful row has none.
    ConflictError, SolverError
        If there is no plan to begin with.
    """
    began = perf_counter()
    inputs = inputs_of(model)
    basin = model.basin()
    members = Members(model, figure_named(basin, figure), told)
    value = members.value([])
    targets = members.figure.targets(basin)
    moving = [i for i in inputs if i.moves]
    swings = sorted((members.swing(i) for i in moving), key=lambda s: (-round(s.size(value), 6), s.input.name))
    return Doubt(
        figure=members.figure,
        value=value,
        target=sum(x.amount for x in targets) if targets else None,
        swings=tuple(swings),
        held=tuple(_title(basin, i) for i in inputs if not i.moves),
        members=members.count,
        hot=members.hot,
        seconds=perf_counter() - began,
    )
