"""Observed seasons replayed one after the other, each from the storages that were seen at its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.basin.basin import Basin
from waterflow.calendar import require_months
from waterflow.errors import Problem
from waterflow.ledger.known import from_record, require_method
from waterflow.ledger.replayed import Forecaster, as_planned, corrected, uncorrected
from waterflow.ledger.replayed_facts import RollingFacts, SeasonReplayed, season_replayed
from waterflow.observations.past import Past, read_past
from waterflow.observations.runoff_record import runoff_record
from waterflow.progress import each
from waterflow.words.catalogue import say

__all__ = ["observed_seasons", "one_season"]


def observed_seasons(seasons: Sequence[Basin], folder: Path, method: str, last: str = "", tolerance: float = 0.0) -> RollingFacts:
    """Seasons that were observed, replayed with forecasts from the record before each.

    Parameters
    ----------
    seasons : sequence of Basin
        With the runoff that came.
    folder : Path
        Of the model's tables.
    method : str
        Of `waterflow.ledger.known.METHODS`.
    last : str, optional
        The last month or dekad that is replayed.
    tolerance : float
        A share by which limits may be passed.

    Raises
    ------
    InputError
        If there is no record, no such method, nothing was observed, or a season has nothing up to ``last``.
    """
    require_method(method)
    for season in seasons:
        require_months(season.calendar, f"{season.name} {season.scenario}".strip())
    counts = [_periods(season, last) for season in seasons]
    found = []
    for season, periods in zip(each(seasons), counts, strict=True):
        before = season.calendar.labels[0][:7]
        record = runoff_record(folder, list(season.runoff), before, season.calendar.growing)
        past = read_past(season, folder) if season.calendar.step == "month" else None
        found.append(one_season(season, from_record(record, season.calendar, method), periods, past, method, tolerance))
    return RollingFacts(model=seasons[0].name, seasons=tuple(found))


def one_season(
    season: Basin, forecaster: Forecaster, periods: int, past: Past | None, method: str, tolerance: float = 0.0, *, invented: bool = False
) -> SeasonReplayed:
    """One season planned again at every period, beside its first plan never corrected and a plan that knew what would come."""
    now, approved = corrected(season, forecaster, periods, tolerance)
    never = uncorrected(season, approved, periods)
    knowing = allocate(season)
    runs = {"corrected": now, "uncorrected": never, "foresight": as_planned(Plan(knowing.basin, knowing.dataset), periods)}
    about = {"forecast": method, "tolerance": tolerance, "invented": invented}
    return season_replayed(season, runs, approved, past, about)  # type: ignore[arg-type]


def _periods(season: Basin, last: str) -> int:
    """How many periods of a season are replayed."""
    count = sum(1 for label in season.calendar.labels if not last or label[: len(last)] <= last)
    try:
        pd.Period(last[:7] or season.calendar.labels[-1][:7], "M")
    except ValueError:
        raise Problem("bad-month", "--to", last, say("a month as 2022-04"), say("A typing slip?")).refusal() from None
    if not count:
        allowed = say("{first} or later", first=season.calendar.labels[0])
        raise Problem("outside-horizon", f"--to, {season.scenario}", last, allowed, say("Another season, or another step?")).refusal()
    return count
