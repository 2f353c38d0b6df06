"""Mutation testing: a seeded sample of small wrong changes of the program, and whether the tests see them.

`python -m tests.mutation --sample 400 --seed 1 --workers 2` writes ``docs/evidence/mutation.md``; `--resume` goes on with
what an interrupted run has found. Mutants are those of cosmic-ray (the extra ``mutation``), but for what Python never runs
(annotations) and for nonsense that dies of its type (``a << b`` in place of ``a + b``): a share of killed that counts
those says nothing. ``equivalent.yaml`` argues which survivors compute the same.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from cosmic_ray.commands.init import _all_work_items
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_item import MutationSpec, TestOutcome

from tests.mutation.page import written

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")

#: changes that a tired hand could make
OPERATORS = frozenset(
    f"core/{name}"
    for name in (
        *(f"ReplaceBinaryOperator_{swap}" for swap in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_Mul", "Pow_Mul")),
        *(f"ReplaceBinaryOperator_{swap}" for swap in ("BitOr_BitAnd", "BitAnd_BitOr")),
        *(f"ReplaceComparisonOperator_{swap}" for swap in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_Gt")),
        *(f"ReplaceComparisonOperator_{swap}" for swap in ("Gt_Lt", "LtE_GtE", "GtE_LtE", "Is_IsNot", "IsNot_Is")),
        *(f"ReplaceUnaryOperator_{swap}" for swap in ("Delete_USub", "Delete_Not", "Delete_Invert")),
        *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
        *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "NumberReplacer", "ZeroIterationForLoop"),
    )
)

#: folder of the program -> the tests that must see its mutants, those that see most first
TESTS = {
    "formulation": ["tests/formulation", "tests/cases", "tests/oracle", "tests/laws", "tests/allocation", "tests/solver"],
    "solver": ["tests/solver", "tests/formulation", "tests/cases", "tests/oracle", "tests/laws", "tests/explain", "tests/allocation"],
    "loading": ["tests/loading"],
    "negotiation": ["tests/negotiation"],
}
LIMIT_S = 600


@dataclass(frozen=True)
class Mutant:
    """A change and what came of it."""

    folder: str
    path: str
    operator: str
    occurrence: int
    line: int
    outcome: str = ""
    change: str = ""
    seen_by: str = ""


def never_run(path: Path) -> list[tuple[int, int, int, int]]:
    """Places of annotations (line, column, end line, end column): under ``from __future__ import annotations`` nobody runs them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    noted: list[ast.expr | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            noted += [node.returns]
        elif isinstance(node, (ast.arg, ast.AnnAssign)):
            noted += [node.annotation]
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            noted += [node.test]
    return [(n.lineno, n.col_offset, n.end_lineno or 0, n.end_col_offset or 0) for n in noted if n is not None]


def mutants(folder: str) -> Iterator[Mutant]:
    """Every mutant of a folder of the program."""
    for path in sorted((ROOT / "waterflow" / folder).glob("*.py")):
        asleep = never_run(path)
        for item in _all_work_items([path], {}):
            change = item.mutations[0]
            first, last = change.start_pos, change.end_pos
            if change.operator_name in OPERATORS and not any(a[:2] <= first and last <= a[2:] for a in asleep):
                yield Mutant(folder, path.relative_to(ROOT).as_posix(), change.operator_name, change.occurrence, first[0])


def drawn(folders: list[str], sample: int, seed: int) -> list[Mutant]:
    """The sample: folders in proportion to the mutants they have."""
    found = [mutant for folder in folders for mutant in mutants(folder)]
    return random.Random(seed).sample(found, min(sample, len(found)))  # noqa: S311 - a sample, not a secret


def tried(mutant: Mutant, copies: str) -> Mutant:
    """Change a copy of the checkout, run the tests that should see it, put it back."""
    copy = Path(copies) / str(os.getpid())
    if not copy.exists():
        subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)  # noqa: S607
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)
    command = f"{sys.executable} -m pytest -q -x -n0 --no-header --tb=no {' '.join(TESTS[mutant.folder])}"
    spec = MutationSpec(mutant.path, mutant.operator, mutant.occurrence, (mutant.line, 0), (mutant.line, 1))
    result = mutate_and_test([spec], command, LIMIT_S)
    survived = result.test_outcome == TestOutcome.SURVIVED
    changed = [line for line in (result.diff or "").splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    told = [line for line in (result.output or "").splitlines() if line.startswith(("FAILED", "ERROR"))]
    seen = "" if survived else told[0].split(" - ")[0] if told else "no end" if "timeout" in (result.output or "") else "it does not run"
    return Mutant(**{**asdict(mutant), "outcome": "survived" if survived else "killed", "change": "\n".join(changed), "seen_by": seen})


def main() -> int:
    """Draw, try, write the page."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--sample", type=int, default=400)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--folders", nargs="+", choices=sorted(TESTS), default=["formulation", "solver"])
    asked.add_argument("--resume", type=Path, default=Path(tempfile.gettempdir()) / "waterflow_mutants.jsonl")
    asked.add_argument("--again", action="store_true", help="try those that survived once more, with the tests of now")
    given = asked.parse_args()
    sample = drawn(given.folders, given.sample, given.seed)
    lines = given.resume.read_text(encoding="utf-8").splitlines() if given.resume.exists() else []
    known = {(m.path, m.operator, m.occurrence): m for m in (Mutant(**json.loads(line)) for line in lines)}
    left = [m for m in sample if (k := (m.path, m.operator, m.occurrence)) not in known or (given.again and known[k].outcome == "survived")]
    copies = tempfile.mkdtemp()
    try:
        with ProcessPoolExecutor(given.workers) as pool, given.resume.open("a", encoding="utf-8") as kept:
            for done in pool.map(tried, left, [copies] * len(left)):
                known[done.path, done.operator, done.occurrence] = done
                kept.write(json.dumps(asdict(done)) + "\n")
                kept.flush()
                sys.stdout.write(f"{done.outcome:8} {done.path}:{done.line} {done.operator} {done.seen_by}\n")
                sys.stdout.flush()
    finally:
        shutil.rmtree(copies, ignore_errors=True)
    argued = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    found = [known[m.path, m.operator, m.occurrence] for m in sample]
    (ROOT / "docs" / "evidence" / "mutation.md").write_text(written([asdict(m) for m in found], argued, given.seed), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
