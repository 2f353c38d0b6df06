"""Observations by dekad are those of their months; a month without one of them, or a column that is no period, is refused."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from waterflow import cli
from waterflow.errors import InputError
from waterflow.observations.files import observed_tables

ROOT = Path(__file__).resolve().parents[2]
#: shares of a month's figure in its three dekads; a storage is that of the last
SHARES = {"monthly_flows": (0.25, 0.25, 0.5), "monthly_withdrawals": (0.25, 0.25, 0.5), "monthly_storages": (3.0, 2.0, 1.0)}


@pytest.fixture
def copy(tmp_path):
    for folder in ("models", "inputs"):
        shutil.copytree(ROOT / folder / "syr_darya", tmp_path / folder / "syr_darya")
    return tmp_path


def by_dekad(copy, table, drop=()):
    """Every row of a year as three rows of its dekads."""
    path = copy / "inputs" / "syr_darya" / "observed" / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    value = next(name for name in frame if name.endswith("_Mm3"))
    year = frame["period"].str.startswith("2023")
    parts = [frame[~year]]
    for k, share in enumerate(SHARES[table], start=1):
        if k not in drop:
            part = frame[year].copy()
            part[value] = (part[value].astype(float) * share).map(repr)
            parts.append(part.assign(period=part["period"] + f"-d{k}"))
    pd.concat(parts).to_csv(path, index=False)


@pytest.mark.parametrize("table", SHARES)
def test_dekads_are_their_months(copy, table):
    model = copy / "models" / "syr_darya"
    keys = ["period", *(k for k in ("site", "quantity", "reservoir", "demand"))]
    before = observed_tables(model)[table]
    by_dekad(copy, table)
    after = observed_tables(model)[table]
    keys = [name for name in keys if name in before]
    before, after = (frame.sort_values(keys).reset_index(drop=True) for frame in (before, after))
    pd.testing.assert_frame_equal(before[after.columns], after, rtol=1e-12)


@pytest.mark.parametrize("table", SHARES)
def test_a_month_without_its_last_dekad_is_refused(copy, table, capsys):
    by_dekad(copy, table, drop=(3,))
    assert cli.main(["replay", str(copy / "models" / "syr_darya"), "--from", "2022-10", "--to", "2023-09"]) == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert f"{table}.csv" in said
    assert "no row for 2023-" in said


def test_a_month_and_its_dekads_are_one_too_many(copy):
    path = copy / "inputs" / "syr_darya" / "observed" / "monthly_storages.csv"
    line = next(x for x in path.read_text(encoding="utf-8").splitlines() if x.startswith("2023-05,toktogul"))
    with path.open("a", encoding="utf-8") as file:
        file.write(line.replace("2023-05", "2023-05-d3") + "\n")
    with pytest.raises(InputError) as refused:
        observed_tables(copy / "models" / "syr_darya")
    assert [p.code for p in refused.value.problems] == ["twice"]


@pytest.mark.parametrize("table", SHARES)
@pytest.mark.parametrize("command", ["replay MODEL --from 2022-10 --to 2023-09", "calibrate MODEL", "hindsight MODEL season_2022_23"])
def test_a_month_without_a_year_is_no_observation(copy, table, command, capsys):
    path = copy / "inputs" / "syr_darya" / "observed" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("period,", "month,", 1), encoding="utf-8")
    assert cli.main([str(copy / "models" / "syr_darya") if word == "MODEL" else word for word in command.split()]) == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert f"observed/{table}.csv: found no column period" in said
