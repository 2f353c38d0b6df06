"""The validation page: ``python -m docs.make.validation`` makes its blocks and pictures anew, those of studies too.

``waterflow validate`` makes what holds for any river; studies of one river stand in ``docs/evidence/studies``. With
``--check`` nothing is written, and a block that would change is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docs.evidence.studies.naryn_cascade_head import cascade_head_of_model, cascade_head_text
from docs.evidence.studies.naryn_cascade_text import cascade_of_model, cascade_text
from docs.evidence.studies.toktogul_1992 import schedule_1992, schedule_text
from waterflow.loading.model import read_basin, read_model
from waterflow.observations.files import observed_tables
from waterflow.report.validation_page import BLOCKS, Evidence, filled

PAGE = Path(__file__).resolve().parents[1] / "evidence" / "validation.md"
MODEL, FIGURE, BARS = "syr_darya", "north_aral/non_growing", 15
#: studies of one river, by the name of their block
STUDIES: dict[str, Callable[[Evidence], str]] = {
    "naryn_cascade": lambda found: cascade_text(cascade_of_model(found.model)),
    "naryn_cascade_head": lambda found: cascade_head_text(cascade_head_of_model(found.model)),
    "toktogul_1992": lambda _found: schedule_text(schedule_1992()),
}
ALL = {**BLOCKS, **STUDIES}


def evidence() -> Evidence:
    """The model of the page and its observations."""
    return Evidence(MODEL, read_basin(MODEL, step="month"), observed_tables(MODEL))


def tornado_of(scenario: str | None) -> bytes:
    """What the delivery of the non-growing season rests on, as a picture."""
    from waterflow.explain.doubt import doubt
    from waterflow.report.tornado import tornado

    return tornado(doubt(read_model(MODEL, scenario), FIGURE), BARS, "svg")


def pictures(found: Evidence) -> dict[str, bytes]:
    """The pictures of the page, by the name of the file."""
    from waterflow.report.validation_pictures import PICTURES

    made = {name: picture(found) for name, picture in PICTURES.items()}
    return made | {"tornado_north_aral": tornado_of(None), "tornado_north_aral_dry": tornado_of("dry_year")}


def main() -> int:
    """Write the page and its pictures, or with ``--check`` tell whether a block would change."""
    found, old = evidence(), PAGE.read_text(encoding="utf-8")
    new = filled(old, found, PAGE.name, ALL)
    if "--check" in sys.argv:
        if new != old:
            sys.stderr.write("out of date, run python -m docs.make.validation: docs/evidence/validation.md\n")
        return int(new != old)
    PAGE.write_text(new, encoding="utf-8")
    for name, picture in pictures(found).items():
        (PAGE.parent / "pictures" / f"{name}.svg").write_bytes(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
