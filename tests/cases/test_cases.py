"""Small rivers with known answers: each is one member of a kind of question that was once answered otherwise."""

from pathlib import Path

import pytest

import waterflow as wf
from waterflow.cli import main
from waterflow.errors import InputError

MODELS, PUBLIC = (Path(__file__).parent / name for name in ("models", "public"))


def plan(name, folder=MODELS, **chosen):
    return wf.allocate(wf.read_basin(folder / name / "model.yaml", **chosen)).dataset


def refused(name, folder=MODELS):
    with pytest.raises(InputError) as caught:
        wf.read_basin(folder / name / "model.yaml")
    return caught.value.problems


def edited(folder, name, old, new):
    """A copy of a model with some words of its file replaced."""
    copy = folder / name
    (copy / "tables").mkdir(parents=True)
    for path in (MODELS / name).rglob("*"):
        if path.is_file():
            (copy / path.relative_to(MODELS / name)).write_bytes(path.read_bytes())
    text = (copy / "model.yaml").read_text(encoding="utf-8")
    assert old in text
    (copy / "model.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return wf.allocate(wf.read_basin(copy / "model.yaml")).dataset


def test_a_priority_that_names_a_place_serves_that_place_first():
    delivered = plan("place")["delivery"].sum("period")
    needs = wf.read_basin(MODELS / "place" / "model.yaml").demands
    at = {d.node: float(delivered.sel(demand=name)) for name, d in needs.items()}
    assert at == pytest.approx({"n1": 10, "n2": 50})


def test_names_that_match_nothing_are_refused_all_at_once_with_near_matches():
    assert [p.code for p in refused("twores")] == ["claims-nothing"] * 3


def test_losses_above_one_are_refused():
    assert [p.code for p in refused("neg")] == ["losses-above-one"]


@pytest.mark.parametrize("claim", ["  - drinking", "  - drinking\n      per: period"])
def test_no_cost_chooses_july_for_a_town(tmp_path, claim):
    """50 of 60 are there, power is worth least in July: every month is short of the same sixth."""
    dataset = edited(tmp_path, "town", "  - drinking", claim)
    assert dataset["delivery"].sel(demand="town").values == pytest.approx([50 / 6] * 6)


def test_money_spreads_a_shortage_only_where_that_is_said(tmp_path):
    dataset = edited(tmp_path, "town", "  - drinking", "  - drinking\n      within: free")
    assert dataset["delivery"].sel(demand="town").values == pytest.approx([10, 10, 10, 0, 10, 10])


def test_an_arid_river_is_no_slip_of_units():
    assert wf.read_basin(MODELS / "eph" / "model.yaml").warnings() == []


def test_a_river_that_starts_all_but_dry_is_read_and_told():
    (said,) = wf.read_basin(PUBLIC / "ephemeral" / "model.yaml").warnings()
    assert "row 2, runoff_Mm3: 0.3, while its fellows are about 300" in said


def test_a_priced_way_out_counts_unless_it_is_named_a_spillway():
    dataset = plan("spillrel")
    assert float(dataset["flow"].sel(reach="lift").sum()) == pytest.approx(10)


def test_equal_reservoirs_serve_their_users_and_end_alike():
    dataset = plan("weap_res")
    assert dataset["delivery"].values.ravel() == pytest.approx([80, 50])
    assert dataset["storage"].values.ravel() == pytest.approx([15, 15])


def test_a_two_month_reservoir_has_its_published_optimum():
    dataset = plan("cle")
    assert float(dataset["stage_value"][0]) == pytest.approx(332.788866, rel=1e-8)


def test_twenty_five_equal_users_get_half_each():
    dataset = plan("fair")
    needs = wf.read_basin(MODELS / "fair" / "model.yaml").demands
    assert [float(dataset["delivery"].sel(demand=n).sum()) / sum(d.need) for n, d in needs.items()] == pytest.approx([0.5] * 25)


def test_a_minimum_flow_comes_before_a_demand():
    """100 m3/s come: 80 are left for the demand beside a floor of 20, 40 beside one of 60."""
    basin = wf.read_basin(MODELS / "pywr_mrf" / "model.yaml")
    rates = [p.rate for p in basin.calendar.periods]
    delivered = plan("pywr_mrf")["delivery"].values[0] * rates
    assert delivered == pytest.approx([80] * 5 + [40] * 5 + [80] * 2)


def test_two_demands_in_order():
    assert sorted(plan("pywr_river2")["delivery"].sum("period").values.tolist()) == pytest.approx([2, 7.25])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("loc_fill", "row 3, runoff_Mm3: 99,999 Mm3, while its fellows are about 200"),
        ("loc_thou", "row 5, runoff_Mm3: 300,000 Mm3, while its fellows are about 100"),
        ("loc_kwh", "row 2, demand_GWh: 150,000,000 GWh is more than there is anywhere"),
    ],
)
def test_figures_a_thousand_times_too_large_are_told_with_their_row(name, told):
    assert any(told in said for said in wf.read_basin(PUBLIC / name / "model.yaml").warnings())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("duplicate_key", "model.yaml, line 21: found objective, as in line 16"),
        ("impossible_date", "model.yaml, line 8: found 2025-02-29"),
        ("loc_semi", "found columns parted by semicolons"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(capsys, name, told):
    assert main(["allocate", str(PUBLIC / name / "model.yaml"), "--lang", "en"]) == 3
    out, err = capsys.readouterr()
    assert (told in err, out) == (True, "")


def test_rounded_figures_are_no_conflict():
    """500 and three times 33.333333 are 600 but for a thousandth of a thousandth."""
    found = wf.allocate(wf.read_basin(PUBLIC / "rounding_third" / "model.yaml"))
    assert float(found.dataset["storage"].sel(reservoir="mountain")[-1]) == pytest.approx(600, abs=1e-5)
    # and it is told which rule is kept so
    assert any("kept to within 0.001" in said and "storage_held[mountain" in said for said in found.basin.warnings())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("evaporation_alone", "D, Feb 2025: 8.000 Mm3 evaporate, 6.000 Mm3 too much"),
        ("lake_dry", "L, Feb 2025: 10.0 Mm3 evaporate, 0.197 Mm3 too much"),
    ],
)
def test_evaporation_beyond_what_is_stored_is_named(name, told):
    """Reservoir, month and evaporation: 110 less 8 a month is at the lowest storage of 100 in February."""
    with pytest.raises(wf.ConflictError) as refused:
        plan(name, PUBLIC)
    assert told in str(refused.value)


def test_a_user_does_not_live_on_its_own_return():
    """A hundredth of a Mm3 comes each month; all that is used comes back above the intake at once."""
    dataset = plan("drinks_its_own_return", PUBLIC)
    assert dataset["delivery"].values.ravel() == pytest.approx([0.01] * 4)


def test_a_figure_that_stands_for_no_limit_is_none_and_told():
    basin = wf.read_basin(PUBLIC / "unlimited_1e12" / "model.yaml")
    assert sum("taken for no limit" in said for said in basin.warnings()) == 2
    assert float(wf.allocate(basin).dataset["certificate_primal"].max()) < 1e-7


def test_columns_that_mean_two_things_are_both_read(capsys):
    """2,000 m3/s of release beside a spill of 0: the capacity of 1,000 is broken in all five dekads."""
    assert main(["evaluate", "shardara_february_2023", str(PUBLIC / "two.csv"), "--rest", "optimum", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert out.count("capacity of Release of Shardara") >= 5


def test_residues_of_a_table_are_solved_cold_and_warm():
    basin = wf.read_basin(PUBLIC / "tiny_residues" / "model.yaml")
    cold, warm = wf.allocate(basin).dataset, wf.Solver(basin).allocate().dataset
    assert cold["delivery"].values == pytest.approx(warm["delivery"].values, abs=1e-7)
