"""Validation: what the model says against what was seen, and the calibration of its tables."""
