"""Workers: a few processes that answer what is asked, the newest question of each page first; an older one is dropped."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from waterflow.workbench.state import State

__all__ = ["LONG", "NOBODY", "Full", "Superseded", "TooLong", "Workers"]

#: answers that somebody waits for, a finger on a lever or a file to take away; the others leave one process free for them
QUICK = ("river", "plan", "report/pdf", "report/xlsx", "report/html")
#: answers of many plans: they have a process of their own, tell how far they are, and stop where nobody waits any more
LONG = ("chances", "trade_offs", "effects", "doubt")
#: seconds after which an answer is given up and its process ended
LIMIT = 240.0
#: a question nobody waits for any more may run on so long: ending its process forgets every river it has laid out
GRACE = 20.0
#: questions that wait at once, long ones among them, and answers after which a process is replaced by a fresh one
WAITING, LONG_WAITING, WORN = 64, 8, 3000
#: seconds between two tellings of how far a long answer is
TOLD = 0.2


#: programs that did not say who they are: they take nobody's place
NOBODY = "-"


class Superseded(Exception):
    """A newer question of the same page took its place."""


class TooLong(Exception):
    """No answer within the limit."""


class Full(Exception):
    """Too many questions wait."""


class _Stopped(Exception):
    """Nobody waits for the answer any more."""


class _Heard:
    """Hears how far a long answer is: tells it through the pipe, and stops the work where the pipe says so."""

    def __init__(self, pipe: Any) -> None:
        self.pipe, self.last = pipe, 0.0

    def __call__(self, share: float) -> None:
        if self.pipe.poll():
            self.pipe.recv()
            raise _Stopped
        if time.monotonic() - self.last > TOLD:
            self.last = time.monotonic()
            self.pipe.send(float(share))


def _work(models: Mapping[str, str], ledger: Path | None, pipe: Any) -> None:
    """A process: answers until the pipe closes."""
    import signal

    from waterflow.progress import heard_by
    from waterflow.workbench.desk import Desk, answer

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    desk = Desk(models, ledger)
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked = pipe.recv()
            if asked is None:
                # stopped when it had just been answered
                continue
            kind, state = asked
            try:
                with heard_by(_Heard(pipe) if kind in LONG else None):
                    found = answer(desk, kind, state)
                pipe.send(found)
            except _Stopped:
                pipe.send(None)
            except Exception:
                import traceback

                traceback.print_exc()
                pipe.send(None)


@dataclass(eq=False)
class _Job:
    """A question, and who waits for its answer."""

    page: str
    kind: str
    state: State
    answer: asyncio.Future[str | None]


@dataclass(eq=False)
class _Process:
    """A process and the pipe to it; it takes what is ``quick``, what is ``long``, or ``any`` of the rest."""

    models: Mapping[str, str]
    ledger: Path | None
    takes: str
    answers: int = 0
    job: _Job | None = None
    share: float = 0.0
    process: Any = field(init=False, default=None)
    pipe: Any = field(init=False, default=None)

    def start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, other = spawn.Pipe()
        self.process = spawn.Process(target=_work, args=(dict(self.models), self.ledger, other), daemon=True)
        self.process.start()
        other.close()
        self.answers = 0

    def stop(self) -> None:
        if self.process is None:
            return
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
        """Wait for an answer; None where the process died, failed or was stopped."""
        self.share = 0.0
        try:
            self.pipe.send((kind, state))
            while isinstance(found := self.pipe.recv(), float):
                self.share = found
        except (EOFError, OSError):
            return None
        return None if found is None else str(found)

    def stop_answer(self) -> None:
        """Ask it to stop what it does: it hears that at its next step."""
        with contextlib.suppress(OSError):
            self.pipe.send(None)


class Workers:
    """Processes that answer.

    Parameters
    ----------
    models : mapping of str to str
        Names of what is served and where each is.
    count : int
        How many processes; two or more.
    ledger : Path, optional
        Of the season that is served with its ledger.
    """

    def __init__(self, models: Mapping[str, str], count: int = 2, ledger: Path | None = None) -> None:
        self._processes = [_Process(models, ledger, "quick" if k == 0 else "any") for k in range(max(2, count))]
        # begun when somebody first asks something long
        self._processes.append(_Process(models, ledger, "long"))
        self._threads = ThreadPoolExecutor(len(self._processes))
        self._waiting: list[_Job] = []
        self._news = asyncio.Condition()
        self._running: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the processes."""
        for process in self._processes:
            if process.takes != "long":
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
            older = [x for x in self._waiting if x.page == page and x.kind == kind]
            self._waiting = [x for x in self._waiting if x not in older]
            if kind in LONG and page != NOBODY:
                older += [p.job for p in self._processes if p.job and p.job.page == page and p.job.kind == kind]
            for other in older:
                if not other.answer.done():
                    other.answer.set_exception(Superseded())
            if len(self._waiting) >= WAITING or (kind in LONG and len(self._long_waiting()) >= LONG_WAITING):
                raise Full
            self._waiting.append(job)
            self._news.notify_all()
        try:
            return await job.answer
        finally:
            # whoever asked has gone: what still waits is dropped; what runs is looked after by `_answered`
            if job in self._waiting:
                self._waiting.remove(job)

    def _long_waiting(self) -> list[_Job]:
        return [x for x in self._waiting if x.kind in LONG]

    def progress(self, page: str, kind: str) -> tuple[str, float]:
        """How far an answer is: ``waits``, ``runs`` or ``none``, and the share of it that is done."""
        if any(x.page == page and x.kind == kind for x in self._waiting):
            return "waits", 0.0
        own = (p for p in self._processes if p.job and p.job.page == page and p.job.kind == kind and not p.job.answer.done())
        return next((("runs", p.share) for p in own), ("none", 0.0))

    async def _serve(self, process: _Process) -> None:
        while True:
            job = await self._next(process)
            if process.process is None:
                process.start()
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
            process.job = None
            while True:
                mine = self._taken_by(process)
                if mine:
                    process.job = mine[0]
                    self._waiting.remove(mine[0])
                    # others may take now what this one would have
                    self._news.notify_all()
                    return mine[0]
                await self._news.wait()

    def _taken_by(self, process: _Process) -> list[_Job]:
        if process.takes == "long":
            return self._long_waiting()
        quick = [x for x in self._waiting if x.kind in QUICK]
        if process.takes == "quick":
            return quick
        return (quick if self._processes[0].job else []) or [x for x in self._waiting if x.kind not in (*QUICK, *LONG)]

    async def _answered(self, process: _Process, job: _Job) -> str | None:
        """Ask the process, and end it where it takes too long or nobody waits any more."""
        loop = asyncio.get_running_loop()
        began = time.monotonic()
        found = loop.run_in_executor(self._threads, process.ask, job.kind, job.state)
        process.answers += 1
        stopped: float | None = None
        while not found.done():
            await asyncio.wait({found}, timeout=0.25)
            spent = time.monotonic() - began
            if job.kind in LONG:
                if job.answer.done() and stopped is None and not found.done():
                    process.stop_answer()
                    stopped = spent
                gone = stopped is not None and spent - stopped > GRACE
            else:
                gone = job.answer.done() and spent > GRACE
            if not found.done() and (gone or spent > LIMIT):
                process.process.kill()
                if not job.answer.done():
                    job.answer.set_exception(TooLong())
        return found.result()
