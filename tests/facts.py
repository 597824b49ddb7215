"""Facts made by hand: prices at New York times, bars, series and filings, and a small market that wanders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rallytui.macro import CATALOG, to_series
from rallytui.model import Bars, Company, Fact, Facts, Quote, Series
from rallytui.sessions import nyse

NEW_YORK = ZoneInfo("America/New_York")
COLUMNS = ["open", "high", "low", "close", "adj_close", "volume"]


def ny(text: str) -> datetime:
    """The aware UTC moment of a New York time written as ISO, as in 2025-11-26T16:00."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def frame(days: Sequence[date], closes: Sequence[float], **columns: Any) -> pd.DataFrame:
    """A frame of bars; what is not given is made from the closes, half a percent around them."""
    close = np.asarray(closes, dtype=float)
    given = {
        "open": close,
        "high": close * 1.005,
        "low": close * 0.995,
        "close": close,
        "adj_close": close,
        "volume": np.full(len(close), 1e6),
        **columns,
    }
    index = pd.DatetimeIndex(np.array(days, dtype="datetime64[s]"), name="date")
    return pd.DataFrame({name: np.asarray(given[name], dtype=float) for name in COLUMNS}, index=index)


def bars(symbol: str, closes: Mapping[str, float], source: str = "cboe", **columns: Any) -> Bars:
    """Bars of the sessions written down, oldest first."""
    return Bars(symbol, frame([day(text) for text in closes], list(closes.values()), **columns), source, symbol)


def sessions(first: str, last: str) -> list[date]:
    """The exchange's sessions from `first` to `last`, both included."""
    return list(nyse().between(day(first) - timedelta(days=1), day(last)))


def wander(symbol: str, days: Sequence[date], start: float = 100.0, source: str = "yahoo") -> Bars:
    """Bars that wander from `start`, the same for a symbol every time."""
    dice = np.random.default_rng(list(symbol.encode()))
    close = start * np.exp(np.cumsum(dice.normal(0.0002, 0.012, len(days))))
    opening = close * np.exp(dice.normal(0, 0.004, len(days)))
    high, low = np.maximum(close, opening) * 1.004, np.minimum(close, opening) * 0.996
    volume = dice.uniform(5e5, 2e6, len(days)).round()
    return Bars(symbol, frame(days, close, open=opening, high=high, low=low, volume=volume), source, f"{symbol} Inc")


def quote(symbol: str, price: float, at: str, known: str = "", **changes: Any) -> Quote:
    """A quote of a trade at a New York time, received then or at `known`."""
    moment = ny(at)
    given = {"source": "cboe", "session_date": moment.astimezone(NEW_YORK).date(), **changes}
    return Quote(symbol, price, moment, ny(known) if known else moment, **given)


def series(name: str, rows: Mapping[str, float], received: datetime | None = None, **more: Any) -> Series:
    """A macro series from dated values; received long after its rows were known, unless said otherwise."""
    dated = [(day(text), value) for text, value in rows.items()]
    late = datetime(2030, 1, 1, tzinfo=UTC)
    return to_series(name, dated, more.pop("source", "fred"), received or late, **more)


STEPS = {"daily": "B", "weekly": "W-SAT", "monthly": "MS", "quarterly": "QS"}
LEVELS = {"ICSA": 220_000.0, "NFCI": -0.5, "DFEDTARU": 4.0, "OPHNFB": 115.0, "JTSLDR": 1.1, "UNRATE": 4.2}


def wandering_series(name: str, first: str, last: str) -> Series:
    """A macro series with its own calendar of observations, the same every time."""
    labels = [stamp.date() for stamp in pd.date_range(first, last, freq=STEPS[CATALOG[name].frequency])]
    dice = np.random.default_rng(list(name.encode()))
    level = LEVELS.get(name, 3.0)
    values = level + abs(level) * 0.01 * np.cumsum(dice.normal(0, 1, len(labels)))
    return to_series(name, zip(labels, values, strict=True), "fred", datetime(2030, 1, 1, tzinfo=UTC))


def quarters(symbol: str, revenue: Sequence[float], last_end: str = "2026-03-31", source: str = "sec") -> Company:
    """A filer with one revenue and one capex fact a quarter, filed 35 days after its end, and a share count."""
    ends = [stamp.date() for stamp in pd.date_range(end=last_end, periods=len(revenue), freq="QE")]
    facts = []
    for end, value in zip(ends, revenue, strict=True):
        start = (pd.Timestamp(end) - pd.tseries.offsets.QuarterBegin(startingMonth=1)).date()
        filed = end + timedelta(days=35)
        facts.append(Fact("Revenues", "USD", start, end, value, filed, "10-Q"))
        facts.append(Fact("PaymentsToAcquirePropertyPlantAndEquipment", "USD", start, end, value / 4, filed, "10-Q"))
        facts.append(Fact("EntityCommonStockSharesOutstanding", "shares", None, filed, 5e6, filed, "10-Q"))
    return Company(symbol, tuple(facts), (), f"{symbol} Inc", source)


FUNDS = ("SPY", "GLD", "TLT", "IWM", "RSP", "XLU", "HYG", "IEF", "SMH")
NAMES = ("PLPC", "INOD", "PATH", "FIVN")
CAPEX_NAMES = ("MSFT", "GOOGL", "AMZN", "META", "ORCL")


@cache
def market(last: str = "2026-03-31", first: str = "2023-06-01") -> Facts:
    """Everything the default thesis reads, to the evening of `last`: wandering bars, series, filings. No quotes."""
    days = sessions(first, last)
    names = (*FUNDS, *NAMES)
    history = [wander("^GSPC", days, 5200.0, "cboe"), wander("^VIX", days, 17.0), wander("^VIX3M", days, 19.0)]
    return Facts(
        bars=(*history, *(wander(name, days) for name in names)),
        series=tuple(wandering_series(name, first, last) for name in CATALOG),
        companies=tuple(quarters(name, [1e8 * 1.05**n for n in range(14)]) for name in (*NAMES, *CAPEX_NAMES)),
    )
