"""Allocations on disk: one netCDF file, out and back the same."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import xarray as xr

from waterflow.errors import Problem
from waterflow.files import is_file, is_folder, make_folder, write
from waterflow.words.catalogue import say

__all__ = ["content", "netcdf", "not_an_allocation", "read_dataset", "write_dataset"]

BASIN = "basin_json"
#: which form of file this is; those saved before there was one have none, and are read as far as they go
FORMAT_NAME, FORMAT = "waterflow_format", 1


def netcdf(dataset: xr.Dataset, basin: str) -> bytes:
    """A Dataset and the JSON of its basin as the bytes of a netCDF file; made in memory, where no full disk can break it halfway."""
    content = BytesIO()
    # bounds are no coordinates to CF: the coordinate they belong to names them
    bounds = [name for name in _bounds(dataset) if name in dataset.coords]
    plain = dataset.reset_coords(bounds)
    for name in bounds:
        alone = plain[name].variable.copy(deep=True)
        alone.encoding["coordinates"] = None
        plain[name] = alone
    plain.assign_attrs({BASIN: basin, FORMAT_NAME: FORMAT}).to_netcdf(content, engine="h5netcdf")
    return content.getvalue()


def _bounds(dataset: xr.Dataset) -> list[str]:
    """Variables that are the bounds of a coordinate."""
    named = (str(c.attrs.get("bounds", "")) for c in dataset.coords.values())
    return [name for name in named if name in dataset.variables]


def write_dataset(path: Path, dataset: xr.Dataset, basin: str) -> Path:
    """Write a Dataset and the JSON of its basin; the file appears whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written there, or what stands there is no regular file.
    """
    content = netcdf(dataset, basin)
    make_folder(path.parent, "save")
    write(path, content, "save")
    return path


def content(path: Path) -> xr.Dataset | None:
    """Everything in a netCDF file; None if it is another file, or a damaged one."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            found = opened.load()
            return found.set_coords(_bounds(found))
    except Exception as error:
        # the libraries below raise anything on a damaged file, errors of their own inside among it; and the reader
        # leaves a half-opened file behind that complains when it goes: let it go here, unheard
        error.__traceback__ = error.__context__ = None
        return None
    finally:
        sys.unraisablehook = hook


def not_an_allocation(path: Path, found: str) -> Problem:
    """A file that is no saved allocation, or a damaged one."""
    return Problem("not-an-allocation", str(path), found, say("a netCDF file written by Allocation.save or --out"))


def read_dataset(path: Path) -> tuple[xr.Dataset, str]:
    """Read a Dataset and the JSON of its basin.

    Raises
    ------
    InputError
        If there is no such file or it is not a saved allocation.
    """
    if not is_file(path):
        wanted = say("a netCDF file written by Allocation.save or --out")
        raise Problem("no-such-file", str(path), say("a folder") if is_folder(path) else say("no file"), wanted).refusal()
    dataset = content(path)
    if dataset is None:
        raise not_an_allocation(path, say("something else, or a damaged file")).refusal()
    if BASIN not in dataset.attrs:
        raise not_an_allocation(path, say("a netCDF file without a basin")).refusal()
    basin, written = dataset.attrs.pop(BASIN), str(dataset.attrs.pop(FORMAT_NAME, FORMAT))
    if written != str(FORMAT):
        raise not_an_allocation(path, say("a file of the form {number}, of another version", number=written)).refusal()
    return dataset, str(basin)
