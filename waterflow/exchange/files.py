"""Files of exchange: a program as the text that HiGHS writes, a long table as the bytes of a parquet file."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from waterflow.errors import InputError
from waterflow.exchange.stage_program import StageProgram
from waterflow.extras import require_extra
from waterflow.loading.texts import read_text
from waterflow.solver.highs import write_program

__all__ = ["parquet", "program_text", "station_text", "text_of"]

#: what stands before a remark
REMARK = {"lp": "\\ ", "mps": "* "}


def program_text(found: StageProgram, form: Literal["lp", "mps"], remarks: tuple[str, ...] = ()) -> str:
    """A stage's program as LP or free MPS, remarks above it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"program.{form}"
        names = found.columns, found.rows
        write_program(path, found.polyhedron, found.cost, names, found.constant, maximise=found.maximise)
        text = path.read_text(encoding="utf-8")
    return "".join(f"{REMARK[form]}{line}\n" for line in remarks) + text


def parquet(frame: pd.DataFrame) -> bytes:
    """A table as a parquet file; needs the extra ``parquet``.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    require_extra("pyarrow", "parquet", ".parquet")
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    table: Any = pyarrow.Table.from_pandas(frame, preserve_index=False)
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


def text_of(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    InputError
        If there is no such text file.
    """
    text, problems = read_text(path, path.name)
    if problems:
        raise InputError(problems)
    return text


def station_text(path: Path) -> str:
    """The text of a station file: UTF-8, or Latin-1, in which the centre writes its units; empty if it is none."""
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    if not data.lstrip().startswith(b"#") or b"\0" in data:
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
