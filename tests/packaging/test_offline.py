"""The folder for Windows without a network: what only Windows needs is asked for, and what is not there is told."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("packaging")

from docs.offline.closure import Windows, missing
from docs.offline.texts import install_cmd, install_ps1, read_me

ROOT = Path(__file__).resolve().parents[2]


def wheel(folder, name, *needs, tag="py3-none-any", version="1.0"):
    path = folder / f"{name}-{version}-{tag}.whl"
    told = "".join(f"Requires-Dist: {need}\n" for need in needs)
    with zipfile.ZipFile(path, "w") as content:
        content.writestr(f"{name}-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{told}")


def test_conditions_are_those_of_the_other_machine(tmp_path):
    """``click`` asks for colorama on Windows alone, ``server`` for uvloop anywhere else; an extra asks for what it brings."""
    by_platform = ('colorama; sys_platform == "win32"', 'uvloop; sys_platform != "win32"')
    wheel(tmp_path, "river", *by_platform, 'old; python_version < "3.10"', 'jinja2>=3; extra == "page"')
    there = Windows("3.12")
    assert missing(tmp_path, "river", there) == ["colorama"]
    assert missing(tmp_path, "river[page]", there) == ["colorama", "jinja2>=3"]
    wheel(tmp_path, "colorama")
    wheel(tmp_path, "jinja2", "markupsafe", version="3.1")
    assert missing(tmp_path, "river[page]", there) == ["markupsafe"]


@pytest.mark.parametrize(
    ("tag", "usable"),
    [
        ("cp312-cp312-win_amd64", True), ("cp39-abi3-win_amd64", True), ("cp313-cp313-win_amd64", False),
        ("cp312-cp312-win32", False), ("cp312-cp312-manylinux_2_28_x86_64", False),
    ],
)  # fmt: skip
def test_a_wheel_of_another_machine_is_none(tmp_path, tag, usable):
    wheel(tmp_path, "solver", tag=tag)
    assert missing(tmp_path, "solver>=1", Windows("3.12")) == ([] if usable else ["solver>=1"])
    assert missing(tmp_path, "solver>=2", Windows("3.12")) == ["solver>=2"]


@pytest.mark.parametrize("text", [install_cmd("3.12", "river[page]"), install_ps1("3.12", "river[page]")], ids=["cmd", "ps1"])
def test_an_installer_reads_the_same_in_every_code_page(text):
    assert text.isascii()
    assert text.encode("cp866") == text.encode("cp1251") == text.encode("utf-8")
    for line in text.splitlines():
        # whatever may hold a space or a Russian letter stands in quotes or is one argument of PowerShell
        assert not any(f" {name}" in line for name in ("%TARGET%\\", "%HERE%", "%~1")), line


def test_the_page_says_the_same_twice():
    text = read_me("3.12", "0.1.0")
    for part in ("install.cmd", "install.ps1", "Python 3.12", "allocate syr_darya", "serve syr_darya"):
        assert text.count(part) >= 2


@pytest.mark.long
@pytest.mark.parametrize("python", ["3.12", "3.14"])
def test_the_folder_is_complete(tmp_path, python):
    folder = tmp_path / "для поездки 2026"
    made = subprocess.run(
        [sys.executable, "-m", "docs.offline", str(folder), "--python", python], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert {p.name for p in folder.iterdir()} == {"wheels", "install.cmd", "install.ps1", "README.txt"}
    for name in ("install.cmd", "install.ps1", "README.txt"):
        content = (folder / name).read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 5
    ways = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", python, "--target", str(tmp_path / "nowhere")]
    # which Pythons a wheel takes pip asks of the one it runs on; their tags, which count, it asks of the other
    ways.append("--ignore-requires-python")
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", str(folder / "wheels"), "--dry-run", *ways]
    tried = subprocess.run([*pip, "syr-waterflow[bmi,doubt,pictures,report,serve]"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    # the check can fail: without one of its wheels, needed on Windows alone, the folder is not complete
    next((folder / "wheels").glob("tzdata-*.whl")).unlink()
    assert [name.startswith("tzdata") for name in missing(folder / "wheels", "syr-waterflow[serve]", Windows(python))] == [True]
