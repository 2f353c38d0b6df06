"""Who holds the gates: a table of two columns, place and party."""

from __future__ import annotations

from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.places import LedgerPlaces
from waterflow.loading.spellings import plain
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["holder_rows"]


def holder_rows(ledger: Ledger, cells: list[list[Any]], shown: str) -> list[dict[str, Any]]:
    """What rows about holders say; those that stand already are left out.

    Raises
    ------
    InputError
        If the table has other columns, or names a place or a party that the plan in force does not have.
    """
    header, *lines = cells or [[]]
    if [plain(c) for c in header] != ["place", "party"]:
        raise Problem("missing-column", shown, ", ".join(map(str, header)) or say("a blank"), "place, party").refusal()
    places, problems, rows = LedgerPlaces(ledger), list[Problem](), list[dict[str, Any]]()
    season = next(reversed(ledger.plans.values()), None)
    parties = season["parties"] if season else []
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        where = say("{shown}, row {number}", shown=shown, number=number)
        place, party = (str(c).strip() for c in (*line, "", "")[:2])
        meant = places.known.get(plain(place), [])
        if places.rows and not meant:
            problems.append(
                Problem("unknown-place", where, place or say("a blank"), say("a place of the plan in force"), slip(place, places.known))
            )
        if (parties and party not in parties) or not party:
            problems.append(Problem("unknown-party", where, party or say("a blank"), ", ".join(parties), slip(party, parties)))
        name = meant[0] if meant else place
        if ledger.holders.get(name) != party:
            rows.append({"kind": "holder", "place": name, "party": party})
    if problems:
        raise InputError(problems)
    return rows
