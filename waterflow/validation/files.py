"""Calibration on disk: observations read from a model's inputs, derived tables written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from waterflow.errors import InputError, Problem
from waterflow.loading.model import read_tables, tables_folder
from waterflow.loading.observed import read_observed
from waterflow.loading.tables import read_text
from waterflow.validation.calibrate import Calibration, calibrate

__all__ = [
    "calibrate_model",
    "calibration_text",
    "checked_frames",
    "observed_tables",
    "read_page",
    "write_page",
    "write_picture",
    "write_tables",
]

#: tables of the model that calibration and replay read besides ``observed/``
STATIC = ("reservoirs", "evaporation", "precipitation", "limits", "runoff", "reaches")
#: tables of ``observed/`` that they read
SEEN = (
    "annual_uses",
    "calibration_exclusions",
    "calibration_zones",
    "flow_gauges",
    "gauged_runoff",
    "loss_pattern",
    "monthly_flows",
    "monthly_storages",
    "monthly_withdrawals",
    "natural_runoff",
    "north_aral_delivered",
    "replay_sites",
    "use_shapes",
    "wetness",
)


def observed_tables(name_or_path: str | Path) -> dict[str, pd.DataFrame]:
    """What calibration and replay read, by file stem: observations, and the tables of the model beside them.

    Raises
    ------
    InputError
        If the model has no observations or its tables have problems.
    """
    return checked_frames(tables_folder(name_or_path), SEEN, STATIC)


def calibrate_model(name_or_path: str | Path) -> Calibration:
    """Calibrate a model from the ``observed`` folder of its inputs.

    Raises
    ------
    InputError
        If the model has no observations or its tables have problems.
    """
    return calibrate(observed_tables(name_or_path))


def checked_frames(folder: Path, observed: Iterable[str], static: Iterable[str] = ()) -> dict[str, pd.DataFrame]:
    """Tables of a model as frames by file stem, once every table of the folder has been checked.

    Parameters
    ----------
    folder : Path
        The folder of a model's tables.
    observed, static : iterable of str
        Tables of observations, which must be there, and of the model.

    Raises
    ------
    InputError
        If there are no observations, or the tables have problems.
    """
    seen, given = tuple(observed), tuple(static)
    read_observed(folder, seen)
    if given:
        read_tables(folder)
    frames = {name: pd.read_csv(folder / "observed" / f"{name}.csv") for name in seen}
    return frames | {name: pd.read_csv(folder / f"{name}.csv") for name in given}


def calibration_text(calibration: Calibration) -> str:
    """The fit in a few lines."""
    lines = ["zone      returned  shape  mean lag (months)  local use (Mm3 a year)"]
    lines += [
        f"{zone:<9} {fit.return_fraction:8.3f}  {fit.shape:5.1f}  {fit.mean_lag:17.2f}  {fit.local_use.sum():22,.0f}"
        for zone, fit in calibration.fits.items()
    ]
    lines.append(f"loss factor below Shardara: {calibration.loss_factor:.3f}")
    lines += [f"{name}.csv: {len(table):,} rows" for name, table in calibration.tables.items()]
    return "\n".join(lines) + "\n"


def write_tables(calibration: Calibration, folder: Path) -> None:
    """Write the derived tables as CSV; each file appears whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in calibration.tables.items():
        partial = folder / f".{name}.csv.partial"
        table.to_csv(partial, index=False, lineterminator="\n")
        partial.replace(folder / f"{name}.csv")


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
        found = error.strerror or "no way to write there"
        raise InputError([Problem("bad-picture", f"--picture {path}", found, "a file in a folder that can be written")]) from error
