"""Executors: processes of this machine that leave with it, and those of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait

from waterflow.errors import Problem
from waterflow.extras import require_extra
from waterflow.words.catalogue import say

__all__ = ["at_scheduler", "processes"]

#: seconds to wait for a scheduler
WAITS = 10


def _leave_with_parent() -> None:
    """End this process when the one that started it does, even if that is killed; nobody would be left to end it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Processes that solve chunks; those that have not begun when it is left are never begun."""
    pool = ProcessPoolExecutor(workers, initializer=_leave_with_parent)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def at_scheduler(address: str) -> Iterator[Executor]:
    """The workers of a Dask cluster; each needs waterflow installed.

    Parameters
    ----------
    address : str
        Of its scheduler: ``tcp://10.0.0.1:8786``.

    Raises
    ------
    InputError
        If the extra ``dask`` is not installed, or no scheduler answers there.
    """
    require_extra("distributed", "dask", "--scheduler")
    from distributed import Client

    try:
        client = Client(address, timeout=WAITS)
    except (OSError, ValueError, TimeoutError) as error:
        allowed = say("the address of a Dask scheduler that is running, such as {address}", address="tcp://127.0.0.1:8786")
        raise Problem("no-scheduler", "--scheduler", f"{address} ({error})", allowed).refusal() from error
    with client:
        yield client.get_executor(pure=False)
