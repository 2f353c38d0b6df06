"""Days of every year in tables: a rate holds on all of them, a volume where the horizon holds them whole."""

import datetime as dt

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from waterflow.calendar import Calendar
from waterflow.loading.schema import TABLES
from waterflow.loading.series_choice import Chosen
from waterflow.loading.tables import read_table
from waterflow.loading.yearly import Dated

HEAD = {
    "floors": "series,floor,place,reach,start,end,floor_m3s,source,grade",
    "targets": "series,target,place,reach,start,end,target_Mm3,source,grade",
    "storage_rules": "series,reservoir,date,rule,storage_Mm3,source,grade",
    "threshold_shares": "series,share,node,reach,party,start,end,threshold_Mm3,share_fraction,source,grade",
}


def written(tmp_path, table, *rows):
    copy = Copy(tmp_path)
    lines = [HEAD[table], *(f"example,{row},made_up,assumed" for row in rows)]
    copy.path(table).write_text("\n".join(lines) + "\n", encoding="utf-8")
    if table not in ("targets", "storage_rules"):
        copy.text("model.yaml", "  targets: example", f"  targets: example\n  {table}: example")
    return copy


def read(copy):
    return wf.read_basin(copy.folder)


def test_a_floor_of_every_year_is_cut_to_the_horizon(tmp_path):
    basin = read(written(tmp_path, "floors", "low,lake,lower,11-01,02-29,5"))
    assert list(basin.floors) == ["low/2025-01-01/2025-02-28"]
    assert not basin.warnings()


def test_a_target_of_every_year_counts_where_it_is_whole(tmp_path):
    basin = read(written(tmp_path, "targets", "lake,lake,lower,01-01,04-30,300"))
    dated = read(written(tmp_path / "dated", "targets", "lake,lake,lower,2025-01-01,2025-04-30,300"))
    assert basin.targets == dated.targets


def test_a_target_that_no_year_holds_whole_is_refused_with_both(tmp_path):
    problem = written(tmp_path, "targets", "lake,lake,lower,10-01,03-31,300").problem()
    assert problem.code == "outside-horizon"
    assert "10-01/03-31, whole in no year of 2025-01-01/2025-04-30" in problem.found


def dated(copy, table, first, last):
    rows, problems = read_table(copy.path(table), f"{table}.csv", TABLES[table], ["made_up"])
    assert not problems
    found = Dated(Calendar(dt.date.fromisoformat(first), dt.date.fromisoformat(last), "month"))
    return found.rows(TABLES[table], rows), found


def test_a_year_that_is_cut_is_told(tmp_path):
    """Two years hold October to January once, and in part twice."""
    copy = written(tmp_path, "targets", "lake,lake,lower,10-01,01-31,300")
    rows, found = dated(copy, "targets", "2024-01-01", "2025-12-31")
    assert [str(row.date("start")) for row in rows] == ["2024-10-01"]
    assert len(found.told) == 2
    assert "2023-10-01/2024-01-31 is not whole in the horizon" in found.told[0]


def test_a_floor_of_a_season_that_the_horizon_has_not_is_told_and_not_counted(tmp_path):
    """A summer has no winter floors; two of them are told in one line."""
    copy = written(tmp_path, "floors", "low,lake,lower,06-01,08-31,5", "low,lake,lower,09-01,10-31,6", "low,lake,lower,11-01,02-29,7")
    basin = read(copy)
    assert list(basin.floors) == ["low/2025-01-01/2025-02-28"]
    assert basin.warnings() == ["floors: 2 rows of every year have no day in the horizon and are not counted."]


def test_the_end_of_february_is_the_29th_of_every_year(tmp_path):
    copy = written(tmp_path, "targets", "lake,lake,lower,01-01,02-29,300")
    rows, found = dated(copy, "targets", "2024-01-01", "2025-12-31")
    assert [str(row.date("end")) for row in rows] == ["2024-02-29", "2025-02-28"]
    assert not found.told
    assert not read(copy).warnings()


def test_february_cut_on_the_28th_says_how_its_end_is_written(tmp_path):
    copy = written(tmp_path, "targets", "lake,lake,lower,02-01,02-28,300")
    rows, _ = dated(copy, "targets", "2024-01-01", "2024-12-31")
    chosen = Chosen(Calendar(dt.date(2024, 1, 1), dt.date(2024, 12, 31), "month"), {})
    chosen.window(rows[0])
    assert "02-29 is the end of February" in chosen.problems[0].cause


def test_a_rule_of_every_year_stands_on_each_date(tmp_path):
    basin = read(written(tmp_path, "storage_rules", "mountain,05-01,at_least,400", "plain,03-01,at_most,90"))
    assert list(basin.storage_rules) == ["mountain/at_least/2025-05-01", "plain/at_most/2025-03-01"]


def test_a_dated_and_a_yearly_row_of_one_day_are_one_too_many(tmp_path):
    rows = ("mountain,05-01,at_least,400", "mountain,2025-05-01,at_least,300")
    problem = written(tmp_path, "storage_rules", *rows).problem()
    assert problem.code == "twice"
    assert "row 3" in problem.where
    assert "row 2" in problem.cause


@pytest.mark.parametrize(
    ("table", "row", "code", "found"),
    [
        ("storage_rules", "mountain,13-01,at_least,400", "outside-horizon", "no day of any year"),
        ("storage_rules", "mountain,11-01,at_least,400", "outside-horizon", "ends on the day before"),
        ("storage_rules", "mountain,5-1,at_least,400", "bad-date", "5-1"),
        ("floors", "low,lake,lower,01-01,2025-04-30,5", "outside-horizon", "the other has none"),
        ("targets", "lake,lake,lower,01-01,02-30,5", "outside-horizon", "no day of any year"),
        ("targets", "lake,lake,lower,01-01,04-15,5", "outside-horizon", "does not begin and end"),
    ],
)
def test_what_is_no_day_of_the_horizon_is_refused_with_its_row(tmp_path, table, row, code, found):
    problem = written(tmp_path, table, row).problem()
    assert problem.code == code
    assert f"{table}.csv, row 2" in problem.where
    assert found in problem.found
