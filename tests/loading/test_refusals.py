"""One thing broken at a time: the error names the place, what was found, what may stand there and why."""

import itertools

import numpy as np
import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import River
from waterflow.basin.titles import called
from waterflow.words.catalogue import speaking

# what is broken, then: code, where, found, allowed, cause (each a part of the text)
CELLS = {
    "blank": (
        ("runoff", 3, "runoff_Mm3", ""),
        ("blank", "runoff.csv, row 3, runoff_Mm3", "a blank", "a value", "Blank is not zero"),
    ),
    "spaces": (("needs", 4, "need_Mm3", "  "), ("blank", "needs.csv, row 4, need_Mm3", "a blank", "a value", "not zero")),
    "text in a number": (
        ("runoff", 3, "runoff_Mm3", "much"),
        ("not-a-number", "runoff.csv, row 3, runoff_Mm3", "much", "a number", ""),
    ),
    "decimal comma": (
        ("runoff", 3, "runoff_Mm3", "100,5"),
        ("not-a-number", "runoff.csv, row 3, runoff_Mm3", "100,5", "a number", "decimal comma"),
    ),
    "nan": (("runoff", 2, "runoff_Mm3", "nan"), ("not-finite", "runoff.csv, row 2, runoff_Mm3", "nan", "finite", "")),
    "inf": (("plants", 2, "turbine_capacity_Mm3", "inf"), ("not-finite", "plants.csv, row 2", "inf", "finite", "")),
    "huge": (("runoff", 2, "runoff_Mm3", "1e999"), ("not-finite", "runoff.csv, row 2", "1e999", "finite", "")),
    "negative": (("needs", 4, "need_Mm3", "-5"), ("negative", "needs.csv, row 4, need_Mm3", "-5", "zero or more", "")),
    "unknown source": (
        ("runoff", 3, "source", "made_upp"),
        ("unknown-source", "runoff.csv, row 3, source", "made_upp", "sources.yaml", "made_up"),
    ),
    "unknown grade": (
        ("runoff", 3, "grade", "guess"),
        ("unknown-grade", "runoff.csv, row 3, grade", "guess", "observed", ""),
    ),
    "unknown kind": (("nodes", 2, "kind", "dam"), ("unknown-choice", "nodes.csv, row 2, kind", "dam", "junction", "")),
    "unknown node of a demand": (
        ("demands", 2, "node", "feilds"),
        ("unknown-node", "demands.csv, row 2, node", "feilds", "a node", "slip"),
    ),
    "unknown node of a reach": (
        ("reaches", 3, "to_node", "feilds"),
        ("unknown-", "reaches.csv, row 3, to_node", "feilds", "a node", "slip"),
    ),
    "unknown reach": (("plants", 2, "reach", "uper"), ("unknown-reach", "plant", "uper", "a reach", "slip")),
    "unknown party": (("demands", 2, "party", "DWON"), ("unknown-party", "demand", "DWON", "a party", "slip")),
    "unknown reservoir": (
        ("opening_storage", 3, "reservoir", "plane"),
        ("unknown-reservoir", "opening_storage.csv, row 3", "plane", "reservoir", "slip"),
    ),
    "opening in km3": (
        ("opening_storage", 2, "storage_Mm3", "0.5"),
        ("unit-slip", "opening_storage.csv, row 2, storage_Mm3", "0.5", "100", "km3"),
    ),
    "full storage in km3": (
        ("reservoirs", 2, "full_storage_Mm3", "0.9"),
        ("storage-limits", "reservoirs.csv, row 2", "0.9", "above", "km3"),
    ),
    "lowest above full": (
        ("reservoirs", 3, "lowest_storage_Mm3", "130"),
        ("storage-limits", "reservoirs.csv, row 3", "130", "above", "Swapped"),
    ),
    "month 13": (("runoff", 3, "month", "13"), ("not-a-count", "runoff.csv, row 3, month", "13", "1 to 12", "")),
    "date outside": (
        ("storage_rules", 2, "date", "2026-05-01"),
        ("outside-horizon", "storage_rules.csv, row 2, date", "2026-05-01", "2025", "season"),
    ),
    "date that is none": (
        ("storage_rules", 2, "date", "2025-02-30"),
        ("bad-date", "storage_rules.csv, row 2, date", "2025-02-30", "2024-10-01", ""),
    ),
    "opening of another day": (
        ("opening_storage", 2, "date", "2024-01-01"),
        ("outside-horizon", "opening_storage.csv, row 2, date", "2024-01-01", "2025-01-01", "season"),
    ),
    "target outside": (
        ("targets", 2, "end", "2025-06-30"),
        ("outside-horizon", "targets.csv, row 2", "2025-06-30", "inside the horizon", "season"),
    ),
    "unserved below one": (
        ("unserved_blocks", 2, "demand_fraction", "0.4"),
        ("unserved-blocks", "power of UP", "0.9", "sum to 1", ""),
    ),
    "per cent": (
        ("unserved_blocks", 2, "demand_fraction", "50"),
        ("not-a-share", "unserved_blocks.csv, row 2", "50", "between 0 and 1", "per cent"),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_broken_cell_is_named(tmp_path, name):
    (table, row, column, value), (code, where, found, allowed, cause) = CELLS[name]
    problems = Copy(tmp_path).set(table, row, column, value).problems()
    told = [
        p
        for p in problems
        if p.code.startswith(code) and where in p.where and found in p.found and allowed in p.allowed and cause in p.cause
    ]
    assert told, [str(p) for p in problems]


def test_a_column_in_another_unit_says_so(tmp_path):
    problems = Copy(tmp_path).rename("reservoirs", "full_storage_Mm3", "full_storage_km3").problems()
    unknown = next(p for p in problems if p.code == "unknown-column")
    assert (unknown.found, unknown.where) == ("full_storage_km3", "two_reservoirs/tables/reservoirs.csv, column 2")
    assert "km3" in unknown.cause
    assert "full_storage_Mm3" in unknown.cause


def test_one_month_in_km3_among_its_fellows_is_told(tmp_path):
    problem = Copy(tmp_path, "larson_four_reservoirs").set("needs", 5, "need_Mm3", "0.007").problem()
    assert (problem.code, problem.allowed, problem.cause) == ("unit-slip", "million m3", "Written in km3?")
    assert problem.where == "larson_four_reservoirs/tables/needs.csv, row 5, need_Mm3"
    assert problem.found == "0.007, while its fellows are about 7"


def test_every_problem_is_told_at_once(tmp_path):
    broken = Copy(tmp_path).set("runoff", 3, "runoff_Mm3", "").set("needs", 2, "grade", "guess").set("nodes", 2, "kind", "dam")
    problems = broken.problems()
    assert {p.code for p in problems} == {"blank", "unknown-grade", "unknown-choice"}


def test_a_doubled_row_is_refused(tmp_path):
    copy = Copy(tmp_path)
    copy.add("runoff", *copy.lines("runoff")[2])
    problem = copy.problem()
    assert (problem.code, "row 3" in problem.cause) == ("twice", True)


def test_a_row_with_a_stray_comma_is_refused(tmp_path):
    problem = Copy(tmp_path).add("runoff", "example", "mountain", "1", "5", "0", "made_up", "assumed").problem()
    assert (problem.code, problem.cause) == ("ragged-row", "A stray comma?")


def test_a_missing_month_is_named(tmp_path):
    problem = Copy(tmp_path).drop("runoff", 3).problem()
    assert problem.code == "missing-period"
    assert "2025-02" in problem.found
    assert "mountain" in problem.where


def dekads(copy, leave_out=()):
    """Rewrite the runoff as dekads of the months January to April, ten a dekad."""
    lines = [["series", "node", "period", "runoff_Mm3", "source", "grade"]]
    for month, dekad in itertools.product(range(1, 5), range(1, 4)):
        label = f"2025-{month:02d}-d{dekad}"
        if label not in leave_out:
            lines.append(["example", "mountain", label, "10", "made_up", "assumed"])
    return copy.write("runoff", lines)


def test_dekads_sum_to_their_month(tmp_path):
    assert wf.read_basin(dekads(Copy(tmp_path)).folder).runoff["mountain"] == (30.0,) * 4


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_a_missing_dekad_is_named(tmp_path, step):
    problem = dekads(Copy(tmp_path), leave_out={"2025-02-d2"}).problem(step=step)
    assert problem.code == "missing-period"
    assert ("2025-02-d2" if step == "dekad" else "2025-02") in problem.found


def test_a_period_outside_the_horizon_is_refused(tmp_path):
    copy = dekads(Copy(tmp_path)).add("runoff", "example", "mountain", "2027-01-d1", "10", "made_up", "assumed")
    problem = copy.problem()
    assert (problem.code, problem.found) == ("outside-horizon", "2027-01-d1")


def test_a_loop_is_refused(tmp_path):
    problem = Copy(tmp_path).add("reaches", "back", "fields", "plain", "Back", "Назад", "0", "0", "made_up", "assumed").problem()
    assert problem.code == "loop"
    assert "plain" in problem.found
    assert "fields" in problem.found


def test_a_demand_no_water_reaches_is_refused(tmp_path):
    copy = Copy(tmp_path).add("nodes", "hill", "junction", "Hill", "Холм", "1", "1", "made_up", "assumed")
    copy.add("reaches", "slope", "hill", "fields", "Slope", "Склон", "0", "0", "made_up", "assumed").set("demands", 2, "node", "hill")
    problem = copy.problem()
    assert problem.code == "unreachable-demand"
    assert "valley_fields" in problem.where
    assert "hill" in problem.found


def test_a_table_no_one_knows_is_refused(tmp_path):
    copy = Copy(tmp_path)
    copy.path("runofff").write_bytes(copy.path("runoff").read_bytes())
    problem = copy.problem()
    assert (problem.code, problem.found) == ("unknown-table", "runofff.csv")
    assert "runoff" in problem.allowed


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    copy = Copy(tmp_path)
    copy.path("runoff").unlink()
    copy.path("runoff").mkdir()
    assert {p.code for p in copy.problems()} == {"not-a-file"}


@pytest.mark.parametrize("junk", [b"\xff\xfe\x00\x81", b"a\0b", b"", b'series,"no'])
def test_junk_is_refused(tmp_path, junk):
    copy = Copy(tmp_path)
    copy.path("runoff").write_bytes(junk)
    assert {p.code for p in copy.problems()} <= {"not-text", "not-a-table", "unknown-column", "missing-column"}


@pytest.mark.parametrize("name", ["tables/runoff.csv", "tables/sources.yaml", "model.yaml"])
def test_fifty_megabytes_of_junk_are_refused_unread(tmp_path, name):
    copy = Copy(tmp_path)
    with (copy.folder / name).open("wb") as file:
        file.truncate(50_000_000)
    problem = copy.problem()
    assert (problem.code, problem.found) == ("too-large", "50 MB")


def test_shuffled_rows_are_the_same_basin(tmp_path):
    copy, rng = Copy(tmp_path), np.random.default_rng(1)
    for path in (copy.folder / "tables").glob("*.csv"):
        header, *rows = copy.lines(path.stem)
        copy.write(path.stem, [header, *(rows[k] for k in rng.permutation(len(rows)))])
    assert wf.read_basin(copy.folder).model_dump_json() == wf.read_basin("two_reservoirs").model_dump_json()


def test_a_title_in_russian_may_be_left_out(tmp_path):
    """A reach without a title in Russian is called by its ends; a column that must be there is still missed."""
    copy = Copy(tmp_path)
    for table in ("reaches", "plants"):
        lines = copy.lines(table)
        place = lines[0].index("name_ru")
        copy.write(table, [[cell for k, cell in enumerate(line) if k != place] for line in lines])
    basin = wf.read_basin(str(copy.folder))
    assert {r.title_ru for r in basin.reaches.values()} == {""}
    with speaking("ru"):
        assert called(basin, "upper") == "Горная плотина — Равнинная плотина"
    copy.rename("reaches", "name", "called")
    assert copy.problems()


def test_losses_that_sum_above_one_are_refused():
    """0.7 evaporates and 0.6 seeps away: -0.3 of the water would arrive."""
    river = River(months=1).node("a", runoff=10).node("b", "outlet").reach("r", "a", "b", evaporation=0.7, seepage=0.6)
    (problem,) = river.basin().problems()
    assert problem.code == "losses-above-one"
    assert "1.3" in problem.found


def test_a_place_on_the_map_is_a_place_of_the_river(tmp_path):
    heads = ["node", "longitude_degrees", "latitude_degrees", "source", "grade", "note"]
    rows = [["fields", "-68.5", "41.1", "made_up", "assumed", "-"], ["feilds", "68.5", "41.1", "made_up", "assumed", "-"]]
    (problem,) = Copy(tmp_path).write("map_places", [heads, *rows]).problems()
    assert (problem.code, problem.found) == ("unknown-node", "node feilds")
    assert "map_places.csv, row 3" in problem.where


def test_months_that_one_thing_lacks_are_one_problem(tmp_path):
    """A horizon made longer by two months: one line for each of the three things, not one for each month."""
    copy = Copy(tmp_path)
    file = copy.folder / "model.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("end: 2025-04-30", "end: 2025-06-30"), encoding="utf-8")
    with pytest.raises(wf.InputError) as refused:
        wf.read_basin(copy.folder)
    missing = [p for p in refused.value.problems if p.code == "missing-period"]
    assert {p.where for p in missing} == {"needs: valley_fields", "power_demand: UP", "runoff: mountain"}
    assert all("2025-05, 2025-06" in p.found for p in missing)
    assert len(missing) == 3


def test_an_unknown_source_is_told_once_a_table_with_those_there_are(tmp_path):
    copy = Copy(tmp_path)
    for month in ("1", "2"):
        copy.add("runoff", "example", "plain", month, "5", "hearsay", "assumed")
    copy.add("runoff", "example", "plain", "3", "5", "rumour", "assumed")
    with pytest.raises(wf.InputError) as refused:
        wf.read_basin(copy.folder)
    found = [p for p in refused.value.problems if p.code == "unknown-source"]
    assert [p.found for p in found] == ["hearsay", "rumour"]
    assert all("made_up, judgement" in p.allowed for p in found)


def test_a_place_that_no_water_comes_to_is_told(tmp_path):
    copy = Copy(tmp_path).add("nodes", "spring", "junction", "Spring", "Родник", "10", "50", "made_up", "assumed")
    copy.add("reaches", "side", "spring", "fields", "Side", "Приток", "0", "0", "made_up", "assumed")
    (told,) = [line for line in wf.read_basin(copy.folder).warnings() if "spring" in line]
    assert "nodes.csv, row 6" in told
    assert "no water ever comes to spring" in told
    copy.add("runoff", "example", "spring", *("1", "5"), "made_up", "assumed")
    for month in "234":
        copy.add("runoff", "example", "spring", month, "5", "made_up", "assumed")
    assert [line for line in wf.read_basin(copy.folder).warnings() if "spring" in line] == []
