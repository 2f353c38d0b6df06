"""Plans that an operator would sign: what no scenario of the Syr Darya may do, but the one with a free hand."""

from pathlib import Path

import numpy as np
import pytest

import waterflow as wf
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocation import Allocation

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = [None, *sorted(f.stem for f in (ROOT / "models" / "syr_darya" / "scenarios").glob("*.yaml") if f.stem != "free_hand")]
#: shares of the range between lowest and full storage that count as full and as empty; a difference in Mm3 that counts
FULL, EMPTY, SMALL = 0.95, 0.10, 1.0


def emptied(allocation: Allocation, periods: int) -> list[str]:
    """Reservoirs that are empty within a month of being full."""
    plan = Plan(allocation.basin, allocation.dataset)
    found = []
    for name, r in allocation.basin.reservoirs.items():
        share = (plan.series("storage", name) - r.lowest_storage) / (r.full_storage - r.lowest_storage)
        for k in range(len(share)):
            if share[k] > FULL and (share[k + 1 : k + 1 + periods] < EMPTY).any():
                found.append(f"{name} {allocation.basin.calendar.labels[k]}")
    return found


def sent_in_vain(allocation: Allocation) -> float:
    """What goes to Arnasay beyond the share due while Shardara has room for it, Mm3."""
    basin, plan = allocation.basin, Plan(allocation.basin, allocation.dataset)
    sent, stored = plan.series("flow", "shardara_arnasay"), plan.series("storage", "shardara")
    room = basin.reservoirs["shardara"].full_storage - stored
    due = sum(x.due for x in basin.threshold_shares.values() if x.reach == "shardara_arnasay")
    return float(max(0.0, np.minimum(sent, room).sum() - due))


def planned(scenario, step=None):
    return wf.allocate(wf.read_basin("syr_darya", scenario, step=step))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_reservoir_is_emptied_within_a_month_of_being_full_and_arnasay_gets_its_share_alone(scenario):
    plan = planned(scenario)
    assert emptied(plan, 1) == []
    assert sent_in_vain(plan) <= SMALL


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nor_by_dekad(scenario):
    plan = planned(scenario, "dekad")
    assert emptied(plan, 3) == []
    assert sent_in_vain(plan) <= SMALL


def test_a_plan_that_does_both_is_seen():
    """The measures themselves: a dam full in one month and empty in the next, and water sent past it while it has room."""
    plan = planned(None)
    storage, flow = plan.dataset["storage"], plan.dataset["flow"]
    shardara = plan.basin.reservoirs["shardara"]
    storage.loc[{"reservoir": "shardara"}] = [shardara.full_storage, shardara.lowest_storage] * 6
    flow.loc[{"reach": "shardara_arnasay"}] = 2000.0
    assert len(emptied(plan, 1)) == 6
    assert sent_in_vain(plan) > 1000
