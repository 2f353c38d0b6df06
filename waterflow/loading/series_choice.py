"""The chosen rows of every table, and the ways of reading them: by owner, over time, by window, as capacities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waterflow.basin.days import likely_cause
from waterflow.calendar import Calendar, Period, Window
from waterflow.errors import Problem, unknown
from waterflow.loading.tables import Row
from waterflow.loading.timed import laid_out, per_period
from waterflow.units import MEAN_MONTH
from waterflow.words.catalogue import say

__all__ = ["Chosen", "Values"]

Values = tuple[float, ...]
LONGEST_LAG = 11
SHARES_SLACK = 1e-9


class Chosen:
    """The chosen rows of every table; collects problems instead of stopping at the first."""

    def __init__(self, calendar: Calendar, tables: dict[str, list[Row]]) -> None:
        self.calendar = calendar
        self.tables = tables
        self.problems: list[Problem] = []
        #: tables of which every row of some owner is of other days, told once each
        self._elsewhere: set[str] = set()

    def rows(self, table: str) -> list[Row]:
        """The chosen rows of a table."""
        return self.tables.get(table, [])

    def owners(self, table: str, column: str) -> list[str]:
        """Names that own rows of a timed table."""
        return sorted({row.text(column) for row in self.rows(table)})

    def known(self, row: Row, column: str, known: set[str]) -> bool:
        """True if a row names something that there is; else a problem."""
        if row.text(column) in known:
            return True
        kind = column.removeprefix("from_").removeprefix("to_")
        self.problems.append(unknown(kind, f"{row.where}, {column}", row.text(column), known))
        return False

    def timed(
        self, table: str, column: str, owner: str, name: str, periods: Sequence[Period] | None = None, default: float | None = None
    ) -> Values:
        """The series of one owner over the horizon (or other periods); a default where the table has no row of it."""
        rows = [row for row in self.rows(table) if row.text(owner) == name]
        wanted = self.calendar.periods if periods is None else periods
        if not rows and default is not None:
            return (default,) * len(wanted)
        if self._of_other_days(table, rows):
            return (0.0,) * len(wanted)
        values, problems = laid_out(rows, column, self.calendar, wanted, f"{table}: {name}")
        self.problems += problems
        return values

    def _of_other_days(self, table: str, rows: Sequence[Row]) -> bool:
        """True if every row is of days that the river does not have; one problem for the whole table says which."""
        months = {month for p in self.calendar.timeline for month, _ in p.month_parts}
        found = sorted({row.text("period")[:7] for row in rows if "period" in row.values})
        if not found or months & set(found):
            return False
        if table not in self._elsewhere:
            self._elsewhere.add(table)
            every = sorted({row.text("period") for row in self.rows(table) if "period" in row.values})
            said = say("rows of {first} to {last} alone", first=every[0], last=every[-1])
            allowed = say("{first} to {last}", first=self.calendar.timeline[0].label, last=self.calendar.timeline[-1].label)
            where = rows[0].where.rpartition(",")[0] or table
            self.problems.append(Problem("outside-horizon", where, said, allowed, say("Another season's series?")))
        return True

    def before(self, table: str, column: str, owner: str, name: str, first: int) -> Values:
        """The series of one owner over the history: as its rows say, and nothing in periods before the ``first`` that still counts.

        A row further back counts where the river is laid on other days.
        """
        rows = [row for row in self.rows(table) if row.text(owner) == name]
        history = self.calendar.history
        if self._of_other_days(table, rows):
            return (0.0,) * len(history)
        earlier = laid_out(rows, column, self.calendar, history[:first], "")[0] if rows else (0.0,) * first
        return (*earlier, *(self.timed(table, column, owner, name, history[first:]) if first < len(history) else ()))

    def window(self, row: Row) -> Window:
        """The window of a row; one that leaves the horizon or cuts a period is a problem."""
        window = Window(row.date("start"), row.date("end"))
        try:
            self.calendar.inside(window)
        except ValueError as error:
            where, allowed = say("{where}, start and end", where=row.where), say("whole periods inside the horizon")
            self.problems.append(Problem("outside-horizon", where, str(error), allowed, likely_cause(window.start, window.end)))
        return window

    def counted(self, row: Row, kind: str) -> dict[str, Any]:
        """Name, place, reach and window of a floor or a target."""
        self.known(row, "reach", {r.text("reach") for r in self.rows("reaches")})
        window = self.window(row)
        name = f"{row.text(kind)}/{window}"
        return {"name": name, "place": row.text("place"), "reach": row.text("reach"), "window": window}

    def capacity(self, row: Row, column: str) -> Values:
        """A constant capacity in Mm3 of each period; a volume is meant for a month and shared by days."""
        value, unit = row.number(column), row.unit
        if unit == "m3s":
            return tuple(per_period(value, unit, p) for p in self.calendar.periods)
        parts = self.calendar.step != "month"
        return tuple(value * p.days / MEAN_MONTH if parts else value for p in self.calendar.periods)

    def kernel(self, row: Row) -> Values:
        """Share of a delivery that comes back after 0, 1, 2... months."""
        name = row.text("kernel")
        shares = {int(r.number("lag_months")): r.number("share_fraction") for r in self.rows("return_kernels") if r.text("kernel") == name}
        if not shares or abs(sum(shares.values()) - 1) > SHARES_SLACK:
            found = say("{name}, whose shares sum to {total:g}", name=name, total=sum(shares.values()))
            self.problems.append(Problem("return-kernel", f"{row.where}, kernel", found, say("shares that sum to 1")))
        if any(lag > LONGEST_LAG for lag in shares):
            found = say("{name} with a lag above 11 months", name=name)
            self.problems.append(Problem("return-kernel", f"{row.where}, kernel", found, say("0 to 11")))
            return ()
        fraction = row.number("return_fraction")
        return tuple(fraction * shares.get(lag, 0.0) for lag in range(max(shares, default=-1) + 1))
