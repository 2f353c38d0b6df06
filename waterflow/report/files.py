"""Reports on disk: a folder with the allocation and its report, made whole or not at all."""

from __future__ import annotations

import os
import shutil
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
    """Write files into a folder: made beside it first, and moved to their place when every one is whole.

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
    whole = folder.resolve()
    partial = whole.parent / f".{whole.name}.partial-{os.getpid()}"
    try:
        partial.mkdir(parents=True)
        for name, text in texts.items():
            (partial / name).write_text(text, encoding="utf-8")
        for name, save in saved.items():
            save(partial / name)
        if whole.is_dir():
            for name in (*texts, *saved):
                (partial / name).replace(whole / name)
        else:
            partial.replace(whole)
    except OSError as error:
        raise _refuse(folder, error.strerror or "no way to write there") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
