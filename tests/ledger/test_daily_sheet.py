"""Operational sheets by day in their real form, with invented figures: two-line headers, days across or down, labels that slipped."""

import datetime as dt
import random

import pytest
import xlsxwriter

from waterflow.errors import InputError
from waterflow.loading.daily_sheet import read_daily, read_labels

LABELS = """label,place,quantity,unit,part_of
Gauge,,,m3/s,
Dam / release,dam,release,m3/s,
Canal / total,,,m3/s,
Canal / left bank,canal,withdrawal,m3/s,Canal / total
Canal / right bank,other,withdrawal,m3/s,Canal / total
Weir,,,m3/s,
"""
NAMES = [
    ("0", "Gauge", ""),
    ("1", "Dam", "release"),
    ("2", "Canal", "total"),
    ("", "", "left bank"),
    ("", "", "right bank"),
    ("3", "Weir", ""),
]
DAYS = 30


def invented(seed=1):
    """Figures of the six lines: totals are sums of their parts, rounded as sheets are."""
    drawn = random.Random(seed)  # noqa: S311 - figures, no secrets
    left, right = ([round(drawn.uniform(1, 9), 1) for _ in range(DAYS)] for _ in range(2))
    total = [round(a + b, 1) for a, b in zip(left, right, strict=True)]
    return [[50.0] * DAYS, [100.0 + k for k in range(DAYS)], total, left, right, [3.0] * DAYS]


def across(figures):
    """A line for each canal, split by bank; a limit before the days and dekads after them."""
    head = [["Invented sheet, April 2025"], [], ["No", "Canal", "Part", "Limit", *range(1, DAYS + 1), "I", "II", "III"]]
    return head + [[*name, 50, *line, 1, 2, 3] for name, line in zip(NAMES, figures, strict=True)]


def down(figures):
    """A line for each day, a column for each canal, below a header of two lines."""
    head = [
        ["Invented sheet"],
        ["Date", "Gauge", "Dam", "Canal", "", "", "Weir"],
        ["", "", "release", "total", "left bank", "right bank", ""],
    ]
    return head + [[(dt.date(2025, 4, 1) + dt.timedelta(days=k)).strftime("%d.%m.%Y"), *(line[k] for line in figures)] for k in range(DAYS)]


@pytest.fixture
def labels(tmp_path):
    (tmp_path / "labels.csv").write_text(LABELS)
    return read_labels(tmp_path / "labels.csv")


def written(tmp_path, rows, form):
    path = tmp_path / f"sheet.{form}"
    if form == "csv":
        path.write_text("\n".join(";".join(str(c).replace(".", ",") if isinstance(c, float) else str(c) for c in row) for row in rows))
        return path
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for k, row in enumerate(rows):
            page.write_row(k, 0, row)
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("laid", [across, down])
def test_a_sheet_is_read(tmp_path, labels, laid, form):
    figures = invented()
    found = read_daily(written(tmp_path, laid(figures), form), labels)
    read = {(f.place, f.period): f.value for f in found.figures}
    assert found.checked == DAYS
    assert len(read) == 3 * DAYS
    for k in range(DAYS):
        day = str(dt.date(2025, 4, 1) + dt.timedelta(days=k))
        assert [read[place, day] for place in ("dam", "canal", "other")] == pytest.approx([figures[1][k], figures[3][k], figures[4][k]])
    aside = {"Canal / total", "Gauge", "Weir"} | ({"No", "Limit", "I", "II", "III"} if laid is across else set())
    assert set(found.left_aside) == aside


@pytest.mark.parametrize(("laid", "way"), [(across, "row"), (down, "column")])
@pytest.mark.parametrize("shift", [1, -1, 2])
def test_labels_that_slipped_are_told_by_the_balance_and_read_only_when_accepted(tmp_path, labels, laid, way, shift):
    figures = invented()
    blank = [[7.0] * DAYS for _ in range(abs(shift))]
    slipped = [*figures[shift:], *blank] if shift > 0 else [*blank, *figures[:shift]]
    path = written(tmp_path, laid(slipped), "csv")
    with pytest.raises(InputError, match="shifted-labels") as error:
        read_daily(path, labels)
    told = str(error.value)
    assert f"{abs(shift)} {way}" in told
    assert f"--shifted {shift}" in told
    found = read_daily(path, labels, shift)
    read = {(f.place, f.period): f.value for f in found.figures}
    assert read["canal", "2025-04-01"] == figures[3][0]
    # another shift than the right one is not taken for it
    with pytest.raises(InputError, match="shifted-labels"):
        read_daily(path, labels, -shift)


def test_totals_that_are_wrong_under_every_label_are_told_and_taken_only_as_they_stand(tmp_path, labels):
    figures = invented()
    figures[2] = [x + 5 for x in figures[2]]
    path = written(tmp_path, across(figures), "csv")
    with pytest.raises(InputError, match="No shift"):
        read_daily(path, labels)
    assert len(read_daily(path, labels, 0).figures) == 3 * DAYS


def test_a_blank_is_no_zero_and_days_without_flow_prove_nothing(tmp_path, labels):
    figures = invented()
    for line in figures[2:5]:
        line[:] = [0.0] * DAYS
    figures[1][4] = ""
    found = read_daily(written(tmp_path, across(figures), "csv"), labels)
    assert found.checked == 0
    assert found.blanks == 1
    assert ("dam", "2025-04-05") not in {(f.place, f.period) for f in found.figures}


def test_labels_that_mean_nothing_and_labels_that_never_came_are_told(tmp_path, labels):
    rows = across(invented())
    rows[-1][1] = "Wier"
    with pytest.raises(InputError, match="unknown-place"):
        read_daily(written(tmp_path, rows, "csv"), labels)
    assert read_daily(written(tmp_path, rows[:-1], "csv"), labels).absent == ("Weir",)


def test_a_table_of_labels_is_judged(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("label,place,quantity,unit,part_of\nA,a,flow,acre,\nA,a,flow,m3/s,B\n")
    with pytest.raises(InputError) as error:
        read_labels(path)
    assert sorted({p.code for p in error.value.problems}) == ["twice", "unknown-place", "unknown-unit"]
    path.write_text("label,place\n")
    with pytest.raises(InputError, match="missing-column"):
        read_labels(path)


def test_a_table_without_days_is_no_sheet(tmp_path, labels):
    with pytest.raises(InputError, match="no days"):
        read_daily(written(tmp_path, [["a", "b"], [1, 2]], "csv"), labels)
