"""``--as-operated``: what was done is held, what was open is planned."""

import json

import pytest

from tests.loading.broken import Copy
from tests.validation.test_hindsight import observe
from waterflow import cli


def answer(capsys, *arguments, code=0):
    assert cli.main(["allocate", *map(str, arguments)]) == code
    return capsys.readouterr()


def observed(tmp_path, stored):
    copy = Copy(tmp_path)
    observe(copy, "monthly_storages", "period,reservoir,storage_Mm3", [f"2025-0{m},mountain,{v}" for m, v in stored])
    observe(copy, "monthly_withdrawals", "period,demand,withdrawal_Mm3", ["2025-01,valley_fields,5"])
    observe(copy, "monthly_flows", "period,site,quantity,value_Mm3", ["2025-01,mountain,release,50"])
    return copy.folder


def stored(told, place):
    facts = json.loads(told.out)
    (one,) = (x for x in facts["reservoirs"] if x["place"] == place)
    return [x["storage_Mm3"] for x in one["periods"]], facts


def test_months_that_were_seen_are_held_and_the_others_planned(tmp_path, capsys):
    folder = observed(tmp_path, ((1, 550), (2, 620)))
    told = answer(capsys, folder, "--as-operated", "--format", "json")
    found, facts = stored(told, "mountain")
    assert found[:2] == pytest.approx([550, 620])
    told_once = "as operated: storages held as seen at the end of Mountain dam 2025-01, 2025-02; 1 user asks for what it took"
    assert facts["changes"][-1] == told_once
    assert "as operated" in told.err
    free, _ = stored(answer(capsys, folder, "--format", "json"), "mountain")
    assert free[:2] != pytest.approx([550, 620], abs=1)


def test_a_storage_that_cannot_have_been_is_left_out_with_a_warning(tmp_path, capsys):
    told = answer(capsys, observed(tmp_path, ((1, 550), (2, 980))), "--as-operated", "--format", "json")
    assert "warning: Mountain dam on 2025-03-01 cannot have been so with the runoff; left out" in told.err
    assert stored(told, "mountain")[0][0] == pytest.approx(550)


def test_readings_of_single_days_are_held_too(capsys):
    """1 December 2025 and the opening day are known of Toktogul; the plan expected for 1 April is none."""
    found, _ = stored(answer(capsys, "syr_darya", "--scenario", "season_2025_26", "--as-operated", "--format", "json"), "toktogul")
    assert found[1] == pytest.approx(10_630)
    assert found[5] != pytest.approx(6_800, abs=10)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["two_reservoirs"], 3, "no-observations"),
        (["syr_darya", "--scenario", "normal_year"], 3, "a season of which storages are known"),
        (["syr_darya", "--step", "dekad"], 2, "by month, as observations are"),
        (["syr_darya", "--set", "runoff.all=x0.9"], 2, "without --set"),
    ],
)
def test_where_nothing_is_known_it_is_refused(arguments, code, said, capsys):
    assert said in answer(capsys, *arguments, "--as-operated", code=code).err
