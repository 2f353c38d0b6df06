"""Shares by leximin: the worst off first, and nobody held down by a neighbour who cannot be helped."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from tests.rivers import DEMANDS, River
from waterflow import allocate
from waterflow.basin.objective import Claims, Objective
from waterflow.formulation.objective import Claim, StagePlan
from waterflow.solver.compile import Component, Program
from waterflow.solver.priorities import solve_stages


def test_lexicographic_max_min_of_four_users():
    """The published answer (2, 3, 4, 6), on arrays: claims of 10, shortage 10 - x."""
    # x1 <= 2; x2 <= 3; x1 + x2 + x3 <= 9; x3 + x4 <= 10: user 1 is stuck at 2, user 2 at 3, user 3 gets
    # what is left of the nine, user 4 what is left of the ten.
    # rows >= 0: 9 - x1 - x2 - x3, 10 - x3 - x4, and x_i + short_i - 10 for each
    taken = np.array([[-1, -1, -1, 0], [0, 0, -1, -1]])
    matrix = np.block([[taken, np.zeros((2, 4))], [np.eye(4), np.eye(4)]])
    users = tuple((f"u{k}",) for k in range(1, 5))
    program = Program(
        matrix=csc_array(matrix),
        given_matrix=csc_array((6, 0)),
        constant=np.array([9.0, 10.0, -10.0, -10.0, -10.0, -10.0]),
        equal=np.zeros(6, dtype=bool),
        lower=np.zeros(8),
        upper=np.array([2, 3, np.inf, np.inf, *[np.inf] * 4]),
        costs={},
        unknowns={"got": Component("got", 0, users), "short": Component("short", 4, users)},
        givens={},
        equations={"row": Component("row", 0, tuple((str(k),) for k in range(6)))},
    )
    plan = StagePlan("fair", "minimise", "share", claims=tuple(Claim("short", user, 10.0) for user in users))
    stages = solve_stages(program, np.zeros(0), [plan]).stages
    assert stages[-1].unknowns[:4] == pytest.approx([2, 3, 4, 6], abs=1e-6)
    assert [s.value for s in stages] == pytest.approx([0.8, 0.7, 0.6, 0.4], abs=1e-9)


def two_valleys():
    """Two valleys that meet only in the sea: one user alone, 60 % short; two users of one stream, 20 % short."""
    river = River().node("dry", runoff=4).node("wet", runoff=16).node("sea", "outlet")
    river.reach("a", "dry", "sea").reach("b", "wet", "sea")
    river.demand("alone", "dry", "A", 10).demand("left", "wet", "A", 10).demand("right", "wet", "B", 10)
    return river.priorities(("users", [DEMANDS]))


def test_an_isolated_user_leaves_the_others_at_their_own_share():
    shortage = allocate(two_valleys().basin()).dataset["shortage"].sum("period") / 30
    assert float(shortage.sel(demand="alone")) == pytest.approx(0.6)
    assert shortage.sel(demand=["left", "right"]).values == pytest.approx([0.2, 0.2])


def test_leximin_has_a_stage_for_each_round():
    dataset = allocate(two_valleys().basin()).dataset
    assert dataset["stage"].values.tolist()[:2] == ["users", "users/2"]
    assert dataset["stage_value"].values[:2] == pytest.approx([0.6, 0.2])


def seniors():
    """A unit sent to the senior loses nine tenths on the way: of 10, one arrives."""
    river = River(months=1).node("source", runoff=10).node("far").node("sea", "outlet")
    river.reach("long", "source", "far", seepage=0.9).reach("on", "far", "sea").reach("rest", "source", "sea")
    river.demand("senior", "far", "A", 1, use="drinking", value=9).demand("junior", "source", "B", 10, value=1)
    return river


def test_priorities_are_not_weights():
    """Senior first: all ten units sent, one arrives. With values 9 to 1 the ten units go to the junior."""
    first, second = (Claims(kind="demands", uses=(use,)) for use in ("drinking", "irrigation"))
    strict = seniors().priorities(("first", [first]), ("second", [second])).basin()
    got = allocate(strict).dataset["delivery"].sum("period")
    assert float(got.sel(demand="senior")) == pytest.approx(1)
    assert float(got.sel(demand="junior")) == pytest.approx(0)
    weighed = seniors().basin(objective=Objective())
    got = allocate(weighed).dataset["delivery"].sum("period")
    assert float(got.sel(demand="senior")) == pytest.approx(0)
    assert float(got.sel(demand="junior")) == pytest.approx(10)


def test_at_a_ratio_above_the_losses_the_senior_wins_by_value_too():
    river = seniors()
    parts = [d.model_copy(update={"value": (11.0,)}) if d.name == "senior" else d for d in river.parts["demands"]]
    river.parts["demands"] = parts
    got = allocate(river.basin(objective=Objective())).dataset["delivery"].sum("period")
    assert float(got.sel(demand="senior")) == pytest.approx(1)


def test_equal_claims_on_one_stream_share_evenly():
    """14 for needs of 12 and 8: both get 70 %."""
    river = River(months=1).node("source", runoff=14).node("sea", "outlet").reach("out", "source", "sea")
    river.demand("big", "source", "A", 12).demand("small", "source", "B", 8).priorities(("users", [DEMANDS]))
    got = allocate(river.basin()).dataset["delivery"].sum("period")
    assert float(got.sel(demand="big")) == pytest.approx(8.4)
    assert float(got.sel(demand="small")) == pytest.approx(5.6)
