"""A failure in sentences and tables: what it changes, who helps whom with what, what is owed back."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.ledger.shock_facts import Helped, OwedBack, Shocked, ShockRow
from waterflow.ledger.shocks import Shock
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, number, per_cent, unit

__all__ = ["shock_text"]

#: a change below this is none, Mm3 or GWh
NOTHING = 0.5
QUANTITIES = {
    "withdrawal": mark("withdrawals"),
    "generation": mark("own generation"),
    "bought": mark("power from elsewhere"),
    "sold": mark("power sold"),
    "unserved": mark("power unserved"),
    "passed": mark("passed to the target"),
    "release": mark("release"),
    "storage": mark("volume at the end"),
}
KINDS = {
    "plant": mark("plant {name}"),
    "supply": mark("power supply {name}"),
    "line": mark("power line {name}"),
    "canal": mark("canal {name}"),
    "reach": mark("reach {name}"),
    "dam": mark("dam {name}"),
    "reservoir": mark("reservoir {name}"),
}


def shock_text(found: Shocked) -> str:
    """The answer as plain text."""
    lines = [f"{found.title}, {window_in_words(found.horizon)}"]
    lines += [paragraph(_shock(x)) for x in found.shocks]
    lines += [paragraph(say("Until {day} the approved plan is carried out: nobody knew.", day=found.begins))]
    lines += [paragraph(sentence) for sentence in _told(found)]
    head = (say("whose"), say("quantity"), say("when"), say("unit"), say("before"), say("alone"), say("helped"))
    rows = [_cells(x) for x in found.rows if _differs(x)]
    lines.append(heading(say("What changes")))
    lines.append(columns(head, rows, 4) if rows else paragraph(say("Nothing changes: the plan had room for it.")))
    if found.owed:
        lines.append(heading(say("Who helps whom, and what is owed back")))
        lines += [paragraph(sentence) for x in found.owed for sentence in _owed(x)]
        lines += [_by_period(x) for x in found.helped if sum(x.given_GWh) > NOTHING]
    return "\n".join(lines) + "\n"


def _shock(x: Shock) -> str:
    what = say(KINDS[x.kind], name=x.name)
    when = window_in_words(f"{x.start}/{x.end}")
    if x.kind == "reservoir":
        most = per_cent(x.share) if x.share is not None else f"{exact(x.figure or 0.0, 0)} {unit('Mm3')}"
        return say("{what} holds at most {most}, {when}.", what=what, most=most, when=when)
    if x.share == 0:
        return say("{what} is out, {when}.", what=what, when=when)
    left = per_cent(x.share) if x.share is not None else f"{exact(x.figure or 0.0, 0)} {unit('m3/s') if x.unit == 'm3s' else say('MW')}"
    return say("{what} is restrained to {left}, {when}.", what=what, left=left, when=when)


def _told(found: Shocked) -> Iterator[str]:
    """Power that stays unserved and its cost, in a sentence or two."""
    unserved = [x for x in found.rows if x.quantity == "unserved"]
    before, alone = sum(x.before for x in unserved), sum(x.alone for x in unserved)
    yield say(
        "Unserved power goes from {before} to {alone} GWh, the net cost of power from {cost} to {dearer} million USD.",
        before=exact(before, 0), alone=exact(alone, 0), cost=number(found.cost_before_MUSD, 1), dearer=number(found.cost_alone_MUSD, 1),
    )  # fmt: skip
    if found.cost_helped_MUSD is not None:
        yield say(
            "With assistance {helped} GWh stay unserved, and power costs {cost} million USD.",
            helped=exact(sum(x.helped or 0.0 for x in unserved), 0), cost=number(found.cost_helped_MUSD, 1),
        )  # fmt: skip
    else:
        yield say("No assistance was asked for; --assist GIVER:RECEIVER=200MW asks.")


def _differs(x: ShockRow) -> bool:
    return max(abs(x.alone - x.before), abs((x.helped if x.helped is not None else x.before) - x.before)) >= NOTHING


def _cells(x: ShockRow) -> list[str]:
    when = window_in_words(x.window) if "/" in x.window else x.window
    figures = [exact(v, 0) if v is not None else "-" for v in (x.before, x.alone, x.helped)]
    return [x.title, say(QUANTITIES[x.quantity]), when, unit(x.unit), *figures]


def _owed(x: OwedBack) -> Iterator[str]:
    if x.given_GWh < NOTHING:
        yield say("{giver} need not help {receiver}.", giver=x.giver, receiver=x.receiver)
        return
    yield say(
        "{giver} gives {receiver} {given} GWh, by up to {power} MW. {receiver} owes {owed} GWh back ({ratio} for one) between {start} "
        "and {end}, and the plan returns {returned} GWh.",
        giver=x.giver, receiver=x.receiver, given=exact(x.given_GWh, 0), power=exact(x.power_MW, 0), owed=exact(x.owed_GWh, 0),
        ratio=number(x.ratio, 1), start=x.back_from, end=x.back_to, returned=exact(x.returned_GWh, 0),
    )  # fmt: skip
    if abs(x.water_Mm3) >= NOTHING:
        more = mark("While it lasts the reservoirs of the two let go {water} Mm3 more than they would without assistance.")
        less = mark("While it lasts the reservoirs of the two let go {water} Mm3 less than they would without assistance.")
        yield say(more if x.water_Mm3 > 0 else less, water=exact(abs(x.water_Mm3), 0))
    if not x.backed:
        yield say("Where {giver} takes the power from is not modelled: it has no power balance here.", giver=x.giver)


def _by_period(x: Helped) -> str:
    shown = [k for k, _ in enumerate(x.periods) if x.given_GWh[k] > NOTHING or x.returned_GWh[k] > NOTHING]
    rows = [[period_in_words(x.periods[k]), exact(x.given_GWh[k], 0), exact(x.returned_GWh[k], 0)] for k in shown]
    return columns((f"{x.giver}, {x.receiver}: {unit('GWh')}", say("given"), say("returned")), rows)
