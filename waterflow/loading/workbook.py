"""Workbooks, read in a process of their own: a reader of foreign files may run out of memory or time, or be aborted."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from waterflow.errors import Problem
from waterflow.files import is_file
from waterflow.words.catalogue import say

__all__ = ["print_cells", "read_workbook"]

#: cells of a table of ours stay below 100,000; one stray cell in the far corner makes 17,000 million
MOST_CELLS, MOST_SHEETS = 2_000_000, 100
MOST_BYTES, MOST_SECONDS = 3 * 10**9, 60
#: exit codes of the process
NO_WORKBOOK, TOO_LARGE = 11, 12
#: it finds modules where we do, and none in the folder it is started from
CHILD = "import os, sys; sys.path[:] = sys.argv[1].split(os.pathsep); from waterflow.loading.workbook import print_cells; print_cells()"


def read_workbook(path: Path) -> dict[str, list[list[Any]]]:
    """The cells of every sheet of a workbook: text, numbers, truths and dates, as many in every row.

    Raises
    ------
    InputError
        If there is no such file or no workbook in it, or it is too large.
    """
    if not is_file(path):
        raise Problem("no-such-file", path.name, say("no file"), say("a file of that name"), say("A typing slip?")).refusal()
    command = [sys.executable, "-I", "-c", CHILD, os.pathsep.join(sys.path), str(path.resolve())]
    try:
        child = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own interpreter
        code = child.returncode
    except subprocess.TimeoutExpired:
        code = TOO_LARGE
    if code == NO_WORKBOOK:
        raise Problem("not-a-table", path.name, say("no workbook"), say("an Excel workbook with a sheet")).refusal()
    if code:
        found = say("a workbook that cannot be read: too large, or damaged")
        cause = say("A stray cell far below or beside the table? Copy the table into a new workbook, or save it as CSV.")
        raise Problem("not-a-table", path.name, found, say("an Excel workbook with a sheet"), cause).refusal()
    sheets: dict[str, list[list[Any]]] = pickle.loads(child.stdout)  # noqa: S301 - written by our own process
    return sheets


def print_cells() -> None:
    """In a process of its own: the cells of the workbook named last on the command line, pickled to standard output."""
    from python_calamine import CalamineError, CalamineWorkbook

    _limit_memory()
    try:
        book = CalamineWorkbook.from_path(sys.argv[-1])
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names[:MOST_SHEETS]}
        if sum(sheet.total_height * sheet.total_width for sheet in sheets.values()) > MOST_CELLS:
            sys.exit(TOO_LARGE)
        found = {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items()}
    except (CalamineError, OSError, IndexError):
        sys.exit(NO_WORKBOOK)
    sys.stdout.buffer.write(pickle.dumps(found))


def _limit_memory() -> None:
    """Keep a reader from taking the memory of the machine, where the system knows such a limit."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MOST_BYTES if most == resource.RLIM_INFINITY else min(MOST_BYTES, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
