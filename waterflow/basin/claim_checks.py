"""What is wrong with a claim of a priority: keys it does not have, names that match nothing, nobody to claim for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from waterflow.basin.objective import Claims, Priority
from waterflow.basin.river import River
from waterflow.errors import Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["claim_problems", "claim_warnings"]

#: what a claim may say besides its kind; a kind that is not here is a wish at a place, as floors and targets are
WISH = ("places",)
KEYS = {
    "demands": ("uses", "parties", "users", "places"),
    "power_floor": ("party", "season", "share"),
    "power": ("party", "season", "share"),
}


def claim_problems(basin: River) -> Iterator[Problem]:
    """Everything wrong with the priorities, each where it stands."""
    count = Counter(p.name for p in basin.objective.priorities)
    for name in (n for n, times in count.items() if times > 1):
        found = say("{count} priorities of that name", count=count[name])
        yield Problem("twice", say("priority {name}", name=name), found, say("each name once"))
    for priority in basin.objective.priorities:
        where = say("priority {name}", name=priority.name)
        if not priority.claims and not priority.cost:
            yield Problem("empty-priority", where, say("neither claims nor the cost"), say("claims, or cost: true"))
        for chosen in priority.claims:
            yield from _keys(where, chosen)
            yield from _names(basin, where, chosen)


def _keys(where: str, chosen: Claims) -> Iterator[Problem]:
    """Keys that this kind of claim does not have."""
    keys = KEYS.get(chosen.kind, WISH)
    for key in sorted(chosen.model_fields_set - {"kind", *keys}):
        allowed = ", ".join(keys)
        cause = say("A claim of the kind {kind} would not heed it.", kind=chosen.kind)
        yield Problem("claim-key", f"{where}, {chosen.kind}", key, allowed, cause)


def _known(basin: River, chosen: Claims) -> dict[str, set[str]]:
    """Names that each key of a claim may hold: those that there is something to claim of."""
    users = basin.demands.values()
    if chosen.kind == "clauses":
        places = set(basin.clauses)
    elif chosen.kind in ("demands", "threshold_shares"):
        places = {part.node for part in getattr(basin, chosen.kind).values()}
    else:
        places = {part.place for part in getattr(basin, chosen.kind, {}).values()} if chosen.kind not in KEYS else set()
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
    narrowed = chosen.kind == "demands" and chosen.model_fields_set & set(KEYS["demands"])
    if narrowed and matched and not any(chosen.takes(d) for d in basin.demands.values()):
        allowed = say("keys that some user fits all of")
        yield Problem("claims-nothing", f"{where}, {chosen.kind}", say("keys that no user fits all of"), allowed)
    if chosen.kind in ("power", "power_floor") and not (chosen.party in basin.power and basin.power[chosen.party].demand):
        known = {party for party, system in basin.power.items() if system.demand}
        found = say("{party}, which has no power balance", party=chosen.party or "-")
        yield Problem("claims-nothing", f"{where}, {chosen.kind}, party", found, ", ".join(sorted(known)) or "-", slip(chosen.party, known))


def claim_warnings(basin: River) -> Iterator[str]:
    """Pairs of priorities that claim the same thing: only the first of them decides about it."""
    claimed = [(p.name, _claimed(basin, p)) for p in basin.objective.priorities]
    for (first, ones), (second, others) in combinations(claimed, 2):
        both = sorted(name for _, name in ones & others)
        if both:
            names = ", ".join(both[:3]) + (", ..." if len(both) > 3 else "")
            told = say("The priorities {first} and {second} both claim {names}; what the first gets, the second cannot change.",
                       first=first, second=second, names=names)  # fmt: skip
            yield told


def _claimed(basin: River, priority: Priority) -> set[tuple[str, str]]:
    """What the claims of a priority are about, by kind and name; two claims of power of a party differ by season."""
    found: set[tuple[str, str]] = set()
    for chosen in priority.claims:
        if chosen.kind == "demands":
            found |= {(chosen.kind, d.name) for d in basin.demands.values() if chosen.takes(d)}
        elif chosen.kind == "targets":
            found |= {(chosen.kind, x.name) for x in basin.targets.values() if chosen.at(x.place)}
        elif chosen.kind == "floors":
            found |= {(chosen.kind, f.name) for f in basin.floors.values() if chosen.at(f.place)}
        elif chosen.kind == "threshold_shares":
            found |= {(chosen.kind, s.name) for s in basin.threshold_shares.values() if chosen.at(s.node)}
        elif chosen.kind == "power":
            found |= {(chosen.kind, f"{chosen.party}/{season}") for _, season in basin.calendar.seasons if chosen.season in (None, season)}
    return found
