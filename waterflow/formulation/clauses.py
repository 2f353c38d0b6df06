r"""Clauses: what agreements ask for, as rows over decisions that are there anyway; and electricity moved under them.

Every clause is one or more rows of one equation. A hard row has no slack; a soft one has a price for it; a row whose
unmet part is carried over may be missed and is owed later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown, at_most, given


def _concession(basin: Basin, x: str) -> tuple[float, float | None]:
    row = basin.clause_rows[x]
    return (0.0, 0.0) if row.price is None and not row.carried else (0.0, None)


def _booked(basin: Basin, x: str, t: str) -> tuple[float, float | None]:
    exchange, k = basin.exchanges[x], basin.calendar.position[t]
    if k not in exchange.periods:
        return (0.0, 0.0)
    return (0.0, at_most(exchange.capacity, k))


UNKNOWNS = (
    Unknown("clause_slack", ("clause_rows",), "Mm3 or GWh", "What a clause is missed by", _concession),
    Unknown("exchanged", ("exchanges", "periods"), "GWh", "Electricity moved under a clause", _booked),
)

GIVENS = (given("clause_figure"),)


def clause_kept(m: Any, x: str) -> Any:
    r"""What a clause counts reaches its figure or, for a cap, stays below it, or the difference is its slack.

    .. math:: s_x \left(k_x + \sum_i w_{x,i} z_i - f_x\right) + U_x \ge 0 \qquad s_x = \pm 1
    """
    row = m.basin.clause_rows[x]
    there = sum(weight * getattr(m, unknown)[index if len(index) > 1 else index[0]] for unknown, index, weight in row.terms)
    return row.side * (there + row.known - m.clause_figure[x]) + m.clause_slack[x] >= 0


def _moved(m: Any, party: str, t: str, end: str) -> list[Any]:
    return [m.exchanged[x.name, t] for x in m.basin.exchanges.values() if getattr(x, end) == party]


def exchange_sold(m: Any, party: str, t: str) -> Any:
    r"""What a party with a power balance gives under clauses is part of what it exports.

    .. math:: \sum_x E_{x,t} - \sum_{y \, \mathrm{from} \, c} Y_{y,t} \ge 0
    """
    moved = _moved(m, party, t, "giver")
    return sum(m.exported_power[x.name, t] for x in m.basin.exports.values() if x.party == party) - sum(moved) >= 0 if moved else None


def exchange_bought(m: Any, party: str, t: str) -> Any:
    r"""What a party with a power balance receives under clauses is part of what it imports.

    .. math:: \sum_s G_{s,t} - \sum_{y \, \mathrm{to} \, c} Y_{y,t} \ge 0
    """
    moved = _moved(m, party, t, "receiver")
    bought = (s.name for s in m.basin.supplies.values() if s.party == party and s.kind == "import")
    return sum(m.supplied_power[s, t] for s in bought) - sum(moved) >= 0 if moved else None


def exchange_over_line(m: Any, x: str, t: str) -> Any:
    r"""What is moved over one line is part of what is traded over it; over a line that a clause brings, it is all of it.

    .. math:: \sum_{s \, \mathrm{over} \, \ell} G_{s,t} - \sum_{y \, \mathrm{over} \, \ell} Y_{y,t} \ge 0
    """
    b, end = m.basin, m.basin.exchange_lines[x]
    trade, unknown = (b.supplies, m.supplied_power) if end.side == "bought" else (b.exports, m.exported_power)
    there = sum(unknown[s.name, t] for s in trade.values() if (s.party, s.line) == (end.party, end.line))
    left = there - sum(m.exchanged[y, t] for y in end.exchanges)
    return left == 0 if end.additional else left >= 0


def exchange_as_agreed(m: Any, x: str) -> Any:
    r"""No more is moved under a clause than its figures ask for.

    .. math:: \sum_{i \, \mathrm{of} \, x} \sigma_i f_i - \sum_t Y_{x,t} \ge 0
    """
    exchange, labels = m.basin.exchanges[x], m.basin.calendar.labels
    agreed = sum(share * m.clause_figure[row] for row, share in exchange.figures)
    return agreed - exchange.before - sum(m.exchanged[x, labels[k]] for k in exchange.periods) >= 0


EQUATIONS = (
    Equation(clause_kept, ("clause_rows",), "Mm3 or GWh", agreed="clause_figure"),
    Equation(exchange_sold, ("power_parties", "periods"), "GWh"),
    Equation(exchange_bought, ("power_parties", "periods"), "GWh"),
    Equation(exchange_over_line, ("exchange_lines", "periods"), "GWh"),
    Equation(exchange_as_agreed, ("exchanges",), "GWh"),
)


def cost_of_concessions(m: Any) -> Any:
    """What soft clauses are missed by at their prices, million USD."""
    return sum(row.price * m.clause_slack[x] for x, row in m.basin.clause_rows.items() if row.price)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for row in basin.clause_rows.values():
        if row.price is not None and chosen.at(row.clause):
            yield Claim("clause_slack", (row.name,), max(0.0, row.figure))


CLAIMS = {"clauses": _claims}
