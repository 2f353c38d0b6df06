r"""Energy of the Naryn cascade at observed releases of Toktogul, beside the published hydropower of Kyrgyzstan.

The plants are those of the model with its fixed rates. Water through them is what the model would have there:
the release down to Tash-Kumyr, the release and the side inflow of that stretch below (the normal month times the
wetness of the half-season). Only calendar years with all twelve months observed are compared.
Run: ``python -m docs.evidence.studies.naryn_cascade``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from waterflow.observations.record import Record, lateral_runoff, read_record, wetness

__all__ = ["CascadeEnergy", "PairScore", "cascade_by_month", "cascade_energy", "other_plants", "plant_energy", "score"]

Tables = Mapping[str, pd.DataFrame]

PARTY, RESERVOIR, SIDE_NODE = "KGZ", "toktogul", "tashkumyr"
#: reaches of the cascade, and whether the side inflow is in them
CASCADE = {"toktogul_tashkumyr": False, "tashkumyr_uchkurgan": True}
MONTHS = 12
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class PairScore:
    """How simulated figures stand to published ones.

    Attributes
    ----------
    count : int
    bias, mean_error : float
        Mean of simulated less published, and mean of its size, in the unit of the figures.
    bias_fraction : float
        Bias over the mean of the published figures.
    correlation : float
        Pearson's; not a number with fewer than three pairs.
    """

    count: int
    bias: float
    bias_fraction: float
    mean_error: float
    correlation: float


@dataclass(frozen=True)
class CascadeEnergy:
    """Simulated beside published energy.

    Attributes
    ----------
    years : DataFrame, (year, ...)
        ``release_Mm3``, ``side_inflow_Mm3``, ``simulated_GWh``, ``published_GWh`` (national hydropower),
        ``other_plants_GWh`` (not of the cascade), ``cascade_GWh`` (published less other plants), ``storage_Mm3``
        (mean of Toktogul's month ends) and ``plant_GWh`` columns by plant.
    months : DataFrame, (month, ...)
        ``simulated_GWh`` and ``published_GWh``, the generation of all plants of the state: an upper bound.
    outside : DataFrame, (year, ...)
        ``hydropower_GWh``, ``region_GWh`` and ``outside_GWh`` of years in which the region was published.
    national, cascade : PairScore
        Against the raw national figure, and with the other plants taken off.
    storage_correlation, storage_slope : float
        Of the bias with other plants taken off (a fraction of the published) over the mean storage; slope per km3.
    """

    years: pd.DataFrame
    months: pd.DataFrame
    outside: pd.DataFrame
    national: PairScore
    cascade: PairScore
    storage_correlation: float
    storage_slope: float


def plant_energy(flow: pd.Series, rate: float, capacity: pd.Series) -> pd.Series:
    r"""Energy of a plant that turns what it can of a flow, GWh per month.

    .. math:: E_t = \eta \min(Q_t, Q^{max}_t)

    Parameters
    ----------
    flow, capacity : Series, (month,)
        Mm3 per month.
    rate : float
        GWh per Mm3.
    """
    return rate * flow.where(flow.isna() | (flow < capacity), capacity)


def side_inflow(tables: Tables, record: Record) -> pd.Series:
    """Runoff between Toktogul and Uch-Kurgan as the model has it, Mm3 per month."""
    natural = tables["natural_runoff"]
    rivers = sorted(set(natural[natural["node"] == SIDE_NODE]["river"]))
    return lateral_runoff(tables, record, wetness(tables, record), rivers)


def cascade_by_month(tables: Tables) -> pd.DataFrame:
    """Energy of each plant of the cascade in every month of the record, GWh, with the water and storage behind it.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem: ``plants`` of the model and the tables of ``observed/``.

    Returns
    -------
    DataFrame, (month, ...)
        ``release_Mm3``, ``side_inflow_Mm3``, ``storage_Mm3`` and one column of GWh by plant; missing where unseen.
    """
    record = read_record(tables)
    months = record.months
    release, side = record.flows[f"{RESERVOIR}.release"], side_inflow(tables, record)
    seconds = pd.Series(np.asarray(months.days_in_month, dtype=float) * SECONDS_PER_DAY, months)
    found = pd.DataFrame({"release_Mm3": release, "side_inflow_Mm3": side, "storage_Mm3": record.storages[RESERVOIR]})
    for plant in tables["plants"].itertuples():
        if plant.reach in CASCADE:
            flow = release + side if CASCADE[plant.reach] else release
            capacity = float(plant.turbine_capacity_m3s) * seconds / 1e6
            found[str(plant.plant)] = plant_energy(flow, float(plant.energy_rate_GWh_per_Mm3), capacity)
    return found


def plants_of(tables: Tables) -> list[str]:
    """Names of the cascade's plants, as in the table."""
    plants = tables["plants"]
    return [str(name) for name in plants[plants["reach"].isin(list(CASCADE))]["plant"]]


def _published(tables: Tables, item: str, months: int = MONTHS) -> pd.Series:
    """Published figures of a state's item over windows of so many months, GWh by first month.

    Of two sources for one window the first by key is taken.
    """
    table = tables["published_generation"]
    chosen = table[(table["party"] == PARTY) & (table["item"] == item)].sort_values(["first_period", "source"])
    first = pd.PeriodIndex(chosen["first_period"], freq="M")
    last = pd.PeriodIndex(chosen["last_period"], freq="M")
    length = np.array([(b - a).n + 1 for a, b in zip(first, last, strict=True)])
    series = pd.Series(chosen["generation_GWh"].to_numpy(dtype=float), first)[length == months]
    return series[~series.index.duplicated()]


def _by_year(series: pd.Series) -> pd.Series:
    january = series[pd.PeriodIndex(series.index).month == 1]
    return pd.Series(january.to_numpy(), pd.PeriodIndex(january.index).year)


def other_plants(tables: Tables) -> tuple[pd.DataFrame, pd.Series]:
    """Hydropower outside the cascade.

    Returns
    -------
    (outside, kambarata)
        By year: national hydropower, that of the region that holds the cascade, and the difference, GWh; and the
        figures of Kambarata-2, which stands in the region above Toktogul, GWh.
    """
    national, region = _by_year(_published(tables, "hydropower")), _by_year(_published(tables, "jalal_abad"))
    years = region.index
    outside = pd.DataFrame({"hydropower_GWh": national.reindex(years), "region_GWh": region})
    outside["outside_GWh"] = outside["hydropower_GWh"] - outside["region_GWh"]
    return outside, _by_year(_published(tables, "kambarata_2"))


def score(simulated: pd.Series, published: pd.Series) -> PairScore:
    """Bias, mean size of the error and correlation of pairs; pairs with a missing figure are left out."""
    pairs = pd.DataFrame({"a": simulated, "b": published}).dropna()
    error = pairs["a"] - pairs["b"]
    correlation = float(pairs["a"].corr(pairs["b"])) if len(pairs) > 2 else float("nan")
    bias = float(error.mean())
    return PairScore(len(pairs), bias, bias / float(pairs["b"].mean()), float(error.abs().mean()), correlation)


def _years(tables: Tables, monthly: pd.DataFrame, plants: list[str]) -> pd.DataFrame:
    """Whole observed calendar years with a published figure."""
    seen = monthly.dropna(subset=["release_Mm3", "storage_Mm3"])
    year = pd.Series(pd.PeriodIndex(seen.index).year, seen.index)
    sums = seen[["release_Mm3", "side_inflow_Mm3", *plants]].groupby(year).sum()
    sums["storage_Mm3"] = seen["storage_Mm3"].groupby(year).mean()
    sums = sums[seen.groupby(year).size() == MONTHS]
    sums["simulated_GWh"] = sums[plants].sum(axis=1)
    sums["published_GWh"] = _by_year(_published(tables, "hydropower")).reindex(sums.index)
    return sums.dropna(subset=["published_GWh"])


def cascade_energy(tables: Tables) -> CascadeEnergy:
    """Simulate the cascade at observed releases and compare it with what was published.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem: ``plants`` of the model and the tables of ``observed/``.

    Returns
    -------
    CascadeEnergy
        Plants outside the region take the mean of the years in which the region was published (assumed for the
        other years); Kambarata-2 takes the figure of its year, none before it ran.
    """
    monthly, plants = cascade_by_month(tables), plants_of(tables)
    years = _years(tables, monthly, plants)
    outside, kambarata = other_plants(tables)
    years["other_plants_GWh"] = float(outside["outside_GWh"].mean()) + kambarata.reindex(years.index).fillna(0.0)
    years["cascade_GWh"] = years["published_GWh"] - years["other_plants_GWh"]
    bias = years["simulated_GWh"] / years["cascade_GWh"] - 1
    slope = np.polyfit(years["storage_Mm3"] / 1000, bias, 1)[0]
    bound = _published(tables, "generation", months=1)
    simulated = monthly[plants].sum(axis=1, skipna=False).reindex(bound.index)
    months = pd.DataFrame({"simulated_GWh": simulated, "published_GWh": bound}).dropna()
    return CascadeEnergy(
        years,
        months,
        outside,
        score(years["simulated_GWh"], years["published_GWh"]),
        score(years["simulated_GWh"], years["cascade_GWh"]),
        float(bias.corr(years["storage_Mm3"])),
        float(slope),
    )


if __name__ == "__main__":
    from docs.evidence.studies.naryn_cascade_text import cascade_of_model, cascade_text

    sys.stdout.write(cascade_text(cascade_of_model()))
