"""The chain: every row is whole or set aside, and whoever changes, drops or moves a row is found out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.making import chain, fact
from waterflow.errors import InputError
from waterflow.ledger.files import append, ledger_bytes, read_ledger
from waterflow.ledger.rows import BEGINNING, chained, rows_of

ROWS = chain(6)
CONTENT = ledger_bytes(ROWS)
ENDS = [k + 1 for k, sign in enumerate(CONTENT) if sign == ord("\n")]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "season.jsonl"


def test_rows_read_back_as_they_were_written():
    rows, torn = rows_of(CONTENT)
    assert [r.raw for r in rows] == [r.raw for r in ROWS]
    assert [r.fields for r in rows] == [r.fields for r in ROWS]
    assert [r.prev for r in rows] == [BEGINNING, *(r.digest for r in ROWS[:-1])]
    assert not torn


def test_what_is_found_without_reading_json_is_what_the_json_says():
    said = fact("dam", "release", "2025-04-d1", 1.5, note='a "period": "2020" and "corrects": "x"', corrects="f" * 64)
    for row in [*ROWS, *chained([said], ROWS[-1].digest, 'He said "by"', "now")]:
        fields = row.fields
        assert (row.kind, row.digest, row.prev) == (fields["kind"], fields["digest"], fields["prev"])
        assert (row.period, row.corrects) == (fields["period"], fields.get("corrects", ""))


def test_cut_off_anywhere_the_whole_rows_are_there_and_the_rest_is_told():
    """As a machine that stops may leave a file: every length of it."""
    for length in range(len(CONTENT)):
        rows, torn = rows_of(CONTENT[:length])
        whole = sum(end <= length + 1 for end in ENDS)
        assert [r.digest for r in rows] == [r.digest for r in ROWS[:whole]]
        assert len(torn) == (0 if length == 0 or length in ENDS or length + 1 in ENDS else 1)


def test_after_a_torn_line_the_next_row_is_added_and_nothing_is_overwritten(path):
    for length in (ENDS[2] + 30, ENDS[3] - 1, ENDS[3]):
        path.write_bytes(CONTENT[:length])
        append(path, lambda _: [fact("dam", "storage", "2025-04-01", 5)], "B")
        assert path.read_bytes().startswith(CONTENT[:length])
        book = read_ledger(path)
        assert book.rows[-1]["by"] == "B"
        assert len(book.rows) == (4 if length < ENDS[3] - 1 else 5)
        assert book.rows[-1].prev == book.rows[-2].digest


@given(st.integers(0, len(CONTENT) - 1), st.integers(0, 255))
def test_a_byte_that_is_changed_is_never_read_as_data(place, sign):
    changed = CONTENT[:place] + bytes([sign]) + CONTENT[place + 1 :]
    rows, torn = rows_of(changed)
    honest = {r.digest for r in ROWS}
    if changed != CONTENT:
        assert {r.digest for r in rows} < honest
        assert torn


@given(st.permutations(range(6)), st.integers(1, 6))
def test_rows_moved_or_taken_from_between_are_refused(order, count):
    kept = order[:count]
    content = ledger_bytes([ROWS[k] for k in kept])
    from waterflow.ledger.files import _broken

    assert bool(list(_broken(rows_of(content)[0], "x"))) == (kept != list(range(count)))


def test_a_broken_chain_and_another_file_are_refused_by_name(path):
    path.write_bytes(ledger_bytes([*ROWS[:2], *ROWS[3:]]))
    with pytest.raises(InputError, match="broken-ledger"):
        read_ledger(path)
    path.write_bytes(ledger_bytes([*ROWS, ROWS[0]]))
    with pytest.raises(InputError, match="stands there twice"):
        read_ledger(path)
    path.write_text("place,quantity\n")
    with pytest.raises(InputError, match="not-a-ledger"):
        read_ledger(path)
    with pytest.raises(InputError, match="no-such-file"):
        read_ledger(path.with_name("none.jsonl"))


def test_a_ledger_is_not_written_where_something_else_stands(tmp_path):
    with pytest.raises(InputError, match="bad-folder"):
        append(tmp_path, lambda _: [fact("dam", "storage", "2025-04-01", 5)], "B")
    with pytest.raises(InputError, match="bad-folder"):
        append(tmp_path / "none" / "x.jsonl", lambda _: [fact("dam", "storage", "2025-04-01", 5)], "B")
