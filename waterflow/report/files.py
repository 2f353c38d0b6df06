"""Reports on disk: folders, pages and pictures, made whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.loading.texts import read_text
from waterflow.words.catalogue import say

__all__ = ["check_folder", "read_page", "write_folder", "write_page", "write_picture", "write_tables"]


def _refuse(folder: Path, found: str, cause: str = "") -> InputError:
    return InputError([Problem("bad-folder", f"--out {folder}", found, say("a folder that can be written"), cause)])


def check_folder(folder: Path) -> None:
    """Refuse a folder that is a file, before any work is done for it.

    Raises
    ------
    InputError
        If there is a file of that name.
    """
    if folder.exists() and not folder.is_dir():
        raise _refuse(folder, say("a file of that name"), say("A typing slip?"))


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
        raise _refuse(folder, error.strerror or say("no way to write there")) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def read_page(path: Path) -> str:
    """The text of a page.

    Raises
    ------
    InputError
        If there is no such text file.
    """
    text, problems = read_text(path, str(path))
    if problems:
        raise InputError(problems)
    return text


def write_page(text: str, path: Path) -> None:
    """Write a page; it appears whole or not at all."""
    partial = path.parent / f".{path.name}.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def write_picture(picture: bytes, path: Path) -> None:
    """Write a picture; it appears whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written there.
    """
    partial = path.parent / f".{path.name}.partial"
    try:
        partial.write_bytes(picture)
        partial.replace(path)
    except OSError as error:
        found = error.strerror or say("no way to write there")
        raise InputError([Problem("bad-picture", f"--picture {path}", found, say("a file in a folder that can be written"))]) from error


def write_tables(tables: Mapping[str, Any], folder: Path) -> None:
    """Write frames as CSV by file stem; each file appears whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        partial = folder / f".{name}.csv.partial"
        table.to_csv(partial, index=False, lineterminator="\n")
        partial.replace(folder / f"{name}.csv")
