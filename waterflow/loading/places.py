"""Places: what a name means that somebody typed; ids and titles in English and Russian, close matches for the rest."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.basin.basin import Basin
from waterflow.errors import Problem
from waterflow.loading.spellings import QUANTITIES, plain, quantity_of
from waterflow.words.catalogue import say, say_many
from waterflow.words.near import did_you_mean, either

__all__ = ["Places"]

#: what may be said of each kind of place; the first is meant where nothing is said
SAID = {"reservoir": ("release", "spill", "filling", "flow"), "reach": ("flow", "release", "filling", "spill"), "demand": ("withdrawal",)}


class Places:
    """Finds reservoirs, reaches and demands of a basin by what people call them."""

    def __init__(self, basin: Basin) -> None:
        self.basin = basin
        self.known: dict[str, list[tuple[str, str]]] = {}
        for kind, name, said in self._names():
            entry = self.known.setdefault(plain(said), [])
            if said and (kind, name) not in entry:
                entry.append((kind, name))

    def _names(self) -> Iterator[tuple[str, str, str]]:
        """(kind, name, spelling) of everything that can be given."""
        for r in self.basin.reservoirs:
            node = self.basin.nodes[r]
            yield from (("reservoir", r, said) for said in (r, node.title, node.title_ru))
        for reach in self.basin.reaches.values():
            yield from (("reach", reach.name, said) for said in (reach.name, reach.title, reach.title_ru))
        for d in self.basin.demands.values():
            yield from (("demand", d.name, said) for said in (d.name, d.title, d.title_ru))

    def find(self, place: str, quantity: str, where: str) -> tuple[str, str] | Problem:
        """``("reach", name)`` or ``("demand", name)`` that is meant, or why it is none."""
        said = quantity_of(quantity)
        if quantity and not said:
            return Problem("unknown-quantity", where, quantity, ", ".join(QUANTITIES), did_you_mean(plain(quantity), QUANTITIES, 3))
        meant = self.known.get(plain(place), [])
        if not meant:
            ids = [name for found in self.known.values() for _, name in found]
            cause = did_you_mean(plain(place), [*self.known, *ids], 3)
            return Problem("unknown-place", where, place or say("a blank"), say("a reservoir, reach or demand of the model"), cause)
        fitting = [(kind, name) for kind, name in meant if not said or said in SAID[kind]]
        if not fitting:
            kind, name = meant[0]
            return Problem(
                "unknown-quantity",
                where,
                say("{quantity} of {kind} {name}", quantity=quantity, kind=kind, name=name),
                either(SAID[kind]),
            )
        kind, name = fitting[0]
        if kind == "demand":
            return "demand", name
        ways = (name,) if kind == "reach" else self._ways(name, said or "release")
        return self._decided(ways, name, said, where)

    def _ways(self, reservoir: str, said: str) -> tuple[str, ...]:
        """The reaches by which a reservoir releases, spills or is filled."""
        if said == "filling":
            arriving = self.basin.paths.arriving[reservoir]
            return tuple(a for a in arriving if len(self.basin.paths.departing[self.basin.reaches[a].start]) > 1)
        leaving = self.basin.paths.departing[reservoir]
        return tuple(a for a in leaving if self.basin.reaches[a].spillway == (said == "spill"))

    def _decided(self, ways: tuple[str, ...], name: str, said: str, where: str) -> tuple[str, str] | Problem:
        if len(ways) != 1:
            allowed = say("the name of a reach: {names}", names=", ".join(ways)) if ways else say("a reservoir that has such a way")
            return Problem(
                "not-a-decision",
                where,
                say_many(
                    "{quantity} of {name}, which goes {count} way",
                    "{quantity} of {name}, which goes {count} ways",
                    len(ways),
                    quantity=said or "release",
                    name=name,
                ),
                allowed,
            )
        start = self.basin.reaches[ways[0]].start
        if start not in self.basin.reservoirs and len(self.basin.paths.departing[start]) == 1:
            allowed = say("a reach out of a reservoir, or one of several out of a place")
            return Problem(
                "not-a-decision", where, say("flow of {way}", way=ways[0]), allowed, say("It takes what comes to {start}.", start=start)
            )
        return "reach", ways[0]
