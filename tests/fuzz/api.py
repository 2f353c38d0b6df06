"""Bodies of the workbench's interface, asked in this process: what is no answer is seen with its traceback."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from unittest import mock

import httpx

from tests.fuzz.changes import Change, change_json
from tests.fuzz.judging import Fault, watched
from waterflow.workbench import app
from waterflow.workbench.desk import Desk, answer

SMALL = "two_reservoirs"
BODIES = {
    "river": {"model": SMALL, "lang": "ru"},
    "plan": {"model": SMALL, "step": "dekad", "questions": {"runoff.all": "x0.9"}, "dragging": True},
    "facts": {"model": SMALL, "order": [], "questions": {}},
    "prices": {"model": SMALL, "questions": {"runoff.all": 0.5}},
    "no_deal": {"model": SMALL},
    "trade_offs": {"model": SMALL, "parties": ["UP", "DOWN"], "plans": 5},
    "grounds": {"model": SMALL, "figure": "lake"},
    "effects": {"model": SMALL, "figure": "payoff/UP"},
    "inputs": {"model": SMALL},
    "report/html": {"model": SMALL},
    "replan": {"model": SMALL, "on": "2025-02-01", "tolerance": 0.1},
    "chances": {"model": SMALL, "years": 5},
}
#: what a guard or a route says of a request that is none; 200 has its own word for what is refused
STATUSES = (200, 400, 403, 404, 405, 409, 413, 415, 421, 422)
SAID = ("plan", "refused", "conflict", "conflicting", "unproved", "file", "infeasible")


class _HereAndNow:
    """In place of processes that solve: this one."""

    def __init__(self, models, *_):
        self.desk = Desk(models)

    async def start(self):
        """Nothing to start."""

    async def stop(self):
        """Nothing to stop."""

    async def ask(self, _page, kind, state):
        """The answer, or the traceback."""
        return answer(self.desk, kind, state)

    def progress(self, *_):
        """Nothing is ever waited for."""
        return "none", 0.0


@cache
def application():
    """An application that answers in this process."""
    with mock.patch.object(app, "Workers", _HereAndNow):
        return app.application({SMALL: SMALL}, hosts={"testserver"})


async def _post(path, kind):
    transport = httpx.ASGITransport(application(), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.post(f"/api/v1/{kind}", content=path.read_bytes(), headers={"content-type": "application/json"})


def ask(path, kind):
    """Ask with the body that stands in a file."""
    with watched():
        found = asyncio.run(_post(path, kind))
    if found.status_code not in STATUSES:
        raise Fault(f"status {found.status_code}", found.text[:500])
    text = found.text
    if "Traceback" in text or "/site-packages/" in text:
        raise Fault("no clear message", text[:500])
    if found.headers.get("content-type", "").startswith("application/json"):
        json.loads(text, parse_constant=_no_constant)
    return found.status_code


def _no_constant(name):
    raise Fault("no number", name)


def seats(folder, seat, act):
    """A seat for each kind of question."""
    for kind, body in BODIES.items():
        path = folder / f"{kind.replace('/', '_')}.json"
        path.write_text(json.dumps(body))
        yield seat("api", path, _change, (act(call=lambda path=path, kind=kind: ask(path, kind)),))


def _change(draw, content):
    if draw.random() < 0.25:
        found = json.loads(content)
        found[draw.choice(("questions", "order", "scenario", "figure", "agreements"))] = draw.choice(_LIKELY)
        return Change(f"likely {found}", json.dumps(found).encode())
    return change_json(draw, content)


#: what passes the door and is none of the river's all the same
_LIKELY = (
    {"runoff.all": 1e308}, {"runoff.all": -1.0}, {"runoff.all": "x0"}, {"runoff.all": "x1e99"}, {"runoff.mountain.2025-01": 0.0},
    {"storage_at_least.mountain": 1e9}, {"target.sea": 5.0}, {"needs": 1.0}, {"demand.valley": "x2"}, {"a.b.c.d": 1}, {"....": 1},
    {"runoff.all/2025": 1}, {"opening_storage.mountain": -5}, {"opening_storage.mountain": 1e-300}, [], ["fields"], ["a", "a"], "dry",
    "payoff/NOBODY", "delivery/", "release/mountain", "storage/mountain/2025-01", "target/sea", "unserved/UP", "model",
)  # fmt: skip
