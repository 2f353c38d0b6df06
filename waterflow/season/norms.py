"""Norms: runoff of headwaters in the mean of the record, or of the chosen series, Mm3 by period; and the recorded years themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from waterflow.calendar import Calendar
from waterflow.errors import Problem
from waterflow.loading.model import Model
from waterflow.loading.tables import Row
from waterflow.loading.timed import laid_out, month_share
from waterflow.observations.runoff_record import runoff_record, unbroken
from waterflow.words.catalogue import say

__all__ = ["Norms", "norms_of", "recorded"]


@dataclass(frozen=True)
class Norms:
    """Runoff in the mean.

    Attributes
    ----------
    values : dict of tuple of float
        By headwater, Mm3 of each period.
    sources : dict of str
        By headwater, a key of ``sources.yaml``.
    years : tuple of int
        First and last year of the record, and how many; empty where the norm is the chosen series, for want of a record.
    series : str
        The chosen series.
    """

    values: dict[str, tuple[float, ...]]
    sources: dict[str, str]
    years: tuple[int, ...]
    series: str


def norms_of(like: Model, calendar: Calendar, observed: Mapping[str, Sequence[Row]]) -> Norms:
    """The mean of the recorded years that miss nothing; of a model without a record, the runoff of the scenario."""
    rows: dict[str, list[Row]] = {}
    for row in like.rows["runoff"]:
        rows.setdefault(row.text("node"), []).append(row)
    nodes, series = list(rows), like.file.series.get("runoff", "")
    sources = {node: found[0].text("source") for node, found in rows.items()}
    members = recorded(like, calendar) if "runoff_record" in observed else None
    sources |= {row.text("node"): row.text("source") for row in observed.get("runoff_record", ()) if row.text("node") in sources}
    if members is None:
        values = {node: _of_rows(like, calendar, node) for node in nodes}
        return Norms(values, sources, (), series)
    years = [int(str(m)[:4]) for m in members["member"].values]
    mean = members.mean("member")
    found = {node: tuple(float(v) for v in mean.sel(node=node).values) for node in nodes}
    return Norms(found, sources, (min(years), max(years) + calendar.end.year - calendar.start.year, len(years)), series)


def _of_rows(like: Model, calendar: Calendar, node: str) -> tuple[float, ...]:
    """The scenario's own runoff, laid over the season by months of the year."""
    rows = [r for r in like.rows["runoff"] if r.text("node") == node]
    if "period" not in rows[0].values:
        return laid_out(rows, "runoff_Mm3", calendar, calendar.periods, f"runoff: {node}")[0]
    own = laid_out(rows, "runoff_Mm3", like.calendar, like.calendar.periods, f"runoff: {node}")[0]
    by_label = [(label[5:], value) for label, value in zip(like.calendar.labels, own, strict=True)]
    return tuple(sum(v for label, v in by_label if p.label[5:] in (label, label[:2])) for p in calendar.periods)


def recorded(like: Model, calendar: Calendar, years: Sequence[int] = ()) -> xr.DataArray:
    """One member for every stretch of the record that begins as the season does and misses nothing (member, node, period), Mm3.

    Parameters
    ----------
    like : Model
    calendar : Calendar
    years : sequence of int, optional
        First years of the stretches that are taken alone: years like the one to come.

    Raises
    ------
    InputError
        If there is no record of a node, none that is long enough, or none of a year that is asked for.
    """
    nodes = list(dict.fromkeys(row.text("node") for row in like.rows["runoff"]))
    record = runoff_record(like.folder, nodes, growing=like.calendar.growing)
    months = [pd.Period(label, "M") for label in dict.fromkeys(p.label[:7] for p in calendar.periods)]
    starts = unbroken(record, months[0].month, len(months))
    known = [p.year for p in starts]
    if missing := [y for y in years if y not in known]:
        allowed = say("{first} to {last}", first=known[0], last=known[-1]) if known else say("a record as long as the horizon")
        raise Problem("missing-observations", "--years", ", ".join(map(str, missing)), allowed).refusal()
    chosen = [p for p in starts if not years or p.year in years]
    if not chosen:
        found = say("no {count} months in a row that begin in month {month}", count=len(months), month=months[0].month)
        raise Problem("missing-observations", "observed/runoff_record.csv", found, say("a record as long as the horizon")).refusal()
    first = record.index.get_indexer(pd.PeriodIndex(chosen, freq="M"))
    blocks = record.to_numpy()[first[:, None] + np.arange(len(months))]
    position = {str(p): k for k, p in enumerate(months)}
    place = [position[p.label[:7]] for p in calendar.periods]
    share = np.array([month_share(p) for p in calendar.periods])
    values = (blocks[:, place] * share[:, None]).transpose(0, 2, 1)
    coords = {"member": [str(p) for p in chosen], "node": nodes, "period": list(calendar.labels)}
    return xr.DataArray(values, coords, ("member", "node", "period"), "runoff", {"units": "hm3"})
