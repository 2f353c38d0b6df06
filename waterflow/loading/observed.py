"""Tables of observations: the folder ``observed`` beside a model's tables, read with the same care as the tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from waterflow.errors import InputError, Problem
from waterflow.files import is_folder
from waterflow.loading.columns import Column, Table, column
from waterflow.loading.dekads import in_months
from waterflow.loading.tables import Row, not_csv, read_table
from waterflow.loading.yaml_file import read_yaml
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["MONTHLY", "OBSERVED", "read_observed"]

#: columns whose kind does not follow from their name
KINDS: dict[str, Column] = {
    "first_period": Column("first_period", "period"),
    "last_period": Column("last_period", "period"),
    "half_season": Column("half_season", "text"),
    # sites have quantities of their own, and a dash where a whole row stands for itself
    "quantity": Column("quantity", "text"),
    "reading": Column("reading", "choice", ("arriving", "entering")),
    "with_gauge": Column("with_gauge", "text"),
    "headwater": Column("headwater", "choice", ("yes", "no")),
    "table": Column("table", "choice", ("runoff", "withdrawals_before", "reach_flows_before", "operating_ranges")),
    "basis": Column("basis", "choice", ("observed", "mean", "normal", "dry", "wet")),
    "rule": Column("rule", "choice", ("scaled_to_limit", "mean_flow")),
    "agency": Column("agency", "text"),
    "agency_ru": Column("agency_ru", "text"),
    "second_gauge": Column("second_gauge", "text"),
    "wetness_fraction": Column("wetness_fraction", "number", ratio=True),
    "share_fraction": Column("share_fraction", "number", ratio=True),
    "growing_response": Column("growing_response", "number", ratio=True),
    "non_growing_response": Column("non_growing_response", "number", ratio=True),
    "generation_GWh": Column("generation_GWh", "number"),
}


def _table(name: str, meaning: str, columns: str, key: str, *, times: str = "") -> Table:
    made = tuple(KINDS.get(text) or column(text) for text in columns.split())
    return Table(name, meaning, made, tuple(key.split()), timed=bool(times), times=(times,))


OBSERVED: dict[str, Table] = {
    table.name: table
    for table in (
        _table("annual_uses", "Uses known only by the year", "demand annual_use_Mm3 shape", "demand"),
        _table("calibration_exclusions", "Months a zone's fit leaves out", "zone first_period last_period", "zone first_period"),
        _table("calibration_needs", "Needs that follow from a limit or a gauge", "demand rule item quantity", "demand"),
        _table(
            "calibration_series",
            "Series the calibration writes, what each rests on, and its first month",
            "table series basis first_period growing_fraction",
            "table series",
        ),
        _table("calibration_spans", "First month of the years that count as the river of today", "span first_period", "span"),
        _table(
            "calibration_zones",
            "What goes into, through and out of each zone of the calibration",
            "zone role item quantity share_fraction",
            "zone role item quantity",
        ),
        _table(
            "flow_gauges",
            "Gauge that stands for the flow entering a reach before a season",
            "reach site quantity share_fraction",
            "reach",
        ),
        _table("gauged_runoff", "Gauges that give a node's runoff", "node site quantity storage_of headwater", "node"),
        _table(
            "loss_pattern",
            "Relative losses of reaches by season",
            "reach non_growing_fraction growing_fraction evaporated_growing_fraction evaporated_non_growing_fraction",
            "reach",
        ),
        _table("monthly_flows", "Observed flows", "site quantity value_Mm3", "site quantity", times="period"),
        _table("monthly_storages", "Observed storages at the end of a month", "reservoir storage_Mm3", "reservoir", times="period"),
        _table("monthly_withdrawals", "Observed withdrawals of trunk canals", "demand withdrawal_Mm3", "demand", times="period"),
        _table(
            "natural_runoff",
            "Runoff of rivers in a normal, dry and wet year",
            "river node scenario runoff_Mm3",
            "river scenario",
            times="month",
        ),
        _table(
            "predicted_sites",
            "Inflows predicted from the releases above them, and what they are predicted from",
            "site zone second_gauge carry_over",
            "site",
        ),
        _table(
            "published_deliveries",
            "Published deliveries at the end of the river, over whole years",
            "first_period last_period value_Mm3",
            "first_period",
        ),
        _table(
            "published_generation",
            "Published generation of a state, a region or a kind of plant",
            "party item first_period last_period generation_GWh",
            "party item first_period last_period source",
        ),
        _table(
            "published_schedules",
            "A reservoir's published season: forecast, plan and fact by dekad; storages at the end of the dekad",
            "reservoir inflow_forecast_m3s inflow_fact_m3s storage_plan_Mm3 storage_fact_Mm3 release_plan_m3s release_fact_m3s",
            "reservoir",
            times="period",
        ),
        _table(
            "replay_sites",
            "What each gauge is compared with in a replay, and what people call it",
            "site quantity with_gauge place reading name name_ru agency agency_ru",
            "site quantity",
        ),
        _table(
            "record_response",
            "How much of the record's departure from its mean a node without a record follows, and the months it departs from",
            "node norm_series growing_response non_growing_response",
            "node",
        ),
        _table("runoff_record", "Runoff of many years, of nodes that have a record", "node runoff_Mm3", "node", times="period"),
        _table("sheet_rows", "Rows of the basin organisation's sheets, in their order: reservoirs, users and nodes", "place", "place"),
        _table("use_shapes", "How a year's use is spread over its months", "shape month share_fraction", "shape"),
        _table("wetness", "Headwater wetness of half-seasons that were not seen", "half_season wetness_fraction", "half_season"),
    )
}

#: tables by month that may be written by dekad too: what a month is of its dekads
MONTHLY: dict[str, Literal["sum", "last"]] = {"monthly_flows": "sum", "monthly_storages": "last", "monthly_withdrawals": "sum"}


def read_observed(folder: Path, needed: Iterable[str] = ()) -> dict[str, list[Row]]:
    """Every table in the folder ``observed`` of a model's tables.

    Parameters
    ----------
    folder : Path
        The folder of the model's tables; its ``sources.yaml`` holds for the observations too.
    needed : iterable of str
        Tables that must be there.

    Returns
    -------
    dict of list of Row
        By table.

    Raises
    ------
    InputError
        If there are no observations, a needed table is missing or a row has a problem; names them all.
    """
    observed = folder / "observed"
    shown = f"{folder.parent.name}/{folder.name}"
    if not is_folder(observed):
        raise Problem("no-observations", shown, say("no folder observed in its inputs"), say("monthly observations")).refusal()
    sources = read_yaml(folder / "sources.yaml", f"{shown}/sources.yaml")
    there = {path.stem for path in observed.glob("*.csv")}
    problems = [
        Problem("unknown-table", f"{shown}/observed/{name}.csv", f"{name}.csv", ", ".join(OBSERVED), slip(name, OBSERVED))
        for name in sorted(there - set(OBSERVED))
    ]
    problems += not_csv(observed, f"{shown}/observed", OBSERVED)
    tables: dict[str, list[Row]] = {}
    for name in sorted((there | set(needed)) & set(OBSERVED)):
        where = f"{shown}/observed/{name}.csv"
        rows, found = read_table(observed / f"{name}.csv", where, OBSERVED[name], sources.keys())
        tables[name], more = in_months(rows, OBSERVED[name], MONTHLY[name]) if name in MONTHLY else (rows, [])
        problems += [*found, *more]
    if problems:
        raise InputError(problems)
    return tables
