"""Doubts: which inputs matter most to a figure, where that can be told while somebody waits; else the command that tells it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping

from waterflow.accounts.figures import figure_named
from waterflow.explain.doubt import Members, doubt
from waterflow.loading.model import Model
from waterflow.loading.ranges import inputs_of
from waterflow.workbench.grounds_facts import DoubtShown, SwingShown
from waterflow.workbench.levers import PROMISE
from waterflow.workbench.state import FigureAsked

__all__ = ["doubt_shown"]

#: seconds that somebody waits for a ranking, inputs that are told, and solves of each
WAITS, TOLD, ENDS = 20.0, 12, 2


def doubt_shown(model: Model, asked: FigureAsked, questions: Mapping[str, float | str]) -> DoubtShown:
    """Which inputs matter most to a figure; heard by `waterflow.progress`.

    Parameters
    ----------
    model : Model
    asked : FigureAsked
    questions : mapping
        What the page asks; promises that only the page knows of are left out, and said to be.

    Raises
    ------
    InputError
        If there is no such figure, or a range is wrong.
    """
    understood = {a: v for a, v in questions.items() if not a.startswith(f"clause.{PROMISE}")}
    left_out = (*(a for a in questions if a not in understood), *(("order",) if asked.order else ()))
    own = model.asking(understood)
    wanted = figure_named(own.basin(), asked.figure)
    moved = sum(x.moves for x in inputs_of(own))
    members = Members(own, wanted)
    members.value([])
    began = time.monotonic()
    members.value([])
    seconds = ENDS * moved * (time.monotonic() - began)
    found = doubt(own, asked.figure) if seconds <= WAITS else None
    return DoubtShown(
        status="doubt",
        figure=asked.figure,
        unit=wanted.unit,
        inputs=tuple(
            SwingShown(input=s.input, title=s.title, at_low=s.figure_at_low, at_high=s.figure_at_high, swing=s.swing)
            for s in (found.mattering()[:TOLD] if found else ())
        ),
        moved=moved,
        seconds=seconds,
        command=shlex.join(_command(asked, understood)),
        left_out=left_out,
    )


def _command(asked: FigureAsked, questions: Mapping[str, float | str]) -> Iterator[str]:
    yield from ("waterflow", "doubt", asked.model, asked.figure)
    if asked.scenario:
        yield from ("--scenario", asked.scenario)
    if asked.step:
        yield from ("--step", asked.step)
    for name in asked.agreements or ():
        yield from ("--agreement", name)
    for address, value in questions.items():
        yield from ("--set", f"{address}={value}")
