"""Decoders against random bytes and good answers with a part replaced: only typed errors, no impossible values."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rallytui.macro import to_series
from rallytui.model import Bars, Company, Fact, Filing, Intraday, Match, Quote, Series, SourceError
from rallytui.providers import (
    REGISTRY,
    cboe_decode,
    fred,
    nasdaq_decode,
    sec_decode,
    treasury,
    yahoo_company,
    yahoo_decode,
    yahoo_intraday,
)
from rallytui.providers.frames import Wanted
from rallytui.splits import jumped
from tests.providers import company_samples, samples, test_intraday
from tests.providers.helpers import EVENING, NOON
from tests.providers.mutation import encoded, mutated

PHASES = [Phase.explicit, Phase.generate]
"""Without shrinking: a smaller seed is no smaller answer, and the seed that failed is printed as it is."""
TODAY = date(2025, 12, 10)
VINTAGE = date(2025, 9, 20)


def wanted(symbol: str, source: str) -> Wanted:
    return Wanted(source, symbol, date(1970, 1, 1), date(2030, 1, 1), EVENING)


def graph(body: bytes) -> Any:
    rows = [(day, value) for day, value in fred.of_graph(body, "UNRATE", None) if value is not None]
    return to_series("UNRATE", fred.sane(rows, "UNRATE", NOON, None), "fred", NOON)


def api(body: bytes) -> Any:
    rows = [(day, value) for day, value in fred.of_api(body, None) if value is not None]
    return fred.sane(rows, "UNRATE", NOON, None)


def curve(body: bytes) -> Any:
    return treasury.picked(treasury.decode(body, 2025, TODAY), "T10Y2Y")


Decoder = Callable[[bytes], Any]
DECODERS: dict[str, tuple[Decoder, Any]] = {
    "cboe live": (lambda body: cboe_decode.quote(body, "^GSPC", "_SPX", NOON), samples.CBOE_LIVE),
    "cboe rolled": (lambda body: cboe_decode.quote(body, "NVDA", "NVDA", EVENING), samples.CBOE_ROLLED),
    "cboe history": (
        lambda body: cboe_decode.history(body, wanted("^GSPC", "cboe"), "_SPX"),
        samples.CBOE_HISTORY,
    ),
    "cboe table": (lambda body: cboe_decode.table(body, wanted("^VIX3M", "cboe")), samples.CBOE_TABLE),
    "yahoo spark": (lambda body: yahoo_decode.spark(body, ["SPY"], NOON), samples.spark("SPY")),
    "yahoo quote": (lambda body: yahoo_decode.quote(body, "NVDA", NOON), samples.session_chart()),
    "yahoo bars": (
        lambda body: yahoo_decode.bars(body, wanted("SPY", "yahoo")),
        samples.chart("SPY", ["2025-12-08", "2025-12-09"], [101.0, 102.0]),
    ),
    "yahoo intraday": (
        lambda body: yahoo_intraday.candles(body, "PATH", NOON),
        test_intraday.candles(["09:30", "09:35", "09:40"], [14.5, 14.75, 15.0]),
    ),
    "yahoo company": (lambda body: yahoo_company.decode(body, "FIVN", NOON), company_samples.TIMESERIES),
    "yahoo search": (yahoo_decode.matches, samples.SEARCH),
    "fred graph": (graph, samples.FRED_GRAPH),
    "fred api": (api, samples.FRED_API),
    "treasury": (curve, samples.TREASURY),
    "sec tickers": (sec_decode.tickers, company_samples.TICKERS),
    "sec facts": (lambda body: sec_decode.facts(body, "PLPC", 80035, TODAY), company_samples.COMPANY_FACTS),
    "sec filings": (lambda body: sec_decode.filings(body, 80035), company_samples.SUBMISSIONS),
    "nasdaq": (
        lambda body: nasdaq_decode.quote(body, "MU", NOON),
        samples.nasdaq(samples.part("$1,270.50", "Dec 10, 2025 11:58 AM ET")),
    ),
}


def believable(found: Any) -> None:
    """Nothing that a decoder lets through is impossible."""
    if isinstance(found, (dict, list, tuple)):
        for item in found.values() if isinstance(found, dict) else found:
            believable(item)
    if isinstance(found, SourceError):
        assert str(found).isprintable()
        assert len(str(found)) < 400
    if isinstance(found, float):
        assert math.isfinite(found)
    if isinstance(found, str):
        assert found.isprintable()
        assert len(found) <= 400
    if isinstance(found, Quote):
        believable_quote(found)
    if isinstance(found, Bars):
        believable_bars(found)
    if isinstance(found, Intraday):
        believable_candles(found)
    if isinstance(found, Series):
        assert np.isfinite(found.frame["value"]).all()
    if isinstance(found, Company):
        believable([found.name, *found.facts, *found.filings])
    if isinstance(found, Match):
        believable([found.symbol, found.name, found.kind, found.exchange])
    if isinstance(found, Fact):
        assert found.filed <= TODAY + timedelta(days=sec_decode.AHEAD_DAYS)
        assert math.isfinite(found.value)
        believable([found.tag, found.unit, found.form])
    if isinstance(found, Filing):
        assert found.url.startswith("https://www.sec.gov/Archives/edgar/data/80035/")
        assert found.url.isascii()
        believable([found.form, found.accession])


def believable_quote(found: Quote) -> None:
    numbers = [found.prev_close, found.open, found.high, found.low, found.volume, found.extended, *found.day]
    assert all(number is None or (math.isfinite(number) and number > 0) for number in [found.price, *numbers])
    assert (found.at - found.known_at).total_seconds() <= 120
    assert (found.low or 0) <= found.price <= (found.high or math.inf)
    assert found.extended is None or not jumped(found.extended, found.price)
    if found.prev_close and found.symbol == "^GSPC":
        assert not jumped(found.price, found.prev_close)


def believable_candles(found: Intraday) -> None:
    frame = found.frame
    close = frame["close"]
    assert len(frame)
    assert (close > 0).all()
    assert not np.isinf(frame.to_numpy()).any()
    assert not (frame.drop(columns="volume") <= 0).to_numpy().any()
    assert not ((close > frame["high"]) | (close < frame["low"]) | (frame["volume"] < 0)).any()
    assert frame.index.is_monotonic_increasing
    assert frame.index.is_unique
    assert frame.index[-1] <= NOON


def believable_bars(found: Bars) -> None:
    frame = found.frame
    close = frame["close"]
    assert (close > 0).all()
    assert np.isfinite(close).all()
    assert frame.index.is_monotonic_increasing
    assert frame.index.is_unique
    assert not (frame.drop(columns="volume") <= 0).to_numpy().any()
    assert not np.isinf(frame.to_numpy()).any()
    assert not ((close > frame["high"]) | (close < frame["low"]) | (frame["volume"] < 0)).any()


def test_no_source_is_left_out() -> None:
    assert {name.split()[0] for name in DECODERS} == set(REGISTRY) - {"simulated"}


@pytest.mark.parametrize("name", DECODERS)
def test_a_good_answer_is_decoded(name: str) -> None:
    decode, sample = DECODERS[name]
    found = decode(encoded(sample))
    assert found is not None
    believable(found)


def outcome(decode: Decoder, body: bytes) -> Any:
    """What a decoder returns or raises, if that is a typed error."""
    try:
        return decode(body)
    except SourceError as error:
        return error


def spoilt(name: str, seed: int) -> None:
    """One bad answer through one decoder."""
    decode, sample = DECODERS[name]
    believable(outcome(decode, mutated(sample, seed)))


@pytest.mark.parametrize("name", DECODERS)
def test_only_typed_errors_and_possible_numbers_come_out(name: str) -> None:
    @settings(max_examples=2000, deadline=None, database=None, phases=PHASES, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**64 - 1))
    def fuzz(seed: int) -> None:
        spoilt(name, seed)

    fuzz()
