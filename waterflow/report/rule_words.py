"""What a rule says, in the language spoken: for conflicts, where it cannot hold, and for plans, which break it."""

from __future__ import annotations

from waterflow.basin.titles import title_of
from waterflow.solver.rules import Rule
from waterflow.words.catalogue import mark, say, spoken
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.numbers import quantity

__all__ = ["WORDS", "in_words", "rule_in_full", "rule_in_words", "when_in_words", "with_wording"]

#: by kind of rule: every equation marked as a clause, every bound of works, every wish; a clause of an agreement has its own
WORDS: dict[str, str] = {
    # what people agreed
    "storage_held": mark("{place} holds at least {figure} at the end of {when}"),
    "storage_not_passed": mark("{place} holds at most {figure} at the end of {when}"),
    "flows_not_passed": mark("at most {figure} enter {place} together in {when}"),
    "flows_held": mark("at least {figure} enter {place} together in {when}"),
    "withdrawals_within_limit": mark("{place} withdraws at most {figure} in {when}"),
    # what works and storages can do
    "storage_lowest": mark("{place} cannot go below its lowest storage"),
    "storage_full": mark("{place} cannot be filled above full storage"),
    "flow": mark("capacity of {place}"),
    "outflow_within_outlet": mark("outlet of {place} at the storage there is"),
    "delivery": mark("canal capacity of {place}"),
    "turbined": mark("turbine capacity of {place}"),
    "supplied_power": mark("capacity of the supply {place}"),
    "exported_power": mark("capacity of the export {place}"),
    # what is wished for
    "floor_kept": mark("minimum flow at {place}"),
    "target_delivered": mark("target at {place}"),
    "share_passed_on": mark("share of the surplus at {place}"),
    "power_floor_kept": mark("assured power of {place}"),
    "power_claim_met": mark("power of {place}"),
    "no_water": mark("water that is not there: {place}"),
}


def in_words(kind: str, place: str, figure: float | None = None, unit: str = "", when: str = "") -> str:
    """What a rule of some kind says; a kind without words, a clause of an agreement, by its title."""
    if kind not in WORDS:
        return place
    return say(WORDS[kind], place=place, figure="" if figure is None else quantity(figure, unit), when=when_in_words(when))


def when_in_words(when: str) -> str:
    """A period or a window."""
    return window_in_words(when) if "/" in when else period_alone(when)


def rule_in_words(rule: Rule) -> str:
    """What a rule says, in short."""
    return in_words(rule.kind, title_of(rule.part, rule.place or rule.owner), rule.figure, rule.unit, rule.when)


def rule_in_full(rule: Rule) -> str:
    """What a rule says; of a clause its wording too."""
    return with_wording(rule_in_words(rule), rule.part)


def with_wording(title: str, part: object) -> str:
    """A title, and the wording of a clause."""
    wording = getattr(part, f"text_{spoken()}", "") or getattr(part, "text", "")
    return f"{title}: {wording}" if wording else title
