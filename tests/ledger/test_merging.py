"""Merging by law: commutative, associative, idempotent; nothing is lost, and what disagrees is told."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.making import chain, fact, ledger
from waterflow.ledger.files import _broken, ledger_bytes
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.merging import merged
from waterflow.ledger.rows import BEGINNING, chained, rows_of
from waterflow.ledger.status import disagreeing


@st.composite
def ledgers(draw):
    """Some parties' ledgers: copies of one that went on by themselves, typed at times that may be alike or out of order."""
    books = [list(chain(draw(st.integers(0, 3))))]
    for k in range(draw(st.integers(1, 8))):
        own = list(draw(st.sampled_from(books)))
        by, minute = draw(st.sampled_from("AB")), draw(st.integers(0, 2))
        corrects = {"corrects": draw(st.sampled_from(own)).digest} if own and draw(st.booleans()) else {}
        said = fact("dam", "release", f"2025-04-{draw(st.integers(1, 3)):02d}", draw(st.integers(0, 2)), note=str(k), **corrects)
        own += chained([said], own[-1].digest if own else BEGINNING, by, f"2025-05-01T00:{minute:02d}:00+00:00")
        books.append(own)
    return [Ledger(tuple(rows)) for rows in books]


def content(*books):
    return ledger_bytes(merged(books).rows)


@settings(max_examples=40)
@given(ledgers())
def test_merging_is_commutative_associative_and_idempotent(books):
    a, b, c = books[0], books[len(books) // 2], books[-1]
    assert content(a, b) == content(b, a)
    assert content(merged([a, b]), c) == content(a, merged([b, c]))
    assert content(a, a) == content(a)
    assert content(merged([a, b]), b) == content(a, b)


@settings(max_examples=40)
@given(ledgers())
def test_merging_loses_nothing_and_leaves_a_whole_chain(books):
    rows, torn = rows_of(content(*books))
    assert {r.digest for r in rows} == {r.digest for book in books for r in book.rows}
    assert not torn
    assert not list(_broken(rows, "x"))
    assert merged(books).digest == merged(reversed(books)).digest


@settings(max_examples=40)
@given(ledgers())
def test_a_correction_comes_after_what_it_corrects_and_stands_instead(books):
    book = merged(books)
    line = {r.digest: k for k, r in enumerate(book.rows)}
    standing = {r.digest for r in book.standing}
    for row in book.rows:
        if row.corrects:
            assert line[row.corrects] < line[row.digest]
            assert row.corrects not in standing
    assert standing == {r.digest for r in book.rows} - {r.corrects for r in book.rows}


def test_what_two_parties_say_differently_is_told_row_by_row():
    one = ledger(fact("dam", "release", "2025-04-d1", 90), fact("dam", "release", "2025-04-d2", 80), by="UP")
    other = Ledger((*one.rows[:-2], *chained([fact("dam", "release", "2025-04-d1", 100)], one.rows[-3].digest, "DOWN", "2025-05-02")))
    found = disagreeing(merged([one, other]))
    assert [[(r.by, r.value) for r in d.rows] for d in found] == [[("UP", 90.0), ("DOWN", 100.0)]]
    assert not disagreeing(merged([one, one]))


def test_two_who_say_the_same_agree():
    one, other = (ledger(fact("dam", "release", "2025-04-d1", 90), by=by) for by in ("UP", "DOWN"))
    both = merged([one, other])
    assert len(both.rows) == 2 * len(one.rows)
    assert not disagreeing(both)
    assert len(both.facts) == 1
