"""A first river, typed as its page has it: refused where the page says so, solved at the end, in a folder of its own."""

from pathlib import Path

import pytest

from docs.make.first_river import FOLDER, PAGES, STEPS, told

ROOT = Path(__file__).resolve().parents[2]


# what is typed is the same in both; that the Russian page says what is answered, `docs.make --check` looks at
@pytest.mark.parametrize("language", [pytest.param(x, marks=[] if x == "en" else pytest.mark.long) for x in PAGES])
def test_the_page_is_what_happens(language, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    said = "\n".join(told(language)).strip()
    assert said in (ROOT / PAGES[language]).read_text(encoding="utf-8"), "run python -m docs.make first_river"
    assert [x.name for x in tmp_path.iterdir()] == [FOLDER]


def test_it_goes_from_a_template_over_refusals_to_a_plan():
    typed = [(step.command.split()[1], step.code) for step in STEPS if step.command]
    assert typed[0] == ("new", 0)
    assert typed.count(("check", 3)) == 2
    assert typed[-1] == ("allocate", 0)


def test_it_is_near_the_guide():
    """The steps of the page are those of the guide."""
    guide = (ROOT / "docs/guides/bring_your_own_river.md").read_text(encoding="utf-8").lower()
    for heading in ("draw the river", "give it water", "say who asks", "choose"):
        assert heading in guide
        assert any(heading in step.en.lower() for step in STEPS), heading
