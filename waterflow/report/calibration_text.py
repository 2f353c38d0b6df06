"""A calibration in a few lines."""

from __future__ import annotations

from waterflow.calibration.facts import CalibrationFacts
from waterflow.words.catalogue import say, say_many
from waterflow.words.layout import columns
from waterflow.words.numbers import number

__all__ = ["calibration_text"]


def calibration_text(found: CalibrationFacts) -> str:
    """The fit in a few lines."""
    head = [say("zone"), say("returned"), say("shape"), say("mean lag, months"), say("local use, Mm3 a year")]
    rows = [
        [name, number(z.return_fraction, 3), number(z.kernel_shape, 1), number(z.mean_lag_months, 2), number(z.local_use_Mm3)]
        for name, z in found.zones.items()
    ]
    lines = [columns(head, rows), say("factor on the losses of the lower river: {factor}", factor=number(found.loss_factor, 3))]
    lines += [say_many("{file}: {count} row", "{file}: {count} rows", n, file=f"{name}.csv") for name, n in found.rows.items()]
    return "\n".join(lines) + "\n"
