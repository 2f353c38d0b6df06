"""Facts of offers: who would sign each, the figures and payments that all would sign, and what stands in the way where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.basin.basin import Basin
from waterflow.basin.titles import title_of
from waterflow.loading.offers import LaterYears, Logged, Offered, OffersFile, Paid
from waterflow.negotiation.offers import SIGNS, Judged, Package

__all__ = ["Figure", "OfferFacts", "OfferJudged", "PaidLater", "Proposal", "Transfer", "import_rate", "logged", "offer_facts"]


#: gains that a log has are the same up to this, million USD
LOGGED = 0.05


class Figure(Fact):
    """An open figure."""

    named_by = ("row",)

    row: str
    unit: str
    low: float
    high: float
    matters_MUSD: float = Field(description="How much what is left to share falls towards the worse of its bounds")


class Transfer(Fact):
    """A payment; in electricity too where power is imported at a price."""

    named_by = ("giver", "receiver")

    giver: str
    receiver: str
    million_USD: float
    GWh: float | None


class PaidLater(Fact):
    """A payment that falls due in a later year, and what it is worth now."""

    named_by = ("giver", "receiver", "after_years")

    giver: str
    receiver: str
    after_years: int
    million_USD: float = Field(description="As it is promised, electricity at the rate")
    GWh: float | None = Field(description="As it is promised; None where money is")
    worth_MUSD: float = Field(description="With interest, and the shares that come never or late")


class OfferJudged(Fact):
    """An offer as it was made."""

    named_by = ("by", "date")

    by: str
    date: str
    figures: dict[str, float]
    later: tuple[PaidLater, ...] = Field(default=(), description="What it promises for later years")
    moved: dict[str, float] | None = Field(
        default=None, description="By how much each figure moved since the party's offer before; None where it made none"
    )
    gains_moved_MUSD: dict[str, float] | None = Field(
        default=None, description="By how much what each party gains moved since then, at central values"
    )
    logged_MUSD: dict[str, float] | None = Field(
        default=None, description="Gains at central values as the file has them from an earlier answer, where they are others now"
    )
    gains_low_MUSD: dict[str, float] | None = Field(description="Above no deal, payments counted; None where no plan obeys the figures")
    gains_central_MUSD: dict[str, float] | None
    gains_high_MUSD: dict[str, float] | None
    signs: tuple[str, ...] = Field(description="Parties that gain at every level of values")


class Proposal(Fact):
    """Figures and payments."""

    named_by = ("kind",)

    kind: str = Field(
        description="``best``: with the most left to share; ``nearest``: the first on the way to it from the mean of the offers"
    )
    figures: dict[str, float]
    left_MUSD: float = Field(description="What is left to share when all have what they need")
    needs_MUSD: dict[str, float] = Field(description="What each party must be paid to sign at every level; below 0 it can pay")
    transfers: tuple[Transfer, ...]
    gains_low_MUSD: dict[str, float]
    gains_central_MUSD: dict[str, float]
    gains_high_MUSD: dict[str, float]


class OfferFacts(Answer):
    """What offers come to."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    horizon: str = Field(description="A window")
    agreement: str = Field(description="The agreement whose figures are open")
    figures: tuple[Figure, ...]
    offers: tuple[OfferJudged, ...]
    proposals: tuple[Proposal, ...] = Field(description="That all would sign; empty where none was found")
    short_MUSD: float | None = Field(description="What is missing at the best figures found; None where all would sign")
    in_the_way: tuple[str, ...] = Field(description="Then the parties that would have to be paid")
    rate_USD_per_kWh: float | None = Field(description="At which electricity stands for money: the mean price of imports")


def import_rate(basin: Basin) -> float | None:
    """The mean price of imported power, USD per kWh (million USD per GWh); None where nobody imports any."""
    prices = [c for x in basin.supplies.values() if x.kind == "import" and not x.clause for c in x.cost]
    return float(np.mean(prices)) if prices else None


def logged(file: OffersFile, facts: OfferFacts) -> OffersFile:
    """The file with what was said of each offer, to be read again."""
    offers = [
        offer.model_copy(update={"judged": Logged(gains_MUSD=x.gains_central_MUSD, signs=x.signs) if x.gains_central_MUSD else None})
        for offer, x in zip(file.offers, facts.offers, strict=True)
    ]
    return file.model_copy(update={"offers": tuple(offers)})


def offer_facts(found: Package, file: OffersFile, basin: Basin) -> OfferFacts:
    """What was found about offers."""
    rate = import_rate(basin)
    signed = found.best.surplus >= -SIGNS
    kinds = [("best", found.best), *([("nearest", found.nearest)] if found.nearest else [])]
    return OfferFacts(
        questions=basin.questions,
        model=basin.name,
        scenario=basin.scenario or None,
        title=title_of(basin, basin.name),
        horizon=f"{basin.calendar.start}/{basin.calendar.end}",
        agreement=file.agreement,
        figures=tuple(Figure(row=x.row, unit=x.unit, low=x.low, high=x.high, matters_MUSD=found.matters[x.row]) for x in file.open),
        offers=tuple(_offers(found, file, rate)),
        proposals=tuple(_proposal(found, kind, own, rate) for kind, own in kinds) if signed else (),
        short_MUSD=None if signed or not np.isfinite(found.best.surplus) else -found.best.surplus,
        in_the_way=() if signed else tuple(p for p, need in found.best.needs.items() if need > SIGNS),
        rate_USD_per_kWh=rate,
    )


def _offers(found: Package, file: OffersFile, rate: float | None) -> Iterator[OfferJudged]:
    """Every offer, beside the one that its party made before."""
    last: dict[str, OfferJudged] = {}
    for offer, own in zip(file.offers, found.offered, strict=True):
        judged = _judged(found, offer, own, file.later_years, rate)
        if before := last.get(offer.by):
            moved = {row: value - before.figures[row] for row, value in judged.figures.items()}
            gains = None
            if judged.gains_central_MUSD and before.gains_central_MUSD:
                gains = {p: v - before.gains_central_MUSD[p] for p, v in judged.gains_central_MUSD.items()}
            judged = judged.model_copy(update={"moved": moved, "gains_moved_MUSD": gains})
        last[offer.by] = judged
        yield judged


def _paid(paid: Paid, later: LaterYears, rate: float | None) -> PaidLater:
    money = paid.million_USD if paid.GWh is None else paid.GWh * (rate or 0.0)
    money = money or 0.0
    about = {"giver": paid.giver, "receiver": paid.receiver, "after_years": paid.after_years, "GWh": paid.GWh}
    return PaidLater(**about, million_USD=money, worth_MUSD=money * later.worth(paid.after_years))


def _judged(found: Package, offer: Offered, own: Judged, later: LaterYears, rate: float | None) -> OfferJudged:
    receipts = dict.fromkeys(own.needs, 0.0)
    payments = [_paid(x, later, rate) for x in offer.payments]
    for paid in payments:
        receipts[paid.giver] -= paid.worth_MUSD
        receipts[paid.receiver] += paid.worth_MUSD
    gains = found.gains(own, receipts)
    signs = tuple(p for p in own.needs if gains and all(level[p] >= -SIGNS for level in gains.values()))
    by_level = {f"gains_{level}_MUSD": gains.get(level) for level in ("low", "central", "high")}
    said = offer.judged.gains_MUSD if offer.judged else None
    central = by_level["gains_central_MUSD"]
    differs = said is not None and (central is None or any(abs(central[p] - said.get(p, np.inf)) > LOGGED for p in central))
    return OfferJudged(
        by=offer.by,
        date=offer.date,
        figures=dict(own.figures),
        later=tuple(x for x in payments if x.after_years),
        logged_MUSD=said if differs else None,
        signs=signs,
        **by_level,
    )


def _proposal(found: Package, kind: str, own: Judged, rate: float | None) -> Proposal:
    receipts = own.receipts()
    gains = found.gains(own, receipts)
    return Proposal(
        kind=kind,
        figures=dict(own.figures),
        left_MUSD=own.surplus,
        needs_MUSD=dict(own.needs),
        transfers=tuple(_transfers(receipts, rate)),
        gains_low_MUSD=gains["low"],
        gains_central_MUSD=gains["central"],
        gains_high_MUSD=gains["high"],
    )


def _transfers(receipts: Mapping[str, float], rate: float | None) -> Iterator[Transfer]:
    """Who pays whom: those who pay most to those who get most."""
    pays = sorted(((-v, p) for p, v in receipts.items() if v < -SIGNS), reverse=True)
    gets = sorted(((v, p) for p, v in receipts.items() if v > SIGNS), reverse=True)
    while pays and gets:
        (owed, giver), (due, receiver) = pays.pop(0), gets.pop(0)
        amount = min(owed, due)
        yield Transfer(giver=giver, receiver=receiver, million_USD=amount, GWh=amount / rate if rate else None)
        if owed - amount > SIGNS:
            pays.insert(0, (owed - amount, giver))
        if due - amount > SIGNS:
            gets.insert(0, (due - amount, receiver))
