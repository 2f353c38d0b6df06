"""Whether a folder of wheels is complete for a machine that is not this one: what each wheel needs there, and whether it is there.

``pip download --platform`` judges conditions such as ``sys_platform == "win32"`` by the machine it runs on and so leaves out what only
the other one needs. Here they are judged for the other.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

__all__ = ["Windows", "missing", "needs"]

PLATFORM = "win_amd64"


@dataclass(frozen=True)
class Windows:
    """A 64-bit Windows with a Python, ``3.12``."""

    python: str

    @property
    def environment(self) -> dict[str, str]:
        """What conditions of requirements ask for."""
        told = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}
        known = {key: str(value) for key, value in default_environment().items()}
        return known | told | {"python_version": self.python, "python_full_version": f"{self.python}.0"}

    @property
    def tags(self) -> frozenset[Tag]:
        """Wheels that can be installed there."""
        major, minor = map(int, self.python.split("."))
        own = cpython_tags((major, minor), platforms=[PLATFORM])
        return frozenset([*own, *compatible_tags((major, minor), f"cp{major}{minor}", [PLATFORM])])


def needs(wheel: Path, extras: Iterable[str], there: Windows) -> list[Requirement]:
    """What a wheel needs there, with some of its extras."""
    with zipfile.ZipFile(wheel) as content:
        name = next(n for n in content.namelist() if n.endswith(".dist-info/METADATA"))
        told = HeaderParser().parsestr(content.read(name).decode("utf-8")).get_all("Requires-Dist") or []
    asked = [there.environment | {"extra": extra} for extra in ("", *extras)]
    every = map(Requirement, told)
    return [r for r in every if r.marker is None or any(r.marker.evaluate(environment) for environment in asked)]


def missing(folder: Path, asked: str, there: Windows) -> list[str]:
    """Requirements that no wheel of a folder meets there, beginning from one; empty if all is there."""
    found: dict[str, list[tuple[Path, str, bool]]] = {}
    for wheel in sorted(folder.glob("*.whl")):
        name, version, _, tags = parse_wheel_filename(wheel.name)
        found.setdefault(name, []).append((wheel, str(version), bool(tags & there.tags)))
    gone: dict[str, None] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(asked)]
    while waiting:
        r = waiting.pop()
        key = (canonicalize_name(r.name), frozenset(r.extras))
        fit = [w for w, version, usable in found.get(key[0], []) if usable and r.specifier.contains(version, prereleases=True)]
        if not fit:
            gone[f"{r.name}{r.specifier}"] = None
        elif key not in seen:
            seen.add(key)
            waiting += needs(fit[-1], r.extras, there)
    return sorted(gone)
