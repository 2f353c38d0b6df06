"""Chances: the promises of the page held against the runoff of many years of the record (`waterflow.futures`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.futures.answer_facts import EnsembleFacts, Outcome
from waterflow.futures.answers import answers
from waterflow.futures.ensembles import ensemble
from waterflow.futures.members import historical
from waterflow.loading.model import Model
from waterflow.workbench.chances_facts import Band, ChancesFacts, YearPlanned

__all__ = ["chances"]

Floats = NDArray[np.float64]
#: years planned in one go: after each such lot it is told how far the work is, and heard whether it is to stop
LOT = 2
#: shares of the years with a plan that are below the low edge of a band, its middle, and its high edge
EDGES = (0.1, 0.5, 0.9)
OPTIMAL = "optimal"


def chances(model: Model, laid: Basin, asked: Basin, years: int) -> ChancesFacts:
    """How sure each promise of the page is.

    Parameters
    ----------
    model : Model
        Whose record the years are of.
    laid : Basin
        The river as it was laid out.
    asked : Basin
        The same with what is asked of it; how it moves runoff, it moves the runoff of every year.
    years : int
        How many, at most; of a longer record those spread evenly from the driest to the wettest.

    Raises
    ------
    InputError
        If the model has no record that is long enough.

    Notes
    -----
    A promise counts as kept where it is short by what nobody would call missed: 0.1 %, as in a plan that is judged, or one million m3.
    """
    record = historical(model)
    runoff = _moved(_spread(record, years), laid, asked)
    dataset = ensemble(asked, runoff, workers=1, chunk=LOT)
    found = answers(asked, dataset, "historical", as_printed=True)
    planned = tuple(_years(dataset, found))
    own = float(sum(map(sum, asked.runoff.values())))
    return ChancesFacts(
        status="chances",
        questions=asked.questions,
        step=asked.calendar.step,
        periods=asked.calendar.labels,
        years=planned,
        of_record=record.sizes["member"],
        planned=found.planned,
        own_Mm3=own,
        own_rank=sum(y.runoff_Mm3 is not None and y.runoff_Mm3 < own for y in planned),
        own_runoff=found.own_runoff,
        outcomes=tuple(x for x in found.outcomes if _asks(asked, x)),
        bands=tuple(_bands(asked, dataset)),
    )


def _spread(record: xr.DataArray, years: int) -> xr.DataArray:
    """All years of a short record; of a long one those at even ranks of runoff, the driest and the wettest among them."""
    count = record.sizes["member"]
    if count <= years:
        return record
    order = np.argsort(record.sum(["node", "period"]).to_numpy(), kind="stable")
    return record.isel(member=np.sort(order[np.linspace(0, count - 1, years).round().astype(int)]))


def _moved(runoff: xr.DataArray, laid: Basin, asked: Basin) -> xr.DataArray:
    """Runoff of every year times what is asked of the river's own."""
    nodes = [str(n) for n in runoff["node"].values]
    own, moved = (np.array([basin.runoff[n] for n in nodes], dtype=float) for basin in (laid, asked))
    return runoff.copy(data=runoff.to_numpy() * np.divide(moved, own, out=np.ones_like(own), where=own > 0)[None])


def _years(dataset: xr.Dataset, found: EnsembleFacts) -> Iterator[YearPlanned]:
    bad = {x.member: x for x in found.bad}
    totals = dataset["runoff"].sum(["node", "period"]).to_numpy()
    for member, total in zip((str(m) for m in dataset["member"].values), totals, strict=True):
        told = bad.get(member)
        yield YearPlanned(
            first_month=member,
            runoff_Mm3=float(total) if np.isfinite(total) else None,
            status=OPTIMAL if told is None else told.status,
            clashing=() if told is None else told.clashing,
        )


def _asks(basin: Basin, outcome: Outcome) -> bool:
    """Whether a promise asks for something: one that the page made room for and nobody has made is none."""
    if outcome.kind == "clause":
        return any(row.clause == outcome.name and row.figure != 0 for row in basin.clause_rows.values())
    return outcome.asked is None or outcome.asked > 0


def _bands(basin: Basin, dataset: xr.Dataset) -> Iterator[Band]:
    planned = dataset.isel(member=np.flatnonzero(dataset["status"].to_numpy() == OPTIMAL))
    if not planned.sizes["member"]:
        return
    rates = np.array([p.rate for p in basin.calendar.periods])
    for name in basin.reservoirs:
        ways = [r.name for r in basin.reaches.values() if r.start == name and not r.spillway]
        low, middle, high = _quantiles(planned["storage"].sel(reservoir=name).to_numpy())
        less, half, more = _quantiles(planned["flow"].sel(reach=ways).sum("reach").to_numpy() * rates)
        yield Band(
            name=name, storage_low=low, storage_middle=middle, storage_high=high, release_low=less, release_middle=half, release_high=more
        )


def _quantiles(values: Floats) -> list[tuple[float, ...]]:
    """Edges and middle of a band over the years, (years, periods)."""
    found = np.quantile(values, EDGES, axis=0)
    return [tuple(float(v) + 0.0 for v in np.round(row, 2)) for row in found]
