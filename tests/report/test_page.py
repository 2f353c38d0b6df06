"""The answer on one page: short enough, wide enough, and what its first lines say."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import waterflow as wf
from tests.rivers import every_process
from waterflow.accounts.plan_facts import plan_facts
from waterflow.cli import main
from waterflow.loading.model_file import scenarios_of
from waterflow.loading.shipped import find_model, shipped_models
from waterflow.loading.yaml_file import read_yaml
from waterflow.report.page import page
from waterflow.report.party_page import party_page
from waterflow.report.table import render
from waterflow.words.catalogue import speaking
from waterflow.words.layout import columns

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES, WIDTH, FIRST = 60, 100, 16
#: two cells with one space between: a figure right after another, or after a word that ends a column
TOUCHING = re.compile(r"\d %?-?\d{1,3},\d{3} \d|\d{1,3},\d{3} \d{1,3},\d{3}")


def shipped(steps=("month",)):
    for model in shipped_models():
        for scenario in (None, *scenarios_of(find_model(model))):
            for step in steps:
                if step in read_yaml(find_model(model), model).get("steps", ["month"]):
                    yield model, scenario, step


def facts_of(model, scenario=None, step=None, level="central", agreement=None):
    basin = wf.read_basin(model, scenario=scenario, step=step, agreements=agreement).at_level(level)
    return plan_facts(basin, wf.allocate(basin).dataset)


def is_a_page(text):
    lines = text.splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= WIDTH
    assert text.endswith("\n")
    assert not re.search(r"(?<!\S)(nan|inf|None|-0)(?![\d.,])", text)
    assert not [line for line in lines if TOUCHING.search(line)]


@pytest.fixture(scope="module")
def dry():
    return facts_of("syr_darya", "dry_year")


@pytest.mark.parametrize(("model", "scenario", "step"), [("syr_darya", None, "month"), ("syr_darya", "drought", "month")])
def test_the_page_is_one_page(model, scenario, step):
    facts = facts_of(model, scenario, step)
    is_a_page(page(facts))
    with speaking("ru"):
        is_a_page(page(facts))


@pytest.mark.long
@pytest.mark.parametrize(("model", "scenario", "step"), list(shipped(("month", "dekad"))))
def test_every_shipped_plan_fits_one_page(model, scenario, step):
    for language in ("en", "ru"):
        with speaking(language):
            is_a_page(page(facts_of(model, scenario, step)))


@pytest.mark.parametrize("model", [name for name in shipped_models() if name != "syr_darya"])
def test_small_models_fit_one_page(model):
    is_a_page(page(facts_of(model)))


def test_the_first_lines_say_what_comes_who_is_short_and_what_it_costs(dry):
    first = "\n".join(page(dry).splitlines()[:FIRST])
    target = dry.targets[0]
    assert "North Aral Sea, Mm3" in first
    assert f"{target.target_Mm3:,.0f}" in first
    assert f"{target.delivered_Mm3:,.0f}" in first
    for party in ("KAZ", "KGZ", "TJK", "UZB"):
        short = sum(x.short_Mm3 for x in dry.parties if x.party == party)
        row = next(line for line in first.splitlines() if line.startswith(f"{party} "))
        assert f" {short:,.0f} " in row
    cost = sum(x.worth.central_MUSD for x in dry.shortages.users if x.party == "UZB")
    row = next(line for line in first.splitlines() if line.startswith("UZB"))
    assert f"{cost:,.1f}" in row
    assert row.endswith("assumed")
    assert "The cost of KAZ includes what is short at North Aral Sea." in first


def test_it_says_which_priorities_leave_nothing_short_and_why_others_do(dry):
    text = " ".join(page(dry).split())
    assert "Nothing is short in the priorities: Minimum flows, alarms, drinking water, power that is always served." in text
    assert "Irrigation under the limits up to 12 %; North Aral Sea up to 28 %; Winter power up to 15 %" in text
    first = "Minimum flows, alarms, drinking water, power that is always served; Irrigation under the limits"
    assert f"North Aral Sea (Oct 2024-Mar 2025; Apr 2025-Sep 2025) comes after: {first}." in text
    assert "No priority asks for: Lake systems of Kyzylorda oblast (KAZ), 3,500 of 3,500 Mm3 short" in text


def test_where_nothing_is_short_it_says_so():
    text = page(facts_of("shardara_february_2023"))
    assert "Nobody is short of water or power, and every target and minimum flow is met." in text


def test_every_party_has_its_box_and_its_worst_hit_user(dry):
    text = page(dry)
    for title in ("Lake systems of Kyzylorda oblast", "Local use of the valley's rivers, Kyrgyz part"):
        assert f"worst hit: {title}" in text
    assert "2025-04-01" in text
    assert "Toktogul reservoir" in text


def test_no_name_stands_where_there_is_a_title(dry):
    """But the names of the model, its scenario and its priorities, which people type."""
    ids = set(re.findall(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b", page(dry)))
    assert ids <= {"syr_darya", "dry_year", "north_aral", "winter_power", "summer_power", "as_operated"}


def test_a_plan_at_other_values_says_so():
    text = page(facts_of("syr_darya", "benefit", level="low"))
    assert "Made at low values and prices." in "\n".join(text.splitlines()[:FIRST])
    assert "Made at" not in page(facts_of("syr_darya", "benefit"))


def test_beside_no_agreement_each_party_sees_its_difference(capsys):
    assert main(["allocate", "bahri_tojik", "--beside-no-agreement"]) == 0
    text = capsys.readouterr().out
    is_a_page(text)
    assert text.count("beside the plan without agreements: ") + text.count("as in the plan without agreements") == 2
    assert "beside the plan without agreements: water +1,2" in text


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("scenario", ["drought", "stress", "dry_year"])
def test_under_many_agreements_it_is_still_one_page(capsys, scenario, language):
    agreements = [word for name in ("swap_2025", "limits_2024_25", "draft_2007") for word in ("--agreement", name)]
    assert main(["allocate", "syr_darya", "--scenario", scenario, *agreements, "--beside-no-agreement", "--lang", language]) == 0
    is_a_page(capsys.readouterr().out)


def test_there_must_be_an_agreement_to_set_aside(capsys):
    assert main(["allocate", "two_reservoirs", "--beside-no-agreement"]) == 2
    assert "no agreement is in force" in capsys.readouterr().err


def test_one_party_sees_its_own_and_no_other(dry):
    text = party_page(dry, "KGZ")
    assert max(map(len, text.splitlines())) <= WIDTH
    own = ("Toktogul reservoir: opens", "Power over lines", "Payoffs by party", "Great Fergana canal, Kyrgyz part", "KGZ  non-growing")
    for words in own:
        assert words in text
    for words in ("UZB", "TJK", "Andijan reservoir: opens", "Dostyk canal"):
        assert words not in text


def test_a_party_that_is_none_is_refused_with_near_ones(capsys):
    assert main(["allocate", "syr_darya", "--for", "KZG"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "KAZ, KGZ, TJK, UZB" in told.err
    assert "Did you mean KGZ" in told.err


def test_full_is_everything(capsys):
    assert main(["allocate", "two_reservoirs", "--full"]) == 0
    assert capsys.readouterr().out == render(facts_of("two_reservoirs"))


def test_a_river_with_many_parties_still_fits():
    facts = plan_facts(river := every_process().basin(), wf.allocate(river).dataset)
    one = [x for x in facts.parties if x.party == river.parties[0]]
    many = facts.model_copy(update={"parties": tuple(x.model_copy(update={"party": f"P{k}"}) for k in range(20) for x in one)})
    text = page(many)
    is_a_page(text)
    assert re.search(r"1[45] parties more: --full", text)


@given(st.lists(st.lists(st.text("ab ,1", min_size=1, max_size=9).map(str.strip), min_size=3, max_size=3), min_size=1, max_size=5))
def test_columns_never_touch(rows):
    """Every column has its place, and two spaces stand before the next."""
    head = ["one", "two\nlines", "three"]
    lines = columns(head, rows).split("\n")
    widths = [max(len(x) for row in (["one", "lines", "three"], *rows) for x in [row[k]]) for k in range(3)]
    starts = [0, widths[0] + 2, widths[0] + widths[1] + 4]
    for line in lines:
        padded = line.ljust(sum(widths) + 4)
        assert [padded[start - 2 : start] for start in starts[1:]] == ["  ", "  "]


def test_the_russian_page_has_no_latin_words(dry):
    with speaking("ru"):
        basin = wf.read_basin("syr_darya", scenario="dry_year")
        facts = plan_facts(basin, wf.allocate(basin).dataset)
        for text in (page(facts), party_page(facts, "KGZ")):
            names = {*basin.parties, *facts.order, "syr_darya", "dry_year", *(x.line for x in facts.lines)}
            assert set(re.findall(r"[A-Za-z][A-Za-z_]+", re.sub(r"--[a-z-]+", "", text))) <= names
            assert max(map(len, text.splitlines())) <= WIDTH


def test_what_one_party_is_not_short_of_says_nothing_of_others():
    """In 2024-25 a canal of Kazakhstan is short by a hair, with more runoff too: Kyrgyzstan's page must not say that nobody is."""
    own = party_page(facts_of("syr_darya", "glacier_2030"), "KGZ")
    assert "KGZ is short of neither water nor power." in own
    assert "Nobody is short" not in own
