"""What a calibration found, in figures."""

from __future__ import annotations

from waterflow.accounts.fact import Fact

__all__ = ["CalibrationFacts", "ZoneFacts"]


class ZoneFacts(Fact):
    """The fit of a zone: share returned, the kernel that delays it, and what local users take in a year."""

    return_fraction: float
    kernel_shape: float
    mean_lag_months: float
    kernel_fraction: tuple[float, ...]
    local_use_Mm3: float
    unmeasured_Mm3: float


class CalibrationFacts(Fact):
    """Zones by name, the factor on channel losses, and rows of each derived table."""

    zones: dict[str, ZoneFacts]
    loss_factor: float
    rows: dict[str, int]
