"""Files appear whole or not at all: a failure leaves the old one, and writers at the same time do not clash."""

import errno
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest

from waterflow.errors import InputError
from waterflow.files import NO_WAY, whole, write
from waterflow.report.files import write_folder
from waterflow.words.catalogue import speaking


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    place = tmp_path / "plan.csv"
    place.write_text("old", encoding="utf-8")

    def half():
        with whole(place) as partial:
            partial.write_text("ne", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_a_folder_that_fails_keeps_every_old_file(tmp_path):
    folder = tmp_path / "out"
    write_folder(folder, {"a.txt": "old"}, {})

    def full():
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_folder(folder, {"a.txt": "new"}, {"b.nc": full})
    assert [(p.name, p.read_text(encoding="utf-8")) for p in folder.iterdir()] == [("a.txt", "old")]
    assert list(tmp_path.iterdir()) == [folder]


def test_writers_at_the_same_time_do_not_clash(tmp_path):
    texts = [f"{k}" * 200_000 for k in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write(tmp_path / "report.txt", text, "--out"), texts))
        list(pool.map(lambda text: write_folder(tmp_path / "out", {"report.txt": text}, {}), texts))
    for place in (tmp_path, tmp_path / "out"):
        assert (place / "report.txt").read_text(encoding="utf-8") in texts
    assert {p.name for p in tmp_path.iterdir()} == {"report.txt", "out"}


def test_bytes_and_text_are_written_as_they_are(tmp_path):
    write(tmp_path / "a.csv", "м³\n", "--out")
    write(tmp_path / "a.svg", b"\x00\xff", "--picture", code="bad-picture")
    assert (tmp_path / "a.csv").read_bytes() == "м³\n".encode()
    assert (tmp_path / "a.svg").read_bytes() == b"\x00\xff"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_why_a_file_cannot_be_written_is_said(language, tmp_path):
    with speaking(language), pytest.raises(InputError) as caught:
        write(tmp_path / "nowhere" / "a.csv", "x", "--out")
    problem = caught.value.problems[0]
    assert problem.code == "bad-folder"
    assert problem.found == {"en": "no such folder", "ru": "такой папки нет"}[language]


def test_a_folder_in_the_place_of_a_file_is_refused_whole(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(InputError, match="a folder of that name"):
        write(tmp_path / "a.csv", "x", "--out")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert Path(tmp_path / "a.csv").is_dir()
    assert errno.EISDIR in NO_WAY


KINDS = ["link", "dangling link", "pipe", "folder"]


def stand_in(place, kind):
    """Put something that is no regular file there; what it should still be afterwards."""
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        other = place.parent / "elsewhere.txt"
        if kind == "link":
            other.write_text("mine", encoding="utf-8")
        place.symlink_to(other)
    return place.lstat().st_mode, place.lstat().st_ino


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inside", [False, True])
def test_only_regular_files_are_replaced(tmp_path, kind, inside):
    place = tmp_path / "a.txt"
    before = stand_in(place, kind)
    with pytest.raises(InputError) as caught:
        write_folder(tmp_path, {"a.txt": "new", "b.txt": "new"}, {}) if inside else write(place, "new", "--out")
    assert kind.split()[-1] in str(caught.value)
    assert (place.lstat().st_mode, place.lstat().st_ino) == before
    assert not (tmp_path / "b.txt").exists()
    if kind == "link":
        assert (tmp_path / "elsewhere.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_devices_are_not_written_to_and_a_full_disk_is_said():
    with pytest.raises(InputError, match="a device of that name"):
        write(Path("/dev/full"), "x", "--out")
    # a full disk, met as the file is written
    with pytest.raises(InputError, match="no space left on the disk"), patch.object(Path, "write_bytes", _to_a_full_disk):
        write(Path("a.txt"), "x", "--out")
    assert not Path("a.txt").exists()


def _to_a_full_disk(_path, content):
    with Path("/dev/full").open("wb", buffering=0) as full:
        full.write(content)


@pytest.mark.parametrize("when", range(6))
def test_a_folder_whose_moves_fail_is_as_it_was(tmp_path, when):
    """Three files, two of them new versions: the move that fails, whichever it is, leaves all old."""
    write_folder(tmp_path, {"a": "old", "b": "old"}, {})
    moves = count()
    replace = Path.replace

    def failing(path, to):
        if next(moves) == when:
            raise KeyboardInterrupt
        return replace(path, to)

    with patch.object(Path, "replace", failing):
        try:
            write_folder(tmp_path, {"a": "new", "b": "new", "c": "new"}, {})
            failed = False
        except KeyboardInterrupt:
            failed = True
    found = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()}
    assert found == ({"a": "old", "b": "old"} if failed else {"a": "new", "b": "new", "c": "new"})
    assert failed == (when < 5)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that kills itself")
@pytest.mark.parametrize("when", range(6))
def test_what_a_killed_run_made_whole_is_moved_on_by_the_next(tmp_path, when):
    write_folder(tmp_path, {"a": "old", "b": "old"}, {})
    child = os.fork()
    if child == 0:
        moves, replace = count(), Path.replace

        def dying(path, to):
            if next(moves) == when:
                os.kill(os.getpid(), signal.SIGKILL)
            return replace(path, to)

        with patch.object(Path, "replace", dying):
            write_folder(tmp_path, {"a": "new", "b": "new", "c": "new"}, {})
        os._exit(0)
    os.waitpid(child, 0)
    write_folder(tmp_path, {"d": "last"}, {})
    found = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()}
    assert found == {"a": "new", "b": "new", "c": "new", "d": "last"}


def test_a_killed_run_that_made_nothing_whole_stops_nobody(tmp_path):
    (tmp_path / ".waterflow-partial-0123").mkdir()
    (tmp_path / ".waterflow-partial-0123" / "a").write_text("half", encoding="utf-8")
    write_folder(tmp_path, {"a": "new"}, {})
    assert (tmp_path / "a").read_text(encoding="utf-8") == "new"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions that hold")
def test_a_folder_that_can_only_be_read_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="no permission"):
        write_folder(tmp_path, {"a": "new"}, {})
    tmp_path.chmod(0o700)


def test_a_name_too_long_is_said(tmp_path):
    with pytest.raises(InputError, match="a name that is too long"):
        write(tmp_path / ("a" * 300), "x", "--out")
    with pytest.raises(InputError, match="a name that is too long"):
        write_folder(tmp_path / ("a" * 300), {"a": "x"}, {})
