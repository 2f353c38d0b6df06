"""What is wrong with a claim of a priority: keys it does not have, names that match nothing, nobody to claim for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from waterflow.basin.objective import CLOSING, Claims, Priority
from waterflow.basin.river import River
from waterflow.errors import Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["claim_problems", "claim_warnings"]

#: what a claim may say besides its kind; a kind that is not here is a wish for a whole window at a place
WISH = ("places", "seasons")
POWER = ("party", "season", "seasons", "months", "share")
KEYS = {
    "demands": ("uses", "parties", "users", "places", "seasons", "months", "per", "within"),
    "floors": ("places", "seasons", "months"),
    "clauses": ("places",),
    "storages": ("places", "seasons", "months"),
    "balances": ("places", "seasons", "months"),
    "power_floor": POWER,
    "power": POWER,
}
#: kinds of claims about storages, and the field of the basin that holds what they claim
HELD = {"storages": "storage_wishes", "balances": "balanced_reservoirs"}
#: keys that choose users
USERS = ("uses", "parties", "users", "places")


def claim_problems(basin: River) -> Iterator[Problem]:
    """Everything wrong with the priorities, each where it stands."""
    count = Counter(p.name for p in basin.objective.priorities)
    for name in (n for n, times in count.items() if times > 1):
        found = say("{count} priorities of that name", count=count[name])
        yield Problem("twice", say("priority {name}", name=name), found, say("each name once"))
    for priority in basin.objective.priorities:
        where = say("priority {name}", name=priority.name)
        if "/" in priority.name or priority.name in CLOSING or not priority.name.strip():
            allowed = say("a name without /, and not {names}: stages are called so", names=", ".join(CLOSING))
            yield Problem("bad-name", where, priority.name or say("no name"), allowed)
        if not priority.claims and not priority.cost:
            yield Problem("empty-priority", where, say("neither claims nor the cost"), say("claims, or cost: true"))
        for chosen in priority.claims:
            yield from _keys(where, chosen)
            yield from _names(basin, where, chosen)


def _keys(where: str, chosen: Claims) -> Iterator[Problem]:
    """Keys that this kind of claim does not have."""
    keys = KEYS.get(chosen.kind, WISH)
    for key in sorted(_said(chosen) - {"kind", *keys}):
        allowed = ", ".join(keys)
        cause = say("A claim of the kind {kind} would not heed it.", kind=chosen.kind)
        yield Problem("claim-key", f"{where}, {chosen.kind}", key, allowed, cause)
    if chosen.season and chosen.seasons:
        yield Problem("claim-key", f"{where}, {chosen.kind}", "season, seasons", say("one of the two"))
    if chosen.per == "period" and "within" in _said(chosen):
        cause = say("Periods that count on their own leave nothing to spread.")
        yield Problem("claim-key", f"{where}, {chosen.kind}", "within", "per: season", cause)


def _said(chosen: Claims) -> set[str]:
    """Keys that somebody wrote; of a claim that was saved, which has them all, those that are not as if unsaid."""
    fields = type(chosen).model_fields
    if len(chosen.model_fields_set) < len(fields):
        return chosen.model_fields_set
    return {key for key, field in fields.items() if getattr(chosen, key) != field.default}


def _known(basin: River, chosen: Claims) -> dict[str, set[str]]:
    """Names that each key of a claim may hold: those that there is something to claim of."""
    users = basin.demands.values()
    if chosen.kind == "clauses":
        places = set(basin.clauses)
    elif chosen.kind in ("demands", "threshold_shares"):
        places = {part.node for part in getattr(basin, chosen.kind).values()}
    elif chosen.kind in HELD:
        places = {part.place for part in getattr(basin, HELD[chosen.kind]).values()}
    elif chosen.kind == "alarms":
        places = {part.place for part in (*basin.storage_alarms.values(), *basin.flow_alarms.values())}
    else:
        places = {part.place for part in getattr(basin, chosen.kind, {}).values()} if "places" in KEYS.get(chosen.kind, WISH) else set()
    return {
        "places": places,
        "uses": {d.use for d in users},
        "parties": {d.party for d in users},
        "users": set(basin.demands),
    }


def _names(basin: River, where: str, chosen: Claims) -> Iterator[Problem]:
    """Names that match nothing, power claimed for a party without a balance, keys that leave nobody between them."""
    matched = True
    for key, known in _known(basin, chosen).items():
        for name in (n for n in getattr(chosen, key) if n not in known):
            matched = False
            found = say("{name}, which matches nothing", name=name)
            yield Problem("claims-nothing", f"{where}, {chosen.kind}, {key}", found, ", ".join(sorted(known)) or "-", slip(name, known))
    narrowed = chosen.kind == "demands" and chosen.model_fields_set & set(USERS)
    if narrowed and matched and not any(chosen.takes(d) for d in basin.demands.values()):
        allowed = say("keys that some user fits all of")
        yield Problem("claims-nothing", f"{where}, {chosen.kind}", say("keys that no user fits all of"), allowed)
    if chosen.kind in ("power", "power_floor") and not (chosen.party in basin.power and basin.power[chosen.party].demand):
        known = {party for party, system in basin.power.items() if system.demand}
        found = say("{party}, which has no power balance", party=chosen.party or "-")
        yield Problem("claims-nothing", f"{where}, {chosen.kind}, party", found, ", ".join(sorted(known)) or "-", slip(chosen.party, known))


def claim_warnings(basin: River) -> Iterator[str]:
    """Priorities that claim the same thing, of which only the first decides about it; claims of no time of the horizon."""
    claimed = [(p.name, _claimed(basin, p)) for p in basin.objective.priorities]
    for (first, ones), (second, others) in combinations(claimed, 2):
        both = sorted({name for _, name, _ in ones & others})
        if both:
            names = ", ".join(both[:3]) + (", ..." if len(both) > 3 else "")
            told = say("The priorities {first} and {second} both claim {names}; what the first gets, the second cannot change.",
                       first=first, second=second, names=names)  # fmt: skip
            yield told
    yield from _unclaimed(basin)
    for priority in basin.objective.priorities:
        for chosen in priority.claims:
            if not any(chosen.counts(p) for p in basin.calendar.periods):
                when = ", ".join(filter(None, (chosen.season, *chosen.seasons, *map(str, chosen.months))))
                yield say("The priority {name} claims {kind} in {when}, of which the horizon has nothing.",
                          name=priority.name, kind=chosen.kind, when=when)  # fmt: skip


def _unclaimed(basin: River) -> Iterator[str]:
    """Wishes about storages that no priority claims: nothing else heeds them."""
    for kind, field in HELD.items():
        claims = [c for p in basin.objective.priorities for c in p.claims if c.kind == kind]
        places = {x.place for x in getattr(basin, field).values()}
        idle = sorted(place for place in places if not any(c.at(place) for c in claims))
        if idle and kind == "storages":
            yield say("Storages wished for at {names} decide nothing: no priority claims storages there.", names=", ".join(idle))
        elif idle:
            yield say("The balance of {names} decides nothing: no priority claims balances there.", names=", ".join(idle))


def _claimed(basin: River, priority: Priority) -> set[tuple[str, str, str]]:
    """What the claims of a priority are about: kind, name and period; what has a window has no period."""
    found: set[tuple[str, str, str]] = set()
    periods = basin.calendar.periods
    for chosen in priority.claims:
        labels = {p.label for p in periods if chosen.counts(p)}
        if chosen.kind == "demands":
            names = {d.name for d in basin.demands.values() if chosen.takes(d)}
        elif chosen.kind == "floors":
            names = {f.name for f in basin.floors.values() if chosen.at(f.place)}
        elif chosen.kind == "alarms":
            every = (*basin.storage_alarms.values(), *basin.flow_alarms.values())
            names = {x.name for x in every if chosen.at(x.place)}
        elif chosen.kind == "balances":
            names = {x.name for x in basin.balanced_reservoirs.values() if chosen.at(x.place)}
        elif chosen.kind == "power":
            names = {chosen.party}
        else:
            found |= {(chosen.kind, name, "") for name in _whole(basin, chosen)}
            continue
        found |= {(chosen.kind, name, label) for name in names for label in labels}
    return found


def _whole(basin: River, chosen: Claims) -> set[str]:
    """Names of what is claimed for a whole window."""
    calendar = basin.calendar
    if chosen.kind == "targets":
        return {x.name for x in basin.targets.values() if chosen.at(x.place) and chosen.holds(calendar, x.window)}
    if chosen.kind == "storages":
        return {x.name for x in basin.storage_wishes.values() if chosen.at(x.place) and chosen.counts(calendar.periods[x.period])}
    if chosen.kind == "threshold_shares":
        return {s.name for s in basin.threshold_shares.values() if chosen.at(s.node) and chosen.holds(calendar, s.window)}
    if chosen.kind == "operating_ranges":
        seasons = [window for window, _ in calendar.seasons if chosen.holds(calendar, window)]
        return {f"{x.name}/{window}" for x in basin.operating_ranges.values() if chosen.at(x.place) for window in seasons}
    return set()
