"""A plan that somebody brings as a table, read for the river, scenario and step it is followed on."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.calendar import EVEN_STEPS
from waterflow.commands.reading import model_of

if TYPE_CHECKING:
    from waterflow.basin.basin import Basin
    from waterflow.loading.model import Model
    from waterflow.loading.plan_origin import PlanOrigin
    from waterflow.loading.plan_table import GivenPlan

__all__ = ["BroughtPlan", "brought_plan", "origin_told"]


@dataclass(frozen=True)
class BroughtPlan:
    """A table read, and the river it is followed on.

    ``taken`` tells whether the scenario is that of the workbook; ``asked`` is the model's name or path as it was typed.
    """

    model: Model
    basin: Basin
    given: GivenPlan
    origin: PlanOrigin | None
    taken: bool
    asked: str

    def origin_in_words(self) -> tuple[str, ...]:
        """What a workbook was made from, where that is not what it is followed under, in the language spoken."""
        return origin_told(self.origin, self.basin, self.asked, taken=self.taken)


def brought_plan(args: argparse.Namespace, path: Path) -> BroughtPlan:
    """Read a table for the model, scenario and step that were asked for; else for the scenario of the workbook and the step of the table.

    Raises
    ------
    InputError
        If the table or the model cannot be read, or the table names what the river does not have.
    """
    from waterflow.loading.model import step_of
    from waterflow.loading.plan_origin import read_origin
    from waterflow.loading.plan_sheet import read_cells
    from waterflow.loading.plan_table import by_dekad, read_plan

    origin = read_origin(path)
    taken = _taken(args, origin)
    cells = read_cells(path, by_day=(args.step or step_of(args.model, args.scenario)) in EVEN_STEPS)
    args.step = args.step or ("dekad" if by_dekad(cells) else None)
    model = model_of(args)
    basin = model.basin()
    return BroughtPlan(model, basin, read_plan(cells, path.name, basin), origin, taken, args.model)


def origin_told(origin: PlanOrigin | None, basin: Basin, model: str, *, taken: bool = False) -> tuple[str, ...]:
    """What a workbook was made from, where that is not what it is followed under."""
    from waterflow.loading.agreements import agreements_of
    from waterflow.loading.shipped import find_model
    from waterflow.report.origin_text import origin_in_words

    return tuple(origin_in_words(origin, basin, agreements_of(find_model(model)), taken=taken))


def _taken(args: argparse.Namespace, origin: PlanOrigin | None) -> bool:
    """Take the scenario of a workbook where none is asked for; whether it was."""
    from waterflow.loading.model_file import read_model_file
    from waterflow.loading.shipped import find_model

    if origin is None or not origin.scenario or args.scenario is not None:
        return False
    own, _ = read_model_file(find_model(args.model), None, None)
    if origin.model != own.name or origin.scenario == own.scenario:
        return False
    args.scenario = origin.scenario
    return True
