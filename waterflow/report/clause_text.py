"""Clauses, accounts and what a unit of a clause does, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from waterflow.accounts.clause_facts import Account, ClauseCount, ClauseFact, ClauseRowFact, EnergyGiven
from waterflow.accounts.facts import PlanFacts
from waterflow.basin.titles import title_of
from waterflow.explain.price_facts import Clauses, OtherClause
from waterflow.report.deals_text import deals_in_full
from waterflow.report.parties_text import gains_text
from waterflow.report.price_text import price_lines
from waterflow.report.rule_words import with_wording
from waterflow.words.catalogue import mark, say, say_of, spoken
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, places, unit

__all__ = ["clauses_text", "other_clause_text", "section"]

RULES = {"at_least": ">=", "at_most": "<="}
SIDES = {
    "water": mark("water"),
    "energy": mark("energy"),
    "fuel": mark("fuel"),
    "money": mark("money"),
    "service": mark("service"),
}
STANDS = {"observer": mark("{party} observes"), "refuses": mark("{party} refuses")}
#: units of fuel as agreements state them
FUELS = {
    "GWh equivalent (coal and fuel oil)": mark("GWh equivalent (coal and fuel oil)"),
    "GWh equivalent (gas)": mark("GWh equivalent (gas)"),
    "Mm3 of gas (gas)": mark("Mm3 of gas"),
}


def _when(window: str | None) -> str:
    if window is None:
        return ""
    start, end = window.split("/")
    return say("on {date}", date=start) if start == end else window_in_words(window)


def _figure(value: float | None) -> str:
    return number(value, places([value]))


def _kept(clause: ClauseFact, row: ClauseRowFact | None) -> list[str]:
    """A line about one row of a clause, or about a clause that has none."""
    kind = say_of("clause", "hard") if clause.hard else say_of("clause", "soft")
    if row is None:
        return [clause.clause, "", kind, say("booked only, or another class of runoff"), "", ""]
    factor, figures = row.written_factor, (row.figure + row.owed_before, row.fulfilled, row.missed_by)
    # as exact as in our unit: 6,500 Mm3 is 6.500 km3
    more = round(-math.log10(factor))
    asked, done, missed = (number(factor * x, max(0, places([x]) + more)) for x in figures)
    return [row.row, _when(row.window), kind, f"{RULES[row.rule]} {asked} {unit(row.written_in or row.unit)}", done, missed]


def _compliance(clauses: Sequence[ClauseFact]) -> str:
    """Every row of every clause beside the plan, then the wording."""
    body = [_kept(clause, row) for clause in clauses for row in clause.rows or (None,)]
    head = [say("clause"), say("when"), "", say("asked"), say("plan"), say("missed by")]
    words = []
    for clause in clauses:
        title = with_wording(title_of(clause, clause.clause), clause)
        words.append(paragraph(f"{clause.clause} - {title} [{_backing(clause)}]", "", "  "))
    return "\n".join([columns(head, body, 4), "", *words])


def _backing(clause: ClauseFact) -> str:
    """Source, who does not sign, and what is assumed (agreements say that in English)."""
    said = [say("source: {key}", key=clause.source) if clause.source else say("no source")]
    said += [say(STANDS[stand], party=party) for party, stand in clause.signatories.items() if stand in STANDS]
    if clause.assumed:
        said.append(say("assumed: {what}", what=clause.assumed) if spoken() == "en" else say("partly assumed"))
    return "; ".join(said)


def _account(found: Account) -> str:
    """The account of every party: what it owes, what the plan does of it, side by side of water, energy, fuel, money and services."""
    body: list[list[str]] = []
    party: str | None = ""
    for e in found.entries:
        if e.party != party:
            party = e.party
            body += [[""] * 6, [party or say("nobody"), *[""] * 5]]
        measured = say(FUELS[e.unit]) if e.unit in FUELS else unit(e.unit)
        asked = measured if e.obliged is None else f"{RULES[e.rule]} {_figure(e.obliged)} {measured}"
        done = say("as agreed") if e.fulfilled is None else _figure(e.fulfilled)
        body.append([f"  {say(SIDES[e.side])}", e.clause, _when(e.window), asked, done, _figure(e.missed_by)])
    head = [say("owes"), say("clause"), say("when"), say("obliged"), say("plan"), say("missed by")]
    return "\n".join([columns(head, body, 4), "", *(paragraph(_given(x)) for x in found.energy)])


def _given(pair: EnergyGiven) -> str:
    """What one party gives another, beside what its plants on the river make in the same periods."""
    about = {"giver": pair.giver, "receiver": pair.receiver, "moved": _figure(pair.moved_GWh)}
    if pair.made_on_the_river_GWh is None:
        return say("{giver} gives {receiver} {moved} GWh under the agreement; it has no plant on the river.", **about)
    made = _figure(pair.made_on_the_river_GWh)
    return say(
        "{giver} gives {receiver} {moved} GWh under the agreement; in the same periods its own plants on the river make {made} GWh.",
        made=made,
        **about,
    )


def _counted(found: Iterable[ClauseCount], names: Sequence[str]) -> str:
    """What the rows of one clause count in two plans."""
    body = [[x.row, _figure(x.figure), _figure(x.agreed), _figure(x.other), unit(x.unit)] for x in found]
    return columns([say("clause"), say("agreed figure"), *names, ""], body) + "\n\n" if body else ""


def clauses_text(found: Clauses, title: str) -> str:
    """Clauses beside the plan, accounts, and what one unit of each figure does.

    Parameters
    ----------
    found : Clauses
    title : str
        The river's.
    """
    if not found.clauses:
        return say("{title}: no clause is in force", title=title) + "\n"
    account = [heading(say("Accounts")), _account(found.account)]
    account += ["", *deals_in_full(found.deals)] if found.deals else []
    prices = [heading(say("What one unit of each figure does")), *price_lines(found.prices)]
    return "\n".join([_compliance(found.clauses), *account, *prices]) + "\n"


def other_clause_text(found: OtherClause) -> str:
    """The plan as agreed beside one without a clause, or with more of it."""
    return _counted(found.clause, found.plans) + gains_text(found.changes, found.plans)


def section(facts: PlanFacts) -> list[str]:
    """The clauses of a report, for the negotiators' table; nothing where no agreement is in force."""
    if not facts.clauses:
        return []
    account = [heading(say("Accounts")), _account(facts.account)]
    account += ["", *deals_in_full(facts.deals)] if facts.deals else []
    return [heading(say("Clauses in force")), _compliance(facts.clauses), *account]
