"""Files appear whole or not at all: a failure leaves the old one, and writers at the same time do not clash."""

import errno
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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

    def full(_path):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InputError, match="no space left on the disk"):
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
