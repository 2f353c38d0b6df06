"""Temptation: the barter worked by hand, and its laws on random rivers."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.negotiation.test_table import barter, rivers
from waterflow.negotiation.at_level import AtLevel
from waterflow.negotiation.coalitions import coalition_game
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.no_deal import table_of
from waterflow.negotiation.temptation import temptations


def at(basin):
    joint = Joint(table_of(basin))
    return AtLevel(joint, coalition_game(joint, joint.alone()))


def test_who_is_tempted_to_break_the_barter():
    """Down has its water and does not pay 1.2: that much over the deal, which brings it 0.4 a year: it is held from 1.2 / 1.6 up.

    Up loses 0.4 if it turns all water in March, and cannot do better in April: nothing tempts it while payments come at the end.
    """
    found = {x.party: x for x in temptations(at(barter()))}
    assert found["Down"].paid == pytest.approx(-1.2, abs=1e-6)
    assert found["Down"].gain == pytest.approx(0.4, abs=1e-6)
    assert found["Down"].by_period == pytest.approx({"2025-03": 1.2, "2025-04": 1.2}, abs=1e-4)
    assert found["Down"].discount == pytest.approx(0.75, abs=1e-4)
    assert found["Up"].by_period["2025-03"] == pytest.approx(-0.4, abs=1e-4)
    assert found["Up"].worst is None
    assert found["Up"].discount == 0.0


@settings(deadline=None, max_examples=5)
@given(rivers)
def test_who_waits_has_no_more_to_gain(basin):
    """From a later period on less can be changed; and whoever gains nothing by the deal is held by no weight of later years."""
    for x in temptations(at(basin)):
        values = list(x.by_period.values())
        assert all(later <= earlier + 1e-4 for earlier, later in pairwise(values))
        assert x.discount is None or 0.0 <= x.discount < 1.0
