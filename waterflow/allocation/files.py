"""Allocations on disk: one netCDF file, out and back the same."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from waterflow.errors import Problem
from waterflow.files import whole
from waterflow.words.catalogue import say

__all__ = ["read_dataset", "write_dataset"]

BASIN = "basin_json"


def write_dataset(path: Path, dataset: xr.Dataset, basin: str) -> Path:
    """Write a Dataset and the JSON of its basin; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as partial:
        dataset.assign_attrs({BASIN: basin}).to_netcdf(partial, engine="h5netcdf")
    return path


def read_dataset(path: Path) -> tuple[xr.Dataset, str]:
    """Read a Dataset and the JSON of its basin.

    Raises
    ------
    InputError
        If there is no such file or it is not a saved allocation.
    """
    wanted = say("a netCDF file written by Allocation.save or --out")
    if not path.is_file():
        raise Problem("no-such-file", str(path), say("no file"), wanted).refusal()
    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            dataset = opened.load()
    except (OSError, ValueError) as error:
        raise Problem("not-an-allocation", str(path), say("something else"), wanted).refusal() from error
    if BASIN not in dataset.attrs:
        raise Problem("not-an-allocation", str(path), say("a netCDF file without a basin"), wanted).refusal()
    basin = dataset.attrs.pop(BASIN)
    return dataset, str(basin)
