"""Why a figure is what it is: the stages that decide it, what binds there, what would move it, and the inputs behind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.commitments import targets as promised
from waterflow.accounts.figures import Figure, figure_named
from waterflow.accounts.plan import Plan
from waterflow.accounts.shortfall_causes import holds_back
from waterflow.allocation.allocate import named
from waterflow.allocation.solve import Solved, solve
from waterflow.basin.basin import Basin
from waterflow.basin.givens import UNITS, given_fields
from waterflow.basin.titles import priority_titles
from waterflow.explain.linear import gradient, in_vector
from waterflow.explain.prices import Given, Price, givens_of, prices, rows_behind
from waterflow.explain.titles import row_title
from waterflow.explain.why_facts import Binding, Decided, HeldTarget, InputRow, Priced, Source, Why
from waterflow.formulation.formulate import equations
from waterflow.formulation.language import Equation
from waterflow.formulation.objective import stage_plans
from waterflow.loading.model import Model
from waterflow.loading.tables import Row
from waterflow.progress import each, part
from waterflow.solver.attainable_range import freedom
from waterflow.solver.one_sided import Step, slope
from waterflow.solver.priorities import Stage

__all__ = ["where_decided", "why"]

Floats = NDArray[np.float64]
#: a stage has a hand in a figure if it narrows what it can be by more than this share of what the rules alone leave
NARROWS = 0.01
NOTHING = 1e-6
#: rows looked at of each equation in a stage
LOOKED_AT = 3
#: where the parts of the work begin and end, as shares of the whole
SHARES = {"plan": (0.0, 0.1), "prices": (0.4, 0.8), "bindings": (0.8, 1.0)}
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


def where_decided(model: Model, figure: str, basin: Basin | None = None) -> tuple[Decided, ...]:
    """The least and the most a figure can be after each stage: the part of `why` that prices nothing.

    Parameters
    ----------
    model : Model
    figure : str
    basin : Basin, optional
        The model's with more asked of it than the model knows of; its own without.

    Raises
    ------
    InputError
        If there is no such figure.
    ConflictError, SolverError
        If there is no plan.
    """
    basin = model.basin() if basin is None else basin
    return tuple(_decided(solve(basin), figure_named(basin, figure)))


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
    with part(*SHARES["plan"]):
        solved = solve(basin)
    slope_of = gradient(wanted, solved.basin, solved.program)
    decided = tuple(_decided(solved, wanted))
    with part(*SHARES["prices"]):
        found = prices(solved, wanted, slope_of)
    with part(*SHARES["bindings"]):
        bindings = _bindings(solved, slope_of, [d.after for d in decided if d.after and d.narrows])
    allocation = named(solved)
    plan = Plan(allocation.basin, allocation.dataset)
    asked = {x.name for x in wanted.targets(solved.basin)}
    targets = [g for g in givens_of(solved.basin) if g.name == "target_volume" and g.owner in asked]
    behind = [*targets, *(p.given for p in found if p.given not in targets)]
    return Why(
        figure=wanted.name,
        title=wanted.title,
        unit=wanted.unit,
        value=wanted.value(plan) + 0.0,
        priority_titles=priority_titles(solved.basin),
        targets=tuple(_held(plan, asked)),
        decided=decided,
        prices=tuple(map(_priced, found)),
        bindings=bindings,
        rows=tuple(_row(model, given, row) for given in behind for row in rows_behind(model, given)),
    )


def _priced(price: Price) -> Priced:
    g = price.given
    index = tuple((i,) if isinstance(i, str) else i for i in g.indices)
    effects = {"one_more": price.one_more, "one_less": price.one_less}
    return Priced(given=g.name, index=index, title=g.title, unit=g.unit, value=g.value, **effects)


def _row(model: Model, given: Given, row: Row) -> InputRow:
    field = given_fields(Basin)[given.name]
    key = row.text("source")
    about = model.sources.get(key, {})
    return InputRow(
        input=given.title,
        table=field.table,
        where=row.where,
        value=row.number(field.column),
        # a flow is written as a volume or as a rate
        unit=UNITS.get(row.unit, row.unit) or given.unit,
        grade=row.text("grade"),
        source=Source(key=key, title=str(about.get("title", "")), url=str(about.get("url", ""))),
    )


def _held(plan: Plan, names: set[str]) -> Iterator[HeldTarget]:
    """Targets of some names: asked, delivered, and what holds them back."""
    facts = promised(plan)
    for target, fact, cause in zip(plan.basin.targets.values(), facts, holds_back(plan, facts), strict=True):
        if target.name in names:
            yield HeldTarget(**dict(cause), **{name: value for name, value in dict(fact).items() if name.endswith("_Mm3")})


def _decided(solved: Solved, wanted: Figure) -> Iterator[Decided]:
    slope_of = gradient(wanted, solved.basin, solved.program)
    constant = in_vector(wanted, solved.basin, solved.program, np.zeros(len(slope_of)))
    stages = solved.solution.stages
    found = freedom(solved.program, solved.givens, stage_plans(solved.basin), stages, slope_of)
    width = found[0][1] - found[0][0] if found[0] else np.inf
    before = found[0]
    for name, ends in zip(["", *(s.name for s in stages)], found, strict=True):
        narrows = bool(name and ends and before and (before[1] - before[0]) - (ends[1] - ends[0]) > NARROWS * width + NOTHING)
        least, most = (constant + end for end in ends) if ends else (None, None)
        yield Decided(after=name or None, least=least, most=most, narrows=narrows)
        before = ends or before


def _bindings(solved: Solved, slope_of: Floats, names: list[str]) -> tuple[Binding, ...]:
    """Rows with a price in some stages, and what they do to the figure; those that do nothing to it left out."""
    found: dict[int, Binding] = {}
    for stage in each([s for s in solved.solution.stages if s.name in names]):
        for equation in equations():
            component = solved.program.equations[equation.name]
            duals = stage.row_duals[component.slice]
            if equation.name in ACCOUNTS or not len(duals):
                continue
            for k in _largest_by_member(component.index, duals):
                row = component.first + k
                if row not in found:
                    found[row] = _binding(solved, slope_of, row, stage, equation, component.index[k], float(duals[k]))
    return tuple(sorted((b for b in found.values() if b.size > NOTHING), key=lambda b: (-round(b.size, 6), b.equation, b.index)))


def _binding(solved: Solved, slope_of: Floats, row: int, stage: Stage, equation: Equation, index: tuple[str, ...], price: float) -> Binding:
    return Binding(
        stage=stage.name,
        equation=equation.name,
        index=index,
        title=row_title(solved.basin, equation.name, index),
        statement=equation.statement,
        unit=equation.unit,
        price=price,
        price_unit=f"{stage.unit} per {equation.unit}",
        one_more=_of_row(solved, slope_of, row, 1.0),
        one_less=_of_row(solved, slope_of, row, -1.0),
    )


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
