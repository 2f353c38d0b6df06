"""Every fault leaves the old file or the new one, whole: a full disk, one that can only be read, a killed process, at every step."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.writers import STAND_FOR, sources, writers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="faults are made with what POSIX has")
ROOT = Path(__file__).resolve().parents[2]
NAMES = writers(Path())
#: those of which several files are written one after the other, each of them whole
SEVERAL = ("replan", "ensemble")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    sources(folder)
    return folder


def wrong(names, folder):
    """What was wrong with some writers, and how many faults were tried."""
    asked = {
        name: {"words": w.words, "over": {k: str(v) for k, v in w.over.items()}, "grows": w.grows, "several": name in SEVERAL}
        for name, w in writers(folder).items()
        if name in names
    }
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.driver"], input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert told.returncode == 0, told.stderr[-3000:]
    found = json.loads(told.stdout)
    assert all(x["count"] >= 8 for x in found.values()), found
    return [f"{name}: {x}" for name, said in found.items() for x in said["wrong"]]


def test_every_command_that_writes_is_tried():
    writes = re.compile(r"\b(write|write_tree|write_folder|write_tables|append)\(|\.save\(args")
    found = {p.stem for p in (ROOT / "waterflow" / "commands").glob("*.py") if writes.search(p.read_text(encoding="utf-8"))}
    found -= {"ledger_status", "waiting", "reading"}
    assert found <= set(STAND_FOR), found - set(STAND_FOR)
    assert {x for x in STAND_FOR.values() if x} <= set(NAMES)


def test_old_or_new_and_whole(made):
    assert not wrong([name for name in NAMES if name in SHORT], made)


@pytest.mark.long
@pytest.mark.parametrize("name", list(NAMES))
def test_old_or_new_and_whole_of_every_command(name, made):
    assert not wrong([name], made)


#: one of each way of writing: a folder, a file, a ledger, a tree, two files
SHORT = ("allocate", "new agreement", "ledger add facts", "ledger add plan", "ledger merge", "new model", "season new")
