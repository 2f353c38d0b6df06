"""Routes of what takes long: chances, trade-offs, grounds and doubts, and how far each answer is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import FastAPI, Header, Request, Response
from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.workbench.chances_facts import ChancesFacts
from waterflow.workbench.grounds_facts import DoubtShown, EffectsFacts, GroundsFacts, InputsFacts
from waterflow.workbench.ledger_facts import LedgerFacts, ReplannedFacts
from waterflow.workbench.picture_facts import Conflicting
from waterflow.workbench.state import ChancesAsked, FigureAsked, ReplanAsked, State, TradeOffsAsked
from waterflow.workbench.trade_off_facts import TradeOffFacts
from waterflow.workbench.workers import NOBODY, Workers

__all__ = ["Page", "Progress", "add_long_routes"]

#: who asks: one page in one window
Page = Annotated[str, Header(alias="x-page", max_length=64)]
Answered = Callable[[Request, str, str, State], Awaitable[Response]]
Long = Literal["chances", "trade_offs", "effects", "doubt"]


class Progress(Fact):
    """How far an answer is that a page waits for."""

    status: str = Field(description="``waits``, ``runs``, or ``none`` where the page waits for no such answer")
    share: float = Field(description="What is done of it, 0 to 1")


def add_long_routes(app: FastAPI, workers: Workers, answered: Answered) -> None:
    """Add them.

    Parameters
    ----------
    app : FastAPI
    workers : Workers
    answered : callable
        Who asks a worker, and drops the question where whoever asked has gone.
    """

    @app.post("/api/v1/chances", responses={200: {"model": ChancesFacts}}, summary="How sure each promise is over years of the record")
    async def chances(request: Request, state: ChancesAsked, page: Page = "") -> Response:
        return await answered(request, page, "chances", state)

    told = "What two parties could give each other by moving levers"

    @app.post("/api/v1/trade_offs", responses={200: {"model": TradeOffFacts}}, summary=told)
    async def trade_offs(request: Request, state: TradeOffsAsked, page: Page = "") -> Response:
        return await answered(request, page, "trade_offs", state)

    found = {"model": GroundsFacts | Conflicting}

    @app.post("/api/v1/grounds", responses={200: found}, summary="What decides a figure, and the rows of input behind it")
    async def grounds(request: Request, state: FigureAsked, page: Page = "") -> Response:
        return await answered(request, page, "grounds", state)

    @app.post("/api/v1/effects", responses={200: {"model": EffectsFacts | Conflicting}}, summary="What would move a figure")
    async def effects(request: Request, state: FigureAsked, page: Page = "") -> Response:
        return await answered(request, page, "effects", state)

    @app.post("/api/v1/doubt", responses={200: {"model": DoubtShown | Conflicting}}, summary="Which inputs matter most to a figure")
    async def doubt(request: Request, state: FigureAsked, page: Page = "") -> Response:
        return await answered(request, page, "doubt", state)

    @app.post("/api/v1/inputs", responses={200: {"model": InputsFacts}}, summary="Rows of input that are assumed or unverified")
    async def inputs(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "inputs", state)

    told = "What the ledger that is served says: facts, forecasts and alarms"

    @app.post("/api/v1/ledger", responses={200: {"model": LedgerFacts}}, summary=told)
    async def ledger(request: Request, state: State, page: Page = "") -> Response:
        return await answered(request, page, "ledger", state)

    told = "The rest of the ledger's season planned again, beside its plan in force"

    @app.post("/api/v1/replan", responses={200: {"model": ReplannedFacts}}, summary=told)
    async def replan(request: Request, state: ReplanAsked, page: Page = "") -> Response:
        return await answered(request, page, "replan", state)

    @app.get("/api/v1/progress/{kind}", summary="How far a long answer is")
    def progress(kind: Long, page: Page = "") -> Progress:
        status, share = workers.progress(page or NOBODY, kind)
        return Progress(status=status, share=share)
