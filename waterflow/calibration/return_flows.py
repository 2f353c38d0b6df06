r"""Return flow and local use of a zone, fitted to its gains. Mm3 per month everywhere.

.. math:: G_t = L_t + V_{m(t)} - U_{m(t)} + R_t, \qquad R_t = \rho \sum_{k=0}^{11} \kappa_k \, (W_{t-k} + U_{m(t-k)})

L lateral runoff, U local use, V unmeasured inflow, R return flow, W trunk withdrawals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from waterflow.observations.record import months_of

LAGS = 12
Floats = NDArray[np.float64]


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


def _month_means(values: Floats, months: NDArray[np.intp]) -> Floats:
    """Mean of every calendar month over the months with a value, (12,); missing where none has one."""
    seen = ~np.isnan(values)
    sums = np.bincount(months[seen] - 1, values[seen], minlength=12)
    count = np.bincount(months[seen] - 1, minlength=12)
    return np.asarray(np.divide(sums, count, out=np.full(12, np.nan), where=count > 0))


def _lagged(delivered: Floats, months: NDArray[np.intp]) -> Floats:
    """Deliveries of this and the eleven earlier months, (lag, month); months before the record repeat their mean."""
    before = (months[0] - 1 - np.arange(LAGS - 1, 0, -1)) % 12
    full = np.concatenate([_month_means(delivered, months)[before], delivered])
    return np.stack([full[LAGS - 1 - k : len(full) - k] for k in range(LAGS)])


def delayed(delivered: pd.Series, kernel: Floats) -> pd.Series:
    """Kernel-weighted sum of this and the eleven earlier months; months before the record repeat their mean."""
    return pd.Series(kernel @ _lagged(delivered.to_numpy(float), months_of(delivered.index)), delivered.index, dtype=float)


class _Zone:
    """The series of a zone as arrays over its months, and what the settings make of them."""

    def __init__(self, series: ZoneSeries, settings: Settings) -> None:
        self.months = months_of(series.gain.index)
        self.trunk = series.trunk.to_numpy(float)
        #: what gain and lateral runoff leave to return flow and local use
        self.left = (series.gain - series.lateral).to_numpy(float)
        self.recent = np.asarray(series.gain.index >= pd.Period(settings.recent_from, "M"))
        seen = series.usable.to_numpy(bool) & ~np.isnan(self.left)
        self.quiet = np.isin(self.months, settings.quiet_months) & seen
        self.weight = np.where(self.recent, 1.0, settings.early_weight)[self.quiet]
        self.grid = [(shape, lag) for shape in settings.shapes for lag in settings.mean_lags]
        self.kernels = np.array([gamma_kernel(*found) for found in self.grid])
        self.most = settings.most_returned

    def lagged(self, use: Floats) -> Floats:
        """What trunk and local users were delivered in this month and the eleven before, (lag, month)."""
        return _lagged(self.trunk + use[self.months - 1], self.months)

    def fit_return(self, use: Floats) -> tuple[float, float, float]:
        r"""Return fraction, shape and mean lag of least squares over the quiet months.

        .. math:: \min_{\rho, s, \mu} \sum_t w_t \, (G_t - L_t - V_t - \rho \sum_k \kappa_k(s, \mu) D_{t-k})^2

        For a given kernel the fraction is explicit and cut to [0, most_returned]; the kernel is searched on the grid.
        """
        left, units = self.left[self.quiet], self.kernels @ self.lagged(use)[:, self.quiet]
        rho = np.clip((units @ (self.weight * left)) / (units**2 @ self.weight), 0, self.most)
        best = int(np.argmin((left - rho[:, None] * units) ** 2 @ self.weight))
        return float(rho[best]), *self.grid[best]

    def missing_use(self, fraction: float, kernel: Floats, use: Floats) -> Floats:
        """Mean over the recent years of lateral runoff plus return flow less gain, by month, (12,).

        A calendar month that no recent year has seen takes the mean of all years.
        """
        missing = fraction * (kernel @ self.lagged(use)) - self.left
        recent = _month_means(np.where(self.recent, missing, np.nan), self.months)
        return np.where(np.isnan(recent), _month_means(missing, self.months), recent)


def fit_zone(series: ZoneSeries, settings: Settings) -> ZoneFit:
    r"""Iterate return flow and local use until both agree.

    .. math:: U_m = \max(0, \overline{L + R - G}), \qquad V_m = \max(0, -\overline{L + R - G})

    so that every calendar month closes on average over the recent years.
    """
    zone, use, history = _Zone(series, settings), np.zeros(12), list[float]()
    for _ in range(settings.rounds):
        fraction, shape, lag = zone.fit_return(use)
        history.append(fraction)
        use = zone.missing_use(fraction, gamma_kernel(shape, lag), use).clip(min=0)
    fraction, shape, lag = zone.fit_return(use)
    kernel = gamma_kernel(shape, lag).round(4)
    kernel[0] += 1 - kernel.sum()
    fraction, net = round(fraction, 3), use
    for _ in range(settings.rounds):
        net = zone.missing_use(fraction, kernel, net.clip(min=0))
    of_month = pd.Series(net, range(1, 13))
    return ZoneFit(fraction, shape, lag, kernel.round(4), of_month.clip(lower=0), (-of_month).clip(lower=0), tuple(history))


def gain_of(fit: ZoneFit, series: ZoneSeries) -> pd.Series:
    """What a fitted zone gains in every month: lateral runoff, unmeasured inflow and return flow less local use, Mm3."""
    months = months_of(series.trunk.index)
    local = fit.local_use.loc[months].to_numpy()
    back = fit.return_fraction * delayed(series.trunk + local, fit.kernel)
    return series.lateral + back + fit.unmeasured.loc[months].to_numpy() - local
