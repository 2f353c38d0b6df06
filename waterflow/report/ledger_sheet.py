"""Plan and fact to date as a workbook in the row order of a basin organisation: limit, to date, fact, per cent, difference."""

from __future__ import annotations

from waterflow.ledger.status_facts import LedgerStatus, ToDate
from waterflow.report.names import quantity_called
from waterflow.report.sheets import Rows
from waterflow.words.catalogue import say
from waterflow.words.dates import window_in_words
from waterflow.words.numbers import unit

__all__ = ["ledger_sheets"]

#: letters that a workbook lets stand in the name of a sheet
LONGEST = 31


def ledger_sheets(found: LedgerStatus) -> dict[str, Rows]:
    """Sheets by name: withdrawals and limits to date; reservoirs, gauges and users dekad by dekad."""
    sheets = {say("limits to date"): _to_date(found), say("plan and fact"): _series(found), say("by dekad"): _dekads(found)}
    return {name[:LONGEST]: rows for name, rows in sheets.items()}


def _to_date(found: LedgerStatus) -> Rows:
    """Users as the river runs with the plan as their limit, then the limits of the parties."""
    head = [say("canal or user"), say("party"), say("when"), say("limit"), say("limit to date"), say("fact"), "%", say("difference")]
    rows = [_row(x) for x in (*found.users, *found.limits) if x.window[:10] <= str(found.date)]
    return [[*head[:3], *(f"{name}, {unit('Mm3')}" if name != "%" else name for name in head[3:])], *rows]


def _row(x: ToDate) -> list[str | float]:
    share = "" if x.fraction is None else 100 * x.fraction
    fact, difference = ("" if v is None else v for v in (x.fact_Mm3, x.difference_Mm3))
    name = x.title if x.user else say("limit of {party}", party=x.party)
    return [name, x.party, window_in_words(x.window), x.whole_Mm3, x.to_date_Mm3, fact, share, difference]


def _series(found: LedgerStatus) -> Rows:
    names = (say("place"), say("held by"), say("quantity"), say("source"), say("last fact"))
    mm3 = unit("Mm3")
    figures = (say("plan"), say("fact"), say("off"), say("plan at the end"), say("as it comes"))
    rows: Rows = [[*names, *(f"{name}, {mm3}" for name in figures)]]
    for x in found.lines:
        values = (x.plan_Mm3, x.fact_Mm3, x.deviation_Mm3, x.plan_at_end_Mm3, x.projected_Mm3)
        cells: list[str | float] = [x.title, x.party, quantity_called(x.quantity), x.source, str(x.last_day)]
        rows.append([*cells, *("" if v is None else v for v in values)])
    return rows


def _dekads(found: LedgerStatus) -> Rows:
    mm3 = unit("Mm3")
    figures = (say("plan"), say("fact"), say("off"), say("sum of deviations"))
    rows: Rows = [[say("place"), say("quantity"), say("source"), say("dekad"), say("days"), *(f"{name}, {mm3}" for name in figures)]]
    for x in found.lines:
        for d in x.dekads:
            values = (d.plan_Mm3, d.fact_Mm3, d.deviation_Mm3, d.sum_of_deviations_Mm3)
            rows.append([x.title, quantity_called(x.quantity), x.source, d.period, float(d.days), *values])
    return rows
