"""Leave one season out: each half-season predicted from the others, beside the baseline. Mm3 per month everywhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from waterflow.observations.record import read_record
from waterflow.validation.gain_predictors import SECOND, SITES, SiteSeries, site_series
from waterflow.validation.gains_by_season import fit_gain, inflow
from waterflow.words.layout import columns, heading
from waterflow.words.numbers import number

__all__ = ["leave_one_season_out", "leave_one_season_out_text", "scores"]


def _held_out(series: SiteSeries, season: str) -> pd.DataFrame:
    """The months of one season, predicted by a fit to all others."""
    inside = pd.Series(series.seasons == season, series.observed.index)
    fit = fit_gain(series, ~inside)
    months = series.observed.index[inside & series.usable]
    table = inflow(fit, series).loc[months]
    known = {"observed": series.observed[months], "second_observed": series.second[months]}
    table = table.assign(site=series.site, season=season, **known, candidate=fit.candidate, strength=fit.strength)
    return table.rename_axis("period").reset_index()


def leave_one_season_out(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Predict every observed half-season at Bahri Tojik and Shardara from all other seasons.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem, as `waterflow.observations.files.observed_tables` gives them.

    Returns
    -------
    DataFrame
        One row a site and month: site, season, period, observed, method, baseline (all Mm3), second_observed (the
        other agency's figure), candidate and strength chosen without that season, unseen (predictors that were
        not seen and count as their mean of the month).

    Raises
    ------
    InputError
        If the observations lack a gauge, or a calendar month outside the season left out.
    """
    record = read_record(tables)
    parts = []
    for site in SITES:
        series = site_series(tables, record, site)
        parts += [_held_out(series, season) for season in pd.unique(series.seasons[series.usable])]
    order = ["site", "season", "period", "observed", "method", "baseline", "second_observed", "candidate", "strength", "unseen"]
    return pd.concat(parts, ignore_index=True)[order]


def _score(table: pd.DataFrame, against: str = "observed") -> dict[str, float]:
    """Months, root mean square errors and biases of a group of months with a figure to compare with."""
    seen = table[table[against].notna()]
    volume = float(seen[against].sum())
    out = {"months": float(len(seen)), "observed": volume}
    for name in ("method", "baseline"):
        error = seen[name] - seen[against]
        out[f"rmse_{name}"] = float(np.sqrt((error**2).mean()))
        out[f"bias_{name}"] = float(error.sum()) / volume
    return out | {"ratio": out["rmse_method"] / out["rmse_baseline"]}


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Errors by site and season, and pooled over the months of all seasons (season ``pooled``).

    Returns
    -------
    DataFrame
        Index site, season; columns months, observed (Mm3), rmse_method, rmse_baseline (Mm3 per month),
        bias_method, bias_baseline (sum of errors over sum observed) and ratio of the two errors.
    """
    rows = {}
    for site, of_site in table.groupby("site", sort=False):
        for season, part in of_site.groupby("season", sort=False):
            rows[site, season] = _score(part)
        rows[site, "pooled"] = _score(of_site)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["site", "season"])


def _cells(name: str, row: Mapping[str, float]) -> list[str]:
    whole = [number(row[key]) for key in ("months", "observed", "rmse_method", "rmse_baseline")]
    return [name, *whole, *(f"{number(100 * row[key], 1)} %" for key in ("bias_method", "bias_baseline"))]


def _site_text(site: str, table: pd.DataFrame, found: pd.DataFrame) -> str:
    """Table of one site, what was chosen, and what was not seen."""
    head = ("season", "months", "observed", "error", "of baseline", "bias", "of baseline")
    rows = [_cells(str(season), row) for season, row in found.iterrows()]
    second = table[table["second_observed"].notna()]
    if len(second):
        rows.append(_cells(f"{SECOND[site].split('_')[-1].capitalize()}", _score(second, "second_observed")))
        rows.append(_cells("same months", _score(second)))
    chosen = table.drop_duplicates("season")["candidate"].value_counts()
    less = 1 - found.loc["pooled", "ratio"]
    said = [f"error {abs(100 * less):.1f} % {'below' if less > 0 else 'above'} the baseline"]
    said += [f"chosen in {count} of {chosen.sum()} seasons: {name}" for name, count in chosen.items()]
    said.append(f"{(table['unseen'] != '-').sum()} months with a predictor not seen, taken as its mean of the month")
    return "\n".join([heading(f"Inflow of {site}: each season predicted from the others"), columns(head, rows), *said])


def leave_one_season_out_text(table: pd.DataFrame) -> str:
    """The result as plain text: every season of every site, pooled, and what was chosen.

    Observed volumes in Mm3, errors as root mean squares in Mm3 per month, bias as sum of errors over sum observed.

    Parameters
    ----------
    table : DataFrame
        Of `leave_one_season_out`.
    """
    found = scores(table)
    parts = [_site_text(str(site), part, found.loc[site]) for site, part in table.groupby("site", sort=False)]
    return "\n".join(parts).lstrip("\n") + "\n"
