"""The picture of a negotiation: what coalitions gain, what payments keep everybody, what of one aim costs of the others."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import numpy as np

from waterflow.negotiation.negotiation_facts import FrontierFact, NegotiationFacts
from waterflow.report.negotiation_text import aim_head
from waterflow.report.validation_pictures import svg
from waterflow.words.catalogue import say
from waterflow.words.dates import window_in_words
from waterflow.words.numbers import exact, unit

__all__ = ["PARTY_COLOURS", "negotiation_picture"]

#: parties in the model's order; far apart for every kind of colour blindness, none of a flag's
PARTY_COLOURS = ("#946D00", "#581B4E", "#1F8378", "#5658A9", "#B3261E", "#4A5A68")
#: a range below this is none, in the unit of its axis
SHOWN = 0.05
INK, SEA, FAINT = "#333333", "#2a6f97", "#9cc3e3"


def negotiation_picture(facts: NegotiationFacts) -> bytes:
    """The picture as SVG; the same bytes for the same facts."""
    from matplotlib.figure import Figure

    rows = 2 if facts.frontier and len(facts.frontier.points) > 1 else 1
    figure = Figure(figsize=(10, 4.6 * rows), layout="constrained")
    axes = figure.subplots(rows, 2, squeeze=False)
    _coalitions(axes[0][0], facts)
    _payments(axes[0][1], facts)
    if rows > 1 and facts.frontier:
        _trade_off(axes[1][0], facts.frontier)
        _parallel(axes[1][1], facts, facts.frontier)
    figure.suptitle(f"{facts.title}, {window_in_words(facts.horizon)}", x=0.01, ha="left", fontsize=11, color=INK)
    return svg(figure)


def _titled(axis: Any, title: str) -> None:
    axis.set_title(title, loc="left", fontsize=9, color=INK)
    axis.tick_params(labelsize=8, colors=INK)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _coalitions(axis: Any, facts: NegotiationFacts) -> None:
    """Gains of coalitions at central values, from low to high as a line."""
    found = sorted(facts.coalitions, key=lambda x: x.central_MUSD)
    at = np.arange(len(found))
    axis.barh(at, [x.central_MUSD for x in found], color=FAINT)
    axis.hlines(at, [min(x.low_MUSD, x.high_MUSD) for x in found], [max(x.low_MUSD, x.high_MUSD) for x in found], color=SEA, linewidth=1.2)
    axis.set_yticks(at, [" + ".join(x.members) for x in found])
    _titled(axis, say("What coalitions gain over no deal, {unit};\nthe line: from low to high values", unit=unit("million USD")))


def _payments(axis: Any, facts: NegotiationFacts) -> None:
    """What the plan of all brings each party, and the payments that keep everybody."""
    at = np.arange(len(facts.payments))
    colours = [PARTY_COLOURS[k % len(PARTY_COLOURS)] for k in at]
    axis.barh(at + 0.18, [x.before_MUSD for x in facts.payments], height=0.3, color=colours, alpha=0.45)
    for k, x in enumerate(facts.payments):
        if x.least_MUSD is not None and x.most_MUSD is not None and x.middle_MUSD is not None:
            axis.hlines(k - 0.2, x.least_MUSD, x.most_MUSD, color=colours[k], linewidth=4)
            axis.plot([x.middle_MUSD], [k - 0.2], marker="o", color=INK, markersize=4)
    axis.axvline(0, color=INK, linewidth=0.6)
    axis.set_yticks(at, [x.party for x in facts.payments])
    axis.invert_yaxis()
    _titled(
        axis,
        say(
            "Pale: what the plan of all brings before payment;\nline: what each is paid so that all stay, {unit}", unit=unit("million USD")
        ),
    )


def _trade_off(axis: Any, found: FrontierFact) -> None:
    """The first two aims against each other."""
    first, second = (_aim(found, k) for k in (0, 1))
    axis.scatter([p.values[0] for p in found.points], [p.values[1] for p in found.points], s=14, color=SEA)
    if found.nearest is not None:
        axis.plot([found.wished[0]], [found.wished[1]], marker="x", color=INK)
        axis.plot([found.nearest.values[0]], [found.nearest.values[1]], marker="o", markerfacecolor="none", color=INK, markersize=9)
    axis.set_xlabel(first, fontsize=8)
    axis.set_ylabel(second, fontsize=8)
    told = say("What of one costs of the other") + ("\n" + say("cross: wished for; ring: nearest to it") if found.nearest else "\n")
    _titled(axis, told)


def _aim(found: FrontierFact, k: int) -> str:
    return aim_head(found.aims[k]).replace(",\n", ", ")


def _parallel(axis: Any, facts: NegotiationFacts, found: FrontierFact) -> None:
    """Every point as a line over all aims and what each party gains, each axis from its least to its most."""
    parties = [x.party for x in facts.parties]
    values = np.array([[*p.values, *(p.gains_MUSD[x] for x in parties)] for p in found.points])
    low, high = values.min(axis=0), values.max(axis=0)
    # where nothing moves that a table would show, rounding is no range
    moves = high - low > SHOWN
    scaled = np.where(moves, (values - low) / np.where(moves, high - low, 1.0), 0.5)
    shade = scaled[:, 0]
    for row, share in zip(scaled, shade, strict=True):
        axis.plot(row, color=SEA, alpha=0.15 + 0.7 * float(share), linewidth=1)
    heads = [fill(aim_head(x).replace("\n", " "), 12) for x in found.aims] + parties
    axis.set_xticks(range(len(heads)), heads, fontsize=7)
    axis.set_yticks([])
    _ends(axis, low, high)
    axis.set_ylim(-0.12, 1.12)
    told = say("The same points, with what each party gains, {unit};\nthe darker, the more of the first", unit=unit("million USD"))
    _titled(axis, told)


def _ends(axis: Any, low: Sequence[float], high: Sequence[float]) -> None:
    for k, ends in enumerate(zip(low, high, strict=True)):
        axis.axvline(k, color=INK, linewidth=0.4)
        for place, value in zip((-0.08, 1.04), ends, strict=True):
            axis.text(k, place, exact(float(value), 1 if abs(value) < 1000 else 0), ha="center", fontsize=7, color=INK)
