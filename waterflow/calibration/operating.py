"""Operating ranges: the least and the most that operators have kept and let go in each calendar month, before a season begins."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from waterflow.observations.record import Record, Tables, months_of

__all__ = ["operating_ranges"]

#: years a calendar month must have been seen in, that its least and most say anything
FEWEST_YEARS = 3


def operating_ranges(tables: Tables, record: Record) -> pd.DataFrame:
    """Storage at the end of the month, and release in it, of every series and reservoir: ends of what was seen earlier, Mm3.

    No range is made from the season it is used on, nor from one after it. A calendar month that was seen in fewer than
    three years has no row, and then the reservoir has none. The least release is a share of the storage at the end of its
    month (`low_fraction`): operators of a dry year let go less than ever, but hardly less of what there is.
    """
    rows: list[tuple[str, str, str, int, float, float, float]] = []
    for series in tables["calibration_series"].query("table == 'operating_ranges'").itertuples():
        first = pd.Period(series.first_period, "M")
        for reservoir, kind, seen in _operated(record):
            earlier = seen[seen.index < first].dropna()
            months = earlier.groupby(months_of(earlier.index))
            ends = pd.DataFrame({"low": months.min(), "high": months.max(), "years": months.count()}).reindex(range(1, 13))
            if (ends["years"] >= FEWEST_YEARS).all():
                ends["share"] = 0.0
                if kind == "release":
                    of_stored = (earlier / record.storages[reservoir]).dropna()
                    ends["share"], ends["low"] = of_stored.groupby(months_of(of_stored.index)).min(), 0.0
                own = zip(ends.index, ends["low"], ends["high"], ends["share"], strict=True)
                rows += [(str(series.series), reservoir, kind, int(m), round(a, 1), round(b, 1), round(s, 4)) for m, a, b, s in own]
    return pd.DataFrame(rows, columns=["series", "reservoir", "kind", "month", "low_Mm3", "high_Mm3", "low_fraction"])


def _operated(record: Record) -> Iterator[tuple[str, str, pd.Series]]:
    for reservoir in record.storages:
        yield str(reservoir), "storage", record.storages[reservoir]
        if f"{reservoir}.release" in record.flows:
            yield str(reservoir), "release", record.flows[f"{reservoir}.release"]
