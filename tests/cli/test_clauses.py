"""The commands about clauses, as a negotiator types them."""

import json
from pathlib import Path

import pytest

from waterflow import cli

ROOT = Path(__file__).resolve().parents[2]


def said(capsys, *arguments, code=0):
    assert cli.main(list(arguments)) == code
    return capsys.readouterr()


def test_clauses_beside_the_plan(capsys):
    out = said(capsys, "clauses", "bahri_tojik").out
    for words in ("spring_storage", ">= 3,418 Mm3", "TJK gives UZB 550 GWh", "UZB gives TJK 322 GWh", "1 Mm3 more costs"):
        assert words in out
    assert max(len(line) for line in out.splitlines()) <= 110


def test_the_wording_in_russian(capsys):
    assert "На 31 мая объём водохранилища" in said(capsys, "clauses", "bahri_tojik", "--lang", "ru").out


def test_without_a_clause(capsys):
    out = said(capsys, "clauses", "bahri_tojik", "--without", "spring_storage").out
    assert "UZB: loses 1,245 Mm3 (water delivered, Apr 1999-Sep 1999)." in out


def test_more_of_a_clause_as_json(capsys):
    found = json.loads(said(capsys, "clauses", "bahri_tojik", "--more", "spring_storage", "--by", "100", "--format", "json").out)
    assert found["clause"][0]["other"] == pytest.approx(3518)
    assert found["plans"] == ["as agreed", "100 more"]


def test_clauses_as_json(capsys):
    found = json.loads(said(capsys, "clauses", "bahri_tojik", "--format", "json").out)
    assert found["agreements"] == ["bahri_tojik_1999"]
    assert {c["clause"] for c in found["clauses"]} == {"spring_storage", "spring_power", "summer_power"}
    assert set(found["prices"]["spring_storage"]) == {"unit", "left", "right", "one_more", "one_less"}


def test_no_agreement_no_clause(capsys):
    assert "no clause is in force" in said(capsys, "clauses", "two_reservoirs").out


def test_an_allocation_under_an_agreement_reports_its_clauses(capsys):
    out = said(capsys, "allocate", "bahri_tojik", "--full").out
    assert "Clauses in force" in out
    assert "Accounts" in out
    assert "Clauses in force" not in said(capsys, "allocate", "two_reservoirs", "--full").out


def test_agreements_side_by_side(capsys):
    out = said(capsys, "compare", "bahri_tojik", "--agreements", "-", "bahri_tojik_1999").out
    assert "water delivered, Mm3" in out
    rows = json.loads(said(capsys, "compare", "bahri_tojik", "--agreements", "-", "bahri_tojik_1999", "--format", "json").out)["rows"]
    own = next(r for r in rows if r["party"] == "UZB" and r["quantity"] == "delivered" and r["window"][5:7] == "04")
    assert own["values"]["bahri_tojik_1999"] - own["values"]["-"] == pytest.approx(1245, abs=1)
    assert said(capsys, "compare", "bahri_tojik", "--agreements", "-", "bahri_tojik_1999", "--format", "csv").out.startswith("party,")


REFUSED = [
    (["compare", "bahri_tojik", "--agreements", "-"], 2, "two"),
    (["compare", "bahri_tojik", "a", "b", "--agreements", "-", "x"], 2, "one scenario"),
    (["compare", "bahri_tojik", "--agreements", "-", "bahri_tojik_2001"], 3, "unknown-agreement"),
    (["clauses", "bahri_tojik", "--agreement", "bahri_tojik_2000"], 3, "outside-horizon"),
    (["clauses", "bahri_tojik", "--without", "winter"], 3, "unknown-clause"),
    (["clauses", "bahri_tojik", "--without", "a", "--more", "b"], 2, "not allowed"),
    (["clauses", "bahri_tojik", "--more", "spring_storage", "--by", "5000"], 4, "clause_kept[spring_storage]"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), REFUSED)
def test_what_is_refused(capsys, arguments, code, words):
    out, err = said(capsys, *arguments, code=code)
    assert out == ""
    assert words in err


def test_an_agreement_of_ones_own_is_a_file(tmp_path, capsys):
    """A file beside nothing is as good as one of the model, for every question; one that is not there is named."""
    text = (ROOT / "models/bahri_tojik/agreements/bahri_tojik_1999.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("amount_Mm3: 3418", "amount_Mm3: 3000"), encoding="utf-8")
    found = json.loads(said(capsys, "clauses", "bahri_tojik", "--agreement", str(tmp_path / "mine.yaml"), "--format", "json").out)
    assert found["agreements"] == ["mine"]
    assert next(c for c in found["clauses"] if c["clause"] == "spring_storage")["rows"][0]["figure"] == 3000
    assert cli.main(["why", "bahri_tojik", "kayrakkum", "--agreement", str(tmp_path / "no.yaml")]) == 3
    assert "no file there" in capsys.readouterr().err
