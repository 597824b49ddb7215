"""The simulated market: prices of quotes and bars agree, nothing is known early, and the same seed repeats itself."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui import providers
from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings
from rallytui.model import Match, Quote, UnknownSymbol
from rallytui.providers.simulated import SEED, Simulated
from rallytui.providers.simulated_universe import UNIVERSE
from rallytui.sessions import new_york_date, nyse
from tests.providers.helpers import ny

NOON = ny("2026-07-23 12:00")
EARLY, LATE = date(2019, 1, 2), date(2035, 1, 1)
PRICES = ["open", "high", "low", "close"]
INDEX = "^GSPC"


def simulated(moment: datetime = NOON, seed: int = SEED) -> Simulated:
    return Simulated(ProviderSettings(), FrozenClock(moment), seed=seed)


async def frame_of(provider: Simulated, symbol: str = INDEX, start: date = EARLY, end: date = LATE) -> pd.DataFrame:
    return (await provider.bars(symbol, start, end)).frame


async def quote_at(moment: datetime, symbol: str = INDEX) -> Quote:
    (quote,) = await simulated(moment).quotes([symbol])
    return quote


def steps(frame: pd.DataFrame) -> pd.Series[float]:
    moves: pd.Series[float] = np.log(frame["close"]).diff().dropna()
    return moves


# What it is


def test_it_is_every_kind_of_provider() -> None:
    made = providers.create("simulated", ProviderSettings(), FrozenClock(NOON))
    for protocol in ("QuoteProvider", "BarProvider", "SeriesProvider", "CompanyProvider", "SearchProvider"):
        assert isinstance(made, getattr(providers, protocol))
    assert (made.name, made.delay_s, made.idle, made.host) == ("simulated", 0, "", "")


def test_it_serves_what_it_can_answer() -> None:
    made = simulated()
    can = [("quotes", INDEX), ("bars", "ZZZZZ"), ("series", "DGS2"), ("companies", "PLPC"), ("search", "anything")]
    cannot = [("quotes", "not a ticker"), ("bars", "^NONE"), ("series", "GDP"), ("companies", "SPY")]
    assert all(made.serves(kind, name) for kind, name in can)  # type: ignore[arg-type]
    assert not any(made.serves(kind, name) for kind, name in cannot)  # type: ignore[arg-type]


async def test_the_same_seed_and_moment_give_the_same_answers() -> None:
    one, two, other = simulated(), simulated(), simulated(seed=1)
    assert await one.quotes([INDEX, "PLPC", "ZZZZZ"]) == await two.quotes([INDEX, "PLPC", "ZZZZZ"])
    pd.testing.assert_frame_equal(await frame_of(one, "INOD"), await frame_of(two, "INOD"))
    assert not (await frame_of(one, "INOD")).equals(await frame_of(other, "INOD"))
    assert (await frame_of(other))["close"][pd.Timestamp("2025-11-26")] == 6812.61


async def test_unknown_symbols_are_refused_or_left_out() -> None:
    made = simulated()
    with pytest.raises(UnknownSymbol):
        await made.bars("not a ticker", EARLY, LATE)
    with pytest.raises(UnknownSymbol):
        await made.company("SPY")
    with pytest.raises(UnknownSymbol):
        await made.series("GDP", EARLY)
    quotes = await made.quotes(["^NONE", "PLPC", "BRK.B", "ABCDEF"])
    assert [quote.symbol for quote in quotes] == ["PLPC"]


async def test_any_ticker_has_a_history_of_its_own() -> None:
    one, two = await frame_of(simulated(), "AAAA"), await frame_of(simulated(), "AAAB")
    assert len(one) == len(two) > 1800
    assert not one["close"].equals(two["close"])


async def test_search_ranks_tickers_before_names() -> None:
    made = simulated()
    assert [match.symbol for match in await made.search("plpc")] == ["PLPC"]
    assert [match.symbol for match in await made.search("gold")] == ["GLD"]
    assert (await made.search("SP"))[0] == Match("SPY", "SPDR S&P 500 ETF Trust", "etf", "NYSE Arca")
    assert [match.symbol for match in await made.search("zzzz")] == ["ZZZZ"]
    assert await made.search("no such thing") == []
    assert await made.search(" ") == []
    await made.close()


# Bars


@pytest.mark.parametrize(
    ("day", "close"),
    [("2023-12-29", 4769.83), ("2024-12-31", 5881.63), ("2025-11-26", 6812.61), ("2025-12-31", 6845.50)],
)
async def test_the_index_passes_through_its_anchors(day: str, close: float) -> None:
    assert (await frame_of(simulated()))["close"][pd.Timestamp(day)] == close


@pytest.mark.parametrize("symbol", [*UNIVERSE, "ZZZZZ"])
async def test_bars_are_whole_and_sound(symbol: str) -> None:
    bars = await simulated().bars(symbol, EARLY, LATE)
    frame = bars.frame
    expected = [day for day in nyse().days if EARLY <= day <= date(2026, 7, 22)]
    assert frame.index.equals(pd.DatetimeIndex(expected, name="date").as_unit("s"))
    assert frame.index.dtype == "datetime64[s]"
    assert frame.index.name == "date"
    assert list(frame.columns) == [*PRICES, "adj_close", "volume"]
    assert (frame[[*PRICES, "adj_close"]] > 0.5).all(axis=None)
    assert (frame["high"] >= frame[["open", "close"]].max(axis=1)).all()
    assert (frame["low"] <= frame[["open", "close"]].min(axis=1)).all()
    assert steps(frame).abs().max() < 0.35
    assert frame["volume"].isna().all() if symbol.startswith("^VIX") else (frame["volume"] > 0).all()


async def test_bars_are_cut_to_what_was_asked() -> None:
    made = simulated()
    frame = await frame_of(made, "SPY", date(2026, 7, 3), date(2026, 7, 7))  # 3 July is a holiday
    assert [str(day.date()) for day in frame.index] == ["2026-07-06", "2026-07-07"]
    assert (await frame_of(made, "SPY", date(2030, 1, 1), LATE)).empty
    assert (await frame_of(made, "SPY", date(2010, 1, 1), date(2018, 12, 31))).empty
    assert (await frame_of(made, "SPY", date(2010, 1, 1), LATE)).index[0] == pd.Timestamp("2019-01-02")


@pytest.mark.parametrize(("hour", "last"), [("17:59", "2026-07-22"), ("18:00", "2026-07-23")])
async def test_a_bar_is_there_from_six_o_clock_on(hour: str, last: str) -> None:
    frame = await frame_of(simulated(ny(f"2026-07-23 {hour}")))
    assert frame.index[-1] == pd.Timestamp(last)


async def test_days_that_follow_do_not_change_days_that_were() -> None:
    later = await frame_of(simulated(ny("2029-03-01 12:00")), "PLPC")
    sooner = await frame_of(simulated(), "PLPC")
    pd.testing.assert_frame_equal(later.loc[: sooner.index[-1], [*PRICES, "volume"]], sooner[[*PRICES, "volume"]])


@pytest.mark.parametrize(("symbol", "dividend"), [("TLT", 0.041), ("SPY", 0.012), ("GLD", 0.0), ("INOD", 0.0)])
async def test_adjusted_closes_differ_by_the_dividends(symbol: str, dividend: float) -> None:
    frame = await frame_of(simulated(), symbol)
    assert frame["adj_close"].iloc[-1] == frame["close"].iloc[-1]
    ratio = frame["adj_close"] / frame["close"]
    years = (frame.index[-1] - frame.index[0]).days / 365.25
    assert -np.log(ratio.iloc[0]) / years == pytest.approx(dividend, rel=0.05, abs=1e-9)


async def test_the_market_behaves_like_one() -> None:
    made = simulated()
    frames = {symbol: await frame_of(made, symbol) for symbol in UNIVERSE}
    moves = {symbol: steps(frame) for symbol, frame in frames.items()}
    assert moves[INDEX].std() * 252**0.5 == pytest.approx(0.16, abs=0.02)
    assert moves["^VIX"].corr(moves[INDEX]) < -0.6
    assert moves["SPY"].corr(moves[INDEX]) > 0.98
    assert 0.2 < moves["PLPC"].corr(moves[INDEX]) < 0.6
    assert moves["INOD"].std() > 2.5 * moves["SPY"].std()
    assert frames["^VIX"]["close"].between(11, 30).mean() > 0.95
    assert 0.8 < (frames["^VIX"]["close"] / frames["^VIX3M"]["close"]).median() < 0.95
    assert (frames["SPY"]["close"] / frames[INDEX]["close"]).between(0.097, 0.103).all()


async def test_the_index_stays_in_play_however_late_it_is() -> None:
    closes = (await frame_of(simulated(ny("2034-12-29 12:00"))))["close"]["2026-05-01":]
    assert closes.between(6500, 9000).all()
    assert closes.between(6900, 7900).mean() > 0.75
    assert closes["2026-11-20"] == pytest.approx(7380, abs=200)


# Quotes


async def test_quotes_move_every_second() -> None:
    clock, seen = FrozenClock(NOON), list[Quote]()
    made = Simulated(ProviderSettings(), clock)
    for _ in range(120):
        seen += await made.quotes([INDEX])
        clock.advance(1)
    changed = [one.price != two.price for one, two in pairwise(seen)]
    assert sum(changed) > 110
    assert len({quote.at for quote in seen}) == 120
    assert max(abs(one.price / two.price - 1) for one, two in pairwise(seen)) < 0.002


@pytest.mark.parametrize("symbol", [INDEX, "^VIX", "PLPC", "PATH", "SPY"])
@pytest.mark.parametrize("day", ["2026-07-23", "2025-11-28", "2026-03-09"])  # a usual day, a half day, new summer time
async def test_the_bar_is_what_the_quotes_did(symbol: str, day: str) -> None:
    close = nyse().close_at(date.fromisoformat(day))
    clock = FrozenClock(nyse().open_at(date.fromisoformat(day)))
    made = Simulated(ProviderSettings(), clock)
    seen: list[Quote] = []
    while clock.now() < close:
        seen += await made.quotes([symbol])
        clock.advance(37)
    final = await quote_at(close, symbol)
    bar = (await frame_of(simulated(ny(f"{day} 18:00")), symbol)).iloc[-1]
    assert seen[0].price == seen[0].open == bar["open"]
    assert (final.price, final.open, final.high, final.low) == (bar["close"], bar["open"], bar["high"], bar["low"])
    assert final.at == close
    check_path(seen, final)
    if bar["volume"] > 0:
        volumes = [quote.volume or 0.0 for quote in (*seen, final)]
        assert volumes == sorted(volumes)
        assert (volumes[0], volumes[-1]) == (0.0, bar["volume"])


def check_path(seen: list[Quote], final: Quote) -> None:
    """Highs only rise, lows only fall, prices lie between them, and the day's prices are those that were seen."""
    assert final.high is not None
    assert final.low is not None
    high, low = 0.0, float("inf")
    for quote in (*seen, final):
        assert quote.high is not None
        assert quote.low is not None
        assert high <= quote.high <= final.high
        assert low >= quote.low >= final.low
        assert quote.low <= quote.price <= quote.high
        assert quote.day == final.day[: len(quote.day)]
        high, low = quote.high, quote.low
    minutes = (final.at - seen[0].at) // timedelta(minutes=1)
    assert len(final.day) == minutes // 5 + 1
    assert (final.day[0], final.day[-1]) == (final.open, final.price)
    assert len(seen[-1].day) == len(final.day) - 1


@pytest.mark.parametrize(
    ("moment", "state", "session", "extended"),
    [
        ("2026-07-23 03:59", "closed", "2026-07-22", False),
        ("2026-07-23 04:00", "pre", "2026-07-22", True),
        ("2026-07-23 09:29", "pre", "2026-07-22", True),
        ("2026-07-23 09:30", "regular", "2026-07-23", False),
        ("2026-07-23 16:00", "post", "2026-07-23", True),
        ("2026-07-23 19:59", "post", "2026-07-23", True),
        ("2026-07-23 20:00", "closed", "2026-07-23", False),
        ("2026-07-25 12:00", "closed", "2026-07-24", False),
    ],
)
async def test_the_parts_of_the_day(moment: str, state: str, session: str, extended: bool) -> None:
    quote, index = await quote_at(ny(moment), "PATH"), await quote_at(ny(moment))
    assert (quote.state, str(quote.session_date)) == (state, session)
    assert (quote.extended is not None) == extended
    assert index.extended is None
    if extended:
        assert quote.extended == pytest.approx(quote.price, rel=0.06)
        assert quote.at == nyse().close_at(quote.session_date)


async def test_early_prices_lead_to_the_open() -> None:
    before, after = await quote_at(ny("2026-07-23 09:29"), "SPY"), await quote_at(ny("2026-07-23 09:30"), "SPY")
    first = await quote_at(ny("2026-07-23 04:00"), "SPY")
    assert before.extended == pytest.approx(after.open, rel=1e-3)
    assert first.extended == pytest.approx(first.price, rel=1e-3)


async def test_the_close_before_is_the_bar_before() -> None:
    closes = (await frame_of(simulated(), "PLPC"))["close"]
    assert (await quote_at(NOON, "PLPC")).prev_close == closes.iloc[-1]
    assert (await quote_at(ny("2026-07-23 08:00"), "PLPC")).prev_close == closes.iloc[-2]


# No future


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 14 * 365 * 86_400), st.sampled_from([INDEX, "TLT", "PATH"]))
async def test_nothing_is_known_before_its_time(seconds: int, symbol: str) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    made = simulated(now)
    (quote,) = await made.quotes([symbol])
    assert quote.at <= quote.known_at == now
    assert (await frame_of(made, symbol)).index[-1].date() == nyse().last_final(now)
    for name in ("DFEDTARU", "ICSA", "UNRATE", "OPHNFB"):
        assert (await made.series(name, EARLY)).frame["known_at"].max() <= now
    company = await made.company("ORCL")
    assert max(fact.filed for fact in company.facts) <= new_york_date(now)
    assert max(filing.accepted for filing in company.filings if filing.accepted) <= now


# Cost


async def test_the_default_symbols_are_quickly_made() -> None:
    made = simulated()
    began = time.perf_counter()
    for symbol in UNIVERSE:
        await made.bars(symbol, EARLY, LATE)
    assert len(await made.quotes(list(UNIVERSE))) > 20
    assert time.perf_counter() - began < 1.5  # 0.06 s on an idle machine
