"""A chunk of members solved: one function that any executor can run, here or on another machine."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.allocate import audited
from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError, InputError, SolverError
from waterflow.futures.member_solver import MemberSolver
from waterflow.futures.references import References
from waterflow.progress import heard_by
from waterflow.words.catalogue import say, speaking

__all__ = ["CONFLICT", "FAILED", "OPTIMAL", "REFUSED", "Arrays", "Chunk", "forget", "solve_chunk"]

Floats = NDArray[np.float64]
#: what one chunk answers, by name
Arrays = dict[str, NDArray[np.generic]]

#: what became of a member: planned, no plan obeys every rule, its runoff is none, the solver stopped
OPTIMAL, CONFLICT, REFUSED, FAILED = "optimal", "conflict", "refused", "failed"
#: how many rivers a thread keeps ready
KEPT = 2


@dataclass(frozen=True)
class Chunk:
    """Some members of an ensemble, with all that is needed to solve them anywhere.

    Attributes
    ----------
    key : str
        Of the ensemble: who has solved a chunk of it has its program and references ready.
    basin : bytes
        JSON of the basin.
    stages : tuple of str
        Names of the stages whose values are wanted.
    references : References
    members : array (chunk,)
        Positions of the members in the ensemble.
    runoff : array (chunk, node, period)
        Mm3; the nodes are those of the basin's runoff.
    """

    key: str
    basin: bytes
    stages: tuple[str, ...]
    references: References
    members: NDArray[np.intp]
    runoff: Floats


class _Kept(threading.local):
    """Rivers this thread has ready."""

    def __init__(self) -> None:
        self.solvers: OrderedDict[str, MemberSolver] = OrderedDict()

    def solver(self, chunk: Chunk) -> MemberSolver:
        """The river of a chunk, made if this thread has not solved a chunk of its ensemble lately."""
        if chunk.key not in self.solvers:
            self.solvers[chunk.key] = MemberSolver(Basin.model_validate_json(chunk.basin), chunk.references)
            while len(self.solvers) > KEPT:
                self.solvers.popitem(last=False)
        return self.solvers[chunk.key]


_kept = _Kept()


@dataclass(frozen=True)
class _Member:
    """What became of one member."""

    status: str
    message: str = ""
    clashing: str = ""
    path: str = ""
    certificate: float = np.nan
    water: float = np.nan
    energy: float = np.nan
    plan: Floats | None = None
    due: Sequence[float] = ()
    values: Sequence[float] = ()


def solve_chunk(chunk: Chunk) -> Arrays:
    """Solve the members of a chunk one by one; one that cannot be solved is told and the others are.

    Parameters
    ----------
    chunk : Chunk

    Returns
    -------
    dict of arrays
        ``member``, ``status``, ``message`` (English), ``clashing`` (names of the rules that clash), ``path``, ``certificate`` (worst
        residual of any stage), ``water`` and ``energy`` (residuals of the audit, Mm3 and GWh), each (chunk,); ``plan``
        (chunk, unknowns), ``due`` (chunk, threshold shares) and ``values`` (chunk, stages), NaN where there is none.
    """
    # messages are data here: the same whatever language is spoken where the chunk is solved; who waits counts members
    with speaking("en"), heard_by(None):
        solver = _kept.solver(chunk)
        found = list(_members(solver, chunk))
    width = max((len(x.plan) for x in found if x.plan is not None), default=0)
    words = ("status", "message", "clashing", "path")
    figures = ("certificate", "water", "energy")
    return {
        "member": chunk.members,
        **{name: np.array([getattr(x, name) for x in found], dtype=str) for name in words},
        **{name: np.array([getattr(x, name) for x in found], dtype=float) for name in figures},
        "plan": _rows([() if x.plan is None else x.plan for x in found], width),
        "due": _rows([x.due for x in found], len(solver.basin.threshold_shares)),
        "values": _rows([x.values for x in found], len(chunk.stages)),
    }


def forget() -> None:
    """Let go of the rivers this thread has ready, with all their references."""
    _kept.solvers.clear()


def _rows(rows: Sequence[Sequence[float] | Floats], width: int) -> Floats:
    """Rows of one width, NaN where a row is shorter."""
    found = np.full((len(rows), width), np.nan)
    for k, row in enumerate(rows):
        found[k, : len(row)] = row
    return found


def _members(solver: MemberSolver, chunk: Chunk) -> Iterator[_Member]:
    for runoff, reference in zip(chunk.runoff, chunk.references.nearest[chunk.members], strict=True):
        yield _refused(solver.basin, runoff) or _solved(solver, runoff, int(reference), chunk.stages)


def _refused(basin: Basin, runoff: Floats) -> _Member | None:
    """A member whose runoff is not one: not finite, or below zero where the river's own never is."""
    for node, series, own in zip(basin.runoff, runoff, basin.runoff.values(), strict=True):
        wrong = ~np.isfinite(series) | ((series < 0.0) & (min(own) >= 0.0))
        if wrong.any():
            k = int(np.argmax(wrong))
            where = f"runoff[{node}, {basin.calendar.labels[k]}]"
            return _Member(REFUSED, say("{where} is {value:g}", where=where, value=float(series[k])))
    return None


def _solved(solver: MemberSolver, runoff: Floats, reference: int, stages: Sequence[str]) -> _Member:
    try:
        solved = solver.solve(runoff, reference)
        residuals = audited(solved.basin, solved.program, solved.solution.stages[-1].unknowns)
    except ConflictError as error:
        rules = "; ".join(error.clashing)
        return _Member(CONFLICT, say("no plan obeys {rules}", rules=rules), rules)
    except (InputError, SolverError) as error:
        return _Member(FAILED, str(error))
    found = solved.solution.stages
    values = {stage.name: stage.value for stage in found}
    return _Member(
        OPTIMAL,
        path=solved.path,
        certificate=max(stage.certificate.worst for stage in found),
        water=max(residuals.water, residuals.river),
        energy=residuals.energy,
        plan=found[-1].unknowns,
        due=[x.due for x in solved.basin.threshold_shares.values()],
        values=[values.get(name, np.nan) for name in stages],
    )
