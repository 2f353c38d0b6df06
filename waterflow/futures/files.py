"""Files of ensembles: forecasts that come from outside, and what a journal holds."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from waterflow.allocation.files import content
from waterflow.errors import Problem
from waterflow.files import is_file, is_folder
from waterflow.words.catalogue import say

__all__ = ["content_of", "read_forecast"]


def content_of(path: Path) -> bytes:
    """Everything in a file."""
    return path.read_bytes()


def read_forecast(path: Path) -> xr.Dataset:
    """Runoff of an ensemble from a netCDF file; `waterflow.futures.runoff.runoff_of` checks it.

    Raises
    ------
    InputError
        If there is no such file, it is no netCDF file, or its runoff says no unit.
    """
    wanted = say("a netCDF file with runoff over {dims}", dims="member, node, period")
    if not is_file(path):
        raise Problem("no-such-file", str(path), say("a folder") if is_folder(path) else say("no file"), wanted).refusal()
    found = content(path)
    if found is None:
        raise Problem("bad-runoff", str(path), say("something else, or a damaged file"), wanted).refusal()
    if "runoff" in found and not str(found["runoff"].attrs.get("units", "")).strip():
        raise Problem("unknown-unit", f"{path}, runoff", say("no units"), "hm3, m3 s-1").refusal()
    return found
