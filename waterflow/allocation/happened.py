"""Happened: the decisions of the periods that are over, kept as they were, so that only the rest is decided.

The horizon stays whole. A target, a limit, a clause or a share of a season is counted over all its periods, those that are
over among them, so what is promised for the season stays promised. Nothing is cut and no opening is moved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of
from waterflow.basin.basin import Basin
from waterflow.solver.compile import Program

__all__ = ["Course", "Happened"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: what is done with water and with power in a period; everything else follows from it
WATER = ("flow", "storage", "evaporation", "reservoir_seepage", "constant_loss", "delivery", "turbined")
POWER = ("generation", "supplied_power", "exported_power", "unserved", "exchanged")
#: a course by name: for each unknown the index of every entry that is over, and its value
Named = dict[str, list[tuple[tuple[str, ...], float]]]


@dataclass(frozen=True)
class Course:
    """What was decided in periods that are over: positions among the unknowns, and the values there."""

    columns: Positions
    values: Floats

    @classmethod
    def of(cls, basin: Basin, program: Program, plan: Floats, periods: int, before: Course | None = None) -> Course:
        """The first periods of a plan, (unknowns,).

        What was there before is taken over as it stands, not as a later solve has it: its rounding would add up from period
        to period. With head, the water alone: its energy is drawn as a line around the course of each solve, and follows
        from the water.
        """
        over = set(basin.calendar.labels[:periods])
        names = WATER if basin.head_plants else (*WATER, *POWER)
        at = [p for name in names for index, p in program.unknowns[name].position.items() if index[-1] in over]
        columns, values = np.array(at, dtype=np.intp), plan.copy()
        if before is not None:
            values[before.columns] = before.values
        return cls(columns, values[columns])

    def kept(self, program: Program) -> Program:
        """The program with what was done fixed; rounding never puts it outside the bounds it was decided in."""
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[self.columns] = upper[self.columns] = np.clip(self.values, program.lower[self.columns], program.upper[self.columns])
        return replace(program, lower=lower, upper=upper)

    def storages(self, program: Program) -> dict[tuple[str, str], float]:
        """Storages that are over, by reservoir and period, Mm3."""
        known = dict(zip(self.columns.tolist(), self.values.tolist(), strict=True))
        return {(r, t): known[p] for (r, t), p in program.unknowns["storage"].position.items() if p in known}

    def named(self, program: Program) -> Named:
        """The same by name."""
        known = dict(zip(self.columns.tolist(), self.values.tolist(), strict=True))
        every = {name: program.unknowns[name].position.items() for name in (*WATER, *POWER)}
        return {name: found for name, entries in every.items() if (found := [(index, known[p]) for index, p in entries if p in known])}

    @classmethod
    def from_names(cls, program: Program, named: Named) -> Course:
        """Back from `named`.

        Raises
        ------
        KeyError
            If the program has no such unknown.
        """
        pairs = [(program.unknowns[name].position[tuple(index)], value) for name, entries in named.items() for index, value in entries]
        return cls(np.array([p for p, _ in pairs], dtype=np.intp), np.array([v for _, v in pairs], dtype=float))


@dataclass(frozen=True)
class Happened:
    """The course of the plan that was followed, and of the river that would owe nothing, from which threshold shares are owed."""

    plan: Course
    owing_nothing: Course

    @cached_property
    def alike(self) -> bool:
        """True if nothing was owed so far, or nothing came of it."""
        return np.array_equal(self.plan.columns, self.owing_nothing.columns) and np.array_equal(self.plan.values, self.owing_nothing.values)

    def as_names(self, basin: Basin) -> dict[str, Any]:
        """Both by name, to be kept."""
        program = program_of(basin)
        return {"plan": self.plan.named(program), "owing_nothing": self.owing_nothing.named(program)}

    @classmethod
    def from_names(cls, basin: Basin, named: dict[str, Named]) -> Happened:
        """Back from `as_names`.

        Raises
        ------
        KeyError
            If the basin has no such unknown.
        """
        program = program_of(basin)
        return cls(*(Course.from_names(program, named[name]) for name in ("plan", "owing_nothing")))
