r"""Inflow of a reservoir from the releases above it: a gain that follows wet and dry years, combined with a water balance.

.. math:: Q_t = \max\Big(0,\; (1 - w) \big(R_t + \bar G_{m(t)} + \sum_k \beta_k \,(x_{k,t} - \bar x_{k,m(t)})\big) + w B_t\Big)

R are the observed releases upstream, :math:`\bar G_m` is the mean gain (inflow less R) of the calendar month and x
the predictors, of which only their departure from the mean of the calendar month counts, held within what was seen.
B is the balance of the zone above: what enters it, lateral runoff, return flow, less withdrawals and local use, fitted by
the calibration's own rules. Mm3 per month. ``docs/method/gains.md`` tells what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from waterflow.calibration.return_flows import Settings, ZoneFit, fit_zone, gain_of
from waterflow.errors import Problem
from waterflow.observations.record import months_of
from waterflow.validation.gain_predictors import PREDICTORS, RELEASED, SiteSeries
from waterflow.words.catalogue import say

__all__ = ["CANDIDATES", "STRENGTHS", "WEIGHTS", "GainFit", "fit_gain", "inflow", "ridge"]

Floats = NDArray[np.float64]
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
#: weights the balance may have; the simple mean of both is left only for what is better by more than a standard error
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
HALF = WEIGHTS.index(0.5)
#: rounds in which return flow and local use of a balance agree to a ten-thousandth of a Mm3
ROUNDS = 8


@dataclass(frozen=True)
class GainFit:
    """A fitted inflow, usable for any month whose releases are known.

    Attributes
    ----------
    candidate, strength, weight : the choice made inside the training seasons
    mean_gain : Mm3, index 1..12
    means : mean of every predictor, rows 1..12
    seen : least and most of every predictor in training, rows low and high
    coefficients : Mm3 per month and unit of the predictor; empty for the mean of the month
    balance : the zone above, fitted in training
    """

    candidate: str
    strength: float
    weight: float
    mean_gain: pd.Series
    means: pd.DataFrame
    seen: pd.DataFrame
    coefficients: pd.Series
    balance: ZoneFit


def _month_means(values: Floats, months: Floats, train: Floats) -> Floats:
    """Mean of every calendar month over the training months seen; (12, columns), missing where none was seen."""
    of_month = ((months[:, None] == np.arange(1, 13)) & train[:, None]).T.astype(float)
    count = of_month @ ~np.isnan(values)
    return np.asarray(np.divide(of_month @ np.nan_to_num(values), count, out=np.full(count.shape, np.nan), where=count > 0))


def ridge(x: Floats, y: Floats, strength: float) -> Floats:
    r"""Coefficients that minimise the squared error plus a penalty, the predictors scaled by their spread s.

    .. math:: \min_\beta \; \|y - X \beta\|^2 + \lambda n \sum_k (s_k \beta_k)^2

    Hoerl and Kennard (1970). A predictor without spread gets nothing.
    """
    spread = x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = x / scale
    return np.asarray(np.linalg.solve(z.T @ z + strength * len(y) * np.eye(z.shape[1]), z.T @ y) / scale)


class _Site:
    """A site as arrays over its months: gain (n, 1), predictors (n, k), calendar months, half-seasons, upstream and seen."""

    def __init__(self, series: SiteSeries) -> None:
        self.series = series
        self.months, self.seasons = months_of(series.observed.index), np.asarray(series.seasons)
        self.upstream, self.observed = series.upstream.to_numpy(float), series.observed.to_numpy(float)
        self.gain, self.predictors = (self.observed - self.upstream)[:, None], series.predictors.to_numpy(float)
        self.settings = Settings(recent_from=series.recent_from, rounds=ROUNDS)
        self.balances: dict[bytes, Floats] = {}

    def ends(self, train: Floats) -> Floats:
        """Least and most of every predictor in training, (2, k); without bounds where it was never seen."""
        seen = np.where(train[:, None], self.predictors, np.nan)
        never = np.isnan(seen).all(axis=0)
        low, high = np.where(np.isnan(seen), np.inf, seen).min(axis=0), np.where(np.isnan(seen), -np.inf, seen).max(axis=0)
        return np.stack([np.where(never, -np.inf, low), np.where(never, np.inf, high)])

    def departures(self, train: Floats) -> Floats:
        """Predictors, held within what training saw, less their training mean of the calendar month; nil where not seen."""
        held = np.clip(self.predictors, *self.ends(train))
        return np.asarray(np.nan_to_num(held - _month_means(self.predictors, self.months, train)[self.months - 1]))

    def by_gain(self, train: Floats) -> Floats:
        """Inflow of every month by every option, fitted in training, (options, n)."""
        x, usual = self.departures(train), _month_means(self.gain, self.months, train)[self.months - 1, 0]
        y, found = self.gain[:, 0] - usual, []
        for candidate, strength in OPTIONS:
            taken = x[:, columns_of(candidate)]
            found.append(self.upstream + usual + taken @ ridge(taken[train], y[train], strength))
        return np.array(found)

    def fitted_zone(self, train: Floats) -> ZoneFit:
        """The zone above, fitted in training."""
        zone = self.series.zone
        return fit_zone(replace(zone, gain=zone.gain.where(train), usable=pd.Series(train, zone.gain.index)), self.settings)

    def by_balance(self, train: Floats) -> Floats:
        """Inflow of every month by the balance of the zone above, fitted in training, (n,)."""
        key = train.tobytes()
        if key not in self.balances:
            self.balances[key] = balanced(self.series, self.fitted_zone(train)).to_numpy(float)
        return self.balances[key]

    def squares(self, train: Floats, test: Floats) -> Floats:
        """Sum of squared errors over the test months of every option and weight, fitted in training, (options, weights).

        A month that the training cannot predict, since it has not seen its like, is left out, for all alike.
        """
        gain, balance = self.by_gain(train)[:, test], self.by_balance(train)[test]
        errors = np.stack([(1 - w) * gain + w * balance - self.observed[test] for w in WEIGHTS], axis=1)
        return np.asarray((errors[:, :, ~np.isnan(errors).any(axis=(0, 1))] ** 2).sum(axis=2))


def columns_of(candidate: str) -> list[int]:
    """Positions of the predictors that a candidate takes."""
    return [PREDICTORS.index(name) for name in CANDIDATES[candidate]]


def balanced(series: SiteSeries, fit: ZoneFit) -> pd.Series:
    """Inflow by the balance of the zone above, Mm3 per month."""
    return series.entering - series.zone.trunk + gain_of(fit, series.zone)


def _choose(site: _Site, train: Floats) -> tuple[str, float, float]:
    """Option and weight by leaving out each training season in turn.

    The simple mean of gain and balance is the choice, unless another is better by more than the standard error of the
    difference over the seasons: a weight that few seasons chose would not hold in another (Breiman et al. 1984).
    """
    rounds = []
    for season in pd.unique(site.seasons[train]):
        left_out = site.seasons == season
        rounds.append(site.squares(train & ~left_out, train & left_out))
    squares = np.array(rounds)
    total = squares.sum(axis=0)
    home = (int(np.argmin(total[:, HALF])), HALF)
    best = divmod(int(np.argmin(total)), len(WEIGHTS))
    less = squares[:, home[0], home[1]] - squares[:, best[0], best[1]]
    clearly = len(less) > 1 and less.sum() > less.std(ddof=1) * np.sqrt(len(less))
    option, weight = best if clearly else home
    return *OPTIONS[option], WEIGHTS[weight]


def fit_gain(series: SiteSeries, train: pd.Series) -> GainFit:
    """Fit the inflow of a site; predictors, ridge and weight are chosen by leaving out each training season in turn.

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
    site, used = _Site(series), (train & series.usable).to_numpy()
    unseen = sorted(set(range(1, 13)) - set(site.months[used].tolist()))
    if unseen:
        found = say("no usable month {names} at {site}", names=", ".join(map(str, unseen)), site=series.site)
        raise Problem("missing-observations", "monthly_flows.csv", found, say("every calendar month at least once")).refusal()
    candidate, strength, weight = _choose(site, used)
    taken = columns_of(candidate)
    mean_gain = _month_means(site.gain, site.months, used)[:, 0]
    x, y = site.departures(used)[:, taken], site.gain[:, 0] - mean_gain[site.months - 1]
    return GainFit(
        candidate,
        strength,
        weight,
        pd.Series(mean_gain, range(1, 13)),
        pd.DataFrame(_month_means(site.predictors, site.months, used), range(1, 13), PREDICTORS),
        pd.DataFrame(site.ends(used), ["low", "high"], PREDICTORS),
        pd.Series(ridge(x[used], y[used], strength) if taken else [], list(CANDIDATES[candidate]), dtype=float),
        site.fitted_zone(used),
    )


def inflow(fit: GainFit, series: SiteSeries) -> pd.DataFrame:
    """Inflow of every month of a series by a fit, also of months it never saw.

    Returns
    -------
    DataFrame
        By month: ``method`` and ``baseline`` (releases plus mean gain of the month), Mm3, missing where a release is
        missing; ``unseen`` names the predictors that were not seen and count as their mean, ``beyond`` those outside
        what training saw, which count as the nearest that it saw; ``-`` if none.
    """
    months = months_of(series.observed.index)
    names = list(fit.coefficients.index)
    own, low, high = series.predictors[names], fit.seen.loc["low", names], fit.seen.loc["high", names]
    departure = own.clip(low, high, axis=1) - fit.means.loc[months, names].to_numpy()
    baseline = series.upstream + fit.mean_gain.loc[months].to_numpy()
    gain = baseline + departure.fillna(0.0) @ fit.coefficients
    method = ((1 - fit.weight) * gain + fit.weight * balanced(series, fit.balance)).clip(lower=0.0)
    told = {"unseen": own.isna(), "beyond": (own < low) | (own > high)}
    named = {kind: [_named(names, row) for row in x.to_numpy(bool)] for kind, x in told.items()}
    return pd.DataFrame({"method": method, "baseline": baseline, **named}, series.observed.index)


def _named(names: list[str], there: NDArray[np.bool_]) -> str:
    """Those of the names that are marked, ``-`` if none is."""
    return ", ".join(name for name, marked in zip(names, there, strict=True) if marked) or "-"
