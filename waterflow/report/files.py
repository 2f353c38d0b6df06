"""Reports on disk: folders of files and tables, each made whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.files import in_the_way, no_way, together
from waterflow.loading.texts import read_text
from waterflow.words.catalogue import say

__all__ = ["check_folder", "read_page", "write_folder", "write_tables"]


def _refuse(folder: Path, found: str, cause: str = "") -> InputError:
    return Problem("bad-folder", f"--out {folder}", found, say("a folder that can be written"), cause).refusal()


def check_folder(folder: Path) -> None:
    """Refuse a folder that is a file, before any work is done for it.

    Raises
    ------
    InputError
        If there is a file of that name.
    """
    try:
        folder.lstat()
        there, is_folder = True, folder.is_dir()
    except FileNotFoundError:
        there = is_folder = False
    except OSError as error:
        raise _refuse(folder, no_way(error)) from error
    if there and not is_folder:
        raise _refuse(folder, in_the_way(folder) or say("a file of that name"), say("A typing slip?"))


def write_folder(folder: Path, texts: Mapping[str, str], saved: Mapping[str, Callable[[], bytes]]) -> None:
    """Write files into a folder, all of them or none.

    Parameters
    ----------
    folder : Path
        Made if it is not there; other files in it stay.
    texts : mapping of file name to text
    saved : mapping of file name to a function that gives its content

    Raises
    ------
    InputError
        If the folder is a file or cannot be written, or what stands where a file belongs is no regular file.
    """
    check_folder(folder)
    contents = {name: text.encode() for name, text in texts.items()} | {name: save() for name, save in saved.items()}
    for name in contents:
        if found := in_the_way(folder / name):
            raise Problem("bad-folder", f"--out {folder / name}", found, say("a file in a folder that can be written")).refusal()
    try:
        together(folder, contents)
    except OSError as error:
        raise _refuse(folder, no_way(error)) from error


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


def write_tables(tables: Mapping[str, Any], folder: Path) -> None:
    """Write frames as CSV by file stem."""
    write_folder(folder, {f"{name}.csv": table.to_csv(index=False, lineterminator="\n") for name, table in tables.items()}, {})
