"""Offer files: an agreement, the figures of it that are open, and what each party has offered last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from waterflow.basin.agreements import ClauseRow
from waterflow.basin.part import Nonnegative, Share
from waterflow.errors import InputError, Problem
from waterflow.loading.model_file import problems_of
from waterflow.loading.yaml_file import read_yaml
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["LaterYears", "Logged", "Offered", "OffersFile", "OpenFigure", "Paid", "as_yaml", "read_offers", "require_known"]


class _Typed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


#: a day as YAML reads it, or words for it
DayOrWords = Annotated[str, BeforeValidator(lambda x: x.isoformat() if isinstance(x, dt.date) else x)]


class OpenFigure(_Typed):
    """A figure of a clause that is left open between two bounds; ``row`` is the unique name of its row (clause and days)."""

    row: str
    low: Nonnegative = Field(alias="from")
    high: Nonnegative = Field(alias="to")
    unit: Literal["Mm3", "GWh"]


class Paid(_Typed):
    """Money, or electricity, that one party gives another; in the season itself or so many years later."""

    giver: str = Field(alias="from")
    receiver: str = Field(alias="to")
    million_USD: Nonnegative | None = None
    GWh: Nonnegative | None = None
    after_years: int = Field(default=0, ge=0, le=50)

    @property
    def amounts(self) -> tuple[float, ...]:
        """What is typed of it: one amount, if all is well."""
        return tuple(x for x in (self.million_USD, self.GWh) if x is not None)


class LaterYears(_Typed):
    """What is promised for later years counts less: interest, and the shares of it that come never or a year late."""

    interest: Share = 0.0
    default: Share = 0.0
    late: Share = 0.0

    def worth(self, after_years: int) -> float:
        """What one million USD promised for after so many years is worth now; what falls due in the season is paid."""
        if not after_years:
            return 1.0
        discount = 1.0 / (1.0 + self.interest)
        return (1.0 - self.default) * (1.0 - self.late * (1.0 - discount)) * discount**after_years


class Logged(_Typed):
    """What was said of an offer when it was judged: who gained what at central values, and who would sign."""

    gains_MUSD: dict[str, float]
    signs: tuple[str, ...] = ()


class Offered(_Typed):
    """What a party has offered: a figure for each open row, and who pays whom."""

    by: str
    date: DayOrWords = ""
    figures: dict[str, Nonnegative]
    payments: tuple[Paid, ...] = ()
    judged: Logged | None = None


class OffersFile(_Typed):
    """An offers file."""

    format: Literal[1]
    title: str = ""
    agreement: str
    open: tuple[OpenFigure, ...] = Field(min_length=1)
    later_years: LaterYears = LaterYears()
    offers: tuple[Offered, ...] = ()


def read_offers(path: Path) -> OffersFile:
    """Read an offers file.

    Raises
    ------
    InputError
        If it is missing, no YAML, or has keys or values that an offers file has not; names them all.
    """
    content: dict[str, Any] = read_yaml(path, path.name)
    try:
        return OffersFile.model_validate(content)
    except ValidationError as error:
        raise InputError(problems_of(error, path.name)) from error


def as_yaml(file: OffersFile) -> str:
    """An offers file as text that reads back equal."""
    content = file.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def require_known(
    file: OffersFile, where: str, rows: Mapping[str, ClauseRow], parties: Collection[str], *, power_has_a_price: bool = True
) -> None:
    """Refuse rows and parties there are none of, bounds that are none, payments of nothing, and offers that leave an open row out.

    Raises
    ------
    InputError
        With everything wrong at once.
    """
    problems = []
    for k, figure in enumerate(file.open, start=1):
        at = say("{where}, open figure {number}", where=where, number=k)
        if figure.row not in rows:
            known = " | ".join(rows) or say("none: the agreement has no clauses")
            problems.append(Problem("bad-agreement", at, figure.row, known, slip(figure.row, rows)))
        elif figure.unit != rows[figure.row].unit:
            problems.append(Problem("unknown-unit", at, figure.unit, rows[figure.row].unit))
        if not figure.low < figure.high:
            problems.append(Problem("bad-range", at, say("{low:g} to {high:g}", low=figure.low, high=figure.high), say("from below to")))
    opened = {figure.row for figure in file.open}
    if len(opened) < len(file.open):
        problems.append(Problem("twice", where, ", ".join(sorted(opened)), say("each row once")))
    # a concession is paid to nobody, so that nobody would mind it
    problems += [
        Problem("bad-agreement", say("clause {name}", name=row.name), say("a soft clause"), say("hard clauses: their figures are open"))
        for row in rows.values()
        if row.price is not None
    ]
    if file.later_years != LaterYears() and not any(paid.after_years for offer in file.offers for paid in offer.payments):
        found = say("no payment falls due in a later year")
        problems.append(Problem("bad-agreement", f"{where}, later_years", found, say("a payment with after_years")))
    bounds = {figure.row: figure for figure in file.open}
    for offer in file.offers:
        at = say("{where}, offer of {party}", where=where, party=offer.by)
        named = [offer.by, *(p for paid in offer.payments for p in (paid.giver, paid.receiver))]
        problems += [
            Problem("unknown-party", at, p, ", ".join(parties), slip(p, parties)) for p in dict.fromkeys(named) if p not in parties
        ]
        problems += [
            Problem("bad-agreement", at, row, ", ".join(sorted(opened)), slip(row, opened)) for row in offer.figures if row not in opened
        ]
        for row, value in offer.figures.items():
            if row in bounds and not bounds[row].low <= value <= bounds[row].high:
                allowed = say("{low:g} to {high:g}", low=bounds[row].low, high=bounds[row].high)
                problems.append(Problem("bad-range", at, f"{value:g}", allowed))
        problems += [Problem("unknown-party", at, p.giver, say("another party")) for p in offer.payments if p.giver == p.receiver]
        amount = say("one of million_USD and GWh")
        for paid in offer.payments:
            if len(paid.amounts) != 1:
                problems.append(Problem("bad-agreement", at, say("a payment with {count} amounts", count=len(paid.amounts)), amount))
            elif paid.GWh is not None and not power_has_a_price:
                found = say("GWh, where nobody imports power at a price")
                problems.append(Problem("bad-agreement", at, found, "million_USD"))
        for row in sorted(opened - set(offer.figures)):
            problems.append(Problem("blank", at, say("nothing for {name}", name=row), say("a figure for each open row")))
    if problems:
        raise InputError(problems)
