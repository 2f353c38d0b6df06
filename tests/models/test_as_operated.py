"""The measures of `as_operated`: a plan that does what no operator would is seen. `test_models` asks them of every scenario."""

import waterflow as wf
from tests.models.as_operated import emptied, sent_in_vain


def test_a_plan_that_does_both_is_seen():
    """The measures themselves: a dam full in one month and empty in the next, and water sent past it while it has room."""
    plan = wf.allocate(wf.read_basin("syr_darya"))
    storage, flow = plan.dataset["storage"], plan.dataset["flow"]
    shardara = plan.basin.reservoirs["shardara"]
    storage.loc[{"reservoir": "shardara"}] = [shardara.full_storage, shardara.lowest_storage] * 6
    flow.loc[{"reach": "shardara_arnasay"}] = 2000.0
    assert len(emptied(plan, 1)) == 6
    assert sent_in_vain(plan) > 1000
