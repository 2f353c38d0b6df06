"""Observed tables as frames, once every table of the folder has been checked, and every name in them is known."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from waterflow.errors import InputError
from waterflow.loading.model import read_tables, tables_folder
from waterflow.loading.observed import read_observed
from waterflow.observations.references import unknown_names

__all__ = ["checked_frames", "observed_tables"]

#: tables of the model that calibration and replay read besides ``observed/``
STATIC = ("reservoirs", "evaporation", "precipitation", "limits", "runoff", "reaches", "demands")
#: tables of ``observed/`` that they read
SEEN = (
    "annual_uses",
    "calibration_exclusions",
    "calibration_needs",
    "calibration_series",
    "calibration_spans",
    "calibration_zones",
    "flow_gauges",
    "gauged_runoff",
    "loss_pattern",
    "monthly_flows",
    "monthly_storages",
    "monthly_withdrawals",
    "natural_runoff",
    "predicted_sites",
    "published_deliveries",
    "replay_sites",
    "use_shapes",
    "wetness",
)


def observed_tables(name_or_path: str | Path) -> dict[str, pd.DataFrame]:
    """What calibration and replay read, by file stem: observations, and the tables of the model beside them.

    Raises
    ------
    InputError
        If the model has no observations, its tables have problems, or one names what no other knows.
    """
    return checked_frames(tables_folder(name_or_path), SEEN, STATIC)


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
        If there are no observations, the tables have problems, or one names what no other knows.
    """
    seen, given = tuple(observed), tuple(static)
    rows = read_observed(folder, seen)
    if given:
        problems = list(unknown_names(rows, read_tables(folder)[0]))
        if problems:
            raise InputError(problems)
    frames = {name: pd.read_csv(folder / "observed" / f"{name}.csv") for name in seen}
    return frames | {name: pd.read_csv(folder / f"{name}.csv") for name in given}
