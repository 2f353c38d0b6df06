"""A drought shared by rules: one canal by hand, the plan under the shares, and what is refused."""

import pytest

from tests.rivers import River
from waterflow import cli
from waterflow.basin.objective import Claims
from waterflow.errors import InputError
from waterflow.negotiation.drought import share_drought
from waterflow.negotiation.drought_facts import drought_facts
from waterflow.report.drought_text import drought_text
from waterflow.words.catalogue import speaking
from waterflow.words.layout import WIDTH


def canal(runoff=100.0):
    """Three months of the growing season at one canal head: A needs 100 a month and B 200, their limits are as much."""
    river = River(months=3, start="2025-04-01").node("head", runoff=runoff).node("sea", "outlet").reach("out", "head", "sea")
    for party, need in (("A", 100), ("B", 200)):
        river.demand(f"fields_{party}", "head", party, need, limited=True).worth_in_blocks(f"fields_{party}", {0.05: 1.0})
        river.limit(party, 3 * need, 0)
    return river.priorities(("limits", [Claims(kind="demands")]), "cost").basin()


def test_shares_are_limits_and_come_where_the_canal_is_one():
    """300 of 900: the plan gives a third to each claim, equal awards 150 each, equal losses 0 and 300, the Talmud 150 and 150."""
    found = share_drought(canal())
    assert found.claims == pytest.approx({"A": 300, "B": 600})
    assert found.estate == pytest.approx(300)
    came = {way.rule: tuple(way.delivered.values()) for way in found.ways}
    assert came[""] == pytest.approx((100, 200))
    assert came["proportional"] == pytest.approx((100, 200))
    assert came["constrained_equal_awards"] == pytest.approx((150, 150))
    assert came["constrained_equal_losses"] == pytest.approx((0, 300))
    assert came["talmud"] == pytest.approx((150, 150))
    assert came["random_arrival"] == pytest.approx((150, 150))
    facts = drought_facts(found, canal(), 10_000)
    awards = next(x for x in facts.ways if x.rule == "constrained_equal_awards")
    assert awards.more_MUSD == pytest.approx({"A": 2.5, "B": -2.5}, abs=1e-6)
    assert awards.more_ha == pytest.approx({"A": 5000, "B": -5000}, abs=1e-3)


def test_where_there_is_enough_that_is_said():
    found = share_drought(canal(300.0), ["talmud"])
    assert [way.delivered for way in found.ways] == [pytest.approx({"A": 300, "B": 600})] * 2
    assert "no drought" in drought_text(drought_facts(found, canal(300.0)))


def test_rules_that_are_none_and_rivers_without_limits_are_refused_at_once():
    river = River(months=3).node("head", runoff=1).node("sea", "outlet").reach("out", "head", "sea").demand("f", "head", "A", 1)
    with pytest.raises(InputError) as caught:
        share_drought(river.basin(), ["talmut"])
    assert {p.code for p in caught.value.problems} == {"unknown-choice", "bad-claims"}
    assert "Did you mean talmud?" in str(caught.value)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_fits_and_is_in_the_language_spoken(lang):
    with speaking(lang):
        text = drought_text(drought_facts(share_drought(canal()), canal(), 10_000))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert {"en": "equal losses", "ru": "равные потери"}[lang] in text


def test_the_command_refuses_what_it_cannot_say(capsys):
    assert cli.main(["negotiate", "two_reservoirs", "--rules", "all", "--no-progress"]) == 3
    assert "bad-claims" in capsys.readouterr().err
    assert cli.main(["negotiate", "two_reservoirs", "--rules", "all", "--format", "csv", "--m3-per-ha", "-1"]) == 3
    said = capsys.readouterr().err
    assert "--format" in said
    assert "--m3-per-ha" in said
