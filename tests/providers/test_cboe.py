"""Cboe's files: the session, the rolled fields after the close, the strings of the history, the tables' bad ticks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx
import numpy as np
import pytest

from rallytui.model import BadPayload, Quote, Refused, Unavailable, UnknownSymbol
from rallytui.providers import BarProvider, QuoteProvider
from rallytui.providers.cboe_decode import quote
from tests.providers import samples
from tests.providers.helpers import EVENING, NOON, data, ny, page, provider, text
from tests.providers.samples import CBOE_LIVE, CBOE_ROLLED, but

START, END = date(2020, 1, 1), date(2025, 12, 31)


def decoded(sample: dict[str, Any], symbol: str, code: str, now: datetime) -> Quote:
    return quote(data(sample).content, symbol, code, now)


def live(**changes: Any) -> Quote:
    return decoded(but(CBOE_LIVE, **changes), "^GSPC", "_SPX", NOON)


def rolled(now: datetime = EVENING, **changes: Any) -> Quote:
    return decoded(but(CBOE_ROLLED, **changes), "NVDA", "NVDA", now)


async def test_a_quote_of_the_session() -> None:
    one, wire = provider("cboe", data(CBOE_LIVE))
    assert isinstance(one, QuoteProvider)
    assert isinstance(one, BarProvider)
    assert await one.quotes(["^GSPC"]) == [
        Quote(
            symbol="^GSPC",
            price=6860.51,
            at=datetime(2025, 12, 10, 16, 44, 59, tzinfo=UTC),
            known_at=NOON,
            source="cboe",
            session_date=date(2025, 12, 10),
            delay_s=900,
            state="regular",
            prev_close=6840.51,
            open=6836.5,
            high=6870.0,
            low=6824.0,
        )
    ]
    assert wire.requests[0].url == "https://cdn.cboe.com/api/global/delayed_quotes/quotes/_SPX.json"


def test_after_the_close_the_price_is_the_close_and_the_print_is_extended() -> None:
    found = rolled()
    assert (found.price, found.extended) == (213.25, 212.8)
    assert found.prev_close == 209.07, "not the rolled prev_day_close, and not current_price less the change"
    assert found.at == ny("2025-12-10T15:59:59")
    assert found.session_date == date(2025, 12, 10)


def test_the_index_settles_after_the_bell() -> None:
    found = decoded(
        {
            **but(
                CBOE_LIVE,
                current_price=5917.1099,
                open=5914.34,
                high=5920.67,
                low=5860.56,
                close=5917.1099,
                prev_day_close=5917.1099,
                price_change=0.1299,
                price_change_percent=0.0022,
                last_trade_time="2025-12-10T16:14:59",
            ),
            "timestamp": "2025-12-11 01:20:00",
        },
        "^GSPC",
        "_SPX",
        EVENING,
    )
    assert (found.price, found.prev_close, found.extended) == (5917.1099, 5916.98, None)
    assert (found.at, found.state) == (ny("2025-12-10T16:00"), "post")


def test_not_yet_rolled_after_the_close() -> None:
    assert rolled(prev_day_close=209.07, price_change_percent=1.9993).prev_close == 209.07


@pytest.mark.parametrize(
    "changes",
    [{"price_change": None}, {"price_change_percent": 7.0}, {"price_change_percent": None}, {"price_change": 213.25}],
)
def test_a_previous_close_that_the_fields_contradict_is_left_out(changes: dict[str, Any]) -> None:
    assert rolled(**changes).prev_close is None


def test_a_previous_close_that_contradicts_the_session_is_left_out() -> None:
    assert live(price_change=25.0).prev_close is None


def test_fields_that_have_rolled_are_not_believed_inside_the_session() -> None:
    assert live(close=6840.51, price_change=15.0, price_change_percent=0.2193).prev_close is None


@pytest.mark.parametrize("stamp", ["2025-12-11T08:15:00", "2025-12-11T04:00:00"])
def test_before_the_open_the_price_is_yesterdays_close(stamp: str) -> None:
    found = rolled(ny("2025-12-11T08:40"), last_trade_time=stamp, current_price=215.0)
    assert (found.price, found.extended, found.state) == (213.25, 215.0, "pre")
    assert (found.session_date, found.at) == (date(2025, 12, 10), ny("2025-12-10T16:00"))
    assert (found.open, found.high, found.low, found.volume, found.prev_close) == (None, None, None, None, None)


def test_on_the_morning_after_with_yesterdays_stamp_the_price_is_the_close() -> None:
    assert rolled(ny("2025-12-11T08:40")).price == 213.25


def test_on_a_half_day_the_close_comes_at_one() -> None:
    sample = {**but(CBOE_ROLLED, last_trade_time="2025-11-28T12:59:59"), "timestamp": "2025-11-28 18:20:00"}
    found = decoded(sample, "NVDA", "NVDA", ny("2025-11-28T13:20"))
    assert (found.price, found.extended) == (213.25, 212.8)


def test_zero_means_none() -> None:
    found = live(open=0, high=0.0, low=0, volume=0)
    assert (found.open, found.high, found.low, found.volume) == (None, None, None, None)


def test_a_bad_tick_of_an_index_is_left_out() -> None:
    assert live(low=3400.0).low is None
    assert rolled(low=100.0).low == 100.0, "a stock may fall by half"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"current_price": -1.0}, "$.data.current_price"),
        ({"current_price": 0}, "$.data.current_price"),
        ({"current_price": None}, "$.data.current_price"),
        ({"current_price": "6860.51"}, "$.data.current_price"),
        ({"symbol": "^VIX"}, "$.data.symbol"),
        ({"last_trade_time": "2025-12-10T12:02:01"}, "$.data.last_trade_time"),
        ({"last_trade_time": "[/red]"}, "$.data.last_trade_time"),
        ({"last_trade_time": "1901-01-01T00:00:00"}, "$.data.last_trade_time"),
        ({"high": 6800.0, "low": 6850.0}, "$.data"),
    ],
)
def test_a_quote_that_cannot_be_is_refused_whole(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(BadPayload) as caught:
        live(**changes)
    assert caught.value.path == path


@pytest.mark.parametrize(
    "changes",
    [
        {"symbol": "SPX"},
        {"timestamp": "yesterday"},
        {"timestamp": None},
        {"timestamp": "2025-12-10 17:03:00"},
        {"data": []},
    ],
)
def test_the_envelope_is_checked_too(changes: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        decoded({**CBOE_LIVE, **changes}, "^GSPC", "_SPX", NOON)


def test_after_the_close_a_close_of_zero_is_no_price() -> None:
    with pytest.raises(BadPayload, match=r"data\.close"):
        rolled(close=0)


async def test_a_file_that_is_not_there_is_remembered() -> None:
    one, wire = provider("cboe", text(samples.ACCESS_DENIED, 403, "application/xml"))
    for _ in range(2):
        with pytest.raises(UnknownSymbol):
            await one.quotes(["PLPC"])
    assert len(wire.requests) == 1
    assert one.absent == {("quotes", "PLPC")}
    assert not one.serves("quotes", "PLPC")
    assert one.serves("bars", "PLPC")


@pytest.mark.parametrize("answer", [page("Attention Required", 403), page("Not here", 404)])
async def test_a_wall_is_not_taken_for_a_missing_file(answer: httpx.Response) -> None:
    one, _ = provider("cboe", answer)
    with pytest.raises(Refused):
        await one.quotes(["PLPC"])
    assert one.serves("quotes", "PLPC")


async def test_one_symbol_that_is_missing_does_not_take_the_others_with_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "_SPX" in request.url.path:
            return data(CBOE_LIVE)
        return text("", 503) if "SPY" in request.url.path else text(samples.ACCESS_DENIED, 403, "application/xml")

    one, _ = provider("cboe", answer)
    assert [item.symbol for item in await one.quotes(["PLPC", "^GSPC", "SPY"])] == ["^GSPC"]
    assert isinstance(one.misses["PLPC"], UnknownSymbol)
    assert isinstance(one.misses["SPY"], Unavailable)


async def test_history_is_sorted_and_its_strings_are_numbers() -> None:
    one, _ = provider("cboe", data(samples.CBOE_HISTORY))
    frame = (await one.bars("^GSPC", START, END)).frame
    assert [day.day for day in frame.index] == [5, 8, 9]
    assert frame["close"].tolist() == [6870.4, 6846.51, 6840.51]
    assert np.isnan(frame["open"].iloc[-1]), "an open of 0 is none"
    assert frame["volume"].isna().all()


async def test_history_of_a_stock_has_numbers_and_volume() -> None:
    row = {"date": "2025-12-09", "volume": 58310100, "open": 683.26, "high": 685.5, "low": 682.7, "close": 683.15001}
    one, wire = provider("cboe", data({"symbol": "BRK.B", "data": [row, {"date": "2025-12-08", "close": None}]}))
    frame = (await one.bars("BRK-B", START, END)).frame
    assert frame["volume"].tolist() == [58310100]
    assert frame["close"].tolist() == [683.15]
    assert wire.requests[0].url.path.endswith("/charts/historical/BRK.B.json")


@pytest.mark.parametrize(
    "changes",
    [
        {"symbol": "_VIX"},
        {"data": [{"date": "2025-12-09", "close": "abc"}]},
        {"data": [{"date": "12/09/2025", "close": "1"}]},
        {"data": [{"date": "2025-12-06", "close": "1"}]},
        {"data": [{"date": "2025-12-11", "close": "1"}]},
        {"data": [{"date": "2025-12-09", "close": "-1"}]},
        {"data": {}},
    ],
)
async def test_history_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    one, _ = provider("cboe", data({**samples.CBOE_HISTORY, **changes}))
    with pytest.raises(BadPayload):
        await one.bars("^GSPC", START, END)


async def test_tables_lose_their_bad_ticks_and_the_rows_of_days_without_a_session() -> None:
    one, wire = provider("cboe", text(samples.CBOE_TABLE))
    frame = (await one.bars("^VIX3M", START, END)).frame
    assert wire.requests[0].url.path.endswith("/us_indices/daily_prices/VIX3M_History.csv")
    assert [day.day for day in frame.index] == [26, 28, 1], "the 27th was Thanksgiving"
    assert np.isnan(frame["low"].iloc[1])
    assert frame["high"].iloc[1] == 22.02


async def test_a_real_spike_is_kept() -> None:
    one, _ = provider("cboe", text("DATE,OPEN,HIGH,LOW,CLOSE\n08/05/2024,23.39,65.73,23.39,38.57\n"))
    assert (await one.bars("^VIX", START, END)).frame["high"].tolist() == [65.73]


async def test_a_table_with_closes_only() -> None:
    one, _ = provider("cboe", text(samples.CBOE_SHORT_TABLE))
    frame = (await one.bars("^VVIX", START, END)).frame
    assert frame["close"].tolist() == [97.17, 97.82]
    assert frame["high"].isna().all()


@pytest.mark.parametrize(
    "body",
    [
        "DATE,OPEN,HIGH,LOW\n12/09/2025,1,1,1\n",
        "DATE,VIX\n12/09/2025,6840.5\n",
        "DATE,VIX\n12/06/2025,20\n",
        "DATE,VIX\n2025/12/09,20\n",
        samples.CBOE_TABLE[:-3],
    ],
)
async def test_a_table_that_cannot_be_is_refused(body: str) -> None:
    one, _ = provider("cboe", text(body))
    with pytest.raises(BadPayload):
        await one.bars("^VIX", START, END)


def test_what_cboe_serves() -> None:
    one, _ = provider("cboe", data({}))
    assert all(one.serves("quotes", name) for name in ("^GSPC", "^NDX", "SPY", "BRK-B"))
    assert not any(one.serves("quotes", name) for name in ("^DJI", "^TNX", "GC=F", "spy", "BMW.DE", "../x"))
    assert not any(one.serves("bars", name) for name in ("^NDX", "^RUT"))
    assert not one.serves("series", "VIXCLS")
    assert (one.name, one.delay_s, one.idle, one.host) == ("cboe", 900, "", "cdn.cboe.com")
