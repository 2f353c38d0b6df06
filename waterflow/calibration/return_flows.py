r"""Return flow and local use of a zone, fitted to its gains. Mm3 per month everywhere.

.. math:: G_t = L_t + V_{m(t)} - U_{m(t)} + R_t, \qquad R_t = \rho \sum_{k=0}^{11} \kappa_k \, (W_{t-k} + U_{m(t-k)})

L lateral runoff, U local use, V unmeasured inflow, R return flow, W trunk withdrawals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from waterflow.observations.record import by_month, months_of

LAGS = 12


@dataclass(frozen=True)
class Settings:
    """What the fit is told.

    Attributes
    ----------
    recent_from : first month of the recent period (weight 1, and the only one for the local use)
    quiet_months : months in which local use is taken as nil
    early_weight : weight of the older months
    shapes, mean_lags : grid of the kernel's shape (-) and mean lag (months)
    most_returned : upper bound of the return fraction
    rounds : iterations between return flow and local use
    """

    recent_from: str
    quiet_months: tuple[int, ...] = (11, 12, 1, 2, 3)
    early_weight: float = 0.1
    shapes: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0)
    mean_lags: tuple[float, ...] = tuple(np.arange(1.0, 7.01, 0.25).tolist())
    most_returned: float = 0.6
    rounds: int = 30


@dataclass(frozen=True)
class ZoneSeries:
    """Monthly series of a zone: gain, lateral runoff, trunk withdrawals, and the months that may be used."""

    gain: pd.Series
    lateral: pd.Series
    trunk: pd.Series
    usable: pd.Series


@dataclass(frozen=True)
class ZoneFit:
    """Result of a zone: kernel (12 shares), return fraction, local use and unmeasured inflow by month 1..12."""

    return_fraction: float
    shape: float
    mean_lag: float
    kernel: np.ndarray
    local_use: pd.Series
    unmeasured: pd.Series
    history: tuple[float, ...] = field(default=())


@cache
def gamma_kernel(shape: float, mean_lag: float) -> np.ndarray:
    r"""Share of the return flow that arrives k months later, k = 0..11.

    .. math:: \kappa_k \propto \int_{k}^{k+1} x^{s-1} e^{-s x/\mu} \, dx

    s is the shape, :math:`\mu` the mean lag in months. Integrated by the midpoint rule on 200 steps a month.
    """
    steps = 200
    x = (np.arange(LAGS * steps) + 0.5) / steps
    density = x ** (shape - 1) * np.exp(-shape * x / mean_lag)
    shares = density.reshape(LAGS, steps).sum(axis=1)
    kernel = np.asarray(shares / shares.sum())
    kernel.setflags(write=False)
    return kernel


def _lagged(delivered: pd.Series) -> np.ndarray:
    """Deliveries of this and the eleven earlier months, (lag, month); months before the record repeat their mean."""
    months = pd.PeriodIndex(delivered.index)
    before = pd.period_range(months[0] - (LAGS - 1), months[0] - 1, freq="M")
    full = np.concatenate([by_month(delivered).loc[months_of(before)].to_numpy(), delivered.to_numpy()])
    return np.stack([full[LAGS - 1 - k : len(full) - k] for k in range(LAGS)])


def delayed(delivered: pd.Series, kernel: np.ndarray) -> pd.Series:
    """Kernel-weighted sum of this and the eleven earlier months; months before the record repeat their mean."""
    return pd.Series(kernel @ _lagged(delivered), delivered.index, dtype=float)


def _delivered(series: ZoneSeries, local_use: pd.Series) -> pd.Series:
    months = pd.PeriodIndex(series.trunk.index)
    return pd.Series(series.trunk.to_numpy() + local_use.loc[months_of(months)].to_numpy(), months)


def fit_return(series: ZoneSeries, local_use: pd.Series, settings: Settings) -> tuple[float, float, float]:
    r"""Return fraction, shape and mean lag of least squares over the quiet months.

    .. math:: \min_{\rho, s, \mu} \sum_t w_t \, (G_t - L_t - V_t - \rho \sum_k \kappa_k(s, \mu) D_{t-k})^2

    For a given kernel the fraction is explicit and cut to [0, most_returned]; the kernel is searched on the grid.
    """
    quiet = np.isin(months_of(series.gain.index), settings.quiet_months)
    use = quiet & series.usable.to_numpy() & series.gain.notna().to_numpy() & series.lateral.notna().to_numpy()
    recent = np.asarray(series.gain.index >= pd.Period(settings.recent_from, "M"))
    weight = np.where(recent, 1.0, settings.early_weight)[use]
    left = (series.gain - series.lateral).to_numpy()[use]
    lagged = _lagged(_delivered(series, local_use))[:, use]
    best = (np.inf, 0.0, settings.shapes[0], settings.mean_lags[0])
    for shape in settings.shapes:
        for lag in settings.mean_lags:
            unit = gamma_kernel(shape, lag) @ lagged
            rho = float(np.clip((weight * unit * left).sum() / (weight * unit**2).sum(), 0, settings.most_returned))
            error = float((weight * (left - rho * unit) ** 2).sum())
            if error < best[0] - 1e-9:
                best = (error, rho, shape, lag)
    return best[1], best[2], best[3]


def missing_use(series: ZoneSeries, fraction: float, kernel: np.ndarray, local_use: pd.Series, recent: str) -> pd.Series:
    """Mean over the recent years of lateral runoff plus return flow less gain, by month 1..12."""
    back = fraction * delayed(_delivered(series, local_use), kernel)
    return by_month((series.lateral + back - series.gain)[lambda s: s.index >= pd.Period(recent, "M")])


def fit_zone(series: ZoneSeries, settings: Settings) -> ZoneFit:
    r"""Iterate return flow and local use until both agree.

    .. math:: U_m = \max(0, \overline{L + R - G}), \qquad V_m = \max(0, -\overline{L + R - G})

    so that every calendar month closes on average over the recent years.
    """
    use = pd.Series(0.0, range(1, 13))
    history = []
    for _ in range(settings.rounds):
        fraction, shape, lag = fit_return(series, use, settings)
        history.append(fraction)
        use = missing_use(series, fraction, gamma_kernel(shape, lag), use, settings.recent_from).clip(lower=0)
    fraction, shape, lag = fit_return(series, use, settings)
    kernel = gamma_kernel(shape, lag).round(4)
    kernel[0] += 1 - kernel.sum()
    fraction = round(fraction, 3)
    net = use
    for _ in range(settings.rounds):
        net = missing_use(series, fraction, kernel, net.clip(lower=0), settings.recent_from)
    return ZoneFit(fraction, shape, lag, kernel.round(4), net.clip(lower=0), (-net).clip(lower=0), tuple(history))
