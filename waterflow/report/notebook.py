"""A plan in a notebook: targets, parties and storages as small tables of HTML that need nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import xarray as xr

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.plan_facts import plan_facts
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.report.names import party_called
from waterflow.words.catalogue import say
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.numbers import number, per_cent

__all__ = ["html_of"]

Table = tuple[str, Sequence[str], Iterable[Sequence[str]]]


def html_of(basin: Basin, dataset: xr.Dataset) -> str:
    """The plan as HTML; every word of the inputs is escaped."""
    facts = plan_facts(basin, dataset)
    head = f"<p><b>{escape(title_of(basin, basin.name))}</b> {escape(facts.scenario or '')} {facts.horizon}: {facts.status}</p>"
    tables = (_targets(basin, facts), _parties(facts), _storages(basin, facts))
    return f"<div>{head}{''.join(part for table in tables for part in _html(*table))}</div>"


def _html(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    body = [f"<tr>{''.join(_cell('td', cell, k) for k, cell in enumerate(row))}</tr>" for row in rows]
    if body:
        heads = "".join(_cell("th", cell, k) for k, cell in enumerate(head))
        yield f"<table><caption>{escape(caption)}</caption><tr>{heads}</tr>{''.join(body)}</table>"


def _cell(tag: str, text: str, column: int) -> str:
    return f'<{tag} style="text-align:{"right" if column > 1 else "left"}">{escape(text)}</{tag}>'


def _targets(basin: Basin, facts: PlanFacts) -> Table:
    head = (say("place"), say("when"), say("target, Mm3"), say("delivered, Mm3"), say("short, Mm3"))
    rows = []
    for x in facts.targets:
        figures = (x.target_Mm3, x.delivered_Mm3, x.shortfall_Mm3)
        rows.append((called(basin, x.place), window_in_words(x.window), *map(number, figures)))
    return say("Targets"), head, rows


def _parties(facts: PlanFacts) -> Table:
    head = (say("party"), say("when"), say("water asked, Mm3"), say("water got, Mm3"), say("share"))
    rows = []
    for x in facts.accounts:
        asked = x.need_under_limit_Mm3 + x.need_outside_limit_Mm3
        got = x.delivered_under_limit_Mm3 + x.delivered_outside_limit_Mm3
        rows.append((party_called(x.party), window_in_words(x.window), number(asked), number(got), per_cent(got, asked)))
    return say("Parties"), head, rows


def _storages(basin: Basin, facts: PlanFacts) -> Table:
    head = (say("reservoir"), say("lowest in"), say("at the start, Mm3"), say("lowest, Mm3"), say("at the end, Mm3"))
    rows = []
    for x in facts.reservoirs:
        lowest = min(x.periods, key=lambda p: p.storage_Mm3)
        figures = (x.opening_storage_Mm3, lowest.storage_Mm3, x.periods[-1].storage_Mm3)
        rows.append((called(basin, x.place), period_alone(lowest.period), *map(number, figures)))
    return say("Storages"), head, rows
