r"""Inflow of a reservoir from the releases above it and a gain that follows wet and dry years.

.. math:: Q_t = \max\Big(0,\; R_t + \bar G_{m(t)} + \sum_k \beta_k \,(x_{k,t} - \bar x_{k,m(t)})\Big)

R are the observed releases upstream, :math:`\bar G_m` is the mean gain (inflow less R) of the calendar month and x
the predictors, of which only their departure from the mean of the calendar month counts. Mm3 per month.
``docs/method/gains.md`` tells what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from waterflow.errors import Problem
from waterflow.observations.record import months_of
from waterflow.validation.gain_predictors import PREDICTORS, RELEASED, SiteSeries
from waterflow.words.catalogue import say

__all__ = ["CANDIDATES", "STRENGTHS", "GainFit", "fit_gain", "inflow", "ridge"]

#: predictors a fit may take, from none (the baseline) to all; the simplest first, it wins a tie
CANDIDATES: dict[str, tuple[str, ...]] = {
    "mean of the month": (),
    "wetness": ("wetness",),
    "wetness, releases": ("wetness", *RELEASED),
    "wetness, releases, storage": PREDICTORS,
}
#: strengths of the ridge, as a share of the predictors' variance
STRENGTHS = (0.1, 0.3, 1.0)
OPTIONS = [(name, strength) for name, taken in CANDIDATES.items() for strength in (STRENGTHS if taken else (0.0,))]


@dataclass(frozen=True)
class GainFit:
    """A fitted gain, usable for any month whose releases are known.

    Attributes
    ----------
    candidate, strength : the choice made inside the training seasons
    mean_gain : Mm3, index 1..12
    means : mean of every predictor, rows 1..12
    coefficients : Mm3 per month and unit of the predictor; empty for the mean of the month
    """

    candidate: str
    strength: float
    mean_gain: pd.Series
    means: pd.DataFrame
    coefficients: pd.Series


def _month_means(values: np.ndarray, months: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Mean of every calendar month over the training months seen; (12, columns), missing where none was seen."""
    of_month = ((months[:, None] == np.arange(1, 13)) & train[:, None]).T.astype(float)
    count = of_month @ ~np.isnan(values)
    return np.asarray(np.divide(of_month @ np.nan_to_num(values), count, out=np.full(count.shape, np.nan), where=count > 0))


def ridge(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    r"""Coefficients that minimise the squared error plus a penalty, the predictors scaled by their spread s.

    .. math:: \min_\beta \; \|y - X \beta\|^2 + \lambda n \sum_k (s_k \beta_k)^2

    Hoerl and Kennard (1970). A predictor without spread gets nothing.
    """
    spread = x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = x / scale
    return np.asarray(np.linalg.solve(z.T @ z + strength * len(y) * np.eye(z.shape[1]), z.T @ y) / scale)


@dataclass(frozen=True)
class _Arrays:
    """The series as arrays: gain (n, 1), predictors (n, k), calendar months, half-seasons."""

    gain: np.ndarray
    predictors: np.ndarray
    months: np.ndarray
    seasons: np.ndarray


def _departures(values: np.ndarray, arrays: _Arrays, train: np.ndarray) -> np.ndarray:
    """Departure from the training mean of the calendar month; nil where not seen."""
    return np.asarray(np.nan_to_num(values - _month_means(values, arrays.months, train)[arrays.months - 1]))


def _columns(candidate: str) -> list[int]:
    return [PREDICTORS.index(name) for name in CANDIDATES[candidate]]


def _squares(arrays: _Arrays, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Sum of squared errors of every option over the test months, fitted on the training months only.

    A calendar month that the training has not seen is left out, for all options alike.
    """
    x = _departures(arrays.predictors, arrays, train)
    y = arrays.gain[:, 0] - _month_means(arrays.gain, arrays.months, train)[arrays.months - 1, 0]
    errors = []
    for candidate, strength in OPTIONS:
        taken = x[:, _columns(candidate)]
        errors.append(y[test] - taken[test] @ ridge(taken[train], y[train], strength))
    return np.asarray([np.nansum(e**2) for e in errors])


def _choose(arrays: _Arrays, train: np.ndarray) -> tuple[str, float]:
    """The option with the least squared error when every training season is left out in turn."""
    total = np.zeros(len(OPTIONS))
    for season in pd.unique(arrays.seasons[train]):
        left_out = arrays.seasons == season
        total += _squares(arrays, train & ~left_out, train & left_out)
    return OPTIONS[int(np.argmin(total))]


def fit_gain(series: SiteSeries, train: pd.Series) -> GainFit:
    """Fit the gain of a site; predictors and ridge are chosen by leaving out each training season in turn.

    Parameters
    ----------
    series : SiteSeries
        The site.
    train : Series of bool
        Months that may be learnt from, over the months of the series; nothing observed at the gauge in other
        months enters. Only usable ones are taken.

    Raises
    ------
    InputError
        If a calendar month was never seen in training.
    """
    months, used = months_of(series.observed.index), (train & series.usable).to_numpy()
    unseen = sorted(set(range(1, 13)) - set(months[used].tolist()))
    if unseen:
        found = say("no usable month {names} at {site}", names=", ".join(map(str, unseen)), site=series.site)
        raise Problem("missing-observations", "monthly_flows.csv", found, say("every calendar month at least once")).refusal()
    gain = (series.observed - series.upstream).to_numpy()[:, None]
    arrays = _Arrays(gain, series.predictors.to_numpy(), months, np.asarray(series.seasons))
    candidate, strength = _choose(arrays, used)
    taken = _columns(candidate)
    mean_gain = _month_means(gain, months, used)[:, 0]
    x, y = _departures(arrays.predictors, arrays, used)[:, taken], gain[:, 0] - mean_gain[months - 1]
    return GainFit(
        candidate,
        strength,
        pd.Series(mean_gain, range(1, 13)),
        pd.DataFrame(_month_means(arrays.predictors, months, used), range(1, 13), PREDICTORS),
        pd.Series(ridge(x[used], y[used], strength) if taken else [], list(CANDIDATES[candidate]), dtype=float),
    )


def inflow(fit: GainFit, series: SiteSeries) -> pd.DataFrame:
    """Inflow of every month of a series by a fit, also of months it never saw.

    Returns
    -------
    DataFrame
        By month: ``method`` and ``baseline`` (releases plus mean gain of the month), Mm3, missing where a release
        is missing; ``unseen`` names the predictors that were not seen and count as their mean, ``-`` if none.
    """
    months = months_of(series.observed.index)
    names = list(fit.coefficients.index)
    departure = series.predictors[names] - fit.means.loc[months, names].to_numpy()
    baseline = series.upstream + fit.mean_gain.loc[months].to_numpy()
    method = (baseline + departure.fillna(0.0) @ fit.coefficients).clip(lower=0.0)
    gaps = departure.isna().to_numpy()
    unseen = [", ".join(name for name, gone in zip(names, row, strict=True) if gone) or "-" for row in gaps]
    return pd.DataFrame({"method": method, "baseline": baseline, "unseen": unseen}, series.observed.index)
