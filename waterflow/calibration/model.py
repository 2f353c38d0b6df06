"""The calibration of a model: its observed tables in, its derived tables out."""

from __future__ import annotations

from pathlib import Path

from waterflow.calibration.calibrate import Calibration, calibrate
from waterflow.observations.files import observed_tables

__all__ = ["calibrate_model"]


def calibrate_model(name_or_path: str | Path) -> Calibration:
    """Calibrate a model from the ``observed`` folder of its inputs.

    Raises
    ------
    InputError
        If the model has no observations or its tables have problems.
    """
    return calibrate(observed_tables(name_or_path))
