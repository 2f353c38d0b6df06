"""The picture of ``waterflow compare --agreements``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from waterflow.words.catalogue import say

__all__ = ["check_picture", "draw"]


def check_picture(path: Path) -> None:
    """Refuse a picture that could not be drawn, before any work is done for it.

    Raises
    ------
    InputError
        If matplotlib is not installed, or there is no folder for the file.
    """
    from waterflow.errors import Problem
    from waterflow.explain.morris import require_extra

    require_extra("matplotlib", "pictures", f"--picture {path}")
    if path.suffix != ".svg" or not path.parent.is_dir():
        allowed = say("an SVG file in a folder that is there")
        raise Problem("bad-folder", f"--picture {path}", say("no such folder, or not .svg"), allowed).refusal()


def draw(plans: dict[str, Any], path: Path) -> None:
    """Draw the trade-off of some plans; the same bytes for the same plans.

    Raises
    ------
    InputError
        If the river has no party whose winter power could be weighed.
    """
    from waterflow.errors import Problem
    from waterflow.files import write
    from waterflow.negotiation.trade_off import picture, trade_off
    from waterflow.report.validation_pictures import svg

    basin = next(iter(plans.values())).basin
    asking = [party for party, system in basin.power.items() if system.demand]
    if len(asking) != 1 or not basin.targets:
        raise Problem("no-trade-off", f"--picture {path}", basin.name, say("a river with one power balance and a target")).refusal()
    lake = next(iter(basin.targets.values())).place
    figure = picture(trade_off(plans, asking[0], lake), f"{basin.title or basin.name}, {basin.scenario}")
    write(path, svg(figure), "--picture", code="bad-picture")
