"""Shortages of the first days that no release could mend, told apart from those that the plan chose."""

import pytest

from tests.rivers import DEMANDS, FLOORS, River
from waterflow import allocate
from waterflow.accounts.plan_facts import plan_facts
from waterflow.accounts.reached import first_reached
from waterflow.report.page import page


def long_river(*, opening=500, days=(4.6, 13), need=10, runoff=5, before=0):
    """A dam, a town 5 days below it and fields 13 days further; by dekads."""
    river = River(months=3, step="dekad").node("dam", "reservoir", runoff=runoff).node("town").node("fields").node("sea", "outlet")
    river.reservoir("dam", opening, 1000).reach("upper", "dam", "town", days=days[0], before=before)
    river.reach("lower", "town", "fields", days=days[1], before=before).reach("mouth", "fields", "sea")
    return river.demand("crops", "fields", "B", need).priorities(("users", [DEMANDS, FLOORS]))


def facts_of(river):
    basin = river.basin()
    return plan_facts(basin, allocate(basin).dataset)


def test_how_soon_the_nearest_store_with_water_helps():
    """What enters the lower reach in the first dekad is at its end from the 14th on: in the second."""
    found = first_reached(long_river().basin())
    assert found == {"dam": (0, 0, "dam"), "town": (0, 5, "dam"), "fields": (1, 18, "dam"), "sea": (1, 18, "dam")}
    assert first_reached(long_river(opening=0).basin()) == {}


def test_a_shortage_before_the_first_release_arrives_is_told():
    found = facts_of(long_river())
    only = found.not_reached[0]
    assert len(found.not_reached) == 1
    assert (only.place, only.reservoir, only.days, only.periods, only.parties) == ("fields", "dam", 18, ("2024-10-d1",), ("B",))
    assert only.short_Mm3 == pytest.approx(10)
    assert "no release of this plan could arrive in time: fields (18 days from dam)" in " ".join(page(found).split())


def test_a_floor_before_the_first_release_arrives_is_told():
    found = facts_of(long_river(need=0).floor("fields", "mouth", 3.0))
    assert [(x.place, x.periods, x.parties, x.short_Mm3) for x in found.not_reached] == [("fields", ("2024-10-d1",), (), 0.0)]


def test_water_under_way_and_shortages_of_choice_are_not_told():
    """Enough on its way before the plan; or a dam that is near, and too little water for all."""
    assert facts_of(long_river(before=20)).not_reached == ()
    scarce = facts_of(long_river(days=(0, 0), opening=20, runoff=1))
    assert scarce.shortages.users
    assert scarce.not_reached == ()
