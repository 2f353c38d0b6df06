"""Plans party by party as text: side by side, and who gains and who loses from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from waterflow.accounts.comparison_facts import Gain, PartyComparison, PartyRow
from waterflow.report.side_by_side import Line, side_by_side
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import WIDTH
from waterflow.words.numbers import NOTHING, number, places, unit

__all__ = ["gains_text", "parties_text", "winners"]

#: what a party gets or does
QUANTITIES = {
    "delivered": mark("water delivered"),
    "short": mark("water shortage"),
    "plants": mark("river plants"),
    "bought": mark("power import"),
    "export": mark("power export"),
    "unserved": mark("power unserved"),
    "power_cost": mark("cost of power"),
}
#: what the river has at a place
AT_PLACES = {
    "passed": mark("{place}: passed its gauge"),
    "inflow": mark("{place}: inflow"),
    "stored": mark("{place}: stored at the end"),
}
Row = PartyRow | Gain


def _what(row: Row) -> str:
    if row.party is None:
        return say(AT_PLACES[row.quantity], place=row.title)
    return say(QUANTITIES[row.quantity])


def _line(row: Row, values: Sequence[float | None]) -> Line:
    what = say("{quantity}, {unit}", quantity=_what(row), unit=unit(row.unit))
    return Line(row.party or say("The river"), (what, window_in_words(row.window)), tuple(values))


def parties_text(table: PartyComparison, width: int = WIDTH, *, everything: bool = False) -> str:
    """Plans side by side as text: what differs, or everything."""
    lines = (_line(row, list(row.values.values())) for row in table.rows)
    return side_by_side(table.agreements, lines, width, everything=everything)


def winners(found: Iterable[Gain]) -> list[str]:
    """One sentence for each party that gains or loses; water and energy are told apart, never added."""
    said: dict[str, list[str]] = {}
    for x in found:
        if x.better is not None:
            how = mark("gains {figure} {unit} ({what}, {window})") if x.better else mark("loses {figure} {unit} ({what}, {window})")
            figure = number(abs(x.change), places([x.change]))
            part = say(how, figure=figure, unit=unit(x.unit), what=_what(x), window=window_in_words(x.window))
            said.setdefault(x.party or say("The river"), []).append(part)
    return [say("{party}: {list}.", party=party, list="; ".join(parts)) for party, parts in said.items()]


def gains_text(found: Sequence[Gain], names: tuple[str, str]) -> str:
    """Who gains and who loses, as text."""
    if max((abs(x.change) for x in found), default=0.0) < NOTHING:
        return say("Nothing changes for anybody.") + "\n"
    lines = (_line(x, (x.before, x.after, x.change)) for x in found)
    table = side_by_side([*names, say("change")], lines, everything=True, gap=False)
    return table + "\n" + "\n".join(winners(found)) + "\n"
