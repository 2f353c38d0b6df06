"""A bar on standard error for work that takes longer than a moment: share done and time left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waterflow.progress import heard_by
from waterflow.words.catalogue import say

if TYPE_CHECKING:
    import threading

__all__ = ["waiting"]

#: work that takes longer is told; where there is no terminal, again every so often, seconds
PATIENCE, REMINDER = 2.0, 10.0
#: how often the bar is drawn again, seconds
BEAT = 0.2


@dataclass
class _Work:
    """Work that is waited for: what it is, of how many things if that is known, since when, and the share that is done."""

    what: str
    count: int | None
    began: float
    share: float = 0.0
    first: float | None = None

    def heard(self, done: float) -> None:
        """Take down a share; of things that are counted, those done before this run do not tell how fast it is."""
        if self.first is None:
            self.first = done if self.count else 0.0
        self.share = max(self.share, min(done, 1.0))

    def told(self) -> Iterator[str]:
        """Time spent, share done, rate and time left, as far as they are known."""
        spent, gained = time.monotonic() - self.began, self.share - (self.first or 0.0)
        yield say("{seconds:.0f} s", seconds=spent)
        if self.share:
            yield say("{share:.0f} % done", share=100 * self.share)
        if self.count and gained:
            yield say("{rate:.3g} a second", rate=self.count * gained / spent)
        if gained:
            yield say("about {seconds:.0f} s left", seconds=spent * (1.0 - self.share) / gained)


@contextmanager
def waiting(what: str, *, shown: bool = True, count: int | None = None) -> Iterator[None]:
    """Tell on standard error how far the work inside is, once it takes longer than a moment.

    Parameters
    ----------
    what : str
        What is done, for people.
    shown : bool
        False says nothing.
    count : int, optional
        How many things it is done to: tells how many of them a second too.
    """
    if not shown:
        yield
        return
    import threading  # every command imports this module, few wait long enough to need it

    work, over = _Work(what, count, time.monotonic()), threading.Event()
    # a thread begins without the language that is spoken
    teller = threading.Thread(target=copy_context().run, args=(_tell, work, over), daemon=True)
    teller.start()
    try:
        with heard_by(work.heard):
            yield
    finally:
        over.set()
        teller.join()


def _tell(work: _Work, over: threading.Event) -> None:
    """Wait a moment, then draw a bar, or say a line now and then where there is no terminal."""
    if over.wait(PATIENCE):
        return
    # rich is loaded only by who has waited; it keeps NO_COLOR and knows whether there is a terminal
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        _draw(console, work, over)
        return
    while True:
        console.file.write(f"{work.what}: {', '.join(work.told())}\n")
        console.file.flush()
        if over.wait(REMINDER):
            return


def _draw(console: Any, work: _Work, over: threading.Event) -> None:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    shape = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*shape, console=console, transient=True) as bar:
        task = bar.add_task(work.what, total=1.0, told="")
        while not over.wait(BEAT):
            # the bar has the share
            spent, *more = work.told()
            bar.update(task, completed=work.share, told=", ".join([spent, *more[1:]]))
