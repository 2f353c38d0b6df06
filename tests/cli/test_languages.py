"""The command in Russian: help, usage, refusals and conflicts without an English sentence, under the same exit codes."""

import re
from types import SimpleNamespace

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.loading.test_refusals import CELLS
from waterflow import cli
from waterflow.basin.changes import CHANGEABLE
from waterflow.errors import InputError, SolverError
from waterflow.loading.plan_table import read_plan
from waterflow.words.catalogue import speaking

#: what is typed or is the name of a program, an encoding or a file, and stays as it is in every language
TYPED = re.compile(
    r"\[[a-z-]+\]|\{[^}]*\}|--?[a-z][a-z-]*|<!--.*?-->|usage: .*|использование: [^\n]*(\n +\[?[^\n]*)*|waterflow [a-z]+|pip install \S+"
    r"|CSV UTF-8|dam too|Excel|HiGHS|NAME|\./\S+|'[^']*'"
)
ENGLISH = re.compile(r"\b[A-Za-z]+ [a-z]+\b")
COMMANDS = [module.__name__.rpartition(".")[2].rstrip("_").replace("_", "-") for module in cli.COMMANDS]


def english(text):
    """Latin words side by side that are no names: two together are a sentence somebody forgot."""
    rest = TYPED.sub(" # ", text)
    # ids, files, fields, dates and figures hold a sign that words do not
    rest = re.sub(r"\S*[_/.\d=]\S*", " # ", rest)
    return ENGLISH.findall(rest)


def in_russian(capsys, *arguments):
    code = cli.main([*arguments, "--lang", "ru"])
    out, err = capsys.readouterr()
    return code, out, err


def test_english_is_seen():
    assert english("В исходных данных 1 ошибка\n  runoff.csv, row 3: found a blank; allowed: a value.   [blank]")
    assert not english("runoff.csv, строка 3, runoff_Mm3: найдено: пустая ячейка; допустимо: значение.   [blank]")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_russian(command, capsys):
    code, out, err = in_russian(capsys, command, "--help")
    assert (code, err) == (0, "")
    assert english(out) == []
    assert "показать эту справку и выйти" in out


def test_the_first_help_is_russian(capsys):
    code, out, _ = in_russian(capsys, "--help")
    assert code == 0
    assert english(out) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_english_without_russian_letters(command, capsys):
    assert cli.main([command, "--help", "--lang", "en"]) == 0
    assert not re.search("[а-яё]", capsys.readouterr().out)


USAGE = (
    [],
    ["allocate"],
    ["divide", "two_reservoirs"],
    ["allocate", "two_reservoirs", "--step", "year"],
    ["allocate", "two_reservoirs", "--step"],
    ["allocate", "two_reservoirs", "more"],
    ["allocate", "two_reservoirs", "--no-progress=x"],
    ["compare", "two_reservoirs", "example"],
    ["compare", "two_reservoirs", "--agreements"],
    ["doubt", "two_reservoirs", "x", "--morris", "--no-morris"],
    ["doubt", "two_reservoirs", "x", "--top", "z"],
    ["replay", "two_reservoirs"],
    ["evaluate", "two_reservoirs", "--re", "x"],
)


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_usage_is_russian(arguments, capsys):
    code, out, err = in_russian(capsys, *arguments)
    assert (code, out) == (2, "")
    assert english(err) == []
    assert re.search("[а-яё]", err.partition("ошибка:")[2])


REFUSED = (
    ["allocate", "nowhere"],
    ["allocate", "two_reservoirs", "--scenario", "exampel"],
    ["allocate", "larson_four_reservoirs", "--step", "dekad"],
    ["check", "./nowhere.yaml"],
    ["check", "two_reservoirs", "--agreement", "friends"],
    ["clauses", "bahri_tojik", "--without", "nothing"],
    ["compare", "two_reservoirs", "example", "wet"],
    ["doubt", "syr_darya", "norht_aral"],
    ["evaluate", "two_reservoirs", "nowhere.csv"],
    ["hindsight", "two_reservoirs", "example"],
    ["replay", "two_reservoirs", "--from", "2022-04", "--to", "2022-09"],
    ["replay", "syr_darya", "--from", "april", "--to", "2022-09"],
    ["replay", "syr_darya", "--from", "2022-09", "--to", "2022-04"],
    ["calibrate", "two_reservoirs"],
    ["validate", "two_reservoirs"],
    ["validate", "two_reservoirs", "--page", "nowhere.md"],
    ["value", "larson_four_reservoirs", "--at", "nowhere"],
    ["value", "syr_darya"],
    ["why", "two_reservoirs", "norht_aral"],
)


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_a_refusal_is_russian(arguments, capsys):
    code, out, err = in_russian(capsys, *arguments)
    assert (code, out) == (3, ""), err
    assert english(err) == []
    assert "В исходных данных" in err


@pytest.mark.parametrize("name", CELLS)
def test_a_broken_cell_is_told_in_russian(name, tmp_path):
    (table, row, column, value), _ = CELLS[name]
    with speaking("ru"), pytest.raises(wf.InputError) as caught:
        wf.read_basin(Copy(tmp_path).set(table, row, column, value).folder)
    assert english(str(caught.value)) == []


FILES = {
    "no mapping": ("model.yaml", "format: 1", "- format: 1"),
    "another format": ("model.yaml", "format: 1", "format: 2"),
    "a field too many": ("model.yaml", "format: 1", "format: 1\nriver: x"),
    "no parties": ("model.yaml", "parties:", "partys:"),
    "a horizon that ends before it starts": ("model.yaml", "end: 2025-04-30", "end: 2023-04-30"),
    "no dates": ("model.yaml", "start: 2025-01-01", "start: soon"),
    "unknown series": ("model.yaml", "runoff: example", "runoff: exampel"),
    "unknown table of series": ("model.yaml", "runoff: example", "runof: example"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_model_is_told_in_russian(name, tmp_path):
    file, old, new = FILES[name]
    copy = Copy(tmp_path).text(file, old, new)
    with speaking("ru"), pytest.raises(wf.InputError) as caught:
        wf.read_basin(copy.folder)
    assert english(str(caught.value)) == []


PLANS = (
    [["place", "period", "value_m3s"], ["montain", "2025-01", "1"]],
    [["place", "period", "value"], ["mountain", "sometime", "much"]],
    [["plase", "period", "value_m3s"], ["mountain", "2025-01", "1"]],
    [["place", "period", "value_m3s"]],
    [["place", "quantity", "period", "value_m3s"], ["mountain", "rain", "2025-01", "-1"], ["valley_fields", "spill", "2031-01", ""]],
)


@pytest.mark.parametrize("cells", PLANS, ids=range(len(PLANS)))
def test_a_broken_plan_is_told_in_russian(cells):
    with speaking("ru"), pytest.raises(InputError) as caught:
        read_plan(cells, "plan.csv", wf.read_basin("two_reservoirs"))
    assert english(str(caught.value)) == []


@pytest.mark.parametrize("name", [*CHANGEABLE, "weather"])
def test_a_wrong_change_is_told_in_russian(name):
    basin = wf.read_basin("two_reservoirs")
    with speaking("ru"), pytest.raises(InputError) as caught:
        basin.changed(**{name: {"nowhere": float("nan"), ("nowhere", "2025-01"): -1.0}})
    assert english(str(caught.value)) == []


def test_warnings_and_changes_are_russian(tmp_path, capsys):
    copy = Copy(tmp_path).set("opening_storage", 2, "storage_Mm3", "90")
    code, _, err = in_russian(capsys, "check", str(copy.folder), "--step", "dekad")
    assert code == 0
    assert english(err) == []
    assert "предупреждение: mountain: объём на начало 90,0 млн м³" in err
    assert "шаг: month -> dekad" in err


def test_no_plan_and_no_answer_are_russian(tmp_path, capsys, monkeypatch):
    impossible = Copy(tmp_path).set("storage_rules", 2, "storage_Mm3", "1300").folder
    code, out, err = in_russian(capsys, "allocate", str(impossible))
    assert (code, out) == (4, "")
    assert english(err) == []

    def fail(*_args, **_options):
        from waterflow.words.catalogue import say

        message = say("HiGHS stopped: {status}", status="unbounded")
        raise SolverError(message)

    monkeypatch.setattr("waterflow.allocation.allocate.allocate", fail)
    code, out, err = in_russian(capsys, "allocate", "two_reservoirs")
    assert (code, out, english(err)) == (5, "", [])


def test_one_process_answers_in_two_languages():
    with pytest.raises(wf.InputError) as english_one:
        wf.read_basin("nowhere")
    with speaking("ru"), pytest.raises(wf.InputError) as russian_one:
        wf.read_basin("nowhere")
    assert "1 problem in the inputs" in str(english_one.value)
    assert "1 ошибка" in str(russian_one.value)


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 ошибка"), (2, "2 ошибки"), (5, "5 ошибок"), (11, "11 ошибок"), (21, "21 ошибка"), (22, "22 ошибки")]
)
def test_problems_are_counted_as_russian_counts(count, said):
    with speaking("ru"):
        assert str(InputError([wf.errors.Problem("blank", f"{k}", "x", "y") for k in range(count)])).startswith(
            f"В исходных данных {said}\n"
        )


def test_argparse_still_asks_for_the_sentences_we_translate():
    """Every sentence a user can meet in the argparse of this Python stands in our list."""
    import argparse
    import inspect

    from waterflow.words.argparse_words import SENTENCES

    asked = set(re.findall(r"""_\(\s*(['"])(.+?)\1""", inspect.getsource(argparse)))
    asked = {text.replace("\\n", "\n") for _, text in asked}
    #: what only a programmer meets, or what we do not use
    ours = SimpleNamespace(
        never=("callable", "required", "open", "mode", "merge", "alias", "subparser", "dest=", "conflict", "optional", "unknown parser")
    )
    unheard = {text for text in asked - set(SENTENCES) if not any(word in text for word in ours.never)}
    assert unheard <= {"invalid option string %(option)r: ", ".__call__() not defined", "show program"} | {
        t for t in asked if "deprecated" in t or "version" in t or "default" in t
    }
