"""Workers: a few processes that answer what is asked, the newest question of each page first; an older one is dropped."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from waterflow.workbench.state import State

__all__ = ["Full", "Superseded", "TooLong", "Workers"]

#: answers that somebody waits for, a finger on a lever or a file to take away; the others leave one process free for them
QUICK = ("river", "plan", "report/pdf", "report/xlsx", "report/html")
#: seconds after which an answer is given up and its process ended
LIMIT = 240.0
#: a question nobody waits for any more may run on so long: ending its process forgets every river it has laid out
GRACE = 20.0
#: questions that wait at once, and answers after which a process is replaced by a fresh one
WAITING, WORN = 64, 3000


class Superseded(Exception):
    """A newer question of the same page took its place."""


class TooLong(Exception):
    """No answer within the limit."""


class Full(Exception):
    """Too many questions wait."""


def _work(models: Mapping[str, str], pipe: Any) -> None:
    """A process: answers until the pipe closes."""
    import signal

    from waterflow.workbench.desk import Desk, answer

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    desk = Desk(models)
    with contextlib.suppress(EOFError, OSError):
        while True:
            kind, state = pipe.recv()
            try:
                pipe.send(answer(desk, kind, state))
            except Exception:
                import traceback

                traceback.print_exc()
                pipe.send(None)


@dataclass(eq=False)
class _Process:
    """A process and the pipe to it."""

    models: Mapping[str, str]
    quick_only: bool
    answers: int = 0
    busy: bool = False
    process: Any = field(init=False, default=None)
    pipe: Any = field(init=False, default=None)

    def start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, other = spawn.Pipe()
        self.process = spawn.Process(target=_work, args=(dict(self.models), other), daemon=True)
        self.process.start()
        other.close()
        self.answers = 0

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.pipe.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()

    def alive(self) -> bool:
        """Whether it goes on; one whose pipe has just broken is waited for a moment."""
        self.process.join(0.2)
        return bool(self.process.is_alive())

    def ask(self, kind: str, state: State) -> str | None:
        """Wait for an answer; None where the process died or failed."""
        try:
            self.pipe.send((kind, state))
            found: str | None = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return found


@dataclass(eq=False)
class _Job:
    """A question, and who waits for its answer."""

    page: str
    kind: str
    state: State
    answer: asyncio.Future[str | None]


class Workers:
    """Processes that answer.

    Parameters
    ----------
    models : mapping of str to str
        Names of what is served and where each is.
    count : int
        How many processes; two or more.
    """

    def __init__(self, models: Mapping[str, str], count: int = 2) -> None:
        self._processes = [_Process(models, quick_only=k == 0) for k in range(max(2, count))]
        self._threads = ThreadPoolExecutor(len(self._processes))
        self._waiting: list[_Job] = []
        self._news = asyncio.Condition()
        self._running: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the processes."""
        for process in self._processes:
            process.start()
            self._running.append(asyncio.create_task(self._serve(process)))

    async def stop(self) -> None:
        """End the processes."""
        for task in self._running:
            task.cancel()
        for process in self._processes:
            process.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def ask(self, page: str, kind: str, state: State) -> str | None:
        """The answer to a question; None where it failed.

        Parameters
        ----------
        page : str
            Who asks; of one page only the newest question of a kind waits.
        kind : str
        state : State

        Raises
        ------
        Superseded, TooLong, Full
        """
        job = _Job(page, kind, state, asyncio.get_running_loop().create_future())
        async with self._news:
            for other in [x for x in self._waiting if x.page == page and x.kind == kind]:
                self._waiting.remove(other)
                if not other.answer.done():
                    other.answer.set_exception(Superseded())
            if len(self._waiting) >= WAITING:
                raise Full
            self._waiting.append(job)
            self._news.notify_all()
        try:
            return await job.answer
        finally:
            # whoever asked has gone: what still waits is dropped; what runs is looked after by `_answered`
            if job in self._waiting:
                self._waiting.remove(job)

    async def _serve(self, process: _Process) -> None:
        while True:
            job = await self._next(process)
            if process.answers >= WORN or not process.process.is_alive():
                await asyncio.to_thread(process.stop)
                process.start()
            if job.answer.done():
                continue
            result = await self._answered(process, job)
            if result is None and not job.answer.done() and not await asyncio.to_thread(process.alive):
                # it died under the question, or before: a fresh one is asked once
                await asyncio.to_thread(process.stop)
                process.start()
                result = await self._answered(process, job)
            if not job.answer.done():
                job.answer.set_result(result)

    async def _next(self, process: _Process) -> _Job:
        """The oldest question that this process takes; what is quick before what is not.

        What is quick goes to the first process while that is free: it knows where the last plan ended.
        """
        async with self._news:
            process.busy = False
            while True:
                quick = [x for x in self._waiting if x.kind in QUICK]
                if not process.quick_only:
                    quick = quick if self._processes[0].busy else []
                mine = quick or ([] if process.quick_only else [x for x in self._waiting if x.kind not in QUICK])
                if mine:
                    process.busy = True
                    self._waiting.remove(mine[0])
                    # others may take now what this one would have
                    self._news.notify_all()
                    return mine[0]
                await self._news.wait()

    async def _answered(self, process: _Process, job: _Job) -> str | None:
        """Ask the process, and end it where it takes too long or nobody waits any more."""
        loop = asyncio.get_running_loop()
        began = time.monotonic()
        found = loop.run_in_executor(self._threads, process.ask, job.kind, job.state)
        process.answers += 1
        while not found.done():
            await asyncio.wait({found}, timeout=0.25)
            spent = time.monotonic() - began
            gone = job.answer.done() and spent > GRACE
            if not found.done() and (gone or spent > LIMIT):
                process.process.kill()
                if not job.answer.done():
                    job.answer.set_exception(TooLong())
        return found.result()
