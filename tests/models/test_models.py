"""Every shipped model, scenario and step: it solves, its audit closes, it is certified, it gives what is expected.

And an operator would sign it: no reservoir of the Syr Darya is emptied within a month of being full, nothing is sent to
Arnasay in vain; only a plan with a free hand may.
"""

from pathlib import Path

import pytest
import yaml

import waterflow as wf
from tests.models.as_operated import SMALL, emptied, sent_in_vain
from waterflow.allocation.audit import AUDITED, audit
from waterflow.loading.model_file import scenarios_of
from waterflow.loading.shipped import find_model, shipped_models
from waterflow.solver.certificate import CERTIFIED

RELATIVE = 1e-5


#: scenarios of the Syr Darya that are solved by dekad each time: the default, a dry year, one sum of benefits
BY_DEKAD = ("season_2024_25", "dry_year", "benefit")
#: the one whose plans need not be such as an operator would sign
FREE = ("syr_darya", "free_hand")


def cases():
    """(model, scenario, step) of everything that is shipped."""
    for model in shipped_models():
        path = find_model(model)
        steps = yaml.safe_load(path.read_text(encoding="utf-8")).get("steps", ["month"])
        for scenario in scenarios_of(path):
            for step in steps:
                yield model, scenario, step


def marked():
    """The same, those that take long with their mark."""
    for model, scenario, step in cases():
        long = model == "syr_darya" and step == "dekad" and scenario not in BY_DEKAD
        yield pytest.param(model, scenario, step, marks=[pytest.mark.long] if long else [])


def expected(model, scenario, step):
    """The numbers of ``expected.yaml`` for one case, empty where it has none."""
    file = Path(find_model(model)).parent / "expected.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return content.get(scenario, {}).get(step, {})


def value_of(dataset, name):
    """``objective`` is the value of the first stage, a stage's name its value, a variable's name its sum."""
    if name == "objective":
        return float(dataset["stage_value"][0])
    if name in dataset["stage"].values:
        return float(dataset["stage_value"].sel(stage=name))
    return float(dataset[name].sum())


@pytest.mark.parametrize(("model", "scenario", "step"), list(marked()))
def test_a_shipped_model_solves_and_is_as_expected(model, scenario, step):
    allocation = wf.allocate(wf.read_basin(model, scenario=scenario, step=step))
    found = audit(allocation.basin, allocation.dataset)
    assert max(found.water, found.river, found.energy) <= AUDITED
    for part in ("primal", "dual", "gap"):
        assert float(allocation.dataset[f"certificate_{part}"].max()) <= CERTIFIED, part
    for name, number in expected(model, scenario, step).items():
        assert value_of(allocation.dataset, name) == pytest.approx(number, rel=RELATIVE, abs=RELATIVE), name
    if model == "syr_darya" and (model, scenario) != FREE:
        assert emptied(allocation, 3 if step == "dekad" else 1) == []
        assert sent_in_vain(allocation) <= SMALL


def test_expected_names_only_cases_there_are():
    known = set(cases())
    for model in shipped_models():
        file = Path(find_model(model)).parent / "expected.yaml"
        for scenario, steps in (yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}).items():
            for step in steps:
                assert (model, scenario, step) in known


def test_the_published_optimum_of_four_reservoirs():
    """Larson 1968: 401.3."""
    assert value_of(wf.allocate(wf.read_basin("larson_four_reservoirs")).dataset, "objective") == pytest.approx(401.3, abs=1e-6)


@pytest.mark.parametrize("model", shipped_models())
def test_priorities_are_called_by_people_in_every_language(model):
    """A name of the file is no name for people: every shipped priority has a title."""
    chosen = yaml.safe_load(find_model(model).read_text(encoding="utf-8"))
    for priority in chosen["objective"].get("priorities", []):
        assert priority.get("title"), priority["name"]
        assert priority.get("title_ru"), priority["name"]
