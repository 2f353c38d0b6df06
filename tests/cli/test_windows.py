"""What files and names from Windows look like: CRLF, paths with spaces and Russian letters, backslashes, a Russian code page."""

import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from waterflow.cli import main
from waterflow.loading import model_file

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (".csv", ".yaml", ".md")


def as_windows_writes(folder):
    """Every text file with CRLF, its content otherwise the same."""
    changed = [path for path in folder.rglob("*") if path.suffix in TEXTS]
    for path in changed:
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return changed


def test_crlf_says_the_same(tmp_path):
    copy = Copy(tmp_path)
    plain = wf.read_basin(copy.folder)
    assert len(as_windows_writes(copy.folder)) > 5
    assert wf.read_basin(copy.folder) == plain


def test_a_row_is_found_where_it_stands_in_a_file_with_crlf(tmp_path):
    copy = Copy(tmp_path).set("needs", 3, "need_Mm3", "much")
    plain = copy.problem()
    as_windows_writes(copy.folder)
    assert copy.problem() == plain


def test_a_folder_with_spaces_and_russian_letters(tmp_path, capsys):
    folder = tmp_path / "Мои реки 2026" / "моя река"
    folder.parent.mkdir()
    Copy(tmp_path).folder.rename(folder)
    as_windows_writes(folder)
    out = tmp_path / "Итоги и планы"
    assert main(["allocate", str(folder), "--out", str(out), "--lang", "ru"]) == 0, capsys.readouterr().err
    saved = next(out.rglob("*.nc"))
    assert wf.open_allocation(saved).basin.name == "two_reservoirs"
    assert main(["allocate", str(folder / "model.yaml")]) == 0


@pytest.mark.parametrize("name", [r"rivers\my river", r"C:\Реки\моя река", r"..\river\model.yaml", "model.yaml"])
def test_a_path_with_backslashes_is_a_path_on_windows(name, monkeypatch):
    monkeypatch.setattr(model_file, "Path", PureWindowsPath)
    assert model_file.own_file(name)
    assert not model_file.own_file("two_reservoirs")


def test_backslashes_elsewhere_are_told(capsys):
    assert main(["allocate", r"rivers\my river"]) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_a_russian_code_page_and_a_russian_folder_together(tmp_path):
    """As in a Russian command prompt: cp1251 on both streams, UTF-8 off, a name in Russian letters."""
    folder = tmp_path / "река"
    Copy(tmp_path).folder.rename(folder)
    environment = {**os.environ, "PYTHONIOENCODING": "cp1251", "PYTHONUTF8": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "waterflow.cli", "check", str(folder), "--lang", "ru"]
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=120)
    assert told.returncode == 0
    assert "водохранилища" in told.stdout.decode("cp1251")
