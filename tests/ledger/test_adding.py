"""What is added is judged: typed twice, out of order, corrected, contradicting, naming nothing; all of it told."""

import pytest

from tests.ledger.making import fact, ledger, plan
from waterflow.errors import InputError
from waterflow.ledger.adding import About, judged
from waterflow.ledger.files import append, read_ledger
from waterflow.ledger.holders import holder_rows
from waterflow.ledger.season import SeasonDays
from waterflow.loading.fact_table import TypedFigure, read_facts

OFFICE = About(source="office", grade="assumed")


def figure(place, quantity, period, value, unit="Mm3", **more):
    return TypedFigure(f"facts.csv, {place}", place, quantity, period, float(value), unit, **more)


def codes(error):
    return sorted({p.code for p in error.value.problems})


def test_places_are_found_by_id_title_and_clause_and_quantities_at_the_end_of_a_name():
    book = ledger()
    found = judged(
        book,
        [
            figure("The dam", "release", "2025-04", 1),
            figure("dam_storage", "", "2025-04-05", 2),
            figure("CANAL", "", "2025-04", 3),
            figure("The lake", "", "2025-04", 4),
            figure("Power back", "", "2025-05", 5, "GWh"),
            figure("dam", "объём", "2025-04-06", 6),
        ],
        OFFICE,
    )
    said = [(r["place"], r["quantity"]) for r in found.rows]
    assert said == [
        ("dam", "release"),
        ("dam", "storage"),
        ("canal", "withdrawal"),
        ("lake", "inflow"),
        ("power", "fulfilled"),
        ("dam", "storage"),
    ]
    assert not found.unchecked


def test_everything_wrong_is_told_at_once():
    wrong = [
        figure("dma", "release", "2025-04", 1),
        figure("dam", "", "2025-04", 1),
        figure("dam", "relaese", "2025-04", 1),
        figure("canal", "storage", "2025-04", 1),
        figure("dam", "storage", "2025-04", 1, "m3/s"),
        figure("power", "", "2025-05", 1, "Mm3"),
        figure("lake", "", "2025-04", 1, grade="sure"),
        figure("canal", "", "2025-04", 1),
        figure("canal", "", "2025-04", 2),
    ]
    with pytest.raises(InputError) as error:
        judged(ledger(), wrong, OFFICE)
    assert codes(error) == ["twice", "unknown-grade", "unknown-place", "unknown-quantity", "unknown-unit"]
    assert len(error.value.problems) == 8
    with pytest.raises(InputError) as error:
        judged(ledger(), [figure("dam", "release", "2025-04", 1)], About(grade="assumed"))
    assert codes(error) == ["blank"]


def test_a_fact_typed_twice_is_told_and_not_written_again():
    book = ledger(fact("dam", "release", "2025-04-d1", 80))
    found = judged(book, [figure("dam", "release", "2025-04-d1", 80)], OFFICE)
    assert not found.rows
    assert [row.line for _, row in found.twice] == [book.rows[-1].line]


def test_another_figure_is_refused_until_it_is_said_to_correct_and_the_chain_of_corrections_is_kept():
    book = ledger(fact("dam", "release", "2025-04-d1", 80))
    new = [figure("dam", "release", "2025-04-d1", 90)]
    with pytest.raises(InputError, match="already-typed"):
        judged(book, new, OFFICE)
    found = judged(book, new, About(source="office", grade="assumed", correct=True, note="misread"))
    assert [r["corrects"] for r in found.rows] == [book.rows[-1].digest]
    second = ledger(fact("dam", "release", "2025-04-d1", 80), found.rows[0])
    assert [r["value"] for r in second.facts] == [90.0]
    assert [r["value"] for r in second.chain(second.rows[-1])] == [80.0, 90.0]
    # another source contradicts nothing
    assert judged(book, new, About(source="below", grade="assumed")).rows


def test_facts_out_of_order_are_told():
    book = ledger(fact("dam", "release", "2025-04-d3", 80))
    found = judged(book, [figure("dam", "release", "2025-04-d1", 90), figure("dam", "release", "2025-05-d1", 90)], OFFICE)
    assert [(f.period, newest) for f, newest in found.late] == [("2025-04-d1", "2025-04-d3")]
    assert len(found.rows) == 2


def test_without_a_plan_names_are_taken_and_told():
    found = judged(ledger(with_plan=False), [figure("dam", "release", "2025-04", 1)], OFFICE)
    assert found.unchecked == {"dam"}


def test_what_refuses_writes_nothing(tmp_path):
    path = tmp_path / "x.jsonl"
    append(path, lambda _: plan(), "UP")
    before = path.read_bytes()
    with pytest.raises(InputError):
        append(path, lambda book: judged(book, [figure("nowhere", "", "2025-04", 1)], OFFICE).rows, "UP")
    assert path.read_bytes() == before
    assert len(read_ledger(path).rows) == len(plan())


def test_who_holds_a_gate_is_typed_and_counts_from_then_on():
    book = ledger(fact("dam", "release", "2025-04", 300))
    assert SeasonDays(book).holder("dam") == "UP"
    rows = holder_rows(book, [["place", "party"], ["The dam", "DOWN"], ["dam", "DOWN"]], "holders.csv")
    assert rows[0] == {"kind": "holder", "place": "dam", "party": "DOWN"}
    assert SeasonDays(ledger(fact("dam", "release", "2025-04", 300), rows[0])).holder("dam") == "DOWN"
    with pytest.raises(InputError) as error:
        holder_rows(book, [["place", "party"], ["dma", "UP"], ["dam", "NOBODY"]], "holders.csv")
    assert codes(error) == ["unknown-party", "unknown-place"]


def table(tmp_path, text):
    (tmp_path / "facts.csv").write_text(text, encoding="utf-8")
    return tmp_path / "facts.csv"


def test_days_dekads_months_and_parts_of_them_are_read(tmp_path):
    rows = ("dam,release,2025-04-d1,1,Mm3,a", "dam,release,Apr 2025,2,km3,b", "dam,release,2025-04-01/2025-04-05,3,m3/s,")
    text = "\n".join(["place,quantity,period,value,unit,source", *rows])
    found = read_facts(table(tmp_path, text))
    said = [(f.period, f.value, f.unit, f.source) for f in found]
    assert said == [("2025-04-d1", 1, "Mm3", "a"), ("2025-04", 2000, "Mm3", "b"), ("2025-04-01/2025-04-05", 3, "m3/s", "")]


def test_a_date_that_may_be_a_day_a_dekad_or_a_month_is_asked_about(tmp_path):
    path = table(tmp_path, "place,quantity,period,value_m3s\ndam,release,2025-04-01,1\ndam,release,2025-04-11,2\n")
    with pytest.raises(InputError, match="may be a day, a dekad or a month"):
        read_facts(path)
    assert [f.period for f in read_facts(path, "dekad")] == ["2025-04-d1", "2025-04-d2"]
    assert [f.period for f in read_facts(path, "day")] == ["2025-04-01", "2025-04-11"]
    with pytest.raises(InputError, match="bad-period"):
        read_facts(path, "month")
    # a fifth of a month is nothing but a day
    path = table(tmp_path, "place,quantity,period,value_m3s\ndam,release,2025-04-01,1\ndam,release,2025-04-05,2\n")
    assert [f.period for f in read_facts(path)] == ["2025-04-01", "2025-04-05"]


def test_energy_blanks_and_slips(tmp_path):
    found = read_facts(table(tmp_path, "place,period,value,unit\npower,2025-05,1.5,TWh\n"))
    assert [(f.value, f.unit) for f in found] == [(1500, "GWh")]
    with pytest.raises(InputError) as error:
        read_facts(table(tmp_path, "place,period,value,unit\npower,2025-05,,GWh\npower,2025-06,-1,GWh\npower,2025-07,1,acre feet\n"))
    assert codes(error) == ["blank", "negative", "unknown-unit"]
