"""Rows of every year: a floor, a target or a rule whose days have no year stands in every year of the horizon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from waterflow.basin.days import dates_of, is_yearly, likely_cause, spans_of
from waterflow.calendar import Calendar, Window
from waterflow.errors import Problem
from waterflow.loading.columns import Table
from waterflow.loading.tables import Row
from waterflow.words.catalogue import mark, say, say_many

__all__ = ["Dated"]


@dataclass
class Dated:
    """Rows with a year in every date, what was wrong, and what is not counted.

    A rate holds on every day, so its spans are cut to the horizon; a volume counts over a whole span or not at all.
    """

    calendar: Calendar
    problems: list[Problem] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def rows(self, table: Table, rows: Sequence[Row]) -> list[Row]:
        """The rows of a table, those of every year once for each year of the horizon; no two may say the same."""
        if not table.yearly:
            return list(rows)
        of_years = self._spans if "start" in {c.name for c in table.columns} else self._dates
        found, seen, elsewhere = [], dict[tuple[str, ...], str](), 0
        for row in rows:
            stands = list(of_years(table, row))
            elsewhere += not stands and self._of_other_days(row)
            for dated in stands:
                key = tuple(str(dated.values[name]) for name in table.key)
                if seen.setdefault(key, row.where) != row.where:
                    cause = say("See also {where}.", where=seen[key])
                    self.problems.append(Problem("twice", row.where, ", ".join(key), say("one row for each"), cause))
                found.append(dated)
        if elsewhere:
            told = say_many(
                "{table}: {count} row of every year has no day in the horizon and is not counted.",
                "{table}: {count} rows of every year have no day in the horizon and are not counted.",
                elsewhere,
                table=table.name,
            )
            self.told.append(told)
        return found

    def _of_other_days(self, row: Row) -> bool:
        """True if a row of every year is of days that no year of the horizon has: a summer has no winter floors."""
        if "start" not in row.values:
            return False
        start, end = row.text("start"), row.text("end")
        try:
            return is_yearly(start) and not spans_of(self.calendar, start, end)
        except ValueError:
            return False

    def _spans(self, table: Table, row: Row) -> Iterator[Row]:
        start, end = row.text("start"), row.text("end")
        if not is_yearly(start) and not is_yearly(end):
            yield row
            return
        try:
            spans = spans_of(self.calendar, start, end)
        except ValueError as error:
            self._refuse(say("{where}, start and end", where=row.where), str(error), likely_cause(start, end))
            return
        inside = list(self._whole(table, row, spans))
        if spans and not inside:
            whole = say("{start}/{end}, whole in no year of {first}/{last}", start=start, end=end, **self._horizon)
            self._refuse(say("{where}, start and end", where=row.where), whole, likely_cause(start, end))
        for window in inside:
            yield _of(row, {"start": window.start, "end": window.end})

    def _whole(self, table: Table, row: Row, spans: Sequence[Window]) -> Iterator[Window]:
        """The spans as they count: those of a rate cut to the horizon, those of a volume if they are whole."""
        first, last = self.calendar.start, self.calendar.end
        for window in spans:
            if table.yearly == "rate":
                yield Window(max(window.start, first), min(window.end, last))
            elif window.start >= first and window.end <= last:
                yield window
            else:
                told = mark("{where}: {window} is not whole in the horizon {first}/{last} and is not counted.")
                self.told.append(say(told, where=row.where, window=window, **self._horizon))

    def _dates(self, table: Table, row: Row) -> Iterator[Row]:
        day = row.text("date")
        if not is_yearly(day):
            yield row
            return
        try:
            yield from (_of(row, {"date": date}) for date, _ in dates_of(self.calendar, day))
        except ValueError as error:
            self._refuse(f"{row.where}, date", str(error), likely_cause(day, day))

    @property
    def _horizon(self) -> dict[str, str]:
        return {"first": str(self.calendar.start), "last": str(self.calendar.end)}

    def _refuse(self, where: str, found: str, cause: str) -> None:
        self.problems.append(Problem("outside-horizon", where, found, say("days of every year inside the horizon"), cause))


def _of(row: Row, days: Mapping[str, object]) -> Row:
    """A row with days in place of its own."""
    return replace(row, values={**row.values, **days})  # type: ignore[dict-item]
