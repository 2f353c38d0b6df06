"""What a name means that somebody typed: a place of the plan in force by its id or title, and what may be told of it."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.errors import Problem
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.lines import FULFILLED
from waterflow.ledger.rows import Row
from waterflow.loading.spellings import QUANTITIES, plain
from waterflow.words.catalogue import say
from waterflow.words.near import either, slip

__all__ = ["TOLD", "LedgerPlaces"]

#: what may be told of each sort of place; the first is meant where nothing is said, but of a reservoir it must be said
TOLD = {
    "reservoir": ("storage", "release", "inflow", "spill", "runoff"),
    "demand": ("withdrawal",),
    "reach": ("flow",),
    "gauge": ("flow",),
    "node": ("inflow", "runoff"),
    "clause": (FULFILLED,),
}
#: other spellings of quantities that a plan brought by hand does not have
MORE: dict[str, tuple[str, ...]] = {
    "storage": ("volume", "объем", "запас", "объем_воды"),
    "inflow": ("arriving", "приток"),
    "runoff": ("own_runoff", "lateral_inflow", "side_inflow", "боковой_приток", "боковая_приточность"),
    FULFILLED: ("done", "delivered", "исполнено", "выполнено"),
}
SPELLINGS = {**QUANTITIES, **MORE}
WORDS = tuple(dict.fromkeys(q for told in TOLD.values() for q in told))


class LedgerPlaces:
    """Finds places of the plan in force; without a plan every name is taken as it stands, which is told."""

    def __init__(self, ledger: Ledger) -> None:
        name = next(reversed(ledger.plans), "")
        self.rows = {row["place"]: row for row in ledger.of_plan(name) if row.kind in ("place", "clause")}
        self.known: dict[str, list[str]] = {}
        for place, row in self.rows.items():
            for said in dict.fromkeys(map(plain, self._names(place, row))):
                if said:
                    self.known.setdefault(said, []).append(place)

    @staticmethod
    def _names(place: str, row: Row) -> Iterator[str]:
        yield from (place, row["title"], row["title_ru"], row["clause"])

    def find(self, place: str, quantity: str, where: str) -> tuple[str, str] | Problem:
        """(place, quantity) that is meant, or why it is none; a quantity may also end the place's name."""
        said = plain(quantity)
        word = next((word for word, others in SPELLINGS.items() if said == word or said in others), "")
        if quantity and not word:
            return Problem("unknown-quantity", where, quantity, either(WORDS), slip(said, SPELLINGS))
        name = plain(place)
        if not quantity and name not in self.known:
            name, word = self._ending(name)
        if not self.rows:
            if not word:
                return Problem("unknown-quantity", where, say("no quantity"), either(WORDS))
            return name if name != plain(place) else place, word
        meant = self.known.get(name, [])
        fitting = [p for p in meant if not word or word in TOLD[self._sort(p)]]
        if not meant:
            found = place or say("a blank")
            return Problem("unknown-place", where, found, say("a place or a clause of the plan in force"), slip(name, self.known))
        if len(fitting) != 1:
            sorts = dict.fromkeys(q for p in meant for q in TOLD[self._sort(p)])
            found = say("{quantity} of {name}", quantity=word or say("no quantity"), name=place)
            allowed = either(tuple(fitting)) if len(fitting) > 1 else either(tuple(sorts))
            return Problem("unknown-quantity", where, found, allowed)
        chosen = fitting[0]
        told = TOLD[self._sort(chosen)]
        if not word and self._sort(chosen) == "reservoir":
            return Problem("unknown-quantity", where, say("no quantity of {name}", name=place), either(told))
        return self.rows[chosen]["reach"] or chosen, word or told[0]

    def _sort(self, place: str) -> str:
        return str(self.rows[place]["sort"] or "clause")

    def _ending(self, name: str) -> tuple[str, str]:
        """A name and the quantity that ends it: ``mountain_storage``."""
        for word, others in SPELLINGS.items():
            for spelling in sorted((word, *others), key=len, reverse=True):
                stem = name.removesuffix(f"_{spelling}")
                if stem != name and (stem in self.known or not self.rows):
                    return stem, word
        return name, ""

    def unit_wrong(self, place: str, quantity: str, unit: str) -> str:
        """The units that would fit where this one does not; empty where it does."""
        row = self.rows.get(place)
        fits: tuple[str, ...]
        if quantity == FULFILLED and row is not None:
            fits = ("GWh",) if row["unit"] == "GWh" else ("Mm3", "m3/s")
        else:
            fits = ("Mm3",) if quantity == "storage" else ("Mm3", "m3/s") if quantity != FULFILLED else ("Mm3", "m3/s", "GWh")
        return "" if unit in fits else either(fits)
