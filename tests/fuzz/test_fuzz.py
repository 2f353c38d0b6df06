"""A minute and a half of fuzzing, always of the same seed; by the hour with ``python -m tests.fuzz``."""

import random

import pytest

from tests.fuzz.changes import REFUSED, SAME, TOLD, change_cells, change_structure, respelled
from tests.fuzz.judging import Fault, judge, watched
from tests.fuzz.watching import fuzzed

SECONDS = 90
#: cases of a slow machine with other work in that time
LEAST = 20


def test_ninety_seconds(tmp_path):
    found = fuzzed("2026", SECONDS, tmp_path)
    assert not found.faults, "\n".join(f"{x['case']} {x['fault']} {x['told']}\n{x['seen']}" for x in found.faults)
    assert found.cases.total() >= LEAST


def forever():
    with watched(0.2):
        while True:
            pass


@pytest.mark.parametrize(
    "ended",
    [
        lambda: judge(3, "", "Traceback (most recent call last):\n", (0, 3)),
        lambda: judge(1, "", "", (0, 3)),
        lambda: judge(3, "", "1 problem in the inputs\n  x: found y; allowed: z.   [no-such-code-of-ours]\n", (0, 3)),
        lambda: judge(0, "storage is nan", "", (0, 3)),
        forever,
    ],
)
def test_the_judge_can_say_no(ended):
    """A judge that lets everything pass would find nothing."""
    with pytest.raises(Fault):
        ended()


def test_changes_do_what_they_say():
    draw, laws = random.Random(1), set()  # noqa: S311 - nothing secret
    rows = [["place", "value"], ["a", "1250"], ["b", "2.5"]]
    for _ in range(400):
        _, what, law = change_cells(draw, rows)
        assert rows == [["place", "value"], ["a", "1250"], ["b", "2.5"]], what
        laws.add(law)
    assert {SAME, REFUSED, TOLD} <= laws
    assert {respelled(draw, "1250") for _ in range(200)} >= {"1,250.000", "1 250.000", "1250,"} - {"1250,"}
    whole = {"a": {"b": [1, 2]}}
    assert any(change_structure(draw, whole)[0] != whole for _ in range(5))
    assert whole == {"a": {"b": [1, 2]}}
