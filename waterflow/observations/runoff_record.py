"""Runoff of many years at every node: recorded where there is a record, following the record where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from waterflow.calendar import GROWING_MONTHS, MONTHS_OF_A_YEAR
from waterflow.errors import InputError, Problem
from waterflow.loading.model import read_tables
from waterflow.loading.observed import read_observed
from waterflow.loading.tables import Row
from waterflow.observations.references import unknown_names
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["runoff_record", "unbroken"]

RECORD, RESPONSE = "observed/runoff_record.csv", "observed/record_response.csv"


def runoff_record(folder: Path, nodes: Sequence[str], before: str = "", growing: Sequence[int] = GROWING_MONTHS) -> pd.DataFrame:
    r"""Runoff of every node in every month of the record, Mm3.

    A node with rows in ``runoff_record.csv`` has those. Any other follows its row of ``record_response.csv``:

    .. math:: q_{n,t} = \bar q_{n,m(t)} \max(0, 1 + \beta_{n,h(t)} (w_{h(t)} - 1))

    with the month of its norm series, and the wetness w of the half-season: runoff of all recorded nodes over its mean.

    Parameters
    ----------
    folder : Path
        Of the model's tables.
    nodes : sequence of str
        Nodes with runoff.
    before : str, optional
        A month: what was recorded in it or later is as if it were not there.
    growing : sequence of int, optional
        Months of the growing season, as the model has it.

    Returns
    -------
    DataFrame (months, nodes)
        Index of monthly periods; only months that every recorded node has, of half-seasons that are whole.

    Raises
    ------
    InputError
        If there is no record, or a node has neither a record nor a response.
    """
    rows, tables = read_observed(folder, ("runoff_record",)), read_tables(folder)[0]
    problems = list(unknown_names(rows, tables))
    responses = {row.text("node"): row for row in rows.get("record_response", ())}
    recorded = _recorded(rows["runoff_record"])
    recorded = recorded[recorded.index < pd.Period(before, "M")] if before else recorded
    norms = _norms(tables.get("runoff", ()))
    for node in nodes:
        if node in recorded:
            if node in responses:
                problems.append(Problem("twice", responses[node].where, node, say("a record or a response, not both")))
            continue
        if node not in responses:
            found = say("no record of the node {node}, and no row that says how it follows", node=node)
            problems.append(
                Problem("missing-observations", RECORD, found, say("rows in {one} or one in {other}", one=RECORD, other=RESPONSE))
            )
        elif (responses[node].text("norm_series"), node) not in norms:
            name, known = responses[node].text("norm_series"), {series for series, _ in norms}
            where = f"{responses[node].where}, norm_series"
            problems.append(Problem("unknown-series", where, name, " | ".join(sorted(known)), slip(name, known)))
    if problems:
        raise InputError(problems)
    wetness = _wetness(recorded, growing)
    followed = {node: _followed(responses[node], norms, wetness, growing) for node in nodes if node not in recorded}
    return pd.DataFrame({node: recorded[node] if node in recorded else followed[node] for node in nodes}).reindex(wetness.index)


def _recorded(rows: Sequence[Row]) -> pd.DataFrame:
    """The record, (months, nodes)."""
    listed = [(row.text("period"), row.text("node"), row.number("runoff_Mm3")) for row in rows]
    whole = pd.DataFrame(listed, columns=["period", "node", "runoff"])
    table = whole.pivot_table(index="period", columns="node", values="runoff")
    table.index = pd.PeriodIndex(table.index, freq="M")
    return table.sort_index()


def _norms(rows: Sequence[Row]) -> Mapping[tuple[str, str], dict[int, float]]:
    """Month by month of every series and node of ``runoff.csv`` that holds in every year."""
    found: dict[tuple[str, str], dict[int, float]] = {}
    for row in rows:
        if "month" in row.values:
            found.setdefault((row.text("series"), row.text("node")), {})[int(row.number("month"))] = row.number("runoff_Mm3")
    return {key: months for key, months in found.items() if len(months) == 12}


def _wetness(recorded: pd.DataFrame, growing: Sequence[int]) -> pd.Series:
    """Wetness of the season of every month of the record whose season is whole."""
    total = recorded.sum(axis=1).where(recorded.notna().all(axis=1)).dropna()
    grows = total.index.month.isin(growing)
    # how many months of its season are before a month: those of winter belong to the season that begins in the year before
    resting = [(growing[-1] + k) % MONTHS_OF_A_YEAR + 1 for k in range(MONTHS_OF_A_YEAR - len(growing))]
    gone = {month: k for months in (growing, resting) for k, month in enumerate(months)}
    first = total.index.year * MONTHS_OF_A_YEAR + total.index.month - total.index.month.map(gone)
    season = pd.MultiIndex.from_arrays([first, grows])
    sums, counts = (total.groupby(season).transform(how) for how in ("sum", "count"))
    there = counts == np.where(grows, len(growing), len(resting))
    whole = sums[there]
    return whole / whole.groupby(grows[there]).transform("mean")


def _followed(response: Row, norms: Mapping[tuple[str, str], dict[int, float]], wetness: pd.Series, growing: Sequence[int]) -> pd.Series:
    """Runoff of a node that follows the record."""
    norm = norms[response.text("norm_series"), response.text("node")]
    months = wetness.index.month
    share = pd.Series(months.isin(growing), wetness.index).map(
        {True: response.number("growing_response"), False: response.number("non_growing_response")}
    )
    return pd.Series(months, wetness.index).map(norm) * (1 + share * (wetness - 1)).clip(lower=0.0)


def unbroken(record: pd.DataFrame, first_month: int, months: int) -> list[pd.Period]:
    """First months of all stretches of a record that begin in a calendar month and miss nothing."""
    there = set(record.dropna().index)
    starts = [p for p in record.index if p.month == first_month]
    return [p for p in starts if all(p + k in there for k in range(months))]
