"""Tornado: the swings of a figure as a picture, the largest on top; the same bytes for the same doubt."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from waterflow.errors import Problem
from waterflow.explain.doubt import Doubt, Swing
from waterflow.explain.morris import require_extra
from waterflow.words.catalogue import say
from waterflow.words.near import either
from waterflow.words.numbers import number, places

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

    shown = [s for s in found.swings if s.size(found.value) > SMALLEST or s.no_plan][:top]
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
    for k, swing in enumerate(shown):
        ends = ((swing.at_low, swing.input.low, LOW_COLOUR), (swing.at_high, swing.input.high, HIGH_COLOUR))
        # the longer bar first, so that the shorter stays in sight where both lie on one side
        for at, _, colour in sorted(ends, key=lambda e: -abs((e[0] if e[0] is not None else value) - value)):
            axes.barh(k, (at if at is not None else value) - value, left=value, color=colour, height=0.62)
        for side, above in (("right", False), ("left", True)):
            here = [(at, setting) for at, setting, _ in ends if at is not None and abs(at - value) > SMALLEST and (at > value) == above]
            said = "; ".join(f"{_setting(setting)}: {number(at, decimals)}" for at, setting in sorted(here))
            lost = [end for end, (at, *_) in zip(("low", "high"), ends, strict=True) if at is None] if above else []
            said = "; ".join([*([said] if said else []), *(f"no plan at the {end}" for end in lost)])
            edge = max((at for at, _ in here), default=value) if above else min((at for at, _ in here), default=value)
            axes.annotate(f" {said} ", (edge, k), va="center", ha=side, fontsize=7, color=LINE_COLOUR)


def _setting(value: float) -> str:
    return number(value, 3 if abs(value) < 1 else places([value]))


def _frame(axes: Any, found: Doubt, shown: list[Swing]) -> None:
    figure, decimals = found.figure, places([found.value])
    axes.axvline(found.value, color=LINE_COLOUR, linewidth=1)
    axes.set_yticks(range(len(shown)), [f"{s.title} ({s.input.unit_in_words})" for s in shown])
    axes.invert_yaxis()
    axes.margins(x=0.25)
    axes.set_xlabel(f"{figure.unit}; written: value of the input, then the figure")
    axes.set_title(f"{figure.title}\n{number(found.value, decimals)} {figure.unit} in the plan", fontsize=10, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if not shown:
        axes.text(0.5, 0.5, "No single input moves it within its stated range.", transform=axes.transAxes, ha="center")
        axes.set_axis_off()
        return
    from matplotlib.patches import Patch

    ends = ((LOW_COLOUR, "low"), (HIGH_COLOUR, "high"))
    axes.legend(handles=[Patch(color=c, label=f"input at its {end}") for c, end in ends], frameon=False, fontsize=8, loc="lower right")
