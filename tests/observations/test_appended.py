"""Rows appended to the observations: used by replay and hindsight at once, and by the calibration when it is told to."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from waterflow import cli
from waterflow.observations.files import months_left_aside, observed_tables

ROOT = Path(__file__).resolve().parents[2]
MONTHLY = ("monthly_flows", "monthly_storages", "monthly_withdrawals")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The Syr Darya with the growing season of 2023 once more, a year later."""
    folder = tmp_path_factory.mktemp("appended")
    for name in ("models", "inputs"):
        shutil.copytree(ROOT / name / "syr_darya", folder / name / "syr_darya")
    for name in MONTHLY:
        path = folder / "inputs" / "syr_darya" / "observed" / f"{name}.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows if row[:7] <= "2024-03"]
        later = [row.replace("2023", "2024", 1) for row in rows if "2023-04" <= row[:7] <= "2023-09"]
        path.write_text("\n".join([head, *kept, *later]) + "\n", encoding="utf-8")
    return folder / "models" / "syr_darya"


def test_the_calibration_and_its_evidence_rest_on_what_was_there(model):
    before, after, whole = observed_tables("syr_darya"), observed_tables(model), observed_tables(model, whole=True)
    for name in MONTHLY:
        pd.testing.assert_frame_equal(before[name], after[name])
        assert len(whole[name]) > len(after[name])
    assert months_left_aside(model) == tuple(f"2024-0{m}" for m in range(4, 10))


@pytest.mark.parametrize("command", ["calibrate", pytest.param("validate", marks=pytest.mark.long)])
def test_what_is_left_aside_is_told(model, command, capsys):
    assert cli.main([command, str(model)]) == 0
    out, err = capsys.readouterr()
    assert "Observations from 2024-04 to 2024-09 are left aside" in err
    assert "nan" not in out


#: the others, as long as this one each, are proofs run before an issue is done
MORE_SPANS = [pytest.param(*span, marks=pytest.mark.long) for span in (("2022-10", "2023-03"), ("2023-10", "2024-09"))]


@pytest.mark.parametrize(("first", "last"), [("2024-04", "2024-09"), *MORE_SPANS])
def test_a_replay_of_any_span_tells_figures_or_says_that_it_has_none(model, first, last, capsys):
    for form in ("table", "json", "csv"):
        assert cli.main(["replay", str(model), "--from", first, "--to", last, "--format", form]) == 0
        assert "nan" not in capsys.readouterr().out.lower()


def test_hindsight_takes_the_season_as_a_whole(model, capsys):
    assert cli.main(["hindsight", str(model), "season_2023_24"]) == 0
    out = capsys.readouterr().out
    assert "months not seen" not in out
    assert "nan" not in out
