"""Two who add at once lose nothing; killed at any moment the ledger is whole, and has all that was said to be written."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from waterflow.ledger.files import read_ledger

ROOT = Path(__file__).resolve().parents[2]
#: adds rows of its own until it is stopped, and says of each that it is on the disk
ADDS = """
import sys
import time
from pathlib import Path
from tests.ledger.making import fact
from waterflow.ledger.files import append
who, count = sys.argv[2], int(sys.argv[3])
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for k in range(count):
    said = [fact(who, "release", f"{1900 + k // 12}-{k % 12 + 1:02d}", j, note="x" * 2000, source=str(j)) for j in range(3)]
    append(Path(sys.argv[1]), lambda _: said, who)
    sys.stdout.write(f"{k}\\n")
    sys.stdout.flush()
    time.sleep(0.01)
"""


def adding(path, who, count):
    command = [sys.executable, "-c", ADDS, str(path), who, str(count)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env)


def begin(*people):
    """Let them begin at once."""
    for one in people:
        assert one.stdout.readline() == "ready\n"
    for one in people:
        one.stdin.write("\n")
        one.stdin.flush()


def test_two_who_add_at_once_lose_nothing(tmp_path):
    path = tmp_path / "season.jsonl"
    people = [adding(path, who, 25) for who in "AB"]
    begin(*people)
    for one in people:
        one.communicate(timeout=60)
        assert one.returncode == 0
    book = read_ledger(path)
    assert not book.torn
    assert len(book.rows) == 2 * 25 * 3
    assert {(r["place"], r["period"]) for r in book.rows} == {
        (who, f"{1900 + k // 12}-{k % 12 + 1:02d}") for who in "AB" for k in range(25)
    }
    # not one after the other: their rows take turns
    changes = sum(a["place"] != b["place"] for a, b in zip(book.rows, book.rows[1:], strict=False))
    assert changes > 1


def killed(path, seed):
    """Kill one who adds, and another who takes turns with them, at a random moment: what they had said."""
    people = {who: adding(path, f"{who}{seed}", 10_000) for who in "AB"}
    begin(*people.values())
    for one in people.values():
        one.stdout.readline()
    time.sleep(random.Random(seed).uniform(0, 0.15))  # noqa: S311 - a moment, no secret
    said = {}
    for who, one in people.items():
        one.send_signal(signal.SIGKILL)
        with one:
            rest = one.stdout.read().splitlines()
        said[f"{who}{seed}"] = len([line for line in rest if line]) + 1
    return said


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.long)])
def test_killed_at_any_moment_the_ledger_is_whole_and_has_all_that_was_said(tmp_path, rounds):
    path, said = tmp_path / "season.jsonl", {}
    for seed in range(rounds):
        said |= killed(path, seed)
        book = read_ledger(path)
        for who, count in said.items():
            there = [r for r in book.rows if r["place"] == who]
            assert len({r["period"] for r in there}) >= count - 1
            assert len(there) >= 3 * (count - 1)
    # and the next goes on where they were stopped
    one = adding(path, "C", 1)
    begin(one)
    one.communicate(timeout=60)
    assert read_ledger(path).rows[-1]["place"] == "C"
