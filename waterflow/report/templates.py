"""Templates: an agreement and a scenario of one's own for a model, in its own names, with a word on everything that may be changed."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping, Sequence

from waterflow.basin.basin import Basin
from waterflow.basin.reservoirs import Reservoir
from waterflow.basin.titles import called, title_of
from waterflow.calendar import Window
from waterflow.loading.model_file import ModelFile
from waterflow.loading.tables import Row
from waterflow.words.catalogue import say
from waterflow.words.layout import WIDTH, paragraph

__all__ = ["agreement_template", "model_head", "scenario_template"]

#: share of the runoff above a reservoir, or of a need, that a first figure asks for
PART = 0.3
#: tables a model may do without
SPARE = ("floors", "storage_rules", "targets", "power_values")


def _remarks(*sentences: str) -> Iterator[str]:
    """Sentences as lines that are not read."""
    for sentence in sentences:
        yield from (f"# {line}" for line in paragraph(sentence, width=WIDTH - 2).splitlines())


def _text(said: str) -> str:
    """A text as YAML, whatever signs it has."""
    return json.dumps(said, ensure_ascii=False)


def _headed(title: str) -> list[str]:
    """The head of a file."""
    reason = say("a question of our own")
    return ["format: 1", f"title: {_text(title)}", f"reason: {_text(reason)}"]


def _span(window: Window) -> str:
    """The days of a window, meant in every year."""
    return f'start: "{window.start:%m-%d}", end: "{window.end:%m-%d}"'


def _rounded(value: float) -> float:
    """A figure to two digits."""
    return round(value, 1 - math.floor(math.log10(value))) if value > 0 else 0.0


def agreement_template(basin: Basin, asked: str, path: str, source: str) -> str:
    """An agreement with one clause in force and others to take up, as YAML.

    Parameters
    ----------
    basin : Basin
        Whose parties, reservoirs, users and lines the clauses name.
    asked : str
        How the model is named on the command line.
    path : str
        What the file will be called.
    source : str
        A key of the sources of the model's tables.
    """
    first, others = _first(basin), [*_others(basin, source)]
    lines = [
        *_remarks(
            say("An agreement of your own for {title}. What follows a # is not read.", title=title_of(basin, basin.name)),
            say("Look at it with: {command}", command=f"waterflow clauses {asked} --agreement {path}"),
            say("Parties: {names}.", names=", ".join(basin.parties)),
        ),
        *_headed(say("Agreement of our own")),
        "clauses:",
        *(f"  {line}" for line in first),
    ]
    if others:
        lines += ["", *_remarks(say("More clauses: take the # in front of their lines away."))]
    for clause in others:
        lines += ["", *(f"#  {line}" for line in clause)]
    return "\n".join(lines) + "\n"


def _clause(name: str, kind: str, about: str, parties: Sequence[str], words: Sequence[str]) -> list[str]:
    giver, *receivers = parties
    assumed = say("a first figure, to be replaced by what is agreed")
    return [
        f"- id: {name}",
        f"  type: {kind}",
        f"  title: {_text(about)}",
        f"  text: {_text(about + '.')}",
        f"  giver: {giver}",
        *([f"  receivers: [{receivers[0]}]"] if receivers else []),
        *(f"  {word}" for word in words),
        f"  assumed: {_text(assumed)}",
    ]


def _first(basin: Basin) -> list[str]:
    """A clause that any river can have: a release, a delivery, or a flow."""
    window = basin.calendar.seasons[-1][0]
    named = _largest(basin)
    price = say("USD per m3; makes the clause soft: it may be missed at that price")
    soft = f"# concession_price: 0.05   # {price}"
    above = _runoff_above(basin, named.name, window) if named else 0.0
    if named and above > 0:
        figure = f"figures: [{{{_span(window)}, amount_Mm3: {_rounded(PART * above):g}}}]"
        rules, dams = say("or at_most, or exactly"), say("one of {names}", names=", ".join(_dams(basin)))
        words = [f"reservoir: {named.name}   # {dams}", f"rule: at_least   # {rules}", figure, soft]
        about = say("Release of {place}", place=called(basin, named.name))
        return _clause("first_release", "release", about, _two(basin, named.owner), words)
    days = basin.calendar.inside(window)
    for demand in basin.demands.values():
        need = sum(demand.need[k] for k in days)
        if need > 0:
            figure = f"figures: [{{{_span(window)}, amount_Mm3: {_rounded(PART * need):g}}}]"
            about = say("Water for {user}", user=called(basin, demand.name))
            names = say("one of {names}", names=", ".join(basin.demands))
            words = [f"demand: {demand.name}   # {names}", figure, soft]
            return _clause("first_delivery", "delivery", about, _two(basin, demand.party, last=True), words)
    reach = next(iter(basin.reaches.values()))
    words = [f"reach: {reach.name}", f"figures: [{{{_span(window)}, flow_m3s: 0.1}}]", soft]
    return _clause("first_flow", "flow_floor", say("Flow in {reach}", reach=called(basin, reach.name)), _two(basin, ""), words)


def _others(basin: Basin, source: str) -> Iterator[list[str]]:
    """Clauses of other types that this river can have."""
    window = basin.calendar.seasons[0][0]
    if r := _largest(basin):
        # the day on which the window's last period has ended
        day = window.end + dt.timedelta(days=1)
        kept = _rounded(r.lowest_storage + PART * (r.full_storage - r.lowest_storage))
        figure = f'figures: [{{date: "{day:%m-%d}", amount_Mm3: {kept:g}}}]'
        about = say("Water kept in {place}", place=called(basin, r.name))
        yield _clause("kept_storage", "storage", about, _two(basin, r.owner), [f"reservoir: {r.name}", "rule: at_least", figure])
    buyer = next((s for s in basin.supplies.values() if s.kind == "import" and s.line and not s.clause), None)
    if buyer:
        giver = next(p for p in basin.parties if p != buyer.party)
        figure = f"figures: [{{{_span(window)}, energy_GWh: 100}}]"
        displaces = say("over a line of the tables the power takes the place of other imports")
        line = f"way: {{line: {buyer.line}}}   # {displaces}"
        about = say("Power for {party}", party=buyer.party)
        yield _clause("power_over_a_line", "energy_delivery", about, [giver, buyer.party], [figure, line])
        own = f"way: {{line: new_line, additional: true, capacity_MW: 300, cost_USD_per_kWh: 0.03, grade: assumed, source: {source}}}"
        about = say("New power for {party}", party=buyer.party)
        remark = say("a source is a key of sources.yaml")
        yield _clause("new_power", "energy_delivery", about, [giver, buyer.party], [figure, f"{own}   # {remark}"])


def _dams(basin: Basin) -> list[str]:
    """Reservoirs, lakes left out."""
    return [name for name in basin.reservoirs if basin.nodes[name].kind == "reservoir"]


def _largest(basin: Basin) -> Reservoir | None:
    """The largest reservoir."""
    return max((basin.reservoirs[name] for name in _dams(basin)), key=lambda r: r.full_storage, default=None)


def _two(basin: Basin, own: str, *, last: bool = False) -> list[str]:
    """A giver and a receiver: a party and another, or one alone."""
    own = own or basin.parties[0]
    found = [own, *[p for p in basin.parties if p != own][:1]]
    return found[::-1] if last else found


def _runoff_above(basin: Basin, node: str, window: Window) -> float:
    """Runoff into a node and all above it over a window, Mm3."""
    above, waiting = {node}, [node]
    while waiting:
        for reach in basin.paths.arriving[waiting.pop()]:
            start = basin.reaches[reach].start
            if start not in above:
                above.add(start)
                waiting.append(start)
    days = basin.calendar.inside(window)
    return sum(basin.runoff[n][k] for n in above if n in basin.runoff for k in days)


def scenario_template(model: ModelFile, tables: Mapping[str, Sequence[Row]], asked: str, path: str) -> str:
    """A scenario with one change and every other choice there is, as YAML.

    Parameters
    ----------
    model : ModelFile
        As it stands.
    tables : mapping of table to rows
        Every row, chosen or not.
    asked : str
        How the model is named on the command line.
    path : str
        What the file will be called.
    """
    there = {name: sorted({row.text("series") for row in rows if "series" in row.values}) for name, rows in tables.items()}
    moved, step = _changed(model, tables, there)
    lines = [
        *_remarks(
            say("A scenario of your own for {title}: other choices among what the tables have.", title=model.title),
            say("Look at it with: {command}", command=f"waterflow allocate {asked} --scenario {path}"),
            say("A single figure is asked about with --set instead; waterflow addresses lists them."),
        ),
        *_headed(say("Scenario of our own")),
        *([f"step: {step}"] if step else []),
        *(["series:"] if moved else ["# series:"]),
    ]
    for table, choice in model.series.items():
        to = moved.get(table)
        also = ", ".join(x for x in (*there.get(table, ()), "none") if x != (to or choice))
        told = say("also: {names}", names=also)
        lines.append(f"  {table}: {to}   # {told}" if to else f"  # {table}: {choice}   # {told}")
    return "\n".join(lines) + "\n"


def _changed(model: ModelFile, tables: Mapping[str, Sequence[Row]], there: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], str]:
    """One change that any season can have: other runoff by month, the other step, or a table left out."""
    now = model.series.get("runoff", "")
    by_month = sorted({row.text("series") for row in tables.get("runoff", ()) if "month" in row.values})
    other = next((series for series in by_month if series != now), "")
    if other:
        return {"runoff": other}, ""
    step = next((s for s in model.steps if s != model.step), "")
    if step:
        return {}, step
    return {name: "none" for name in SPARE if model.series.get(name, "none") != "none" and there.get(name)}, ""


def model_head(path: str) -> str:
    """What a model is made of, as lines that are not read."""
    return "\n".join(
        _remarks(
            say("A model of your own. This file chooses; the figures stand in tables/, each row with a source and a grade."),
            say("See that it is whole with: {command}", command=f"waterflow check {path}"),
            say("nodes.csv and reaches.csv are the river; demands.csv and needs.csv its users; runoff.csv the water of each month."),
            say("Every table and column: docs/reference/tables.md. Sources are named in tables/sources.yaml."),
        )
    )
