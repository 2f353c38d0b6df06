"""YAML as people write it: a key given twice, a value that does not exist, what is well formed and absurd."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.loading.broken import Copy
from waterflow.errors import InputError
from waterflow.loading.yaml_file import DEEPEST, read_yaml


def problems(folder, text):
    path = folder / "some.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_yaml(path, "some.yaml")
    return refused.value.problems


def test_keys_given_twice_are_refused_all_at_once_with_both_lines(tmp_path):
    found = problems(tmp_path, "a: 1\nb: 2\na: 3\nc: {x: 1, y: 2, x: 3}\n")
    assert [(p.code, p.where, p.found) for p in found] == [
        ("twice", "some.yaml, line 3", "a, as in line 1"),
        ("twice", "some.yaml, line 4", "x, as in line 4"),
    ]


NAMES = st.text("abcdefgh", min_size=1, max_size=3)
MAPPINGS = st.recursive(st.integers(0, 9), lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=4), max_leaves=12)


@given(MAPPINGS.filter(lambda made: isinstance(made, dict)), st.data())
def test_whichever_key_is_given_twice_both_lines_are_told(tmp_path_factory, made, data):
    folder = tmp_path_factory.mktemp("twice")
    lines = yaml.safe_dump(made, default_flow_style=False).splitlines()
    chosen = data.draw(st.sampled_from([k for k, line in enumerate(lines) if not line.endswith(":")]))
    (folder / "whole.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert read_yaml(folder / "whole.yaml", "whole.yaml") == made
    found = problems(folder, "\n".join([*lines[: chosen + 1], lines[chosen], *lines[chosen + 1 :]]))
    assert [(p.code, p.where) for p in found] == [("twice", f"some.yaml, line {chosen + 2}")]
    assert found[0].found.endswith(f"as in line {chosen + 1}")


@pytest.mark.parametrize("file", ["model.yaml", "scenarios/dry.yaml", "agreements/a.yaml", "tables/sources.yaml"])
def test_every_file_of_a_model_is_read_so(tmp_path, file):
    copy = Copy(tmp_path)
    for folder in ("scenarios", "agreements"):
        (copy.folder / folder).mkdir(exist_ok=True)
    (copy.folder / "scenarios" / "dry.yaml").write_text("format: 1\ntitle: Dry\nreason: a test\nstep: month\n", encoding="utf-8")
    (copy.folder / "agreements" / "a.yaml").write_text("format: 1\ntitle: A\ntitle_ru: А\nclauses: []\n", encoding="utf-8")
    path = copy.folder / file
    first = next(line for line in path.read_text(encoding="utf-8").splitlines() if ":" in line and not line.startswith("#"))
    path.write_text(path.read_text(encoding="utf-8") + f"\n{first.partition(':')[0]}: again\n", encoding="utf-8")
    chosen = {"scenario": "dry"} if "dry" in file else {"agreements": ("a",)} if "agreements" in file else {}
    assert copy.problem(**chosen).code == "twice"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("a: 1\nb: 2023-02-29\n", "bad-date", "line 2"),
        ("a: [2024-06-31]\n", "bad-date", "line 1"),
        ("a: 2001-12-14t21:59:43-99:00\n", "bad-date", "line 1"),
        (f"a: {'9' * 5000}\n", "not-a-number", "line 1"),
        ("a: !!int abc\n", "not-a-number", "line 1"),
        ("? [a, b]\n: 1\n", "not-yaml", "line 1"),
        ("? {a: b}\n: 1\n", "not-yaml", "line 1"),
        ("a: &a [*a]\n", "not-yaml", "line 1"),
        ("a: *nobody\n", "not-yaml", "line 1"),
        (f"a: {'[' * (DEEPEST + 1)}{']' * (DEEPEST + 1)}\n", "not-yaml", "line 1"),
        (f"a: {'[' * 100_000}{']' * 100_000}\n", "not-yaml", "line 1"),
        ("- " * 50_000 + "1\n", "not-yaml", "line 1"),
        ("a: 1\n---\nb: 2\n", "not-yaml", "line 2"),
        ("a: !!python/object:os.system x\n", "not-yaml", "line 1"),
        ("a: =\n", "not-yaml", "line 1"),
    ],
)
def test_what_does_not_exist_or_is_absurd_is_refused_with_its_line(tmp_path, text, code, where):
    (found,) = problems(tmp_path, text)
    assert (found.code, found.where) == (code, f"some.yaml, {where}")
    assert len(found.found) < 100


def test_values_that_repeat_one_another_are_counted_not_made(tmp_path):
    ten = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb = ten + "".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]\n" for k in range(1, 12))
    assert [p.code for p in problems(tmp_path, bomb)] == ["too-large"]


def test_what_is_repeated_within_reason_is_read(tmp_path):
    path = tmp_path / "some.yaml"
    path.write_text("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: *a\n2024: 1\nno: 2\n", encoding="utf-8")
    assert read_yaml(path, "some.yaml") == {"a": {"x": 1}, "b": {"x": 1, "y": 2}, "c": {"x": 1}, "2024": 1, "no": 2}
