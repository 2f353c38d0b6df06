"""The shape of the package: floors, imports, lengths, public words. Read from the sources with ``ast``."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "waterflow"
FLOORS = {
    "errors": 0,
    "extras": 0,
    "files": 0,
    "progress": 0,
    "units": 0,
    "calendar": 0,
    "periods": 0,
    "words": 0,
    "basin": 1,
    "loading": 2,
    "formulation": 2,
    "simulation": 2,
    "accounts": 3,
    "observations": 3,
    "solver": 3,
    "allocation": 4,
    "calibration": 4,
    "explain": 5,
    "validation": 5,
    "negotiation": 5,
    "futures": 5,
    "ledger": 5,
    "season": 5,
    "exchange": 5,
    "report": 6,
    "workbench": 7,
    "coupling": 7,
    "commands": 8,
    "cli": 9,
}
#: the arrows upward: a plan and a conflict ask the report what they say (decisions 0040, 0042)
UPWARD = {("waterflow.allocation.allocation", "waterflow.report"), ("waterflow.errors", "waterflow.report")}
#: modules any folder may import at run time besides the standard library
HEAVY = ("numpy", "pandas", "xarray", "pyomo", "highspy", "scipy", "matplotlib", "openpyxl", "yaml")
LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 313, 61, 20
LAWS_THAT_GATHER = {"processes", "water_balance", "energy_balance", "objective", "formulate", "language"}


@cache
def modules():
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def folder_of(module):
    """``formulation`` for ``waterflow.formulation.runoff``; empty for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def is_typing_only(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def nodes_of(path, typing=False):
    """Every node of a module, without what stands under ``if TYPE_CHECKING`` unless asked."""
    waiting = [tree_of(path)]
    while waiting:
        node = waiting.pop()
        if is_typing_only(node) and not typing:
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


@cache
def imports_of(path, typing=False):
    """Modules a file imports; ``from waterflow.formulation import runoff`` is the module ``runoff``."""
    known = {name_of(p) for p in modules()}
    found = set()
    for node in nodes_of(path, typing):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules_inside = inner & known
            found |= modules_inside
            if modules_inside != inner:
                found.add(node.module)
    return frozenset(found)


def ours(path, typing=False):
    return {i for i in imports_of(path, typing) if i.split(".")[0] == "waterflow"}


def allowed(folder, target):
    if folder in ("", target):
        return True
    if FLOORS[folder] <= 1:
        return FLOORS[target] < FLOORS[folder] or (FLOORS[folder] == FLOORS[target] == 0)
    return FLOORS[target] < FLOORS[folder]


def upward(path, target):
    return (name_of(path), f"waterflow.{folder_of(target)}") in UPWARD


def test_every_folder_has_a_floor():
    found = {folder_of(name_of(p)) for p in modules()} - {""}
    assert found <= set(FLOORS), f"no floor for {found - set(FLOORS)}"


def test_a_floor_imports_only_lower_floors():
    wrong = [
        f"{name_of(path)} imports {target}"
        for path in modules()
        for target in ours(path)
        if folder_of(target) and not allowed(folder_of(name_of(path)), folder_of(target)) and not upward(path, target)
    ]
    assert not wrong


def test_floors_really_forbid():
    assert not allowed("basin", "loading")
    assert not allowed("loading", "formulation")
    assert not allowed("formulation", "loading")
    assert not allowed("solver", "allocation")
    assert not allowed("accounts", "solver")
    assert not allowed("futures", "negotiation")
    assert not allowed("allocation", "report")
    assert allowed("cli", "workbench")


def test_accounts_know_neither_solver_nor_formulation():
    lower = {"basin", "errors", "units", "calendar", "words", "accounts"}
    shelf = {"numpy", "pandas", "pydantic", "xarray", "waterflow"} | set(sys.stdlib_module_names)
    for path in (p for p in modules() if folder_of(name_of(p)) == "accounts"):
        assert {folder_of(i) for i in ours(path)} - {""} <= lower, name_of(path)
        assert {i.split(".")[0] for i in imports_of(path)} <= shelf, name_of(path)


def test_the_solver_reads_only_the_words_of_the_formulation():
    for path in (p for p in modules() if folder_of(name_of(p)) == "solver"):
        inner = {i for i in ours(path) if folder_of(i) == "formulation"}
        assert inner <= {"waterflow.formulation.objective", "waterflow.formulation.language"}, name_of(path)


def test_processes_never_import_one_another():
    words = {f"waterflow.formulation.{w}" for w in ("language",)}
    for path in (PACKAGE / "formulation").glob("*.py"):
        if path.stem not in LAWS_THAT_GATHER:
            inner = {i for i in ours(path) if folder_of(i) == "formulation"}
            assert inner <= words, path.name


def test_basin_is_pydantic_and_standard_library_only():
    for path in modules():
        outside = {i.split(".")[0] for i in imports_of(path)} - set(sys.stdlib_module_names) - {"waterflow"}
        floor = FLOORS.get(folder_of(name_of(path)), -1)
        if folder_of(name_of(path)) == "words":
            assert outside <= {"babel"}, name_of(path)
        elif name_of(path) == "waterflow.files":
            assert outside <= {"filelock"}, name_of(path)
        elif floor == 0:
            assert not outside, name_of(path)
        elif floor == 1:
            assert outside <= {"pydantic"}, name_of(path)


@pytest.mark.parametrize(
    ("library", "homes"),
    [("pyomo", {"formulation/formulate.py", "solver/compile.py"}), ("highspy", {"solver/highs.py"})],
)
def test_the_solver_libraries_have_one_home(library, homes):
    users = {str(path.relative_to(PACKAGE)) for path in modules() if any(i.split(".")[0] == library for i in imports_of(path))}
    assert users <= homes
    assert users, f"nobody imports {library}: the test has lost its eyes"


OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "to_csv", "open_dataset", "to_netcdf"}


def opens_files(path):
    calls = (n for n in nodes_of(path) if isinstance(n, ast.Call))
    names = (c.func.attr if isinstance(c.func, ast.Attribute) else getattr(c.func, "id", "") for c in calls)
    return sorted(OPENERS.intersection(names))


def test_files_are_opened_only_where_files_are_read():
    wrong = {
        name_of(path): opens_files(path)
        for path in modules()
        if opens_files(path) and folder_of(name_of(path)) not in ("loading", "commands") and path.name not in ("files.py", "cli.py")
    }
    assert not wrong
    assert opens_files(PACKAGE / "loading" / "texts.py"), "nothing is ever read: the test has lost its eyes"


def test_no_import_cycle():
    """Counting what is imported for types alone: who reads a module needs those too."""
    graph = {name_of(p): {t for t in ours(p, typing=True) if not upward(p, t)} - {name_of(p), "waterflow"} for p in modules()}
    done: set[str] = set()

    def walk(module, trail):
        assert module not in trail, " -> ".join([*trail, module])
        if module not in done:
            for target in graph.get(module, ()):
                walk(target, [*trail, module])
            done.add(module)

    for module in graph:
        walk(module, [])


def functions():
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(path)}.{node.name}", node.end_lineno - node.lineno + 1


def test_no_file_is_long():
    long = {name_of(p): n for p in modules() if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_no_function_is_long_and_most_are_short():
    lengths = dict(functions())
    assert not {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION}
    assert median(lengths.values()) <= MEDIAN_FUNCTION


def test_models_and_inputs_hold_no_python():
    assert not [p for folder in ("models", "inputs") for p in (ROOT / folder).rglob("*.py*")]


def run(code):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_importing_the_package_loads_nothing_heavy():
    said = run(f"import sys, waterflow; print([m for m in {HEAVY!r} if m in sys.modules])")
    assert said.strip() == "[]"


def test_every_public_word_resolves():
    words = run("import waterflow; print(*waterflow.__all__)").split()
    assert words == sorted(words), "the public words are sorted"
    failed = run(f"import waterflow\nfor w in {words!r}:\n  try: getattr(waterflow, w)\n  except Exception as e: print(w, e)")
    assert not failed
