"""The notice of a correction: the newest plan beside the approved one in the form of a protocol, as a text or as an annex."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.ledger.corrections import Change, Correction, Monthly
from waterflow.ledger.reported import LeftAside
from waterflow.ledger.seen import NotSeen
from waterflow.report.annex import Annex, Cell, Section
from waterflow.report.names import grade, quantity_called
from waterflow.words.catalogue import mark, say, say_many, spoken
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, per_cent, unit

__all__ = ["correction_annex", "correction_text"]

#: a change below this is none, Mm3 or GWh
NOTHING = 0.5
#: names in one sentence, of which more are counted
NAMED = 6
QUANTITIES = {
    "storage": mark("storages"),
    "flow": mark("flows"),
    "flows": mark("flows"),
    "delivery": mark("withdrawals"),
    "deliveries": mark("withdrawals"),
    "runoff": mark("runoff"),
    "exchanged": mark("electricity under clauses"),
    "unserved": mark("power unserved"),
}


def correction_annex(found: Correction, parties: tuple[str, ...], digest: str, version: str) -> Annex:
    """The notice as an annex that the layouts of the report take.

    Parameters
    ----------
    found : Correction
    parties : tuple of str
    digest : str
        Of the inputs of the newest plan.
    version : str
    """
    sections = (_parties(found), _targets(found), _clauses(found), _reservoirs(found), *_schedules(found), _basis(found))
    proof = say("Proved best; largest residual of the water balance {residual} Mm3.", residual=f"{found.water_residual_Mm3:.0e}")
    return Annex(
        title=say("Notice of a correction to the plan from {day} on", day=found.begins),
        subtitle=f"{found.title}, {window_in_words(found.horizon)}. " + say("Volumes in Mm3, flows in m3/s."),
        draft=say("Draft for a meeting. Not signed."),
        sections=tuple(x for x in sections if x.rows or x.told),
        signed=parties,
        foot=proof + " " + say("Digest of the inputs {digest}; waterflow {version}.", digest=digest, version=version),
        lang=spoken(),
    )


def correction_text(found: Annex) -> str:
    """The notice as plain text."""
    lines = [found.title, paragraph(found.subtitle), found.draft]
    for section in found.sections:
        lines.append(heading(section.heading))
        if section.rows:
            rows = [[_text(cell) for cell in row] for row in section.rows]
            lines.append(columns(section.head, rows, section.texts))
        lines += [paragraph(sentence) for sentence in section.told]
    return "\n".join([*lines, "", paragraph(found.foot)]) + "\n"


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    return exact(*cell) if isinstance(cell, tuple) else cell


def _of(found: Correction, *kinds: str) -> list[Change]:
    return [x for x in found.changes if x.kind in kinds]


def _change(x: Change) -> Cell:
    """With its sign; nothing of a change that is none."""
    return None if abs(x.change) < NOTHING else (exact(x.change, 0) if x.change < 0 else f"+{exact(x.change, 0)}")


def _figures(x: Change) -> tuple[Cell, ...]:
    return ((x.approved, 0), (x.seen, 0), (x.newest, 0), _change(x))


def _head(*first: str) -> tuple[str, ...]:
    return (*first, say("approved"), say("so far"), say("newest"), say("change"))


def _parties(found: Correction) -> Section:
    """Withdrawals of the limited users, and power not served, by party."""
    head = (*_head(say("party"), say("when"), say("limit")), say("within {share}", share=f"±{per_cent(0.15)}"))
    rows: list[tuple[Cell, ...]] = []
    for x in _of(found, "withdrawal"):
        limit: Cell = None if x.allowed is None else (x.allowed, 0)
        rows.append((x.title, window_in_words(x.window), limit, *_figures(x), say("yes") if x.within_tolerance else say("no")))
    told = [
        say("{party}, {when}: {now} GWh are not served in the newest plan, {then} GWh in the approved one.",
            party=x.title, when=window_in_words(x.window), now=exact(x.newest, 0), then=exact(x.approved, 0))
        for x in _of(found, "unserved") if max(x.approved, x.newest) > NOTHING
    ]  # fmt: skip
    return Section(say("By party: withdrawals, {unit}", unit=unit("Mm3")), head, tuple(rows), texts=2, told=tuple(told))


def _targets(found: Correction) -> Section:
    rows = [
        (
            x.title,
            window_in_words(x.window),
            (x.allowed or 0.0, 0),
            *_figures(x),
            (x.missed_now or 0.0, 0) if (x.missed_now or 0.0) > NOTHING else None,
        )
        for x in _of(found, "target")
    ]
    head = (*_head(say("place"), say("when"), say("target")), say("missed"))
    return Section(say("Targets, {unit}", unit=unit("Mm3")), head, tuple(rows), texts=2)


def _clauses(found: Correction) -> Section:
    """Clauses, each row with who owes it; those that are past are said."""
    rows = []
    for x in _of(found, "clause"):
        missed: Cell = _worth(x.missed_now)
        rows.append((x.title, x.party or "", _when(x.window), unit(x.unit), (x.allowed or 0.0, 0), *_figures(x), missed))
    told = [
        say("The window of {clause} ({when}) is past: missed by {missed} {unit}.",
            clause=x.row, when=_when(x.window), missed=exact(x.missed, 0), unit=unit(x.unit))
        for x in found.settled if x.missed > NOTHING
    ]  # fmt: skip
    head = (*_head(say("clause"), say("who owes"), say("when"), say("unit"), say("asked")), say("missed"))
    return Section(say("By clause"), head, tuple(rows), texts=4, told=tuple(told))


def _worth(value: float | None) -> Cell:
    return (value, 0) if value is not None and value > NOTHING else None


def _when(window: str) -> str:
    start, end = window.split("/")
    return say("on {date}", date=start) if start == end else window_in_words(window)


def _reservoirs(found: Correction) -> Section:
    """Releases of a season, and storages on its morning after."""
    rows: list[tuple[Cell, ...]] = []
    for x in _of(found, "release", "storage"):
        if x.kind == "release":
            rows.append((x.title, say("release"), window_in_words(x.window), *_figures(x)))
        else:
            rows.append((x.title, say("volume"), say("on {date}", date=x.window), (x.approved, 0), None, (x.newest, 0), _change(x)))
    return Section(say("Reservoirs, {unit}", unit=unit("Mm3")), _head(say("reservoir"), "", say("when")), tuple(rows), texts=3)


def _schedules(found: Correction) -> Iterator[Section]:
    """Release by period as approved and as it is now, for reservoirs whose schedule changes."""
    rows: list[tuple[Cell, ...]] = []
    ahead: list[int] = []
    for x in found.reservoirs:
        ahead = [k for k, past in enumerate(x.seen) if not past]
        if any(abs(x.newest_m3s[k] - x.approved_m3s[k]) >= NOTHING for k in ahead):
            rows += _schedule(x, ahead)
    if rows:
        labels = [period_in_words(found.reservoirs[0].periods[k]) for k in ahead]
        abreast = 12
        for k in range(0, len(labels), abreast):
            part = [(row[0], row[1], *row[2 + k : 2 + k + abreast]) for row in rows]
            yield Section(
                say("Releases to come, {unit}", unit=unit("m3/s")), (say("reservoir"), "", *labels[k : k + abreast]), tuple(part), texts=2
            )


def _schedule(x: Monthly, ahead: list[int]) -> Iterator[tuple[Cell, ...]]:
    yield (x.title, say("approved"), *((x.approved_m3s[k], 0) for k in ahead))
    yield ("", say("newest"), *((x.newest_m3s[k], 0) for k in ahead))


def _basis(found: Correction) -> Section:
    """What the notice rests on: facts, forecast, what was not seen, what is passed already."""
    told = [
        say("Known on the morning of {day}: {figures}.", day=found.day, figures="; ".join(_given(found)))
        if found.given
        else say("Nothing was reported by the morning of {day}.", day=found.day),
        say_many("{count} figure of runoff is a new forecast; the others are those of the approved plan.",
                 "{count} figures of runoff are a new forecast; the others are those of the approved plan.", found.forecasts)
        if found.forecasts else say("No new forecast was given: runoff is that of the approved plan."),
    ]  # fmt: skip
    if found.bridged:
        told.append(
            say_many(
                "From {day} to the end of the period, {count} day, the approved plan is taken to run on: the newest begins on {begins}.",
                "From {day} to the end of the period, {count} days, the approved plan is taken to run on: the newest begins on {begins}.",
                found.bridged.days, day=found.bridged.day, begins=found.bridged.begins,
            )
        )  # fmt: skip
    told += _not_seen((*found.assumed, *(found.bridged.assumed if found.bridged else ())))
    told += _left_aside(found.left_aside)
    told += [
        say("{name} is passed already: {found} of {figure} {unit}.",
            name=x.name, found=exact(x.found, 0), figure=exact(x.figure, 0), unit=unit(x.unit))
        for x in found.excesses
    ]  # fmt: skip
    if found.tolerance:
        told.append(say("Limits could be passed by {share}; what users may count on stays the limit.", share=per_cent(found.tolerance)))
    return Section(say("What this rests on"), (), (), told=tuple(told))


def _given(found: Correction) -> Iterator[str]:
    for x in found.given:
        yield f"{say(QUANTITIES[x.quantity])}: {x.count} ({x.source}, {grade(x.grade)})"


def _left_aside(left: tuple[LeftAside, ...]) -> Iterator[str]:
    """What a ledger says and the newest plan has no use for."""
    told = {
        "later": mark("Left aside, as later than the day: {names}."),
        "no_decision": mark("Left aside, as neither decided nor runoff: {names}."),
        "no_runoff": mark("Left aside, as forecasts of something else than runoff: {names}."),
        "twice": mark("Left aside, as another series says the same: {names}."),
    }
    for why, sentence in told.items():
        names = [f"{x.place}, {quantity_called(x.quantity)} ({x.count})" for x in left if x.why == why]
        if names:
            shown = "; ".join(names[:NAMED]) + (f" ... ({len(names)})" if len(names) > NAMED else "")
            yield say(sentence, names=shown)


def _not_seen(assumed: tuple[NotSeen, ...]) -> Iterator[str]:
    """What was not reported, by quantity: the names, or how many where they are many."""
    by_quantity: dict[str, list[str]] = {}
    for x in assumed:
        by_quantity.setdefault(say(QUANTITIES[x.quantity]), []).append(x.place)
    for quantity, places in by_quantity.items():
        names = list(dict.fromkeys(places))
        shown = ", ".join(names[:NAMED]) + (f" ... ({len(names)})" if len(names) > NAMED else "")
        yield say("Not reported, taken from the approved plan: {quantity} of {names}.", quantity=quantity, names=shown)
