"""Calibration: hydrological tables of a model derived from observations."""
