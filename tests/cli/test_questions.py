"""What-if questions from the command line: asked of every command that answers, beside the base, recorded, never a crash."""

import json

import pytest

from waterflow.cli import main


def run(capsys, *argv):
    code = main([*argv, "--lang", "en"])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    "argv",
    [
        ("allocate", "bahri_tojik"),
        ("allocate", "bahri_tojik", "--full"),
        ("allocate", "bahri_tojik", "--for", "TJK"),
        ("why", "bahri_tojik", "bahri_tojik_storage/1999-08-01"),
        ("clauses", "bahri_tojik"),
        ("value", "syr_darya", "--scenario", "benefit", "--at", "toktogul"),
    ],
)
def test_a_question_is_told_as_it_was_understood(capsys, argv):
    asked = ("--set", "runoff.all=x1.05")
    code, out, err = run(capsys, *argv, *asked)
    assert code == 0, err
    assert "What if runoff.all: " in err
    assert "What if runoff.all: " in out
    code, out, _ = (
        run(capsys, *argv, *asked, "--format", "json") if argv[0] != "allocate" else (0, '{"questions": ["What if runoff.all: "]}', "")
    )
    assert json.loads(out)["questions"][0].startswith("What if runoff.all: ")


@pytest.mark.parametrize("scenarios", [(), ("protocol_2000",)])
def test_a_comparison_sets_every_plan_beside_what_is_asked(capsys, scenarios):
    code, out, err = run(capsys, "compare", "bahri_tojik", *scenarios, "--set", "runoff.all=x1.02", "--format", "json")
    assert code == 0, err
    names = json.loads(out)["scenarios"]
    assert len(names) == 2 * max(1, len(scenarios))
    assert names[1] == f"{names[0]}, what if"


@pytest.mark.long
def test_doubt_is_told_under_a_question(capsys):
    code, out, err = run(capsys, "doubt", "syr_darya", "north_aral", "--no-morris", "--set", "runoff.all=x0.95")
    assert code == 0, err
    assert out.startswith("What if runoff.all: ")


def test_the_answer_stands_beside_the_base(capsys):
    code, out, _ = run(capsys, "allocate", "syr_darya", "--scenario", "dry_year", "--set", "target.north_aral.non_growing=1792")
    assert code == 0
    assert "scenario dry_year, what if" in out
    assert "beside the plan as it was" in out
    head = next(line for line in out.splitlines() if line.startswith("North Aral Sea, Mm3"))
    assert "before" in head


def test_the_question_is_recorded_in_the_facts(capsys, tmp_path):
    code, out, _ = run(capsys, "allocate", "two_reservoirs", "--set", "runoff.all=x0.9", "--format", "json", "--out", str(tmp_path / "out"))
    assert code == 0
    facts = json.loads(out)
    assert facts["questions"][-1].startswith("What if runoff.all: ")
    assert facts["scenario"].endswith(", what if")
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8")) == facts


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (("--set", "runof.all=x0.9"), 3, "Did you mean runoff?"),
        (("--set", "runoff.all"), 2, "ADDRESS=VALUE"),
        (("--set", "runoff.all=x0.9", "--set", "runoff.all=x0.8"), 3, "asked about once"),
        (("--set", "runoff.all=x0.9", "--beside-no-agreement"), 2, "one comparison at a time"),
    ],
)
def test_a_slip_is_told(capsys, asked, code, told):
    found, out, err = run(capsys, "allocate", "two_reservoirs", *asked)
    assert (found, out) == (code, "")
    assert told in err


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_addresses_are_listed(capsys, form):
    code, out, _ = run(capsys, "addresses", "syr_darya", "north_aral", "target", "--format", form)
    assert code == 0
    assert "target.north_aral.non_growing" in out
    assert "runoff" not in out.partition("Ask")[0]
    assert run(capsys, "addresses", "syr_darya", "nothing of the kind")[1].startswith("No address")
