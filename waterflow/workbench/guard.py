"""Guard: what every request must be before anything is read of it, and what every answer carries."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["POLICY", "Guard"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: nothing from elsewhere, nothing made of text; styles of pictures are set by script, which the policy does not touch
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
#: bytes of a body
MOST = 262_144
COOKIE = "waterflow"
#: to programs, not to people: no page of ours ever meets them
REFUSALS = {
    "host": (421, "not the host of this table"),
    "origin": (403, "another origin"),
    "site": (403, "another site"),
    "size": (413, f"more than {MOST} bytes"),
    "token": (403, "this table is only for those who were given its whole address"),
}


class Guard:
    """Refuses other hosts, other origins, bodies that are too large, and in a room of several laptops whoever has no token.

    Parameters
    ----------
    app : ASGI application
    hosts : set of str
        Names and addresses the page is asked for by; a name that was made to point here by somebody else is none.
    token : str, optional
        Who has it in ``?token=`` gets it as a cookie; nobody else is let in.
    """

    def __init__(self, app: Any, hosts: set[str], token: str = "") -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say in a line why not."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refused(scope, headers)
        if refused:
            await _say(send, refused)
            return
        given = self._given(scope, headers)
        if self.token and not hmac.compare_digest(given[0].encode(), self.token.encode()):
            await _say(send, "token")
            return
        await self.app(scope, _Bounded(receive), self._with_headers(send, given[1]))

    def _refused(self, scope: Scope, headers: dict[bytes, str]) -> str:
        host = urlsplit("//" + headers.get(b"host", "")).hostname or ""
        if host.lower() not in self.hosts:
            return "host"
        origin = headers.get(b"origin")
        if origin is not None and urlsplit(origin).netloc.lower() != headers.get(b"host", "").lower():
            return "origin"
        if headers.get(b"sec-fetch-site", "same-origin") == "cross-site" and scope["method"] != "GET":
            return "site"
        length = headers.get(b"content-length", "0")
        if not length.isdigit() or int(length) > MOST:
            return "size"
        return ""

    def _given(self, scope: Scope, headers: dict[bytes, str]) -> tuple[str, bool]:
        """The token a request has, and whether it is new in its address."""
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if asked:
            return asked, True
        try:
            found = SimpleCookie(headers.get(b"cookie", "")).get(COOKIE)
        except CookieError:
            return "", False
        return (found.value if found else ""), False

    def _with_headers(self, send: Send, new: bool) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [*HEADERS]
                if self.token and new:
                    more.append((b"set-cookie", f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/".encode()))
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        return sent


class _Bounded:
    """A body that ends where it is too large, whatever its header said."""

    def __init__(self, receive: Receive) -> None:
        self.receive, self.read = receive, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.read += len(message.get("body", b""))
            if self.read > MOST:
                return {"type": "http.disconnect"}
        return message


async def _say(send: Send, refused: str) -> None:
    status, told = REFUSALS[refused]
    body = told.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
