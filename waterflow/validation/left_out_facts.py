"""How well each half-season is predicted from the others, in figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from waterflow.accounts.fact import Fact

__all__ = ["LeftOutScore", "SecondAgency", "SiteLeftOut", "left_out_facts"]

NOT_ONE = "-"


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


class SiteLeftOut(Fact):
    """One site: errors by half-season and pooled, how often each set of predictors was chosen, months with one not seen."""

    site: str
    seasons: dict[str, LeftOutScore]
    pooled: LeftOutScore
    second: SecondAgency | None
    chosen: dict[str, int]
    months_with_unseen: int


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
            pooled=_score(found),
            second=_second(found),
            chosen={str(k): int(n) for k, n in found.drop_duplicates("season")["candidate"].value_counts().items()},
            months_with_unseen=int((found["unseen"] != NOT_ONE).sum()),
        )
        for site, found in table.groupby("site", sort=False)
    )
