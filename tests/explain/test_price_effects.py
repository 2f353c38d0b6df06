"""What one unit of a clause does to whom: the same as two plans beside each other, in sentences that name who pays."""

import pytest

import waterflow as wf
from tests.rivers import every_process
from waterflow.accounts.plan import Plan
from waterflow.allocation.resolve import Solver
from waterflow.explain.what_if import clause_prices
from waterflow.report.price_text import price_lines
from waterflow.words.catalogue import speaking

STEP = 1e-3


@pytest.fixture(scope="module")
def solver():
    return Solver(every_process().basin())


def totals(allocation):
    """Power and water of each party, and the cost."""
    plan = Plan(allocation.basin, allocation.dataset)
    found = {}
    for party in plan.basin.parties:
        found["water", party] = plan.total("delivery", [d.name for d in plan.basin.demands.values() if d.party == party])
        blocks = [b.name for b in plan.basin.unserved_blocks.values() if b.party == party]
        found["power", party] = -plan.total("unserved", blocks)
    found["money", ""] = -float(plan.dataset["stage_value"].sel(stage="cost"))
    return found


def test_a_unit_does_what_two_plans_say(solver):
    """A thousandth of a unit more and less, solved again: power and water by party, and money in all but what concessions cost."""
    base = totals(solver.allocate())
    for row, price in clause_prices(solver).items():
        clause = solver.basin.clause_rows[row]
        for sign, effects in ((1, price.one_more), (-1, price.one_less)):
            again = totals(solver.allocate(solver.basin.changed(clause_figure={row: clause.figure + sign * STEP})))
            told = {(x.what, x.who): x.change for x in effects}
            money = sum(x.change for x in effects if x.what == "money") - (clause.price or 0) * told.get(("missed", row), 0.0)
            assert (again["money", ""] - base["money", ""]) / STEP == pytest.approx(money, abs=1e-5), row
            for key in base.keys() - {("money", "")}:
                assert (again[key] - base[key]) / STEP == pytest.approx(told.get(key, 0.0), abs=1e-5), (row, key)


def test_it_is_said_who_pays():
    """The cap of the draft: one Mm3 more is worth 0.36 million USD to Kyrgyzstan, and is told in Mm3 and GWh, not in shares."""
    basin = wf.read_basin("syr_darya", agreements=["draft_2007"])
    prices = clause_prices(Solver(basin), "clause_7_2")
    (line,) = price_lines(prices)
    assert "1 Mm3 more saves 0.36 million USD, gained by KGZ" in " ".join(line.split())
    assert "1 Mm3 less costs 0.36 million USD, paid by KGZ" in " ".join(line.split())
    assert "KGZ gets 0.82 GWh less power" in " ".join(line.split())
    with speaking("ru"):
        (line,) = price_lines(prices)
    assert "На 1 млн м³ больше — выигрыш 0,36 млн долл., в пользу KGZ" in " ".join(line.split())
