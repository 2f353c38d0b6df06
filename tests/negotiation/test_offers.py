"""Offers: a package by hand, the smallest change that all sign against a fine grid, what is refused, and the file."""

import numpy as np
import pytest

from tests.rivers import River
from waterflow import cli
from waterflow.errors import InputError
from waterflow.loading.offers import LaterYears, Offered, OffersFile, OpenFigure, Paid, as_yaml, read_offers, require_known
from waterflow.negotiation.offer_facts import logged, offer_facts
from waterflow.negotiation.offers import Search, package
from waterflow.report.offer_text import offer_text
from waterflow.words.catalogue import speaking
from waterflow.words.layout import WIDTH


def bound(worth=0.06, figure=50.0):
    """The barter of `tests.negotiation.test_table` with a clause: Up lets so much go in April. Values at low are half, at high double."""
    river = River(months=2, start="2025-03-01", parties="Up Down")
    river.node("dam", "reservoir", runoff=0).node("field").node("sea", "outlet")
    river.reach("out", "dam", "field").reach("end", "field", "sea").reservoir("dam", 100, 100)
    river.plant("plant", "out", "Up", 0.5, 200).needs_power("Up", [50.0, 0.0], {0.1: 1.0}).supply("line", "Up", 100, 0.02)
    river.demand("wheat", "field", "Down", [0, 80]).worth_in_blocks("wheat", {worth: 1.0})
    basin = river.clause("april", "release", reservoir="dam", giver="Up", figures=[river.span(1, 1, amount_Mm3=figure)]).basin()
    return basin.replaced(reservoirs={"dam": basin.reservoirs["dam"].model_copy(update={"owner": "Up"})})


OPEN = (OpenFigure(row="april", low=0, high=100, unit="Mm3"),)


def offer(by, figure, *payments):
    return Offered(by=by, figures={"april": figure}, payments=tuple(Paid(giver=a, receiver=b, million_USD=m) for a, b, m in payments))


def test_a_package_by_hand():
    """Each Mm3 in April costs Up 0.01 million USD and brings Down 0.03 where values are low: 80 leave 1.6, Up is paid 0.8 + 0.8."""
    found = package(bound(), OPEN, [offer("Down", 80, ("Down", "Up", 0.5)), offer("Up", 20, ("Down", "Up", 3.0))])
    assert found.best.figures["april"] == pytest.approx(80, abs=7)
    exact = Search(bound()).judge({"april": 80})
    assert exact.needs == pytest.approx({"Up": 0.8, "Down": -2.4}, abs=1e-4)
    assert exact.receipts() == pytest.approx({"Up": 1.6, "Down": -1.6}, abs=1e-4)
    facts = offer_facts(found, OffersFile(format=1, agreement="deal", open=OPEN, offers=(offer("Down", 80), offer("Up", 20))), bound())
    assert [x.kind for x in facts.proposals] == ["best", "nearest"]
    for proposal in facts.proposals:
        assert all(
            g >= -1e-6 for level in (proposal.gains_low_MUSD, proposal.gains_central_MUSD, proposal.gains_high_MUSD) for g in level.values()
        )
        (paid,) = proposal.transfers
        assert (paid.giver, paid.receiver) == ("Down", "Up")
        assert paid.GWh == pytest.approx(paid.million_USD / 0.02)


def test_who_signs_an_offer_as_it_was_made():
    """Down asks 80 and pays 0.5: Up is 0.3 short. Up offers 20 for 3.0: Down has at most 2.4 from it, at high values."""
    offers = (offer("Down", 80, ("Down", "Up", 0.5)), offer("Up", 20, ("Down", "Up", 3.0)))
    file = OffersFile(format=1, agreement="deal", open=OPEN, offers=offers)
    facts = offer_facts(package(bound(), OPEN, offers), file, bound())
    assert [x.signs for x in facts.offers] == [("Down",), ("Up",)]
    assert facts.offers[0].gains_central_MUSD == pytest.approx({"Up": -0.3, "Down": 4.3}, abs=1e-4)


def test_no_smaller_change_is_signed_by_all():
    """Of 100 Mm3 20 are of no use to Down: at low values 80 bring 0.96 and cost what is let go; all sign from 96 down."""
    basin = bound(worth=0.024)
    found = package(basin, OPEN, [offer("Down", 100)])
    assert found.offered[0].surplus == pytest.approx(-0.04, abs=1e-4)
    assert found.nearest.figures["april"] == pytest.approx(96, abs=0.5)
    search = Search(basin)
    signed = [z for z in np.linspace(90, 100, 21) if search.judge({"april": float(z)}).surplus >= -1e-3]
    assert max(signed) == pytest.approx(96, abs=0.5)


def test_where_nothing_is_signed_that_is_said():
    """A field worth less than the imports: whatever is let go in April, Up would have to be paid more than Down gains."""
    basin = bound(worth=0.002)
    opened = (OpenFigure(row="april", low=40, high=100, unit="Mm3"),)
    found = package(basin, opened, [offer("Down", 60)])
    file = OffersFile(format=1, agreement="deal", open=opened, offers=(offer("Down", 60),))
    facts = offer_facts(found, file, basin)
    assert facts.proposals == ()
    assert facts.in_the_way == ("Up",)
    assert facts.short_MUSD == pytest.approx(0.4 - 0.04, abs=1e-3)
    assert found.nearest is None


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_fits_and_is_in_the_language_spoken(lang):
    offers = (offer("Down", 80, ("Down", "Up", 0.5)),)
    file = OffersFile(format=1, agreement="deal", open=OPEN, offers=offers)
    with speaking(lang):
        text = offer_text(offer_facts(package(bound(), OPEN, offers), file, bound()))
    assert max(map(len, text.splitlines())) <= WIDTH
    said = {"en": ("Would not sign: Up.", "Down pays Up"), "ru": ("Не подписали бы: Up.", "Down платит Up")}[lang]
    assert all(part in text for part in said)


GOOD = """format: 1
agreement: deal
open: [{row: april, from: 0, to: 100, unit: Mm3}]
offers: [{by: Up, figures: {april: 20}, payments: [{from: Down, to: Up, million_USD: 3}]}]
"""


def test_a_file_is_read_as_it_is_typed(tmp_path):
    path = tmp_path / "offers.yaml"
    path.write_text(GOOD)
    found = read_offers(path)
    assert found.open == OPEN
    assert found.offers == (offer("Up", 20, ("Down", "Up", 3.0)),)
    require_known(found, path.name, bound().clause_rows, ["Up", "Down"])


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path):
    path = tmp_path / "offers.yaml"
    path.write_text(GOOD.replace("to: 100", "to: 0").replace("{april: 20}", "{apil: 20}").replace("from: Down", "from: Dawn"))
    with pytest.raises(InputError) as caught:
        require_known(read_offers(path), path.name, bound().clause_rows, ["Up", "Down"])
    said = str(caught.value)
    for part in ("0 to 0", "found apil", "Did you mean april?", "found Dawn", "nothing for april"):
        assert part in said, part
    path.write_text(GOOD.replace("unit: Mm3", "unit: m3").replace("by: Up", "buy: Up"))
    with pytest.raises(InputError) as caught:
        read_offers(path)
    assert len(caught.value.problems) >= 3


def test_the_command_reads_a_file_beside_its_agreement(tmp_path, capsys):
    path = tmp_path / "offers.yaml"
    path.write_text(GOOD.replace("agreement: deal", "agreement: nowhere"))
    assert cli.main(["negotiate", "two_reservoirs", "--open", str(path), "--no-progress"]) == 3
    assert "unknown-agreement" in capsys.readouterr().err
    assert cli.main(["negotiate", "two_reservoirs", "--open", str(path), "--format", "csv"]) == 3


def test_figures_outside_their_bounds_other_units_and_payments_to_oneself_are_told(tmp_path):
    path = tmp_path / "offers.yaml"
    path.write_text(GOOD.replace("unit: Mm3", "unit: GWh").replace("{april: 20}", "{april: 120}").replace("from: Down", "from: Up"))
    with pytest.raises(InputError) as caught:
        require_known(read_offers(path), path.name, bound().clause_rows, ["Up", "Down"])
    assert {p.code for p in caught.value.problems} == {"unknown-unit", "bad-range", "unknown-party"}


def test_what_is_promised_for_later_counts_less_by_hand():
    """10 after two years at 5 % interest, a tenth never paid, half of the rest a year late: 10 x 0.9 x (0.5 + 0.5/1.05) / 1.05^2."""
    later = LaterYears(interest=0.05, default=0.1, late=0.5)
    assert later.worth(0) == 1.0
    worth = 10 * 0.9 * (0.5 + 0.5 / 1.05) / 1.05**2
    offers = (
        Offered(by="Down", figures={"april": 80}, payments=(Paid(giver="Down", receiver="Up", million_USD=10, after_years=2),)),
        Offered(by="Down", figures={"april": 60}, payments=(Paid(giver="Down", receiver="Up", GWh=100),)),
    )
    file = OffersFile(format=1, agreement="deal", open=OPEN, offers=offers, later_years=later)
    facts = offer_facts(package(bound(), OPEN, offers), file, bound())
    first, second = facts.offers
    assert first.later[0].worth_MUSD == pytest.approx(worth)
    assert first.gains_central_MUSD == pytest.approx({"Up": worth - 0.8, "Down": 4.8 - worth}, abs=1e-4)
    # 100 GWh at the import price of 0.02 are 2 million USD now; and what moved since the offer before is told
    assert second.gains_central_MUSD == pytest.approx({"Up": 2 - 0.6, "Down": 3.6 - 2}, abs=1e-4)
    assert second.moved == {"april": -20}
    assert second.gains_moved_MUSD["Up"] == pytest.approx(1.4 - (worth - 0.8), abs=1e-3)
    with speaking("en"):
        text = offer_text(facts)
    assert "Down pays Up 10.0 million USD after 2 years, worth" in text
    assert "Changed since its offer before: april" in text


def test_a_log_reads_back_and_tells_what_has_changed(tmp_path):
    offers = (offer("Down", 80, ("Down", "Up", 0.5)),)
    file = OffersFile(format=1, agreement="deal", open=OPEN, offers=offers)
    facts = offer_facts(package(bound(), OPEN, offers), file, bound())
    log = tmp_path / "log.yaml"
    head = "format: 1\nagreement: deal\nopen: [{row: april, from: 0, to: 100, unit: Mm3}]\n"
    log.write_text(f"{head}offers:\n- {{by: Up, date: 2026-03-10, figures: {{april: 9}}}}\n")
    assert read_offers(log).offers[0].date == "2026-03-10"
    log.write_text(as_yaml(logged(file, facts)))
    again = read_offers(log)
    assert again.offers[0].judged.gains_MUSD == pytest.approx({"Up": -0.3, "Down": 4.3}, abs=1e-4)
    assert again == logged(file, facts)
    assert offer_facts(package(bound(), OPEN, again.offers), again, bound()).offers[0].logged_MUSD is None
    changed = offer_facts(package(bound(worth=0.1), OPEN, again.offers), again, bound(worth=0.1)).offers[0]
    assert changed.logged_MUSD == again.offers[0].judged.gains_MUSD
    with speaking("en"):
        assert "The model or its values have changed" in offer_text(facts.model_copy(update={"offers": (changed,)})).replace("\n", " ")


def test_payments_of_nothing_or_of_power_without_a_price_are_refused():
    rows = bound().clause_rows
    file = OffersFile(
        format=1,
        agreement="deal",
        open=OPEN,
        offers=(
            Offered(by="Down", figures={"april": 80}, payments=(Paid(giver="Down", receiver="Up"),)),
            Offered(by="Down", figures={"april": 80}, payments=(Paid(giver="Down", receiver="Up", million_USD=1, GWh=2),)),
            Offered(by="Down", figures={"april": 80}, payments=(Paid(giver="Down", receiver="Up", GWh=2),)),
        ),
    )
    with pytest.raises(InputError) as caught:
        require_known(file, "offers.yaml", rows, ["Up", "Down"], power_has_a_price=False)
    assert len(caught.value.problems) == 3
    unheard = OffersFile(format=1, agreement="deal", open=OPEN, offers=(offer("Down", 80),), later_years=LaterYears(default=0.2))
    with pytest.raises(InputError, match="no payment falls due in a later year"):
        require_known(unheard, "offers.yaml", rows, ["Up", "Down"])
