"""Faults of a network or a body through the feed, for every source and kind: nothing escapes, nothing false.

All faults that the shared client answers go through one cell; the others meet one of each error they can end in.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from rallytui.config import ProviderSettings, Settings
from rallytui.feed.feed import Feed
from rallytui.model import Kind
from rallytui.providers import REGISTRY, create
from rallytui.sessions import nyse
from tests.facts import bars, ny, quarters, quote, series
from tests.fakes import Fake
from tests.memory import memory_store
from tests.providers.company_samples import COMPANY_FACTS, SUBMISSIONS, TICKERS, TIMESERIES
from tests.providers.helpers import UNHURRIED, Stream, page, text
from tests.providers.samples import CBOE_HISTORY, CBOE_LIVE, FRED_GRAPH, TREASURY, chart, nasdaq, part, spark
from tests.virtual import LoopClock, play

NOON = "2025-12-10T12:00"
Fault = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True)
class Cell:
    """One source asked for one name of one kind; `good` is its body, `bad` what a false body replaces in it."""

    source: str
    kind: Kind
    name: str
    good: Callable[[httpx.Request], str]
    bad: dict[str, tuple[str, str]]


def js(value: object) -> Callable[[httpx.Request], str]:
    return lambda _: json.dumps(value)


def edgar(request: httpx.Request) -> str:
    path = request.url.path
    tickers = "tickers" in path
    return json.dumps(TICKERS if tickers else COMPANY_FACTS if "companyfacts" in path else SUBMISSIONS)


def treasury(request: httpx.Request) -> str:
    """The year that is asked for; of the years before, one day."""
    year = request.url.params.get("field_tdr_date_value", "2025")
    head = TREASURY.splitlines()[0]
    return TREASURY if year == "2025" else f"{head}\n{'06/03' if year == '2024' else '06/05'}/{year},5,5,4.5,4.14,4.2\n"


CELLS = (
    Cell(
        *("cboe", "quotes", "^GSPC", js(CBOE_LIVE)),
        bad={
            "negative": ("6860.51", "-6860.51"),
            "nan": ('"current_price": 6860.51', '"current_price": NaN'),
            "text": ('"current_price": 6860.51', '"current_price": "n/a"'),
            "future": ("2025-12-10T11:44:59", "2025-12-12T11:44:59"),
            "other symbol": ("^SPX", "^NDX"),
            "renamed": ("current_price", "price_now"),
        },
    ),
    Cell(
        *("cboe", "bars", "^GSPC", js(CBOE_HISTORY)),
        bad={
            "future": ("2025-12-0", "2026-12-0"),
            "other symbol": ("_SPX", "_NDX"),
            "renamed": ('"close"', '"shut"'),
            "negative": ('"close": "', '"close": "-'),
        },
    ),
    Cell(
        *("yahoo", "quotes", "PLPC", js(spark("PLPC"))),
        bad={
            "negative": ("6860.509765625", "-6860.509765625"),
            "nan": ("6860.509765625", "NaN"),
            "other symbol": ("PLPC", "INOD"),
            "renamed": ('"close"', '"shut"'),
        },
    ),
    Cell(
        *("yahoo", "bars", "PLPC", js(chart("PLPC", ["2025-12-08", "2025-12-09"], [150.25, 151.5]))),
        bad={
            "other symbol": ('"symbol": "PLPC"', '"symbol": "INOD"'),
            "renamed": ('"timestamp"', '"stamps"'),
            "quarters": ('"1d"', '"3mo"'),
            "negative": ("15", "-15"),
        },
    ),
    Cell("yahoo", "companies", "FIVN", js(TIMESERIES), bad={"renamed": ("timeseries", "series")}),
    Cell(
        "sec", "companies", "PLPC", edgar, bad={"renamed": ("us-gaap", "gaap"), "numbers": ('"val": 1', '"val": "x"')}
    ),
    Cell(
        *("fred", "series", "UNRATE", lambda _: FRED_GRAPH),
        bad={"other series": (",UNRATE", ",PAYEMS"), "future": ("2025-09", "2027-09"), "nan": ("4.4", "nan")},
    ),
    Cell(
        *("treasury", "series", "DGS10", treasury),
        bad={"renamed": ("10 Yr", "10 Year bond"), "future": ("12/09/2025", "12/29/2025"), "text": ("4.18", "n/a")},
    ),
    Cell(
        *("nasdaq", "quotes", "MU", js(nasdaq(part("$125.50", "Dec 10, 2025 11:58 AM ET")))),
        bad={
            "negative": ("$125.50", "$-125.50"),
            "other symbol": ('"symbol": "MU"', '"symbol": "NVDA"'),
            "renamed": ("lastSalePrice", "price"),
            "future": ("Dec 10, 2025", "Dec 12, 2025"),
        },
    ),
)
GOOD = {6860.51, 6860.509765625, 125.5, 150.25, 151.5, 6840.51, 6846.51, 6870.40, 4.3, 4.4, 4.18, 4.17, 4.14}
OTHER = {"quotes": 777.0, "bars": 778.0, "series": 4.44, "companies": 0.0}


def raising(error: Exception) -> Fault:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def no_name() -> Fault:
    error = httpx.ConnectError("[Errno -2]")
    error.__cause__ = socket.gaierror(-2, "Name or service not known")
    return raising(error)


class Drip(httpx.AsyncByteStream):
    """A byte every ten seconds, for ever."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(10)
            yield b" "


def stream(*pieces: bytes, error: Exception | None = None, **headers: str) -> Fault:
    return lambda _: httpx.Response(200, stream=Stream(*pieces, error=error), headers=headers)


BOMB = gzip.compress(bytes(40 * 2**20), 1)
NETWORK: dict[str, Fault] = {
    "time-out": raising(httpx.ReadTimeout("")),
    "no connection": raising(httpx.ConnectError("All connection attempts failed")),
    "no name": no_name(),
    "reset": raising(httpx.ReadError("")),
    "429": lambda _: text("Too Many Requests", 429, "text/plain"),
    "429 with a time": lambda _: text("slow down", 429, "text/plain", **{"retry-after": "1800"}),
    "captcha": lambda _: page("Verify you are human", 403),
    "page": lambda _: page("Before you continue"),
    "500": lambda _: page("Oops", 500),
    "503": lambda _: text("later", 503, **{"retry-after": "90"}),
    "empty": lambda _: text(""),
    "cut off": stream(b'{"data": {"cur', error=httpx.RemoteProtocolError("incomplete")),
    "half": lambda _: text('{"data": {"cur', kind="application/json"),
    "garbage": lambda _: httpx.Response(200, content=bytes(range(128, 256)) * 8),
    "list": lambda _: text("[[]]", kind="application/json"),
    "null": lambda _: text("null", kind="application/json"),
    "huge": stream(*([b"[" + b" " * 2**20] * 40)),
    "bomb": stream(BOMB, **{"content-encoding": "gzip"}),
    "circle": lambda request: httpx.Response(302, headers={"location": str(request.url)}),
    "elsewhere": lambda _: httpx.Response(302, headers={"location": "https://consent.example.org/"}),
    "drip": lambda _: httpx.Response(200, stream=Drip()),
}


class Wire:
    """The network of the source that fails, until it is told to be well."""

    def __init__(self, cell: Cell, fault: Fault | None) -> None:
        self.cell, self.fault, self.requests = cell, fault, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        kind = "text/csv" if self.cell.kind == "series" else "application/json"
        return self.fault(request) if self.fault else text(self.cell.good(request), kind=kind)


def spoiled(cell: Cell, name: str) -> Fault:
    def answer(request: httpx.Request) -> httpx.Response:
        kind = "text/csv" if cell.kind == "series" else "application/json"
        body = cell.good(request)
        return text(body.replace(*cell.bad[name]), kind=kind)

    return answer


def second(cell: Cell) -> Fake:
    """The next source in line, which is well."""
    value: Any = {
        "quotes": lambda: quote(cell.name, OTHER["quotes"], NOON, source="second"),
        "bars": lambda: bars(cell.name, {"2025-12-08": 778.0, "2025-12-09": 778.0}, "second"),
        "series": lambda: series(cell.name, {"2025-09-01": 4.44}, ny(NOON), source="second"),
        "companies": lambda: quarters(cell.name, [1e8], "2025-09-30", "second"),
    }[cell.kind]
    return Fake("simulated", {(cell.kind, cell.name): value}, [cell.kind])


def feed_of(cell: Cell, wire: Wire, other: Fake, clock: LoopClock) -> Feed:
    own = ProviderSettings(requests_per_minute=UNHURRIED, contact="ada@example.com")
    first = create(cell.source, own, clock, httpx.MockTransport(wire))
    settings = Settings()
    line = [cell.source, "simulated"]
    order = replace(settings.data.order, **dict.fromkeys(settings.data.order.__struct_fields__, line))
    feed = Feed(
        replace(settings, data=replace(settings.data, order=order)),
        {cell.source: first, "simulated": other},
        memory_store(),
        clock,
        nyse(),
        chance=lambda: 0.0,
    )
    only = {kind: (cell.name,) if kind == cell.kind else () for kind in ("quotes", "bars", "series", "companies")}
    feed._agenda.wants = type(feed.wants)(**only)
    return feed


def numbers(feed: Feed, cell: Cell) -> set[float]:
    """What the tape says about the name."""
    tape = feed.tape
    if cell.kind == "quotes":
        return {tape.quotes[cell.name].price} if cell.name in tape.quotes else set()
    if cell.kind == "bars":
        return set(tape.bars[cell.name].frame["close"]) if cell.name in tape.bars else set()
    if cell.kind == "series":
        return set(tape.series[cell.name].frame["value"]) if cell.name in tape.series else set()
    return set()


async def examine(cell: Cell, fault: Fault, *, false: bool) -> None:
    """One cell of the matrix: the fault, then the recovery."""
    clock = LoopClock(ny(NOON))
    wire, other = Wire(cell, fault), second(cell)
    feed = feed_of(cell, wire, other, clock)
    for _ in range(3):
        await feed.refresh()
        assert numbers(feed, cell) <= GOOD | {OTHER[cell.kind]}, "no wrong number"
    assert wire.requests
    health = feed.health.get(cell.source)
    held = feed.tape.companies if cell.kind == "companies" else getattr(feed.tape, cell.kind)
    if not (false and health.status == "ok"):  # a body from which what is false could be left out
        assert other.asked[0] == (cell.kind, cell.name), "the next in line is asked"
        assert held[cell.name].source == "second", "and its number carries its name"
        if health.status != "untried":  # "I do not know that name" is no failure
            assert health.status == "failing"
            assert health.next_try is not None
            assert health.next_try > clock.now() - timedelta(minutes=5)
            assert health.detail.isprintable()
        assert health.status == "failing" or false
    wire.fault = None
    await asyncio.sleep(8 * 86_400 if health.status == "untried" else 86_400)
    await feed.refresh()
    assert feed.health.get(cell.source).status == "ok", "and it recovers"
    assert cell.name not in feed.known().suspects
    await feed.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


ONE_OF_EACH = ("500", "429", "captcha", "null", "list", "half")
"""A fault per error: unavailable, limited, refused, and three bodies that each source reads by itself."""
MATRIX = [
    (cell, name, NETWORK[name], False) for cell in CELLS for name in (NETWORK if cell is CELLS[0] else ONE_OF_EACH)
]
MATRIX += [(cell, name, spoiled(cell, name), True) for cell in CELLS for name in cell.bad]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.source} {cell.kind}")
def test_no_fault_of_a_source_escapes_or_shows_a_wrong_number(cell: Cell) -> None:
    """All faults of one source and kind; the message of a failure names the fault."""
    faults = [(name, fault, false) for own, name, fault, false in MATRIX if own is cell]
    broken = {}
    for name, fault, false in faults:
        try:
            play(examine(cell, fault, false=false))
        except Exception as error:  # each cell is told, not only the first
            broken[name] = f"{type(error).__name__}: {str(error)[:300]}"
    assert not broken, f"{cell.source} {cell.kind}: {len(broken)} of {len(faults)} cells"


def test_the_matrix_is_whole() -> None:
    assert {name for _, name, *_ in MATRIX} >= set(NETWORK)
    assert {cell.kind for cell in CELLS} == {"quotes", "bars", "series", "companies"}
    assert {cell.source for cell in CELLS} == set(REGISTRY) - {"simulated"}
    for cell, name, *_ in MATRIX:
        if name in cell.bad:
            body = cell.good(httpx.Request("GET", "https://x.example.com/companyfacts"))
            assert body.replace(*cell.bad[name]) != body, f"{cell.source}: {name} changes nothing"
