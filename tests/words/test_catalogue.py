"""The catalogues of words: every sentence in every language, with the same parts; and no sentence beside them."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest

from docs.make import words
from waterflow.words.catalogue import languages

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "waterflow"
OTHERS = [code for code in languages() if code != "en"]
#: rooms that make sentences for people out of facts
SAYING = ("report", "commands")
#: files that still say something in English only: to be emptied, never lengthened
NOT_YET = frozenset(("accounts/payoffs.py",))
#: words whose full stop ends no sentence
ABBREVIATED = ("долл.", "ед.", "изм.", "мес.", "станц.", "опубл.", "эл.")
#: what these say stands in saved files, for programs: CF attributes are English whatever is spoken (decision 0044)
FOR_PROGRAMS = frozenset(("allocation/coordinates.py", "allocation/dataset.py"))
#: calls that show what they are given to a person, and which of its positions are shown
SHOWN = {
    "Problem": (1, 2, 3, 4),
    "refusal": (1, 2, 3, 4),
    "SolverError": (0,),
    "WaterflowError": (0,),
    "ValueError": (0,),
    "TypeError": (0,),
    "KeyError": (0,),
    "tell": (0,),
    "waiting": (0,),
}
SHOWN_BY_NAME = ("help", "description", "epilog", "title")
SAID = ("say", "say_many", "say_of", "mark")


def parts(sentence):
    """The parts of a sentence by name, with how each is written."""
    return sorted((name, how or "") for _, name, how, _ in string.Formatter().parse(sentence) if name is not None)


def percent_parts(sentence):
    return sorted(re.findall(r"%(?:\(\w+\))?[sdr]", sentence))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language):
    assert words.missing(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_parts(language):
    for message in words.gathered(language, words.sentences()):
        if message.id and message.string:
            asked = message.id if isinstance(message.id, tuple) else (message.id,)
            given = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in given:
                if "%(" in asked[-1] or "%s" in asked[-1] or "%r" in asked[-1]:
                    assert percent_parts(text) == percent_parts(asked[-1]), text
                else:
                    assert parts(text) == parts(asked[-1]), text


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_ends_as_the_sentence_ends(language):
    """A full stop, a question mark or a colon that is lost joins two sentences."""
    for message in words.gathered(language, words.sentences()):
        if isinstance(message.id, str) and message.id and message.string:
            said = message.string.rstrip("»)")
            said = said.removesuffix(".") if said.endswith(ABBREVIATED) else said
            assert (message.id[-1] in ".?:\n ") == (said[-1] in ".?:\n "), message.id


def test_what_is_compiled_is_what_is_said(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["words", "--check"])
    assert words.main() == 0, capsys.readouterr().err


#: two words side by side, or a word beside a figure; neither an option nor a command to type
WORDS = re.compile(r"(?<![-\w=])[A-Za-z]{2,} [A-Za-z0-9]|(?<![-\w])[0-9] [A-Za-z]{2,}|[A-Za-z]{2,}\?$")
UNITS = ("million USD",)
TYPED = ("pip install ", "<!-- ")


def sayable(node):
    """True if a constant or an f-string holds words for a person; what is filled in counts as a figure."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(v.value if isinstance(v, ast.Constant) else "0" for v in node.values)
    else:
        return False
    return bool(WORDS.search(text)) and text not in UNITS and not text.startswith(TYPED)


def unsaid(node):
    """Words inside a value that no ``say`` or ``mark`` holds; what a call returns is that call's affair."""
    if isinstance(node, ast.Call):
        return []
    if sayable(node):
        return [node]
    return [found for child in ast.iter_child_nodes(node) for found in unsaid(child)]


def name_of(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def given_names(function):
    """What the names of a function stand for, so that ``message = "..."; raise ValueError(message)`` is seen."""
    given = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            pairs = zip(target.elts, value.elts, strict=False) if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) else ()
            for name, worth in [*pairs, *([(target, value)] if isinstance(target, ast.Name) else [])]:
                if isinstance(name, ast.Name):
                    given.setdefault(name.id, []).append(worth)
    return given


def functions_of(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]


def shown_of(call):
    """The arguments of a call that a person will read."""
    places = SHOWN.get(name_of(call.func), ())
    return [a for k, a in enumerate(call.args) if k in places] + [
        k.value for k in call.keywords if k.arg in SHOWN_BY_NAME and name_of(call.func) in ("add_argument", "add_parser", "ArgumentParser")
    ]


def marked(tree):
    """Names of a module whose words are only marked: shown as they are, they would be English in every language."""
    return {n.targets[0].id for n in tree.body if isinstance(n, ast.Assign) and name_of(getattr(n.value, "func", None)) == "mark"}


def beside_the_catalogue(tree):
    """Lines with words that are shown to a person without being said."""
    found, unsaid_names = [], marked(tree)
    for scope in [tree, *functions_of(tree)]:
        given = given_names(scope) if isinstance(scope, ast.FunctionDef) else {}
        for call in (n for n in ast.walk(scope) if isinstance(n, ast.Call)):
            for shown in shown_of(call):
                if isinstance(shown, ast.Name) and shown.id in unsaid_names:
                    found.append(f"{call.lineno}: {shown.id}")
                worth = given.get(shown.id, []) if isinstance(shown, ast.Name) else [shown]
                found += [f"{call.lineno}: {ast.unparse(w)}" for v in worth for w in unsaid(v)]
    return sorted(set(found))


def returned(tree, *, listed=True):
    """Lines with words that a function yields, returns or (``listed``) puts into a list without saying them."""
    found = []
    for function in (f for f in functions_of(tree) if getattr(f, "name", "") != "__repr__"):
        for node in ast.walk(function):
            values = []
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                values = [node.value]
            elif listed and isinstance(node, ast.Call) and name_of(node.func) in ("append", "columns", "extend", "heading", "paragraph"):
                values = node.args
            elif listed and isinstance(node, ast.AugAssign):
                values = [node.value]
            found += [f"{node.lineno}: {ast.unparse(w)}" for v in values for w in unsaid(v)]
    return sorted(set(found))


def modules():
    return [p for p in sorted(PACKAGE.rglob("*.py")) if p.name != "sentences.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_refusal_or_help_is_beside_the_catalogue(path):
    assert beside_the_catalogue(ast.parse(path.read_text(encoding="utf-8"))) == []


@cache
def told_in_english():
    """By file, the words it returns without saying them; the rooms below only compute, so that their lists are no sentences."""
    found = {}
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        found[name] = returned(ast.parse(path.read_text(encoding="utf-8")), listed=name.startswith(SAYING))
    return found


def test_what_is_returned_is_said():
    assert not {name: lines for name, lines in told_in_english().items() if lines and name not in NOT_YET | FOR_PROGRAMS}


def test_the_list_of_what_is_still_english_shrinks():
    done = {name for name, lines in told_in_english().items() if not lines} & NOT_YET
    assert not done, "these say everything now: take them off the list"


@pytest.mark.parametrize(
    "source",
    [
        'Problem("a", "b", "no such thing", "c")',
        'Problem("a", f"row {n}", "b", "c")',
        'Problem("a", "b", x or "no such thing", "c")',
        'def f():\n    message = "it is wrong"\n    raise ValueError(message)',
        'parser.add_argument("--x", help="what it does")',
        'X = mark("no such thing")\ndef f():\n    Problem("a", "b", X, "c")',
    ],
)
def test_words_beside_the_catalogue_are_seen(source):
    assert beside_the_catalogue(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ['Problem("a", where, f"{n:g}", say("no such thing"))', 'Problem("a", f"{where}, date", name, say("x y"))', 'f(help="what it does")'],
)
def test_what_is_said_and_what_needs_no_saying_is_not(source):
    assert not beside_the_catalogue(ast.parse(source))


def test_no_sentence_of_the_page_is_missed_by_the_catalogue():
    """Within a template, in the parts of another sentence: what the page says is gathered, wherever it stands."""
    pytest.importorskip("babel")
    from waterflow.workbench.page_words import sentences

    folder = PACKAGE / "workbench" / "static"
    written = {said for path in folder.glob("*.js") for said in re.findall(r'\b(?:say|mark)\("((?:[^"\\]|\\.)*)"', path.read_text())}
    gathered = {m.id for m in words.sentences() if isinstance(m.id, str)}
    assert written <= set(sentences(folder))
    assert written <= gathered
