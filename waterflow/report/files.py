"""Reports on disk: a folder with the allocation and its report, made whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from waterflow.errors import InputError, Problem

__all__ = ["check_folder", "write_folder"]


def _refuse(folder: Path, found: str, cause: str = "") -> InputError:
    return InputError([Problem("bad-folder", f"--out {folder}", found, "a folder that can be written", cause)])


def check_folder(folder: Path) -> None:
    """Refuse a folder that is a file, before any work is done for it.

    Raises
    ------
    InputError
        If there is a file of that name.
    """
    if folder.exists() and not folder.is_dir():
        raise _refuse(folder, "a file of that name", "A typing slip?")


def write_folder(folder: Path, texts: Mapping[str, str], saved: Mapping[str, Callable[[Path], object]]) -> None:
    """Write files into a folder; they are made beside it first and moved in when every one is whole.

    Parameters
    ----------
    folder : Path
        Made if it is not there; other files in it stay.
    texts : mapping of file name to text
    saved : mapping of file name to a function that writes to the path it is given

    Raises
    ------
    InputError
        If the folder is a file or cannot be written.
    """
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise _refuse(folder, error.strerror or "no way to write there") from error
    try:
        for name, text in texts.items():
            (partial / name).write_text(text, encoding="utf-8")
        for name, save in saved.items():
            save(partial / name)
        folder.mkdir(exist_ok=True)
        for name in (*texts, *saved):
            (partial / name).replace(folder / name)
    except OSError as error:
        raise _refuse(folder, error.strerror or "no way to write there") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
