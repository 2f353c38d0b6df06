"""Files written whole or not at all: made beside their place under a name of their own, and moved there when they are whole.

Only regular files are ever replaced: a device, a pipe, a link or a folder of that name is refused.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

from waterflow.errors import Problem
from waterflow.words.catalogue import mark, say

__all__ = [
    "in_the_way",
    "is_file",
    "is_folder",
    "make_folder",
    "no_way",
    "remove_tree",
    "shipped_bytes",
    "together",
    "whole",
    "write",
    "write_tree",
]

#: what keeps a file from being written, by the number of the error
NO_WAY = {
    errno.ENOENT: mark("no such folder"),
    errno.ENOTDIR: mark("a file where a folder should be"),
    errno.EISDIR: mark("a folder of that name"),
    errno.EACCES: mark("no permission to write there"),
    errno.EPERM: mark("no permission to write there"),
    errno.EEXIST: mark("a file where a folder should be"),
    errno.EROFS: mark("a disk that can only be read"),
    errno.ENOSPC: mark("no space left on the disk"),
    errno.EDQUOT: mark("no space left on the disk"),
    errno.EFBIG: mark("no space left on the disk"),
    errno.ENAMETOOLONG: mark("a name that is too long"),
}
#: what is no regular file, by its kind
KINDS = {
    stat.S_IFDIR: mark("a folder of that name"),
    stat.S_IFLNK: mark("a link of that name"),
    stat.S_IFIFO: mark("a pipe of that name"),
    stat.S_IFSOCK: mark("a socket of that name"),
    stat.S_IFCHR: mark("a device of that name"),
    stat.S_IFBLK: mark("a device of that name"),
}
#: how what is not whole yet is called, and a folder whose files are whole and on their way to their places
PARTIAL, READY = ".waterflow-partial-", ".waterflow-ready-"
#: seconds to wait for another run that is moving files into the same folder, which takes milliseconds
WAITS = 60


def is_file(path: Path) -> bool:
    """True if there is a file of that name; a name that no disk takes (above 255 letters) is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """True if there is a folder of that name; a name that no disk takes is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def no_way(error: OSError) -> str:
    """Why something cannot be written, in words."""
    return say(NO_WAY[error.errno]) if error.errno in NO_WAY else say("no way to write there")


def in_the_way(path: Path) -> str:
    """What stands where a file is to be written and is no regular file, in words; nothing if nothing does."""
    try:
        kind = stat.S_IFMT(path.lstat().st_mode)
    except OSError:
        return ""
    return say(KINDS[kind]) if kind in KINDS else ""


def remove_tree(folder: Path) -> None:
    """Take away a folder that was just written."""
    _gone(folder)


def _gone(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file: it comes to its place if nothing failed; else the old one stays.

    Raises
    ------
    OSError
        If it cannot be written, or what stands there is no regular file.
    """
    if in_the_way(path):
        raise OSError(errno.EISDIR if path.is_dir() else errno.EPERM, in_the_way(path))
    partial = path.parent / f"{PARTIAL}{uuid4().hex[:12]}"
    try:
        yield partial
        partial.replace(path)
    finally:
        _gone(partial)


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
        If it cannot be written there, or what stands there is no regular file.
    """
    allowed = say("a file in a folder that can be written")
    if found := in_the_way(path):
        raise Problem(code, f"{option} {path}", found, allowed).refusal()
    try:
        with whole(path) as partial:
            partial.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise Problem(code, f"{option} {path}", no_way(error), allowed).refusal() from error


def make_folder(folder: Path, option: str) -> None:
    """Make a folder, and those it lies in, if it is not there.

    Raises
    ------
    InputError
        If it cannot be made there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem("bad-folder", f"{option} {folder}", no_way(error), say("a folder that can be written")).refusal() from error


def write_tree(folder: Path, contents: Mapping[str, str], option: str) -> None:
    """Write a new folder with files in folders of its own, whole or not at all.

    Parameters
    ----------
    folder : Path
        Nothing may stand there.
    contents : mapping of path inside the folder to text
    option : str
        The option that named the folder, for the message.

    Raises
    ------
    InputError
        If it cannot be written there.
    """
    try:
        with whole(folder) as partial:
            for name, text in contents.items():
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                (partial / name).write_bytes(text.encode())
    except OSError as error:
        raise Problem("bad-folder", f"{option} {folder}", no_way(error), say("a folder that can be written")).refusal() from error


def together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder, all of them or none.

    They are made in a folder inside it, so that every move stays on its disk. That folder is given another name when every
    file is whole: from then on a run that is killed has left all that is new, and the next that writes there moves it on.
    A move that fails puts back what was moved.

    Raises
    ------
    OSError
        If they cannot be written, or what stands where one belongs is no regular file.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    key = uuid4().hex[:12]
    partial, ready = folder / f"{PARTIAL}{key}", folder / f"{READY}{key}"
    try:
        partial.mkdir()
        for name, content in contents.items():
            (partial / name).write_bytes(content)
        with _alone(folder):
            # nobody else is moving: what lies ready was left by a run that was killed
            for left in sorted(folder.glob(f"{READY}*")):
                _move_on(left, folder)
            for name in contents:
                if found := in_the_way(folder / name):
                    raise OSError(errno.EISDIR if (folder / name).is_dir() else errno.EPERM, found)
            partial.rename(ready)
            try:
                _move(ready, folder)
            finally:
                # before the next may look: it would take what is left here for that of a run that was killed
                _gone(ready)
    finally:
        _gone(partial)
        if made and not any(folder.iterdir()):
            folder.rmdir()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs of this machine from moving files into a folder; the system lets go of the lock of a run that is killed."""
    from filelock import FileLock

    # a number where there are numbers: in a container the one who works may have no name
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    name = f"waterflow-{blake2b(str(folder.resolve()).encode(), digest_size=8).hexdigest()}-{user}.lock"
    with FileLock(Path(tempfile.gettempdir()) / name, timeout=WAITS):
        yield


def _move(ready: Path, folder: Path) -> None:
    """Move whole files to their places, or put back what was there."""
    old = ready / "old"
    old.mkdir()
    moved: list[str] = []
    try:
        for new in sorted(x for x in ready.iterdir() if x != old):
            if (folder / new.name).exists():
                (folder / new.name).replace(old / new.name)
            moved.append(new.name)
            new.replace(folder / new.name)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                (old / name).replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise


def _move_on(ready: Path, folder: Path) -> None:
    """Move on what a run that was killed had made whole."""
    for new in ready.iterdir():
        if new.is_file():
            new.replace(folder / new.name)
    _gone(ready)


def shipped_bytes(path: Path) -> bytes:
    """What is in a file that is part of the package."""
    return path.read_bytes()
