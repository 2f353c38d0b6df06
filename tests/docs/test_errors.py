"""The page of errors has each code of the package and no other, in the order of the alphabet."""

import ast
import re
from pathlib import Path

from waterflow.errors import KINDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "errors.md"
#: calls whose first argument is a code
COINERS = {"Problem", "refusal"}


def texts(node):
    """The constants a value may be: itself, or either end of a choice."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def codes_of(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", "") in COINERS and node.args:
                found |= texts(node.args[0])
            found |= {t for k in node.keywords if k.arg == "code" for t in texts(k.value)}
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "code" for t in node.targets):
            found |= texts(node.value)
        elif isinstance(node, ast.FunctionDef):
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            found |= {t for a, default in named if a.arg == "code" and default for t in texts(default)}
    return found


def test_every_code_has_a_heading_in_order():
    codes = {code for path in (ROOT / "waterflow").rglob("*.py") for code in codes_of(path)}
    codes |= {f"unknown-{kind}" for kind in KINDS}
    headings = re.findall(r"^## (\S+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == sorted(codes)
    assert len(codes) > 80, "the test has lost its eyes"
