"""The engine: what a state is, what levers are, what a picture says, and who is let in; no browser, no socket."""

import asyncio
import json
import socket

import numpy as np
import pytest

import waterflow as wf
from waterflow import cli
from waterflow.accounts.balance_facts import Balance
from waterflow.basin.addresses import addressed
from waterflow.errors import InputError
from waterflow.loading.model import read_model

pytest.importorskip("fastapi")
httpx = pytest.importorskip("httpx")

from waterflow.workbench.app import application  # noqa: E402
from waterflow.workbench.choices import choices  # noqa: E402
from waterflow.workbench.desk import Desk, answer  # noqa: E402
from waterflow.workbench.guard import MOST, POLICY  # noqa: E402
from waterflow.workbench.levers import levers, with_promises  # noqa: E402
from waterflow.workbench.page_words import page_words, sentences  # noqa: E402
from waterflow.workbench.served import served_models  # noqa: E402
from waterflow.workbench.state import State  # noqa: E402
from waterflow.workbench.workers import Superseded, Workers  # noqa: E402

MODELS = {"two_reservoirs": "two_reservoirs", "syr_darya": "syr_darya"}
SMALL = {"model": "two_reservoirs"}
#: what those in the room were given
GIVEN = "secret"


def asked(kind, **state):
    return json.loads(answer(Desk(MODELS), kind, State(**state)))


def test_promises_of_nothing_change_no_plan():
    basin = read_model("syr_darya", "dry_year").basin()
    own, promised = wf.allocate(basin), wf.allocate(with_promises(basin))
    for name in ("flow", "storage", "delivery"):
        assert np.allclose(own.dataset[name].values, promised.dataset[name].values, atol=1e-5)


@pytest.mark.parametrize("scenario", ["season_2024_25", "season_2025_26"])
def test_every_lever_is_an_address_that_means_something_between_its_ends(scenario):
    """Also where no storage is typed for the end."""
    basin = with_promises(read_model("syr_darya", scenario).basin())
    found = levers(basin)
    assert {x.address for x in found if x.main} >= {"runoff.all", "clause.let_go_toktogul_growing", "target.north_aral.growing"}
    assert "north_aral" not in {x.address.split(".")[1] for x in found if x.address.startswith(("clause", "opening"))}
    for lever in found:
        assert lever.low <= lever.value <= lever.high, lever
        assert lever.step > 0
        if not lever.address.startswith("storage_at_least"):
            assert addressed(basin, lever.address).indices


def test_a_river_says_what_was_seen_and_where_its_places_are_with_their_sources():
    river = asked("river", model="syr_darya")
    assert {f["quantity"] for f in river["seen"]} >= {"storage", "release"}
    assert {x["source"] for x in (*river["seen"], *river["on_map"])} == set(river["sources"])
    assert all(title != key for key, title in river["sources"].items())
    assert {p["place"] for p in river["on_map"]} < {n["name"] for n in river["nodes"]}
    assert asked("river", model="syr_darya", scenario="dry_year")["seen"] == []
    assert asked("river", **SMALL)["on_map"] == []


def test_the_balances_of_a_picture_close_though_they_are_rounded():
    picture = asked("plan", model="syr_darya", scenario="dry_year")
    for balance in (picture["water"], *picture["power"]):
        missing = Balance(**balance).missing()
        assert balance["closes"] or balance["of"] != "KGZ"
        assert max(map(abs, missing)) < 0.01
    assert any(balance["closes"] for balance in picture["power"])


def test_a_picture_says_what_the_dataset_says():
    basin = with_promises(read_model("syr_darya", "dry_year").basin()).asked({"runoff.all": "x0.95"})
    plan = wf.allocate(basin)
    found = asked("plan", model="syr_darya", scenario="dry_year", questions={"runoff.all": "x0.95"})
    assert found["status"] == "plan"
    assert found["questions"]
    target = basin.targets[next(iter(basin.targets))]
    inside = list(basin.calendar.inside(target.window))
    assert found["targets"][0]["delivered"] == pytest.approx(
        float(plan.dataset["flow"].sel(reach=target.reach).values[inside].sum()), abs=1e-3
    )
    storage = {x["name"]: x["storage"] for x in found["reservoirs"]}
    assert storage["toktogul"] == pytest.approx(plan.dataset["storage"].sel(reservoir="toktogul").values, abs=0.01)
    let_go = found["levers"]["clause.let_go_toktogul_growing"]
    season = list(basin.calendar.inside(basin.calendar.seasons[1][0]))
    assert let_go == pytest.approx(float(plan.dataset["flow"].sel(reach="toktogul_tashkumyr").values[season].sum()), abs=1e-3)
    sums = {p["party"]: p["got"] for p in found["parties"]}
    own = dict.fromkeys(sums, 0.0)
    for d in basin.demands.values():
        if d.use != "unexplained":
            own[d.party] += float(plan.dataset["delivery"].sel(demand=d.name).values.sum())
    assert sums == pytest.approx(own, abs=1e-6)


def test_a_clash_names_levers_and_what_accepting_gives_is_a_plan():
    desk = Desk(MODELS)
    state = {"model": "syr_darya", "scenario": "dry_year", "questions": {"clause.let_go_toktogul_growing": 14000}}
    found = json.loads(answer(desk, "plan", State(**state)))
    assert found["status"] == "conflict"
    assert {c["lever"] for c in found["clashing"]} == {"clause.let_go_toktogul_growing", "storage_at_least.toktogul.2025-10-01"}
    assert [w["share"] for w in found["ways_out"]] == sorted(w["share"] for w in found["ways_out"])
    for way in found["ways_out"]:
        eased = {**state["questions"], way["lever"]: int(way["after"] * 1000) / 1000}
        assert json.loads(answer(desk, "plan", State(**{**state, "questions": eased})))["status"] == "plan"


def test_prices_of_levers_are_differences_of_two_plans():
    desk, state = Desk(MODELS), {"model": "syr_darya", "scenario": "dry_year"}
    prices = {p["address"]: p for p in json.loads(answer(desk, "prices", State(**state)))["prices"]}
    base = json.loads(answer(desk, "plan", State(**state)))
    moved = json.loads(answer(desk, "plan", State(**state, questions={"runoff.all": "x1.01"})))
    change = sum(t["delivered"] for t in moved["targets"]) - sum(t["delivered"] for t in base["targets"])
    assert prices["runoff.all"]["target_Mm3"] == pytest.approx(change, abs=1e-3)
    before, after = ({p["party"]: p["central"] for p in x["parties"]} for x in (base, moved))
    assert prices["runoff.all"]["money_MUSD"] == pytest.approx({p: after[p] - before[p] for p in before}, abs=1e-6)


def test_what_is_asked_in_a_language_is_told_in_it():
    desk = Desk(MODELS)
    rivers = {lang: json.loads(answer(desk, "river", State(model="syr_darya", lang=lang))) for lang in ("en", "ru")}
    titles = {lang: [x["title"] for x in river["levers"]] for lang, river in rivers.items()}
    assert titles["en"][0] == "Runoff of all rivers"
    assert titles["ru"][0] == "Сток всех рек"
    assert json.loads(answer(desk, "river", State(model="syr_darya", lang="en")))["levers"][0]["title"] == "Runoff of all rivers"


@pytest.mark.parametrize(
    "state",
    [
        {"model": "nile"},
        {"model": "two_reservoirs", "scenario": "wettest"},
        {"model": "two_reservoirs", "questions": {"runof.all": "x0.9"}},
    ],
)
def test_a_name_that_is_none_is_a_located_refusal(state):
    found = asked("plan", **state)
    assert found["status"] == "refused"
    assert found["problems"][0]["allowed"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a.yaml", "..", "a/b", "a\\b", "", "é" * 5, "x" * 90])
@pytest.mark.parametrize("field", ["model", "scenario"])
def test_a_path_is_no_name(field, name):
    with pytest.raises(ValueError, match=field):
        State(**{"model": "two_reservoirs", field: name})


def test_every_sentence_of_the_page_is_in_the_catalogue():
    from waterflow.workbench.app import PAGE

    words = page_words(PAGE, "ru")
    assert len(words) > 100
    same = {s for s in sentences(PAGE) if words[s] == s}
    assert same <= {"{name}, {season}", "{season}: {got} of {want}", "{title}: {figure}", "{party}, {place}", "{title}, {when}, {unit}"}


def client(hosts=("testserver",), token=""):
    app = application({"two_reservoirs": "two_reservoirs"}, hosts=set(hosts), token=token)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://testserver")


def got(path="/", *, method="GET", hosts=("testserver",), token="", **more):
    async def run():
        async with client(hosts, token) as c:
            return await c.request(method, path, **more)

    return asyncio.run(run())


def test_the_page_and_its_policy():
    found = got("/")
    assert found.status_code == 200
    assert found.headers["content-security-policy"] == POLICY
    assert "unsafe-eval" not in POLICY
    assert "unsafe-inline" not in POLICY.split("style-src")[0]
    assert got("/api/v1/openapi.json").json()["openapi"].startswith("3.")
    assert {m["name"] for m in got("/api/v1/models").json()["models"]} == {"two_reservoirs"}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"headers": {"host": "evil.example"}}, 421),
        ({"headers": {"host": "testserver", "origin": "http://evil.example"}}, 403),
        ({"headers": {"sec-fetch-site": "cross-site"}, "method": "POST", "path": "/api/v1/plan", "json": SMALL}, 403),
        ({"path": "/api/v1/plan", "method": "POST", "content": b"x" * (MOST + 1)}, 413),
        ({"path": "/api/v1/plan", "method": "POST", "content": b"{"}, 422),
        ({"path": "/api/v1/plan", "method": "POST", "json": {"model": "../x"}}, 422),
        ({"path": "/../../pyproject.toml"}, 404),
        ({"path": "/%2e%2e/%2e%2e/app.py"}, 404),
        ({"path": "/api/v1/nothing"}, 404),
    ],
)
def test_what_is_refused_says_so_without_a_traceback(more, status):
    found = got(**more)
    assert found.status_code == status
    assert "Traceback" not in found.text


def test_in_a_room_only_those_with_the_whole_address_come_in():
    assert got("/", token=GIVEN).status_code == 403
    first = got("/?token=secret", token=GIVEN)
    assert first.status_code == 200
    assert "HttpOnly" in first.headers["set-cookie"]
    assert got("/", token=GIVEN, headers={"cookie": "waterflow=secret"}).status_code == 200
    assert got("/", token=GIVEN, headers={"cookie": "waterflow=secre"}).status_code == 403


def test_a_newer_question_of_a_page_takes_the_place_of_an_older_and_both_processes_answer():
    async def run():
        workers = Workers({"two_reservoirs": "two_reservoirs"})
        await workers.start()
        try:
            state = State(**SMALL)
            first = await workers.ask("a", "plan", state)
            asked = [
                asyncio.create_task(workers.ask("a", "plan", State(**SMALL, questions={"runoff.all": f"x0.{k}"}))) for k in range(70, 80)
            ]
            other = asyncio.create_task(workers.ask("b", "facts", state))
            found = await asyncio.gather(*asked, other, return_exceptions=True)
        finally:
            await workers.stop()
        return first, found

    first, found = asyncio.run(run())
    assert json.loads(first)["status"] == "plan"
    assert json.loads(found[-1])["model"] == "two_reservoirs"
    assert any(isinstance(x, Superseded) for x in found[:-1])
    assert json.loads(found[-2])["status"] == "plan"
    assert all(isinstance(x, (str, Superseded)) for x in found)


def test_a_process_that_dies_is_replaced():
    async def run():
        workers = Workers({"two_reservoirs": "two_reservoirs"})
        await workers.start()
        try:
            await workers.ask("a", "plan", State(**SMALL))
            # the one for long answers is not begun before somebody asks one
            for process in (p for p in workers._processes if p.process):
                process.process.kill()
            again = await asyncio.gather(*(workers.ask(str(k), "plan", State(**SMALL)) for k in range(3)))
        finally:
            await workers.stop()
        return again

    assert [json.loads(x)["status"] for x in asyncio.run(run())] == ["plan"] * 3


def test_a_port_that_is_taken_or_none_is_told(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port in (taken.getsockname()[1], 700000):
            assert cli.main(["serve", "two_reservoirs", "--port", str(port)]) == 3
            assert "bad-port" in capsys.readouterr().err
    assert cli.main(["serve", "nile", "--port", "0"]) == 3
    with pytest.raises(InputError, match="each model once"):
        served_models(["two_reservoirs", "two_reservoirs"])
    assert served_models([])["syr_darya"] == "syr_darya"


def test_models_that_are_wrong_are_told_all_at_once_before_a_page_opens(tmp_path, capsys):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.yaml").write_text(f"format: 1\nname: {name}\ntitle: {name}\nparties: [A]\n", encoding="utf-8")
    assert cli.main(["serve", str(tmp_path / "one" / "model.yaml"), str(tmp_path / "other" / "model.yaml"), "--port", "0"]) == 3
    assert capsys.readouterr().err.count("horizon: found nothing") == 2


def test_a_scenario_without_a_title_is_called_by_its_days_in_the_language_asked():
    titles = [choices({"syr_darya": "syr_darya"}, lang).models[0].scenarios[0].title for lang in ("en", "ru")]
    assert titles == ["Oct 2024-Sep 2025", "окт 2024-сент 2025"]
