"""Hindsight as a table, as plain sentences and as rows for spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence

from waterflow.report.names import grade
from waterflow.report.past_names import season_called
from waterflow.units import split_unit
from waterflow.validation.hindsight_facts import (
    COLUMNS,
    Delivered,
    EnergyFigures,
    Generated,
    HindsightFacts,
    Stored,
    ToTarget,
    Unserved,
    WaterFigures,
)
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, quantity

__all__ = ["hindsight_csv", "hindsight_sentences", "hindsight_text"]

HEAD = ("section", "scenario", "place", "window", "quantity", "unit", "value")
#: what names the place and the time of a row, section by section
SECTIONS = {
    "deliveries": (("party",), "window"),
    "energy": (("party",), "window"),
    "storages": (("place",), "date"),
    "inflows": (("place", "agency"), "window"),
    "targets": (("place",), "window"),
    "unserved": (("party",), "window"),
}
#: power unserved at what was done is told above this, GWh
UNSERVED = 0.5
#: a delivery this much above what was taken is told, Mm3
TOLD = 50.0
NAMES = {"done": mark("done"), "model": mark("model"), "hindsight": mark("hindsight"), "free": mark("free")}
LEGEND = mark(
    "done: observed or published. model: bound to the storages and withdrawals seen, shows the model's own error. "
    "hindsight: leaves at least the storages seen at the end. free: without that rule. difference: hindsight less done. "
    "-: not seen, not published or not bound."
)
Row = WaterFigures | EnergyFigures


def _figures(x: Row) -> tuple[float | None, ...]:
    unit = "Mm3" if isinstance(x, WaterFigures) else "GWh"
    return tuple(getattr(x, f"{name}_{unit}") for name in COLUMNS)


def _more(x: Row) -> float:
    """Hindsight less what was done; nothing where one of them is not known."""
    done, _, hindsight, _ = _figures(x)
    return 0.0 if done is None or hindsight is None else hindsight - done


def _cells(x: Row) -> list[str]:
    """The four columns, and hindsight less done."""
    figures = _figures(x)
    more = number(round(_more(x)))
    return [*map(number, figures), "-" if figures[0] is None else more if more.startswith("-") else f"+{more}"]


def _party_rows(facts: HindsightFacts) -> Iterator[list[str]]:
    for party in sorted({x.party for x in facts.deliveries} | {x.party for x in facts.energy} | {x.party for x in facts.unserved}):
        sections: tuple[tuple[str, tuple[Delivered | Generated | Unserved, ...]], ...] = (
            (say("trunk canals, Mm3"), facts.deliveries),
            (say("energy, GWh"), facts.energy),
            (say("unserved power, GWh"), facts.unserved),
        )
        for name, section in sections:
            yield from ([party, name, season_called(x.season), *_cells(x)] for x in section if x.party == party)


def _river_tables(facts: HindsightFacts, head: Sequence[str]) -> Iterator[str]:
    """Storages, then inflow and deliveries place by place."""
    if facts.storages:
        rows = [[x.title, x.date, *_cells(x)] for x in facts.storages]
        yield columns([say("storage, Mm3"), say("date"), *head], rows, 2)
    for title in dict.fromkeys(x.title for x in facts.inflows):
        rows = [[x.agency_title, season_called(x.season), *_cells(x)] for x in facts.inflows if x.title == title]
        yield say("Inflow, Mm3: {place}", place=title) + "\n" + columns([say("agency"), say("season"), *head], rows, 2)
    for title in dict.fromkeys(x.title for x in facts.targets):
        rows = [[_published(x), window_in_words(x.window), *_cells(x)] for x in facts.targets if x.title == title]
        yield say("Delivered, Mm3: {place}", place=title) + "\n" + columns([say("fact"), say("when"), *head], rows, 2)


def _published(x: ToTarget) -> str:
    return say("not published") if x.done_Mm3 is None else grade(str(x.grade))


def _own_error(facts: HindsightFacts) -> Iterator[str]:
    """What gauges and the bound model say of the same water."""
    for place, window in dict.fromkeys((x.place, x.window) for x in facts.inflows):
        same = [x for x in facts.inflows if (x.place, x.window) == (place, window)]
        yield say(
            "{place}, {season}: bound to what was done the model brings {model} Mm3; seen were {seen}. "
            "That is the error of model and gauges together: set hindsight against the column model.",
            place=same[0].title,
            season=season_called(same[0].season),
            model=number(same[0].model_Mm3),
            seen=", ".join(f"{number(x.done_Mm3)} ({x.agency_title})" for x in same),
        )


def _told(facts: HindsightFacts) -> Iterator[str]:
    """Where hindsight differs from what was done: users, winter energy, storages."""
    for x in facts.deliveries:
        if _more(x) > TOLD:
            yield say(
                "{party} gets {more} Mm3 more in {season}: the model asks for {need}, the needs of its tables, where {done} "
                "were taken. That is a habit of other years, not a gain.",
                party=x.party, more=number(_more(x)), season=season_called(x.season), need=number(x.need_Mm3), done=number(x.done_Mm3),
            )  # fmt: skip
    for made in facts.energy:
        if made.season == "non_growing":
            parts = {"party": made.party, "season": season_called(made.season), "amount": quantity(abs(_more(made)), "GWh", 0)}
            if _more(made) > 0:
                yield say("{party} makes {amount} more in {season} than at the releases seen, at the same rates.", **parts)
            else:
                yield say("{party} makes {amount} less in {season} than at the releases seen, at the same rates.", **parts)
            if made.hindsight_supplied_GWh is not None:
                parts["amount"] = quantity(made.hindsight_supplied_GWh, "GWh", 0)
                yield say("{party}: other plants and imports, as the tables have them, give {amount} in {season}.", **parts)
    yield from _storages_told(facts)


def _cannot(facts: HindsightFacts) -> Iterator[str]:
    """What the model cannot reproduce of the past."""
    for x in facts.unserved:
        if x.model_GWh is not None and x.model_GWh > UNSERVED:
            yield say(
                "{party}, {season}: at the releases that were made the model leaves {amount} unserved. If everybody was served, its "
                "monthly demand, imports or other plants are wrong by as much, and hindsight is no surer than that.",
                party=x.party,
                season=season_called(x.season),
                amount=quantity(x.model_GWh, "GWh", 0),
            )
    if facts.not_held:
        named = "; ".join(say("{place} on {date}", place=x.title, date=x.date) for x in facts.not_held)
        yield say("Storages seen that no plan can hold with the runoff and the others: {named}. They are left out.", named=named)


def _storages_told(facts: HindsightFacts) -> Iterator[str]:
    if not facts.storages:
        return
    april = f"{facts.horizon.split('/')[1][:4]}-04-01"
    first = facts.storages[0].place
    told = [x for x in facts.storages if (x.place, x.date) == (first, april)]
    for x in told:
        if _more(x) > 0:
            yield say("{place} holds {amount} more on {date} than it did.", **_parts(x))
        else:
            yield say("{place} holds {amount} less on {date} than it did.", **_parts(x))
    worst = max(facts.storages, key=lambda x: abs(_more(x)))
    if _more(worst) > 0:
        yield say("The storage that differs most: {place} on {date}, {amount} more than was seen.", **_parts(worst))
    else:
        yield say("The storage that differs most: {place} on {date}, {amount} less than was seen.", **_parts(worst))


def _parts(x: Stored) -> dict[str, str]:
    return {"place": x.title, "date": x.date, "amount": quantity(abs(_more(x)), "Mm3", 0)}


def _eaten(facts: HindsightFacts) -> Iterator[str]:
    """What the plan without closing storages takes from the next season."""
    last = f"{dt.date.fromisoformat(facts.horizon.split('/')[1]) + dt.timedelta(days=1)}"
    closing = [x for x in facts.storages if x.date == last]
    if closing:
        lower = sum((x.hindsight_Mm3 or 0.0) - (x.free_Mm3 or 0.0) for x in closing)
        yield say(
            "Without the rule on closing storages the reservoirs end {amount} lower on {date}: what free gives more comes "
            "from there, and is missing in the next season.",
            amount=quantity(lower, "Mm3", 0),
            date=last,
        )


def hindsight_sentences(facts: HindsightFacts) -> list[str]:
    """What differs and why, in plain sentences made from the figures of one season."""
    said = [
        say("hindsight and free know the runoff of the whole season; those who decided did not."),
        say("The order of priorities ({order}) is a position, not a finding.", order=", ".join(facts.priorities)),
        *_own_error(facts),
        *_told(facts),
        *_cannot(facts),
        *_eaten(facts),
    ]
    if facts.not_compared:
        windows = ", ".join(window_in_words(w) for w in facts.not_compared)
        said.append(
            say("{windows}: months not seen, runoff assumed. Only readings and published figures of it are compared.", windows=windows)
        )
    return said


def hindsight_text(seasons: Sequence[HindsightFacts]) -> str:
    """Every season as two tables and its sentences."""
    lines: list[str] = []
    head = [*(say(NAMES[name]) for name in COLUMNS), say("difference")]
    for facts in seasons:
        title = say("Hindsight: {season}, {window}", season=facts.title or facts.scenario, window=window_in_words(facts.horizon))
        lines += [heading(title).lstrip("\n") if not lines else heading(title)]
        lines += [columns([say("party"), say("what"), say("season"), *head], list(_party_rows(facts)), 3), ""]
        lines += [f"{table}\n" for table in _river_tables(facts, head)]
        lines += [paragraph(say(LEGEND)), *(paragraph(f"- {s}", "", "  ") for s in hindsight_sentences(facts))]
    return "\n".join(lines) + "\n"


def hindsight_csv(seasons: Sequence[HindsightFacts]) -> str:
    """One row for each figure; what was not seen has no row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for facts in seasons:
        for section, (who, when) in SECTIONS.items():
            for x in getattr(facts, section):
                for key, value in x:
                    if isinstance(value, float):
                        place = "/".join(getattr(x, k) for k in who)
                        writer.writerow([section, facts.scenario, place, getattr(x, when), *split_unit(key), value])
    return text.getvalue()
