"""A plan as the table that `waterflow evaluate` reads: releases and withdrawals by place and period."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import xarray as xr

from waterflow.basin.basin import Basin

__all__ = ["plan_csv"]

#: decimals of a figure in m3/s: in a year of dekads that adds up to less than what counts as a breach
DECIMALS = 5


def plan_csv(basin: Basin, dataset: xr.Dataset) -> str:
    """The plan as typed figures, long, in m3/s.

    Every way out of a reservoir is given; where a river parts, every way but the one that carries most, which takes the
    rest; and every withdrawal. Values above nothing that a solver's rounding leaves are zero.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["place", "quantity", "period", "value_m3s"])
    for quantity, unknown, over, names in (
        ("flow", "flow", "reach", list(_decided(basin, dataset))),
        ("withdrawal", "delivery", "demand", list(basin.demands)),
    ):
        for name in names:
            series = dataset[unknown].sel({over: name}).values
            for period, volume in zip(basin.calendar.periods, series, strict=True):
                writer.writerow([name, quantity, period.label, max(0.0, round(float(volume) * period.rate, DECIMALS)) + 0.0])
    return out.getvalue()


def _decided(basin: Basin, dataset: xr.Dataset) -> Iterator[str]:
    """Reaches whose flow is a decision."""
    for node, ways in basin.paths.departing.items():
        yield from ways if node in basin.reservoirs else _all_but_one(basin, dataset, ways)


def _all_but_one(basin: Basin, dataset: xr.Dataset, ways: Sequence[str]) -> Iterator[str]:
    rest = max((a for a in ways if not basin.reaches[a].spillway), key=lambda a: float(dataset["flow"].sel(reach=a).sum()), default="")
    yield from (a for a in ways if a != rest)
