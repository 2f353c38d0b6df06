"""The allocation: a Dataset with its basin, saved to netCDF and read back unchanged."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import xarray as xr

from waterflow.allocation.files import read_dataset, write_dataset
from waterflow.basin.basin import Basin

__all__ = ["Allocation", "open_allocation"]


class Allocation:
    """What was decided, and what was asked.

    Parameters
    ----------
    basin : Basin
        What was asked; it travels with the Dataset.
    made : callable
        Returns the Dataset; called when it is first looked at, since naming everything takes longer than a
        small river takes to solve.
    """

    def __init__(self, basin: Basin, made: Callable[[], xr.Dataset]) -> None:
        self.basin = basin
        self._made = made

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Decisions, givens and duals by name (``docs/reference/dataset.md``)."""
        return self._made()

    def save(self, path: str | Path) -> Path:
        """Write the Dataset and its basin to a netCDF file; returns its path."""
        return write_dataset(Path(path), self.dataset, self.basin.model_dump_json())

    def summary(self, *, full: bool = False) -> str:
        """The plan as text: one page, or with ``full`` every table."""
        # the one arrow upward (decision 0040): people ask a plan what it says, so a plan asks the report
        from waterflow.accounts.plan_facts import plan_facts
        from waterflow.report.page import page
        from waterflow.report.table import render

        return (render if full else page)(plan_facts(self.basin, self.dataset))


def open_allocation(path: str | Path) -> Allocation:
    """Read an allocation that `Allocation.save` wrote.

    Raises
    ------
    InputError
        If the file is missing or is not a saved allocation.
    """
    dataset, basin = read_dataset(Path(path))
    return Allocation(Basin.model_validate_json(basin), lambda: dataset)
