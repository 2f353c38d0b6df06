"""Why a figure is what it is: the stages that decide it, what binds there, what would move it, and the inputs behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.commitments import targets as promised
from waterflow.accounts.figures import Figure, figure_named
from waterflow.accounts.plan import Plan
from waterflow.accounts.shortfall_causes import holds_back
from waterflow.accounts.water_facts import ShortfallCause, TargetFact
from waterflow.allocation.allocate import named
from waterflow.allocation.solve import Solved, solve
from waterflow.explain.linear import gradient, in_vector
from waterflow.explain.prices import Given, Price, givens_of, prices, rows_behind
from waterflow.formulation.formulate import equations
from waterflow.formulation.objective import stage_plans
from waterflow.loading.model import Model
from waterflow.loading.tables import Row
from waterflow.solver.attainable_range import freedom
from waterflow.solver.one_sided import Step, slope

__all__ = ["Binding", "Decided", "Why", "why"]

Floats = NDArray[np.float64]
#: a stage has a hand in a figure if it narrows what it can be by more than this share of what the rules alone leave
NARROWS = 0.01
NOTHING = 1e-6
#: rows looked at of each equation in a stage
LOOKED_AT = 3
#: equations that only account for something
ACCOUNTS = frozenset(
    {
        "evaporation_from_area",
        "demand_accounted",
        "energy_from_turbines",
        "release_rise_counted",
        "release_fall_counted",
        "shortage_rise_counted",
        "shortage_fall_counted",
    }
)


@dataclass(frozen=True)
class Decided:
    """How low and how high the figure can still be after a stage; None where that is not known."""

    stage: str
    lowest: float | None
    highest: float | None
    narrows: bool


@dataclass(frozen=True)
class Binding:
    """A row that binds in a stage: its price there, and what one unit more or less in it does to the figure."""

    stage: str
    equation: str
    index: tuple[str, ...]
    statement: str
    unit: str
    price: float
    price_unit: str
    one_more: float | None
    one_less: float | None

    @property
    def size(self) -> float:
        """The larger of both effects on the figure."""
        return max(abs(self.one_more or 0.0), abs(self.one_less or 0.0))


@dataclass(frozen=True)
class Why:
    """What decides a figure.

    Attributes
    ----------
    figure : Figure
    value : float
    targets : tuple of (TargetFact, ShortfallCause)
        Those it is measured against, with what holds each back (`waterflow.accounts.shortfall_causes`).
    decided : tuple of Decided
        Before the first stage and after each; the closing stages included.
    bindings : tuple of Binding
    prices : tuple of Price
    rows : tuple of (Given, list of Row)
        Input rows behind the targets and the prices.
    """

    figure: Figure
    value: float
    targets: tuple[tuple[TargetFact, ShortfallCause], ...]
    decided: tuple[Decided, ...]
    bindings: tuple[Binding, ...]
    prices: tuple[Price, ...]
    rows: tuple[tuple[Given, list[Row]], ...]


def why(model: Model, figure: str) -> Why:
    """What decides a figure of a model's plan.

    Parameters
    ----------
    model : Model
    figure : str
        A name as `waterflow.accounts.figures.figure_named` reads it.

    Raises
    ------
    InputError
        If there is no such figure.
    ConflictError, SolverError
        If there is no plan.
    """
    basin = model.basin()
    wanted = figure_named(basin, figure)
    solved = solve(basin)
    slope_of = gradient(wanted, solved.basin, solved.program)
    constant = in_vector(wanted, solved.basin, solved.program, np.zeros(len(slope_of)))
    decided = tuple(_decided(solved, slope_of, constant))
    found = prices(solved, wanted, slope_of)
    allocation = named(solved)
    plan = Plan(allocation.basin, allocation.dataset)
    asked = {x.name for x in wanted.targets(solved.basin)}
    targets = [g for g in givens_of(solved.basin) if g.name == "target_volume" and g.owner in asked]
    behind = [*targets, *(p.given for p in found if p.given not in targets)]
    return Why(
        figure=wanted,
        value=wanted.value(plan),
        targets=tuple(_held(plan, asked)),
        decided=decided,
        bindings=tuple(_bindings(solved, slope_of, [d.stage for d in decided if d.narrows])),
        prices=tuple(found),
        rows=tuple((given, rows_behind(model, given)) for given in behind),
    )


def _held(plan: Plan, names: set[str]) -> Iterator[tuple[TargetFact, ShortfallCause]]:
    """Targets of some names: asked, delivered, and what holds them back."""
    facts = promised(plan)
    for target, fact, held in zip(plan.basin.targets.values(), facts, holds_back(plan, facts), strict=True):
        if target.name in names:
            yield fact, held


def _decided(solved: Solved, slope_of: Floats, constant: float) -> Iterator[Decided]:
    stages = solved.solution.stages
    found = freedom(solved.program, solved.givens, stage_plans(solved.basin), stages, slope_of)
    width = found[0][1] - found[0][0] if found[0] else np.inf
    before = found[0]
    for name, ends in zip(["", *(s.name for s in stages)], found, strict=True):
        narrows = bool(name and ends and before and (before[1] - before[0]) - (ends[1] - ends[0]) > NARROWS * width + NOTHING)
        yield Decided(name, constant + ends[0] if ends else None, constant + ends[1] if ends else None, narrows)
        before = ends or before


def _bindings(solved: Solved, slope_of: Floats, names: list[str]) -> list[Binding]:
    """Rows with a price in some stages, and what they do to the figure; those that do nothing to it left out."""
    found: dict[int, Binding] = {}
    for stage in (s for s in solved.solution.stages if s.name in names):
        for equation in equations():
            component = solved.program.equations[equation.name]
            duals = stage.row_duals[component.slice]
            if equation.name in ACCOUNTS or not len(duals):
                continue
            for k in _largest_by_member(component.index, duals):
                row, unit = component.first + k, f"{stage.unit} per {equation.unit}"
                if row not in found:
                    more, less = (_of_row(solved, slope_of, row, sign) for sign in (1.0, -1.0))
                    about = (equation.name, component.index[k], equation.statement, equation.unit)
                    found[row] = Binding(stage.name, *about, float(duals[k]), unit, more, less)
    return sorted((b for b in found.values() if b.size > NOTHING), key=lambda b: (-round(b.size, 6), b.equation, b.index))


def _largest_by_member(index: tuple[tuple[str, ...], ...], duals: Floats) -> list[int]:
    """The row of the largest price of each member, of the members with the largest prices."""
    best: dict[str, int] = {}
    for k, price in enumerate(np.abs(duals)):
        member = index[k][0]
        if price > NOTHING and (member not in best or price > abs(duals[best[member]])):
            best[member] = k
    return sorted(best.values(), key=lambda k: (-abs(float(duals[k])), index[k]))[:LOOKED_AT]


def _of_row(solved: Solved, slope_of: Floats, row: int, sign: float) -> float | None:
    """What one unit more (or less) of what there is in a row does to the figure."""
    plans = stage_plans(solved.basin)
    sides = np.zeros(len(solved.program.equal))
    # a row reads "what there is less what is used >= side": one more of what there is lowers the side
    sides[row] = -sign
    found = slope(solved.program, solved.givens, plans, solved.solution, Step(sides, np.zeros(sum(len(p.claims) for p in plans))))
    return None if found is None else float(slope_of @ found.unknowns)
