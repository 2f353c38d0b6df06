"""Mutual assistance: power over an emergency line while a failure lasts, given back afterwards, as a clause."""

from __future__ import annotations

import datetime as dt
import re

from pydantic import TypeAdapter

from waterflow.accounts.fact import Fact
from waterflow.basin.agreements import Agreement, Clause, ClauseRow
from waterflow.basin.basin import Basin
from waterflow.basin.clause_maker import Maker
from waterflow.basin.clause_types import CLAUSE_TYPES
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["NAME", "Assistance", "assisted", "read_assistance"]

#: the agreement that stands for all assistance, and what its clauses and lines begin with
NAME = "assistance"
SPEC = re.compile(r"(?P<giver>[^:]+):(?P<receiver>[^=]+)=(?P<power>[0-9.]+)\s*MW(\*(?P<ratio>[0-9.]+))?$")
GWH_PER_MW_DAY = 24 / 1000


class Assistance(Fact):
    """Power that one party may give another while a failure lasts: MW, and kWh given back for each."""

    giver: str
    receiver: str
    power_MW: float
    ratio: float

    @property
    def clause(self) -> str:
        """The id of its clause."""
        return f"{NAME}_{self.giver}_{self.receiver}"


def read_assistance(text: str, basin: Basin) -> Assistance:
    """``A:B=200MW``, ``A:B=200MW*1.3``: A helps B by up to 200 MW and gets 1.3 kWh back for each.

    Raises
    ------
    InputError
        If it is not written so, or one of them is no party.
    """
    found = SPEC.match(text.strip())
    if not found or float(found["power"]) <= 0 or float(found["ratio"] or 1) <= 0:
        raise Problem(
            "bad-shock", text, text, say("GIVER:RECEIVER=POWER MW, as A:B=200MW, or A:B=200MW*1.3 where 1.3 kWh come back for each")
        ).refusal()
    parties = (found["giver"].strip(), found["receiver"].strip())
    problems = [Problem("unknown-party", text, p, ", ".join(basin.parties)) for p in parties if p not in basin.parties]
    if not problems and parties[0] == parties[1]:
        problems.append(Problem("bad-shock", text, parties[0], say("two parties")))
    if not problems and not basin.balances(parties[1]):
        balancing = ", ".join(p for p in basin.parties if basin.balances(p)) or "-"
        cause = say("A party without a power balance in the model lacks no power there.")
        problems.append(Problem("no-power-balance", text, parties[1], balancing, cause))
    if problems:
        raise InputError(problems)
    return Assistance(giver=parties[0], receiver=parties[1], power_MW=float(found["power"]), ratio=float(found["ratio"] or 1))


def assisted(basin: Basin, asked: Assistance, start: str, end: str) -> Basin:
    """The basin in which one party may help another.

    Up to its power flows over a line of its own from ``start`` to ``end``, no more than the plan wants; the ratio of it comes
    back by the end of the horizon, and that is a duty: a clause of the type ``energy_swap`` whose first half is no duty.

    Raises
    ------
    InputError
        If nothing of the horizon is left to give it back in.
    """
    calendar = basin.calendar
    last = dt.date.fromisoformat(end)
    if last >= calendar.end:
        found = say("a failure that lasts to the end of the horizon, {end}", end=calendar.end)
        raise Problem("bad-shock", asked.clause, found, say("an end that leaves time to give power back: @FROM/UNTIL")).refusal()
    days = (last - dt.date.fromisoformat(start)).days + 1
    words = {
        "type": "energy_swap",
        "name": asked.clause,
        "title": say("Mutual assistance, {giver} to {receiver}", giver=asked.giver, receiver=asked.receiver),
        "text": say(
            "While the failure lasts {giver} gives {receiver} up to {power:g} MW; {ratio:g} kWh come back for each.",
            giver=asked.giver,
            receiver=asked.receiver,
            power=asked.power_MW,
            ratio=asked.ratio,
        ),
        "giver": asked.giver,
        "receivers": [asked.receiver],
        "figures": [{"start": start, "end": end, "energy_GWh": asked.power_MW * GWH_PER_MW_DAY * days}],
        "back": [{"start": str(last + dt.timedelta(days=1)), "end": str(calendar.end)}],
        "ratio": asked.ratio,
        "way": _way(asked),
        "assumed": say("Asked for with the failure."),
    }
    clause = TypeAdapter(Clause).validate_python(words)
    agreement = Agreement(name=NAME, title=say("Mutual assistance"), clauses=(clause,))
    maker = Maker(basin, agreement, clause)
    rows = {row.name: _duty(row, asked.clause) for row in CLAUSE_TYPES[clause.type](maker)}
    if maker.problems:
        raise InputError(maker.problems)
    together = basin.agreements.get(NAME)
    laid = agreement.model_copy(update={"clauses": (*(together.clauses if together else ()), clause)})
    return basin.replaced(
        agreements={**basin.agreements, NAME: laid},
        clause_rows=dict(sorted({**basin.clause_rows, **rows}.items())),
        exchanges=dict(sorted({**basin.exchanges, **maker.exchanges}.items())),
        supplies=dict(sorted({**basin.supplies, **maker.supplies}.items())),
        exports=dict(sorted({**basin.exports, **maker.exports}.items())),
    )


def _way(asked: Assistance) -> dict[str, object]:
    """A line of its own, whose power costs nothing but its return."""
    about = {"capacity_MW": asked.power_MW, "cost_USD_per_kWh": 0.0, "source": NAME, "grade": "assumed"}
    return {"line": asked.clause, "additional": True, **about}


def _duty(row: ClauseRow, clause: str) -> ClauseRow:
    """What comes back is a duty; what is given is an offer, and costs nothing to leave."""
    return row if row.name.startswith(f"{clause}/back") else row.model_copy(update={"price": 0.0})
