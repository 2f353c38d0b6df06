"""Everything generated: ``python -m docs.make`` makes it all, ``python -m docs.make tables dataset`` these two.

A maker is a file of this folder with a ``main``. With ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def makers() -> list[str]:
    """Names of the files that make something; the figures last, since they look at what the others made."""
    found = [path.stem for path in Path(__file__).parent.glob("*.py") if "\ndef main(" in path.read_text(encoding="utf-8")]
    return sorted({name for name in found if not name.startswith("_")}, key=lambda name: (name == "figures", name))


def run(names: list[str]) -> int:
    """Run some makers, or all; 1 if any finds a difference or fails."""
    unknown = set(names) - set(makers())
    if unknown:
        sys.stderr.write(f"no maker {', '.join(sorted(unknown))}; there are {', '.join(makers())}\n")
        return 2
    return max([import_module(f"docs.make.{name}").main() for name in names or makers()])


def asked(words: list[str]) -> int:
    """What the command line asks for; an option that is none is told, not passed over."""
    strange = [word for word in words if word.startswith("-") and word != "--check"]
    if strange:
        sys.stderr.write(f"no option {', '.join(strange)}; there is --check. Makers: {', '.join(makers())}\n")
        return 2
    return run([word for word in words if not word.startswith("-")])


if __name__ == "__main__":
    sys.exit(asked(sys.argv[1:]))
