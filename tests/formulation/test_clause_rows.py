"""Nothing said in a clause is lost: every figure is a row in force, in its own days, its own unit and its own year, or is refused."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import waterflow as wf
from tests.formulation.test_clauses import dam
from tests.rivers import River
from waterflow.basin.agreements import Agreement
from waterflow.basin.clause_rows import under


def rows(river):
    return river.basin().clause_rows


def windows(river):
    """(days, figure) of every row."""
    return sorted((r.window, r.figure, r.rule) for r in rows(river).values())


def span(start, end, **amount):
    return {"start": start, "end": end, **amount}


def test_two_windows_from_one_date_are_two_rows():
    """480 to February and 300 to March: both are in force, so 480 are let go by February though 300 would do for March."""
    river = dam(months=6, runoff=100)
    figures = [span("2024-10-01", "2025-02-28", amount_Mm3=480), span("2024-10-01", "2025-03-31", amount_Mm3=300)]
    river.clause("both", "release", reservoir="dam", figures=figures)
    found = rows(river)
    assert sorted(found) == ["both/2024-10-01/2025-02-28", "both/2024-10-01/2025-03-31"]
    assert [r.figure for r in found.values()] == [480, 300]
    assert float(wf.allocate(river.basin()).dataset["flow"].values[0][:5].sum()) >= 480 - 1e-9


def test_rates_that_overlap_both_hold():
    """1 m3/s in October to December, 2 in November: November has both rows, and the larger binds."""
    river = dam(months=3)
    figures = [span("2024-10-01", "2024-12-31", flow_m3s=1), span("2024-11-01", "2024-11-30", flow_m3s=2)]
    river.clause("flow", "release", reservoir="dam", figures=figures)
    assert len(rows(river)) == 4
    november = 2 * 30 * 86400 / 1e6
    assert float(wf.allocate(river.basin()).dataset["flow"].values[0][1]) >= november - 1e-9


@pytest.mark.parametrize("days", [("2024-10-01", "2024-11-30"), ("10-01", "11-30")])
def test_the_same_days_twice_are_refused(days):
    river = dam(months=3)
    figures = [span("2024-10-01", "2024-11-30", amount_Mm3=1), span(*days, amount_Mm3=2)]
    with pytest.raises(wf.InputError, match="one figure for the same days"):
        river.clause("twice", "release", reservoir="dam", figures=figures).basin()


def test_one_date_twice_is_refused():
    river = dam(months=3)
    figures = [{"date": "2024-12-01", "amount_Mm3": v} for v in (1, 2)]
    with pytest.raises(wf.InputError, match="2024-12-01"):
        river.clause("twice", "storage", reservoir="dam", figures=figures).basin()


@pytest.mark.parametrize("name", ["swap/water", "", " swap"])
def test_an_id_cannot_be_taken_for_a_row_of_another(name):
    with pytest.raises(ValueError, match="an id without /"):
        dam().clause(name, "release", reservoir="dam", figures=[span("2024-10-01", "2024-10-31", amount_Mm3=1)])


def test_an_agreement_twice_is_refused():
    river = dam()
    river.clause("a", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=1)])
    (clause,) = river.parts.pop("clauses")
    one = Agreement(name="same", title="a", title_ru="a", clauses=(clause,))
    with pytest.raises(wf.InputError, match="each agreement once"):
        under(river.basin(), [one, one.model_copy(update={"clauses": ()})])


def two_years():
    river = River(months=24, parties="A B").node("dam", "reservoir", runoff=20).node("sea", "outlet").reach("out", "dam", "sea")
    river.reservoir("dam", 0, 1000).plant("mill", "out", "A", 1).needs_power("A", 10, {0.2: 1.0})
    return river.export("line", "A", 8, 0.01).supply("tie", "A", 5, 0.05).priorities("cost")


def test_every_year_of_water_for_energy_has_its_own_water():
    """2 GWh in each of two winters at half a kWh a m3: 4 above 5 in each of two springs, and each winter pays for its own."""
    river = two_years()
    asked = {"water": {"storage": "dam", "date": "04-01"}, "base_Mm3": 5, "kWh_per_m3": 0.5}
    river.clause("swap", "energy_for_water", giver="B", receivers=["A"], figures=[span("10-01", "03-31", energy_GWh=2)], **asked)
    found = {n: r for n, r in rows(river).items() if r.unit == "Mm3"}
    assert sorted(found) == ["swap/water/2025-04-01", "swap/water/2026-04-01"]
    booked = [{i[1] for u, i, _ in r.terms if u == "exchanged"} for r in found.values()]
    assert booked[0] == {"2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03"}
    assert not booked[0] & booked[1]


def test_every_year_has_its_share():
    """Two fifths of each year's release in its summer: a row a year, each against its own year."""
    river = two_years()
    part = {"release": "dam", "start": "04-01", "end": "09-30"}
    whole = {"release": "dam", "start": "10-01", "end": "09-30"}
    river.clause("summer", "proportional_share", part=part, whole=[whole], share=0.4)
    assert len(rows(river)) == 2
    flow = wf.allocate(river.basin()).dataset["flow"].values[0]
    for year in (flow[:12], flow[12:]):
        assert year[6:].sum() >= 0.4 * year.sum() - 1e-9


def test_years_that_do_not_belong_together_are_refused():
    """A share of one named year against every year: whose share would it be?"""
    river = two_years()
    part = {"release": "dam", "start": "2025-04-01", "end": "2025-09-30"}
    whole = {"release": "dam", "start": "10-01", "end": "09-30"}
    with pytest.raises(wf.InputError, match="spans with the same years"):
        river.clause("summer", "proportional_share", part=part, whole=[whole], share=0.4).basin()


@pytest.mark.parametrize(
    ("days", "told"),
    [(("2024-10-01", "10-31"), "one day has a year"), (("2025-02-30", "2025-03-31"), "no day of any year"), (("13-01", "13-31"), "no day")],
)
def test_days_that_do_not_exist_are_refused(days, told):
    with pytest.raises(wf.InputError, match=told):
        dam(months=12).clause("x", "release", reservoir="dam", figures=[span(*days, amount_Mm3=1)]).basin()


def test_the_29th_of_february_is_the_last_day_of_every_february():
    river = dam(months=24, start="2023-10-01")
    river.clause("cold", "release", reservoir="dam", figures=[span("02-01", "02-29", amount_Mm3=1)])
    assert [r.window for r in rows(river).values()] == ["2024-02-01/2024-02-29", "2025-02-01/2025-02-28"]


@pytest.mark.parametrize(
    ("written", "ours", "told"),
    [
        ({"amount_km3": 0.125}, 125, ">= 0.125 km3"),
        ({"amount_Mm3": 125}, 125, ">= 125 Mm3"),
        ({"flow_m3s": 50}, 50 * 31 * 0.0864, ">= 50 m3/s"),
    ],
)
def test_figures_in_other_units_are_ours_and_are_printed_as_written(written, ours, told):
    river = dam(runoff=200)
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, **written)])
    assert rows(river)["spring"].figure == pytest.approx(ours)
    assert told in wf.allocate(river.basin()).summary(full=True)


def test_one_figure_in_two_units_is_refused():
    with pytest.raises(ValueError, match="one of amount_Mm3 and amount_km3"):
        dam().clause("x", "release", reservoir="dam", figures=[span("2024-10-01", "2024-10-31", amount_km3=1, amount_Mm3=1)])


@pytest.mark.parametrize(("amount", "told"), [(0.001, True), (4, False), (4000, True)])
def test_a_figure_a_thousand_times_off_is_told(amount, told):
    """10 Mm3 a month run: 0.001 and 4,000 are in another unit."""
    river = dam()
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=amount)])
    assert any("spring" in w and "Another unit?" in w for w in river.basin().warnings()) == told


MONTHS = [dt.date(2024, 10, 1) + dt.timedelta(days=31 * k) for k in range(24)]
STARTS = [d.replace(day=1) for d in MONTHS]


@st.composite
def figures(draw):
    """Figures with windows that overlap, begin together, stand for one year or every year, and rates among them."""
    found = []
    for amount in range(1, draw(st.integers(1, 5)) + 1):
        first = draw(st.integers(0, 22))
        last = draw(st.integers(first, min(23, first + 11)))
        start, end = STARTS[first], (STARTS[last] + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        yearly = draw(st.booleans())
        cut = 5 if yearly else 0
        key = draw(st.sampled_from(["amount_Mm3", "flow_m3s"]))
        found.append({"start": str(start)[cut:], "end": str(end)[cut:] if not (yearly and end.month == 2) else "02-29", key: amount})
    return found


def said(figure, calendar):
    """What a figure says, read without the library: (first day, last day, Mm3) of each row it should make."""
    first, last = figure["start"], figure["end"]
    spans = []
    if len(first) > 5:
        spans.append((first, last))
    else:
        for year in (2023, 2024, 2025, 2026):
            end = year + (last < first)
            day = "02-28" if last == "02-29" and end % 4 else last
            spans.append((f"{year}-{first}", f"{end}-{day}"))
    inside = [s for s in spans if s[0] >= str(calendar.start) and s[1] <= str(calendar.end)]
    if "amount_Mm3" in figure:
        return [(*s, figure["amount_Mm3"]) for s in inside]
    periods = [p for s in inside for p in calendar.periods if str(p.start) >= s[0] and str(p.end) <= s[1]]
    return [(str(p.start), str(p.end), figure["flow_m3s"] * 0.0864 * p.days) for p in periods]


@given(figures(), st.sampled_from([("release", "at_least"), ("release", "at_most"), ("release", "exactly")]), st.sampled_from([0, 1]))
def test_every_figure_written_is_a_row_in_force_or_refused(written, kind, carry):
    river = two_years()
    river.clause("asked", kind[0], reservoir="dam", figures=written, rule=kind[1], carry_over=carry, concession_price=1)
    wanted = [x for f in written for x in said(f, river.calendar)]
    spans = [s for f in written for s in {(a, b) for a, b, _ in said({**f, "amount_Mm3": 1}, river.calendar)}]
    sides = {"exactly": ("at_least", "at_most")}.get(kind[1], (kind[1],))
    # days that no year of the horizon holds, or the same days twice
    if len(spans) > len(set(spans)) or any(not said(f, river.calendar) for f in written):
        with pytest.raises(wf.InputError):
            rows(river)
        return
    found = rows(river)
    made = sorted((r.window, round(r.figure, 9), r.rule) for r in found.values())
    assert made == sorted((f"{a}/{b}", round(v, 9), side) for a, b, v in wanted for side in sides)
    chain = SimpleNamespace(owed={i[0] for r in found.values() for u, i, _ in r.terms if u == "clause_slack"})
    assert not carry or chain.owed == {r.name for r in found.values() if r.carried}
