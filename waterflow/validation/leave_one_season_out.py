"""Leave one season out: each half-season predicted from the others, beside the baseline. Mm3 per month everywhere."""

from __future__ import annotations

import pandas as pd

from waterflow.observations.record import Tables, read_record
from waterflow.progress import each
from waterflow.validation.gain_predictors import SiteSeries, predicted_sites, site_series
from waterflow.validation.gains_by_season import fit_gain, inflow

__all__ = ["leave_one_season_out"]

ORDER = (
    "site",
    "season",
    "period",
    "observed",
    "method",
    "baseline",
    "second_observed",
    "second_gauge",
    "candidate",
    "strength",
    "weight",
    "unseen",
    "beyond",
)


def _held_out(series: SiteSeries, season: str) -> pd.DataFrame:
    """The months of one season, predicted by a fit to all others."""
    inside = pd.Series(series.seasons == season, series.observed.index)
    fit = fit_gain(series, ~inside)
    months = series.observed.index[inside & series.usable]
    table = inflow(fit, series).loc[months]
    known = {"observed": series.observed[months], "second_observed": series.second[months]}
    table = table.assign(site=series.site, season=season, **known, candidate=fit.candidate, strength=fit.strength, weight=fit.weight)
    return table.rename_axis("period").reset_index()


def leave_one_season_out(tables: Tables) -> pd.DataFrame:
    """Predict every observed half-season at each site of ``predicted_sites.csv`` from all other seasons.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem, as `waterflow.observations.files.observed_tables` gives them.

    Returns
    -------
    DataFrame
        One row a site and month: site, season, period, observed, method, baseline (all Mm3), second_observed (the
        other agency's figure) and its gauge, candidate, strength and weight of the balance chosen without that season,
        unseen (predictors that were not seen and count as their mean of the month), beyond (predictors outside what
        the other seasons saw, which count as the nearest they saw).

    Raises
    ------
    InputError
        If the observations lack a gauge, or a calendar month outside the season left out.
    """
    record = read_record(tables)
    every = {site: site_series(tables, record, site) for site in predicted_sites(tables)}
    rounds = [(site, season) for site, s in every.items() for season in pd.unique(s.seasons[s.usable])]
    parts = [_held_out(every[site], season) for site, season in each(rounds)]
    second = tables["predicted_sites"].set_index("site")["second_gauge"]
    found = pd.concat(parts, ignore_index=True)
    return found.assign(second_gauge=found["site"].map(second))[list(ORDER)]
