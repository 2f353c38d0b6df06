"""The plan does not depend on where the solver starts: the Syr Darya solved cold, and hot from each last basis."""

import numpy as np
import pytest

import waterflow as wf
from waterflow.solver.highs import Session

NAMES = ("flow", "storage", "delivery", "turbined", "supplied_power")


def plan(basin):
    """Every decision of a plan, in one array."""
    dataset = wf.allocate(basin).dataset
    return np.concatenate([dataset[name].values.ravel() for name in NAMES])


def hot(monkeypatch):
    """Start every stage from the basis of the one before."""
    minimise = Session.minimise
    monkeypatch.setattr(Session, "minimise", lambda self, cost, basis=None: minimise(self, cost, self.basis))


@pytest.mark.parametrize("scenario", ["season_2024_25", "wet_year"])
def test_hot_and_cold_give_the_same_plan(monkeypatch, scenario):
    basin = wf.read_basin("syr_darya", scenario=scenario)
    cold = plan(basin)
    hot(monkeypatch)
    assert np.abs(plan(basin) - cold).max() <= 1e-6


def test_without_the_closing_stages_they_differ(monkeypatch):
    basin = wf.read_basin("syr_darya")
    loose = basin.replaced(objective=basin.objective.model_copy(update={"smoothest": False, "unique": False}))
    cold = plan(loose)
    hot(monkeypatch)
    assert np.abs(plan(loose) - cold).max() > 1.0, "Mm3"
