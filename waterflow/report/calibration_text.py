"""A calibration in a few lines."""

from __future__ import annotations

from waterflow.calibration.calibrate import Calibration

__all__ = ["calibration_text"]


def calibration_text(calibration: Calibration) -> str:
    """The fit in a few lines."""
    lines = ["zone      returned  shape  mean lag (months)  local use (Mm3 a year)"]
    lines += [
        f"{zone:<9} {fit.return_fraction:8.3f}  {fit.shape:5.1f}  {fit.mean_lag:17.2f}  {fit.local_use.sum():22,.0f}"
        for zone, fit in calibration.fits.items()
    ]
    lines.append(f"loss factor below Shardara: {calibration.loss_factor:.3f}")
    lines += [f"{name}.csv: {len(table):,} rows" for name, table in calibration.tables.items()]
    return "\n".join(lines) + "\n"
