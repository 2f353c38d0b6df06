"""The wheel alone, in an environment and a folder without the repository: the Syr Darya allocates and serves."""

import json
import os
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LARGEST_MB = 10

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "-w", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_is_small(wheel):
    assert wheel.stat().st_size < LARGEST_MB * 1e6


def test_the_wheel_allocates_and_serves(wheel, tmp_path):
    home = tmp_path / "новая среда"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "-qq", f"{wheel}[serve]"], check=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    asked = [scripts / "waterflow", "allocate", "syr_darya", "--format", "json"]
    told = subprocess.run(asked, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)
    served = subprocess.Popen(
        [scripts / "waterflow", "serve", "syr_darya", "--port", "8791"], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen("http://127.0.0.1:8791/", timeout=5) as page:
                    assert b"<html" in page.read()
                    break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("it does not answer")
    finally:
        served.terminate()
        served.wait(20)
