"""A provider in front of a scripted network, and the hand-written answers it gets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings
from rallytui.model import Clock
from rallytui.providers import create
from rallytui.providers.http import Http, Manners
from rallytui.sessions import NEW_YORK

Handler = Callable[[httpx.Request], httpx.Response]
UNHURRIED = 600_000.0
"""A budget that a test never uses up."""


def ny(text: str) -> datetime:
    """A New York time written as ISO without an offset."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


NOON = ny("2025-12-10T12:00")
EVENING = ny("2025-12-10T20:30")


class Wire:
    """Answers requests with one response or a function, and remembers them."""

    def __init__(self, answer: httpx.Response | Handler) -> None:
        self._answer = answer
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer if isinstance(self._answer, httpx.Response) else self._answer(request)


def provider(
    name: str, answer: httpx.Response | Handler, now: datetime = NOON, clock: Clock | None = None, **settings: Any
) -> tuple[Any, Wire]:
    """The provider called `name`, whose network is `answer`, and the wire between them."""
    wire = Wire(answer)
    if name == "sec":
        settings = {"contact": "ada@example.com", **settings}
    own = ProviderSettings(**{"requests_per_minute": UNHURRIED, **settings})
    return create(name, own, clock or FrozenClock(now), httpx.MockTransport(wire)), wire


BASE = "https://cdn.example.com"


def client(answer: httpx.Response | Handler, base: str = BASE, **settings: object) -> tuple[Http, Wire]:
    """A bare client of `base` and its wire."""
    wire = Wire(answer)
    own = ProviderSettings(**{"requests_per_minute": UNHURRIED, **settings})
    return Http(Manners("cboe"), own, FrozenClock(NOON), httpx.MockTransport(wire), (base,)), wire


async def asked(answer: httpx.Response | Handler, about: str = "", **settings: object) -> bytes:
    """The body of one request to a bare client."""
    http, _ = client(answer, **settings)
    return await http.fetch(f"{BASE}/x", bytes, about=about)


def text(body: str, status: int = 200, kind: str = "text/csv", **headers: str) -> httpx.Response:
    """A response of text."""
    return httpx.Response(status, content=body.encode(), headers={"content-type": kind, **headers})


def page(title: str, status: int = 200) -> httpx.Response:
    """A web page."""
    return text(f"<!DOCTYPE html><html><head><title>{title}</title></head></html>", status, "text/html")


def data(value: object, status: int = 200) -> httpx.Response:
    """A response of JSON."""
    return text(json.dumps(value), status, "application/json")


class Stream(httpx.AsyncByteStream):
    """A body that comes over the wire in pieces, as it does from a real server."""

    def __init__(self, *pieces: bytes, error: Exception | None = None) -> None:
        self._pieces, self._error = pieces, error
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.sent += len(piece)
            yield piece
        if self._error:
            raise self._error


class Running(FrozenClock):
    """A clock that its own waits move on: nothing really sleeps."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)


def epoch(moment: datetime, plus: timedelta = timedelta()) -> int:
    """Epoch seconds."""
    return int((moment + plus).timestamp())
