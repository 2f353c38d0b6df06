"""Tornado: the swings of a figure as a picture, the largest on top; the same bytes for the same doubt."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from waterflow.errors import Problem
from waterflow.explain.doubt_facts import Doubt, Swing
from waterflow.extras import require_extra
from waterflow.report.doubt_text import setting, unit_of_input
from waterflow.words.catalogue import say
from waterflow.words.near import either
from waterflow.words.numbers import number, places, unit

__all__ = ["FORMATS", "check_picture", "tornado"]

FORMATS = ("svg", "png")
LOW_COLOUR, HIGH_COLOUR, LINE_COLOUR = "#b5651d", "#2a6f97", "#333333"
SMALLEST = 1e-6


def check_picture(path: Path) -> str:
    """The format of a picture, before any work is done for it.

    Raises
    ------
    InputError
        If the name ends in another format, or matplotlib is missing.
    """
    kind = path.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise Problem("bad-picture", f"--picture {path}", kind or say("no ending"), either([f".{f}" for f in FORMATS])).refusal()
    require_extra("matplotlib", "pictures", f"--picture {path}")
    return kind


def tornado(found: Doubt, top: int, kind: str) -> bytes:
    """The picture as bytes: a bar from the figure at the low end to that at the high end of each input.

    Parameters
    ----------
    found : Doubt
    top : int
        The most bars.
    kind : {"svg", "png"}
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    shown = [s for s in found.inputs if s.swing > SMALLEST or s.no_plan][:top]
    with rc_context({"svg.hashsalt": "waterflow", "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(9.0, 1.6 + 0.34 * max(len(shown), 1)), layout="constrained")
        axes = figure.subplots()
        _bars(axes, found, shown)
        _frame(axes, found, shown)
        stream = io.BytesIO()
        figure.savefig(stream, format=kind, dpi=120, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return stream.getvalue()


def _bars(axes: Any, found: Doubt, shown: list[Swing]) -> None:
    """A bar for each end, and beside the bars the settings with the figures they lead to."""
    decimals, value = places([found.value]), found.value
    no_plan = (say("no plan at the low end"), say("no plan at the high end"))
    for k, swing in enumerate(shown):
        ends = ((swing.figure_at_low, swing.low, LOW_COLOUR), (swing.figure_at_high, swing.high, HIGH_COLOUR))
        # the longer bar first, so that the shorter stays in sight where both lie on one side
        for at, _, colour in sorted(ends, key=lambda e: -abs((e[0] if e[0] is not None else value) - value)):
            axes.barh(k, (at if at is not None else value) - value, left=value, color=colour, height=0.62)
        for side, above in (("right", False), ("left", True)):
            here = [(at, given) for at, given, _ in ends if at is not None and abs(at - value) > SMALLEST and (at > value) == above]
            said = "; ".join(f"{setting(given)}: {number(at, decimals)}" for at, given in sorted(here, key=lambda end: end[0]))
            lost = [words for words, (at, *_) in zip(no_plan, ends, strict=True) if at is None] if above else []
            said = "; ".join([*([said] if said else []), *lost])
            edge = max((at for at, _ in here), default=value) if above else min((at for at, _ in here), default=value)
            axes.annotate(f" {said} ", (edge, k), va="center", ha=side, fontsize=7, color=LINE_COLOUR)


def _frame(axes: Any, found: Doubt, shown: list[Swing]) -> None:
    decimals = places([found.value])
    axes.axvline(found.value, color=LINE_COLOUR, linewidth=1)
    axes.set_yticks(range(len(shown)), [f"{s.title} ({unit_of_input(s.unit)})" for s in shown])
    axes.invert_yaxis()
    axes.margins(x=0.25)
    axes.set_xlabel(say("{unit}; written: value of the input, then the figure", unit=unit(found.unit)))
    value = say("{value} {unit} in the plan", value=number(found.value, decimals), unit=unit(found.unit))
    axes.set_title(f"{found.title}\n{value}", fontsize=10, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if not shown:
        axes.text(0.5, 0.5, say("No single input moves it within its stated range."), transform=axes.transAxes, ha="center")
        axes.set_axis_off()
        return
    from matplotlib.patches import Patch

    ends = ((LOW_COLOUR, say("input at its low end")), (HIGH_COLOUR, say("input at its high end")))
    axes.legend(handles=[Patch(color=colour, label=words) for colour, words in ends], frameon=False, fontsize=8, loc="lower right")
