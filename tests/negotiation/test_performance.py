"""Performance by hand and by law, and the table of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.negotiation.test_table import barter
from waterflow.negotiation.negotiate import negotiate
from waterflow.negotiation.negotiated import negotiation_facts
from waterflow.negotiation.performance import score
from waterflow.report.negotiation_text import negotiation_text
from waterflow.words.catalogue import speaking

flows = st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500), st.floats(0, 500)), min_size=1, max_size=12)


def test_a_barter_that_went_half_the_way():
    """Without a deal all 100 Mm3 go in March, with it 80 wait; 40 waited."""
    facts = negotiation_facts(negotiate(barter()), keep_targets=True, done={"out": [60.0, 40.0]})
    (found,) = facts.performance
    assert found.score == pytest.approx(0.5)
    assert list(found.by_period.values()) == pytest.approx([0.5, 0.5])
    with speaking("en"):
        assert "share of the way from no deal" in negotiation_text(facts)
        assert "share of the way" not in negotiation_text(negotiation_facts(negotiate(barter()), keep_targets=True))


@given(flows)
def test_no_deal_scores_0_the_best_1_and_where_nothing_changes_there_is_no_score(series):
    done, without, best = zip(*series, strict=True)
    for own, wanted in ((without, 0.0), (best, 1.0)):
        by_period, whole = score(own, without, best)
        assert all(x is None or x == pytest.approx(wanted) for x in (*by_period, whole))
    assert score(done, without, without) == ((None,) * len(done), None)
