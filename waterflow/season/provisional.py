"""Clauses a season adds: limits of canals, and limits of the first month, cut until a forecast comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waterflow.calendar import Window
from waterflow.season.filled import THE_FILE, Filled, Given
from waterflow.season.kit import Kit
from waterflow.words.catalogue import languages, mark, say, speaking

__all__ = ["CUT", "canal_limits", "provisional"]

#: what is cut of the first month's limits until the forecast comes: ICWC 49, 19 March 2008, for April 2008
CUT = 0.10
#: reasons stand in files, which are English
REASONS = {
    "provisional": "Limits of the first month less {cut:.0%} until the forecast comes: each season's limit parted as its needs are.",
    "canals": "As filled in for the season.",
}


def _first_month(kit: Kit) -> Window:
    first = [p for p in kit.calendar.periods if p.label[:7] == kit.calendar.periods[0].label[:7]]
    return Window(first[0].start, first[-1].end)


def _needs(kit: Kit) -> dict[str, dict[int, float]]:
    """Needs of every limited user by month of the year, Mm3."""
    limited = {r.text("demand") for r in kit.like.rows.get("demands", ()) if r.text("limited") == "yes"}
    found: dict[str, dict[int, float]] = {}
    for row in kit.like.rows.get("needs", ()):
        if row.text("demand") in limited:
            month = int(row.number("month")) if "month" in row.values else int(row.text("period")[5:7])
            of = found.setdefault(row.text("demand"), {})
            of[month] = of.get(month, 0.0) + row.number("need_Mm3")
    return found


def provisional(filled: Filled) -> tuple[dict[str, Any] | None, dict[str, tuple[float, float]]]:
    """Limits of the first month for every party, less what is cut, as an agreement; None without limits.

    The month's part of a season's limit is its part of the needs under that limit; by days where nothing is needed.

    Returns
    -------
    (agreement, {party: (limit of the season, limit of the month)})
        Mm3.
    """
    kit = filled.kit
    window, (season, _) = _first_month(kit), kit.calendar.seasons[0]
    months = [p.month for p in kit.calendar.periods if season.start <= p.start and p.end <= season.end]
    needs = _needs(kit)
    parties = {r.text("demand"): r.text("party") for r in kit.like.rows.get("demands", ())}
    clauses, told = [], dict[str, tuple[float, float]]()
    for given in filled.given.get("limits", ()):
        if given.name not in kit.like.file.parties or given.span != season:
            continue
        own = [by_month for demand, by_month in needs.items() if parties[demand] == given.name]
        whole = sum(by_month.get(m, 0.0) for by_month in own for m in dict.fromkeys(months))
        days = (window.end - window.start).days + 1
        share = sum(n.get(window.start.month, 0.0) for n in own) / whole if whole else days / ((season.end - season.start).days + 1)
        amount = round((1 - CUT) * given.value * share, 3)
        told[given.name] = (given.value, amount)
        clauses.append(_limit(f"first_month_{given.name}", given.name, window, amount, given, kit, kit.like.file.parties))
    if not clauses:
        return None, {}
    head = _in_every("title", mark("Provisional limits, {window}"), window=window)
    return {"format": 1, **head, "reason": REASONS["provisional"].format(cut=CUT), "clauses": clauses}, told


def _in_every(key: str, sentence: str, **parts: object) -> dict[str, str]:
    """A sentence in every language, as the files of agreements have it: ``title``, ``title_ru``."""
    found = {}
    for language in languages():
        with speaking(language):
            found[key if language == languages()[0] else f"{key}_{language}"] = say(sentence, **parts)
    return found


def _limit(name: str, of: str, window: Window, amount: float, given: Given, kit: Kit, parties: tuple[str, ...]) -> dict[str, Any]:
    """A clause that limits what a party, or a user, takes."""
    giver = of if of in parties else next(r.text("party") for r in kit.like.rows["demands"] if r.text("demand") == of)
    parts = {"place": of, "amount": f"{amount:g}", "start": window.start, "end": window.end}
    return {
        "id": name,
        "type": "withdrawal_limit",
        **_in_every("title", mark("{place}: limit from {start} to {end}"), **parts),
        **_in_every("text", mark("{place} takes at most {amount} million m3 from {start} to {end}."), **parts),
        "giver": giver,
        "receivers": [p for p in parties if p != giver],
        "of": of,
        "figures": [{"start": window.start.isoformat(), "end": window.end.isoformat(), "amount_Mm3": amount}],
        "source": given.source or THE_FILE,
        "assumed": given.note or given.grade,
    }


def canal_limits(filled: Filled) -> dict[str, Any] | None:
    """Limits of canals that the file gives, as an agreement; None without one."""
    kit = filled.kit
    own = [g for g in filled.given.get("limits", ()) if g.name not in kit.like.file.parties]
    if not own:
        return None
    clauses: list[Mapping[str, Any]] = [
        _limit(f"{g.name}_{g.span.start:%Y_%m}", g.name, g.span, g.value, g, kit, kit.like.file.parties) for g in own
    ]
    return {"format": 1, **_in_every("title", mark("Limits of canals")), "reason": REASONS["canals"], "clauses": clauses}
