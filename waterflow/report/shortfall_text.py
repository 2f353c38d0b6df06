"""What holds a target back, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from waterflow.accounts.water_facts import MarginEffect, ShortfallCause
from waterflow.report.names import stage_called
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import period_alone, period_in_words, window_in_words
from waterflow.words.numbers import exact, per_cent

__all__ = ["at_the_margin", "sentences"]

#: what one unit of each kind of easing would deliver; "demand": a user asks for less
LEADS = {
    "water_balance": mark("One more Mm3 of water would deliver (Mm3): {found}."),
    "storage_held": mark("One Mm3 less held in store would deliver (Mm3): {found}."),
    "storage_not_passed": mark("One Mm3 more allowed in store would deliver (Mm3): {found}."),
    "demand": mark("One Mm3 less asked by a user that comes first would deliver (Mm3): {found}."),
    "floor_kept": mark("One m3/s less of a minimum flow would deliver (Mm3): {found}."),
    "power_floor_kept": mark("One GWh less of assured power would deliver (Mm3): {found}."),
    "power_claim_met": mark("One GWh less of claimed power would deliver (Mm3): {found}."),
}
DATED = ("storage_held", "storage_not_passed")


def _effect(effect: MarginEffect) -> str:
    figure = exact(effect.delivers_Mm3, 2)
    if effect.kind in DATED:
        return say("{figure} at {title} on {date}", figure=figure, title=effect.title, date=effect.when)
    if effect.kind == "demand":
        when = window_in_words(effect.when)
        return say("{figure} at {title} ({party}), {window}", figure=figure, title=effect.title, party=effect.party, window=when)
    if not effect.when:
        return say("{figure} at {title}", figure=figure, title=effect.title)
    when = window_in_words(effect.when) if "/" in effect.when else period_alone(effect.when)
    return say("{figure} at {title} in {when}", figure=figure, title=effect.title, when=when)


def at_the_margin(effects: Iterable[MarginEffect]) -> Iterator[str]:
    """One sentence for each kind of easing that would deliver more."""
    same: dict[str, list[MarginEffect]] = {}
    for effect in effects:
        same.setdefault(effect.kind, []).append(effect)
    for kind, found in same.items():
        yield say(LEADS[kind], found="; ".join(map(_effect, found)))


def sentences(cause: ShortfallCause, titles: Mapping[str, str] = MappingProxyType({}), *, alone: bool = True) -> Iterator[str]:
    """What holds a short target back, one sentence after the other.

    Parameters
    ----------
    cause : ShortfallCause
    titles : mapping, optional
        What people call priorities, by name.
    alone : bool
        False where it is told together with the others of its priority, which then need no mention.
    """
    if cause.priority is None:
        yield say("No priority asks for this target.")
        return
    names = "; ".join(titles.get(name, name) for name in cause.comes_after)
    yield say("Comes after: {names}.", names=names) if names else say("Nothing comes before it.")
    for x in cause.same_priority if alone else ():
        about = {"title": x.title, "window": window_in_words(x.window), "share": per_cent(x.short_share)}
        yield (
            say("Same priority: {title}, {window}, {share} short, and helped first.", **about)
            if x.helped_first
            else say("Same priority: {title}, {window}, {share} short, the shortage is shared.", **about)
        )
    if cause.served_first:
        first = (
            say("{stage} (short by up to {share})", stage=stage_called(x.stage, titles), share=per_cent(x.short_share))
            for x in cause.served_first
        )
        served = ", ".join(first)
        yield (
            say("More water would first serve: {served}.", served=served)
            if cause.anywhere
            else say("In parts of the river more water would first serve: {served}.", served=served)
        )
    yield from at_the_margin(cause.effects)
    if not cause.effects:
        yield say("No single unit more of water would deliver more to it.")
    for full in cause.at_capacity:
        yield say("Carries all it can: {title} ({periods}).", title=full.title, periods=", ".join(map(period_in_words, full.periods)))
