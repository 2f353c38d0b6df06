"""Certificates, refusals, conflicts: what counts as an optimum and what is said when there is none."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from tests.formulation.printing import program_of
from tests.rivers import DEMANDS, River, every_process, one_canal
from waterflow import ConflictError, SolverError, allocate
from waterflow.allocation.programs import values_of_givens
from waterflow.basin.objective import Objective
from waterflow.solver.certificate import CERTIFIED, certify
from waterflow.solver.face import Face
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.vertex import AT_LOWER, BASIC, Basis, Vertex

INF = np.inf
# minimise x1 + 2 x2 with x1 + x2 >= 4, x1 <= 3: x = (3, 1), price of the row 2, reduced costs (-1, 0)
COST, LOWER, UPPER = np.array([1.0, 2.0]), np.zeros(2), np.array([3.0, INF])
SIDE = (np.array([4.0]), np.array([INF]))


def polyhedron(matrix=((1.0, 1.0),), upper=UPPER, side=SIDE):
    return Polyhedron(csc_array(np.array(matrix)), LOWER, upper, *side)


def certified(x, y):
    return certify(polyhedron(), COST, np.array(x), np.array(y))


def test_the_optimum_is_certified():
    assert certified([3.0, 1.0], [2.0]).worst <= 1e-15


@pytest.mark.parametrize(
    ("x", "y", "fault"),
    [
        ([3.0, 0.5], [2.0], "primal"),
        ([3.5, 0.5], [2.0], "primal"),
        ([3.0, -1.0], [2.0], "primal"),
        ([2.0, 2.0], [2.0], "gap"),
        ([3.0, 1.001], [2.0], "gap"),
        ([3.0, 1.0], [1.0], "gap"),
        ([3.0, 1.0], [-1.0], "dual"),
        ([3.0, 1.0], [3.0], "dual"),
    ],
)
def test_a_wrong_point_is_not_certified(x, y, fault):
    found = certified(x, y)
    assert getattr(found, fault) > CERTIFIED
    assert found.worst > CERTIFIED


def test_the_solver_agrees_with_the_hand():
    found = Face(polyhedron()).least(COST)
    assert found.unknowns == pytest.approx([3, 1])
    assert found.row_duals == pytest.approx([2])
    assert found.reduced_costs == pytest.approx([-1, 0])
    assert found.certificate.worst <= CERTIFIED


def test_a_later_stage_stays_on_the_face_of_the_earlier():
    """x1 + x2 = 4 is best for the first cost at every x1; the second then picks x1 = 1, its least with x2 <= 3."""
    face = Face(Polyhedron(csc_array(np.array([[1.0, 1.0]])), LOWER, np.array([INF, 3.0]), *SIDE))
    assert face.least(np.array([1.0, 1.0])).value == pytest.approx(4)
    assert face.least(np.array([1.0, 0.0])).unknowns == pytest.approx([1, 3])


@pytest.mark.parametrize("columns", [[AT_LOWER, BASIC], [BASIC, AT_LOWER], [AT_LOWER, AT_LOWER]])
def test_any_basis_is_a_good_start(columns):
    rows = [AT_LOWER] if BASIC in columns else [BASIC]
    face = Face(polyhedron())
    basis = Basis(np.array(columns, dtype=np.int8), np.array(rows, dtype=np.int8))
    assert face.approach(Vertex(face.polyhedron.matrix, basis), COST)
    assert face.least(COST).unknowns == pytest.approx([3, 1])


def test_a_basis_that_determines_no_point_is_refused():
    face = Face(Polyhedron(csc_array(np.array([[0.0, 1.0]])), LOWER, UPPER, *SIDE))
    nothing = Basis(np.array([BASIC, AT_LOWER], dtype=np.int8), np.array([AT_LOWER], dtype=np.int8))
    with pytest.raises(SolverError, match="does not determine a point"):
        Vertex(face.polyhedron.matrix, nothing)
    assert face.least(COST).unknowns == pytest.approx([0, 4])


@pytest.mark.parametrize(
    "broken",
    [
        {"matrix": ((np.nan, 1.0),)},
        {"matrix": ((np.inf, 1.0),)},
        {"upper": np.array([np.nan, 1.0])},
        {"side": (np.array([np.nan]), np.array([INF]))},
    ],
)
def test_a_number_that_is_none_is_refused(broken):
    with pytest.raises(SolverError, match="not finite"):
        polyhedron(**broken)


def test_a_given_that_is_not_finite_is_named():
    basin = every_process().basin()
    program = program_of(basin)
    known = values_of_givens(basin, program)
    known[program.givens["runoff"].position["town", "2024-02"]] = np.nan
    with pytest.raises(SolverError, match=r"runoff\[town, 2024-02\]"):
        program.right_hand_side(known)


def test_no_point_and_no_bottom_are_told_apart():
    with pytest.raises(Infeasible):
        Face(polyhedron(upper=np.array([1.0, 1.0]))).least(COST)
    with pytest.raises(SolverError, match=r"[Uu]nbounded"):
        Face(polyhedron()).least(-COST)


def impossible(held=100.0):
    """A dam opens at 20 and gets 10 a month for 3 months: it can hold 50, 100 are agreed; 50 must be conceded."""
    river = River().node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("out", "dam", "sea")
    river.reservoir("dam", 20, 200).demand("field", "dam", "A", 5).held("dam", held)
    return river.priorities(("users", [DEMANDS]))


def test_an_impossible_closing_storage_is_named_with_the_least_concession():
    with pytest.raises(ConflictError) as caught:
        allocate(impossible().basin())
    error = caught.value
    assert [name.split(":")[0] for name in error.clashing] == ["storage_held[dam/at_least/2024-12]"]
    ((name, amount, unit),) = error.concessions
    assert name.startswith("storage_held[dam/at_least/2024-12]")
    assert (amount, unit) == (pytest.approx(50), "Mm3")
    assert "50.000 Mm3" in str(error)


def test_the_concession_mends_it():
    kept = allocate(impossible(50).basin()).dataset["storage"]
    assert float(kept.sel(reservoir="dam", period="2024-12-01")) == pytest.approx(50)
    with pytest.raises(ConflictError):
        allocate(impossible(50.01).basin())


def test_two_rules_that_clash_are_both_named_and_an_innocent_is_not():
    """At most 30 in November, at least 60 in December, 10 come in between: 20 short. October's 5 is innocent."""
    river = impossible(60).held("dam", 30, 1, "at_most").held("dam", 5, 0)
    river.parts["reservoirs"][0] = river.parts["reservoirs"][0].model_copy(update={"opening_storage": 40.0})
    with pytest.raises(ConflictError) as caught:
        allocate(river.basin())
    named = {name.split(":")[0] for name in caught.value.clashing}
    assert named == {"storage_held[dam/at_least/2024-12]", "storage_not_passed[dam/at_most/2024-11]"}
    assert {round(amount, 6) for _, amount, _ in caught.value.concessions} == {20.0}


def test_a_conflict_edits_no_data():
    basin = impossible().basin()
    before = basin.model_dump_json()
    with pytest.raises(ConflictError):
        allocate(basin)
    assert basin.model_dump_json() == before


def test_a_canal_that_cannot_hold_its_river_is_a_conflict():
    """10 a month must leave by a reach of 4; the field takes at most its 3: a capacity is to blame."""
    river = River().node("spring", runoff=10).node("sea", "outlet").reach("out", "spring", "sea", capacity=4)
    river.demand("field", "spring", "A", 3).priorities(("users", [DEMANDS]))
    with pytest.raises(ConflictError, match="capacity of out"):
        allocate(river.basin())


def test_a_benefit_without_limit_cannot_be():
    """Deliveries are worth something only up to the need, so even a large value stays finite."""
    basin = one_canal().basin(objective=Objective())
    assert np.isfinite(allocate(basin).dataset["stage_value"]).all()
