"""A river as a page draws it: places, ways, reservoirs and users, and what can be chosen and moved."""

from __future__ import annotations

import math
from dataclasses import asdict

from waterflow.basin.basin import Basin
from waterflow.basin.part import Series
from waterflow.basin.reservoirs import Reservoir
from waterflow.basin.titles import called, title_of
from waterflow.loading.model import Model
from waterflow.observations.seen import seen_in_season
from waterflow.workbench.levers import OWN, Lever
from waterflow.workbench.picture import places_of_users
from waterflow.workbench.river_facts import (
    Choice,
    DrawnNode,
    DrawnReach,
    DrawnReservoir,
    DrawnUser,
    MapPlace,
    RiverFacts,
    SeasonOf,
    SeenFact,
)

__all__ = ["river_facts"]


def river_facts(model: Model, basin: Basin, levers: tuple[Lever, ...]) -> RiverFacts:
    """What a page draws of a river: of the model as it was read, with promises that can be made."""
    seen, places = seen_in_season(basin, model.folder), _places(model)
    cited = sorted({x.source for x in seen} | {x.source for x in places})
    assumed, rows = basin.assumed_rows()
    grades = sorted({grade for counts in basin.grades.values() for grade in counts})
    calendar = basin.calendar
    return RiverFacts(
        model=basin.name,
        scenario=basin.scenario or None,
        title=title_of(basin, basin.name),
        step=calendar.step,
        horizon=f"{calendar.start}/{calendar.end}",
        periods=calendar.labels,
        days=tuple(p.days for p in calendar.periods),
        seasons=tuple(SeasonOf(season=s, window=str(w), periods=calendar.inside(w)) for w, s in calendar.seasons),
        in_force=tuple(name for name in basin.agreements if name != OWN),
        parties=basin.parties,
        party_titles={name: title_of(model.file.party_titles.get(name), name) for name in basin.parties},
        priorities=tuple(Choice(name=p.name, title=title_of(p, p.name)) for p in basin.objective.priorities),
        nodes=tuple(DrawnNode(name=n.name, title=called(basin, n.name), kind=n.kind, x=n.x, y=n.y) for n in basin.nodes.values()),
        reaches=tuple(
            DrawnReach(name=r.name, title=called(basin, r.name), start=r.start, end=r.end, spillway=r.spillway)
            for r in basin.reaches.values()
        ),
        reservoirs=tuple(_reservoir(basin, r) for r in basin.reservoirs.values()),
        users=tuple(
            DrawnUser(place=place, party=party, users=tuple(called(basin, u) for u in users))
            for (place, party), users in places_of_users(basin).items()
        ),
        levers=levers,
        seen=tuple(SeenFact(**asdict(x)) for x in seen),
        on_map=places,
        sources={key: str(model.sources.get(key, {}).get("title", key)) for key in cited},
        rows=rows,
        by_grade={grade: sum(counts.get(grade, 0) for counts in basin.grades.values()) for grade in grades},
        assumed=assumed,
        head=bool(basin.head_plants),
        notices=basin.notices,
    )


def _places(model: Model) -> tuple[MapPlace, ...]:
    """Places with a position, as the model's tables have them."""
    return tuple(
        MapPlace(
            place=row.text("node"),
            longitude=row.number("longitude_degrees"),
            latitude=row.number("latitude_degrees"),
            source=row.text("source"),
            grade=row.text("grade"),
            note=row.text("note"),
        )
        for row in model.rows.get("map_places", ())
    )


def _reservoir(basin: Basin, r: Reservoir) -> DrawnReservoir:
    """A reservoir, and the storages it was seen at, period by period."""
    seen = next((x for x in basin.operating_ranges.values() if x.reservoir == r.name and x.kind == "storage"), None)
    nothing = (None,) * len(basin.calendar.periods)
    return DrawnReservoir(
        name=r.name,
        owner=r.owner,
        lowest=r.lowest_storage,
        full=r.full_storage,
        opening=r.opening_storage,
        seen_low=_known(seen.low) if seen else nothing,
        seen_high=_known(seen.high) if seen else nothing,
        levels=r.levels,
    )


def _known(series: Series) -> tuple[float | None, ...]:
    return tuple(float(x) if math.isfinite(x) else None for x in series)
