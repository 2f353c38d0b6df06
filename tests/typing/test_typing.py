"""The package has types that a user's own strict checks can rest on."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import waterflow as wf

SCRIPT = Path(__file__).with_name("user_script.py")


def test_the_package_says_that_it_is_typed():
    assert (Path(wf.__file__).parent / "py.typed").is_file()


def test_the_version_is_a_public_word():
    assert "__version__" in dir(wf)
    assert wf.__version__.count(".") >= 2


@pytest.mark.long  # mypy looks at the script with the package before every landing
@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_a_users_script_passes_strict_checks(tmp_path):
    """Away from this repository and its settings, as a user has it."""
    script = tmp_path / SCRIPT.name
    script.write_text(SCRIPT.read_text())
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(tmp_path / "cache"), str(script)]
    ours = {"MYPYPATH": str(Path(wf.__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=ours)
    wrong = [line for line in done.stdout.splitlines() if SCRIPT.name in line]
    assert not wrong, "\n".join(wrong)


def test_a_users_script_runs(tmp_path):
    spec = importlib.util.spec_from_file_location("user_script", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    told = script.main(tmp_path)
    assert wf.__version__ in told
    assert "unknown-given" in told
