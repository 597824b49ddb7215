"""Yahoo: batched quotes, charts with their nulls, duplicates and live bars, search, and its ways to say no."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from rallytui.clock import FrozenClock
from rallytui.exchanges import is_final
from rallytui.model import BadPayload, Match, RateLimited, Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers import BarProvider, CompanyProvider, QuoteProvider, SearchProvider
from rallytui.providers.yahoo_decode import DIGITS
from tests.providers import samples
from tests.providers.helpers import EVENING, NOON, data, epoch, ny, page, provider, text
from tests.providers.samples import chart, session_chart, spark

START, END = date(2025, 12, 1), date(2025, 12, 31)
DAYS = ["2025-12-05", "2025-12-08", "2025-12-09", "2025-12-10"]


def yahoo(answer: Any, now: Any = NOON) -> tuple[Any, Any]:
    return provider("yahoo", data(answer) if isinstance(answer, dict) else answer, now)


async def test_quotes_come_in_one_request() -> None:
    one, wire = yahoo(spark("^GSPC", "SPY"))
    found = await one.quotes(["^GSPC", "SPY"])
    assert [item.symbol for item in found] == ["^GSPC", "SPY"]
    first = found[0]
    assert first.price == 6860.5098, "the last close that is not null, rounded to what is real"
    assert first.at == ny("2025-12-10T11:58")
    assert (first.session_date, first.state, first.prev_close) == (date(2025, 12, 10), "regular", 6840.51)
    assert first.day == (6850.0, 6855.25, 6860.5098)
    assert (first.open, first.high, first.low, first.volume, first.extended) == (None, None, None, None, None)
    params = dict(wire.requests[0].url.params)
    assert params == {"symbols": "^GSPC,SPY", "range": "1d", "interval": "5m", "includePrePost": "false"}
    assert "%5EGSPC" in str(wire.requests[0].url)


async def test_twenty_symbols_a_request() -> None:
    names = [f"A{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTU"]

    def answer(request: httpx.Request) -> httpx.Response:
        return data(spark(*request.url.params["symbols"].split(",")))

    one, wire = yahoo(answer)
    assert [item.symbol for item in await one.quotes([*names, names[0]])] == names
    assert [len(request.url.params["symbols"].split(",")) for request in wire.requests] == [20, 1]


async def test_a_second_batch_that_fails_leaves_the_first() -> None:
    names = [f"A{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTU"]
    one, _ = yahoo(lambda request: text("", 500) if "AU" in str(request.url) else data(spark(*names[:20])))
    assert len(await one.quotes(names)) == 20
    assert isinstance(one.misses["AU"], Unavailable)


async def test_a_symbol_that_is_missing_or_bad_does_not_spoil_the_batch() -> None:
    answer = spark("SPY", "NVDA", "PATH", "FIVN", "PLPC")
    answer["NVDA"]["close"][-2] = -1.0
    answer["PATH"]["close"] = [None] * 5
    answer["FIVN"]["symbol"] = "MSFT"
    answer["PLPC"]["timestamp"].pop()
    one, _ = yahoo(answer)
    found = await one.quotes(["SPY", "NVDA", "PATH", "FIVN", "PLPC", "ZZZZ", "bad symbol"])
    assert [item.symbol for item in found] == ["SPY"]
    kinds = {symbol: type(error) for symbol, error in one.misses.items()}
    assert kinds == {
        "NVDA": BadPayload,
        "PATH": Unavailable,
        "FIVN": BadPayload,
        "PLPC": BadPayload,
        "ZZZZ": UnknownSymbol,
        "bad symbol": UnknownSymbol,
    }


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({}, UnknownSymbol),
        (samples.INVALID_CRUMB, Refused),
        ({"spark": {"result": None, "error": {"code": "Not Found", "description": "x"}}}, Refused),
        ({"spark": {"result": []}}, BadPayload),
        (spark("SPY", last=NOON + timedelta(seconds=121)), BadPayload),
        ({"SPY": {"symbol": "SPY"}}, BadPayload),
    ],
)
async def test_quotes_that_cannot_be(answer: Any, error: type[SourceError]) -> None:
    one, _ = yahoo(answer)
    with pytest.raises(error):
        await one.quotes(["SPY"])


async def test_no_symbols_need_no_request() -> None:
    one, wire = yahoo({})
    assert await one.quotes([]) == []
    assert not wire.requests


async def test_a_full_quote_has_range_and_volume() -> None:
    one, _ = yahoo(session_chart())
    found = await one.quote("NVDA")
    assert (found.price, found.at) == (184.5, ny("2025-12-10T10:30"))
    assert (found.open, found.high, found.low, found.volume) == (184.97, 185.48, 182.04, 143076682)
    assert (found.prev_close, found.day) == (184.97, (184.97, 184.0, 184.5))


@pytest.mark.parametrize(
    "meta",
    [
        {"regularMarketPrice": None},
        {"regularMarketPrice": -1},
        {"regularMarketTime": None},
        {"regularMarketTime": 10**30},
        {"regularMarketTime": epoch(NOON) + 121},
        {"regularMarketDayHigh": 1.0},
        {"symbol": "MSFT"},
    ],
)
async def test_a_full_quote_that_cannot_be(meta: dict[str, Any]) -> None:
    answer = session_chart()
    answer["chart"]["result"][0]["meta"].update(meta)
    one, _ = yahoo(answer)
    with pytest.raises(BadPayload):
        await one.quote("NVDA")


async def test_bars_are_finished_adjusted_and_asked_by_period() -> None:
    one, wire = yahoo(chart("^GSPC", DAYS, [6801.0, 6802.0, 6803.0, 6812.60986328125]), EVENING)
    bars = await one.bars("^GSPC", date(2025, 12, 8), END)
    assert [day.day for day in bars.frame.index] == [8, 9, 10]
    assert bars.frame["close"].iloc[-1] == 6812.6099
    assert bars.frame["adj_close"].iloc[0] == 3401.0
    assert bars.name == "S&P 500"
    params = dict(wire.requests[0].url.params)
    assert params == {
        "period1": str(epoch(ny("2025-12-08T00:00"))),
        "period2": str(epoch(ny("2026-01-01T00:00"))),
        "interval": "1d",
        "events": "split,div",
    }
    assert "/v8/finance/chart/%5EGSPC?" in str(wire.requests[0].url)


@pytest.mark.parametrize(("new", "old"), [(20, 1), (1, 8), (1, 30), (3, 2), (5, 4), (10, 1)])
@pytest.mark.parametrize("adjusted", [True, False])
async def test_a_split_that_is_told_puts_all_rows_on_one_basis(new: int, old: int, adjusted: bool) -> None:
    """Whether its prices were adjusted already or not (METHODOLOGY G.4)."""
    factor = 1 if adjusted else new / old
    answer = chart("PLPC", DAYS, [100.0 * factor, 101.0 * factor, 102.0, 103.0])
    result = answer["chart"]["result"][0]
    result["events"] = {"splits": {"1": {"date": result["timestamp"][2], "numerator": new, "denominator": old}}}
    one, _ = yahoo(answer, EVENING)
    frame = (await one.bars("PLPC", START, END)).frame
    assert frame["close"].tolist() == pytest.approx([100.0, 101.0, 102.0, 103.0], rel=1e-4)
    assert frame["volume"].iloc[0] == pytest.approx(chart_volume(answer, 0) * factor)


def chart_volume(answer: Any, row: int) -> float:
    volume: float = answer["chart"]["result"][0]["indicators"]["quote"][0]["volume"][row]
    return volume


async def test_null_bars_are_left_out() -> None:
    one, _ = yahoo(chart("SPY", DAYS, [101.0, None, 103.0, 104.0]), EVENING)
    assert (await one.bars("SPY", START, END)).frame["close"].tolist() == [101, 103, 104]


async def test_the_live_bar_is_split_off_even_past_the_period() -> None:
    answer = chart("SPY", DAYS, [101.0, 102.0, 103.0, 104.0])
    answer["chart"]["result"][0]["timestamp"][-1] = epoch(ny("2025-12-10T11:58"))
    one, _ = yahoo(answer)
    assert [day.day for day in (await one.bars("SPY", START, END)).frame.index] == [5, 8, 9]
    one, _ = yahoo(answer, EVENING)
    assert [day.day for day in (await one.bars("SPY", START, date(2025, 12, 9))).frame.index] == [5, 8, 9]


async def test_of_two_bars_of_one_date_the_last_wins() -> None:
    answer = chart("SPY", [*DAYS, "2025-12-10"], [101.0, 102.0, 103.0, 104.0, 104.5])
    answer["chart"]["result"][0]["timestamp"][-1] = epoch(ny("2025-12-10T16:00:01"))
    one, _ = yahoo(answer, EVENING)
    assert (await one.bars("SPY", START, END)).frame["close"].tolist() == [101, 102, 103, 104.5]


async def test_no_bars_means_no_timestamp_key() -> None:
    answer = chart("SPY", [], [])
    del answer["chart"]["result"][0]["timestamp"]
    answer["chart"]["result"][0]["indicators"] = {"quote": [{}]}
    one, _ = yahoo(answer)
    assert (await one.bars("SPY", START, END)).frame.empty


async def test_a_bar_is_dated_where_the_exchange_is() -> None:
    summer = chart("GC=F", ["2025-07-01"], [3300.0])
    midnight = summer["chart"]["result"][0]
    midnight["timestamp"] = [epoch(ny("2025-07-01T00:00"))]  # -14400 then, while gmtoffset says -18000
    one, _ = yahoo(summer)
    assert [day.day for day in (await one.bars("GC=F", date(2025, 1, 1), END)).frame.index] == [1]
    midnight["meta"]["exchangeTimezoneName"] = "Nowhere/[At all]"
    assert not (await one.bars("GC=F", date(2025, 1, 1), END)).frame.empty


@pytest.mark.parametrize(
    "break_it",
    [
        lambda result: result["meta"].update(dataGranularity="3mo"),
        lambda result: result["meta"].update(symbol="MSFT"),
        lambda result: result["timestamp"].append(1),
        lambda result: result["indicators"].update(quote=[]),
        lambda result: result["indicators"]["quote"][0].update(close=[]),
        lambda result: result["indicators"]["quote"][0].update(close=["101", "102", "103", "104"]),
        lambda result: result["indicators"]["quote"][0].update(high=[1.0]),
        lambda result: result["timestamp"].__setitem__(0, 10**30),
        lambda result: result["timestamp"].__setitem__(3, epoch(ny("2025-12-11T09:30"))),
    ],
)
async def test_bars_that_cannot_be(break_it: Any) -> None:
    answer = copy.deepcopy(chart("SPY", DAYS, [101.0, 102.0, 103.0, 104.0]))
    break_it(answer["chart"]["result"][0])
    one, _ = yahoo(answer, EVENING)
    with pytest.raises(BadPayload):
        await one.bars("SPY", START, END)


REFUSALS: list[tuple[httpx.Response, type[SourceError]]] = [
    (data(samples.CHART_NOT_FOUND, 404), UnknownSymbol),
    (data(samples.CHART_NOT_FOUND), UnknownSymbol),
    (data({"chart": {"result": [], "error": None}}), UnknownSymbol),
    (data({"chart": {"result": None, "error": {"code": "Internal", "description": "x"}}}), Unavailable),
    (data(samples.INVALID_CRUMB, 401), Refused),
    (data({"chart": {"result": None, "error": {"code": "Unprocessable Entity"}}}, 422), Refused),
    (text("Edge: Too Many Requests", 429, "text/plain"), RateLimited),
    (text("Too Many Requests", 200, "text/plain"), RateLimited),
    (page("Yahoo - Will be right back..."), Unavailable),
    (page("Yahoo is part of the Yahoo family of brands"), Refused),
    (text("[" * 5000, 401, "application/json"), Refused),
]


@pytest.mark.parametrize(("answer", "error"), REFUSALS)
async def test_ways_to_say_no(answer: httpx.Response, error: type[SourceError]) -> None:
    one, _ = yahoo(answer)
    with pytest.raises(error) as caught:
        await one.bars("SPY", START, END)
    assert type(caught.value) is error


async def test_after_a_429_yahoo_is_left_alone_for_twenty_minutes() -> None:
    clock = FrozenClock(NOON)
    one, wire = provider("yahoo", text("Edge: Too Many Requests", 429, "text/plain"), clock=clock)
    for _ in range(3):
        with pytest.raises(RateLimited):
            await one.quotes(["SPY"])
    assert len(wire.requests) == 1
    assert one.http.breaker.wait_s == 1200
    clock.advance(1201)
    with pytest.raises(RateLimited):
        await one.search("spy")
    assert len(wire.requests) == 2


async def test_search_leaves_out_options_and_what_has_no_symbol() -> None:
    one, wire = yahoo(samples.SEARCH)
    assert await one.search(" nvidia ") == [Match("NVDA", "NVIDIA Corporation", "EQUITY", "NASDAQ")]
    assert wire.requests[0].url.params["q"] == "nvidia"
    assert await one.search("  ") == []
    assert len(wire.requests) == 1


async def test_names_from_outside_are_cleaned_and_symbols_checked() -> None:
    hits = [{"symbol": "OK", "longname": "\x1b[2J\u202e" + "A" * 999}, {"symbol": "[/red]"}, {"symbol": "A,B"}]
    one, _ = yahoo({"quotes": hits})
    found = await one.search("x")
    assert [item.symbol for item in found] == ["OK"]
    assert len(found[0].name) == 80
    assert found[0].name.isprintable()


async def test_what_is_no_symbol_is_not_asked_for() -> None:
    one, wire = yahoo({})
    for symbol in ("", "../../x", "A,B", "[x]", "a b", "x" * 40):
        with pytest.raises(UnknownSymbol):
            await one.bars(symbol, START, END)
        with pytest.raises(UnknownSymbol):
            await one.quotes([symbol])
    assert not wire.requests


def test_what_yahoo_serves() -> None:
    one, _ = yahoo({})
    for protocol in (QuoteProvider, BarProvider, CompanyProvider, SearchProvider):
        assert isinstance(one, protocol)
    assert all(one.serves(kind, name) for kind in ("quotes", "bars") for name in ("^GSPC", "BRK-B", "GC=F", "BMW.DE"))
    assert one.serves("companies", "PLPC")
    assert one.serves("search", "any text")
    assert not any(one.serves("companies", name) for name in ("^GSPC", "GC=F"))
    assert not one.serves("series", "DGS10")
    assert (one.host, one.idle, DIGITS) == ("query1.finance.yahoo.com", "", 4)


# ---- The close of today, early prints, other units


def day_of_points(symbol: str, points: dict[str, float | None], before: float = 325.13) -> dict[str, Any]:
    """A spark answer of 10 December 2025 with its points at New York times."""
    stamps = [epoch(ny(f"2025-12-10T{time}")) for time in points]
    part = {"symbol": symbol, "timestamp": stamps, "close": list(points.values()), "dataGranularity": 300}
    return {symbol: {**part, "previousClose": before, "chartPreviousClose": before}}


def closing_chart(symbol: str, price: float, at: str) -> dict[str, Any]:
    answer = session_chart(symbol)
    meta = answer["chart"]["result"][0]["meta"]
    meta |= {"regularMarketPrice": price, "regularMarketTime": epoch(ny(at)), "previousClose": 325.13}
    meta |= {"regularMarketDayHigh": 328.4, "regularMarketDayLow": 323.53, "chartPreviousClose": 325.13}
    columns = answer["chart"]["result"][0]["indicators"]["quote"][0]
    columns |= dict.fromkeys(columns, [325.0] * 4)
    return answer


async def test_without_the_auction_in_the_batch_the_close_is_asked_for() -> None:
    """The batch's last point is of 15:55 and the one of the close is empty: 324.99 where the close is 324.96."""
    clock = FrozenClock(ny("2025-12-10T16:20"))
    batch = day_of_points("AAPL", {"15:50": 325.27, "15:55": 324.99, "16:00": None})

    def answer(request: httpx.Request) -> httpx.Response:
        chart_ = "/chart/" in request.url.path
        return data(closing_chart("AAPL", 324.96, "2025-12-10T16:00:01") if chart_ else batch)

    one, wire = provider("yahoo", answer, clock=clock)
    for _ in range(2):
        (found,) = await one.quotes(["AAPL"])
        assert (found.price, found.at, is_final(found)) == (324.96, ny("2025-12-10T16:00:01"), True)
    assert len(wire.requests) == 3, "the close is asked for once"
    clock.advance(6000)
    (late,) = await one.quotes(["AAPL"])
    assert (late.price, is_final(late)) == (324.99, False), "from 18:00 on the bars have it"
    assert late.at == ny("2025-12-10T15:59:59")


async def test_a_batch_with_the_auction_is_final() -> None:
    one, wire = yahoo(day_of_points("AAPL", {"15:55": 324.99, "16:00": 324.96}), ny("2025-12-10T16:20"))
    (found,) = await one.quotes(["AAPL"])
    assert (found.price, is_final(found), len(wire.requests)) == (324.96, True, 1)


@pytest.mark.parametrize("symbol", ["^VIX", "PLPC"])
async def test_prints_before_the_open_are_extended_hours(symbol: str) -> None:
    one, _ = yahoo(day_of_points(symbol, {"07:50": 28.0, "07:55": 28.06}, 22.45), ny("2025-12-10T08:00"))
    (found,) = await one.quotes([symbol])
    assert (found.price, found.extended, found.prev_close) == (22.45, 28.06, None)
    assert (found.session_date, found.at, found.day) == (date(2025, 12, 9), ny("2025-12-09T16:00"), ())


async def test_early_prints_are_not_part_of_the_day() -> None:
    one, _ = yahoo(day_of_points("^VIX", {"08:00": 28.0, "09:30": 23.1, "09:35": 23.4}, 22.45), ny("2025-12-10T09:41"))
    (found,) = await one.quotes(["^VIX"])
    assert (found.price, found.prev_close, found.day) == (23.4, 22.45, (23.1, 23.4))


async def test_before_the_open_the_chart_says_the_close_before() -> None:
    one, _ = yahoo(closing_chart("^VIX", 328.0, "2025-12-10T08:00"), ny("2025-12-10T08:01"))
    found = await one.quote("^VIX")
    assert (found.price, found.extended, found.session_date) == (325.13, 328.0, date(2025, 12, 9))


async def test_rows_of_nulls_on_sundays_cost_nothing() -> None:
    """DX-Y.NYB has one on each Sunday, on which trading begins; they are not dates that have slipped."""
    days = ["2025-11-23", "2025-11-24", "2025-11-30", "2025-12-01", "2025-12-07", "2025-12-08", "2025-12-09"]
    one, _ = yahoo(chart("DX-Y.NYB", days, [None, 99.8, None, 99.6, None, 99.0, 98.8]), EVENING)
    found = await one.bars("DX-Y.NYB", date(2025, 11, 1), END)
    assert found.frame["close"].tolist() == [99.8, 99.6, 99.0, 98.8]


async def test_pence_stay_pence() -> None:
    answer = chart("VOD.L", DAYS, [70.0, 70.5, 71.0, 71.5])
    answer["chart"]["result"][0]["meta"]["currency"] = "GBp"
    one, _ = yahoo(answer, EVENING)
    assert (await one.bars("VOD.L", START, END)).currency == "GBp"


async def test_a_batch_that_is_not_there_says_nothing_about_its_names() -> None:
    """An empty 404 after a burst of requests is a limit."""
    one, _ = yahoo(lambda request: text("", 404))
    with pytest.raises(RateLimited):
        await one.quotes(["SPY", "PLPC"])
    assert {type(error) for error in one.misses.values()} == {RateLimited}
