"""The energy of the Naryn cascade beside what was published, as text."""

from __future__ import annotations

from pathlib import Path

from docs.evidence.studies.naryn_cascade import CascadeEnergy, PairScore, cascade_energy
from waterflow.loading.model import tables_folder
from waterflow.observations.files import checked_frames
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent

__all__ = ["CASCADE_TABLES", "cascade_of_model", "cascade_text"]

#: tables of ``observed/`` behind the comparison
CASCADE_TABLES = (
    "gauged_runoff",
    "monthly_flows",
    "monthly_storages",
    "monthly_withdrawals",
    "natural_runoff",
    "published_generation",
    "wetness",
)


def cascade_of_model(name_or_path: str | Path = "syr_darya") -> CascadeEnergy:
    """The comparison for a model's plants and observations.

    Raises
    ------
    InputError
        If the model has no observations or its tables have problems.
    """
    return cascade_energy(checked_frames(tables_folder(name_or_path), CASCADE_TABLES, ["plants"]))


def _share(value: float) -> str:
    return f"{100 * value:+.1f} %"


def _scores(name: str, found: PairScore) -> list[str]:
    return [
        name,
        str(found.count),
        number(found.bias),
        _share(found.bias_fraction),
        number(found.mean_error),
        f"{found.correlation:.2f}",
    ]


def _year_rows(found: CascadeEnergy) -> list[list[str]]:
    rows = []
    for year, row in found.years.iterrows():
        figures = [float(row[k]) for k in ("release_Mm3", "side_inflow_Mm3", "storage_Mm3", "simulated_GWh", "published_GWh")]
        biases = [_share(float(row["simulated_GWh"] / row[k] - 1)) for k in ("published_GWh", "cascade_GWh")]
        rows.append([str(year), *map(number, figures), number(float(row["other_plants_GWh"])), *biases])
    return rows


def _on_storage(found: CascadeEnergy) -> str:
    """What the bias does with storage, told from the figures."""
    years = found.years
    bias = years["simulated_GWh"] / years["cascade_GWh"] - 1
    full = years["storage_Mm3"] > years["storage_Mm3"].median()
    way = "as a fixed head would" if bias[full].mean() < bias[~full].mean() else "against what a fixed head would give"
    return (
        f"In the {int(full.sum())} years with more water in Toktogul the bias without other plants is {_share(float(bias[full].mean()))}, "
        f"in the others {_share(float(bias[~full].mean()))}: {way}. Correlation with the mean storage {found.storage_correlation:.2f}, "
        f"slope {100 * found.storage_slope:+.1f} % per km3; {found.national.count} years are few, "
        "and the rest of the spread is not explained."
    )


def cascade_text(found: CascadeEnergy) -> str:
    """Years, scores, months and limits as a text."""
    head = ["year", "release", "side inflow", "Toktogul", "simulated", "published", "other plants", "bias", "without others"]
    outside = found.outside
    share = float((outside["outside_GWh"] / outside["hydropower_GWh"]).mean())
    above = found.years["other_plants_GWh"] - float(outside["outside_GWh"].mean())
    more = "; ".join(f"{number(float(gwh))} GWh more in {year} for Kambarata-2 (unverified)" for year, gwh in above[above > 0].items())
    others = (
        f"Other plants: the state less the region of the cascade was {number(float(outside['outside_GWh'].min()))} to "
        f"{number(float(outside['outside_GWh'].max()))} GWh in {', '.join(map(str, outside.index))}, {100 * share:.1f} % of hydropower. "
        f"Their mean is taken for every year (assumed); {more or 'nothing for Kambarata-2'}."
    )
    months = [
        [str(month), number(made), number(whole), per_cent(made, whole)]
        for month, made, whole in found.months[["simulated_GWh", "published_GWh"]].itertuples()
    ]
    return "\n".join(
        [
            heading("Naryn cascade at observed releases beside published hydropower (water Mm3, energy GWh)").lstrip("\n"),
            columns(head, _year_rows(found)),
            "",
            columns(
                ["against", "years", "bias", "bias", "mean error", "correlation"],
                [_scores("all hydropower of the state", found.national), _scores("without other plants", found.cascade)],
            ),
            "",
            paragraph(others),
            paragraph(_on_storage(found)),
            paragraph(
                "Rates are fixed, that of Toktogul from one day (27.5 GWh with 932 m3/s on 11 December 2024, about 12.3 km3); those of "
                "the other plants are from heads and mostly unverified. Side inflow is the normal month times the wetness of the "
                "half-season."
            ),
            "",
            "By month, beside the generation of all plants of the state (an upper bound):",
            columns(["month", "simulated", "all plants", "of it"], months),
            "",
        ]
    )
