"""A plan as the table that `waterflow evaluate` reads: releases and withdrawals by place and period, as CSV or as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import xarray as xr

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.report.sheets import Rows, csv_text, workbook
from waterflow.words.catalogue import say_of

__all__ = ["plan_csv", "plan_rows", "plan_xlsx"]

#: decimals of a figure in m3/s: in a year of dekads that adds up to less than what counts as a breach
DECIMALS = 5


def plan_csv(basin: Basin, dataset: xr.Dataset) -> str:
    """The plan as typed figures, one row for each place and period, in m3/s.

    Every way out of a reservoir is given; where a river parts, every way but the one that carries most, which takes the
    rest; and every withdrawal. Values above nothing that a solver's rounding leaves are zero.
    """
    rows: Rows = [["place", "quantity", "period", "value_m3s"]]
    for name, quantity, values in _series(basin, dataset):
        rows += [[name, quantity, label, value] for label, value in zip(basin.calendar.labels, values, strict=True)]
    return csv_text(rows)


def plan_xlsx(basin: Basin, dataset: xr.Dataset) -> bytes:
    """The same figures as a workbook with one row for each place and a column for each period, headed in the language spoken."""
    return workbook({say_of("column", "plan"): plan_rows(basin, dataset)}, frozen=4)


def plan_rows(basin: Basin, dataset: xr.Dataset) -> Rows:
    """The rows of that sheet."""
    head = [say_of("column", "place"), say_of("column", "title"), say_of("column", "quantity"), say_of("column", "unit")]
    words = {"flow": say_of("column", "flow"), "withdrawal": say_of("column", "withdrawal")}
    rows: Rows = [[*head, *basin.calendar.labels]]
    for name, quantity, values in _series(basin, dataset):
        rows.append([name, called(basin, name), words[quantity], say_of("column", "m3/s"), *values])
    return rows


def _series(basin: Basin, dataset: xr.Dataset) -> Iterator[tuple[str, str, list[float]]]:
    """Name, quantity and the figures in m3/s of everything that is decided."""
    for quantity, unknown, over, names in (
        ("flow", "flow", "reach", list(_decided(basin, dataset))),
        ("withdrawal", "delivery", "demand", list(basin.demands)),
    ):
        for name in names:
            series = zip(basin.calendar.periods, dataset[unknown].sel({over: name}).values, strict=True)
            yield name, quantity, [max(0.0, round(float(volume) * period.rate, DECIMALS)) + 0.0 for period, volume in series]


def _decided(basin: Basin, dataset: xr.Dataset) -> Iterator[str]:
    """Reaches whose flow is a decision."""
    for node, ways in basin.paths.departing.items():
        yield from ways if node in basin.reservoirs else _all_but_one(basin, dataset, ways)


def _all_but_one(basin: Basin, dataset: xr.Dataset, ways: Sequence[str]) -> Iterator[str]:
    rest = max((a for a in ways if not basin.reaches[a].spillway), key=lambda a: float(dataset["flow"].sel(reach=a).sum()), default="")
    yield from (a for a in ways if a != rest)
