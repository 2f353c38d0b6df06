"""Offers in sentences: who would sign what, and what all would sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from waterflow.negotiation.offer_facts import OfferFacts, OfferJudged, Proposal
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, number, quantity, unit

__all__ = ["offer_text"]

PROPOSALS = {
    "best": mark("With the most left to share"),
    "nearest": mark("Nearest to the offers: the first on the way from their mean that all would sign"),
}
LEVELS = {"low": mark("low values"), "central": mark("central values"), "high": mark("high values")}


def offer_text(facts: OfferFacts) -> str:
    """What is open, who would sign each offer, what all would sign, or what stands in the way."""
    return "\n".join([*_opened(facts), *_offers(facts), *_proposals(facts)]) + "\n"


def _opened(facts: OfferFacts) -> Iterator[str]:
    about = {"title": facts.title, "window": window_in_words(facts.horizon), "agreement": facts.agreement}
    yield paragraph(say("{title}, {window}: offers on {agreement}.", **about))
    yield paragraph(
        say(
            "A party signs if it has at least what it has without a deal, at low, central and high values, payments counted. Bound by an "
            "offer each does what is best for itself, down the river."
        )
    )
    body = [[x.row, unit(x.unit), number(x.low), number(x.high), exact(x.matters_MUSD, 1)] for x in facts.figures]
    yield columns([say("open figure"), "", say("from"), say("to"), say("matters,\n{unit}", unit=unit("million USD"))], body, 2)


def _gains(gains: Mapping[str, float] | None) -> list[str]:
    return [] if gains is None else [exact(v, 1) for v in gains.values()]


def _offers(facts: OfferFacts) -> Iterator[str]:
    for offer in facts.offers:
        figures = ", ".join(f"{row} {number(value)}" for row, value in offer.figures.items())
        yield heading(say("Offer of {party}: {figures}", party=f"{offer.by} {offer.date}".strip(), figures=figures))
        if offer.gains_central_MUSD is None:
            yield paragraph(say("No plan obeys these figures."))
            continue
        levels = {"low": offer.gains_low_MUSD, "central": offer.gains_central_MUSD, "high": offer.gains_high_MUSD}
        yield columns(["", *offer.gains_central_MUSD], [[say(LEVELS[name]), *_gains(gains)] for name, gains in levels.items()])
        refuses = [p for p in offer.gains_central_MUSD if p not in offer.signs]
        told = say("All would sign.") if not refuses else say("Would not sign: {parties}.", parties=", ".join(refuses))
        yield paragraph(told)
        yield from _beside(offer)


def _beside(offer: OfferJudged) -> Iterator[str]:
    """What of an offer falls due in later years, what changed since the party's last, and what a log had of it."""
    for paid in offer.later:
        about = {
            "giver": paid.giver,
            "receiver": paid.receiver,
            "money": quantity(paid.million_USD, "million USD", 1) + ("" if paid.GWh is None else f" ({quantity(paid.GWh, 'GWh', 0)})"),
            "worth": quantity(paid.worth_MUSD, "million USD", 1),
        }
        told = say_many(
            "{giver} pays {receiver} {money} after {count} year, worth {worth} now.",
            "{giver} pays {receiver} {money} after {count} years, worth {worth} now.",
            paid.after_years,
            **about,
        )
        yield paragraph(told)
    if offer.moved is not None:
        figures = ", ".join(f"{row} {exact(value, 0)}" for row, value in offer.moved.items())
        gains = ", ".join(f"{party} {exact(value, 1)}" for party, value in (offer.gains_moved_MUSD or {}).items())
        yield paragraph(
            say("Changed since its offer before: {figures}; gains, central values: {gains}.", figures=figures, gains=gains or "-")
        )
    if offer.logged_MUSD is not None:
        gains = ", ".join(f"{party} {exact(value, 1)}" for party, value in offer.logged_MUSD.items())
        yield paragraph(say("The file has other gains from an earlier answer: {gains}. The model or its values have changed.", gains=gains))


def _proposals(facts: OfferFacts) -> Iterator[str]:
    if not facts.proposals:
        yield heading(say("Nothing that all would sign was found"))
        if facts.short_MUSD is None:
            yield paragraph(say("No plan obeys any of the figures tried."))
            return
        about = {"short": quantity(facts.short_MUSD, "million USD", 1), "parties": ", ".join(facts.in_the_way)}
        yield paragraph(say("At the best figures {parties} would have to be paid {short} more than the others gain.", **about))
        return
    for proposal in facts.proposals:
        yield heading(say(PROPOSALS[proposal.kind]))
        yield from _proposal(proposal)
    if facts.rate_USD_per_kWh is not None:
        rate = quantity(facts.rate_USD_per_kWh, "USD per kWh", 3)
        yield paragraph(say("Electricity at {rate}, the mean price of imports.", rate=rate))


def _proposal(x: Proposal) -> Iterator[str]:
    figures = ", ".join(f"{row} {number(value)}" for row, value in x.figures.items())
    yield paragraph(
        say(
            "{figures}; {left} is left when all have what they need, shared equally.",
            figures=figures,
            left=quantity(x.left_MUSD, "million USD", 1),
        )
    )
    for paid in x.transfers:
        money = quantity(paid.million_USD, "million USD", 1)
        power = "" if paid.GWh is None else f" ({quantity(paid.GWh, 'GWh', 0)})"
        yield paragraph(say("{giver} pays {receiver} {money}.", giver=paid.giver, receiver=paid.receiver, money=money + power))
    levels = {"low": x.gains_low_MUSD, "central": x.gains_central_MUSD, "high": x.gains_high_MUSD}
    yield columns([say("gain, {unit}", unit=unit("million USD")), *x.needs_MUSD], [[say(LEVELS[n]), *_gains(g)] for n, g in levels.items()])
