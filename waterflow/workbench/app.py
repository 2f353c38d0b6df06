"""The application: one page, and the JSON interface that the page itself uses (``/api/v1``, OpenAPI at ``/api/v1/openapi.json``)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from waterflow import __version__
from waterflow.workbench.choices import Models, choices
from waterflow.workbench.guard import Guard
from waterflow.workbench.lever_prices import LeverPrices, NoDealFacts
from waterflow.workbench.long_routes import Page, add_long_routes
from waterflow.workbench.page_words import page_words
from waterflow.workbench.picture_facts import Conflicting, PictureFacts
from waterflow.workbench.river_facts import RiverFacts
from waterflow.workbench.state import State
from waterflow.workbench.workers import NOBODY, Full, Superseded, TooLong, Workers

__all__ = ["application"]

OK = 200
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
PAGE = Path(__file__).parent / "static"


def application(
    models: Mapping[str, str], *, hosts: set[str], token: str = "", processes: int = 2, ledger: Path | None = None
) -> Any:
    """The application, guarded.

    Parameters
    ----------
    models : mapping of str to str
        Names of what is served and where each is: a shipped name or a path.
    hosts : set of str
        By which the page may be asked for.
    token : str, optional
        Without it nobody is let in.
    processes : int
        That solve.
    ledger : Path, optional
        Of the season of the one model that is served; a page can name no other.
    """
    workers = Workers(models, processes, ledger)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        await workers.start()
        yield
        await workers.stop()

    app = FastAPI(
        title="waterflow",
        version=__version__,
        description="Allocates the flows of a river among its parties. Every answer is a certified plan, or says why there is none.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=running,
    )
    app.add_exception_handler(RequestValidationError, _malformed)
    _routes(app, models, workers, ledger.name if ledger else "")
    app.mount("/", StaticFiles(directory=PAGE, html=True))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    return Guard(app, hosts, token)


def _routes(app: FastAPI, models: Mapping[str, str], workers: Workers, ledger: str) -> None:
    async def answered(request: Request, page: str, kind: str, state: State) -> Response:
        return await _answered(request, workers, page or NOBODY, kind, state)

    @app.get("/api/v1/models", response_model=Models, summary="What is served")
    def served(lang: str = "en") -> Models:
        return choices(models, lang, ledger)

    @app.get("/api/v1/words/{lang}", summary="The page's words in a language")
    def words(lang: str) -> dict[str, str]:
        return page_words(PAGE, lang)

    add_long_routes(app, workers, answered)
    answers = {"model": PictureFacts | Conflicting, "description": "A plan, or why there is none"}

    @app.post("/api/v1/river", responses={200: {"model": RiverFacts}}, summary="A river as it is drawn, and its levers")
    async def river(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "river", state)

    @app.post("/api/v1/plan", responses={200: answers}, summary="The plan of a river with some figures moved")
    async def plan(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "plan", state)

    @app.post("/api/v1/facts", summary="Everything a plan says, as `waterflow allocate --format json`")
    async def facts(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "facts", state)

    @app.post("/api/v1/prices", responses={200: {"model": LeverPrices}}, summary="What a step of each lever does")
    async def prices(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "prices", state)

    @app.post("/api/v1/no_deal", responses={200: {"model": NoDealFacts}}, summary="What each party has without a deal")
    async def no_deal(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "no_deal", state)

    @app.post("/api/v1/report/{form}", response_class=Response, summary="The protocol annex as a file: pdf, xlsx or html")
    async def report(request: Request, form: Literal["pdf", "xlsx", "html"], state: State, page: Page = "") -> Response:
        said = await answered(request, page, f"report/{form}", state)
        found = json.loads(bytes(said.body)) if said.status_code == OK and said.body else {}
        if found.get("status") != "file":
            said.status_code = said.status_code if said.status_code != OK else 422
            return said
        return Response(base64.b64decode(found["content"]), media_type=TYPES[form])


async def _answered(request: Request, workers: Workers, page: str, kind: str, state: State) -> Response:
    """The answer of a worker; where whoever asked has gone, nobody."""
    asked = asyncio.create_task(workers.ask(page, kind, state))
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            asked.cancel()
            return Response(status_code=499)
        found = asked.result()
    except Superseded:
        return _told(409, "superseded", "a newer question of this page took its place")
    except TooLong:
        return _told(503, "too_long", "no answer within the limit; the solver was freed")
    except Full:
        return _told(503, "full", "too many questions wait; ask again")
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
    if found is None:
        return _told(500, "failed", "the solver failed; the fault is ours")
    return Response(found, media_type="application/json")


async def _gone(request: Request) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(0.3)


def _told(status: int, code: str, told: str) -> Response:
    return Response(f'{{"status": "{code}", "told": "{told}"}}', status_code=status, media_type="application/json")


async def _malformed(_request: Request, error: Any) -> Response:
    """A request that is none: where and what, as every refusal."""
    problems = [
        {
            "code": "bad-request",
            "where": ".".join(str(x) for x in found["loc"]),
            "found": str(found.get("input"))[:80],
            "allowed": str(found["msg"]),
            "cause": "",
        }
        for found in error.errors()[:20]
    ]
    body = json.dumps({"status": "refused", "problems": problems}, ensure_ascii=True)
    return Response(body, status_code=422, media_type="application/json")
