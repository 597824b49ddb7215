"""Five-minute candles: what of a chart is one, what refuses it, and that the simulated ones agree with all else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings
from rallytui.model import BadPayload, Facts, Intraday, UnknownSymbol
from rallytui.providers import IntradayProvider
from rallytui.providers.simulated import Simulated
from rallytui.sessions import nyse
from rallytui.tape import INTRADAY_KEPT, Tape
from tests.providers.helpers import NOON, data, epoch, ny, provider

STEP = timedelta(minutes=5)


def candles(times: list[str], closes: list[float | None], step: str = "5m", **columns: list[Any]) -> dict[str, Any]:
    """A chart of candles that begin at New York times of 10 December 2025."""
    given = {name: columns.get(name, closes) for name in ("open", "high", "low", "volume")}
    meta = {"symbol": "PATH", "exchangeTimezoneName": "America/New_York", "dataGranularity": step}
    stamps = [epoch(ny(f"2025-12-10T{time}")) for time in times]
    indicators = {"quote": [{**given, "close": closes}]}
    return {"chart": {"result": [{"meta": meta, "timestamp": stamps, "indicators": indicators}], "error": None}}


async def asked(answer: dict[str, Any]) -> Intraday:
    found: Intraday = await provider("yahoo", data(answer), NOON)[0].intraday("PATH")
    return found


async def test_yahoo_is_asked_once_for_five_days() -> None:
    one, wire = provider("yahoo", data(candles(["09:30", "09:35"], [14.5, 14.75001])), NOON)
    found = await one.intraday("PATH")
    assert dict(wire.requests[0].url.params) == {"range": "5d", "interval": "5m", "includePrePost": "false"}
    assert len(wire.requests) == 1
    assert wire.requests[0].url.path == "/v8/finance/chart/PATH"
    assert (found.symbol, found.source, found.received) == ("PATH", "yahoo", NOON)
    assert list(found.frame.columns) == ["open", "high", "low", "close", "volume"]
    assert [stamp.to_pydatetime() for stamp in found.frame.index] == [ny("2025-12-10T09:30"), ny("2025-12-10T09:35")]
    assert found.frame["close"].tolist() == [14.5, 14.75]
    assert isinstance(one, IntradayProvider)
    assert one.serves("intraday", "^GSPC")


@pytest.mark.parametrize(
    ("time", "close"),
    [("11:56", 15.0), ("11:58", 15.0), ("12:00", 15.0), ("11:00", None), ("09:25", 15.0), ("04:00", 15.0)],
    ids=["unfinished", "the latest trade", "beginning now", "without a trade", "before the open", "early"],
)
async def test_what_is_no_finished_candle_is_left_out(time: str, close: float | None) -> None:
    closes = [14.0] * 3 if close else [14.0, None, 14.0]
    found = await asked(candles(sorted(["10:55", "11:05", time]), closes))
    assert [stamp.to_pydatetime() for stamp in found.frame.index] == [
        ny(f"2025-12-10T{at}") for at in ("10:55", "11:05")
    ]


async def test_the_close_of_a_half_day_ends_the_candles() -> None:
    answer = candles(["09:30"], [14.0])
    answer["chart"]["result"][0]["timestamp"] = [epoch(ny(f"2025-11-28T{time}")) for time in ("12:55", "13:00")]
    answer["chart"]["result"][0]["indicators"]["quote"][0] = {
        key: [14.0, 14.0] for key in ("open", "high", "low", "close", "volume")
    }
    assert [stamp.to_pydatetime() for stamp in (await asked(answer)).frame.index] == [ny("2025-11-28T12:55")]


async def test_prices_that_cannot_be_are_missing() -> None:
    answer = candles(["10:00", "10:05"], [14.0, 14.0], open=[-1.0, 14.0], high=[13.0, 15.0], low=[14.0, 13.0])
    frame = (await asked(answer)).frame
    assert np.isnan(frame.iloc[0][["open", "high", "low"]].to_numpy(dtype=float)).all()
    assert frame.iloc[1][["open", "high", "low", "close"]].tolist() == [14.0, 15.0, 13.0, 14.0]


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (candles(["10:00"], [14.0], step="1d"), "$.chart.result[0].meta.dataGranularity"),
        (candles(["10:00", "10:05"], [14.0]), "$.chart.result[0].indicators.open"),
        (candles(["13:00"], [14.0]), "$.chart.result[0].timestamp"),
        (candles(["10:00", "10:05"], [0.0, -3.0]), "$"),
        (candles(["10:00"], ["x"]), "$.chart.result[0].indicators.quote[0].open[0]"),  # type: ignore[list-item]
    ],
    ids=["days", "short column", "future", "no price", "text"],
)
async def test_a_chart_that_does_not_fit_is_refused(answer: dict[str, Any], path: str) -> None:
    with pytest.raises(BadPayload) as caught:
        await asked(answer)
    assert caught.value.path == path


async def test_no_candle_at_all_says_so() -> None:
    with pytest.raises(UnknownSymbol, match="no five-minute candles of PATH"):
        await asked(candles([], []))


def simulated(moment: str) -> Simulated:
    return Simulated(ProviderSettings(), FrozenClock(ny(moment)))


async def test_simulated_candles_add_up_to_the_bars() -> None:
    source = simulated("2026-07-23T19:00")
    found = (await source.intraday("PATH")).frame
    bars = (await source.bars("PATH", date(2026, 7, 17), date(2026, 7, 23))).frame
    days = found.groupby(found.index.tz_convert("America/New_York").date)
    assert len(bars) == len(days) == 5
    assert days["open"].first().tolist() == bars["open"].tolist()
    assert days["close"].last().tolist() == bars["close"].tolist()
    assert days["high"].max().tolist() == bars["high"].tolist()
    assert days["low"].min().tolist() == bars["low"].tolist()
    assert days["volume"].sum().tolist() == bars["volume"].tolist()
    assert (await source.intraday("^VIX")).frame["volume"].isna().all()


async def test_simulated_quotes_stay_inside_their_candle() -> None:
    begin, seen = ny("2026-07-23T11:00"), []
    for second in range(0, 300, 13):
        clock = FrozenClock(begin + timedelta(seconds=second))
        (quote,) = await Simulated(ProviderSettings(), clock).quotes(["PATH"])
        seen.append(quote.price)
    frame = (await simulated("2026-07-23T11:05").intraday("PATH")).frame
    candle = frame.iloc[-1]
    assert frame.index[-1].to_pydatetime() == begin, "the candle that has just ended, and none that runs"
    assert candle["low"] <= min(seen)
    assert max(seen) <= candle["high"]


async def test_simulated_candles_repeat_themselves_and_know_nothing_early() -> None:
    early, late = [(await simulated(f"2026-07-23T{time}").intraday("PATH")).frame for time in ("10:03", "15:59")]
    whole = late[late.index < early.index[-1] + STEP]
    assert early.equals(whole)
    before = (await simulated("2026-07-23T09:31").intraday("PATH")).frame
    assert before.index[-1].to_pydatetime() == ny("2026-07-22T15:55")
    with pytest.raises(UnknownSymbol):
        await simulated("2026-07-23T11:05").intraday("no symbol")


async def test_a_tape_keeps_the_newest_answers_and_forgets_what_came_later() -> None:
    first, second = [await simulated(f"2026-07-23T{time}").intraday("PATH") for time in ("11:00", "12:00")]
    tape = Tape().apply(Facts(intraday=(second,))).apply(Facts(intraday=(first,)))
    assert tape.intraday["PATH"] is second
    assert tape.cut(ny("2026-07-23T11:59")).intraday == {}
    assert tape.cut(ny("2026-07-23T12:01")).intraday["PATH"] is second
    unfinished = Tape().apply(Facts(intraday=(Intraday("PATH", second.frame, "x", ny("2026-07-23T09:00")),)))
    left = unfinished.cut(ny("2026-07-23T10:03")).intraday["PATH"].frame
    assert left.index[-1].to_pydatetime() == ny("2026-07-23T09:55")
    assert unfinished.cut(ny("2026-07-23T10:04")).intraday["PATH"].frame is left, "the same object for the same candles"
    many = [Intraday(f"A{n}", second.frame, "x", second.received + timedelta(seconds=n)) for n in range(20)]
    full = Tape().apply(Facts(intraday=tuple(many)))
    assert list(full.intraday) == [f"A{n}" for n in range(20 - INTRADAY_KEPT, 20)]
    oldest = f"A{20 - INTRADAY_KEPT}"
    again = Intraday(oldest, second.frame, "x", second.received + timedelta(minutes=1))
    newer = Intraday("B", second.frame, "x", second.received + timedelta(minutes=2))
    assert {oldest, "B"} < set(full.apply(Facts(intraday=(again, newer))).intraday), "it counts when it came last"


async def test_every_simulated_candle_is_of_a_session() -> None:
    frame = (await simulated("2025-12-01T10:00").intraday("SPY")).frame
    assert all(nyse().state_at(stamp.to_pydatetime()) == "regular" for stamp in frame.index)
    assert frame.index.is_monotonic_increasing
    assert frame.index.is_unique


async def test_a_closing_print_is_no_candle() -> None:
    """Tokyo's chart ends with it at 15:30 sharp, the time of the last trade."""
    answer = candles(["01:20", "01:25", "01:30"], [2892.5, 2898.0, 2893.5])
    meta = answer["chart"]["result"][0]["meta"]
    meta |= {"exchangeTimezoneName": "Asia/Tokyo", "currency": "JPY", "symbol": "7203.T"}
    meta["regularMarketTime"] = answer["chart"]["result"][0]["timestamp"][-1]
    found = await provider("yahoo", data(answer), NOON)[0].intraday("7203.T")
    assert found.frame["close"].tolist() == [2892.5, 2898.0]
