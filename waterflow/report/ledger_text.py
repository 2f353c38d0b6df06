"""How a season stands by its ledger, as text: three lines for who reads no more, then alarms, what is owed, and where the water is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.ledger.status_facts import Alarm, Gate, LedgerStatus, Line, Owed, Way
from waterflow.report.ledger_tables import dekads_text, disagreements_text, limits_text, lines_text, sources_text
from waterflow.report.names import quantity_called
from waterflow.words.catalogue import say, say_many
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, unit

__all__ = ["status_text"]

#: series and clauses shown unless everything is asked for
MOST = 12
#: a clause missed by less (Mm3, GWh) is kept; water below it is none
MISSED = 0.05
STORAGE = "storage"


def status_text(found: LedgerStatus, party: str = "", *, full: bool = False) -> str:
    """How the season stands, as text.

    Parameters
    ----------
    found : LedgerStatus
    party : str, optional
        What it holds, owes and is owed stands first.
    full : bool
        Every series with every dekad.
    """
    lines = _own_first(found.lines, party, lambda x: x.party)
    owed = _own_first(found.owed, party, lambda x: (x.giver, *x.receivers))
    parts = [
        "\n".join(paragraph(x) for x in _in_short(found)),
        _alarms(found.alarms, party),
        _owed(owed, found),
        _ways(found.ways),
        lines_text(lines if full else lines[:MOST], len(lines), party),
        sources_text(found.sources),
        limits_text(found.limits, found.date),
        disagreements_text(found.disagreements),
        "".join(dekads_text(x) for x in lines if x.dekads) if full else "",
        "\n" + "\n".join(paragraph(x) for x in _notes(found)),
    ]
    return "\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def _own_first(parts: Sequence, party: str, whose) -> list:  # type: ignore[no-untyped-def, type-arg]
    """A party's own before those of others, each in the order they had."""
    return sorted(parts, key=lambda x: party not in whose(x)) if party else list(parts)


def _in_short(found: LedgerStatus) -> Iterator[str]:
    """The three lines."""
    title, date = found.title or say("Ledger"), found.date
    if not found.plan:
        yield say("{title} to {date}: facts alone. The ledger has no plan yet.", title=title, date=date)
        return
    yield say("{title}, to {date}, {taken}", title=title, date=date, taken=_taken(found.lines))
    if found.alarms:
        count = len({(a.place, a.quantity) for a in found.alarms})
        worst = found.alarms[0]
        yield say_many(
            "Off the plan beyond its thresholds: {count} series; the farthest: {alarm}.",
            "Off the plan beyond their thresholds: {count} series; the farthest: {alarm}.",
            count,
            alarm=_alarm(worst),
        )
    else:
        t = found.thresholds
        yield say("No alarm beyond {share} and {volume} Mm3.", share=per_cent(t.fraction), volume=number(t.volume_Mm3))
    yield _end(found)


def _taken(lines: Sequence[Line]) -> str:
    """What users took beside the plan, by party, of the source that is counted."""
    sums: dict[str, tuple[float, float]] = {}
    seen: set[str] = set()
    for x in lines:
        if x.quantity == "withdrawal" and x.plan_Mm3 is not None and x.place not in seen:
            seen.add(x.place)
            plan, fact = sums.get(x.party, (0.0, 0.0))
            sums[x.party] = (plan + x.plan_Mm3, fact + x.fact_Mm3)
    if not sums:
        return say("no fact of withdrawals.")
    told = [
        say("{party} {fact} of {plan} Mm3 ({share})", party=party, fact=number(f), plan=number(p), share=per_cent(f, p))
        for party, (p, f) in sums.items()
    ]
    return say("taken of what was planned: {parties}.", parties="; ".join(told))


def _alarm(a: Alarm) -> str:
    share = f", {_signed_share(a.deviation_fraction)}" if a.deviation_fraction is not None else ""
    about = {"place": a.title, "quantity": quantity_called(a.quantity), "off": _signed(a.deviation_Mm3), "share": share}
    return say("{place}, {quantity}: {off} Mm3{share}", **about)


def _signed(value: float, decimals: int = 0) -> str:
    return ("+" if value > 0 else "") + number(value, decimals)


def _signed_share(value: float | None) -> str:
    return "-" if value is None else ("+" if value > 0 else "") + per_cent(value)


def _end(found: LedgerStatus) -> str:
    """The season's end as it comes, and from what."""
    missed = [x for x in found.owed if (x.missed_by or 0.0) > MISSED]
    basis = say("facts, then forecasts where there are any, then the plan") if found.forecasts else say("facts to date, then the plan")
    if not found.owed:
        return say("At the end, by {basis}: no clause is in force.", basis=basis)
    if not missed:
        unknown = sum(x.missed_by is None for x in found.owed)
        if unknown == len(found.owed):
            return say("No fact tells of any clause.")
        told = say_many("no clause is missed; of {count} no fact tells.", "no clause is missed; of {count} no fact tells.", unknown)
        return say("At the end, by {basis}: {told}", basis=basis, told=told if unknown else say("no clause is missed."))
    names = "; ".join(say("{title} by {missed} {unit}", title=x.title, missed=number(x.missed_by), unit=unit(x.unit)) for x in missed[:3])
    return say_many(
        "At the end, by {basis}, {count} clause is missed: {names}.",
        "At the end, by {basis}, {count} clauses are missed: {names}.",
        len(missed),
        basis=basis,
        names=names,
    )


def _alarms(alarms: Sequence[Alarm], party: str) -> str:
    """Alarms with who holds the gate."""
    if not alarms:
        return ""
    head = [say("place"), say("quantity"), say("gate held by"), say("source"), say("period"), say("off the plan\nMm3"), "%"]
    rows = [
        [
            a.title,
            quantity_called(a.quantity),
            a.party or "-",
            a.source,
            _period(a.period),
            _signed(a.deviation_Mm3),
            _signed_share(a.deviation_fraction),
        ]
        for a in sorted(alarms, key=lambda a: bool(party) and a.party != party)
    ]
    return heading(say("Alarms")) + "\n" + columns(head, rows, 5)


def _period(label: str) -> str:
    return window_in_words(label) if "/" in label else period_alone(label)


def _owed(owed: Sequence[Owed], found: LedgerStatus) -> str:
    """What is owed, by clause."""
    if not owed:
        return ""
    head = [
        say("clause"),
        say("who owes"),
        say("owed to"),
        say("when"),
        "",
        say("asked"),
        say("due by now"),
        say("done"),
        say("behind"),
        say("missed at\nthe end"),
    ]
    rows = [
        [
            x.title,
            x.giver or "-",
            ", ".join(x.receivers),
            window_in_words(x.window),
            unit(x.unit),
            ("≥ " if x.rule == "at_least" else "≤ ") + number(x.figure),
            number(x.due),
            number(x.done),
            number(x.behind),
            number(x.missed_by),
        ]
        for x in owed
    ]
    told = [say("Of limits the figure due is what may be taken by now.")] if any(x.rule == "at_most" for x in owed) else []
    days = max((x.planned_days for x in owed), default=0)
    if days:
        told.append(
            say_many(
                "Up to {count} day without a fact is taken as planned.", "Up to {count} days without facts are taken as planned.", days
            )
        )
    del found
    return "\n".join([heading(say("What is owed")), columns(head, rows, 5), *map(paragraph, told)])


def _ways(ways: Sequence[Way]) -> str:
    """Where water is that is missing."""
    if not ways:
        return ""
    parts = [heading(say("Water on its way, {unit}", unit=unit("Mm3")))]
    for way in ways:
        head = [
            say("gate"),
            say("held by"),
            say("days\ndown"),
            say("to pass\nby now"),
            say("passed"),
            say("owed at\nthe gate"),
            say("on its\nway"),
            say("of it\nlate"),
        ]
        parts.append(columns(head, [_gate(g) for g in way.gates], 2))
        parts += [paragraph(x, "  ") for x in _arrival(way)]
        days = max(way.planned_days if way.arrived_Mm3 is not None else 0, *(g.planned_days for g in way.gates))
        if days:
            parts.append(
                paragraph(
                    say_many(
                        "Up to {count} day without a fact is taken as planned.",
                        "Up to {count} days without facts are taken as planned.",
                        days,
                    ),
                    "  ",
                )
            )
    return "\n".join(parts)


def _gate(g: Gate) -> list[str]:
    figures = (g.planned_Mm3, g.passed_Mm3, g.owed_Mm3, g.on_the_way_Mm3, g.late_Mm3)
    return [g.title, g.party or "-", number(g.days), *map(number, figures)]


def _arrival(way: Way) -> Iterator[str]:
    """What arrived, and of what is missing who holds it."""
    if way.arrived_Mm3 is None or way.missing_Mm3 is None or way.lost_Mm3 is None:
        about = {"place": way.title, "planned": number(way.planned_Mm3), "date": way.date}
        yield say("{place}, to {date}: no fact tells what arrived, of {planned} planned.", **about)
        return
    about = {"place": way.title, "arrived": number(way.arrived_Mm3), "planned": number(way.planned_Mm3), "date": way.date}
    if abs(way.missing_Mm3) < MISSED:
        yield say("{place}, to {date}: {arrived} arrived, as planned.", **about)
        return
    if way.missing_Mm3 < 0:
        yield say("{place}, to {date}: {arrived} arrived, {more} more than the {planned} planned.", more=number(-way.missing_Mm3), **about)
    else:
        yield say(
            "{place}, to {date}: {arrived} arrived of {planned} planned; {missing} are missing.", missing=number(way.missing_Mm3), **about
        )
    held = sum(g.not_let_go_Mm3 for g in way.gates)
    late = sum(g.late_Mm3 for g in way.gates)
    yield say(
        "Of the difference: not let go {held}; late, on its way {late}; taken on the way beyond the plan {taken}; "
        "not explained, as losses or side inflow unlike the planned {lost}.",
        held=_signed(held),
        late=_signed(late),
        taken=_signed(way.taken_Mm3),
        lost=_signed(way.lost_Mm3),
    )


def _notes(found: LedgerStatus) -> Iterator[str]:
    """What the figures rest on."""
    if found.partial:
        days = window_in_words(found.partial)
        yield say("The dekad is not over: of it the plan of {days} alone is counted, by days.", days=days)
    if found.forecasts:
        yield say("Forecasts, source and day of issue: {names}.", names="; ".join(found.forecasts))
    if found.step == "month":
        yield say("The plan is by months: within a month it is spread evenly over its days.")
    if found.not_in_the_plan:
        yield say("Not in the plan: {names}.", names=", ".join(found.not_in_the_plan))
    if found.not_sums:
        yield say("Not the sum of the shorter periods in it: {names}.", names="; ".join(found.not_sums))
    if STORAGE in {x.quantity for x in found.lines}:
        yield say("A storage at the end is that of the last fact and the change still planned, with inflow as forecast where it is.")
    told = say_many("{count} row", "{count} rows", found.rows)
    yield say(
        "Plan {plan}; {rows}; digest {digest}: alike for all who have the same rows. It shows that none was changed, not who wrote it.",
        plan=found.plan or "-",
        rows=told,
        digest=found.digest[:12],
    )
