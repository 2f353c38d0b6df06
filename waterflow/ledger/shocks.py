"""Shocks: a plant, a line, a canal or a dam that fails or is restrained from a date on, made of the basin it happens to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from waterflow.accounts.fact import Fact
from waterflow.basin.basin import Basin
from waterflow.basin.reservoirs import StorageRule
from waterflow.calendar import Period
from waterflow.errors import InputError, Problem, unknown
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["KINDS", "Shock", "beginning", "read_shock", "struck"]

Kind = Literal["plant", "supply", "line", "canal", "reach", "dam", "reservoir"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: unit that what is left of each kind may be said in, besides a share
UNITS = {"plant": "MW", "supply": "MW", "line": "MW", "canal": "m3s", "reach": "m3s", "dam": "m3s", "reservoir": "Mm3"}
GWH_PER_MW_DAY = 24 / 1000
SPEC = re.compile(r"(?P<kind>[a-z]+):(?P<name>[^=@]+)(=(?P<left>[0-9.]+)(?P<unit>%|MW|m3s|Mm3|m3/s)?)?(@(?P<start>[^/]+)(/(?P<end>.+))?)?$")


class Shock(Fact):
    """Something that fails, or is restrained to a share or a figure, in some periods.

    ``share`` is what is left of it, or ``figure`` the most it does: MW, m3/s, or Mm3 that a reservoir holds at most.
    """

    kind: Kind
    name: str
    share: float | None
    figure: float | None
    unit: str
    start: str
    end: str


def read_shock(text: str, basin: Basin) -> Shock:
    """``plant:NAME``, ``line:NAME=50%@2025-01``, ``dam:NAME=200m3s@2025-01/2025-03``: what, what is left of it, from when to when.

    Raises
    ------
    InputError
        If it is not written so, or names nothing of the basin; says what there is.
    """
    found = SPEC.match(text.strip())
    if not found or found["kind"] not in KINDS:
        kind = text.partition(":")[0]
        example = say("KIND:NAME[=LEFT][@FROM[/UNTIL]], as plant:NAME=50%@2025-01/2025-03; kinds: {kinds}", kinds=", ".join(KINDS))
        raise Problem("bad-shock", text, text, example, slip(kind, KINDS)).refusal()
    kind, name = found["kind"], found["name"].strip()
    known = known_names(basin)[kind]
    if name not in known:
        code = {"canal": "demand", "dam": "reservoir"}.get(kind, kind)
        raise InputError([unknown(code, text, name, known)])
    share, figure = _left(text, kind, found["left"], (found["unit"] or "").replace("m3/s", "m3s"))
    start, end = _span(basin, text, found["start"], found["end"])
    return Shock(kind=kind, name=name, share=share, figure=figure, unit=UNITS[kind], start=str(start), end=str(end))


def known_names(basin: Basin) -> dict[str, list[str]]:
    """Names that each kind may have."""
    traded = [*basin.supplies.values(), *basin.exports.values()]
    return {
        "plant": list(basin.plants),
        "supply": list(basin.supplies),
        "line": sorted({x.line for x in traded if x.line}),
        "canal": list(basin.demands),
        "reach": list(basin.reaches),
        "dam": [r for r in basin.reservoirs if _ways(basin, r)],
        "reservoir": list(basin.reservoirs),
    }


def _left(text: str, kind: str, left: str | None, unit: str) -> tuple[float | None, float | None]:
    """The share or the figure that is left; nothing is left where nothing is said."""
    if left is None and kind != "reservoir":
        return 0.0, None
    allowed = say("a share as 50%, or a figure in {unit}", unit=UNITS[kind])
    try:
        value = float(left or "")
    except ValueError:
        raise Problem("bad-shock", text, left or say("nothing left of a reservoir"), allowed).refusal() from None
    if unit == "%" and value <= 100:
        return value / 100, None
    if unit == UNITS[kind]:
        return None, value
    raise Problem("bad-shock", text, f"{left}{unit}", allowed).refusal()


def _span(basin: Basin, text: str, start: str | None, end: str | None) -> tuple[dt.date, dt.date]:
    """First and last day; the whole horizon without."""
    periods = basin.calendar.periods
    first = _edge(basin, text, start, 0).start if start else periods[0].start
    last = _edge(basin, text, end, -1).end if end else periods[-1].end
    if last < first:
        raise Problem("bad-shock", text, f"{start}/{end}", say("an end that is not before the beginning"), say("Swapped?")).refusal()
    return first, last


def _edge(basin: Basin, text: str, said: str, which: int) -> Period:
    """The period that is meant by its label, by a month, or by a day in it."""
    periods = basin.calendar.periods
    found = [p for p in periods if p.label == said or p.label.startswith(f"{said}-")]
    found = found or [p for p in periods if str(p.start) <= said <= str(p.end) and len(said) == len("2025-01-01")]
    if not found:
        allowed = say("{first} to {last}", first=periods[0].label, last=periods[-1].label)
        raise Problem("outside-horizon", text, said, allowed, say("Another season, or another step?")).refusal()
    return found[which]


def _ways(basin: Basin, reservoir: str) -> tuple[str, ...]:
    return basin.paths.released[reservoir]


def beginning(shocks: Iterable[Shock]) -> str:
    """The day the first of some shocks begins: nobody knows of any before."""
    return min(shock.start for shock in shocks)


@dataclass(frozen=True)
class _Strike:
    """One shock laid over the periods of a basin."""

    basin: Basin
    shock: Shock

    def hit(self, period: Period) -> bool:
        """True if it lasts through a period."""
        return self.shock.start <= str(period.start) and str(period.end) <= self.shock.end

    def most(self, per_period: Callable[[Period], float], has: tuple[float, ...] | None, otherwise: tuple[float, ...]) -> tuple[float, ...]:
        """A capacity as it is left: a share of what there is, or the figure if that is less."""
        there = has or otherwise
        return tuple(
            (self.shock.share * x if self.shock.share is not None else min(x, (self.shock.figure or 0.0) * per_period(p)))
            if self.hit(p)
            else x
            for p, x in zip(self.basin.calendar.periods, there, strict=True)
        )

    def unlimited(self, name: str) -> tuple[float, ...]:
        """What stands for no limit; a share of it says nothing."""
        if self.shock.share not in (None, 0.0):
            found = say("a share of {name}, whose capacity no table has", name=name)
            raise Problem("bad-shock", f"{self.shock.kind}:{name}", found, say("a figure in {unit}", unit=self.shock.unit)).refusal()
        return (1e9,) * len(self.basin.calendar.periods)

    def supplied(self, x: Any, part: tuple[float, ...] | None = None) -> Any:
        """A supply or export with what is left of it; what must run runs no more than that."""
        capacity = part or self.most(lambda p: GWH_PER_MW_DAY * p.days, x.capacity, ())
        found = x.model_copy(update={"capacity": capacity})
        forced = getattr(x, "must_run", None)
        return found.model_copy(update={"must_run": tuple(map(min, forced, capacity))}) if forced else found


def struck(basin: Basin, shocks: Iterable[Shock]) -> Basin:
    """The basin in which some things have failed.

    A plant makes and turbines less; a supply, or all that is traded over a line (in parts of what each could carry), gives
    less; a canal and a reach carry less; a dam lets go less, by its spillways as before; a reservoir holds no more than so much.

    Raises
    ------
    InputError
        If a share is asked of what has no capacity.
    """
    for shock in shocks:
        basin = STRIKES[shock.kind](_Strike(basin, shock))
    return basin


def _plant(of: _Strike) -> Basin:
    plant, name = of.basin.plants[of.shock.name], of.shock.name
    days = {"most_energy": lambda p: GWH_PER_MW_DAY * p.days}
    if plant.most_energy is None and plant.capacity is None:
        made = of.most(days["most_energy"], None, of.unlimited(name))
        changed = {"most_energy": tuple(min(x, 1e8) for x in made)}
    elif of.shock.share is not None:
        changed = {f: of.most(days["most_energy"], getattr(plant, f), ()) for f in ("most_energy", "capacity") if getattr(plant, f)}
    else:
        changed = {"most_energy": of.most(days["most_energy"], plant.most_energy, (1e8,) * len(of.basin.calendar.periods))}
    return of.basin.replaced(plants={**of.basin.plants, name: plant.model_copy(update=changed)})


def _supply(of: _Strike) -> Basin:
    return of.basin.replaced(supplies={**of.basin.supplies, of.shock.name: of.supplied(of.basin.supplies[of.shock.name])})


def _line(of: _Strike) -> Basin:
    """Each side of a line is cut on its own: what is bought over it, and what is sold."""
    fields = {}
    for field in ("supplies", "exports"):
        parts = dict(getattr(of.basin, field))
        over = {n: x for n, x in parts.items() if x.line == of.shock.name}
        whole = tuple(map(sum, zip(*(x.capacity for x in over.values()), strict=True))) if over else ()
        left = of.most(lambda p: GWH_PER_MW_DAY * p.days, whole, ()) if over else ()
        for n, x in over.items():
            part = tuple(c * (a / b if b else 0.0) for c, a, b in zip(x.capacity, left, whole, strict=True))
            parts[n] = of.supplied(x, part)
        fields[field] = parts
    return of.basin.replaced(**fields)


def _canal(of: _Strike) -> Basin:
    demand = of.basin.demands[of.shock.name]
    has = demand.capacity or (of.unlimited(demand.name) if of.shock.share != 0 else demand.need)
    capacity = tuple(min(x, 1e8) for x in of.most(lambda p: 1 / p.rate, has, ()))
    if demand.capacity is None and of.shock.share == 0:
        capacity = tuple(0.0 if of.hit(p) else 1e8 for p in of.basin.calendar.periods)
    return of.basin.replaced(demands={**of.basin.demands, demand.name: demand.model_copy(update={"capacity": capacity})})


def _reach(of: _Strike) -> Basin:
    return of.basin.replaced(reaches={**of.basin.reaches, of.shock.name: _restrained(of, of.shock.name)})


def _restrained(of: _Strike, name: str) -> Any:
    reach = of.basin.reaches[name]
    capacity = of.most(lambda p: 1 / p.rate, reach.capacity, () if reach.capacity else of.unlimited(name))
    if reach.capacity is None and of.shock.share == 0:
        capacity = tuple(0.0 if of.hit(p) else 1e8 for p in of.basin.calendar.periods)
    return reach.model_copy(update={"capacity": tuple(min(x, 1e8) for x in capacity)})


def _dam(of: _Strike) -> Basin:
    ways = _ways(of.basin, of.shock.name)
    if len(ways) > 1 and of.shock.figure is not None:
        found = say("a figure for several ways out: {names}", names=", ".join(ways))
        raise Problem("bad-shock", f"dam:{of.shock.name}", found, say("a share, or reach:NAME for each of them")).refusal()
    return of.basin.replaced(reaches={**of.basin.reaches, **{a: _restrained(of, a) for a in ways}})


def _reservoir(of: _Strike) -> Basin:
    """No more than so much at the end of any period that it lasts."""
    full = of.basin.reservoirs[of.shock.name].full_storage
    most = of.shock.figure if of.shock.share is None else of.shock.share * full
    rules = {
        rule.name: rule
        for k, p in enumerate(of.basin.calendar.periods)
        if of.hit(p)
        for rule in [
            StorageRule(name=f"{of.shock.name}/restrained/{p.label}", reservoir=of.shock.name, period=k, rule="at_most", storage=most)
        ]
    }
    return of.basin.replaced(storage_rules=dict(sorted({**of.basin.storage_rules, **rules}.items())))


STRIKES: dict[str, Callable[[_Strike], Basin]] = {
    "plant": _plant,
    "supply": _supply,
    "line": _line,
    "canal": _canal,
    "reach": _reach,
    "dam": _dam,
    "reservoir": _reservoir,
}
