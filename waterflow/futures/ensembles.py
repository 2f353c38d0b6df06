"""Ensembles: one river planned for every runoff it may have, member by member, on any executor; one Dataset."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.wanted import require_basin
from waterflow.errors import Problem, SolverError
from waterflow.futures.chunk import Arrays, Chunk, forget, solve_chunk
from waterflow.futures.dataset import Layouts, dataset_of
from waterflow.futures.executors import processes
from waterflow.futures.journal import Journal
from waterflow.futures.references import References, references_of
from waterflow.futures.runoff import Runoff, runoff_of
from waterflow.progress import done
from waterflow.words.catalogue import say

__all__ = ["ensemble"]

Positions = NDArray[np.intp]
#: members in a chunk: so many chunks of an ensemble, and never more members than the most
CHUNKS, MOST = 20, 50


def ensemble(
    basin: Basin,
    runoff: xr.DataArray | xr.Dataset,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    chunk: int | None = None,
    journal: str | Path | None = None,
) -> xr.Dataset:
    """Plan a river for every member of an ensemble of runoff.

    Each member is the plan `waterflow.allocate` makes with its runoff, to 1e-9, whatever the workers, the chunks and the
    order of the members; clauses that hold in some classes of runoff alone are judged on the member's own. A member that
    cannot be planned is told, and the others are planned.

    Parameters
    ----------
    basin : Basin
    runoff : DataArray (member, node, period)
        Mm3 per period, or m3 s-1 by its ``units``; `waterflow.futures.runoff.runoff_of` says all that it may be. Nodes
        it does not name keep the basin's own runoff.
    executor : concurrent.futures.Executor, optional
        Where chunks are solved: threads, processes, or the executor of a Dask cluster. Left open.
    workers : int, optional
        Without an executor, how many processes; as many as there are cores without it, and none besides this one for 1.
    chunk : int, optional
        Members solved in one go.
    journal : str or Path, optional
        A folder in which every chunk that is done is kept. A run with the same basin and runoff goes on from there.

    Returns
    -------
    Dataset
        As `waterflow.futures.dataset.dataset_of` describes it; ``status`` says what became of each member.

    Raises
    ------
    InputError
        If the basin cannot be allocated, the runoff is not one, or the journal is that of another ensemble.
    SolverError
        If a worker process ends before it is done.
    """
    require_basin(basin, "ensemble")
    basin.require_valid()
    for name, count in (("workers", workers), ("chunk", chunk)):
        if count is not None and count < 1:
            raise Problem("not-a-number", f"wf.ensemble: {name}", str(count), say("1 or more")).refusal()
    asked = runoff_of(basin, runoff)
    good = np.all(np.isfinite(asked.values), axis=(1, 2))
    layouts = Layouts(asked, good)
    plan = _Plan(asked, layouts, _references(asked, good), chunk)
    kept = Journal(Path(journal), plan.key) if journal else None
    return dataset_of(asked, layouts, list(_answered(plan, kept, executor, workers)))


def _answered(plan: _Plan, kept: Journal | None, executor: Executor | None, workers: int | None) -> Iterator[Arrays]:
    """What every chunk answers: those that are done already, then the others as they are done; heard by `waterflow.progress`."""
    known, whole = set[int](), len(plan.asked.members)
    for found in kept.done() if kept else ():
        known |= {int(k) for k in found["member"]}
        yield found
    count = len(known)
    done(count / whole)
    left = list(plan.chunks(known))
    with _where(executor, min(workers or _cores(), len(left))) as there:
        for found in _answers(there, left):
            if kept:
                kept.keep(found)
            count += len(found["member"])
            done(count / whole)
            yield found


class _Plan:
    """What is to be solved, cut into chunks."""

    def __init__(self, asked: Runoff, layouts: Layouts, references: References, chunk: int | None) -> None:
        self.asked, self.references = asked, references
        self.stages = tuple(layouts.stages)
        self.basin = asked.basin.model_dump_json().encode()
        self.size = chunk or min(MOST, -(-len(asked.members) // CHUNKS))
        parts = (version("syr-waterflow"), version("highspy"), str(asked.values.shape), self.basin, asked.values.tobytes())
        self.key = sha256(b"\0".join(x.encode() if isinstance(x, str) else x for x in parts)).hexdigest()

    def chunks(self, known: set[int]) -> Iterator[Chunk]:
        """The members not known yet: those that start from one reference together, as far as a chunk holds them."""
        waiting: list[int] = []
        for reference in self.references.order:
            own = [int(k) for k in np.flatnonzero(self.references.nearest == reference) if int(k) not in known]
            if waiting and len(waiting) + len(own) > self.size:
                yield self._chunk(waiting)
                waiting = []
            waiting += own
            while len(waiting) >= self.size:
                yield self._chunk(waiting[: self.size])
                waiting = waiting[self.size :]
        if waiting:
            yield self._chunk(waiting)

    def _chunk(self, members: list[int]) -> Chunk:
        own = np.array(members, dtype=np.intp)
        return Chunk(self.key, self.basin, self.stages, self.references, own, self.asked.values[own])


def _references(asked: Runoff, good: NDArray[np.bool_]) -> References:
    """References of the members that are numbers; the others have none and are not solved."""
    own = np.array(list(asked.basin.runoff.values()), dtype=float).reshape(asked.values.shape[1:])
    found = references_of(asked.values[good] if good.any() else own[None])
    nearest = np.zeros(len(good), dtype=np.intp)
    nearest[good] = found.nearest if good.any() else 0
    return References(found.runoff, found.parents, nearest)


@contextmanager
def _where(executor: Executor | None, workers: int) -> Iterator[Executor | None]:
    """Where chunks are solved: the executor that was given, processes of our own, or here (None)."""
    with nullcontext(executor) if executor is not None or workers <= 1 else processes(workers) as there:
        yield there


def _answers(there: Executor | None, chunks: Iterable[Chunk]) -> Iterator[Arrays]:
    """What chunks answer, in the order in which they are done."""
    if there is None:
        try:
            yield from map(solve_chunk, chunks)
        finally:
            forget()
        return
    waiting: list[Future[Arrays]] = []
    try:
        waiting += [there.submit(solve_chunk, chunk) for chunk in chunks]
        for future in as_completed(waiting):
            yield future.result()
    except BrokenExecutor:
        message = say("a worker process ended before it was done; what the others had done is in the journal, if there is one")
        raise SolverError(message) from None
    finally:
        for future in waiting:
            future.cancel()


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
