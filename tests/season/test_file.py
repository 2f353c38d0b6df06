"""A season's file read back: whatever a spreadsheet program made of it, every fault at once, nothing guessed."""

import datetime as dt

import pytest

import waterflow as wf
from tests.season.files import as_book, as_csv, fill, new, sheets
from waterflow import cli
from waterflow.loading.season_file import read_season_file
from waterflow.loading.season_sheet import figures_of
from waterflow.season.filled import filled
from waterflow.season.forms import forms_of, grades_said
from waterflow.season.kit import season_kit
from waterflow.season.runoff import fine_calendar

KIT = season_kit("two_reservoirs", "2027")
MONTHS = ("Jan 2027", "Feb 2027", "Mar 2027", "Apr 2027")


def read(path, kit=KIT):
    file = read_season_file(path)
    cells = {name: (file.titles[name], rows) for name, rows in file.sheets.items()}
    return figures_of(cells, forms_of(kit), fine_calendar(kit), grades_said())


def refused(path, kit=KIT):
    problems = read(path, kit)[1]
    return {p.code for p in problems}, "\n".join(map(str, problems))


def forecast(folder, head, *rows, name="forecast.csv", **how):
    return as_csv(folder / name, [head, *rows], **how)


def monthly(folder, *values, unit="Mm3", **how):
    return forecast(folder, ["name", "unit", *MONTHS], ["mountain", unit, *values], **how)


def values(path, kit=KIT):
    figures, problems = read(path, kit)
    assert not problems, problems
    return [f.value for f in figures]


def test_a_new_file_is_read_back_as_it_was_written_in_both_languages(tmp_path):
    for lang in ("en", "ru"):
        folder = tmp_path / lang
        book = new(folder, "two_reservoirs", "2027", "--lang", lang)
        from_book, from_sheets = read(book), read(folder / "season_2027")
        strip = [[(f.sheet, f.name, f.span, f.value, f.grade) for f in found[0]] for found in (from_book, from_sheets)]
        assert strip[0] == strip[1]
        assert from_book[1] == from_sheets[1] == []
        # all that is known is the norm
        assert [f.value for f in from_book[0]] == [100, 100, 200, 300]
        assert read_season_file(book).head == {"model": "two_reservoirs", "season": "2027", "like": "example"}
        assert len(filled(KIT, from_book[0]).blanks) == len(filled(KIT, []).blanks)
        assert not filled(KIT, from_book[0]).runoff.own_norms


@pytest.mark.parametrize(
    "how", [{"delimiter": ";"}, {"delimiter": ";", "line": "\r\n"}, {"delimiter": "\t"}, {"delimiter": ";", "encoding": "utf-8-sig"}]
)
def test_decimal_commas_and_thousands_of_every_kind(tmp_path, how):
    path = monthly(tmp_path, "104,5", "1 234,5", "1\u00a0234,25", "1\u202f000", **how)
    assert values(path) == [104.5, 1234.5, 1234.25, 1000]


def test_russian_of_windows_is_read_and_told(tmp_path):
    rows = [["название", "единица", "янв", "февраль", "марта", "IV"], ["Горная плотина", "млн м3", "104,5", "1", "2", "3"]]
    path = as_csv(tmp_path / "прогноз.csv", rows, delimiter=";", encoding="cp1251", line="\r\n")
    assert values(path) == [104.5, 1, 2, 3]
    assert "cp1251" in read_season_file(path).told[0]


def test_a_number_that_may_be_two_is_told_and_no_other_is_lost(tmp_path):
    codes, text = refused(monthly(tmp_path, "1,234", "5,678", "100", "7", delimiter=";"))
    assert codes == {"not-a-number"}
    assert "1,234, which may be 1234 or 1.234" in text
    assert "5,678, which may be 5678 or 5.678" in text
    # one that can be read in one way alone settles the file
    assert values(monthly(tmp_path, "1,234", "5,678", "100,5", "7", delimiter=";"))[0] == 1.234


def test_two_lines_as_a_header_and_titles_above(tmp_path):
    rows = [
        ["Forecast of the service"],
        [],
        ["name", "unit", "2027", "", "", ""],
        ["", "", "Jan", "Feb", "Mar", "Apr"],
        ["mountain", "m3/s", 1, 2, 3, 4],
    ]
    assert values(as_book(tmp_path / "x.xlsx", {"forecast": rows})) == [1, 2, 3, 4]


def test_dates_and_numbers_as_a_spreadsheet_holds_them(tmp_path):
    rows = [["name", "unit", *(dt.date(2027, m, 1) for m in range(1, 5))], ["mountain", "%", 90, 85.5, 100, 110]]
    path = tmp_path / "x.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet, day = book.add_worksheet("forecast"), book.add_format({"num_format": "yyyy-mm-dd"})
        for k, row in enumerate(rows):
            for j, cell in enumerate(row):
                sheet.write_datetime(k, j, dt.datetime.combine(cell, dt.time()), day) if isinstance(cell, dt.date) else sheet.write(
                    k, j, cell
                )
    assert values(path) == [90, 85.5, 100, 110]


def test_signs_of_per_cent(tmp_path):
    assert values(monthly(tmp_path, "90 %", "85%", "100%", "110 %", unit="")) == [90, 85, 100, 110]
    codes, text = refused(monthly(tmp_path, "90 %", "1", "1", "1", unit="m3/s"))
    assert codes == {"unknown-unit"}, text


def test_cells_formatted_as_per_cent_are_not_taken_for_less_than_one_in_a_hundred(tmp_path):
    codes, _ = refused(monthly(tmp_path, 0.9, 0.85, 1, 1.1, unit="% of norm"))
    assert codes == {"not-a-share"}
    assert values(monthly(tmp_path, 0.9, 0.85, 1, 1.1, unit="share of norm")) == pytest.approx([90, 85, 100, 110])


def test_everything_wrong_is_told_at_once(tmp_path):
    rows = [
        ["name", "estimate", "unit", "Jan 2027", "Feb 2027", "Smarch", "grade"],
        ["montain", "mean", "Mm3", 1, "", "", ""],
        ["mountain", "perhaps", "Mm3", 1, "", "", ""],
        ["mountain", "low", "buckets", 1, "", "", ""],
        ["mountain", "mean", "Mm3", "many", -1, "", "good"],
    ]
    codes, text = refused(as_csv(tmp_path / "forecast.csv", rows))
    assert codes == {"unknown-name", "unknown-choice", "unknown-unit", "not-a-number", "negative", "bad-period", "unknown-grade"}
    assert "mountain" in text


def test_a_half_and_a_month_of_it_are_two_figures_for_one(tmp_path):
    codes, _ = refused(forecast(tmp_path, ["name", "unit", "year", "Feb 2027"], ["mountain", "%", 90, 80]))
    assert codes == {"twice"}


def test_a_sheet_of_no_season_is_told(tmp_path):
    as_csv(tmp_path / "weather.csv", [["name", "x"], ["a", 1]])
    with pytest.raises(wf.InputError, match="unknown-sheet"):
        read_season_file(tmp_path)


def test_nothing_is_written_over(tmp_path, capsys):
    book = new(tmp_path)
    before = book.read_bytes()
    assert cli.main(["season", "new", "two_reservoirs", "2027", "--out", str(tmp_path)]) == 3
    assert "already-there" in capsys.readouterr().err
    assert book.read_bytes() == before
    assert cli.main(["season", "read", str(book), "--out", str(tmp_path)]) == 3


def test_a_filled_cell_goes_through_to_the_plan_with_its_source_and_grade(tmp_path, capsys):
    book = new(tmp_path / "made")
    found = sheets(book)
    fill(found["storages"], ("mountain",), "2027-01-01", 555.5)
    fill(found["storages"], ("mountain",), "source", "Gauge book, p. 7")
    fill(found["storages"], ("mountain",), "grade", "observed")
    path = as_book(tmp_path / "filled.xlsx", found, text=True)
    assert cli.main(["season", "read", str(path), "--out", str(tmp_path / "own")]) == 0
    rows = (tmp_path / "own" / "tables" / "opening_storage.csv").read_text().splitlines()
    assert "season_2027,mountain,2027-01-01,555.5,gauge_book_p_7,observed" in "\n".join(rows)
    assert "Gauge book, p. 7" in (tmp_path / "own" / "tables" / "sources.yaml").read_text()
    basin = wf.read_basin(tmp_path / "own")
    assert basin.reservoirs["mountain"].opening_storage == 555.5
    assert str(basin.calendar.start) == "2027-01-01"
    capsys.readouterr()


def test_check_names_every_blank_and_what_stands_in_for_it(tmp_path, capsys):
    book = new(tmp_path)
    capsys.readouterr()
    assert cli.main(["season", "check", str(book)]) == 0
    said = capsys.readouterr().out
    for told in ("Mountain dam: 500 Mm3, as in example (assumed)", "700 Mm3, the norm of made_up (assumed)", "storage_rules 2"):
        assert told in said
    for blank in filled(KIT, []).blanks:
        assert blank.grade == "assumed"


def test_facts_are_filled_in_beforehand(tmp_path):
    facts = as_csv(
        tmp_path / "storages.csv",
        [["name", "value", "unit", "source", "grade"], ["mountain", "0,4", "km3", "made_up", "observed"]],
        delimiter=";",
    )
    book = new(tmp_path / "made", "two_reservoirs", "2027", "--from-fact", facts)
    figures, problems = read(book)
    assert not problems
    assert [(f.value, f.source, f.grade) for f in figures if f.sheet == "storages"] == [(400.0, "made_up", "observed")]


@pytest.mark.parametrize("season", ["2026-27", "27", "spring", "2027-29"])
def test_a_season_of_other_days_is_refused(season):
    with pytest.raises(wf.InputError, match="bad-period"):
        season_kit("two_reservoirs", season)
