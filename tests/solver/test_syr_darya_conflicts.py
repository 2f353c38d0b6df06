"""Three conflicts of the Syr Darya with answers that can be worked out: the right rules, the least concession, no innocent."""

import pytest

import waterflow as wf
from waterflow.basin.reservoirs import StorageRule

BASE = wf.read_basin("syr_darya")


def ruled(*rules):
    """The season 2024-25 with more storages agreed: (reservoir, month, rule, storage)."""
    made = dict(BASE.storage_rules)
    for reservoir, label, rule, storage in rules:
        name = f"{reservoir}/{rule}/{label}"
        period = BASE.calendar.position[label]
        made[name] = StorageRule(name=name, reservoir=reservoir, period=period, rule=rule, storage=storage)
    return BASE.replaced(storage_rules=dict(sorted(made.items())))


def conflict(*rules):
    with pytest.raises(wf.ConflictError) as caught:
        wf.allocate(ruled(*rules))
    return caught.value


def named(rules):
    return {r.name for r in rules}


def runoff(node, *labels):
    return sum(BASE.runoff[node][BASE.calendar.position[label]] for label in labels)


def test_toktogul_emptied_for_power_and_filled_for_summer():
    """At most 7,500 after winter, at least 13,000 by July: April to June bring 4,524.6, no more; 975.4 are missing."""
    held, low = 13000.0, 7500.0
    error = conflict(("toktogul", "2025-03", "at_most", low), ("toktogul", "2025-06", "at_least", held))
    found = error.conflict
    assert named(found.clashing) == {"storage_held[toktogul/at_least/2025-06]", "storage_not_passed[toktogul/at_most/2025-03]"}
    assert found.complete
    assert not found.others
    assert not found.works, "no work is in the way: the water is not there"
    missing = held - low - runoff("toktogul", "2025-04", "2025-05", "2025-06")
    assert [amount for _, amount, _ in error.concessions] == pytest.approx([missing, missing])
    shares = {r.name: c.share for r, c in found.alone.items()}
    assert sorted(shares.values()) == pytest.approx([missing / held, missing / low])
    assert set(found.by_party) == {"KGZ"}
    assert [c.amount for c in found.together] == pytest.approx([missing]), "the storage that is larger gives way: least in per cent"


def test_toktogul_emptied_faster_than_the_naryn_can_carry():
    """7,000 by November from 13,015: the river below Uch-Kurgan carries less, and that work is named."""
    error = conflict(("toktogul", "2024-10", "at_most", 7000.0))
    assert named(error.conflict.clashing) == {"storage_not_passed[toktogul/at_most/2024-10]"}
    assert named(error.conflict.works) == {"flow[uchkurgan_confluence]"}
    ((_, amount, _),) = error.concessions
    wf.allocate(ruled(("toktogul", "2024-10", "at_most", 7000.0 + amount + 0.01)))
    conflict(("toktogul", "2024-10", "at_most", 7000.0 + amount - 0.01))


FILLED = (("toktogul", 14300.0), ("bahri_tojik", 3670.0), ("shardara", 5442.0))


def test_three_states_fill_their_reservoirs_at_once():
    """Each could alone; all three by December cannot: about 1.08 km3 is missing, whoever gives way."""
    month = "2024-11"
    error = conflict(*((place, month, "at_least", storage) for place, storage in FILLED))
    found = error.conflict
    assert named(found.clashing) == {f"storage_held[{place}/at_least/{month}]" for place, _ in FILLED}
    assert found.complete
    assert not found.others
    assert set(found.by_party) == {"KAZ", "KGZ", "TJK"}
    amounts = [amount for _, amount, _ in error.concessions]
    assert max(amounts) < 1.02 * min(amounts), "the same water, but for what evaporates and what is still on its way"
    shares = {c.rule.parties: c.share for c in found.together}
    assert set(shares) == {("KGZ",)}, "of the largest reservoir it is the least share"
    eased = dict(FILLED) | {"toktogul": FILLED[0][1] - found.together[0].amount - 0.01}
    wf.allocate(ruled(*((place, month, "at_least", storage) for place, storage in eased.items())))
    for spared, _ in FILLED:
        wf.allocate(ruled(*((place, month, "at_least", storage) for place, storage in FILLED if place != spared)))


def test_what_is_agreed_already_is_innocent():
    error = conflict(*((place, "2024-11", "at_least", storage) for place, storage in FILLED))
    assert not any("2025-09" in name or "2025-10-01" in name for name in error.clashing)
    assert "Токтогульское водохранилище" in error.said("ru")
