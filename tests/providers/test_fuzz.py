"""Decoders against random bytes and good answers with a part replaced: only typed errors, no impossible values."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rallytui.macro import to_series
from rallytui.model import Bars, Company, Quote, SourceError
from rallytui.providers import cboe_decode, fred, nasdaq_decode, sec_decode, treasury, yahoo_company, yahoo_decode
from rallytui.providers.frames import Wanted
from tests.providers import company_samples, samples
from tests.providers.helpers import EVENING, NOON

TODAY = date(2025, 12, 10)
VINTAGE = date(2025, 9, 20)


def wanted(symbol: str, source: str) -> Wanted:
    return Wanted(source, symbol, date(1970, 1, 1), date(2030, 1, 1), EVENING)


def graph(body: bytes) -> Any:
    rows = fred.of_graph(body, "UNRATE", None)
    return to_series("UNRATE", fred.sane(rows, "UNRATE", NOON, None), "fred", NOON)


def api(body: bytes) -> Any:
    return fred.sane(fred.of_api(body, None), "UNRATE", NOON, None)


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
        samples.chart("SPY", ["2025-12-08", "2025-12-09"], [1.0, 2.0]),
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
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [10**40, -1, 0, 1e308, "", "NaN", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59", "UNCH", [], {}]
    ),
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every node of a tree of JSON."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, inner in items for path in paths(inner, (*at, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another node at `path`."""
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = replaced(value[path[0]], path[1:], new)
    return copied


@st.composite
def bodies(draw: st.DrawFn, sample: Any) -> bytes:
    """Random bytes; the sample with a stretch cut out or overwritten; its JSON with up to two nodes replaced."""
    way = draw(st.integers(0, 4))
    if way == 0:
        return draw(st.binary(max_size=200))
    good = sample.encode() if isinstance(sample, str) else json.dumps(sample).encode()
    if way == 1 or isinstance(sample, str):
        start = draw(st.integers(0, len(good)))
        stop = draw(st.integers(start, min(len(good), start + 12)))
        return good[:start] + draw(st.one_of(st.binary(max_size=6), st.just(b"-9"), st.just(b"99"))) + good[stop:]
    for _ in range(draw(st.integers(1, 2))):
        sample = replaced(sample, draw(st.sampled_from(paths(sample))), draw(ODD))
    return json.dumps(sample).encode()


def believable(found: Any) -> None:
    """Nothing that a decoder lets through is impossible."""
    if isinstance(found, dict):
        for item in found.values():
            believable(item)
    if isinstance(found, SourceError):
        assert str(found).isprintable()
        assert len(str(found)) < 400
    if isinstance(found, Quote):
        numbers = [found.prev_close, found.open, found.high, found.low, found.volume, found.extended, *found.day]
        assert all(number is None or (math.isfinite(number) and number > 0) for number in [found.price, *numbers])
        assert (found.at - found.known_at).total_seconds() <= 120
    if isinstance(found, Bars):
        assert (found.frame["close"] > 0).all()
        assert found.frame.index.is_monotonic_increasing
        assert found.frame.index.is_unique
    if isinstance(found, Company):
        assert all(fact.filed <= TODAY and math.isfinite(fact.value) for fact in found.facts)


@pytest.mark.parametrize("name", DECODERS)
def test_a_good_answer_is_decoded(name: str) -> None:
    decode, sample = DECODERS[name]
    found = decode(sample.encode() if isinstance(sample, str) else json.dumps(sample).encode())
    assert found is not None
    believable(found)


def outcome(decode: Decoder, body: bytes) -> Any:
    """What a decoder returns or raises, if that is a typed error."""
    try:
        return decode(body)
    except SourceError as error:
        return error


@pytest.mark.parametrize("name", DECODERS)
def test_only_typed_errors_come_out(name: str) -> None:
    decode, sample = DECODERS[name]

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(bodies(sample))
    def fuzz(body: bytes) -> None:
        believable(outcome(decode, body))

    fuzz()
