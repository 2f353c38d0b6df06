"""The allocation: a Dataset with its basin, saved to netCDF and read back unchanged."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from waterflow.allocation.coordinates import coordinates
from waterflow.allocation.files import netcdf, not_an_allocation, read_dataset, write_dataset
from waterflow.allocation.saved import absent, spoilt
from waterflow.basin.basin import Basin
from waterflow.basin.wanted import wrong_kind
from waterflow.errors import Problem
from waterflow.formulation.formulate import dimensions
from waterflow.formulation.language import members
from waterflow.words.catalogue import say

if TYPE_CHECKING:
    from waterflow.report.plots import Plots

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

    def __repr__(self) -> str:
        return f"<Allocation {self.basin.in_short}, {self.dataset.attrs.get('status', 'optimal')}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: targets, parties and storages as small tables."""
        from waterflow.report.notebook import html_of

        return html_of(self.basin, self.dataset)

    def __getstate__(self) -> dict[str, Any]:
        """The basin and the Dataset itself: how it would be made stays in the process that solved it."""
        return {"basin": self.basin, "dataset": self.dataset}

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Decisions, givens and duals by name (``docs/reference/dataset.md``)."""
        return self._made()

    @cached_property
    def plot(self) -> Plots:
        """Pictures: ``plot.reservoirs()``, ``flows``, ``balance``, ``parties``, ``sankey``, and all of them as ``page()``.

        Raises
        ------
        InputError
            If matplotlib is not installed.
        """
        from waterflow.report.plots import Plots

        return Plots(self.basin, self.dataset)

    def save(self, path: str | Path) -> Path:
        """Write the Dataset and its basin to a netCDF file; returns its path."""
        return write_dataset(Path(path), self.dataset, self.basin.model_dump_json())

    def to_bytes(self) -> bytes:
        """The content of the file that `save` writes."""
        return netcdf(self.dataset, self.basin.model_dump_json())

    def summary(self, *, full: bool = False) -> str:
        """The plan as text: one page, or with ``full`` every table."""
        # the one arrow upward (decision 0040), here and in a notebook: people ask a plan what it says
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
    if not isinstance(path, str | PathLike):
        raise wrong_kind("open_allocation", path, say("the path of a file")).refusal()
    dataset, text = read_dataset(Path(path))
    try:
        basin = Basin.model_validate_json(text)
    except ValueError as error:
        raise not_an_allocation(Path(path), say("a basin that cannot be read")).refusal() from error
    if basin.problems():
        raise not_an_allocation(Path(path), say("a basin that cannot be read")).refusal()
    for name, called in dimensions().items():
        wanted = len(members(basin, name))
        if (count := dataset.sizes.get(called, wanted)) != wanted:
            found = say("{count} of the dimension {name}, not the {wanted} of its basin", count=count, name=called, wanted=wanted)
            raise not_an_allocation(Path(path), found).refusal()
    if lacking := absent(basin, dataset):
        found = say("a plan of an earlier version, without {names}", names=", ".join(lacking))
        cause = say("Allocate its basin again, or open it with the version that saved it.")
        raise Problem("not-an-allocation", str(path), found, say("a plan with everything that is read of one"), cause).refusal()
    if "period_label" not in dataset.coords:
        # saved before periods had dates for an index: what such files lack follows from their basin
        dataset = dataset.assign_coords(coordinates(basin))
    if found := spoilt(basin, dataset):
        raise not_an_allocation(Path(path), found).refusal()
    return Allocation(basin, lambda: dataset)
