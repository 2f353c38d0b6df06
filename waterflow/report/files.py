"""Reports on disk: folders of files and tables, each made whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.files import beside, no_way
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
    place = folder.resolve()
    try:
        with beside(place) as partial:
            partial.mkdir(parents=True)
            for name, text in texts.items():
                (partial / name).write_bytes(text.encode())
            for name, save in saved.items():
                save(partial / name)
            place.mkdir(exist_ok=True)
            for name in (*texts, *saved):
                (partial / name).replace(place / name)
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
