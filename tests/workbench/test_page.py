"""The page in a real Chromium, every other host out of reach: the story of an evening, three widths, two languages, no finding of axe."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
sync_api = pytest.importorskip("playwright.sync_api")

from tests.workbench.faults import FAULTS, NAMELESS  # noqa: E402
from tests.workbench.served import serving  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
#: seconds; a busy machine plans a cold river
WAIT = 240_000

pytestmark = pytest.mark.browser
if not CHROMIUM:
    told = "no chromium on this machine"
    if os.environ.get("WATERFLOW_BROWSER") == "required":
        pytest.fail(told, pytrace=False)
    pytest.skip(told, allow_module_level=True)


@contextmanager
def opened(width=1280, height=900, **more):
    """A page, and what it asked for and complained about."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **more)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        heard = {"outside": [], "errors": []}
        page.on("request", lambda r: None if r.url.startswith(("http://127.0.0.1", "blob:", "data:")) else heard["outside"].append(r.url))
        page.on("console", lambda m: heard["errors"].append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: heard["errors"].append(str(e)))
        yield page, heard
        browser.close()


def delivered(page):
    return float(page.get_attribute("#delivered", "data-value"))


def money(page, party):
    return float(page.get_attribute(f'[data-party="{party}"]', "data-value"))


def put(page, address, value):
    """A lever moved as a finger does: many places on the way, then let go."""
    lever = page.locator(f'input[data-address="{address}"]')
    lever.evaluate(
        """(input, value) => {
            const from = Number(input.value);
            for (let k = 1; k <= 5; k++) {
                input.value = from + ((value - from) * k) / 5;
                input.dispatchEvent(new Event("input", { bubbles: true }));
            }
            input.value = value;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        value,
    )


def settled(page):
    """Wait until the newest plan and what each has without a deal are painted."""
    page.wait_for_selector("body:not(.busy) .trust >> text=/checked|impossible|проверено|невозможно/")


LEVER = "clause.let_go_toktogul_growing"


def test_an_evening_at_the_table(tmp_path):
    with serving("syr_darya") as (address, _server), opened() as (page, heard):
        page.goto(address)
        page.wait_for_selector("#delivered")
        page.select_option('[data-key="scenario"]', "dry_year")
        page.wait_for_selector('[data-party="KGZ"]')
        settled(page)
        before, kyrgyz = delivered(page), money(page, "KGZ")
        page.click('[data-key="pin"]')
        put(page, LEVER, 8000)
        page.wait_for_selector("#compared")
        settled(page)
        assert delivered(page) != pytest.approx(before, abs=0.5)
        assert money(page, "KGZ") != pytest.approx(kyrgyz, abs=0.05)
        assert "s=dry_year" in page.url
        assert "8000" in page.url
        rows = page.locator("#compared tbody tr").all_inner_texts()
        assert len(rows) >= 9
        a_pin_is_named_and_kept(page, tmp_path)

        put(page, LEVER, 14000)
        page.wait_for_selector('#ways [data-key="accept-0"]')
        assert page.locator("#answer.clash").count() == 1
        page.click(f'[data-accept="{LEVER}"]')
        page.wait_for_selector("#answer:not(.clash)")
        settled(page)
        assert page.locator("#ways").is_hidden()
        page.go_back()
        page.wait_for_selector("#answer.clash")
        page.go_back()
        page.wait_for_selector("#answer:not(.clash)")
        settled(page)

        page.select_option('[data-key="lang"]', "ru")
        page.wait_for_selector("text=Северное Аральское море: подано и задание")
        assert page.get_attribute("html", "lang") == "ru"
        saved = {form: exported(page, form, tmp_path) for form in ("pdf", "xlsx", "html")}
        assert not heard["outside"]
        assert not heard["errors"]
        read_back(saved, delivered(page))


def a_pin_is_named_and_kept(page, folder):
    """Beside a pinned plan the river prints differences alone, the lever its old place; a file keeps pins, and they are planned again."""
    assert page.evaluate(NAMELESS) == []
    printed = page.locator(".drawing tspan").all_text_contents()
    assert any(text[:1] in "+−" for text in printed)
    assert not any(text.replace(",", "").isdigit() for text in printed)
    assert page.locator(f'.lever:has(input[data-address="{LEVER}"]) .chip').inner_text().startswith("A ")
    page.fill('[data-key="pin-name"]', "before")
    page.press('[data-key="pin-name"]', "Enter")
    page.click('[data-key="pin"]')
    page.wait_for_selector('[data-key="compare"] >> text=/^B: /', state="attached")
    page.click('summary[data-key="export"]')
    with page.expect_download() as download:
        page.click('[data-key="save"]')
    path = folder / "evening.json"
    download.value.save_as(path)
    page.select_option('[data-key="compare"]', "A")
    page.click('[data-key="unpin"]')
    page.wait_for_selector('[data-key="compare"] >> text=/^A: /', state="detached")
    page.click('summary[data-key="export"]')
    with page.expect_file_chooser() as chooser:
        page.click('[data-key="open"]')
    chooser.value.set_files(path)
    page.wait_for_selector('[data-key="compare"] >> text="A: before"', state="attached")
    page.select_option('[data-key="compare"]', "A")
    page.wait_for_selector("#compared")
    page.evaluate("document.getElementById('export').open = false")


def exported(page, form, folder: Path):
    page.click('summary[data-key="export"]')
    with page.expect_download() as download:
        page.click(f'[data-key="{form}"]')
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == f".{form}"
    return path


def read_back(saved, passed):
    """The annex of the plan on the page says what the page says."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(saved["xlsx"]))
    cells = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    lake = next(row for row in cells if row and row[0] == "Северное Аральское море" and any(isinstance(c, float) for c in row))
    figures = [c for c in lake[1:] if isinstance(c, float)]
    assert figures[1] + figures[4] == pytest.approx(passed, abs=0.1)
    pypdf = pytest.importorskip("pypdf")
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(saved["pdf"]).pages)
    assert "Лимиты водозаборов" in text
    assert "<table>" in saved["html"].read_text(encoding="utf-8")


def every_picture(page, told, axe):
    """Each tab of the river's card: words whole, a balance that closes, a table of the same figures."""
    for tab in ("map", "water", "power"):
        page.click(f'[data-key="tab-{tab}"]')
        assert f"v={tab}" in page.url
        assert page.evaluate(FAULTS) == [], (*told, tab)
        page.click(f'summary[data-key="table-{tab}"]')
        rows = page.locator(f"#table-of-{tab} tbody tr").all_inner_texts()
        assert len(rows) > 10
        if tab != "map":
            gaps = page.locator("[data-gap]").evaluate_all("found => found.map((e) => Math.abs(Number(e.dataset.gap)))")
            assert gaps
            assert max(gaps) < 0.05
            bands = page.locator(".sankey .band").count()
            assert bands > 10
            assert page.get_attribute(".sankey", "aria-label").count(";") > 5
        if axe and tab != "power":
            found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
            assert not found.response["violations"], found.generate_report()


def facts(page):
    """A season that was has dots for what was seen, and a table that says who saw it."""
    page.focus('[data-key="tank-toktogul"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .chart")
    page.click('summary[data-key="facts"]')
    dots, rows = page.locator("#drawer .chart circle").count(), page.locator("#facts tbody tr").all_inner_texts()
    assert 10 < dots <= len(rows)
    assert all(row.split("\t")[-1] for row in rows)
    assert page.evaluate(FAULTS) == []
    page.keyboard.press("Escape")


def test_no_word_is_cut_or_covered_and_axe_finds_nothing():
    """At three widths in two languages, light and dark; every section of the phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    with serving("syr_darya") as (address, _server):
        for width, lang, scheme in (
            (1280, "en", "light"),
            (1280, "ru", "dark"),
            (768, "ru", "light"),
            (390, "en", "dark"),
            (390, "ru", "light"),
        ):
            with opened(width, 900, color_scheme=scheme) as (page, heard):
                page.goto(f"{address}#m=syr_darya&s=dry_year&l={lang}")
                page.wait_for_selector('[data-party="KGZ"]', state="attached")
                sections = ("river", "levers", "parties", "why") if width < 641 else ("",)
                for section in sections:
                    if section:
                        page.click(f'[data-key="section-{section}"]')
                    assert page.evaluate(FAULTS) == [], (width, lang, section)
                    found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
                    assert not found.response["violations"], found.generate_report()
                    assert len(found.response["passes"]) > 10, "axe looked at nothing"
                if sections[0]:
                    page.click('[data-key="section-river"]')
                assert page.evaluate(NAMELESS) == [], (width, lang)
                every_picture(page, (width, lang), axe.Axe() if (width, lang) in ((1280, "en"), (390, "ru")) else None)
                if not sections[0]:
                    page.click('[data-key="tab-schematic"]')
                    page.click('[data-key="tank-toktogul"]')
                    page.wait_for_selector("#drawer .chart")
                    page.click('[data-key="tab-table"]')
                    assert page.evaluate(FAULTS) == [], (width, lang, "drawer")
                assert not heard["outside"]
                assert not heard["errors"]
        with opened(390, 900) as (page, _):
            # the test sees what it is there to see
            page.goto(f"{address}#l=ru")
            page.wait_for_selector("#delivered")
            facts(page)
            page.evaluate("document.querySelector('#river h2').style.cssText = 'display: block; min-width: 900px'")
            assert page.evaluate(FAULTS)


def test_keys_alone_move_a_lever_and_open_a_reservoir():
    with serving("two_reservoirs") as (address, _server), opened() as (page, heard):
        page.goto(address)
        page.wait_for_selector("#delivered")
        settled(page)
        before = delivered(page)
        page.focus('input[data-address="runoff.all"]')
        for _ in range(2):
            page.keyboard.press("Shift+ArrowLeft")
            settled(page)
        page.wait_for_selector("text=/80/")
        assert delivered(page) < before
        page.focus('[data-key="tab-schematic"]')
        page.keyboard.press("ArrowRight")
        page.wait_for_selector('.balance[data-kind="water"]')
        assert page.locator('[data-key="tab-map"]').count() == 0
        page.keyboard.press("End")
        page.wait_for_selector("#picture table")
        page.keyboard.press("Home")
        page.focus('[data-key^="tank-"]')
        page.keyboard.press("Enter")
        page.wait_for_selector("#drawer .chart")
        page.keyboard.press("Escape")
        page.wait_for_selector("#drawer", state="hidden")
        page.keyboard.press("Control+z")
        settled(page)
        assert not heard["errors"]


def test_how_sure_promises_are_and_what_a_figure_rests_on():
    """Asked by a button, stale when a lever moves; any figure opens its grounds; nothing cut, nothing for axe, no request outside."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")

    def sound(page, told):
        assert page.evaluate(FAULTS) == [], told
        found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert not found.response["violations"], (told, found.generate_report())

    with serving("syr_darya") as (address, _server):
        for width, lang, scheme in ((1280, "en", "light"), (390, "ru", "dark")):
            with opened(width, 900, color_scheme=scheme) as (page, heard):
                page.goto(f"{address}#m=syr_darya&s=dry_year&l={lang}")
                page.wait_for_selector("#delivered")
                if width < 641:
                    page.click('[data-key="section-why"]')
                page.click('[data-key="ask-chances"]')
                page.wait_for_selector('[data-key="stop-chances"], #sure', state="attached")  # a record already asked answers at once
                page.wait_for_selector("#sure")
                assert page.locator("#answer .sure").count() == 2
                sound(page, (width, lang, "chances"))
                assert page.locator("#chances .worse").count() == 0 or "plan before" not in page.inner_text("#chances")
                page.focus("#delivered .figure")
                page.keyboard.press("Enter")
                page.wait_for_selector("#grounds .narrows")
                page.locator("#grounds summary").nth(1).click()
                sound(page, (width, lang, "grounds"))
                links = page.locator("#grounds a").evaluate_all("(all) => all.map((a) => [a.rel, new URL(a.href).protocol])")
                assert all("noreferrer" in rel and protocol in ("https:", "http:") for rel, protocol in links)
                page.keyboard.press("Escape")
                page.wait_for_selector("#grounds", state="hidden")
                assert page.evaluate("document.activeElement.closest('#delivered') !== null")
                if width > 641:
                    page.click('[data-key="sources"]')
                    page.wait_for_selector("#grounds .inputs")
                    assert page.locator("#grounds .inputs").count() > 10
                    page.keyboard.press("Escape")
                    page.click('[data-key="tank-toktogul"]')
                    page.wait_for_selector("#drawer .chance")
                    assert page.locator("#drawer .chance-middle").count() == 3
                    put(page, "runoff.all", 0.9)
                    page.wait_for_selector("#answer .sure.stale")
                assert not heard["outside"]
                assert not heard["errors"]


@pytest.mark.long
def test_a_point_is_clicked_and_the_page_answers_with_its_gains():
    with serving("syr_darya") as (address, _server), opened() as (page, heard):
        page.goto(f"{address}#m=syr_darya&s=dry_year&l=en")
        page.wait_for_selector('[data-party="KGZ"]')
        settled(page)
        page.click('[data-key="ask-trade"]')
        page.wait_for_selector("[data-key='stop-trade_offs']")
        page.click("[data-key='stop-trade_offs']")
        page.wait_for_selector('[data-key="ask-trade"]')
        page.click('[data-key="ask-trade"]')
        page.wait_for_selector("#traded [data-dot]", timeout=2 * WAIT)
        assert page.evaluate(FAULTS) == []
        card = page.locator("#trade .way:has([data-plan])").first
        gain = next(t for t in card.locator(".gain").all_inner_texts() if t.startswith("KGZ"))
        card.locator("[data-plan]").click()
        page.wait_for_selector("text=on the page now")
        settled(page)
        wanted = float(gain.split()[-1].replace("\u2212", "-").replace(",", ""))
        assert money(page, "KGZ") == pytest.approx(wanted, abs=0.6)
        assert not heard["errors"]


def test_the_first_load_is_light():
    with serving("two_reservoirs") as (address, _server), opened() as (page, _):
        sizes = []
        page.on("requestfinished", lambda r: sizes.append(sum(r.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))))
        page.goto(address)
        page.wait_for_selector("#delivered")
        assert 10_000 < sum(sizes) < 700_000
