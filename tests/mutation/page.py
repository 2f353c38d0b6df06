"""The page that tells what a run of mutation testing found."""

from __future__ import annotations

import subprocess
from typing import Any

HEAD = """# Mutation testing

Written by `python -m tests.mutation`; tried at commit `{commit}`.

A mutant is the program with one small wrong change: a plus for a minus, `<` for `<=`, a number one higher, a loop that never
runs. A test that fails kills it. {count} mutants were drawn (seed {seed}) from {folders}; only the tests of these folders
and the laws, oracles and cases were run, not the whole suite. Annotations, which Python never runs, and changes that die of
their type were left out before the draw.

| | drawn | killed | survived | argued to compute the same | killed, of those that compute something else |
|---|--:|--:|--:|--:|--:|
{rows}
"""


def row(name: str, drawn: list[dict[str, Any]], same: set[str]) -> str:
    """A row of counts."""
    survived = [m for m in drawn if m["outcome"] == "survived"]
    equivalent = [m for m in survived if key(m) in same]
    others = len(drawn) - len(equivalent)
    killed = len(drawn) - len(survived)
    return f"| {name} | {len(drawn)} | {killed} | {len(survived)} | {len(equivalent)} | {killed / max(others, 1):.1%} |"


def key(mutant: dict[str, Any]) -> str:
    """The change itself, so that an argument holds no longer when the line changes."""
    return f"{mutant['path']}\n{mutant['change']}"


def written(found: list[dict[str, Any]], argued: list[dict[str, str]], seed: int) -> str:
    """The page."""
    why = {f"{a['path']}\n{a['change'].rstrip()}": a["because"] for a in argued}
    folders = sorted({m["folder"] for m in found})
    rows = [row(f"`{f}`", [m for m in found if m["folder"] == f], set(why)) for f in folders]
    rows.append(row("together", found, set(why)))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607
    page = HEAD.format(commit=commit, count=len(found), seed=seed, folders=" and ".join(f"`{f}`" for f in folders), rows="\n".join(rows))
    alive = sorted((m for m in found if m["outcome"] == "survived"), key=lambda m: (key(m) not in why, m["path"], m["line"]))
    for title, of in (("Compute the same", True), ("Not seen by these tests", False)):
        told = [m for m in alive if (key(m) in why) is of]
        if told:
            page += f"\n## {title}\n"
        for m in told:
            page += f"\n`{m['path']}`\n\n```diff\n{m['change']}\n```\n"
            page += f"\n{why[key(m)]}\n" if of else ""
    return page
