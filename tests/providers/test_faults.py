"""The client against every fault of a network, and every call against bodies it cannot read: always a typed error."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from rallytui.model import BadPayload, RateLimited, Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers import REGISTRY
from tests.providers.helpers import Stream, asked, page, provider, text

START, END = date(2025, 1, 1), date(2025, 12, 31)
Call = Callable[[Any], Any]
CALLS: dict[str, tuple[str, Call]] = {
    "cboe quotes": ("cboe", lambda one: one.quotes(["^GSPC", "SPY"])),
    "cboe history": ("cboe", lambda one: one.bars("^GSPC", START, END)),
    "cboe table": ("cboe", lambda one: one.bars("^VIX", START, END)),
    "yahoo quotes": ("yahoo", lambda one: one.quotes(["^GSPC", "SPY"])),
    "yahoo quote": ("yahoo", lambda one: one.quote("SPY")),
    "yahoo bars": ("yahoo", lambda one: one.bars("SPY", START, END)),
    "yahoo company": ("yahoo", lambda one: one.company("PLPC")),
    "yahoo search": ("yahoo", lambda one: one.search("plpc")),
    "fred graph": ("fred", lambda one: one.series("DGS10", START)),
    "fred vintage": ("fred", lambda one: one.series("UNRATE", START, date(2025, 9, 1))),
    "treasury": ("treasury", lambda one: one.series("DGS10", START)),
    "sec": ("sec", lambda one: one.company("PLPC")),
    "nasdaq": ("nasdaq", lambda one: one.quotes(["MU"])),
}


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def streamed(
    *pieces: bytes, error: Exception | None = None, **headers: str
) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(200, stream=Stream(*pieces, error=error), headers=headers)


BOMB = gzip.compress(bytes(40 * 2**20), 1)
CUT = httpx.RemoteProtocolError("peer closed connection without sending complete message body")
Fault = Callable[[httpx.Request], httpx.Response]
FAULTS: dict[str, tuple[Fault, tuple[type[SourceError], ...]]] = {
    "500": (lambda _: page("Oops", 500), (Unavailable,)),
    "503": (lambda _: page("Busy", 503), (Unavailable,)),
    "403": (lambda _: page("Forbidden", 403), (Refused,)),
    "404": (lambda _: page("Not found", 404), (RateLimited, Refused, Unavailable)),
    "429": (lambda _: text("Too Many Requests", 429, "text/plain"), (RateLimited,)),
    "time-out": (raising(httpx.ReadTimeout("")), (Unavailable,)),
    "reset": (raising(httpx.ReadError("")), (Unavailable,)),
    "no name": (raising(httpx.ConnectError("Name or service not known")), (Unavailable,)),
    "cut wire": (streamed(b'{"a', error=CUT), (Unavailable,)),
    "html": (lambda _: page("Verify you are human"), (Refused,)),
    "html as json": (lambda _: text("<html><p>hi", kind="application/json"), (Refused,)),
    "empty": (lambda _: text(""), (BadPayload,)),
    "bomb": (streamed(BOMB, **{"content-encoding": "gzip"}), (BadPayload,)),
    "bad gzip": (streamed(b"nope", **{"content-encoding": "gzip"}), (BadPayload,)),
    "loop": (lambda request: httpx.Response(302, headers={"location": str(request.url)}), (Refused,)),
    "elsewhere": (lambda _: httpx.Response(302, headers={"location": "https://consent.example.org/"}), (Refused,)),
}
"""What the client itself answers for, whoever asks."""
BODIES: dict[str, tuple[Fault, tuple[type[SourceError], ...]]] = {
    "refused": (lambda _: page("Forbidden", 403), (Refused,)),
    "garbage": (lambda _: httpx.Response(200, content=bytes(range(128, 256)) * 8), (BadPayload,)),
    "null": (lambda _: text("null", kind="application/json"), (BadPayload,)),
    "list": (lambda _: text("[[]]", kind="application/json"), (BadPayload,)),
    "deep": (lambda _: text('{"x":' + "[" * 50_000, kind="application/json"), (BadPayload, UnknownSymbol)),
    "cut json": (lambda _: text('{"timestamp": "2025-12-1', kind="application/json"), (BadPayload,)),
}
"""What each call has to read, or to pass on, by itself."""


def test_no_source_is_left_out() -> None:
    assert {name for name, _ in CALLS.values()} == set(REGISTRY) - {"simulated"}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_of_the_network_becomes_a_typed_error(fault: str) -> None:
    answer, errors = FAULTS[fault]
    with pytest.raises(errors) as caught:
        await asked(answer)
    is_told(caught.value, "cboe")


@pytest.mark.parametrize("call", CALLS)
async def test_a_body_that_cannot_be_read_becomes_a_typed_error(call: str) -> None:
    name, ask = CALLS[call]
    for answer, errors in BODIES.values():
        one, _ = provider(name, answer)
        with pytest.raises(errors) as caught:
            await ask(one)
        is_told(caught.value, name)
        await one.close()


def is_told(error: SourceError, source: str) -> None:
    """The error names its source and says one short printable thing."""
    assert error.provider == source
    assert str(error).isprintable()
    assert len(str(error)) < 300
