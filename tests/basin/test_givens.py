"""A given is declared on the field that holds it, and everything else follows."""

import pytest

import waterflow as wf
from tests.rivers import every_process, with_arcs
from waterflow.basin.basin import Basin
from waterflow.basin.changes import CHANGEABLE, named_value
from waterflow.basin.givens import given_fields
from waterflow.basin.objective import Objective
from waterflow.formulation.formulate import coefficients, givens
from waterflow.loading.schema import TABLES

RIVER = with_arcs(every_process()).basin()


def test_floor_flow_says_all_of_itself_in_one_place():
    floor = given_fields(Basin)["floor_flow"]
    assert (floor.table, floor.column, floor.unit, floor.words) == ("floors", "floor_m3s", "m3/s", "minimum flow")
    assert (floor.field, floor.attribute, floor.by_period, floor.signed) == ("floors", "flow", False, False)


@pytest.mark.parametrize("name", CHANGEABLE)
def test_what_is_declared_can_be_changed_without_another_program(name):
    given = CHANGEABLE[name]
    owner = given.owners(RIVER)[0]
    index = (owner, RIVER.calendar.labels[1]) if given.by_period else owner
    before = named_value(RIVER, name, index)
    other = RIVER.changed(**{name: {index: before + 0.5}})
    assert named_value(other, name, index) == before + 0.5
    assert named_value(RIVER, name, index) == before
    assert other.structure == RIVER.structure


@pytest.mark.parametrize("name", ["claimed_water", "share_due", "head_offset"])
def test_what_follows_from_others_cannot_be_changed(name):
    with pytest.raises(wf.InputError, match="unknown-given"):
        RIVER.changed(**{name: {"dam": 1.0}})


@pytest.mark.parametrize("given", given_fields(Basin).values(), ids=lambda given: given.name)
def test_a_declared_given_is_in_the_program_and_its_column_in_the_schema(given):
    assert given.name in {g.name for g in (*givens(), *coefficients())}
    assert not given.table or given.table in TABLES
    assert not given.column or given.column in {c.name for c in TABLES[given.table].columns}


def test_a_given_that_may_be_negative_says_so():
    assert {name for name, given in CHANGEABLE.items() if given.signed} == {"runoff", "clause_figure"}
    with pytest.raises(wf.InputError, match="negative"):
        RIVER.changed(need={("mill", "2024-01"): -1.0})


def test_a_block_moved_to_another_owner_is_another_program():
    """By `replaced` and by `model_copy`: neither takes what was worked out for the blocks as they were."""
    river = every_process()
    river.worth_in_blocks("reeds", {0.02: 0.5, 0.005: 0.3})
    basin = river.basin(objective=Objective())
    moved = {n: b.model_copy(update={"demand": "reeds" if b.demand == "mill" else "mill"}) for n, b in basin.delivery_values.items()}
    for other in (basin.replaced(delivery_values=moved), basin.model_copy(update={"delivery_values": moved})):
        assert other.structure != basin.structure
        assert {b.demand for b in other.delivery_blocks.values()} == {"mill", "reeds"}
    wf.allocate(basin)
    copied = wf.allocate(basin.model_copy(update={"delivery_values": moved})).dataset["delivery"]
    afresh = wf.allocate(Basin.model_validate(basin.model_dump() | {"delivery_values": moved})).dataset["delivery"]
    assert copied.values == pytest.approx(afresh.values, abs=1e-9)


@pytest.mark.parametrize("value", ["abc", "7", None, float("nan"), float("inf"), True, [1], {}, 1j, 10**400, object()])
def test_what_is_no_figure_is_refused(value):
    with pytest.raises(wf.InputError, match=r"a finite number\.   \[not-finite\]"):
        wf.read_basin("two_reservoirs").changed(need={("valley_fields", "2025-03"): value})
