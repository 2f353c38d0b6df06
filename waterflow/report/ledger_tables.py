"""Tables of a ledger: series, dekads, two sources, limits to date, rows that disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from waterflow.ledger.status_facts import Disagreeing, Line, ToDate, TwoSources
from waterflow.report.names import quantity_called
from waterflow.words.catalogue import say, say_many
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, unit

__all__ = ["dekads_text", "disagreements_text", "limits_text", "lines_text", "sources_text"]

#: disagreements shown
MOST = 20


def _signed(value: float | None) -> str:
    return "-" if value is None else ("+" if value > 0 else "") + number(value)


def _share(value: float | None) -> str:
    return "-" if value is None else ("+" if value > 0 else "") + per_cent(value)


def lines_text(lines: Sequence[Line], whole: int, party: str = "") -> str:
    """Plan beside fact to date, and the end."""
    if not lines:
        return ""
    head = [
        say("place"),
        say("held by"),
        say("quantity"),
        say("source"),
        say("last fact"),
        say("plan"),
        say("fact"),
        say("off"),
        "%",
        say("plan at\nthe end"),
        say("as it\ncomes"),
    ]
    rows = [
        [
            x.title,
            x.party or "-",
            quantity_called(x.quantity),
            x.source,
            f"{x.last_day:%m-%d}",
            number(x.plan_Mm3),
            number(x.fact_Mm3),
            _signed(x.deviation_Mm3),
            _share(x.deviation_fraction),
            number(x.plan_at_end_Mm3),
            number(x.projected_Mm3),
        ]
        for x in lines
    ]
    told = heading(say("Plan and fact to date, {unit}", unit=unit("Mm3"))) + "\n" + columns(head, rows, 4)
    del party
    if whole > len(lines):
        told += "\n" + say_many("{count} series more with --full.", "{count} series more with --full.", whole - len(lines))
    return told


def dekads_text(x: Line) -> str:
    """A series dekad by dekad."""
    head = [say("dekad"), say("days"), say("plan"), say("fact"), say("off"), say("sum of\ndeviations")]
    rows = [
        [
            period_alone(d.period) if "/" not in d.period else window_in_words(d.period),
            f"{d.days}/{d.dekad_days}",
            number(d.plan_Mm3),
            number(d.fact_Mm3),
            _signed(d.deviation_Mm3),
            _signed(d.sum_of_deviations_Mm3),
        ]
        for d in x.dekads
    ]
    name = ", ".join((x.title, quantity_called(x.quantity), x.source))
    return heading(name) + "\n" + columns(head, rows, 1) + "\n"


def sources_text(sources: Sequence[TwoSources]) -> str:
    """Two sources of one series side by side."""
    if not sources:
        return ""
    head = [
        say("place"),
        say("quantity"),
        say("counted"),
        say("beside it"),
        say("days"),
        say("counted"),
        say("beside it"),
        say("difference"),
    ]
    rows = [
        [
            x.title,
            quantity_called(x.quantity),
            x.one,
            x.other,
            number(x.days),
            number(x.one_Mm3),
            number(x.other_Mm3),
            _signed(x.difference_Mm3),
        ]
        for x in sources
    ]
    return heading(say("Two sources of one series, {unit}", unit=unit("Mm3"))) + "\n" + columns(head, rows, 4)


def limits_text(limits: Sequence[ToDate], date: dt.date) -> str:
    """Limits of the parties: the season's, to date, fact, per cent, difference; of seasons that have begun."""
    begun = [x for x in limits if x.window[:10] <= str(date)]
    if not begun:
        return ""
    head = [say("party"), say("when"), say("limit"), say("limit\nto date"), say("fact"), "%", say("difference"), say("users\nwith facts")]
    rows = [
        [
            x.party,
            window_in_words(x.window),
            number(x.whole_Mm3),
            number(x.to_date_Mm3),
            number(x.fact_Mm3),
            "-" if x.fraction is None else per_cent(x.fraction),
            _signed(x.difference_Mm3),
            say("{known} of {count}", known=x.users_known, count=x.users),
        ]
        for x in begun
    ]
    told = say("To date a limit runs as the plan runs. A party has a fact here if every one of its limited users has one for every day.")
    return "\n".join([heading(say("Limits to date, {unit}", unit=unit("Mm3"))), columns(head, rows, 2), paragraph(told)])


def disagreements_text(found: Sequence[Disagreeing]) -> str:
    """Rows that give one figure differently; the last is counted until one corrects the other."""
    if not found:
        return ""
    head = [say("place"), say("quantity"), say("period"), say("source"), say("row"), say("by"), say("value"), say("unit")]
    rows = [
        [d.place, quantity_called(d.quantity), period_alone(d.period), d.source, str(r.line), r.by, f"{r.value:g}", unit(r.unit)]
        for d in found[:MOST]
        for r in d.rows
    ]
    told = [paragraph(say("The last of them is counted until one corrects the other."))]
    if len(found) > MOST:
        told.append(say_many("and {count} figure more", "and {count} figures more", len(found) - MOST))
    return "\n".join([heading(say("Rows that disagree")), columns(head, rows, 4), *told])
