"""Journals: a run that was killed goes on and writes the same bytes; another ensemble is refused."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr

import waterflow as wf
from tests.futures.ensembles import members, with_shares
from waterflow.allocation.files import netcdf
from waterflow.errors import InputError
from waterflow.files import PARTIAL
from waterflow.futures.chunk import solve_chunk
from waterflow.futures.journal import HEAD, Journal

ROUNDS = 4


@pytest.fixture(scope="module")
def basin():
    return with_shares()


@pytest.fixture(scope="module")
def runoff(basin):
    return members(basin, 12)


@pytest.fixture(scope="module")
def unbroken(basin, runoff):
    return wf.ensemble(basin, runoff, workers=1, chunk=2)


def chunks(folder):
    return sorted(folder.glob("chunk-*"))


def test_what_is_done_is_not_done_again(basin, runoff, unbroken, tmp_path, monkeypatch):
    folder = tmp_path / "deep" / "journal"
    assert wf.ensemble(basin, runoff, workers=1, chunk=2, journal=folder).identical(unbroken)
    assert len(chunks(folder)) >= 6
    for gone in chunks(folder)[:2]:
        gone.unlink()
    known = sum(len(x["member"]) for x in Journal(folder, json.loads((folder / HEAD).read_text())["ensemble"]).done())
    assert 0 < known < 12
    asked = []
    monkeypatch.setattr("waterflow.futures.ensembles.solve_chunk", lambda chunk: asked.append(chunk) or solve_chunk(chunk))
    # other workers and chunks go on from the same journal
    again = wf.ensemble(basin, runoff, workers=1, chunk=3, journal=folder)
    assert sum(len(chunk.members) for chunk in asked) == 12 - known
    assert again.identical(unbroken)
    assert netcdf(again, "") == netcdf(unbroken, ""), "the same bytes"


def test_a_damaged_file_counts_as_not_written(basin, runoff, unbroken, tmp_path):
    wf.ensemble(basin, runoff, workers=1, chunk=4, journal=tmp_path)
    one, other, *_ = chunks(tmp_path)
    one.write_bytes(one.read_bytes()[:-7])
    other.write_bytes(b"")
    assert wf.ensemble(basin, runoff, workers=1, chunk=4, journal=tmp_path).identical(unbroken)


@pytest.mark.parametrize("other", ["runoff", "basin", "no journal"])
def test_the_journal_of_another_ensemble_is_refused(basin, runoff, tmp_path, other):
    if other == "no journal":
        (tmp_path / HEAD).write_text("[]")
    else:
        Journal(tmp_path, "key")
    changed = basin.changed(opening_storage={"dam": 301}) if other == "basin" else basin
    with pytest.raises(InputError, match="another-ensemble"):
        wf.ensemble(changed, runoff, workers=1, journal=tmp_path)


def test_other_runoff_is_another_ensemble(basin, runoff, tmp_path):
    few = runoff.isel(member=slice(0, 2))
    wf.ensemble(basin, few, workers=1, journal=tmp_path)
    with pytest.raises(InputError, match="another-ensemble"):
        wf.ensemble(basin, few * 1.0000001, workers=1, journal=tmp_path)


def test_a_folder_that_cannot_be_is_refused(basin, runoff, tmp_path):
    there = tmp_path / "file"
    there.write_text("mine")
    with pytest.raises(InputError, match="bad-folder"):
        wf.ensemble(basin, runoff, workers=1, journal=there)
    assert there.read_text() == "mine"


COMMAND = ("ensemble", "syr_darya", "--scenario", "benefit", "--members", "24", "--no-progress", "--format", "csv")


def begun(to):
    """The command as a process that leads a group of its own, so that its workers can be told from others'."""
    command = [sys.executable, "-m", "waterflow.cli", *COMMAND, "--to", str(to)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def alive(group):
    """True if a process of the group runs; one that is dead and not yet fetched does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, own = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if own == str(group) and state != "Z":
            return True
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.long
def test_a_run_that_is_killed_again_and_again_writes_the_bytes_of_one_that_is_not(tmp_path):
    """Killed at random moments, seeded; its workers leave with it; the last run goes on and tidies up."""
    whole = begun(tmp_path / "whole.nc")
    answer, _ = whole.communicate(timeout=300)
    assert whole.returncode == 0
    moments = random.Random(7)  # noqa: S311 - the moments of a test
    killed: list[int] = []
    journal = tmp_path / "broken.nc.journal"
    for _ in range(ROUNDS):
        run = begun(tmp_path / "broken.nc")
        # reading the model takes a moment: most of the time there is something in the journal
        time.sleep(moments.uniform(1.5, 5.0))
        if run.poll() is not None:
            run.communicate()
            break
        run.send_signal(signal.SIGKILL)
        run.communicate(timeout=60)
        killed.append(len(chunks(journal)))
        deadline = time.monotonic() + 30
        while alive(run.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not alive(run.pid), "workers outlive the run"
    assert killed, "it was never killed: the test has lost its teeth"
    assert killed == sorted(killed), "a run goes on from what the one before had done"
    last = begun(tmp_path / "broken.nc")
    again, said = last.communicate(timeout=300)
    assert last.returncode == 0, said
    assert again == answer
    assert (tmp_path / "broken.nc").read_bytes() == (tmp_path / "whole.nc").read_bytes()
    # one that was killed while it wrote may have left a part of a file, whose name says so
    left = sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(PARTIAL))
    assert left == ["broken.nc", "whole.nc"], "the journal is gone"
    with xr.open_dataset(tmp_path / "whole.nc", engine="h5netcdf") as found:
        assert found.sizes["member"] == 24
