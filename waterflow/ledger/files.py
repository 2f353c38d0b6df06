"""Ledgers on disk: appended under a lock and synced; a line that was torn is told and set aside, and a broken chain is refused."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.files import in_the_way, is_file, is_folder, no_way, whole
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.rows import BEGINNING, Row, chained, rows_of
from waterflow.words.catalogue import say

__all__ = ["alone", "append", "ledger_bytes", "now", "read_ledger"]

#: seconds to wait for another who is adding, which takes a fraction of one
WAITS = 60


def now() -> str:
    """The time, to the second, in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def read_ledger(path: Path) -> Ledger:
    """Read a ledger and judge its chain.

    Raises
    ------
    InputError
        If there is no such file, it is no ledger, or rows were changed, lost or put in between.
    """
    if not is_file(path):
        raise Problem("no-such-file", str(path), say("no file"), say("a ledger, as `waterflow ledger add` writes it")).refusal()
    try:
        rows, torn = rows_of(path.read_bytes())
    except OSError as error:
        raise Problem("not-a-file", str(path), no_way(error), say("a file that may be read")).refusal() from error
    if not rows and torn:
        found, allowed = say("no row of a ledger"), say("a ledger, as `waterflow ledger add` writes it")
        raise Problem("not-a-ledger", str(path), found, allowed, say("Another file?")).refusal()
    problems = list(_broken(rows, path.name))
    if problems:
        raise InputError(problems)
    return Ledger(rows, torn)


def _broken(rows: Sequence[Row], shown: str) -> Iterator[Problem]:
    """Rows that follow one that is not there before them: it was changed or taken away; and rows that stand there twice."""
    seen = {BEGINNING.encode()}
    for row in rows:
        digest, prev = row.links
        if digest in seen or prev not in seen:
            yield _break(row, shown, again=digest in seen)
        seen.add(digest)


def _break(row: Row, shown: str, *, again: bool) -> Problem:
    where = say("{file}, line {number}", file=shown, number=row.line)
    allowed = say("every row as it was written, after the one it was written after")
    if again:
        return Problem("broken-ledger", where, say("a row that stands there twice"), allowed, say("Copied by hand?"))
    found = say("a row that follows {digest}, which is not there", digest=row.prev[:12])
    return Problem("broken-ledger", where, found, allowed, say("A row before it was changed, moved or taken away."))


def append(path: Path, made: Callable[[Ledger], Sequence[Mapping[str, Any]]], by: str, typed: str = "") -> list[Row]:
    """Append rows to a ledger, after whatever another has added in the meantime.

    Parameters
    ----------
    path : Path
        A ledger, or where a new one is to be.
    made : callable
        What the rows say, in view of what the ledger says by then; it may refuse.
    by : str
        Who typed it.
    typed : str, optional
        When; now without it.

    Returns
    -------
    list of Row
        What was written, on the disk when this returns.

    Raises
    ------
    InputError
        If it cannot be written there, or the ledger is broken.
    """
    try:
        with alone(path):
            ledger = read_ledger(path) if path.exists() and path.stat().st_size else Ledger((), ())
            rows = chained(made(ledger), ledger.last, by, typed or now())
            for row in rows:
                # what could not be read again is not written: the ledger would be broken for everybody
                row.fields  # noqa: B018 - refuses
            if rows:
                _write(path, rows)
            return rows
    except OSError as error:
        raise Problem("bad-folder", str(path), no_way(error), say("a file in a folder that can be written")).refusal() from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep others from adding: the lock lies beside the ledger, where everybody who may write it finds it.

    Raises
    ------
    InputError
        If there is no such folder or nothing may be written there, or another keeps the lock for a minute.
    """
    from filelock import FileLock

    allowed = say("a file in a folder that can be written")
    # the lock would make the folder
    found = in_the_way(path) or ("" if is_folder(path.absolute().parent) else say("no such folder"))
    if found:
        raise Problem("bad-folder", str(path), found, allowed).refusal()
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=WAITS)
    try:
        lock.acquire()
    except OSError as error:
        raise Problem("bad-folder", str(path), no_way(error), allowed).refusal() from error
    try:
        yield
    finally:
        lock.release()


def _write(path: Path, rows: Sequence[Row]) -> None:
    """Append whole lines and wait until they are on the disk; what was torn off before is ended, not overwritten.

    All of them or none: half the rows of a plan would be another plan in force.
    """
    old = path.read_bytes() if path.exists() else b""
    with whole(path) as partial:
        with partial.open("wb") as file:
            file.write(old + b"\n" * (old[-1:] not in (b"", b"\n")) + ledger_bytes(rows))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            # who might read or write it before may do so still
            shutil.copymode(path, partial)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def ledger_bytes(rows: Sequence[Row]) -> bytes:
    """Rows as the content of a ledger."""
    return b"".join(row.raw + b"\n" for row in rows)
