"""Offer files: an agreement, the figures of it that are open, and what each party has offered last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from waterflow.basin.agreements import ClauseRow
from waterflow.basin.part import Nonnegative
from waterflow.errors import InputError, Problem
from waterflow.loading.model_file import problems_of
from waterflow.loading.yaml_file import read_yaml
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Offered", "OffersFile", "OpenFigure", "Paid", "read_offers", "require_known"]


class _Typed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class OpenFigure(_Typed):
    """A figure of a clause that is left open between two bounds; ``row`` is the unique name of its row (clause and days)."""

    row: str
    low: Nonnegative = Field(alias="from")
    high: Nonnegative = Field(alias="to")
    unit: Literal["Mm3", "GWh"]


class Paid(_Typed):
    """Money that one party pays another."""

    giver: str = Field(alias="from")
    receiver: str = Field(alias="to")
    million_USD: Nonnegative


class Offered(_Typed):
    """What a party has offered: a figure for each open row, and who pays whom."""

    by: str
    date: str = ""
    figures: dict[str, Nonnegative]
    payments: tuple[Paid, ...] = ()


class OffersFile(_Typed):
    """An offers file."""

    format: Literal[1]
    title: str = ""
    agreement: str
    open: tuple[OpenFigure, ...] = Field(min_length=1)
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


def require_known(file: OffersFile, where: str, rows: Mapping[str, ClauseRow], parties: Collection[str]) -> None:
    """Refuse rows and parties there are none of, bounds that are none, and offers that leave an open row out.

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
        for row in sorted(opened - set(offer.figures)):
            problems.append(Problem("blank", at, say("nothing for {name}", name=row), say("a figure for each open row")))
    if problems:
        raise InputError(problems)
