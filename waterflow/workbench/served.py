"""Served: the application on a port of this machine, or of the room."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from waterflow.errors import InputError, Problem
from waterflow.ledger.files import read_ledger
from waterflow.loading.model import read_model
from waterflow.loading.shipped import find_model, shipped_models
from waterflow.words.catalogue import say

__all__ = ["run", "served_models"]

HERE = "127.0.0.1"


def served_models(asked: Sequence[str]) -> dict[str, str]:
    """Names and places of the models to serve; all that are shipped where none is asked for.

    Raises
    ------
    InputError
        If one is not there, or two have one name.
    """
    found: dict[str, str] = {}
    for name in asked or shipped_models():
        path = find_model(name)
        short = path.parent.name
        if short in found:
            raise Problem("twice", "serve", short, say("each model once")).refusal()
        found[short] = name
    return found


def run(
    asked: Sequence[str], *, port: int, lan: bool, processes: int, tell: Callable[[str], None], ledger: Path | None = None
) -> None:
    """Serve until interrupted.

    Raises
    ------
    InputError
        If a model is not there or is wrong, the port is taken, or a ledger is none or is served with several models.
    """
    import uvicorn

    from waterflow.workbench.app import application

    models = served_models(asked)
    _check_models(asked)
    if ledger is not None:
        _check_ledger(ledger, models)
    bound = _bound("0.0.0.0" if lan else HERE, port)  # noqa: S104 - asked for by --lan
    own = bound.getsockname()[1]
    hosts = {HERE, "localhost", *(_addresses() if lan else ())}
    token = secrets.token_urlsafe(16) if lan else ""
    shown = next((h for h in sorted(hosts) if h not in (HERE, "localhost")), HERE) if lan else HERE
    tell(say("Open {address}", address=f"http://{shown}:{own}/" + (f"?token={token}" if token else "")))
    tell(say("Nothing leaves this machine. End with Ctrl+C."))
    config = uvicorn.Config(
        application(models, hosts=hosts, token=token, processes=processes, ledger=ledger),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=65536,
        limit_concurrency=256,
    )
    uvicorn.Server(config).run(sockets=[bound])


def _check_models(asked: Sequence[str]) -> None:
    """Refuse models that cannot be read before a page opens on them, with everything wrong in all of them."""
    problems: list[Problem] = []
    for name in asked:
        try:
            read_model(name).basin()
        except InputError as error:
            problems.extend(replace(p, where=f"{name}: {p.where}") for p in error.problems)
    if problems:
        raise InputError(problems)


def _check_ledger(ledger: Path, models: dict[str, str]) -> None:
    """Refuse a ledger that cannot be read, or that would belong to several models."""
    read_ledger(ledger)
    if len(models) != 1:
        raise Problem("unknown-model", f"serve --ledger {ledger}", " ".join(models), say("the one model of the ledger")).refusal()


def _bound(host: str, port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except (OSError, OverflowError) as error:
        found.close()
        raise Problem("bad-port", "--port", f"{port}: {error}", say("a free port, or 0 for any")).refusal() from error
    found.listen(128)
    return found


def _addresses() -> set[str]:
    """By which others in the room reach this machine."""
    found = {socket.gethostname().lower()}
    with suppress(OSError):
        found |= {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        # no packet is sent: only the way out is looked up
        probe.connect(("192.0.2.1", 9))
        found.add(probe.getsockname()[0])
    return found
