"""What the inflow of a reservoir is predicted from: releases, headwaters, storage. Mm3 per month.

Only releases upstream, headwater inflow and what was seen before the season; never the gauge that is predicted,
nor anything seen below it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from waterflow.calibration.return_flows import ZoneSeries
from waterflow.calibration.zone_gains import water_entering
from waterflow.calibration.zones import recent_from, zone_series
from waterflow.errors import InputError, Problem
from waterflow.observations.record import (
    GROWING,
    Record,
    Tables,
    gauged_runoff,
    half_season,
    months_of,
    normal_by_node,
    rows_of,
    wetness,
)
from waterflow.words.catalogue import say

__all__ = ["PREDICTORS", "RELEASED", "SiteSeries", "gauges_of", "predicted_sites", "site_series"]

#: months of release that make the predictor ``released``
MEMORY = 6

RELEASED = ("released_growing", "released_non_growing")
PREDICTORS = ("wetness", *RELEASED, "carry_over")


@dataclass(frozen=True)
class SiteSeries:
    """What a fit of one site looks at, on the unbroken months of a record.

    Attributes
    ----------
    site : row of ``predicted_sites.csv``
    observed : inflow at the gauge, Mm3 per month, missing where not seen
    second : the other agency's figure, Mm3 per month, missing where there is none
    upstream : sum of the releases upstream, Mm3 per month
    predictors : columns ``PREDICTORS``, missing where not seen
    entering : all gauged water that enters the zone above, Mm3 per month
    zone : lateral runoff, withdrawals and gain of that zone, up to the gauge itself
    recent_from : first month of the river of today
    usable : months with inflow and releases that no row of ``calibration_exclusions`` takes out
    """

    site: str
    observed: pd.Series
    second: pd.Series
    upstream: pd.Series
    predictors: pd.DataFrame
    entering: pd.Series
    zone: ZoneSeries
    recent_from: str
    usable: pd.Series

    @property
    def seasons(self) -> pd.Index:
        """Half-season of every month."""
        return half_season(self.observed.index)


def predicted_sites(tables: Tables) -> list[str]:
    """The sites whose inflow is predicted."""
    return [str(site) for site in tables["predicted_sites"]["site"]]


def _row(tables: Tables, site: str) -> pd.Series:
    return tables["predicted_sites"].set_index("site").loc[site]


def gauges_of(tables: Tables, site: str) -> list[str]:
    """Gauges of a site's inflow, today's first: the outflow of the zone above it."""
    zones, zone = tables["calibration_zones"], str(_row(tables, site)["zone"])
    rows = (rows_of(zones, zone, role) for role in ("outflow", "outflow_earlier"))
    return [f"{r.item}.{r.quantity}" for found in rows for r in found.itertuples()]


def _needed(tables: Tables, site: str) -> tuple[list[str], list[str], list[str]]:
    """Columns of the record: inflow gauges (today's first), releases upstream, nodes of the headwaters among them."""
    gauged = tables["gauged_runoff"]
    releases = rows_of(tables["calibration_zones"], str(_row(tables, site)["zone"]), "inflow")
    heads = set(gauged[gauged["headwater"] == "yes"]["node"])
    return (
        gauges_of(tables, site),
        [f"{r.item}.{r.quantity}" for r in releases.itertuples()],
        [str(item) for item in releases["item"] if item in heads],
    )


def _check(record: Record, site: str, flows: list[str], carry_over: str) -> None:
    """Refuse a record without a gauge, a release or the storage the site needs."""
    absent = [("monthly_flows", c) for c in flows if c not in record.flows]
    absent += [("monthly_storages", carry_over)] if carry_over not in record.storages else []
    if absent:
        allowed = say("observations that the inflow of {site} is derived from", site=site)
        raise InputError(
            Problem("missing-observations", f"{table}.csv", say("no row of {column}", column=c), allowed) for table, c in absent
        )


def _wetness(tables: Tables, record: Record, heads: list[str]) -> pd.Series:
    r"""Seen over normal inflow of the zone's headwaters, over the months of the half-season that were seen (-).

    .. math:: f_h = \sum_{t \in h} \sum_n Q_{n,t} \Big/ \sum_{t \in h} \sum_n \bar Q_{n,m(t)}
    """
    normal = normal_by_node(tables["natural_runoff"])[heads].sum(axis=1)
    seen = gauged_runoff(record, tables["gauged_runoff"])[heads].sum(axis=1, skipna=False)
    usual = pd.Series(normal.loc[months_of(record.months)].to_numpy(), record.months).where(seen.notna())
    seasons = half_season(record.months)
    sums = [s.groupby(seasons).sum(min_count=1).reindex(seasons).to_numpy() for s in (seen, usual)]
    return pd.Series(sums[0] / sums[1], record.months)


def _predictors(tables: Tables, record: Record, upstream: pd.Series, heads: list[str], carry_over: str) -> pd.DataFrame:
    """The predictors of a site: only releases, headwater inflow and storage before the season, never a gauge below.

    ``released`` is the mean release upstream of the six months before, Mm3 per month, with a coefficient of its own
    in either half-year; ``carry_over`` the storage of the reservoir that carries years over at the end of the season before, Mm3.
    """
    released = upstream.rolling(MEMORY).mean().shift(1)
    growing = np.isin(months_of(record.months), GROWING)
    seasons = pd.Series(half_season(record.months), record.months)
    opening = record.storages[carry_over].shift(1).where(seasons != seasons.shift(1))
    columns = {
        "wetness": _wetness(tables, record, heads),
        RELEASED[0]: released.where(growing, 0.0),
        RELEASED[1]: released.where(~growing, 0.0),
        "carry_over": opening.groupby(seasons).transform("max"),
    }
    return pd.DataFrame(columns, record.months)


def site_series(tables: Tables, record: Record, site: str) -> SiteSeries:
    """Gather what the fit of a site looks at.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem, as `waterflow.observations.files.observed_tables` gives them.
    record : Record
        Monthly observations; rows of later seasons may be there.
    site : str
        A row of ``predicted_sites.csv``.

    Raises
    ------
    InputError
        If a gauge, a release or the storage carried over is nowhere in the record.
    """
    gauges, releases, heads = _needed(tables, site)
    row = _row(tables, site)
    carry_over = str(row["carry_over"])
    _check(record, site, [*gauges, *releases], carry_over)
    observed = record.flows[gauges].bfill(axis=1).iloc[:, 0]
    second = record.flows.get(str(row["second_gauge"]), pd.Series(np.nan, record.months))
    upstream = record.flows[releases].sum(axis=1, skipna=False)
    usable = observed.notna() & upstream.notna()
    # rows of the site, not of its zone: a zone also leaves out months for a closure error that is no part of this
    for row in tables["calibration_exclusions"].itertuples():
        if row.zone == site:
            usable[(record.months >= row.first_period) & (record.months <= row.last_period)] = False
    predictors = _predictors(tables, record, upstream, heads, carry_over)
    entering, zone = _zone_above(tables, record, site, observed)
    return SiteSeries(site, observed, second, upstream, predictors, entering, zone, str(recent_from(tables)), usable)


def _zone_above(tables: Tables, record: Record, site: str, observed: pd.Series) -> tuple[pd.Series, ZoneSeries]:
    """Gauged water that enters the zone above a site, and the series of the zone with the site's own gauge as its end."""
    name = str(_row(tables, site)["zone"])
    entering = water_entering(tables, record, name)
    found = zone_series(tables, record, wetness(tables, record), name)
    return entering, replace(found, gain=observed - entering + found.trunk)
