"""Plans as people type them: long or wide, csv or xlsx, names, units, months and dekads in many spellings, all faults at once."""

import datetime as dt
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import waterflow as wf
from tests.rivers import every_process
from waterflow.loading.plan_sheet import read_cells
from waterflow.loading.plan_table import by_dekad, read_plan
from waterflow.loading.spellings import month_and_dekad, quantity_of, unit_of

TEACHING = wf.read_basin("two_reservoirs")
LABELS = TEACHING.calendar.labels
DAYS = [p.days for p in TEACHING.calendar.periods]
#: 100 m3/s in Mm3 of each month
HUNDRED = [100 * 86400 * d / 1e6 for d in DAYS]


def read(cells, basin=TEACHING):
    return read_plan(cells, "plan.csv", basin)


def from_file(path, text, basin=TEACHING, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return read_plan(read_cells(path), path.name, basin)


def refused(cells, basin=TEACHING):
    with pytest.raises(wf.InputError) as caught:
        read(cells, basin)
    return {(p.code, p.where) for p in caught.value.problems}, str(caught.value)


LONG = [["place", "quantity", "period", "value_m3s"], *(["mountain", "release", label, 100] for label in LABELS)]
FORMS = {
    "long, unit in the header": LONG,
    "long, unit in a column": [["reservoir", "month", "value", "unit"], *(["Mountain dam", label, 100, "m³/s"] for label in LABELS)],
    "long, quantity in the header": [["node", "date", "release, m3/s"], *(["mountain", dt.date(2025, k, 1), 100] for k in range(1, 5))],
    "a column for each period": [
        ["place", "unit", "Jan 2025", "Feb 2025", "03.2025", "2025-04"],
        ["upper", "cumecs", 100, 100, 100, "100"],
    ],
    "a column for each place": [["period", "mountain_release_m3s"], *([label, 100] for label in LABELS)],
    "a column for each place, in words": [["month", "Mountain dam release (m3/s)"], *([label, 100] for label in LABELS)],
    "in Russian": [
        ["водохранилище", "показатель", "месяц", "значение", "единица"],
        *(["Горная плотина", "попуск", m, 100, "м³/с"] for m in ("янв 2025", "февраль 2025", "Март 2025", "апр. 25")),
    ],
    "in Mm3": [["place", "period", "value_Mm3"], *(["mountain", label, v] for label, v in zip(LABELS, HUNDRED, strict=True))],
    "in km3": [
        ["place", "period", "value", "unit"],
        *(["mountain", label, v / 1000, "km3"] for label, v in zip(LABELS, HUNDRED, strict=True)),
    ],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(form):
    found = read(FORMS[form])
    assert set(found.releases) == {"upper"}
    assert found.releases["upper"] == pytest.approx(HUNDRED)
    assert found.withdrawals == {}
    assert found.unit == ("Mm3" if "Mm3" in form or "km3" in form else "m3/s")


def test_a_demand_is_withdrawn_by_its_name_or_its_title():
    for name in ("valley_fields", "Fields of the valley", "Поля долины"):
        found = read([["user", "period", "value_Mm3"], *([name, label, 7] for label in LABELS)])
        assert found.withdrawals == {"valley_fields": (7, 7, 7, 7)}


def test_a_month_covers_its_dekads_a_rate_as_it_is_a_volume_by_days():
    basin = wf.read_basin("two_reservoirs", step="dekad")
    rate = read(LONG, basin).releases["upper"]
    volume = read(FORMS["in Mm3"], basin).releases["upper"]
    assert rate == pytest.approx([100 * 86400 * p.days / 1e6 for p in basin.calendar.periods])
    assert volume == pytest.approx(rate)


def test_dekads_are_seen_and_a_first_day_is_a_dekad_among_dekads():
    basin = wf.read_basin("two_reservoirs", step="dekad")
    days = [p.start for p in basin.calendar.periods]
    cells = [["place", "period", "value_m3s"], *(["mountain", day, k] for k, day in enumerate(days))]
    assert by_dekad(cells)
    assert not by_dekad(LONG)
    assert read(cells, basin).releases["upper"][1] == pytest.approx(1 * 86400 * 10 / 1e6)


def test_a_file_with_semicolons_has_decimal_commas(tmp_path):
    lines = ["place;period;value_m3s", *(f"mountain;{label};1 00,0" for label in LABELS), ""]
    assert from_file(tmp_path / "p.csv", "\r\n".join(lines), encoding="utf-8-sig").releases["upper"] == pytest.approx(HUNDRED)


TYPED = {
    "semicolons, thousands with points": (";", "100,0", "1.500", 1500),
    "tabs, thousands with commas": ("\t", "100.0", "1,500", 1500),
    "semicolons, points for decimals": (";", "100.5", "1.500", 1.5),
    "commas for decimals beside three digits": (";", "0,25", "1,500", 1.5),
    "commas between columns, decimals with commas": (",", "'100,25'", "'1,500'", 1.5),
    "commas between columns, thousands with commas": (",", "100.0", "'1,500'", 1500),
    "thousands with spaces": (";", "100,0", "1 500", 1500),
    "millions": (";", "100,0", "1.234.567,5", 1234567.5),
    "apostrophes": (";", "1.5", "1\u2019500", 1500),
}


@pytest.mark.parametrize("form", TYPED)
def test_one_file_has_one_decimal_sign(form, tmp_path):
    sign, usual, odd, wanted = TYPED[form]
    rows = [["place", "period", "value_Mm3"], *(["mountain", label, usual] for label in LABELS[:3]), ["mountain", LABELS[3], odd]]
    text = "\n".join(sign.join(row) for row in rows).replace("'", '"')
    assert from_file(tmp_path / "plan.csv", text).releases["upper"][3] == pytest.approx(wanted)


def test_numbers_that_may_be_read_in_two_ways_are_refused(tmp_path):
    lines = ["place;period;value_Mm3", *(f"mountain;{label};1.500" for label in LABELS)]
    with pytest.raises(wf.InputError, match=r"row 2: found 1.500, which may be 1.5 or 1500"):
        from_file(tmp_path / "plan.csv", "\n".join(lines))


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=4, max_size=4), st.sampled_from([(",", "."), (".", ","), (",", " "), (".", "")]))
def test_numbers_come_back_however_they_are_written(tmp_path_factory, numbers, signs):
    decimal, thousands = signs
    typed = [f"{x:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands) for x in numbers]
    lines = ["place;period;value_Mm3", *(f"mountain;{label};{text}" for label, text in zip(LABELS, typed, strict=True))]
    found = from_file(tmp_path_factory.mktemp("typed") / "plan.csv", "\n".join(lines)).releases["upper"]
    assert found == pytest.approx([float(x) for x in numbers])


def test_a_months_volume_over_a_part_of_the_month_is_that_part():
    """A horizon from 11 February: two dekads of 10 and 8 days, each its share of the 28."""
    basin = wf.read_basin("shardara_february_2023")
    assert basin.calendar.labels[0] == "2023-02-d2"
    volume, rate = (
        [["place", "quantity", "period", header], *(["shardara", "release", f"2023-0{k}", value] for k, value in ((2, two), (3, three)))]
        for header, two, three in (("value_Mm3", 2177.28, 2410.56), ("value_m3s", 900, 900))
    )
    found = read(volume, basin).releases
    assert found == {name: pytest.approx(series) for name, series in read(rate, basin).releases.items()}
    assert next(iter(found.values()))[0] == pytest.approx(777.6)


def test_an_empty_line_and_a_note_are_passed_over(tmp_path):
    lines = ["place,period,value_m3s,note", *(f"mountain,{label},100,as agreed" for label in LABELS), ",,,", ""]
    assert from_file(tmp_path / "p.csv", "\n".join(lines)).releases["upper"] == pytest.approx(HUNDRED)


def test_everything_wrong_is_named_at_once_with_its_row():
    cells = [
        ["place", "quantity", "period", "value", "unit"],
        ["mountian", "release", "2025-01", 100, "m3/s"],
        ["plain", "release", "2025-01", "1,5", "m3/s"],
        ["plain", "leak", "2025-02", 100, "m3/s"],
        ["plain", "release", "2025-03", 100, "buckets"],
        ["plain", "release", "2026-03", -1, "m3/s"],
        ["mountain", "release", "January", "", "m3/s"],
        ["lower", "flow", "2025-01", 1, "m3/s"],
        ["valley_fields", "withdrawal", "2025-01", 1, "Mm3"],
        ["valley_fields", "withdrawal", "2025-01", 1, "Mm3"],
    ]
    found, text = refused(cells)
    assert found == {
        ("unknown-place", "plan.csv, row 2"),
        ("not-a-number", "plan.csv, row 3"),
        ("unknown-quantity", "plan.csv, row 4"),
        ("unknown-unit", "plan.csv, row 5"),
        ("outside-horizon", "plan.csv, row 6"),
        ("negative", "plan.csv, row 6"),
        ("bad-period", "plan.csv, row 7"),
        ("blank", "plan.csv, row 7"),
        ("not-a-decision", "plan.csv, row 8"),
        ("twice", "plan.csv, row 10"),
        ("missing-period", "valley_fields"),
    }
    assert "Did you mean mountain" in text
    assert "A decimal comma?" in text
    assert "no figure for 2025-02, 2025-03, 2025-04" in text


def test_a_header_that_is_no_form_is_refused():
    assert refused([["place", "period", "valeu"], ["mountain", "2025-01", 1]])[0] >= {("unknown-place", "plan.csv, row 2, valeu")}
    assert refused([["place", "quantity", "period", "value_m3s", "flaw"]])[0] == {("unknown-column", "plan.csv, column 5")}
    assert refused([["quantity", "value_m3s"], ["release", 1]])[0] == {("missing-column", "plan.csv")}
    assert refused([["place", "period", "value_m3s"]])[0] == {("not-a-table", "plan.csv")}
    assert refused([["place", "period", "value_m3s"], ["mountain", "2025-01", 1, 2]])[0] == {("ragged-row", "plan.csv, row 2")}


def test_a_junction_with_every_way_given_and_a_reservoir_of_two_ways():
    """The town sends water on and into the pond: one of the two takes the rest."""
    basin = every_process().basin()
    labels = basin.calendar.labels
    cells = [["reach", "period", "value_Mm3"], *([a, label, 1] for a in ("filling", "middle") for label in labels)]
    assert refused(cells, basin)[0] == {("not-a-decision", "node town")}
    pond = [["reservoir", "quantity", "period", "value_Mm3"], *(["pond", "filling", label, 1] for label in labels)]
    assert set(read(pond, basin).releases) == {"filling"}


CELL = '<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'


def workbook(path, rows):
    """The smallest Excel workbook there is: text in strings, numbers as numbers."""
    lines = []
    for r, row in enumerate(rows, start=1):
        cells = []
        for c, value in enumerate(row):
            at = f"{chr(65 + c)}{r}"
            cells.append(f'<c r="{at}"><v>{value}</v></c>' if isinstance(value, int | float) else CELL.format(at=at, value=value))
        lines.append(f'<row r="{r}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        '<sheet name="plan" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as file:
        for name, text in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


@pytest.mark.parametrize("form", ["long, unit in the header", "in Russian", "a column for each period"])
def test_a_workbook_says_the_same(form, tmp_path):
    found = read_plan(read_cells(workbook(tmp_path / "plan.xlsx", FORMS[form])), "plan.xlsx", TEACHING)
    assert found.releases["upper"] == pytest.approx(HUNDRED)


def test_what_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "plan.xlsx").write_text("place,period")
    for name, code in (("plan.xlsx", "not-a-table"), ("nothing.xlsx", "no-such-file"), ("nothing.csv", "no-such-file")):
        with pytest.raises(wf.InputError, match=code):
            read_cells(tmp_path / name)


@pytest.mark.parametrize("stray", ["XFD1048576", "ZZZZZZZ2", "A99999999999", "A4000000000"])
def test_a_stray_or_absurd_cell_stops_no_process(tmp_path, stray):
    """The reader makes a cell for every place up to the last one, or aborts: seen from another process."""
    path = workbook(tmp_path / "plan.xlsx", LONG)
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    sheet = next(name for name in parts if name.endswith("sheet1.xml"))
    row = stray.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    parts[sheet] = parts[sheet].replace("</sheetData>", f'<row r="{row}"><c r="{stray}"><v>1</v></c></row></sheetData>')
    with zipfile.ZipFile(path, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    with pytest.raises(wf.InputError, match=r"plan.xlsx: found a workbook that cannot be read"):
        read_cells(path)


def test_the_folder_one_stands_in_does_not_break_the_reader(tmp_path, monkeypatch):
    (tmp_path / "pickle.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(read_cells(workbook(tmp_path / "plan.xlsx", LONG))) == len(LONG)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2024-10", (2024, 10, None)),
        ("2024-10-d2", (2024, 10, 2)),
        ("Oct 2024", (2024, 10, None)),
        ("October 24", (2024, 10, None)),
        ("окт 2024", (2024, 10, None)),
        ("мая 2025", (2025, 5, None)),
        ("10.2024", (2024, 10, None)),
        ("2024-10-21", (2024, 10, 3)),
        ("21.10.2024", (2024, 10, 3)),
        (dt.datetime(2024, 10, 11, 0, 0), (2024, 10, 2)),
        ("2024-10-12", None),
        ("2024-13", None),
        ("winter", None),
        (101.5, None),
    ],
)
def test_periods_in_many_spellings(typed, meant):
    assert month_and_dekad(typed) == meant


def test_units_and_quantities_in_many_spellings():
    assert {unit_of(u)[0] for u in ("m3/s", "m³/s", "м3/с", "м³/сек", "cumecs")} == {"m3/s"}
    assert {unit_of(u) for u in ("Mm3", "mln m3", "млн м³", "млн.м3", "hm3")} == {("Mm3", 1.0)}
    assert unit_of("km3") == ("Mm3", 1000.0)
    assert unit_of("acre-feet")[0] == ""
    assert quantity_of("Попуск") == "release"
    assert quantity_of("водозабор") == "withdrawal"
