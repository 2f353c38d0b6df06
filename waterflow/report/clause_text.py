"""Clauses and accounts as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from waterflow.accounts.facts import PlanFacts
from waterflow.words.catalogue import say, spoken
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, places

__all__ = ["accounts_text", "clauses_text", "counted_text", "prices_text", "section"]

#: units of stages, as they fit a column
SHORT = {"share of the claim": "of the claim", "million USD": "MUSD"}
RULES = {"at_least": ">=", "at_most": "<="}
Facts = list[dict[str, Any]]


def _when(window: str | None) -> str:
    if window is None:
        return ""
    start, end = window.split("/")
    return f"on {start}" if start == end else window_in_words(window)


def _figure(value: float | None) -> str:
    return number(value, places([value]))


def clauses_text(clauses: Facts, lang: str = "en") -> str:
    """Every row of every clause beside the plan, then the wording."""
    body = []
    for clause in clauses:
        for row in clause["rows"] or [None]:
            name = [clause["clause"] if row is None else row["row"]]
            kind = "hard" if clause["hard"] else "soft"
            if row is None:
                body.append([*name, "", kind, "booked only, or another class of runoff", "", ""])
                continue
            asked = f"{RULES[row['rule']]} {_figure(row['figure'] + row['owed_before'])}"
            body.append([*name, _when(row["window"]), kind, f"{asked} {row['unit']}", _figure(row["fulfilled"]), _figure(row["missed_by"])])
    table = columns(["clause", "when", "", "asked", "plan", "missed by"], body, 4)
    title, text = ("title_ru", "text_ru") if lang == "ru" else ("title", "text")
    words = [paragraph(f"{c['clause']}: {c[title]}. {c[text]} {_backing(c)}", "", "  ") for c in clauses]
    return "\n".join([table, "", *words]) + "\n"


def _backing(clause: dict[str, Any]) -> str:
    stands = clause["signatories"]
    not_signing = [f"{party} {stand}" for party, stand in stands.items() if stand != "signs"]
    source = f"source {clause['source']}" if clause["source"] else "no source"
    assumed = f"; assumed: {clause['assumed']}" if clause["assumed"] else ""
    return f"[{'; '.join([source, *not_signing])}{assumed}]"


def accounts_text(found: dict[str, Any]) -> str:
    """The account of every party: what it owes, what the plan does of it, side by side of water, energy, fuel, money and services."""
    body: list[list[str]] = []
    party = ""
    for e in found["entries"]:
        if e["party"] != party:
            party = e["party"]
            body += [[""] * 6, [party or "nobody", *[""] * 5]]
        asked = "" if e["obliged"] is None else f"{RULES[e['rule']]} {_figure(e['obliged'])} {e['unit']}"
        done = "as agreed" if e["fulfilled"] is None else _figure(e["fulfilled"])
        body.append([f"  {e['side']}", e["clause"], _when(e["window"]), asked or e["unit"], done, _figure(e["missed_by"])])
    text = columns(["owes", "clause", "when", "obliged", "plan", "missed by"], body, 4)
    return "\n".join([text, "", *(paragraph(_moved(x)) for x in found["energy"])]) + "\n"


def _moved(pair: dict[str, Any]) -> str:
    """What one party gives another, beside what its plants on the river make in the same periods."""
    said = f"{pair['giver']} gives {pair['receiver']} {_figure(pair['moved_GWh'])} GWh under the agreement"
    made = pair["made_on_the_river_GWh"]
    if made is None:
        return f"{said}; it has no plant on the river."
    return f"{said}; in the same periods its own plants on the river make {_figure(made)} GWh."


def prices_text(prices: Mapping[str, Mapping[str, Any]], units: Mapping[str, str]) -> str:
    """What one more unit of each figure does to the stages it reaches, and what one less would undo."""
    body = [[row, p["unit"], _worth(p["right"], units), _worth(p["left"], units)] for row, p in prices.items()]
    return columns(["clause", "per", "one more", "one less"], body, 4) + "\n"


def counted_text(found: Facts, names: Sequence[str]) -> str:
    """What the rows of one clause count in two plans."""
    body = [[x["row"], _figure(x["figure"]), _figure(x["agreed"]), _figure(x["other"]), x["unit"]] for x in found]
    return columns(["clause", "agreed figure", *names, ""], body) + "\n\n" if body else ""


def _worth(reached: Mapping[str, float] | None, units: Mapping[str, str]) -> str:
    if reached is None:
        return "no plan"
    first = next(iter(reached), "")
    shown = [(name, value) for name, value in reached.items() if name == first or units[name] == "million USD"]
    return ", ".join(f"{name} {value:+.2g} {SHORT.get(units[name], units[name])}" for name, value in shown) or "nothing"


def section(facts: PlanFacts) -> list[str]:
    """The clauses of a report, for the negotiators' table; nothing where no agreement is in force."""
    if not facts.clauses:
        return []
    clauses, account = [x.model_dump(mode="json") for x in facts.clauses], facts.account.model_dump(mode="json")
    told, owed = clauses_text(clauses, spoken()).rstrip(), accounts_text(account).rstrip()
    return [heading(say("Clauses in force")), told, heading(say("Accounts")), owed]
