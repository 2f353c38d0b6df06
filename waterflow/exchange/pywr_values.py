"""Parameters of a Pywr model as a rate for each day: constants, monthly profiles, columns of a CSV file."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from waterflow.calendar import Period
from waterflow.loading.spellings import day_of
from waterflow.loading.spreadsheet import read_sheets
from waterflow.words.catalogue import say

__all__ = ["NoValueError", "Values"]

MONTHS = 12
Rate = Callable[[dt.date], float]


class NoValueError(Exception):
    """A parameter that cannot be said in a table; the text is why."""


class Values:
    """The parameters of a model.

    Parameters
    ----------
    named : mapping of name to parameter
    folder : Path
        Of the file: addresses of data start there.
    """

    def __init__(self, named: Mapping[str, Any], folder: Path) -> None:
        self.named, self.folder = named, folder
        self.used: set[str] = set()

    def constant(self, value: Any) -> float:
        """A number that is the same on every day.

        Raises
        ------
        NoValueError
            If it is none.
        """
        return self._number(self._found(value))

    def volumes(self, value: Any, periods: tuple[Period, ...]) -> list[float]:
        """What a rate by day comes to in each period.

        Raises
        ------
        NoValueError
            If it is a parameter of another kind, or its data miss a day.
        """
        rate = self._rate(value)
        return [math.fsum(rate(p.start + dt.timedelta(days=k)) for k in range(p.days)) for p in periods]

    def _found(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in self.named:
            raise NoValueError(say("the parameter {name} is not in the file", name=value))
        self.used.add(value)
        return self.named[value]

    def _number(self, found: Any) -> float:
        inner = found.get("value", found.get("values")) if isinstance(found, dict) and _kind(found) == "constant" else found
        if isinstance(inner, bool) or not isinstance(inner, int | float) or not math.isfinite(inner):
            kind = _kind(found) if isinstance(found, dict) else str(found)
            raise NoValueError(say("{kind} is no constant number", kind=kind))
        return float(inner)

    def _rate(self, value: Any) -> Rate:
        found = self._found(value)
        if not isinstance(found, dict) or _kind(found) == "constant":
            number = self._number(found)
            return lambda _: number
        if _kind(found) == "monthlyprofile":
            values = found.get("values")
            if not isinstance(values, list) or len(values) != MONTHS:
                raise NoValueError(say("a monthly profile without its 12 values in the file"))
            numbers = [self._number(x) for x in values]
            return lambda day: numbers[day.month - 1]
        if _kind(found) == "dataframe":
            return self._column(found)
        raise NoValueError(say("a parameter of the kind {kind}", kind=_kind(found)))

    def _column(self, found: Mapping[str, Any]) -> Rate:
        """A column of a CSV file with a row for each day."""
        url, column, index = str(found.get("url", "")), str(found.get("column", "")), found.get("index_col", 0)
        if not url.lower().endswith(".csv") or "://" in url:
            raise NoValueError(say("data that are no CSV file beside the model: {url}", url=url or "-"))
        cells = read_sheets(self.folder / url)[""]
        head = [str(x) for x in cells[0]] if cells else []
        at = index if isinstance(index, int) and not isinstance(index, bool) else head.index(str(index)) if str(index) in head else -1
        if column not in head or not 0 <= at < len(head):
            raise NoValueError(say("no column {name} in {url}", name=column if column not in head else index, url=url))
        place = head.index(column)
        known: dict[dt.date, float] = {}
        for row in cells[1:]:
            day = day_of(row[at]) if len(row) > max(at, place) else None
            if day is not None:
                try:
                    known[day] = float(row[place])
                except ValueError:
                    continue

        def rate(day: dt.date) -> float:
            if day not in known or not math.isfinite(known[day]):
                raise NoValueError(say("no value for {day} in {url}: a row for each day is read", day=day, url=url))
            return known[day]

        return rate


def _kind(parameter: Mapping[str, Any]) -> str:
    return str(parameter.get("type", "")).lower().removesuffix("parameter")
