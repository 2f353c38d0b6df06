"""Each equation is built, printed, documented and used; what the program may not hold is refused."""

import re
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from tests.formulation.printing import FIRST, program_of, rows_of, used_unknowns
from tests.rivers import every_process, with_arcs, with_head, with_stores
from waterflow import SolverError, allocate
from waterflow.basin.clause_types import CLAUSE_TYPES
from waterflow.formulation.formulate import equations, formulate, givens, unknowns
from waterflow.formulation.language import Formulation
from waterflow.solver.compile import compile_formulation

ROWS = Path(__file__).parent / "rows"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "formulation"
NAMES = [equation.name for equation in equations()]
DERIVED = {"arriving_flow", "in_transit", "return_flow"}
ABOUT_STAGES = re.compile(r"(stage|certificate)_\w+")


def everything():
    """A river that uses every process, the head of a plant, a lift, an outlet and stores whose laws bend among them."""
    return with_stores(with_arcs(with_head(every_process(), at=((100.0, 250.0),) * 6))).basin()


@pytest.fixture(scope="module")
def program():
    return program_of(everything())


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_as_printed(program, name, update):
    file = ROWS / f"{name}.txt"
    rows = "\n".join(list(rows_of(program, name))[:FIRST]) + "\n"
    assert rows.strip(), "the river that uses every process has no row of this equation"
    if update:
        file.write_text(rows, encoding="utf-8")
    assert rows == file.read_text(encoding="utf-8")


def test_a_printed_row_is_the_row(program):
    """January of the pond: runoff given, filling in, emptying out, storage kept, no evaporation."""
    row = next(r for r in rows_of(program, "water_balance") if r.startswith("water_balance[pond, 2024-02]"))
    assert set(re.findall(r"[+-] 1 \w+\[\w+, 2024-0\d\]", row)) == {
        "+ 1 flow[filling, 2024-02]",
        "- 1 flow[emptying, 2024-02]",
        "+ 1 storage[pond, 2024-01]",
        "- 1 storage[pond, 2024-02]",
        "- 1 evaporation[pond, 2024-02]",
    }
    assert row.endswith("== 0")


def headings():
    """Headings of laws; a heading of a type of clause is none."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md")))
    found = re.findall(r"^### `(\w+)`$", text, flags=re.MULTILINE)
    return [name for name in found if name not in CLAUSE_TYPES]


def test_each_equation_is_built_and_printed():
    built = {c.local_name for c in formulate(everything()).component_objects(pyo.Constraint)}
    assert set(NAMES) == built == {path.stem for path in ROWS.glob("*.txt")}
    assert len(NAMES) == len(set(NAMES))


def test_each_equation_is_documented_once():
    assert sorted(headings()) == sorted(NAMES)


def test_each_equation_states_itself():
    for equation in equations():
        assert equation.statement.endswith("."), equation.name
        assert ".. math::" in equation.rule.__doc__, equation.name


def test_every_unknown_stands_in_some_row(program):
    assert used_unknowns(program) == {unknown.name for unknown in unknowns()}


def test_every_given_stands_in_some_row(program):
    used = program.given_matrix.tocsc().indptr
    silent = {name for name, c in program.givens.items() if used[c.first] == used[c.first + len(c.index)]}
    assert not silent


def test_every_variable_of_the_dataset_is_accounted_for():
    dataset = allocate(every_process().basin()).dataset
    words = {x.name for x in (*unknowns(), *givens())} | {f"{name}_dual" for name in NAMES} | DERIVED
    assert {name for name in dataset.data_vars if not ABOUT_STAGES.fullmatch(name)} == words
    for name in words - {f"{n}_dual" for n in NAMES}:
        assert dataset[name].attrs["units"], name
        assert dataset[name].attrs["long_name"], name


def tiny(rule=None, objective=None, bounds=(0, None)):
    """x unknown, p given; the row ``x - p >= 0`` unless another is asked for."""
    m = pyo.ConcreteModel()
    m.x, m.p = pyo.Var(["a"], bounds=bounds), pyo.Var(["a"])
    row = (rule or (lambda m, a: m.x[a] - m.p[a] >= 0))(m, "a")
    formulation = Formulation(
        unknowns={"x": m.x},
        givens={"p": m.p},
        equations={"row": lambda: iter([(("a",), row)])},
        expressions={"least": lambda: objective(m) if objective else m.x["a"]},
    )
    return compile_formulation(formulation)


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_the_arrays_are_those_of_the_pyomo_model(step):
    """Pyomo's own standard form of the whole model, as an oracle for the rows walked one by one."""
    basin = every_process(step).basin()
    program, model = program_of(basin), formulate(basin)
    variables = [v for x in (*unknowns(), *givens()) for v in getattr(model, x.name).values()]
    rows = [c for name in NAMES for c in getattr(model, name).values()]
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None, column_order=variables, row_order=rows)
    place, row_place = {id(v): k for k, v in enumerate(variables)}, {id(c): k for k, c in enumerate(rows)}
    order, to_row = [place[id(v)] for v in form.columns], [row_place[id(c)] for c, _ in form.rows]
    sign = np.array([-1.0 if kind > 0 else 1.0 for _, kind in form.rows])
    theirs = np.zeros((len(rows), len(variables)))
    theirs[np.ix_(to_row, order)] = form.A.toarray() * sign[:, None]
    ours = np.hstack([program.matrix.toarray(), program.given_matrix.toarray()])
    # theirs is A x <= b (or == b), ours is what there is - what is used >= 0 (or == 0)
    flip = np.where((np.abs(ours - theirs).max(axis=1) > 1e-12) & ~program.equal, -1.0, 1.0)
    assert np.abs(ours - flip[:, None] * theirs).max() <= 1e-12
    side = np.zeros(len(rows))
    side[to_row] = form.rhs * sign
    assert np.abs(-program.constant - flip * side).max() <= 1e-9
    assert [program.name_of_unknown(k) for k in range(len(program.lower))] == [
        v.name.replace(",", ", ") for v in variables[: len(program.lower)]
    ]
    for k, (name, (cost, constant)) in enumerate(program.costs.items()):
        found = np.zeros(len(variables))
        found[order] = form.c.toarray()[k]
        assert np.abs(found[: len(cost)] - cost).max() <= 1e-12, name
        assert form.c_offset[k] == pytest.approx(constant), name


def test_a_given_ends_on_the_right():
    program = tiny()
    assert program.matrix.toarray().tolist() == [[1.0]]
    assert program.given_matrix.toarray().tolist() == [[-1.0]]
    assert program.right_hand_side([7.0]).tolist() == [7.0]


@pytest.mark.parametrize(
    "rule",
    [
        lambda m, a: m.x[a] * m.p[a] - 1 >= 0,
        lambda m, a: m.p[a] ** 2 - m.x[a] >= 0,
        lambda m, a: m.x[a] ** 2 - 1 >= 0,
        lambda m, a: (0, m.x[a] - m.p[a], 5),
    ],
    ids=["product", "given-squared", "unknown-squared", "two-sided"],
)
def test_a_row_that_is_not_linear_or_has_two_sides_is_refused(rule):
    with pytest.raises(SolverError):
        tiny(rule)


def test_a_given_in_an_objective_is_refused():
    with pytest.raises(SolverError, match="objective"):
        tiny(objective=lambda m: m.x["a"] + m.p["a"])


def test_a_given_in_a_bound_is_refused():
    """Pyomo itself will not have a variable in a bound, so no process can put one there."""
    m = pyo.ConcreteModel()
    m.p = pyo.Var(["a"])
    with pytest.raises(ValueError, match="variable"):
        m.x = pyo.Var(["a"], bounds=lambda m, a: (0, 2.0 * m.p[a]))
