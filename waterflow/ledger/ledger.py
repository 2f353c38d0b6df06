"""A ledger as it was read: which figures stand, which were corrected, and the plan in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from waterflow.ledger.rows import BEGINNING, Row, digest_of_rows

__all__ = ["Disagreement", "Ledger"]

#: kinds that a plan brings
OF_A_PLAN = ("season", "plan", "place", "way", "clause", "limit")
#: how the row of a season begins: asked of every row of a long ledger
SEASON = b'{"kind": "season"'
#: letters of a day; a longer label is its first and last day
DAY = 10


@dataclass(frozen=True)
class Disagreement:
    """Rows that give one figure differently, from one source, where none corrects the other."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Ledger:
    """Rows in the order of the file, and the numbers of lines that were torn."""

    rows: tuple[Row, ...]
    torn: tuple[int, ...] = ()

    def of_months(self, first: str, last: str) -> Ledger:
        """What is of some months (``2024-10``) or of no time at all; a correction is of the period of what it corrects."""
        return Ledger(
            tuple(row for row in self.rows if not (p := row.period) or first <= p[:7] <= last or (len(p) > DAY and p[11:18] >= first))
        )

    @property
    def last(self) -> str:
        """The digest of the last row, which the next follows."""
        return self.rows[-1].digest if self.rows else BEGINNING

    @cached_property
    def digest(self) -> str:
        """Of all rows, whatever their order."""
        return digest_of_rows(self.rows)

    @cached_property
    def by_digest(self) -> dict[str, Row]:
        """Every row."""
        return {row.digest: row for row in self.rows}

    @cached_property
    def corrected(self) -> dict[str, Row]:
        """By the digest of a row, the one that corrects it; of several the last."""
        return {corrects: row for row in self.rows if (corrects := row.corrects)}

    @cached_property
    def standing(self) -> tuple[Row, ...]:
        """Facts and forecasts that no other row corrects, in the order of the file."""
        corrected = self.corrected
        return tuple(row for row in self.rows if row.kind in ("fact", "forecast") and row.digest not in corrected)

    @cached_property
    def by_key(self) -> dict[tuple[str, ...], list[Row]]:
        """Standing rows by what they are a figure of."""
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.standing:
            found.setdefault(row.key, []).append(row)
        return found

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Figures that two rows give differently."""
        several = (rows for rows in self.by_key.values() if len(rows) > 1)
        return tuple(Disagreement(tuple(rows)) for rows in several if len({(row["value"], row["unit"]) for row in rows}) > 1)

    @cached_property
    def facts(self) -> tuple[Row, ...]:
        """Standing facts, one for each key: of rows that disagree the one typed last, which `disagreements` tells of."""
        return tuple(rows[-1] for key, rows in self.by_key.items() if key[0] == "fact")

    @cached_property
    def forecasts(self) -> tuple[Row, ...]:
        """Standing forecasts of the newest issue of each series and source: central estimates."""
        return tuple(row for row in self.newest_issues if not row["estimate"])

    @cached_property
    def newest_issues(self) -> tuple[Row, ...]:
        """Standing forecasts of the newest issue of each series and source, the low and the high estimate among them."""
        newest: dict[tuple[str, str, str], str] = {}
        rows = [found[-1] for key, found in self.by_key.items() if key[0] == "forecast"]
        for row in rows:
            newest[row.series] = max(newest.get(row.series, ""), row["issued"])
        return tuple(row for row in rows if row["issued"] == newest[row.series])

    def issued_by(self, day: str) -> Ledger:
        """Without forecasts that were issued after a day."""
        return Ledger(tuple(row for row in self.rows if row.kind != "forecast" or row["issued"] <= day), self.torn)

    @cached_property
    def plans(self) -> dict[str, Row]:
        """The season of each plan, by its name, in the order they were added."""
        return {row["plan"]: row for row in self.rows if row.raw.startswith(SEASON)}

    def of_plan(self, name: str) -> tuple[Row, ...]:
        """What a plan brought; nothing of a plan there is none of."""
        return tuple(row for row in self.rows if row.kind in OF_A_PLAN and row["plan"] == name)

    @cached_property
    def holders(self) -> dict[str, str]:
        """Who holds the gate at a place, as was typed last."""
        return {row["place"]: row["party"] for row in self.rows if row.kind == "holder"}

    def chain(self, row: Row) -> tuple[Row, ...]:
        """A row with all that it corrects, the first typed first."""
        found: Sequence[Row] = (row,)
        while (before := self.by_digest.get(found[0].corrects)) is not None:
            found = (before, *found)
        return tuple(found)
