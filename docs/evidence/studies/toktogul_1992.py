r"""Toktogul in the growing season of 1992: a published schedule, plan and fact by dekad, added up and replayed.

A test of the dekad calendar, of flows turned into volumes, and of storages stamped at the end of a dekad.
Source: BWO Syrdarya on CAWater-Info (``inputs/syr_darya/observed/published_schedules.csv``).
Run: ``python -m docs.evidence.studies.toktogul_1992``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from waterflow.calendar import periods_of_month
from waterflow.loading.shipped import inputs_folder
from waterflow.observations.files import checked_frames
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number

__all__ = ["PUBLISHED_TOTALS", "Schedule", "replay", "schedule_1992", "schedule_text"]

KINDS = ("plan", "fact")
FLOWS = ("inflow_plan", "inflow_fact", "release_plan", "release_fact")
#: season totals printed in the source, Mm3
PUBLISHED_TOTALS = {"inflow_plan": 9447.8, "inflow_fact": 8922.9, "release_plan": 7180.8, "release_fact": 6544.9}


@dataclass(frozen=True)
class Schedule:
    """The schedule in volumes.

    Attributes
    ----------
    volumes : DataFrame, (dekad, ...)
        ``inflow`` and ``release`` of ``plan`` and ``fact``, Mm3 per dekad; ``storage`` at the end of the dekad, Mm3.
        The planned inflow is the forecast.
    totals : Series
        Sum of each flow over the season, Mm3.
    closure : DataFrame, (dekad, plan and fact)
        What the reported storage has more than the balance gives, Mm3 per dekad; the first dekad has none,
        since the storage before it was not published.
    """

    volumes: pd.DataFrame
    totals: pd.Series
    closure: pd.DataFrame


def replay(inflow: pd.Series, release: pd.Series, storage: pd.Series) -> pd.Series:
    r"""Closure error of a reported storage balance, Mm3 per period.

    .. math:: c_t = S_t - (S_{t-1} + Q_t - R_t)

    Parameters
    ----------
    inflow, release : Series, (period,)
        Mm3 per period.
    storage : Series, (period,)
        Mm3 at the end of the period.

    Returns
    -------
    Series, (period,)
        Negative where water is lost (evaporation, leakage); missing in the first period.
    """
    return storage.diff() - inflow + release


def schedule_1992(folder: Path | None = None) -> Schedule:
    """Read the schedule and turn its flows into volumes, days times m3/s times 0.0864.

    Parameters
    ----------
    folder : Path, optional
        A model's tables with ``observed/published_schedules.csv``; those shipped for the Syr Darya without one.

    Raises
    ------
    InputError
        If the table is missing or has problems.
    """
    folder = folder or inputs_folder() / "syr_darya"
    table = checked_frames(folder, ["published_schedules"])["published_schedules"]
    table = table[table["reservoir"] == "toktogul"].sort_values("period").set_index("period")
    table = table.rename(columns={"inflow_forecast_m3s": "inflow_plan_m3s"})
    rates = {p.label: p.rate for label in table.index for p in periods_of_month(int(label[:4]), int(label[5:7]), "dekad")}
    # a period's rate is the m3/s of 1 Mm3 in it
    to_volume = 1 / pd.Series(rates).loc[table.index]
    volumes = pd.DataFrame({name: table[f"{name}_m3s"] * to_volume for name in FLOWS})
    for kind in KINDS:
        volumes[f"storage_{kind}"] = table[f"storage_{kind}_Mm3"].astype(float)
    closure = pd.DataFrame({k: replay(volumes[f"inflow_{k}"], volumes[f"release_{k}"], volumes[f"storage_{k}"]) for k in KINDS})
    return Schedule(volumes, volumes[list(FLOWS)].sum(), closure)


def schedule_text(schedule: Schedule) -> str:
    """The schedule as a table: volumes by dekad, totals beside those of the source, closure of plan and fact."""
    shown = [*FLOWS, "storage_plan", "storage_fact"]
    rows = [
        [label, *(number(float(row[name]), 1) for name in shown), *(_closure(schedule, label, kind) for kind in KINDS)]
        for label, row in schedule.volumes.iterrows()
    ]
    sums = [number(float(value), 1) for value in schedule.totals]
    rows.append(["season", *sums, "", "", *(number(float(schedule.closure[kind].sum()), 1) for kind in KINDS)])
    rows.append(["in the source", *(number(PUBLISHED_TOTALS[name], 1) for name in FLOWS), "", "", "", ""])
    head = ["dekad", "forecast", "inflow", "rel. plan", "fact", "stor. plan", "fact", "err. plan", "fact"]
    worst = {kind: schedule.closure[kind].abs().max() for kind in KINDS}
    return "\n".join(
        [
            heading("Toktogul, April-September 1992, plan and fact, Mm3").lstrip("\n"),
            columns(head, rows),
            paragraph(
                "stor.: storage at the end of the dekad. err.: reported storage less (storage before + inflow - release). "
                f"The plan closes to {worst['plan']:,.1f} Mm3 a dekad, always a loss, larger in summer: as evaporation would be. "
                f"The fact is off by up to {worst['fact']:,.0f} Mm3 a dekad: reported inflow, release and storage do not close."
            ),
            "",
        ]
    )


def _closure(schedule: Schedule, label: object, kind: str) -> str:
    value = float(schedule.closure.loc[label, kind])
    return "-" if pd.isna(value) else number(value, 1)


if __name__ == "__main__":
    sys.stdout.write(schedule_text(schedule_1992()))
