"""A replayed season in words: drift, what rang, the final account, and what knowing would have been worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from waterflow.ledger.replayed_facts import Drift, DriftAlarm, Outcome, RollingFacts, SeasonReplayed
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import period_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, unit

__all__ = ["regrets_told", "rolling_text"]

WAYS = {
    "corrected": mark("planned again every period"),
    "uncorrected": mark("first plan, never corrected"),
    "foresight": mark("knowing what would come"),
    "done": mark("what was done"),
}
METHODS = {
    "climatology": mark("the mean of the record"),
    "persistence": mark("the mean of the record times how wet the last three months were"),
    "analogues": mark("the five recorded years most like the last three months"),
}
ALARMS = {
    "storage": mark("{title}: storage {value} outside its range, {threshold} {unit}"),
    "release": mark("{title}: released {value} by now, approved {threshold} {unit}"),
    "withdrawal": mark("{title}: taken {value} by now, approved {threshold} {unit}"),
    "level": mark("{title}: {value}, alarm {threshold} {unit}"),
    "target": mark("{title}: {value} promised of {threshold} {unit}"),
}
KINDS = {
    "storage": mark("storages outside their range"),
    "release": mark("releases far from the approved plan"),
    "withdrawal": mark("withdrawals far from the approved plan"),
    "level": mark("alarm levels passed"),
    "target": mark("targets at risk"),
}
#: figures of an outcome that are told, whether more is worse, and their unit
FIGURES = ("short_Mm3", "targets_missed_Mm3", "unserved_GWh", "power_cost_MUSD", "outside_Mm3", "stored_Mm3")


def rolling_text(found: RollingFacts) -> str:
    """The answer as plain text."""
    return "\n".join(line for season in found.seasons for line in _season(season)) + "\n"


def _season(x: SeasonReplayed) -> Iterator[str]:
    yield f"{x.title}, {x.scenario}" + (f" ({say('invented')})" if x.invented else "")
    yield paragraph(
        say("{first} to {last}, planned again at the beginning of every period; forecast: {method}.",
            first=x.first, last=x.last, method=say(METHODS.get(x.forecast, x.forecast)))
    )  # fmt: skip
    if x.tolerance:
        yield paragraph(say("Limits could be passed by {share}; what users may count on stays the limit.", share=per_cent(x.tolerance)))
    yield paragraph(
        say("The approved plan was made for {forecast} Mm3 of runoff; {came} Mm3 came.",
            forecast=number(x.approved_forecast_Mm3), came=number(x.came_Mm3))
    )  # fmt: skip
    yield heading(say("Drift"))
    head = (
        say("period"),
        say("forecast"),
        say("came"),
        say("season\nforecast"),
        say("stored"),
        say("approved"),
        say("drift"),
        say("alarms"),
        say("curtailed"),
    )
    yield columns(head, [_drift(d) for d in x.drift])
    yield from (paragraph(sentence) for sentence in _rang(x))
    yield heading(say("Final account"))
    yield _account(x)
    yield from (paragraph(sentence) for sentence in regrets_told(x))
    yield ""


def _drift(d: Drift) -> list[str]:
    figures = (d.forecast_Mm3, d.came_Mm3, d.season_forecast_Mm3, d.stored_Mm3, d.approved_stored_Mm3, d.stored_Mm3 - d.approved_stored_Mm3)
    return [period_in_words(d.period), *(number(round(v)) for v in figures), number(len(d.alarms)), number(len(d.curtailed))]


def _rang(x: SeasonReplayed) -> Iterator[str]:
    """How often what rang, and the last of each kind."""
    counts = Counter(a.kind for d in x.drift for a in d.alarms)
    for kind, count in counts.items():
        period, last = next((d.period, a) for d in reversed(x.drift) for a in d.alarms if a.kind == kind)
        yield say(
            "{kind}: {count}. The last, {period}: {alarm}.",
            kind=say(KINDS[kind]),
            count=count,
            period=period_in_words(period),
            alarm=_alarm(last),
        )
    for d in x.drift:
        if d.not_held:
            yield say(
                "{period}: no plan could keep {names} any more; it was given up.",
                period=period_in_words(d.period),
                names=", ".join(d.not_held),
            )
    cut = [c for d in x.drift for c in d.curtailed]
    if cut:
        lost = sum(max(0.0, c.planned_Mm3 - c.done_Mm3) for c in cut if c.kind == "withdrawal")
        yield say_many(
            "{count} decision could not be carried out with the water that came; users lost {lost} Mm3 by it.",
            "{count} decisions could not be carried out with the water that came; users lost {lost} Mm3 by it.",
            len(cut), lost=number(lost),
        )  # fmt: skip


def _alarm(a: DriftAlarm) -> str:
    return say(ALARMS[a.kind], title=a.title, value=number(a.value), threshold=number(a.threshold), unit=unit(a.unit))


def _account(x: SeasonReplayed) -> str:
    parties = list(x.outcomes[0].withdrawals_Mm3)
    head = ("", *(say(WAYS[o.way]).replace(" ", "\n", 1) for o in x.outcomes))
    rows = [[say("{party}, limited users, Mm3", party=p), *(number(o.withdrawals_Mm3.get(p)) for o in x.outcomes)] for p in parties]
    rows += [
        [title, *(number(getattr(o, name), 1 if name == "power_cost_MUSD" else 0) for o in x.outcomes)] for name, title in _titles().items()
    ]
    return columns(head, rows)


def _titles() -> dict[str, str]:
    return {
        "short_Mm3": say("asked and not delivered, Mm3"),
        "targets_missed_Mm3": say("missed of targets, Mm3"),
        "unserved_GWh": say("power unserved, GWh"),
        "power_cost_MUSD": say("net cost of power, million USD"),
        "outside_Mm3": say("outside operating ranges, Mm3"),
        "stored_Mm3": say("stored at the end, Mm3"),
    }


def regrets_told(x: SeasonReplayed) -> Iterator[str]:
    """Planned again every period less each of the other ways; better and worse alike."""
    own = x.outcome("corrected")
    for way in ("foresight", "uncorrected", "done"):
        other = x.outcome(way)
        if own and other:
            parts = [
                f"{title} {_signed(a - b)}" for name, title in _titles().items() if (pair := _pair(own, other, name)) for a, b in [pair]
            ]
            taken = sum(own.withdrawals_Mm3[p] - v for p, v in other.withdrawals_Mm3.items())
            parts.append(say("limited users, Mm3 {taken}", taken=_signed(taken)))
            yield say("Planning again, less {way}: {parts}.", way=say(WAYS[way]), parts="; ".join(parts))


def _pair(own: Outcome, other: Outcome, name: str) -> tuple[float, float] | None:
    a, b = getattr(own, name), getattr(other, name)
    return None if a is None or b is None else (a, b)


def _signed(value: float) -> str:
    text = number(round(value) + 0.0)
    return text if text.startswith(("-", "−")) or round(value) == 0 else f"+{text}"
