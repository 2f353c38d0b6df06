"""A season's ledger on the page: what it says is drawn, what rings is listed, and the rest planned again stands beside the plan."""

import asyncio
import json

import pytest

import waterflow as wf
from waterflow import cli

pytest.importorskip("fastapi")
httpx = pytest.importorskip("httpx")

from tests.workbench.served import serving  # noqa: E402
from waterflow.errors import InputError  # noqa: E402
from waterflow.workbench.app import application  # noqa: E402
from waterflow.workbench.desk import Desk, answer  # noqa: E402
from waterflow.workbench.ledger_shown import ledger_shown  # noqa: E402
from waterflow.workbench.served import run  # noqa: E402
from waterflow.workbench.state import ReplanAsked, State  # noqa: E402

MODELS = {"two_reservoirs": "two_reservoirs"}
FACTS = """place,quantity,period,value,unit
mountain,release,2025-01,90,Mm3
mountain,storage,2025-01-31,520,Mm3
mountain,release,2025-02-d1,20,Mm3
"""
FORECAST = """location,time,value,unit,member,issued
mountain,2025-02,30,m3/s,low,2025-01-31
mountain,2025-03,40,m3/s,low,2025-01-31
mountain,2025-02,35,m3/s,mean,2025-01-31
mountain,2025-03,60,m3/s,mean,2025-01-31
mountain,2025-02,40,m3/s,high,2025-01-31
mountain,2025-03,90,m3/s,high,2025-01-31
"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("season")
    wf.allocate(wf.read_basin("two_reservoirs")).save(folder / "plan.nc")
    (folder / "facts.csv").write_text(FACTS)
    (folder / "forecast.csv").write_text(FORECAST)
    book, about = str(folder / "season.jsonl"), ("--by", "UP", "--source", "Office (invented)", "--grade", "assumed")
    assert cli.main(["ledger", "add", book, str(folder / "plan.nc"), "--by", "UP"]) == 0
    assert cli.main(["ledger", "add", book, str(folder / "facts.csv"), *about]) == 0
    assert cli.main(["ledger", "forecast", book, str(folder / "forecast.csv"), *about]) == 0
    return folder / "season.jsonl"


def asked(ledger, kind, state=State, **more):
    return json.loads(answer(Desk(MODELS, ledger), kind, state(model="two_reservoirs", **more)))


def test_facts_forecasts_and_alarms_of_the_ledger(ledger):
    found = asked(ledger, "ledger")
    assert (found["status"], found["name"], found["fits"], found["date"]) == ("ledger", "season.jsonl", True, "2025-02-10")
    storage = next(f for f in found["facts"] if f["quantity"] == "storage")
    # at the end of January, which is where the second period begins
    assert (storage["first"], storage["value"], storage["source"], storage["grade"]) == (1.0, 520.0, "Office (invented)", "assumed")
    release = [f["value"] for f in found["facts"] if f["quantity"] == "release"]
    assert release == [pytest.approx(90e6 / (31 * 86400)), pytest.approx(20e6 / (10 * 86400))]
    march = {f["estimate"]: f["value"] for f in found["forecasts"] if f["start"] == "2025-03-11"}
    assert march == {"low": pytest.approx(40), "mean": pytest.approx(60), "high": pytest.approx(90)}
    assert {f["quantity"] for f in found["forecasts"]} == {"inflow"}
    assert [a["quantity"] for a in found["alarms"]]
    # the path stays with whoever started the server
    assert str(ledger.parent) not in json.dumps(found)


def test_another_scenario_over_the_same_days_has_nothing_of_the_ledger(ledger):
    """A year thought up over the days of a season was seen by nobody."""
    basin = wf.read_basin("two_reservoirs")
    assert ledger_shown(ledger, basin).fits
    found = ledger_shown(ledger, basin.replaced(scenario="thought_up"))
    assert (found.fits, found.facts, found.forecasts, found.alarms) == (False, (), (), ())


def test_the_rest_planned_again_is_that_of_the_command(ledger, capsys):
    found = asked(ledger, "replan", ReplanAsked, on="2025-02-01", lang="en")["correction"]
    assert cli.main(["replan", "two_reservoirs", "--ledger", str(ledger), "--on", "2025-02-01", "--format", "json", "--lang", "en"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == found["changes"]
    assert (found["begins"], found["forecasts"]) == ("2025-02-01", 2)


def test_what_would_be_another_answer_is_refused(ledger):
    codes = [p["code"] for p in asked(ledger, "replan", ReplanAsked, questions={"runoff.all": "x0.9"})["problems"]]
    assert codes == ["another-plan"]
    assert asked(None, "ledger")["problems"][0]["code"] == "no-such-file"
    with pytest.raises(InputError, match="unknown-model"):
        run(["two_reservoirs", "bahri_tojik"], port=0, lan=False, processes=2, tell=print, ledger=ledger)


def test_both_routes_are_typed_and_a_page_can_name_no_path(ledger):
    async def told():
        app = application(MODELS, hosts={"127.0.0.1"}, ledger=ledger)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            spec = (await client.get("/api/v1/openapi.json")).json()
            models = (await client.get("/api/v1/models")).json()
            other = await client.post("/api/v1/ledger", json={"model": "two_reservoirs", "ledger": "/etc/passwd"})
        return spec, models, other

    spec, models, other = asyncio.run(told())
    for path, name in (("/api/v1/ledger", "LedgerFacts"), ("/api/v1/replan", "ReplannedFacts")):
        assert name in json.dumps(spec["paths"][path])
    assert models["ledger"] == "season.jsonl"
    assert other.status_code == 422


@pytest.mark.browser
def test_the_page_lists_alarms_and_draws_the_rest_beside_the_plan(ledger):
    """In both languages, wide and narrow: no word is cut or covered, axe finds nothing."""
    pytest.importorskip("playwright")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    from tests.workbench.test_page import FAULTS, opened

    with serving("two_reservoirs", "--ledger", str(ledger)) as (address, _server):
        for width, lang, scheme in ((1280, "en", "light"), (390, "ru", "dark")):
            with opened(width, 900, color_scheme=scheme) as (page, heard):
                page.goto(f"{address}#m=two_reservoirs&l={lang}")
                page.wait_for_selector("#alarms", state="attached")
                if width < 641:
                    page.click('[data-key="section-why"]')
                assert page.locator("#alarms tbody tr").count() >= 1
                page.click('[data-key="replan"]')
                page.wait_for_selector("#changes")
                assert page.evaluate(FAULTS) == [], (width, lang)
                found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
                assert not found.response["violations"], found.generate_report()
                if width < 641:
                    page.click('[data-key="section-river"]')
                page.click('[data-key="tank-mountain"]')
                page.wait_for_selector("#drawer .chart .newest")
                assert page.locator("#drawer .chart .forecast").count() == 3
                assert page.locator("#drawer .chart circle").count() == 3
                assert page.evaluate(FAULTS) == [], (width, lang, "drawer")
                assert not heard["outside"]
                assert not heard["errors"]
