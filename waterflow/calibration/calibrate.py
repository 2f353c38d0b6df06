r"""Calibrate: from observations to the derived tables of a model, the whole method in one place.

Zones between gauges are fitted to what the gauges gain; below them one loss factor and the closure error of the
last reservoir are fitted. ``docs/method/calibration.md`` tells the method on one page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from waterflow.calibration.facts import CalibrationFacts, ZoneFacts
from waterflow.calibration.lower_river import loss_factor, loss_table
from waterflow.calibration.needs import needs_table, return_tables, withdrawals_before
from waterflow.calibration.operating import operating_ranges
from waterflow.calibration.return_flows import Settings, ZoneFit, fit_zone
from waterflow.calibration.river_before import flows_before, runoff_table
from waterflow.calibration.zones import fitted_zones, recent_from, zone_series
from waterflow.observations.files import observed_tables
from waterflow.observations.record import Tables, read_record, wetness
from waterflow.progress import each

__all__ = ["Calibration", "calibrate", "calibrate_model"]


@dataclass(frozen=True)
class Calibration:
    """The derived tables by name, and the fit of each zone."""

    tables: dict[str, pd.DataFrame]
    fits: dict[str, ZoneFit]
    loss_factor: float

    @property
    def facts(self) -> CalibrationFacts:
        """The fit in figures."""
        zones = {
            name: ZoneFacts(
                return_fraction=fit.return_fraction,
                kernel_shape=fit.shape,
                mean_lag_months=fit.mean_lag,
                kernel_fraction=tuple(float(share) for share in fit.kernel),
                local_use_Mm3=float(fit.local_use.sum()),
                unmeasured_Mm3=float(fit.unmeasured.sum()),
            )
            for name, fit in self.fits.items()
        }
        return CalibrationFacts(zones=zones, loss_factor=self.loss_factor, rows={name: len(t) for name, t in self.tables.items()})


def calibrate(tables: Tables) -> Calibration:
    """Derive the hydrological tables of a river from its observations.

    Parameters
    ----------
    tables : mapping of DataFrame
        By file stem: the tables of ``observed/`` and those of the model beside them, as
        `waterflow.observations.files.observed_tables` reads them.

    Returns
    -------
    Calibration
        ``tables`` holds runoff, needs, return_flows, return_kernels, withdrawals_before, reach_losses,
        reach_flows_before and operating_ranges, ready to be written; deterministic.
    """
    record = read_record(tables)
    factors, settings = wetness(tables, record), Settings(recent_from=str(recent_from(tables)))
    fits = {zone: fit_zone(zone_series(tables, record, factors, zone), settings) for zone in each(fitted_zones(tables))}
    needs = needs_table(tables, record, factors, fits)
    flows, kernels = return_tables(tables, fits)
    factor = loss_factor(tables, record, factors, needs)
    long = needs.rename_axis("month").reset_index().melt("month", var_name="demand", value_name="need_Mm3")
    long.insert(0, "series", "default")
    assumed = tables["annual_uses"]["demand"]
    return Calibration(
        {
            "runoff": runoff_table(tables, record, factors, fits),
            "needs": _signed(long[["series", "demand", "month", "need_Mm3"]].sort_values(["demand", "month"]), assumed),
            "return_flows": _signed(flows),
            "return_kernels": _signed(kernels),
            "withdrawals_before": withdrawals_before(tables, record, needs, fits),
            "reach_losses": _signed(loss_table(tables["loss_pattern"], factor)),
            "reach_flows_before": flows_before(tables, record),
            "operating_ranges": _signed(operating_ranges(tables, record)),
        },
        fits,
        factor,
    )


def _signed(table: pd.DataFrame, assumed: Iterable[str] = ()) -> pd.DataFrame:
    """Add source and grade: derived, or assumed for the demands named."""
    names = set(assumed)
    grades = ["assumed" if getattr(row, "demand", "") in names else "derived" for row in table.itertuples()]
    return table.assign(source="calibration", grade=grades)


def calibrate_model(name_or_path: str | Path) -> Calibration:
    """Calibrate a model from the ``observed`` folder of its inputs.

    Raises
    ------
    InputError
        If the model has no observations or its tables have problems.
    """
    return calibrate(observed_tables(name_or_path))
