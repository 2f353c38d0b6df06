"""Forecasts of headwaters in any unit as Mm3 of each period; where there is none, the norm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from waterflow.calendar import Calendar, Period, Window
from waterflow.loading.season_sheet import Figure
from waterflow.loading.timed import month_share
from waterflow.season.kit import Kit

__all__ = ["ESTIMATES", "Outside", "RunoffRead", "Understood", "fine_calendar", "runoff_read"]

ESTIMATES = ("low", "mean", "high")
#: Mm3 of a day of 1 m3/s: 86,400 s
DAY = 0.0864


@dataclass(frozen=True)
class Outside:
    """A forecast that came in a file of its own, by period of the season.

    Attributes
    ----------
    shown : str
        The file.
    values : mapping of estimate to node to label to Mm3
        ``mean`` at least; labels of the fine calendar.
    source, grade : str
    """

    shown: str
    values: Mapping[str, Mapping[str, Mapping[str, float]]]
    source: str
    grade: str


@dataclass(frozen=True)
class Understood:
    """What a forecast was understood to be: the volume of its days, beside the norm of the same days, Mm3."""

    name: str
    estimate: str
    span: Window
    kind: str
    value: float
    volume_Mm3: float
    norm_Mm3: float
    source: str


@dataclass(frozen=True)
class RunoffRead:
    """Runoff of a season.

    Attributes
    ----------
    calendar : Calendar
        Of the figures: dekads if any forecast is of one, else months.
    values : mapping of estimate to node to label to Mm3
        Of every headwater and period; ``low`` and ``high`` only where somebody gave one.
    forecast : mapping of estimate to node to label to (Mm3, source, grade, note)
        What of it was forecast.
    norm_sources : mapping of node to str
    own_norms : tuple of str
        Headwaters whose norm somebody changed in the file.
    understood : tuple of Understood
    replaced : tuple of (node, file)
        Headwaters whose figures of the sheet gave way to a file's.
    """

    calendar: Calendar
    values: dict[str, dict[str, dict[str, float]]]
    forecast: dict[str, dict[str, dict[str, tuple[float, str, str, str]]]]
    norm_sources: dict[str, str]
    own_norms: tuple[str, ...]
    understood: tuple[Understood, ...]
    replaced: tuple[tuple[str, str], ...]


def fine_calendar(kit: Kit) -> Calendar:
    """The season by the shortest periods the model knows."""
    steps = (*kit.like.file.steps, kit.like.file.step)
    return Calendar(kit.calendar.start, kit.calendar.end, "dekad" if "dekad" in steps else "month", kit.calendar.growing)


def _by_period(values: Mapping[str, float], calendar: Calendar) -> dict[str, float]:
    """Figures of months laid over the periods of a calendar by days; a period's own figure stands."""
    return {p.label: values[p.label] if p.label in values else values[p.label[:7]] * month_share(p) for p in calendar.periods}


def _spread(span: Window, total: float, norm: Mapping[str, float], periods: Sequence[Period]) -> dict[str, float]:
    """A volume over the periods of a span: evenly by days within one month, else as the norm is."""
    inside = [p for p in periods if span.start <= p.start and p.end <= span.end]
    whole = sum(norm[p.label] for p in inside)
    if len({p.label[:7] for p in inside}) == 1 or whole <= 0:
        whole = float(sum(p.days for p in inside))
        return {p.label: total * p.days / whole for p in inside}
    return {p.label: total * norm[p.label] / whole for p in inside}


class _Reading:
    """Forecasts being laid over the periods of a season."""

    def __init__(self, kit: Kit, figures: Sequence[Figure]) -> None:
        self.kit, self.fine = kit, fine_calendar(kit)
        known = {n: dict(zip(kit.calendar.labels, v, strict=True)) for n, v in kit.norms.values.items()}
        self.norms = {node: _by_period(values, self.fine) for node, values in known.items()}
        self.sources, self.own = dict(kit.norms.sources), list[str]()
        self.understood: list[Understood] = []
        for figure in figures:
            if figure.estimate == "norm":
                self._norm(figure)

    def _days(self, span: Window) -> int:
        return (span.end - span.start).days + 1

    def _norm(self, figure: Figure) -> None:
        """A norm as it stands in the file; one that is not the one that was written there is somebody's own."""
        norm = self.norms[figure.name]
        total = figure.value * (self._days(figure.span) * DAY if figure.kind == "rate" else 1.0)
        new = _spread(figure.span, total, norm, self.fine.periods)
        # a figure that was rounded to be seen is still the one that was written
        if any(abs(new[label] - norm[label]) > 0.06 for label in new):
            self.norms[figure.name] = norm | new
            self.sources[figure.name] = figure.source or self.sources[figure.name]
            self.own += [figure.name] if figure.name not in self.own else []

    def volumes(self, figure: Figure) -> dict[str, tuple[float, str, str, str]]:
        """Mm3 of the periods a forecast is about, its source, grade, and a note of what it was."""
        norm = self.norms[figure.name]
        inside = {p.label: norm[p.label] for p in self.fine.periods if figure.span.start <= p.start and p.end <= figure.span.end}
        if figure.kind == "norm":
            found = {label: value * figure.value / 100 for label, value in inside.items()}
        else:
            total = figure.value * (self._days(figure.span) * DAY if figure.kind == "rate" else 1.0)
            found = _spread(figure.span, total, norm, self.fine.periods)
        volume, whole = sum(found.values()), sum(inside.values())
        source = figure.source
        told = Understood(figure.name, figure.estimate, figure.span, figure.kind, figure.value, volume, whole, source)
        self.understood.append(told)
        units = {"norm": "% of norm", "rate": "m3/s", "volume": "Mm3"}
        note = f"forecast {figure.value:g} {units[figure.kind]} for {figure.span}" + (f"; {figure.note}" if figure.note else "")
        return {label: (value, source or "season_file", figure.grade or "unverified", note) for label, value in found.items()}

    def from_file(self, node: str, estimate: str, given: Mapping[str, float], source: str) -> None:
        """Take down what a file's forecast was understood to be."""
        inside = [p for p in self.fine.periods if p.label in given]
        if inside:
            total, norm = sum(given.values()), sum(self.norms[node][p.label] for p in inside)
            span = Window(inside[0].start, inside[-1].end)
            self.understood.append(Understood(node, estimate, span, "volume", total, total, norm, source))


def runoff_read(kit: Kit, figures: Sequence[Figure], outside: Sequence[Outside]) -> RunoffRead:
    """Lay every forecast over the periods of the season.

    Per cent of the norm is a share of the norm of each period; m3/s are taken times the true seconds of their days; a volume or
    a rate of more than a month is spread as the norm is. What has no forecast has the norm; what has no low or high, the mean.
    """
    reading = _Reading(kit, figures)
    nodes = list(kit.norms.values)
    files = {node: file for file in outside for node in file.values["mean"]}
    found: dict[str, dict[str, dict[str, tuple[float, str, str, str]]]] = {e: {n: {} for n in nodes} for e in ESTIMATES}
    replaced = dict[tuple[str, str], None]()
    for figure in figures:
        if figure.estimate == "norm":
            continue
        if figure.name in files:
            replaced[figure.name, files[figure.name].shown] = None
            continue
        found[figure.estimate][figure.name] |= reading.volumes(figure)
    for node, file in files.items():
        for estimate, values in file.values.items():
            given = values.get(node, {})
            found[estimate][node] = {label: (v, file.source, file.grade, "") for label, v in given.items()}
            reading.from_file(node, estimate, given, file.source)
    return _laid(reading, found, tuple(replaced))


def _laid(
    reading: _Reading, found: dict[str, dict[str, dict[str, tuple[float, str, str, str]]]], replaced: tuple[tuple[str, str], ...]
) -> RunoffRead:
    """Runoff of every headwater and period, by months where every forecast is of whole months."""
    values: dict[str, dict[str, dict[str, float]]] = {}
    mean = {n: norm | {label: v[0] for label, v in found["mean"][n].items()} for n, norm in reading.norms.items()}
    for estimate in ESTIMATES:
        if estimate == "mean" or any(found[estimate].values()):
            values[estimate] = {n: own | {label: v[0] for label, v in found[estimate][n].items()} for n, own in mean.items()}
    fine, coarse = reading.fine, reading.kit.calendar
    if fine.step != coarse.step and _whole_months(found, fine):
        values = {e: {n: _summed(v) for n, v in by_node.items()} for e, by_node in values.items()}
        found = {e: {n: _joined(v) for n, v in by_node.items()} for e, by_node in found.items()}
        fine = coarse
    understood = tuple(reading.understood)
    return RunoffRead(fine, values, found, reading.sources, tuple(reading.own), understood, replaced)


def _whole_months(found: Mapping[str, Mapping[str, Mapping[str, tuple[float, str, str, str]]]], fine: Calendar) -> bool:
    """True if no month has a forecast of a dekad that differs in rate from the others' of the same month."""
    for by_node in found.values():
        for values in by_node.values():
            rates: dict[str, set[float]] = {}
            for p in fine.periods:
                rates.setdefault(p.label[:7], set()).add(round(values[p.label][0] * p.rate, 6) if p.label in values else -1.0)
            if any(len(r) > 1 for r in rates.values()):
                return False
    return True


def _summed(values: Mapping[str, float]) -> dict[str, float]:
    months: dict[str, float] = {}
    for label, value in values.items():
        months[label[:7]] = months.get(label[:7], 0.0) + value
    return months


def _joined(values: Mapping[str, tuple[float, str, str, str]]) -> dict[str, tuple[float, str, str, str]]:
    months: dict[str, tuple[float, str, str, str]] = {}
    for label, (value, *rest) in values.items():
        before = months[label[:7]][0] if label[:7] in months else 0.0
        months[label[:7]] = (before + value, rest[0], rest[1], rest[2])
    return months
