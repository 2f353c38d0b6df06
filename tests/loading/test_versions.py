"""Versions of a table: what replaces what, what differs, what is refused; a private one never enters an answer."""

import pytest

from waterflow import cli
from waterflow.errors import InputError
from waterflow.loading.model import read_model
from waterflow.loading.versions import with_version

HEAD = "series,purpose,party,place,block,width_fraction,low_USD_per_m3,central_USD_per_m3,high_USD_per_m3,source,grade\n"
ROW = "default,irrigation,KAZ,arys_mouth,1,0.5,0.035,{},0.15,ours,assumed\n"


@pytest.fixture
def model():
    return read_model("syr_darya", "season_2024_25")


def version(tmp_path, text):
    path = tmp_path / "own.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return f"values={path}"


def test_rows_replace_those_with_the_same_key_and_the_difference_is_told(model, tmp_path):
    found = with_version(model, version(tmp_path, ROW.format(0.12)), "--disputed")
    (only,) = found.differences
    assert (only.column, only.own, only.other) == ("central_USD_per_m3", 0.08, 0.12)
    assert len(found.model.rows["values"]) == len(model.rows["values"])
    own = {name: block.value for name, block in model.basin().delivery_values.items()}
    other = {name: block.value for name, block in found.model.basin().delivery_values.items()}
    moved = {name for name in own if own[name] != other[name]}
    assert moved
    assert all("arys" in name for name in moved)
    assert with_version(model, version(tmp_path, ROW.format(0.08)), "--disputed").differences == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ROW.format(0.12).replace("arys_mouth", "arys_mout"), "no-series"),
        (ROW.format("much"), "not-a-number"),
        ("", "not-a-table"),
    ],
)
def test_rows_without_counterpart_or_that_cannot_be_read_are_refused(model, tmp_path, text, code):
    with pytest.raises(InputError) as caught:
        with_version(model, version(tmp_path, text), "--private")
    assert code in {p.code for p in caught.value.problems}


@pytest.mark.parametrize("asked", ["values", "value=x.csv", "values="])
def test_what_is_no_table_and_file_is_refused(model, asked):
    with pytest.raises(InputError) as caught:
        with_version(model, asked, "--private")
    assert [p.code for p in caught.value.problems] == ["unknown-table"]


def test_disputed_rows_stand_above_the_plans(tmp_path, capsys):
    asked = version(tmp_path, ROW.format(0.12))
    assert cli.main(["compare", "syr_darya", "season_2024_25", "--disputed", asked, "--no-progress"]) == 0
    out = capsys.readouterr().out
    assert out.index("What is disputed") < out.index("Payoffs")
    assert "0.12" in out


def test_a_private_figure_never_enters_an_answer(tmp_path, capsys):
    """The secret has digits that nothing else has."""
    path = tmp_path / "own.csv"
    head = "series,reservoir,date,storage_Mm3,source,grade\n"
    path.write_text(f"{head}example,mountain,2025-01-01,487.6543,secret_service,assumed\n", encoding="utf-8")
    forms = (["--format", "json"], ["--format", "csv"], [])
    for form in forms:
        code = cli.main(["negotiate", "two_reservoirs", "--private", f"opening_storage={path}", "--no-progress", *form])
        out, err = capsys.readouterr()
        assert code == 0, err
        assert "1 row of opening_storage is private" in err
        for secret in ("487.6543", "487.65", "487.7", "secret_service", "own.csv"):
            assert secret not in out + err
