"""The picture of a trade-off: winter power against summer water, the area of a point being the lake's water."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.files import is_folder
from waterflow.negotiation.trade_off import TradeOff
from waterflow.report.tornado import check_picture
from waterflow.report.validation_pictures import svg
from waterflow.words.catalogue import say
from waterflow.words.numbers import number

__all__ = ["check_trade_off_picture", "trade_off_picture"]

INK, SEA = "#333333", "#2a6f97"


def check_trade_off_picture(path: Path) -> None:
    """Refuse a picture that could not be drawn, before any work is done for it.

    Raises
    ------
    InputError
        If matplotlib is not installed, or the file is no SVG in a folder that is there.
    """
    if path.suffix != ".svg" or not is_folder(path.parent):
        allowed = say("an SVG file in a folder that is there")
        raise InputError([Problem("bad-folder", f"--picture {path}", say("no such folder, or not .svg"), allowed)])
    check_picture(path)


def trade_off_picture(points: Mapping[str, TradeOff], title: str) -> bytes:
    """The picture as SVG; the same bytes for the same plans."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axis = figure.subplots()
    winter, summer, lake = ([getattr(p, name) for p in points.values()] for name in TradeOff.model_fields)
    axis.scatter(winter, summer, s=[20 + x / 4 for x in lake], color=SEA, alpha=0.35, linewidths=0)
    _annotate(axis, points)
    axis.set_xlabel(say("Power served upstream in the non-growing season, GWh"))
    axis.set_ylabel(say("Water delivered below in the growing season, Mm3"))
    told = say("Beside each name and as the area of its point: water for the lake, Mm3")
    axis.set_title(f"{title}\n{told}", loc="left", fontsize=9)
    axis.margins(x=0.2, y=0.35)
    return svg(figure)


def _annotate(axis: Any, points: Mapping[str, TradeOff]) -> None:
    """Plans that fall together are written together; neighbours above and below in turn."""
    together: dict[tuple[float, float], list[str]] = {}
    for name, p in points.items():
        key = (round(p.winter_power_GWh, -2), round(p.summer_water_Mm3, -2))
        together.setdefault(key, []).append(f"{name}: {number(p.lake_Mm3)}")
    for k, (place, names) in enumerate(sorted(together.items())):
        away, side = (-14, "top") if k % 2 else (14, "bottom")
        words = "\n".join(names)
        axis.annotate(words, place, (0, away), textcoords="offset points", ha="center", va=side, fontsize=8, color=INK)
