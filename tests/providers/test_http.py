"""The client that all providers share: who it says it is, what a status means, deadlines, secrets, typed errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

import httpx
import pytest

from rallytui import __version__
from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings
from rallytui.config.addresses import is_loopback
from rallytui.model import BadPayload, RateLimited, Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers import http as module
from rallytui.providers.http import Http, Manners, base_url, host_of
from rallytui.providers.verdict import retry_after
from tests.providers.helpers import (
    BASE,
    NOON,
    Handler,
    Stream,
    asked,
    client,
    data,
    page,
    provider,
    text,
)

KEY = "0123456789abcdef0123456789abcdef"


AGENTS = {
    "cboe": f"rallytui/{__version__} (+https://",
    "fred": f"rallytui/{__version__} (+https://",
    "treasury": f"rallytui/{__version__} (+https://",
    "yahoo": f"Mozilla/5.0 (compatible; rallytui/{__version__}; +https://",
    "nasdaq": f"Mozilla/5.0 (compatible; rallytui/{__version__}; +https://",
    "sec": f"rallytui/{__version__} ada@example.com",
}
CALLS = {
    "cboe": lambda one: one.quotes(["^VIX"]),
    "fred": lambda one: one.series("UNRATE", NOON.date()),
    "treasury": lambda one: one.series("DGS2", NOON.date()),
    "yahoo": lambda one: one.quotes(["SPY"]),
    "nasdaq": lambda one: one.quotes(["SPY"]),
    "sec": lambda one: one.company("SPY"),
}


@pytest.mark.parametrize("name", AGENTS)
async def test_every_request_says_honestly_who_asks(name: str) -> None:
    one, wire = provider(name, text("", 500))
    with pytest.raises(Unavailable):
        await CALLS[name](one)
    headers = wire.requests[0].headers
    assert headers["user-agent"].startswith(AGENTS[name])
    assert not any(word in headers["user-agent"] for word in ("Chrome", "AppleWebKit", "Gecko", "Windows"))
    assert headers["accept-encoding"] == "gzip, deflate"


async def test_a_contact_cannot_smuggle_a_header() -> None:
    one, wire = provider("sec", text("", 500), contact="ada@example.com\r\nX-Evil: 1 ü")
    with pytest.raises(Unavailable):
        await one.company("PLPC")
    assert "x-evil" not in wire.requests[0].headers
    assert wire.requests[0].headers["user-agent"].endswith("ada@example.com X-Evil: 1")


async def test_the_config_can_name_another_agent() -> None:
    one, wire = provider("fred", text("", 500), user_agent="Mozilla/5.0 (mine)\r\nX-Evil: 1")
    with pytest.raises(Unavailable):
        await one.series("UNRATE", date(2025, 1, 1))
    assert wire.requests[0].headers["user-agent"] == "Mozilla/5.0 (mine) X-Evil: 1"
    assert "x-evil" not in wire.requests[0].headers


STATUSES: list[tuple[httpx.Response, str, type[SourceError]]] = [
    (page("Busy", 503), "", Unavailable),
    (page("Busy", 500), "X", Unavailable),
    (text("", 304), "X", Unavailable),
    (text("wait", 503, **{"retry-after": "30"}), "", RateLimited),
    (text("wait", 429), "X", RateLimited),
    *((page("Gone", 404), about, RateLimited) for about in ("X", "")),
    *((text(body, 404), about, RateLimited) for body in ("", "gone") for about in ("X", "")),
    (text("", 429), "X", RateLimited),
    (page("Slow down", 429), "X", RateLimited),
    (text('{"error": "Not Found"}', 404), "X", UnknownSymbol),
    (text("<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", 404), "X", UnknownSymbol),
    (text('{"error": "Not Found"}', 404), "", Refused),
    (page("No", 403), "X", Refused),
    (text("teapot", 418), "X", Refused),
    (page("Verify you are human"), "X", Refused),
    (text("\n<!DOCTYPE HTML><p>hi", kind="application/json"), "X", Refused),
    (text(""), "X", BadPayload),
    (text("  \n"), "X", BadPayload),
]


@pytest.mark.parametrize(("answer", "about", "error"), STATUSES)
async def test_what_an_answer_means(answer: httpx.Response, about: str, error: type[SourceError]) -> None:
    with pytest.raises(error) as caught:
        await asked(answer, about)
    assert type(caught.value) is error
    assert caught.value.provider == "cboe"


async def test_words_of_a_page_are_cleaned_and_cut() -> None:
    nasty = "[red]\x1b[31mow\u202end[/] " + "A" * 5000
    with pytest.raises(Refused) as caught:
        await asked(page(nasty))
    words = str(caught.value)
    assert words.startswith("Cboe sent a web page instead of data: (red)(31mownd(/) AAA")
    assert len(words) < 200


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Wed, 10 Dec 2025 17:01:00 GMT", 60),
        ("Wed, 10 Dec 2025 16:01:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("99999999999999999999", 86400),
        ("Wed, 99 Dec 2025 17:01:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after(header, NOON) == seconds


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout(""),
        httpx.PoolTimeout(""),
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ReadError(""),
        httpx.RemoteProtocolError("peer closed connection"),
        OSError("odd"),
        RuntimeError("client has been closed"),
    ],
)
async def test_whatever_the_network_raises_is_unavailable(error: Exception) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(Unavailable):
        await asked(broken)


async def test_the_whole_answer_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE_S", 0.01)

    async def dripping() -> None:
        await asyncio.Event().wait()

    class Endless(Stream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            await dripping()
            yield b""

    with pytest.raises(Unavailable, match="in time"):
        await asked(httpx.Response(200, stream=Endless()))


async def test_cancelling_is_not_turned_into_an_error() -> None:
    started = asyncio.Event()

    async def never(_: httpx.Request) -> httpx.Response:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    http = Http(Manners("cboe"), ProviderSettings(), FrozenClock(NOON), httpx.MockTransport(never), (BASE,))
    task = asyncio.create_task(http.fetch(f"{BASE}/x", bytes))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


ECHOES: list[Callable[[httpx.Request], httpx.Response]] = [
    lambda request: text(f"no such key {request.url}", 400),
    lambda request: page(f"your key {KEY}"),
    lambda request: text(f"{{ {KEY}", kind="application/json"),
]


@pytest.mark.parametrize("answer", ECHOES)
async def test_a_key_is_in_no_error_and_no_log(answer: Handler, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    one, wire = provider("fred", answer, api_key=KEY)
    with pytest.raises(SourceError) as caught:
        await one.series("UNRATE", NOON.date())
    assert KEY in str(wire.requests[0].url)
    assert KEY not in str(caught.value)
    assert "HTTP Request: GET https://api.stlouisfed.org/fred/series/observations" in caplog.text
    assert KEY not in caplog.text


async def test_a_key_in_a_transports_message_is_masked() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route to {request.url}")

    one, _ = provider("fred", broken, api_key=KEY)
    with pytest.raises(Unavailable, match=r"api_key=\*\*\*"):
        await one.series("UNRATE", NOON.date())


@pytest.mark.parametrize("url", ["http://api.example.com", "ftp://api.example.com", "//api"])
async def test_a_key_is_only_sent_over_https(url: str) -> None:
    one, wire = provider("fred", data({}), api_key=KEY, api_url=url)
    with pytest.raises(Refused, match="must be https"):
        await one.series("UNRATE", NOON.date())
    assert not wire.requests


async def test_a_key_may_be_sent_to_this_machine() -> None:
    one, wire = provider("fred", text("", 500), api_key=KEY, api_url="http://127.0.0.1:8900/fredapi/")
    with pytest.raises(Unavailable):
        await one.series("UNRATE", NOON.date())
    assert wire.requests[0].url.path == "/fredapi/fred/series/observations"


async def test_an_address_that_is_none_is_refused_not_raised() -> None:
    one, _ = provider("cboe", data({}), base_url="https://cdn.example.com:port")
    assert one.host == ""
    with pytest.raises(Refused, match="not a URL"):
        await one.quotes(["^VIX"])


async def test_after_closing_a_request_opens_new_connections() -> None:
    http, wire = client(data([]))
    await http.fetch(f"{BASE}/x", bytes)
    await http.close()
    await http.close()
    await http.fetch(f"{BASE}/x", bytes)
    assert len(wire.requests) == 2


async def test_the_circuit_opens_and_spares_the_source() -> None:
    http, wire = client(text("", 500))
    for _ in range(5):
        with pytest.raises(Unavailable):
            await http.fetch(f"{BASE}/x", bytes)
    assert len(wire.requests) == 2


def test_addresses() -> None:
    assert base_url(" https://proxy.example.com/cboe/ ", BASE) == "https://proxy.example.com/cboe"
    assert base_url("", BASE) == BASE
    assert host_of("https://proxy.example.com:8443/x") == "proxy.example.com"
    assert [is_loopback(host) for host in ("localhost", "127.8.0.1", "::1", "10.0.0.1", "example.com")] == [
        True,
        True,
        True,
        False,
        False,
    ]


async def test_no_cookie_is_kept_or_sent_back() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        to = {"location": f"{BASE}/z"} if request.url.path == "/y" else {}
        headers = {**to, "set-cookie": "crumb=1; Path=/; Max-Age=3600"}
        return httpx.Response(302 if to else 200, headers=headers, content=b"ok")

    http, wire = client(answer)
    for path in ("x", "y", "x"):
        assert await http.fetch(f"{BASE}/{path}", bytes) == b"ok"
    await http.close()
    assert [request.url.path for request in wire.requests] == ["/x", "/y", "/z", "/x"]
    assert not any("cookie" in request.headers for request in wire.requests)
