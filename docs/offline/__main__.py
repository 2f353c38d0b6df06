"""A folder that installs waterflow on Windows without a network: ``python -m docs.offline FOLDER [--python 3.12]``.

It needs a network itself, pip and packaging. It holds wheels, two installers and a page; Python is not in it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from packaging.utils import parse_wheel_filename

from docs.offline.closure import PLATFORM, Windows, missing
from docs.offline.texts import install_cmd, install_ps1, read_me

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = "bmi,doubt,pictures,report,serve"
ASKED = f"syr-waterflow[{EXTRAS}]"
#: rounds of asking for what only Windows needs; each brings what the wheels of the one before need
ROUNDS = 5


def pip(*arguments: str) -> None:
    """Run pip; only its errors are heard."""
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments, "-qq"], check=True)  # noqa: S603  all ours


def build(folder: Path, python: str) -> list[str]:
    """Fill a folder; what could not be had is returned."""
    wheels, there = folder / "wheels", Windows(python)
    wheels.mkdir(parents=True)
    pip("wheel", "--no-deps", "-w", str(wheels), str(ROOT))
    own = next(wheels.glob("syr_waterflow-*.whl"))
    ways = ["--only-binary=:all:", "--platform", PLATFORM, "--python-version", python, "--implementation", "cp", "-d", str(wheels)]
    pip("download", *ways, f"{own}[{EXTRAS}]")
    for _ in range(ROUNDS):
        if not (gone := missing(wheels, ASKED, there)):
            break
        pip("download", *ways, *gone)
    texts = {
        "install.cmd": install_cmd(python, ASKED).encode("ascii"),
        "install.ps1": install_ps1(python, ASKED).encode("ascii"),
        # with its mark, so that Notepad of any Windows reads the Russian half
        "README.txt": read_me(python, str(parse_wheel_filename(own.name)[1])).encode("utf-8-sig"),
    }
    for name, content in texts.items():
        (folder / name).write_bytes(content.replace(b"\n", b"\r\n"))
    return missing(wheels, ASKED, there)


def main() -> int:
    """Build the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m docs.offline", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default="3.12", choices=["3.11", "3.12", "3.13", "3.14"])
    asked = parser.parse_args()
    if asked.folder.exists():
        parser.error(f"{asked.folder} is there already")
    gone = build(asked.folder, asked.python)
    size = sum(f.stat().st_size for f in asked.folder.rglob("*") if f.is_file()) / 1e6
    told = f"not complete: {', '.join(gone)}" if gone else f"{asked.folder}: complete for Python {asked.python} on Windows, {size:.0f} MB"
    sys.stderr.write(told + "\n")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
