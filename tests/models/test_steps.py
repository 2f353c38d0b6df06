"""Month beside dekad: the page names every scenario whose steps are apart, and what brings them together."""

import re

import pytest

from docs.make import steps
from waterflow.solver.certificate import CERTIFIED

PAGE = (steps.ROOT / steps.PAGE).read_text(encoding="utf-8")


def named():
    """Scenarios of the page's last table, with the rows that part their steps."""
    rows = re.search(r"<!-- begin what parts the steps -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)[1].splitlines()[2:]
    return {line.split("`")[1]: line.split(" | ")[-1].strip(" |") for line in rows}


@pytest.mark.long
def test_where_all_priorities_are_met_the_steps_tell_the_same_lake():
    """What any plan by month reaches in full any plan by dekad does: the two differ by nothing but how they get there."""
    month, dekad = steps.both("season_2024_25")
    for season in steps.SEASONS:
        assert dekad[f"north_aral/{season}"] == pytest.approx(month[f"north_aral/{season}"], rel=1e-6)
    assert steps.largest("season_2024_25") <= steps.ALIKE


@pytest.mark.long
def test_every_scenario_beyond_the_limit_is_named_and_told_why():
    assert set(named()) == set(steps.apart())
    for scenario, rows in named().items():
        assert rows == (steps.culprit(scenario) or "none of these"), scenario
        assert steps.largest(scenario) > steps.ALIKE
        assert rows not in steps.SUSPECTS or steps.largest(scenario, rows) <= steps.ALIKE


@pytest.mark.long
def test_the_whole_page_is_as_the_command_makes_it():
    """`--check` looks at the rows of a few scenarios; this looks at all."""
    assert steps.made() == {steps.PAGE: PAGE}


@pytest.mark.long
@pytest.mark.parametrize("scenario", steps.scenarios())
def test_every_stage_of_both_steps_is_certified(scenario):
    assert max(found["certificate"] for found in steps.both(scenario)) <= CERTIFIED


@pytest.mark.long
@pytest.mark.parametrize("scenario", steps.scenarios())
def test_without_travel_times_the_steps_agree(scenario):
    assert steps.largest(scenario, "all travel times") <= 0.5
