"""``waterflow hindsight``: its three forms, and what it refuses."""

import csv
import io
import json

import pytest

from waterflow import cli


def answer(capsys, *arguments):
    assert cli.main(["hindsight", "syr_darya", *arguments]) == 0
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return out


def test_the_table_names_its_columns_and_says_why(capsys):
    out = answer(capsys, "season_2022_23", "season_2023_24")
    assert out.startswith("Hindsight: Syr Darya, Toktogul to the North Aral, Oct 2022-Sep 2023\n")
    assert "Hindsight: Syr Darya, Toktogul to the North Aral, Oct 2023-Sep 2024\n" in out
    for word in ("done", "model", "hindsight", "free", "difference", "is a position", "unserved power, GWh"):
        assert word in out


def test_json_and_csv_hold_the_same_and_do_not_change(capsys):
    facts = json.loads(answer(capsys, "season_2022_23", "--format", "json"))
    text = answer(capsys, "season_2022_23", "--format", "csv")
    assert text == answer(capsys, "season_2022_23", "--format", "csv")
    (season,) = facts["seasons"]
    rows = list(csv.DictReader(io.StringIO(text)))
    stored = {(r["place"], r["window"], r["quantity"]): float(r["value"]) for r in rows if r["section"] == "storages"}
    for x in season["storages"]:
        for name in ("done", "model", "hindsight", "free"):
            assert stored[x["place"], x["date"], name] == x[f"{name}_Mm3"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["syr_darya", "dry_year", "season_2021_22"], 3, ["not-observed", "unknown-scenario", "2 problems"]),
        (["two_reservoirs", "example"], 3, ["no-observations"]),
        (["nowhere", "example"], 3, ["unknown-model"]),
        (["syr_darya"], 2, ["usage"]),
        (["syr_darya", "season_2022_23", "--format", "xml"], 2, ["invalid choice"]),
    ],
)
def test_what_is_refused_is_told_at_once(arguments, code, said, capsys):
    assert cli.main(["hindsight", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    for word in said:
        assert word in err
