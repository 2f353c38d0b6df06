"""Coupling: waterflow as a component of other models, by the Basic Model Interface (extra ``bmi``)."""

from waterflow.extras import require_extra

require_extra("bmipy", "bmi", "waterflow.coupling")

from waterflow.coupling.bmi import WaterflowBmi  # noqa: E402  what it imports is asked for first

__all__ = ["WaterflowBmi"]
