"""Every fault leaves the old file or the new one, whole: a full disk, one that can only be read, a killed process, at every step."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.writers import STAND_FOR, sources, writers
from waterflow import cli

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
    writes = re.compile(r"(?<!\.)\b(write|write_tree|write_folder|write_tables|append)\(|\.save\(args")
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


#: those looked at each time: a file, a ledger; the others take minutes
SHORT = ("new agreement", "ledger add facts")


def command(*words, **more):
    argv = [sys.executable, "-c", "from waterflow.cli import run; run()", *map(str, words)]
    return subprocess.run(argv, capture_output=True, text=True, check=False, **more)


@contextmanager
def as_anybody():
    """Root may read and write everything: as nobody, a file without permissions is one that cannot be read."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.long
def test_a_file_that_may_not_be_read_and_a_folder_that_may_not_be_written(made, tmp_path, capsys):
    """As somebody who may not: refused by name, and nothing is changed."""
    closed, place, own = tmp_path / "closed.csv", tmp_path / "place", tmp_path / "own"
    closed.write_bytes((made / "facts.csv").read_bytes())
    place.mkdir()
    own.mkdir()
    (place / "a.yaml").write_text("old")
    for path in (tmp_path, *tmp_path.parents[:3]):
        path.chmod(0o755)

    def commands(facts, folder):
        return (
            ("ledger", "add", folder / "l.jsonl", facts, "--by", "UP"),
            ("replan", "two_reservoirs", "--facts", facts, "--on", "2025-03-01", "--no-progress"),
            ("new", "agreement", "two_reservoirs", folder / "b.yaml"),
            ("new", "model", folder / "m"),
            ("allocate", "two_reservoirs", "--out", folder, "--no-progress"),
            ("season", "new", "two_reservoirs", "2027", "--out", folder),
            ("ledger", "merge", made / "book.jsonl", "--out", folder / "m.jsonl"),
        )

    # once as oneself: what is imported late may lie where nobody may look
    for words in commands(made / "facts.csv", own):
        cli.main(list(map(str, words)))
    place.chmod(0o555)
    closed.chmod(0)
    capsys.readouterr()
    for words in commands(closed, place):
        with as_anybody():
            code = cli.main(list(map(str, words)))
        told = capsys.readouterr().err
        assert code == 3, (words, told[-800:])
        assert "Traceback" not in told
        assert "problem" in told
    assert [p.name for p in place.iterdir()] == ["a.yaml"]
    assert (place / "a.yaml").read_text() == "old"


@pytest.mark.long
def test_no_fonts_of_the_machine_are_needed(made, tmp_path):
    """The same PDF, to the byte, where there are none."""
    pytest.importorskip("typst")
    plan, bare = made / "planned" / "allocation.nc", {**os.environ, "FONTCONFIG_FILE": "/dev/null", "HOME": str(tmp_path)}
    assert command("report", plan, "--to", tmp_path / "a.pdf").returncode == 0
    assert command("report", plan, "--to", tmp_path / "b.pdf", env=bare).returncode == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.long
def test_two_processes_in_one_folder_leave_one_answer_whole(made, tmp_path):
    """Months and dekads written to one folder at the same time, three times each: every file of one and the same."""
    words = [sys.executable, "-c", "from waterflow.cli import run; run()", "allocate", "two_reservoirs", "--no-progress", "--out"]
    alone = {}
    for step in ("month", "dekad"):
        subprocess.run([*words, str(tmp_path / step), "--step", step], check=True, capture_output=True)
        alone[step] = {p.name: p.read_bytes() for p in (tmp_path / step).iterdir() if p.suffix in (".txt", ".csv")}
    for _ in range(3):
        both = [subprocess.Popen([*words, str(tmp_path / "both"), "--step", step], stdout=-3, stderr=-3) for step in alone]
        assert [one.wait() for one in both] == [0, 0]
        found = {p.name: p.read_bytes() for p in (tmp_path / "both").iterdir() if p.suffix in (".txt", ".csv")}
        assert found in alone.values()
