"""How well each half-season is predicted from the others, in figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from waterflow.accounts.fact import Fact

__all__ = ["COVERED", "LeftOutScore", "SeasonRange", "SecondAgency", "SiteLeftOut", "left_out_facts"]

NOT_ONE = "-"
#: share of seasons that a range is made to hold
COVERED = 0.9


class LeftOutScore(Fact):
    """Errors over some months: volume observed, root mean squares a month, and bias as sum of errors over sum observed."""

    months: int
    observed_Mm3: float
    rmse_method_Mm3: float
    rmse_baseline_Mm3: float
    bias_method_fraction: float
    bias_baseline_fraction: float

    @property
    def ratio(self) -> float:
        """Error of the method over that of the baseline."""
        return self.rmse_method_Mm3 / self.rmse_baseline_Mm3


class SecondAgency(Fact):
    """Errors against another agency's figure of the same inflow, and those of the same months against the first."""

    gauge: str
    against_it: LeftOutScore
    same_months: LeftOutScore


class SeasonRange(Fact):
    """Volume of a half-season as predicted, and the range that nine in ten seasons should be in, from the errors of the others."""

    predicted_Mm3: float
    low_Mm3: float
    high_Mm3: float
    holds_observed: bool


class SiteLeftOut(Fact):
    """One site: errors by half-season and pooled, ranges, what was chosen how often, months with a predictor not seen or beyond."""

    site: str
    seasons: dict[str, LeftOutScore]
    ranges: dict[str, SeasonRange]
    pooled: LeftOutScore
    second: SecondAgency | None
    chosen: dict[str, int]
    weights: dict[float, int]
    months_with_unseen: int
    months_beyond: int

    @property
    def coverage(self) -> float:
        """Share of the half-seasons left out whose observed volume is in its range."""
        return sum(x.holds_observed for x in self.ranges.values()) / len(self.ranges)


def _score(table: pd.DataFrame, against: str = "observed") -> LeftOutScore:
    """Errors over the months with a figure to compare with."""
    seen = table[table[against].notna()]
    volume = float(seen[against].sum())
    method, baseline = (seen[name] - seen[against] for name in ("method", "baseline"))
    return LeftOutScore(
        months=len(seen),
        observed_Mm3=volume,
        rmse_method_Mm3=float(np.sqrt((method**2).mean())),
        rmse_baseline_Mm3=float(np.sqrt((baseline**2).mean())),
        bias_method_fraction=float(method.sum()) / volume,
        bias_baseline_fraction=float(baseline.sum()) / volume,
    )


def _second(table: pd.DataFrame) -> SecondAgency | None:
    seen = table[table["second_observed"].notna()]
    if not len(seen):
        return None
    gauge = str(seen["second_gauge"].iloc[0])
    return SecondAgency(gauge=gauge, against_it=_score(seen, "second_observed"), same_months=_score(seen))


def _ranges(table: pd.DataFrame) -> dict[str, SeasonRange]:
    r"""Ranges of the volumes of half-seasons, each from the errors of all others.

    .. math:: \hat V_s \pm n_s \, e_{(k)}, \qquad k = \min(m, \lceil 0.9 (m + 1) \rceil)

    e are the absolute mean errors a month of the m other seasons in rising order, n the months of the season: the
    jackknife of split conformal prediction (Vovk et al. 2005). A volume is not below zero.
    """
    sums = table.groupby("season", sort=False).agg(seen=("observed", "sum"), method=("method", "sum"), months=("observed", "size"))
    errors = ((sums["method"] - sums["seen"]) / sums["months"]).abs()
    found = {}
    for season, x in sums.iterrows():
        others = np.sort(errors.drop(season).to_numpy())
        k = min(len(others), int(np.ceil(COVERED * (len(others) + 1))))
        reach = float(others[k - 1] * x["months"]) if k else np.inf
        low, high = max(0.0, float(x["method"]) - reach), float(x["method"]) + reach
        inside = bool(low <= x["seen"] <= high)
        found[str(season)] = SeasonRange(predicted_Mm3=float(x["method"]), low_Mm3=low, high_Mm3=high, holds_observed=inside)
    return found


def left_out_facts(table: pd.DataFrame) -> tuple[SiteLeftOut, ...]:
    """The errors of every site.

    Parameters
    ----------
    table : DataFrame
        Of `waterflow.validation.leave_one_season_out.leave_one_season_out`.
    """
    return tuple(
        SiteLeftOut(
            site=str(site),
            seasons={str(season): _score(part) for season, part in found.groupby("season", sort=False)},
            ranges=_ranges(found),
            pooled=_score(found),
            second=_second(found),
            chosen={str(k): int(n) for k, n in found.drop_duplicates("season")["candidate"].value_counts().items()},
            weights={float(k): int(n) for k, n in found.drop_duplicates("season")["weight"].value_counts().items()},
            months_with_unseen=int((found["unseen"] != NOT_ONE).sum()),
            months_beyond=int((found["beyond"] != NOT_ONE).sum()),
        )
        for site, found in table.groupby("site", sort=False)
    )
