"""``waterflow value`` and ``allocate --values`` as a user runs them."""

import csv
import io
import json

import pytest

from waterflow import cli


def run(capsys, *arguments):
    code = cli.main(list(arguments))
    return code, *capsys.readouterr()


def test_value_tells_payoffs_and_the_worth_of_water(capsys):
    code, out, _ = run(capsys, "value", "syr_darya", "--scenario", "benefit", "--at", "toktogul", "kyzylorda/2025-07")
    assert code == 0
    assert "Payoffs by party" in out
    assert "Value of one more m3" in out
    assert max(map(len, out.splitlines())) <= 110
    toktogul, kyzylorda = (next(x for x in out.splitlines() if x.startswith(name)) for name in ("Toktogul reservoir ", "Kyzylorda "))
    assert toktogul.split()[2:4] == ["start", "KGZ"]
    assert kyzylorda.split()[1:4] == ["Jul", "25", "KAZ"]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_value_in_other_forms_has_the_same_figures(capsys, form):
    code, out, _ = run(capsys, "value", "syr_darya", "--scenario", "benefit", "--at", "toktogul", "--format", form)
    assert code == 0
    if form == "json":
        facts = json.loads(out)
        (water,) = facts["one_more"]
        assert 0 < water["low_USD_per_m3"] <= water["central_USD_per_m3"] <= water["high_USD_per_m3"]
        assert sum(water["parties"].values()) == pytest.approx(water["central_USD_per_m3"])
        sums = [x["central_MUSD"] for x in facts["payoffs"] if x["term"] == "payoff"]
        assert sum(sums) == pytest.approx(facts["objective"])
    else:
        rows = list(csv.DictReader(io.StringIO(out)))
        assert {"payoffs", "one_more"} == {r["section"] for r in rows}
        assert any((r["place"], r["when"], r["quantity"]) == ("KGZ", "payoff", "high") for r in rows)


def test_value_refuses_priorities_before_it_solves(capsys):
    code, out, err = run(capsys, "value", "syr_darya")
    assert (code, out) == (3, "")
    assert "[needs-benefit]" in err
    assert "lifelines > limits" in err


def test_every_wrong_place_is_named(capsys):
    code, _, err = run(capsys, "value", "syr_darya", "--scenario", "benefit", "--at", "toktogol", "kyzylorda/2030-01", "arnasay/2025-07")
    assert code == 3
    assert err.count("[unknown-place]") == 3
    assert "toktogul" in err


def test_a_plan_at_low_values_says_so(capsys):
    code, out, _ = run(capsys, "allocate", "syr_darya", "--scenario", "benefit", "--values", "low", "--format", "json")
    facts = json.loads(out)
    assert (code, facts["level"]) == (0, "low")
    low = [x["low_MUSD"] for x in facts["payoffs"] if x["term"] == "payoff"]
    assert sum(low) == pytest.approx(facts["objective"])


@pytest.mark.long
def test_why_names_the_blocks_that_bind(capsys):
    code, out, _ = run(capsys, "why", "syr_darya", "north_aral/growing", "--scenario", "benefit")
    assert code == 0
    assert "block of value of the flow: North Aral" in out


def test_a_river_with_one_price_for_each_month_pays_as_one_with_blocks(capsys):
    """Larson 1968 is one sum of benefits with straight values: its payoffs sum to the published 401.3."""
    code, out, _ = run(capsys, "value", "larson_four_reservoirs", "--format", "json")
    facts = json.loads(out)
    assert code == 0
    assert sum(x["central_MUSD"] for x in facts["payoffs"] if x["term"] == "payoff") == pytest.approx(401.3, abs=1e-6)
    assert facts["one_more"]
