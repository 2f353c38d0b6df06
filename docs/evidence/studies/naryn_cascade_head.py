"""The Naryn cascade once more, with Toktogul at the head of its observed storages beside the fixed rate.

Efficiency comes from one day of December 2024, the published years are 2001 to 2007 and 2023: the comparison is independent of it.
Run: ``python -m docs.evidence.studies.naryn_cascade_head``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from docs.evidence.studies.naryn_cascade import RESERVOIR, PairScore, cascade_by_month, cascade_energy, score
from docs.evidence.studies.naryn_cascade_text import CASCADE_TABLES
from waterflow.basin.head import Head
from waterflow.loading.model import tables_folder
from waterflow.observations.files import checked_frames
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number

__all__ = ["CascadeHead", "cascade_head", "cascade_head_of_model", "cascade_head_text", "head_rate"]

SERIES, PLANT = "design", "toktogul_hpp"


@dataclass(frozen=True)
class CascadeHead:
    """The cascade with a fixed rate and with the head of Toktogul, beside what was published.

    Attributes
    ----------
    years : DataFrame, (year, ...)
        ``storage_Mm3`` (mean of Toktogul's month ends), ``fixed_GWh`` and ``head_GWh`` of Toktogul alone, ``fixed_bias`` and
        ``head_bias`` of the cascade, fractions of the published hydropower less other plants.
    fixed, head : PairScore
        Of the cascade against the published, GWh.
    """

    years: pd.DataFrame
    fixed: PairScore
    head: PairScore

    def by_storage(self, which: str) -> tuple[float, float]:
        """Mean bias of the years with more water in Toktogul than the median, and of the others; fractions."""
        full = self.years["storage_Mm3"] > self.years["storage_Mm3"].median()
        bias = self.years[f"{which}_bias"]
        return float(bias[full].mean()), float(bias[~full].mean())

    def on_storage(self, which: str) -> tuple[float, float]:
        """Correlation of the bias with the storage, and its slope as a fraction per km3."""
        bias, storage = self.years[f"{which}_bias"], self.years["storage_Mm3"]
        return float(bias.corr(storage)), float(np.polyfit(storage / 1000, bias, 1)[0])


def head_rate(tables: Mapping[str, pd.DataFrame], storage: pd.Series) -> pd.Series:
    """Energy of one Mm3 through Toktogul at the mean storage of each month, GWh.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem: ``plant_heads`` and ``levels`` of the model.
    storage : Series, (month,)
        At the end of each month, Mm3; where the month before was not seen the end stands for the mean.
    """
    heads, levels = tables["plant_heads"], tables["levels"]
    row = heads[(heads["series"] == SERIES) & (heads["plant"] == PLANT)].iloc[0]
    curve = levels[levels["reservoir"] == row["reservoir"]].sort_values("storage_Mm3")
    points = zip(curve["storage_Mm3"], curve["level_m"] - row["tailwater_level_m"], strict=True)
    head = Head(
        reservoir=RESERVOIR,
        efficiency=float(row["efficiency_fraction"]),
        curve=tuple((float(stored), float(metres)) for stored, metres in points),
    )
    mean = ((storage.shift(1) + storage) / 2).fillna(storage)
    return mean.map(head.rate, na_action="ignore")


def cascade_head(tables: Mapping[str, pd.DataFrame]) -> CascadeHead:
    """Toktogul at the head of its observed storages, beside the fixed rate and what was published.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem: ``plants``, ``plant_heads`` and ``levels`` of the model and the tables of ``observed/``.
    """
    found, monthly = cascade_energy(tables), cascade_by_month(tables)
    fixed = found.years["simulated_GWh"]
    plants = tables["plants"].set_index("plant")
    water = monthly[PLANT] / float(plants.loc[PLANT, "energy_rate_GWh_per_Mm3"])
    energy = water * head_rate(tables, monthly["storage_Mm3"])
    by_year = energy.groupby(pd.PeriodIndex(energy.index).year).sum().reindex(found.years.index)
    with_head = fixed - found.years[PLANT] + by_year
    years = pd.DataFrame(
        {
            "storage_Mm3": found.years["storage_Mm3"],
            "fixed_GWh": found.years[PLANT],
            "head_GWh": by_year,
            "fixed_bias": fixed / found.years["cascade_GWh"] - 1,
            "head_bias": with_head / found.years["cascade_GWh"] - 1,
        }
    )
    return CascadeHead(years, score(fixed, found.years["cascade_GWh"]), score(with_head, found.years["cascade_GWh"]))


def cascade_head_of_model(name_or_path: str | Path = "syr_darya") -> CascadeHead:
    """The comparison for a model's plants, heads and observations.

    Raises
    ------
    InputError
        If the model has no observations or its tables have problems.
    """
    return cascade_head(checked_frames(tables_folder(name_or_path), CASCADE_TABLES, ["plants", "plant_heads", "levels"]))


def _per_cent(value: float) -> str:
    return f"{100 * value:+.1f} %"


def cascade_head_text(found: CascadeHead) -> str:
    """Years, what head does to the bias, and what it does not explain, as a text."""
    rows = [
        [str(year), number(row["storage_Mm3"]), number(row["fixed_GWh"]), number(row["head_GWh"])]
        + [_per_cent(row[which]) for which in ("fixed_bias", "head_bias")]
        for year, row in found.years.iterrows()
    ]
    said = []
    for which, name, scored in (("fixed", "fixed rate", found.fixed), ("head", "head", found.head)):
        full, low = found.by_storage(which)
        correlation, slope = found.on_storage(which)
        figures = [_per_cent(scored.bias_fraction), number(scored.mean_error), f"{scored.correlation:.2f}", _per_cent(full), _per_cent(low)]
        said.append([name, *figures, f"{correlation:+.2f}", _per_cent(slope)])
    worst = found.years["head_bias"].abs().nlargest(2)
    return "\n".join(
        [
            heading("Toktogul at the head of its observed storages (water Mm3, energy GWh)").lstrip("\n"),
            columns(["year", "Toktogul", "fixed rate", "head", "cascade, fixed", "cascade, head"], rows),
            "",
            columns(["", "bias", "mean error", "correlation", "fuller years", "others", "with storage", "per km3"], said),
            "",
            paragraph(
                "Bias of the cascade against published hydropower less other plants; the last columns: its mean in years with more "
                "and less water in Toktogul than the median, its correlation with storage, its slope. Nothing published is of "
                f"Toktogul alone. The largest errors left, in {' and '.join(map(str, sorted(worst.index)))}, are not explained by head."
            ),
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(cascade_head_text(cascade_head_of_model()))
