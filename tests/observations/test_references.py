"""A name that no table knows is refused where it stands: a renamed demand, site, reservoir, zone, river or role."""

import shutil
from pathlib import Path

import pytest

from waterflow import cli
from waterflow.errors import InputError
from waterflow.loading.model import read_basin, tables_folder
from waterflow.observations.files import observed_tables
from waterflow.observations.past import read_past

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path):
    for folder in ("models", "inputs"):
        shutil.copytree(ROOT / folder / "syr_darya", tmp_path / folder / "syr_darya")
    return tmp_path


def renamed(copy, table, old, new, count=-1):
    path = copy / "inputs" / "syr_darya" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        (
            "observed/monthly_withdrawals", ",dostyk_kaz,", ",dostik_kaz,",
            "observed/monthly_withdrawals.csv, row 3, demand: found dostik_kaz; allowed: demand of demands.csv. A typing slip? "
            "Did you mean dostyk_kaz?   [unknown-demand]",
        ),
        ("demands", "tashkent_city,", "tashkent,", "observed/annual_uses.csv, row 2, demand: found tashkent_city;"),
        ("observed/monthly_flows", ",akdjar_gauge,", ",akjar_gauge,", "found akdjar_gauge.flow; allowed: site.quantity of monthly"),
        ("observed/monthly_storages", ",charvak,", ",charwak,", "observed/monthly_storages.csv, row 4, reservoir: found charwak;"),
        ("observed/natural_runoff", "akhangaran,", "akhangoran,", "found akhangaran; allowed: river of natural_runoff.csv"),
        ("observed/calibration_zones", "fergana,return_to,", "fergana,returns,", "zone fergana without a row of the role return_to"),
        ("observed/calibration_zones", "fergana,return_to,", "fergana,returns,", "role: found returns;"),
        ("observed/calibration_needs", ",KAZ,season_2024_25", ",KAZ,season_2024", "[unknown-series]"),
        ("observed/predicted_sites", ",mid,", ",middle,", "observed/predicted_sites.csv, row 3, zone: found middle;"),
    ],
)  # fmt: skip
def test_a_renamed_thing_is_refused_where_it_stands(copy, table, old, new, said, capsys):
    renamed(copy, table, old, new)
    assert cli.main(["calibrate", str(copy / "models" / "syr_darya")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert said in err


def test_every_name_is_told_once(copy):
    renamed(copy, "observed/monthly_withdrawals", ",dostyk_kaz,", ",dostik_kaz,")
    with pytest.raises(InputError) as refused:
        observed_tables(copy / "models" / "syr_darya")
    assert sum(p.found == "dostik_kaz" for p in refused.value.problems) == 1


def test_a_half_season_without_wetness_is_refused(copy, capsys):
    renamed(copy, "observed/wetness", "2024 non_growing", "2023 non_growing")
    assert cli.main(["calibrate", str(copy / "models" / "syr_darya")]) == 3
    assert "no row of 2024 non_growing" in capsys.readouterr().err


def test_hindsight_refuses_a_user_it_does_not_know(copy):
    renamed(copy, "observed/monthly_withdrawals", ",dostyk_kaz,", ",dostik_kaz,")
    basin = read_basin(copy / "models" / "syr_darya", "season_2022_23", "month")
    with pytest.raises(InputError, match="unknown-demand"):
        read_past(basin, tables_folder(copy / "models" / "syr_darya"))


def test_agencies_have_names_in_both_languages():
    past = read_past(read_basin("syr_darya", "season_2022_23", "month"), tables_folder("syr_darya"))
    assert past.agencies["shardara.inflow_kazhydromet"] == ("Kazhydromet", "Казгидромет")
    assert past.agency_title("nowhere.inflow_somebody") == "Somebody"
