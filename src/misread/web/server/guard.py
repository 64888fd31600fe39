"""Who may ask, and what an answer may do: around the whole page, before anything else looks at a request.

Only this machine, only the browser that was given the address, only this site's own forms. Nothing an answer holds may
load or run anything from elsewhere, or in the page itself.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "misread"
MOST_BYTES = 2**20
"""Bytes of a request's body; a deployment file has some thousands."""
PATIENCE = 10.0
"""Seconds that the next piece of a body may take."""
NOWHERE: Mapping[str, int] = MappingProxyType({})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """What the browser of the one who started the server has: in the first address, then as a cookie."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Refused(Exception):  # noqa: N818  # it is an answer, not an error
    """A request that is not served: the status, and a sentence for whoever reads it."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class Guard:
    """Lets a request through to the application, or answers it.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    keys : Keys
        Of this run.
    hosts : frozenset of str
        What the Host header may be, port included.
    larger : mapping
        Addresses that take more than `MOST_BYTES`, and all below each → how many bytes they take.
    """

    def __init__(self, app: ASGIApp, keys: Keys, hosts: frozenset[str], larger: Mapping[str, int] = NOWHERE) -> None:
        self.app, self.keys, self.hosts, self.larger = app, keys, hosts, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        sends = _Sends(send)
        try:
            where = self._first(scope)
            if where is not None:
                await _answer(sends, 303, "", {"location": where, "set-cookie": self._cookie()})
                return
            await self.app(scope, _Body(receive, scope, self._most(scope)), sends)
        except Refused as refused:
            if not sends.begun:
                await _answer(sends, refused.status, refused.said)

    def _first(self, scope: Scope) -> str | None:
        """Where to go after the first address; None where the request has been here before. Raises `Refused`."""
        headers = _headers(scope)
        host = headers.get("host", "")
        if host not in self.hosts:
            raise Refused(400, "This page answers only at the address that misread serve printed.")
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            raise Refused(405, "Only GET, HEAD and POST are answered.")
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] == "GET" and "token" in query and _same(query["token"], self.keys.token):
            return str(scope["path"])
        if not _same(_cookie_of(headers.get("cookie", "")), self.keys.cookie):
            raise Refused(403, "Open the address that misread serve printed when it started: it holds the key.")
        if scope["method"] == "POST" and not _own(headers, host):
            raise Refused(403, "Forms of other sites are not taken.")
        length, most = headers.get("content-length", "0"), self._most(scope)
        if not length.isdigit() or int(length) > most:
            raise Refused(413, f"At most {most:,} bytes can be sent.")
        return None

    def _most(self, scope: Scope) -> int:
        above = (most for place, most in self.larger.items() if f"{scope['path']}/".startswith(f"{place}/"))
        return max(above, default=MOST_BYTES)

    def _cookie(self) -> str:
        return f"{COOKIE}={self.keys.cookie}; HttpOnly; SameSite=Strict; Path=/"


class _Sends:
    """Adds to every answer what it may do."""

    def __init__(self, send: Send) -> None:
        self.send, self.begun = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            named = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
            own = [(k, v) for k, v in message.get("headers", []) if k.decode().lower() not in HEADERS]
            message = {**message, "headers": [*own, *named]}
        await self.send(message)


class _Body:
    """A request's body, as long and as slow as it may be."""

    def __init__(self, receive: Receive, scope: Scope, most: int) -> None:
        self.receive, self.most, self.read, self.waits = receive, most, 0, scope["method"] == "POST"

    async def __call__(self) -> Message:
        if not self.waits:
            return await self.receive()
        try:
            message = await asyncio.wait_for(self.receive(), PATIENCE)
        except TimeoutError:
            raise Refused(408, f"Nothing came for {PATIENCE:g} seconds.") from None
        self.read += len(message.get("body", b""))
        if self.read > self.most:
            raise Refused(413, f"At most {self.most:,} bytes can be sent.")
        self.waits = bool(message.get("more_body"))
        return message


async def _answer(send: Send, status: int, said: str, more: MutableMapping[str, str] | None = None) -> None:
    headers = {"content-type": "text/plain; charset=utf-8", **(more or {})}
    start: dict[str, Any] = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [(k.encode(), v.encode()) for k, v in headers.items()]})
    await send({"type": "http.response.body", "body": f"{said}\n".encode() if said else b""})


def _headers(scope: Scope) -> dict[str, str]:
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}


def _cookie_of(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _own(headers: dict[str, str], host: str) -> bool:
    """Whether a form of this very site sent it: browsers say so, and other sites cannot say otherwise.

    Of a page that sends no referrer, as ours, they call the origin null, and say whether it is the same one beside it.
    """
    origin = headers.get("origin", "null")
    return origin == f"http://{host}" or (origin == "null" and headers.get("sec-fetch-site") == "same-origin")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
