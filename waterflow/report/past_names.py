"""What reports on the past call gauges, agencies and half-seasons, in the language spoken."""

from __future__ import annotations

from waterflow.observations.record import Tables
from waterflow.words.catalogue import say, spoken
from waterflow.words.dates import month_name

__all__ = ["agency_called", "gauge_called", "half_season_called", "season_called"]

NOTHING = "none"


def season_called(kind: str) -> str:
    """``Apr-Sep``, ``Oct-Mar``; anything else is all months."""
    ends = {"growing": (4, 9), "non_growing": (10, 3)}.get(kind)
    return f"{month_name(ends[0])}-{month_name(ends[1])}" if ends else say("all months")


def half_season_called(label: str) -> str:
    """``Apr-Sep 2023``, ``Oct-Mar 2023-24`` of ``2023 growing``, ``2023 non_growing``."""
    year, kind = label.split()
    return f"{season_called(kind)} {year}" + (f"-{(int(year) + 1) % 100:02d}" if kind == "non_growing" else "")


def _row(tables: Tables, gauge: str) -> dict[str, str]:
    sites = tables["replay_sites"]
    found = sites[(sites["site"] + "." + sites["quantity"]) == gauge]
    return {str(k): str(v) for k, v in found.iloc[0].items()} if len(found) else {}


def _said(row: dict[str, str], column: str) -> str:
    return row.get(f"{column}_{spoken()}") or row.get(column) or ""


def agency_called(tables: Tables, gauge: str) -> str:
    """The agency that reports a gauge, empty where one reports it alone."""
    found = _said(_row(tables, gauge), "agency")
    return "" if found == NOTHING else found


def gauge_called(tables: Tables, gauge: str) -> str:
    """A gauge by its name, and the agency where several report it; its id where it has no name."""
    name, agency = _said(_row(tables, gauge), "name") or gauge, agency_called(tables, gauge)
    return f"{name} ({agency})" if agency else name
