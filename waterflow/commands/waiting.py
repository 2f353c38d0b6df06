"""A bar on standard error for work that takes longer than a moment: share done and time left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
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


@contextmanager
def waiting(what: str, *, shown: bool = True) -> Iterator[None]:
    """Tell on standard error how far the work inside is, once it takes longer than a moment.

    Parameters
    ----------
    what : str
        What is done, for people.
    shown : bool
        False says nothing.
    """
    if not shown:
        yield
        return
    import threading  # every command imports this module, few wait long enough to need it

    share, over, began = [0.0], threading.Event(), time.monotonic()

    def heard(done: float) -> None:
        share[0] = max(share[0], min(done, 1.0))

    # a thread begins without the language that is spoken
    teller = threading.Thread(target=copy_context().run, args=(_tell, what, share, over, began), daemon=True)
    teller.start()
    try:
        with heard_by(heard):
            yield
    finally:
        over.set()
        teller.join()


def _tell(what: str, share: list[float], over: threading.Event, began: float) -> None:
    """Wait a moment, then draw a bar, or say a line now and then where there is no terminal."""
    if over.wait(PATIENCE):
        return
    # rich is loaded only by who has waited; it keeps NO_COLOR and knows whether there is a terminal
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        _draw(console, what, share, over)
        return
    while True:
        spent = time.monotonic() - began
        left = say("about {seconds:.0f} s left", seconds=spent / share[0] - spent) if share[0] else ""
        done = say("{share:.0f} % done", share=100 * share[0]) if share[0] else ""
        told = ", ".join(x for x in (say("{seconds:.0f} s", seconds=spent), done, left) if x)
        console.file.write(f"{what}: {told}\n")
        console.file.flush()
        if over.wait(REMINDER):
            return


def _draw(console: Any, what: str, share: list[float], over: threading.Event) -> None:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    shape = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*shape, console=console, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        while not over.wait(BEAT):
            bar.update(task, completed=share[0])
