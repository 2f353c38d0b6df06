"""Doubt: how far a figure of a plan swings when one input after another is put at the ends of its stated range.

A one-at-a-time sensitivity analysis: each member is a plan made anew, with the same order of priority.
"""

from __future__ import annotations

from collections.abc import Iterable

from waterflow.accounts.figures import Figure, figure_named
from waterflow.accounts.plan import Plan, plain
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.errors import ConflictError, InputError, SolverError
from waterflow.explain.doubt_facts import Doubt, Swing
from waterflow.loading.model import Model
from waterflow.loading.ranges import Input, inputs_of, moved
from waterflow.progress import each
from waterflow.words.catalogue import say

__all__ = ["Members", "doubt"]

LOW, HIGH = 0.0, 1.0


class Members:
    """The same model with some inputs moved, solved one by one.

    Parameters
    ----------
    model : Model
    figure : Figure
    """

    def __init__(self, model: Model, figure: Figure) -> None:
        self.model, self.figure = model, figure
        self.solver = Solver(model.basin())
        self.count = 0

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
        return self.figure.value(Plan(found.basin, found.dataset))

    def swing(self, moving: Input, value: float) -> Swing:
        """The figure at both ends of an input, and how far that takes it from its present value."""
        ends: list[float | None] = []
        failed = []
        for position in (LOW, HIGH):
            try:
                ends.append(self.value([(moving, position)]))
            except (ConflictError, InputError, SolverError) as error:
                ends.append(None)
                why = _in_short(error)
                failed.append(say("low: {why}", why=why) if position == LOW else say("high: {why}", why=why))
        found = [value, *(v for v in ends if v is not None)]
        return Swing(
            input=moving.name,
            title=_title(self.basin, moving),
            unit=moving.unit,
            value=plain(moving.value),
            low=plain(moving.low),
            high=plain(moving.high),
            figure_at_low=ends[0],
            figure_at_high=ends[1],
            swing=max(found) - min(found) + 0.0,
            grades=dict(moving.grades),
            sources=moving.sources,
            range_grade=moving.range_grade,
            range_source=moving.range_source,
            note=moving.note,
            no_plan=tuple(failed),
        )


def _title(basin: Basin, moving: Input) -> str:
    """How people call an input."""
    title = title_of(moving)
    return f"{title}: {called(basin, moving.owner)}" if moving.owner else title


def _in_short(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, ConflictError):
        return say("no plan obeys {rules}", rules="; ".join(error.clashing))
    if isinstance(error, InputError):
        return str(error.problems[0])
    return str(error)


def doubt(model: Model, figure: str) -> Doubt:
    """The swing of a figure from every input whose range is stated, one at a time; heard by `waterflow.progress`.

    Parameters
    ----------
    model : Model
        As read by `read_model`; its tables hold ``ranges``.
    figure : str
        A name as `waterflow.accounts.figures.figure_named` reads it.

    Raises
    ------
    InputError
        If there is no such figure, a range is wrong, or a doubtful row has none.
    ConflictError, SolverError
        If there is no plan to begin with.
    """
    inputs = inputs_of(model)
    members = Members(model, figure_named(model.basin(), figure))
    wanted, value = members.figure, members.value([])
    targets = wanted.targets(members.basin)
    swings = [members.swing(i, value) for i in each([i for i in inputs if i.moves])]
    return Doubt(
        figure=wanted.name,
        title=wanted.title,
        unit=wanted.unit,
        value=value + 0.0,
        target=sum(x.amount for x in targets) if targets else None,
        members=members.count,
        inputs=tuple(sorted(swings, key=lambda s: (-round(s.swing, 6), s.input))),
        not_moved=tuple(_title(members.basin, i) for i in inputs if not i.moves),
    )
