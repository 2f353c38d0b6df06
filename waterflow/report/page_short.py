"""What is short in a plan and why, on the one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.party_facts import UserShortage
from waterflow.accounts.water_facts import ShortfallCause
from waterflow.basin.objective import is_round_of
from waterflow.basin.titles import title_of
from waterflow.report.alarms_text import alarms_in_short
from waterflow.report.conveyance_text import turned_in_short
from waterflow.report.held_text import held_in_short
from waterflow.report.ranges_text import ranges_in_short
from waterflow.words.catalogue import say, say_many
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.layout import paragraph
from waterflow.words.numbers import exact, number, per_cent, places, quantity

__all__ = ["short_and_why"]

#: users and clauses named in one sentence
NAMED = 3
#: a share this small of any claim is none
NONE_SHORT = 5e-5
#: a clause missed by less (Mm3, GWh) is kept
MISSED = 0.05
SHARE = "share of the claim"


def _priorities(facts: PlanFacts) -> Iterator[str]:
    """Every priority with the largest share that it leaves short."""
    told, met = [], []
    for priority in facts.order:
        shares = [s.value or 0.0 for s in facts.stages if is_round_of(s.name, priority) and s.unit == SHARE]
        if not shares:
            continue
        worst = max(shares)
        if worst < NONE_SHORT:
            met.append(facts.priority_titles[priority])
        else:
            told.append(
                say(
                    "{priority} up to {share}",
                    priority=facts.priority_titles[priority],
                    share=per_cent(worst, 1.0, 1 if worst < 0.01 else 0),
                )
            )
    if met:
        yield say("Nothing is short in the priorities: {names}.", names="; ".join(met))
    if told:
        yield say("Short in the priorities: {names}.", names="; ".join(told))


def _users(facts: PlanFacts, most: int) -> Iterator[str]:
    """Users that are short, the largest first, by the priority that asks for them."""
    same: dict[str | None, dict[str, list[UserShortage]]] = {}
    for x in facts.shortages.users:
        same.setdefault(x.priority, {}).setdefault(x.demand, []).append(x)
    for priority, users in same.items():
        largest = sorted(users.values(), key=lambda rows: -sum(x.short_Mm3 for x in rows))
        named = [_user(rows) for rows in largest[:most]]
        if left := len(largest) - len(named):
            named.append(say_many("{count} user more", "{count} users more", left))
        names = "; ".join(named)
        if not facts.order:
            yield say("Where water is worth less than elsewhere: {names}.", names=names)
        elif priority is None:
            yield say("No priority asks for: {names}.", names=names)
        else:
            yield say("In the priority {priority}: {names}.", priority=facts.priority_titles[priority], names=names)


def _user(rows: Sequence[UserShortage]) -> str:
    short, need = number(sum(x.short_Mm3 for x in rows)), number(sum(x.need_Mm3 for x in rows))
    about = {"title": rows[0].title, "party": rows[0].party}
    return say("{title} ({party}), {short} of {need} Mm3 short", short=short, need=need, **about)


def _targets(facts: PlanFacts) -> Iterator[str]:
    """Targets that are short: what comes first, and what would help most."""
    same: dict[tuple[str, str | None, tuple[str, ...]], list[ShortfallCause]] = {}
    for cause in facts.holds_back:
        if cause.status == "short":
            same.setdefault((cause.title, cause.priority, cause.comes_after), []).append(cause)
    for (place, priority, after), causes in same.items():
        about = {"place": place, "windows": "; ".join(window_in_words(x.window) for x in causes)}
        if priority is None:
            yield say("{place} ({windows}): no priority asks for it.", **about)
        elif after:
            yield say("{place} ({windows}) comes after: {names}.", names="; ".join(facts.priority_titles[name] for name in after), **about)
        else:
            yield say("{place} ({windows}) comes first, and there is no more water for it.", **about)
        yield from _help(causes, facts.priority_titles)


def _help(causes: Sequence[ShortfallCause], titles: Mapping[str, str]) -> Iterator[str]:
    """Where one more Mm3 of water would bring most, or who would take it before."""
    found = [e for x in causes for e in x.effects if e.kind == "water_balance"]
    served = dict.fromkeys(first.priority for x in causes for first in x.served_first)
    if found:
        best = max(found, key=lambda e: e.delivers_Mm3)
        parts = {"title": best.title, "when": period_alone(best.when), "figure": exact(best.delivers_Mm3, 2)}
        yield say("One more Mm3 of water brings it most at {title} in {when}: {figure} Mm3.", **parts)
    elif served:
        yield say("More water would first serve: {served}.", served="; ".join(titles.get(name, name) for name in served))


def _floors(facts: PlanFacts) -> Iterator[str]:
    missed = facts.floor_shortfalls
    if missed:
        places = ", ".join(dict.fromkeys(facts.titles.get(x.place, x.place) for x in missed))
        yield say("Minimum flows are missed at: {places}.", places=places)


def _not_reached(facts: PlanFacts) -> Iterator[str]:
    """What is short at the beginning because water needs days, and not because the plan gave it to others."""
    places, store = [], ""
    for x in facts.not_reached:
        about = {"place": x.title, "reservoir": x.reservoir_title}
        places.append(
            say_many("{place} ({count} day)", "{place} ({count} days)", x.days, place=x.title)
            if x.reservoir == store
            else say_many("{place} ({count} day from {reservoir})", "{place} ({count} days from {reservoir})", x.days, **about)
        )
        store = x.reservoir
    if places:
        yield say("At the beginning no release of this plan could arrive in time: {places}.", places="; ".join(places))


def _clauses(facts: PlanFacts, most: int) -> Iterator[str]:
    """Clauses that the plan misses, by how much."""
    missed = [(x, sum(row.missed_by for row in x.rows), x.rows[0].unit) for x in facts.clauses if x.rows]
    named = [
        say("{title}, missed by {amount}", title=title_of(x, x.clause), amount=quantity(by, of, places([by])))
        for x, by, of in missed
        if by >= MISSED
    ]
    if left := len(named[most:]):
        named[most:] = [say_many("{count} clause more", "{count} clauses more", left)]
    if named:
        yield say("Clauses that are not kept in full: {names}.", names="; ".join(named))


def short_and_why(facts: PlanFacts, most: int = NAMED, party: str = "") -> Iterator[str]:
    """What is short in this plan, and why; at most so many users and clauses are named. Of one party, if the facts are its own."""
    yield say("What is short in this plan, and why")
    told = [*alarms_in_short(facts, party), *_priorities(facts), *_targets(facts), *_users(facts, most)]
    told += [*_floors(facts), *_not_reached(facts), *_clauses(facts, most)]
    told += [] if party else [*held_in_short(facts), *ranges_in_short(facts, most), *turned_in_short(facts)]
    found = facts.shortages
    if not (found.users or found.targets or found.power or facts.floor_shortfalls):
        nobody = say("Nobody is short of water or power, and every target and minimum flow is met.")
        told.append(say("{party} is short of neither water nor power.", party=party) if party else nobody)
    yield from (paragraph(line, "  ", "  ") for line in told)
