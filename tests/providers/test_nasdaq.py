"""Nasdaq's quotes: formatted texts, failures with status 200, and blocks that swap places outside the session."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import httpx
import pytest

from rallytui.model import BadPayload, SourceError, Unavailable, UnknownSymbol
from rallytui.providers import QuoteProvider
from rallytui.providers.nasdaq_decode import figure
from tests.providers.helpers import EVENING, NOON, data, ny, provider
from tests.providers.samples import failure, nasdaq, part

REGULAR = part("$1,270.50", "Dec 10, 2025 11:58 AM ET")
CLOSED = part("$1,270.50", "Dec 10, 2025 4:00 PM ET")
LATE = part("$1,280.25", "Dec 10, 2025 6:31 PM ET - AFTER HOURS", netChange="+9.75", percentageChange="+0.77%")


async def test_a_quote_of_the_session() -> None:
    one, wire = provider("nasdaq", data(nasdaq(REGULAR)))
    assert isinstance(one, QuoteProvider)
    (found,) = await one.quotes(["MU"])
    assert (found.price, found.prev_close, found.volume) == (1270.5, 1260.0, 8791790)
    assert (found.at, found.state, found.session_date) == (ny("2025-12-10T11:58"), "regular", date(2025, 12, 10))
    assert (found.delay_s, found.extended) == (0, None)
    assert str(wire.requests[0].url) == "https://api.nasdaq.com/api/quote/MU/info?assetclass=stocks"
    assert wire.requests[0].headers["accept"].startswith("application/json")


async def test_outside_the_session_the_regular_values_are_the_second_block() -> None:
    one, _ = provider("nasdaq", data(nasdaq(LATE, CLOSED)), EVENING)
    (found,) = await one.quotes(["MU"])
    assert (found.price, found.extended, found.prev_close) == (1270.5, 1280.25, 1260.0)
    assert found.at == ny("2025-12-10T16:00")


async def test_a_date_alone_is_that_days_close_and_not_real_time() -> None:
    block = {"lastSalePrice": "$10.40", "lastTradeTimestamp": "DATA AS OF Dec 9, 2025", "isRealTime": False}
    one, _ = provider("nasdaq", data(nasdaq(block)))
    (found,) = await one.quotes(["MU"])
    assert (found.at, found.delay_s, found.prev_close, found.volume) == (ny("2025-12-09T16:00"), 900, None, None)


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("Dec 10, 2025 12:00 PM ET", ny("2025-12-10T12:00")),
        ("Jul 27, 2025 12:51 PM ET", None),
        ("Dec 9, 2025 4:00:01 PM ET", ny("2025-12-09T16:00")),
    ],
)
async def test_times_as_they_are_written(stamp: str, at: datetime | None) -> None:
    one, _ = provider("nasdaq", data(nasdaq(part("$1", stamp))))
    if at is None:
        with pytest.raises(BadPayload, match="regular session"):
            await one.quotes(["MU"])
    else:
        assert (await one.quotes(["MU"]))[0].at == at


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1,270.50", 1270.5),
        (" $1 270.50\t", 1270.5),
        ("+10.31", 10.31),
        ("-0.29%", -0.29),
        ("($0.31)", -0.31),
        ("8,791,790", 8791790),
        ("N/A", None),
        ("", None),
        ("--", None),
        (None, None),
        ("UNCH", 0),
    ],
)
def test_figures(text: str | None, number: float | None) -> None:
    assert figure("$.x", text) == number


async def test_a_change_that_contradicts_its_percentage_gives_no_previous_close() -> None:
    one, _ = provider("nasdaq", data(nasdaq({**REGULAR, "percentageChange": "-5%"})))
    assert (await one.quotes(["MU"]))[0].prev_close is None


async def test_an_etf_is_found_on_the_second_try_and_remembered() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        etf = request.url.params["assetclass"] == "etf"
        return data(nasdaq(REGULAR, symbol="SPY") if etf else failure(1001))

    one, wire = provider("nasdaq", answer)
    for _ in range(2):
        assert (await one.quotes(["SPY"]))[0].symbol == "SPY"
    assert [request.url.params["assetclass"] for request in wire.requests] == ["stocks", "etf", "etf"]


@pytest.mark.parametrize(("code", "error", "requests"), [(1001, UnknownSymbol, 2), (3004, Unavailable, 1)])
async def test_failures_have_status_200(code: int, error: type[SourceError], requests: int) -> None:
    one, wire = provider("nasdaq", data(failure(code)))
    with pytest.raises(error) as caught:
        await one.quotes(["SNDK"])
    assert len(wire.requests) == requests
    assert "[" not in str(caught.value)


@pytest.mark.parametrize(
    "block",
    [
        part("N/A", "Dec 10, 2025 11:58 AM ET"),
        part("$-1", "Dec 10, 2025 11:58 AM ET"),
        part("NaN", "Dec 10, 2025 11:58 AM ET"),
        part("free", "Dec 10, 2025 11:58 AM ET"),
        part("$1", "Dec 10, 2025 12:58 PM ET"),
        part("$1", "Dec 10, 2025 8:00 AM ET"),
        part("$1", "Dec 9, 2025 6:00 PM ET - AFTER HOURS"),
        part("$1", "Dez 10, 2025 11:58 AM ET"),
        part("$1", "Dec 42, 2025 11:58 AM ET"),
        part("$1", "Dec 10, 1901 11:58 AM ET"),
        part("$1", ""),
        part("$1", "Dec 10, 2025 11:58 AM ET", volume="many"),
        {"lastSalePrice": 1270.5, "lastTradeTimestamp": "Dec 10, 2025 11:58 AM ET"},
    ],
)
async def test_a_quote_that_cannot_be(block: dict[str, Any]) -> None:
    one, _ = provider("nasdaq", data(nasdaq(block)), NOON)
    with pytest.raises(BadPayload):
        await one.quotes(["MU"])


async def test_an_answer_about_another_symbol_is_refused() -> None:
    one, _ = provider("nasdaq", data(nasdaq(REGULAR, symbol="NVDA")))
    with pytest.raises(BadPayload, match="asked for MU"):
        await one.quotes(["MU"])


async def test_class_shares() -> None:
    one, wire = provider("nasdaq", data(nasdaq(REGULAR, symbol="BRK.B")))
    assert (await one.quotes(["BRK-B"]))[0].symbol == "BRK-B"
    assert wire.requests[0].url.path == "/api/quote/BRK.B/info"


async def test_what_nasdaq_serves() -> None:
    one, wire = provider("nasdaq", data({}))
    assert one.serves("quotes", "SPY")
    assert not one.serves("quotes", "^GSPC")
    assert not one.serves("bars", "SPY")
    with pytest.raises(UnknownSymbol):
        await one.quotes(["^GSPC"])
    assert not wire.requests
