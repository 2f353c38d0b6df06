"""Everything that can be typed from the docs runs: every block of Python, every command, every YAML.

A page's Python blocks run one after the other in one namespace. A comment above a block says what else is to be known of
it: ``<!-- exit 4 -->`` its exit code, ``<!-- not run: why -->`` that it is not to be run, and why.
"""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.docs.prepared import PREPARED
from waterflow import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), ROOT / "inputs" / "README.md", ROOT / "models" / "README.md"])
BLOCK = re.compile(r"(?:^<!-- (?P<note>[^>]*) -->\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
TYPED = re.compile(r"(?:^<!-- (?P<note>[^>]*) -->\n+)?(?P<text>(?:^ {4}\S.*\n)+)", re.MULTILINE)
#: commands that take longer than a few seconds run with the long proofs
SLOW = re.compile(
    r"waterflow (compare syr_darya|hindsight|validate|calibrate|doubt|why|value|evaluate|clauses syr_darya|ensemble|kept-water|decide"
    r"|negotiate|season \w+ syr_darya)"
    r"|--page|dekad"
)


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def blocks(kind):
    """(page, note, text) of the blocks of a kind."""
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            if found["kind"] == kind:
                yield name_of(page), found["note"] or "", found["text"]


def commands():
    """(page, exit code, command) of every command that is to be run."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        typed = [(m["note"] or "", m["text"]) for m in TYPED.finditer(BLOCK.sub("", text))]
        typed += [(note, block) for name, note, block in blocks("bash") if name == name_of(page)]
        for note, block in typed:
            code = int(note.split()[1]) if note.startswith("exit ") else 0
            for line in block.splitlines():
                command = line.partition("#")[0].strip()
                if command.startswith("waterflow ") and not note.startswith("not run") and "COMMAND" not in command:
                    yield name_of(page), code, command


EVERY = list(dict.fromkeys(commands()))
QUICK = [c for c in EVERY if not SLOW.search(c[2])]


def test_commands_are_found():
    assert len(EVERY) > 15
    assert QUICK


def run_command(page, code, command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for prepare in PREPARED.get(page, ()):
        prepare(tmp_path)
    assert cli.main(shlex.split(command)[1:]) == code, capsys.readouterr().err


@pytest.mark.parametrize(("page", "code", "command"), QUICK)
def test_a_command_of_the_docs_runs(page, code, command, tmp_path, monkeypatch, capsys):
    run_command(page, code, command, tmp_path, monkeypatch, capsys)


@pytest.mark.long
@pytest.mark.parametrize(("page", "code", "command"), [c for c in EVERY if c not in QUICK])
def test_a_long_command_of_the_docs_runs(page, code, command, tmp_path, monkeypatch, capsys):
    run_command(page, code, command, tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("page", sorted({page for page, note, _ in blocks("python") if not note.startswith("not run")}))
def test_the_python_of_a_page_runs(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for prepare in PREPARED.get(page, ()):
        prepare(tmp_path)
    space = {"__name__": "page"}
    for name, note, text in blocks("python"):
        if name == page and not note.startswith("not run"):
            exec(compile(text, page, "exec"), space)  # noqa: S102 - the docs are ours
    assert len(space) > 1


@pytest.mark.parametrize(("page", "note", "text"), list(blocks("yaml")))
def test_yaml_is_yaml(page, note, text):
    assert note.startswith("not run") or yaml.safe_load(text) is not None, page
