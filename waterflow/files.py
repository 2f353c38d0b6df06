"""Files written whole or not at all: made beside their place under a name of their own, and moved there when they are whole."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from waterflow.errors import Problem
from waterflow.words.catalogue import mark, say

__all__ = ["beside", "no_way", "whole", "write"]

#: what keeps a file from being written, by the number of the error
NO_WAY = {
    errno.ENOENT: mark("no such folder"),
    errno.ENOTDIR: mark("a file where a folder should be"),
    errno.EISDIR: mark("a folder of that name"),
    errno.EACCES: mark("no permission to write there"),
    errno.EPERM: mark("no permission to write there"),
    errno.EROFS: mark("a disk that can only be read"),
    errno.ENOSPC: mark("no space left on the disk"),
}


def no_way(error: OSError) -> str:
    """Why something cannot be written, in words."""
    return say(NO_WAY[error.errno]) if error.errno in NO_WAY else say("no way to write there")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A name beside a path that nobody else has, for a file or a folder; what is left there in the end is taken away."""
    partial = path.with_name(f".{path.name}.partial-{uuid4().hex[:12]}")
    try:
        yield partial
    finally:
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.unlink(missing_ok=True)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file: it comes to its place if nothing failed; else the old one stays."""
    with beside(path) as partial:
        yield partial
        partial.replace(path)


def write(path: Path, content: str | bytes, option: str, *, code: str = "bad-folder") -> None:
    """Write a text, as UTF-8, or bytes.

    Parameters
    ----------
    path : Path
    content : str or bytes
    option : str
        The option that named the file, for the message.
    code : str
        Of the problem.

    Raises
    ------
    InputError
        If it cannot be written there.
    """
    try:
        with whole(path) as partial:
            partial.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise Problem(code, f"{option} {path}", no_way(error), say("a file in a folder that can be written")).refusal() from error
