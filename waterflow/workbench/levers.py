"""Levers: the figures of a river that a page lets people move, each an address of a what-if question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.basin.addresses import addressed, listed
from waterflow.basin.agreements import Agreement, Release
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import under
from waterflow.basin.reservoirs import Reservoir
from waterflow.basin.titles import called
from waterflow.calendar import Window
from waterflow.errors import InputError
from waterflow.words.catalogue import say, speaking
from waterflow.words.dates import month_name, window_in_words

__all__ = ["OWN", "PROMISE", "Lever", "levers", "with_promises"]

#: the agreement that holds what is promised on the page
OWN = "workbench"
#: how the names of its clauses begin
PROMISE = "let_go_"
#: how far a factor goes, as shares
FACTORS = {"runoff": (0.5, 1.5), "need": (0.7, 1.1), "limit": (0.85, 1.15)}
#: how far a target may go beyond its own figure, and steps from end to end
FURTHER, STEPS = 1.5, 50


class Lever(Fact):
    """A figure that can be moved."""

    named_by = ("address",)

    address: str = Field(description="As in ``--set``")
    kind: str = Field(description="``factor`` or ``amount``")
    title: str
    unit: str
    value: float = Field(description="As it is; a factor is 1")
    low: float
    high: float
    step: float
    free: bool = Field(description="Whether the plan chooses the figure unless it is promised here")
    main: bool = Field(description="Whether it is shown first")
    season: str | None = Field(description="Of which season it is, if of one")


def with_promises(basin: Basin) -> Basin:
    """A river whose owners could promise to let water go: clauses of 0 Mm3 for each reservoir and season, added to those in force."""
    clauses = []
    for r in _owned(basin):
        for window, season in basin.calendar.seasons:
            promise: dict[str, object] = {
                "name": _promise(basin, r, window, season),
                "type": "release",
                "giver": r.owner,
                "reservoir": r.name,
            }
            promise["figures"] = [{"start": str(window.start), "end": str(window.end), "amount_Mm3": 0.0}]
            for lang, ending in (("en", ""), ("ru", "_ru")):
                with speaking(lang):
                    promise[f"title{ending}"] = say("{name}: release {season}", name=called(basin, r.name), season=_season(basin, season))
                    promise[f"text{ending}"] = say("at least so much is let go")
                    promise["assumed"] = say("moved on the page")
            clauses.append(Release.model_validate(promise))
    return under(basin, [*basin.agreements.values(), Agreement(name=OWN, title=OWN, clauses=tuple(clauses))])


def levers(basin: Basin) -> tuple[Lever, ...]:
    """Every lever of a river with promises, those shown first in front."""
    found = [*_main(basin), *_more(basin)]
    seen: dict[str, Lever] = {}
    for lever in found:
        seen.setdefault(lever.address, lever)
    return tuple(seen.values())


def _owned(basin: Basin) -> list[Reservoir]:
    """Reservoirs that somebody runs for others below, the largest first: with an owner and a way out, and no lake that has a target."""
    ways, lakes = {r.start for r in basin.reaches.values()}, {x.place for x in basin.targets.values()}
    found = (r for r in basin.reservoirs.values() if r.owner and r.name in ways - lakes)
    return sorted(found, key=lambda r: -r.full_storage)


def _promise(basin: Basin, reservoir: Reservoir, window: Window, season: str) -> str:
    """The clause of a reservoir's release in a season; with its year where the horizon meets the season more than once."""
    once = sum(other == season for _, other in basin.calendar.seasons) == 1
    return f"{PROMISE}{reservoir.name}_{season}" + ("" if once else f"_{window.start.year}")


def _season(basin: Basin, season: str) -> str:
    """The months of a season in the horizon: Apr-Sep."""
    window = next(w for w, s in basin.calendar.seasons if s == season)
    return f"{month_name(window.start.month)}–{month_name(window.end.month)}"


def _main(basin: Basin) -> Iterator[Lever]:
    yield _factor("runoff.all", say("Runoff of all rivers"), "runoff", main=True)
    for r in _owned(basin)[:1]:
        yield from _of_reservoir(basin, r, main=True)
    if any(d.use == "irrigation" and sum(d.need) > 0 for d in basin.demands.values()):
        yield _factor(
            "need.irrigation.growing",
            say("What fields ask, {season}", season=_season(basin, "growing")),
            "need",
            main=True,
            season="growing",
        )
    if basin.limits:
        yield _factor(
            "limit.all.growing", say("Limits of all, {season}", season=_season(basin, "growing")), "limit", main=True, season="growing"
        )
    for x in basin.targets.values():
        season = next((s for w, s in basin.calendar.seasons if w.start <= x.window.start <= w.end), "growing")
        whole = x.window in {w for w, _ in basin.calendar.seasons}
        when = _season(basin, season) if whole else window_in_words(str(x.window))
        title = say("{name}: target {season}", name=called(basin, x.place), season=when)
        yield _amount(basin, f"target.{x.place}.{season if whole else x.window}", title, 0.0, FURTHER * x.amount, main=True, season=season)


def _of_reservoir(basin: Basin, r: Reservoir, *, main: bool) -> Iterator[Lever]:
    """Water let go in each season, and what is kept at the end."""
    name = called(basin, r.name)
    above = basin.paths.above(r.name)
    there = r.opening_storage - r.floor + sum(max(0.0, sum(basin.runoff.get(node, ()))) for node in above)
    there += sum(x.opening_storage - x.floor for x in basin.reservoirs.values() if x.name in above - {r.name})
    for window, season in sorted(basin.calendar.seasons, key=lambda x: x[1] != "growing"):
        title = say("{name}: release {season}", name=name, season=_season(basin, season))
        yield _amount(basin, f"clause.{_promise(basin, r, window, season)}", title, 0.0, there, free=True, main=main, season=season)
    end = basin.calendar.end + dt.timedelta(days=1)
    yield _amount(
        basin, f"storage_at_least.{r.name}.{end}", say("{name}: kept at the end", name=name), r.floor, r.ceiling, free=True, main=main
    )


def _more(basin: Basin) -> Iterator[Lever]:
    for r in _owned(basin)[1:]:
        yield from _of_reservoir(basin, r, main=False)
    for r in _owned(basin):
        title = say("{name}: stored at the start", name=called(basin, r.name))
        yield _amount(basin, f"opening_storage.{r.name}", title, r.floor, r.ceiling)
    for found in listed(basin):
        word = found.address.split(".")[0]
        if word == "limit" and len(found.values) == 1:
            party, season = found.owners[0].partition("/")[0], found.address.rsplit(".", 1)[-1]
            title = say("Limit of {party}, {season}", party=party, season=_season(basin, season))
            yield _amount(basin, found.address, title, 0.0, FURTHER * found.values[0], season=season)


def _factor(address: str, title: str, word: str, *, main: bool = False, season: str | None = None) -> Lever:
    low, high = FACTORS[word]
    return Lever(
        address=address, kind="factor", title=title, unit="", value=1.0, low=low, high=high, step=0.01, free=False, main=main, season=season
    )


def _amount(
    basin: Basin, address: str, title: str, low: float, high: float, *, free: bool = False, main: bool = False, season: str | None = None
) -> Lever:
    step = _round((high - low) / STEPS)
    try:
        value = max(low, float(sum(addressed(basin, address).values)))
    except InputError:
        value = low
    top = max(low + step, -(-high // step) * step)
    return Lever(
        address=address,
        kind="amount",
        title=title,
        unit="Mm3",
        value=value,
        low=low,
        high=top,
        step=step,
        free=free,
        main=main,
        season=season,
    )


def _round(step: float) -> float:
    """A step people count in: 1, 2 or 5 times a power of ten."""
    if step <= 0:
        return 1.0
    power = 10.0 ** len(str(int(step))) / 10
    return next(k * power for k in (1, 2, 5, 10) if k * power >= step)
