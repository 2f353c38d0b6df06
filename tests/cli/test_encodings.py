"""Outputs and inputs in other encodings: the same sentences and exit codes, only missing signs replaced; nothing read as mojibake."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from waterflow import cli
from waterflow.words.catalogue import speaking
from waterflow.words.signs import plain_signs

ROOT = Path(__file__).resolve().parents[2]
ENCODINGS = ("cp1251", "cp866", "ascii")
PLAN = "place,quantity,period,value_Mm3\nmountain,release,2025-01,100\nmountain,release,2025-02,100\n"
COMMANDS = {
    "allocate": ("allocate", "two_reservoirs"),
    "calibrate": ("calibrate", "two_reservoirs"),
    "check": ("check", "two_reservoirs"),
    "clauses": ("clauses", "bahri_tojik", "--no-progress"),
    "compare": ("compare", "bahri_tojik", "protocol_1999", "protocol_2000", "--no-progress"),
    "conflict": ("allocate", "IMPOSSIBLE"),
    "doubt": ("doubt", "two_reservoirs", "plain_storage", "--no-progress"),
    "evaluate": ("evaluate", "two_reservoirs", "PLAN"),
    "help": ("--help",),
    "hindsight": ("hindsight", "two_reservoirs", "example"),
    "models": ("models",),
    "refused": ("allocate", "nowhere"),
    "replay": ("replay", "two_reservoirs", "--from", "2022-04", "--to", "2022-09"),
    "usage": ("allocate", "two_reservoirs", "--step", "year"),
    "validate": ("validate", "two_reservoirs"),
    "negotiate": ("negotiate", "two_reservoirs", "--no-progress"),
    "value": ("value", "two_reservoirs", "--no-progress"),
    "why": ("why", "two_reservoirs", "plain_storage", "--no-progress"),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The arguments of a command with files of its own in their places."""
    folder = tmp_path_factory.mktemp("encodings")
    (folder / "plan.csv").write_text(PLAN, encoding="utf-8")
    impossible = Copy(folder).set("storage_rules", 2, "storage_Mm3", "1300").folder
    return {"PLAN": str(folder / "plan.csv"), "IMPOSSIBLE": str(impossible)}


def run(arguments, encoding, monkeypatch):
    """Exit code, output and errors of a command whose streams have an encoding."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2)]
    monkeypatch.setattr("sys.stdout", streams[0])
    monkeypatch.setattr("sys.stderr", streams[1])
    code = cli.main(arguments)
    for stream in streams:
        stream.flush()
    return code, *(stream.buffer.getvalue().decode(encoding) for stream in streams)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("command", COMMANDS)
def test_an_encoding_without_a_sign_loses_nothing_else(command, language, filled, monkeypatch):
    arguments = [filled.get(word, word) for word in COMMANDS[command]] + (["--lang", language] if command != "help" else [])
    if command == "help":
        monkeypatch.setenv("LC_ALL", language)
    whole = run(arguments, "utf-8", monkeypatch)
    for encoding in ENCODINGS:
        code, *texts = run(arguments, encoding, monkeypatch)
        assert code == whole[0]
        for text, entire in zip(texts, whole[1:], strict=True):
            assert text == entire.encode(encoding, "plain_signs").decode(encoding)
            assert text.count("?") == entire.count("?"), "a sign without a plain form"


@pytest.mark.parametrize(
    ("arguments", "encoding"), [*((("check", "two_reservoirs"), x) for x in ENCODINGS), (("allocate", "nowhere"), ENCODINGS[0])]
)
def test_a_process_of_its_own_keeps_its_exit_code(arguments, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "waterflow.cli", *arguments, "--lang", "ru"]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=120)
    whole = subprocess.run(
        command, cwd=ROOT, env={**environment, "PYTHONIOENCODING": "utf-8"}, capture_output=True, check=False, timeout=120
    )
    assert found.returncode == whole.returncode
    for said, entire in ((found.stdout, whole.stdout), (found.stderr, whole.stderr)):
        assert said == entire.decode("utf-8").encode(encoding, "plain_signs")


def test_letters_are_written_in_latin_where_there_are_none():
    assert "Щука и съезд: 5 м³".encode("ascii", "plain_signs") == b"Shchuka i sieezd: 5 m3"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", "plain_signs")
    assert plain_signs(UnicodeEncodeError("ascii", "漢", 0, 1, "")) == ("?", 1)


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-16"])
@pytest.mark.parametrize("name", ["tables/nodes.csv", "model.yaml"])
def test_another_encoding_is_named_and_not_read(encoding, name, tmp_path):
    copy = Copy(tmp_path)
    file = copy.folder / name
    file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    problem = copy.problem()
    assert problem.code == "not-text"
    assert encoding.casefold() in problem.cause.casefold()
    assert "UTF-8" in problem.cause
    with speaking("ru"), pytest.raises(wf.InputError, match="Сохраните файл в UTF-8"):
        wf.read_basin(copy.folder)


@pytest.mark.parametrize("name", ["tables/nodes.csv", "tables/sources.yaml", "model.yaml"])
def test_a_mark_at_the_start_does_no_harm(name, tmp_path):
    copy = Copy(tmp_path)
    file = copy.folder / name
    file.write_bytes(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    plain = wf.read_basin(copy.folder)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert wf.read_basin(copy.folder) == plain


def test_a_plan_in_another_encoding_is_named(tmp_path, monkeypatch):
    plan = tmp_path / "plan.csv"
    plan.write_bytes("место;период;попуск, м3/с\nmountain;2025-01;100\n".encode("cp1251"))
    code, out, err = run(["evaluate", "two_reservoirs", str(plan)], "utf-8", monkeypatch)
    assert (code, out) == (3, "")
    assert "Written in cp1251?" in err
