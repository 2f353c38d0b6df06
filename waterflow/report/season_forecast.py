"""Forecasts from outside, or from the record, as they were understood, as text."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.report.names import estimate as estimate_called
from waterflow.season.kit import Kit
from waterflow.season.outside import HIGH, LOW, Read
from waterflow.words.catalogue import say, say_many
from waterflow.words.dates import period_alone
from waterflow.words.layout import columns, paragraph
from waterflow.words.numbers import number, per_cent

__all__ = ["outside_text", "outside_told"]


def _signed(hours: float) -> str:
    return f"{hours:+g}"


def outside_told(read: Read) -> Iterator[str]:
    """What had to be understood of a file, what was set to another clock, and what was left out, in sentences."""
    shown = read.outside.shown
    if read.issued:
        yield say("{file}: issued {dates}.", file=shown, dates=", ".join(read.issued))
    else:
        yield say("{file}: it does not say when it was issued.", file=shown)
    if read.day is not None and read.day != read.zone:
        sentence = say(
            "{file}: its clock, UTC{zone}, is set to the basin's day, UTC{day}.", file=shown, zone=_signed(read.zone), day=_signed(read.day)
        )
        yield sentence
    elif read.zone:
        yield say(
            "{file}: its days are those of UTC{zone}; --time-zone says another day of the basin.", file=shown, zone=_signed(read.zone)
        )
    if read.members > 1:
        low, high = per_cent(LOW), per_cent(HIGH)
        told = say_many("{count} member", "{count} members", read.members)
        yield say(
            "{file}: {members}; low and high are the members nearest to {low} and {high} of their totals.",
            file=shown,
            members=told,
            low=low,
            high=high,
        )
    if read.strange:
        yield say("{file}: no headwater is called {names}: left out.", file=shown, names=", ".join(read.strange))
    for location, unit in read.no_flow:
        yield say("{file}: {place} in {unit} is no flow: left out.", file=shown, place=location, unit=unit)
    yield from _coverage(read)


def _coverage(read: Read) -> Iterator[str]:
    """Figures that fit no period: outside the season, across a border, or too few to fill one."""
    shown = read.outside.shown
    places: dict[str, list[str]] = {}
    for laid in read.laid.values():
        for s in laid.skipped:
            part = say("{period}, {days:.3g} days of {of}", period=period_alone(s.label), days=s.days, of=s.of_days)
            if part not in places.setdefault(s.name, []):
                places[s.name].append(part)
    for name, parts in places.items():
        yield say("{file}: {place} covers a part alone, which is not used: {periods}.", file=shown, place=name, periods="; ".join(parts))
    outside, split, endless = (max(getattr(one, what) for one in read.laid.values()) for what in ("outside", "split", "endless"))
    if outside:
        yield say_many(
            "{file}: {count} time of a series is outside the season.",
            "{file}: {count} times of a series are outside the season.",
            outside,
            file=shown,
        )
    if split:
        yield say_many(
            "{file}: {count} step of a series crosses the border of two periods, and is parted by seconds.",
            "{file}: {count} steps of a series cross the border of two periods, and are parted by seconds.",
            split,
            file=shown,
        )
    if endless:
        yield say("{file}: nothing tells how long a figure at the end of a series holds: it is not used.", file=shown)


def outside_text(kit: Kit, basin: Basin, reads: list[Read]) -> str:
    """Low, mean and high of every headwater that a forecast is of, Mm3 of the periods it covers, beside the norm of the same."""
    lines = []
    for read in reads:
        lines += [paragraph(sentence, "", "  ") for sentence in outside_told(read)]
        rows = []
        for node, mean in read.outside.values.get("mean", {}).items():
            if not mean:
                continue
            norm = sum(
                v for p, v in zip(kit.calendar.periods, kit.norms.values[node], strict=True) if any(x.startswith(p.label) for x in mean)
            )
            totals = [sum(read.outside.values[e][node].values()) if e in read.outside.values else None for e in ("low", "mean", "high")]
            span = f"{period_alone(min(mean))} - {period_alone(max(mean))}"
            rows.append([called(basin, node), span, *(number(t) for t in totals), number(norm), per_cent(totals[1], norm)])
        estimates = [estimate_called(e) for e in ("low", "mean", "high")]
        head = [say("Headwater, Mm3"), say("periods"), *estimates, say("norm"), say("of norm")]
        lines += ["", columns(head, rows, left=2), ""]
    return "\n".join(lines)
