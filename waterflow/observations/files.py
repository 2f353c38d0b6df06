"""Observed tables as frames, once every table of the folder has been checked, and every name in them is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from waterflow.calendar import GROWING_MONTHS, Calendar
from waterflow.errors import InputError, Problem
from waterflow.loading.columns import Table
from waterflow.loading.model import read_model, read_tables, tables_folder
from waterflow.loading.observed import MONTHLY, OBSERVED, read_observed
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row
from waterflow.observations.references import unknown_names
from waterflow.words.catalogue import say

__all__ = ["checked_frames", "months_left_aside", "observed_tables", "require_usual_season"]

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


def observed_tables(name_or_path: str | Path, *, whole: bool = False) -> dict[str, pd.DataFrame]:
    """What calibration, validation and replay read, by file stem: observations, and the tables of the model beside them.

    Parameters
    ----------
    name_or_path : str or Path
        Of a model.
    whole : bool
        With the months that its calibration leaves aside (``left_aside`` in ``calibration_spans.csv``): what was appended later
        moves no table and no published figure until that month is moved.

    Raises
    ------
    InputError
        If the model has no observations, its tables have problems, or one names what no other knows.
    """
    require_usual_season(read_model(name_or_path).calendar, str(name_or_path))
    frames = checked_frames(tables_folder(name_or_path), SEEN, STATIC)
    first = None if whole else _left_aside(frames["calibration_spans"])
    return frames if first is None else {name: _before(frame, first) if name in MONTHLY else frame for name, frame in frames.items()}


def require_usual_season(calendar: Calendar, model: str) -> None:
    """Refuse a river whose growing season is another than that of the tables of observations.

    Raises
    ------
    InputError
        If its months are not April to September: what is derived from observations is counted in those half-seasons.
    """
    if calendar.growing != GROWING_MONTHS:
        found = ", ".join(map(str, calendar.growing))
        allowed = say("the months 4 to 9: observations are counted in half-seasons from April and October")
        raise Problem("season-not-known", f"{model}: growing_season", found, allowed).refusal()


def months_left_aside(name_or_path: str | Path) -> tuple[str, ...]:
    """Months of observations that a model has and its calibration leaves aside."""
    frames = checked_frames(tables_folder(name_or_path), SEEN, STATIC)
    first = _left_aside(frames["calibration_spans"])
    months = {str(month) for name in MONTHLY for month in frames[name]["period"]} if first else set()
    return tuple(sorted(month for month in months if month >= str(first)))


def _left_aside(spans: pd.DataFrame) -> str | None:
    """First month that is left aside."""
    found = spans.loc[spans["span"] == "left_aside", "first_period"]
    return str(found.iloc[0]) if len(found) else None


def _before(frame: pd.DataFrame, first: str) -> pd.DataFrame:
    return frame[frame["period"] < first].reset_index(drop=True)


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
        tables = read_tables(folder)[0]
        problems = list(unknown_names(rows, tables))
        if problems:
            raise InputError(problems)
        rows |= {name: tables[name] for name in given}
    return {name: _frame(found, TABLES.get(name) or OBSERVED[name]) for name, found in rows.items() if name in (*seen, *given)}


def _frame(rows: Sequence[Row], table: Table) -> pd.DataFrame:
    """Checked rows as a frame: columns named as in the file, counts as whole numbers."""
    flows = {c.name: f"{c.name}_{rows[0].unit}" for c in table.columns if c.flow} if rows else {}
    counts = [c.name for c in table.columns if c.kind == "count"] + ["month"] * ("month" in table.times and table.timed)
    frame = pd.DataFrame([row.values for row in rows], columns=None if rows else [c.name for c in table.columns])
    return frame.astype({name: int for name in counts if name in frame}).rename(columns=flows)
