"""Facts of every kind for the tests of the store, and how two bundles are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from rallytui import macro
from rallytui.model import Bars, Company, Fact, Facts, Filing, Health, Quote, Series

NOW = datetime(2026, 7, 23, 17, 46, 3, 250_000, tzinfo=UTC)
COLUMNS = ["open", "high", "low", "close", "adj_close", "volume"]


def make_bars(symbol: str = "^GSPC", count: int = 5, start: str = "2026-07-01", level: float = 100.0) -> Bars:
    index = pd.DatetimeIndex(list(pd.bdate_range(start, periods=count)), name="date").as_unit("s")
    values = level + np.arange(count * 6, dtype=float).reshape(count, 6) / 7
    frame = pd.DataFrame(values, index=index, columns=COLUMNS)
    return Bars(symbol, frame, "Cboe", f"{symbol} Inc")


def make_series(*rows: tuple[date, float], vintage: date | None = None, received: datetime = NOW) -> Series:
    return macro.to_series("UNRATE", rows, "FRED", received, vintage)


def make_company(**changes: object) -> Company:
    facts = (
        Fact("Revenues", "USD", date(2026, 1, 1), date(2026, 3, 31), 1.5e9, date(2026, 5, 4), "10-Q"),
        Fact("Revenues", "USD", date(2026, 1, 1), date(2026, 3, 31), 1.5e9, date(2026, 5, 4), "10-Q"),
        Fact("SharesOutstanding", "shares", None, date(2026, 4, 20), 4.9e6, date(2026, 5, 4), "10-Q"),
    )
    filings = (
        Filing("10-Q", date(2026, 5, 4), date(2026, 3, 31), NOW, "0001-26-000001", "https://example.org/a"),
        Filing("8-K", date(2026, 5, 1), None, None, "0001-26-000000", ""),
    )
    return replace(Company("PLPC", facts, filings, "Preformed", "EDGAR"), **changes)  # type: ignore[arg-type]


QUOTE = Quote("PLPC", 325.82, NOW, NOW + timedelta(seconds=2), "Yahoo", date(2026, 7, 23), day=(325.1, 326.5))
MONTHS = ((date(2026, 5, 1), 4.3), (date(2026, 6, 1), 4.4))


def full() -> Facts:
    return Facts(
        quotes=(QUOTE,),
        bars=(make_bars(),),
        series=(make_series(*MONTHS), make_series(*MONTHS[:1], vintage=date(2026, 6, 20))),
        companies=(make_company(),),
        health={"cboe": Health("cboe", "failing", NOW, 3, NOW + timedelta(minutes=1), "HTTP 503", 900)},
    )


def assert_same_facts(left: Facts, right: Facts) -> None:
    assert left.quotes == right.quotes
    assert left.health == dict(right.health)
    assert [(one.symbol, one.source, one.name) for one in left.bars] == [
        (one.symbol, one.source, one.name) for one in right.bars
    ]
    for got, want in zip(left.bars, right.bars, strict=True):
        pd.testing.assert_frame_equal(got.frame, want.frame, check_freq=False)
    header = [(one.id, one.source, one.received, one.vintage) for one in left.series]
    assert header == [(one.id, one.source, one.received, one.vintage) for one in right.series]
    for read, written in zip(left.series, right.series, strict=True):
        pd.testing.assert_frame_equal(read.frame, written.frame)
    for company, other in zip(left.companies, right.companies, strict=True):
        assert (company.symbol, company.name, company.source) == (other.symbol, other.name, other.source)
        assert (company.facts, company.filings) == (other.facts, other.filings)
