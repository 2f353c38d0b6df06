"""Is it the river? Calibration against observations."""
