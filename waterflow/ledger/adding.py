"""Adding figures: each is judged against what the ledger says already; nothing is overwritten, and what is odd is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.periods import span_of
from waterflow.ledger.places import LedgerPlaces
from waterflow.ledger.rows import Row, key_of
from waterflow.loading.columns import GRADES
from waterflow.loading.fact_table import TypedFigure
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["About", "Added", "judged"]

Said = dict[str, Any]
#: figures that differ by less than this share are the same figure, typed with other digits
SAME = 1e-9


@dataclass(frozen=True)
class About:
    """What is said of all figures of a file: kind, day of issue, note, if they correct; source and grade of rows that have none."""

    kind: str = "fact"
    source: str = ""
    grade: str = ""
    issued: str = ""
    note: str = ""
    correct: bool = False


@dataclass
class Added:
    """What was made of the figures of a file.

    Attributes
    ----------
    rows : list of dict
        What is to be written.
    twice : list of (TypedFigure, Row)
        Figures that the ledger has already, just so.
    corrected : list of (TypedFigure, Row)
        Figures that correct one.
    late : list of (TypedFigure, str)
        Figures of a period before the last that the ledger has of their series and source, and that period.
    unchecked : set of str
        Names that no plan of the ledger could be asked about.
    """

    rows: list[Said] = field(default_factory=list)
    twice: list[tuple[TypedFigure, Row]] = field(default_factory=list)
    corrected: list[tuple[TypedFigure, Row]] = field(default_factory=list)
    late: list[tuple[TypedFigure, str]] = field(default_factory=list)
    unchecked: set[str] = field(default_factory=set)


def judged(ledger: Ledger, figures: Sequence[TypedFigure], about: About) -> Added:
    """Judge figures against a ledger.

    Raises
    ------
    InputError
        If a place, quantity or unit is none, a row has no source or grade, or a figure contradicts one that stands and is not said
        to correct it; with everything wrong at once.
    """
    judge = _Judge(ledger, about)
    for figure in figures:
        judge.take(figure)
    if judge.problems:
        raise InputError(judge.problems)
    return judge.added


class _Judge:
    def __init__(self, ledger: Ledger, about: About) -> None:
        self.ledger, self.about = ledger, about
        self.places = LedgerPlaces(ledger)
        self.added, self.problems = Added(), list[Problem]()
        self.seen: dict[tuple[str, ...], TypedFigure] = {}
        self.newest: dict[tuple[str, str, str], str] = {}
        for row in ledger.standing:
            if row.kind == about.kind == "fact":
                self.newest[row.series] = max(self.newest.get(row.series, ""), row["period"], key=_end)

    def take(self, figure: TypedFigure) -> None:
        """Judge one figure."""
        found = self.places.find(figure.place, figure.quantity, figure.where)
        source, grade = figure.source or self.about.source, figure.grade or self.about.grade
        wrong = [found] if isinstance(found, Problem) else []
        if not source:
            wrong.append(Problem("blank", figure.where, say("no source"), say("--source, or a column source")))
        if grade not in GRADES:
            cause = slip(grade, GRADES) if grade else ""
            wrong.append(Problem("unknown-grade", figure.where, grade or say("no grade"), " | ".join(GRADES), cause))
        if isinstance(found, tuple) and (fits := self.places.unit_wrong(*found, figure.unit)):
            wrong.append(Problem("unknown-unit", figure.where, figure.unit, fits))
        if wrong or isinstance(found, Problem):
            self.problems += wrong
            return
        place, quantity = found
        if not self.places.rows:
            self.added.unchecked.add(place)
        said: Said = {"kind": self.about.kind, "place": place, "quantity": quantity, "period": figure.period}
        said |= {"value": figure.value, "unit": figure.unit, "source": source, "grade": grade}
        more = {"issued": self.about.issued, "estimate": figure.estimate, "note": self.about.note}
        said |= {name: text for name, text in more.items() if text}
        self._stand(figure, said)

    def _stand(self, figure: TypedFigure, said: Said) -> None:
        """Beside what stands: the same, another, or new."""
        key = key_of(said)
        if key in self.seen:
            found = say("the figure of {place}, {period}, which stands in {where} too", place=said["place"], period=said["period"],
                        where=self.seen[key].where)  # fmt: skip
            self.problems.append(Problem("twice", figure.where, found, say("one figure for each place, quantity, period and source")))
            return
        self.seen[key] = figure
        standing = self.ledger.by_key.get(key, [])
        same = [row for row in standing if _same(row, said)]
        if same and len(standing) == 1:
            self.added.twice.append((figure, same[0]))
            return
        if standing and not self.about.correct:
            row = standing[-1]
            found = say("{value:g} {unit}, where line {line} says {other:g}", value=said["value"], unit=said["unit"], line=row.line,
                        other=float(row["value"]))  # fmt: skip
            allowed = say("--correct, which adds a row that names the one it corrects")
            self.problems.append(Problem("already-typed", figure.where, found, allowed, say("Another source? Name it with --source.")))
            return
        if standing:
            # all that stand are corrected, where two parties had corrected one another
            for row in standing[:-1]:
                self.added.rows.append({**said, "corrects": row.digest})
            said = {**said, "corrects": standing[-1].digest}
            self.added.corrected.append((figure, standing[-1]))
        elif (newest := self.newest.get((said["place"], said["quantity"], said["source"]))) and _end(said["period"]) < _end(newest):
            self.added.late.append((figure, newest))
        self.added.rows.append(said)


def _same(row: Row, said: Said) -> bool:
    return bool(row["unit"] == said["unit"] and abs(float(row["value"]) - said["value"]) <= SAME * max(1.0, abs(said["value"])))


def _end(period: str) -> str:
    return span_of(period)[1].isoformat() if period else ""
