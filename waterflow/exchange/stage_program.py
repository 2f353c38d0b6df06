"""The linear program of one stage, by itself: the river, what every earlier stage reached kept by rows, and its own objective.

The solver narrows a face from stage to stage; a file of one program cannot. What a stage reached is written as a row instead:
the expression no worse than its value, each settled claim no shorter than its share. Both describe the same plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, hstack, vstack

from waterflow.allocation.solve import Solved
from waterflow.basin.objective import is_round_of
from waterflow.errors import Problem
from waterflow.formulation.objective import Claim, StagePlan, stage_plans
from waterflow.solver.compile import Component, Program
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import Stage, scaled_cost
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["StageProgram", "file_name", "names_of", "stage_program"]

Floats = NDArray[np.float64]
#: the column of a stage of claims: the largest share of a claim that is short
SHARE = "share"


@dataclass(frozen=True)
class StageProgram:
    """A stage as one linear program.

    Attributes
    ----------
    stage : Stage
        As it was solved.
    polyhedron : Polyhedron
        The program at its givens, and the rows that keep what was reached before.
    cost : array (columns,)
    constant : float
        So that the stage's value is ``cost @ x + constant``.
    columns, rows : tuple of str
        Names as files have them.
    """

    stage: Stage
    polyhedron: Polyhedron
    cost: Floats
    constant: float
    columns: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def maximise(self) -> bool:
        """Whether the value is to be as large as can be."""
        return self.stage.sense == "maximise"


@dataclass
class _Kept:
    """Rows ``values @ x[columns] <= most`` beside those of the program."""

    names: list[str] = field(default_factory=list)
    rows: list[tuple[NDArray[np.intp], Floats]] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, name: str, columns: NDArray[np.intp], values: Floats, most: float) -> None:
        """One more row."""
        self.names.append(name)
        self.rows.append((columns, values))
        self.most.append(most)

    def matrix(self, width: int) -> csc_array:
        """The rows, (rows, width)."""
        places = np.repeat(np.arange(len(self.rows)), [len(columns) for columns, _ in self.rows])
        columns = np.concatenate([columns for columns, _ in self.rows]) if self.rows else np.zeros(0, dtype=np.intp)
        values = np.concatenate([values for _, values in self.rows]) if self.rows else np.zeros(0)
        return csc_array((values, (places, columns)), shape=(len(self.rows), width))


def file_name(component: str, index: Sequence[str]) -> str:
    """``flow(upper,2025_01)``: a name that LP and MPS take; the dash of a period is an underscore, for it is a minus in LP."""
    inside = ",".join("".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in part) for part in index)
    return f"{component}({inside})"


def names_of(components: dict[str, Component]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Component and index by the name a file has for it, in the order of the positions.

    Raises
    ------
    InputError
        If two would have the same name.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for component in components.values():
        for index in component.index:
            name = file_name(component.name, index)
            if name in found:
                other = f"{found[name][0]}[{', '.join(found[name][1])}]"
                cause = say("Names that differ in signs only cannot be told apart there; rename one.")
                both = f"{component.name}[{', '.join(index)}], {other}"
                raise Problem("name-taken", name, both, say("one of that name"), cause).refusal()
            found[name] = component.name, index
    return found


def stage_program(solved: Solved, name: str = "") -> StageProgram:
    """The program of one stage of a solve.

    Parameters
    ----------
    solved : Solved
    name : str
        Of the stage; the last one without, whose optimum is the plan.

    Raises
    ------
    InputError
        If there is no such stage.
    """
    stages = solved.solution.stages
    known = [stage.name for stage in stages]
    if name and name not in known:
        raise Problem("unknown-stage", "--stage", name, ", ".join(known), slip(name, known)).refusal()
    last = known.index(name) if name else len(stages) - 1
    program, plans = solved.program, stage_plans(solved.basin)
    claims = _Claims.of(program, plans)
    kept = _Kept()
    for k in np.flatnonzero(claims.amounts == 0.0):
        # a claim of nothing is short of nothing in every stage
        kept.add(claims.name("nothing", int(k)), claims.columns[[k]], np.ones(1), 0.0)
    for stage in stages[:last]:
        _keep(kept, program, claims, stage, _plan_of(stage, plans))
    settled = np.concatenate([stage.settled for stage in stages[:last]]) if last else np.zeros(0, dtype=np.intp)
    return _made(solved, kept, claims, stages[last], _plan_of(stages[last], plans), settled)


def _plan_of(stage: Stage, plans: Sequence[StagePlan]) -> StagePlan:
    return next(plan for plan in plans if is_round_of(stage.name, plan.name))


@dataclass(frozen=True)
class _Claims:
    """Every claim of every stage, in their order: the stage's plan, its column and its amount."""

    claims: tuple[tuple[str, Claim], ...]
    columns: NDArray[np.intp]
    amounts: Floats

    @classmethod
    def of(cls, program: Program, plans: Sequence[StagePlan]) -> _Claims:
        """The claims of all plans."""
        claims = tuple((plan.name, claim) for plan in plans for claim in plan.claims)
        columns = [program.unknowns[claim.unknown].position[claim.index] for _, claim in claims]
        return cls(claims, np.array(columns, dtype=np.intp), np.array([claim.amount for _, claim in claims], dtype=float))

    def name(self, what: str, position: int) -> str:
        """A row about one of them."""
        plan, claim = self.claims[position]
        return file_name(what, (plan, claim.unknown, *claim.index))


def _keep(kept: _Kept, program: Program, claims: _Claims, stage: Stage, plan: StagePlan) -> None:
    """What a stage reached, as rows."""
    if plan.claims:
        for k in stage.settled:
            if claims.amounts[k]:
                kept.add(claims.name("kept", int(k)), claims.columns[[k]], np.ones(1), stage.value * claims.amounts[k])
        return
    cost, scale, constant = scaled_cost(program, plan)
    reached = (-stage.value if stage.sense == "maximise" else stage.value) - constant
    used = np.flatnonzero(cost)
    kept.add(file_name("kept", (stage.name,)), used, cost[used], reached / scale)


def _made(solved: Solved, kept: _Kept, claims: _Claims, stage: Stage, plan: StagePlan, settled: NDArray[np.intp]) -> StageProgram:
    """The program of a stage: the river's rows, those of what is kept, and of a stage of claims those of its share."""
    program, columns = solved.program, list(names_of(solved.program.unknowns))
    width, cost, constant = len(columns), np.zeros(len(columns)), 0.0
    if plan.claims:
        left = [k for k, (name, _) in enumerate(claims.claims) if name == plan.name and k not in settled and claims.amounts[k]]
        for k in left:
            # the shortfall is at most the share of its claim
            shared = np.array([claims.columns[k], width])
            kept.add(claims.name("claim", k), shared, np.array([1.0, -claims.amounts[k]]), 0.0)
        columns.append(file_name(SHARE, (stage.name,)))
        cost, width = np.append(cost, 1.0), width + 1
    else:
        cost, scale, constant = scaled_cost(program, plan)
        sign = -1.0 if stage.sense == "maximise" else 1.0
        cost, constant = sign * scale * cost, sign * constant
    whole = Polyhedron.of(program, solved.givens)
    river = csc_array(hstack([whole.matrix, csc_array((whole.matrix.shape[0], width - whole.matrix.shape[1]))], format="csc"))
    more = width - whole.matrix.shape[1]
    polyhedron = Polyhedron(
        csc_array(vstack([river, kept.matrix(width)], format="csc")),
        np.append(whole.lower, np.zeros(more)),
        np.append(whole.upper, np.full(more, np.inf)),
        np.append(whole.row_lower, np.full(len(kept.most), -np.inf)),
        np.append(whole.row_upper, kept.most),
    )
    return StageProgram(stage, polyhedron, cost, constant, tuple(columns), (*names_of(program.equations), *kept.names))
