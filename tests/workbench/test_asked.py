"""The page in a real Chromium, its slow answers held back: none of another question stands unmarked, and nobody waits for ever."""

import json

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
pytest.importorskip("playwright.sync_api")

from tests.workbench.served import serving
from tests.workbench.test_page import CHROMIUM, LEVER, delivered, opened, put

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]

PARTIES = ("KAZ", "KGZ", "TJK", "UZB")


class Held:
    """What a page asks of some kinds: held back until a test lets it go, or answered at once."""

    def __init__(self, page):
        self.routes, self.hold = {}, set()
        for kind in ("plan", "no_deal", "prices"):
            page.route(f"**/api/v1/{kind}", self._asked)

    def _asked(self, route):
        kind = route.request.url.rsplit("/", 1)[-1]
        if kind in self.hold:
            self.routes[kind] = route
        else:
            self._answer(kind, route)

    def _answer(self, kind, route):
        if kind == "plan":
            return route.continue_()
        found = {"status": "no_deal", "payoffs": {level: dict.fromkeys(PARTIES, 100.0) for level in ("low", "central", "high")}}
        return route.fulfill(json=found if kind == "no_deal" else {"status": "prices", "prices": []})

    def until(self, page, kind):
        while kind not in self.routes:
            page.wait_for_timeout(50)

    def let_go(self, kind):
        self._answer(kind, self.routes.pop(kind))

    def fail(self, kind):
        self.routes.pop(kind).fulfill(status=503, body=json.dumps({"status": "too_long", "told": "no answer within the limit"}))


def test_an_answer_of_another_question_never_stands_unmarked():
    with serving("syr_darya") as (address, _server), opened() as (page, _heard):
        page.set_default_timeout(60_000)
        held = Held(page)
        page.goto(f"{address}#m=syr_darya&l=en")
        page.wait_for_selector('[data-party="KGZ"]')
        page.wait_for_selector("text=No step of a lever moves what reaches it.")
        held.hold |= {"plan", "no_deal", "prices"}
        page.select_option('[data-key="scenario"]', "dry_year")
        held.until(page, "plan")
        assert page.inner_text("#planning") == "Planning…"
        assert "checked" not in page.inner_text("#proof")
        assert page.evaluate("document.body.matches('.behind')")
        held.let_go("plan")
        held.until(page, "no_deal")
        page.wait_for_selector("text=Asking what each has without a deal…")
        assert not page.locator("#planning").count()
        assert "checked" in page.inner_text("#proof")
        assert not page.locator("[data-party]").count(), "money of the year before"
        # a plan pinned now takes no money of another year along
        page.click('[data-key="pin"]')
        assert "no deal" not in page.inner_text("#compared")
        page.click('[data-key="unpin"]')
        nobody_waits_for_ever(page, held)
        minimum_flows_are_told(page, held)


def nobody_waits_for_ever(page, held):
    """An answer that fails is told where it was waited for, and can be asked for again."""
    held.fail("no_deal")
    held.until(page, "prices")
    page.wait_for_selector("text=What each has without a deal was not found: no answer within the limit")
    held.fail("prices")
    page.wait_for_selector('[data-key="again-steps"]')
    assert not page.locator("text=Trying a step of each lever…").count()
    held.hold.clear()
    page.click('[data-key="again-prices"]')
    page.wait_for_selector('[data-party="KGZ"]')
    page.wait_for_selector("text=No step of a lever moves what reaches it.")


def minimum_flows_are_told(page, held):
    """A promise that dries the river out: while it moves the page says of what its figures are; what is short is told beside a pin too."""
    page.click('[data-key="pin"]')
    before = delivered(page)
    held.hold.add("plan")
    put(page, LEVER, 12500)
    held.until(page, "plan")
    assert page.locator("#planning").count() == 1
    assert delivered(page) == before
    held.hold.clear()
    held.let_go("plan")
    page.wait_for_selector("#below")
    assert "Toktogul" in page.inner_text("#below")
    assert "minimum flow" in page.inner_text("#short")
    page.click('[data-key="all-short"]')
    lacking = page.locator("#short > div").count()
    assert lacking > 6
    for row in page.locator("#compared tbody tr").all():
        old, now, told = (float(c.replace("\u2212", "-").replace(",", "")) for c in row.locator("td").all_inner_texts())
        assert told == pytest.approx(now - old, abs=1e-6), row.inner_text()
