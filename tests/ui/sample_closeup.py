"""What a page shows besides the board, made up: five years of candles, a week within the day, quarters, filings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import exp, sin

from rallytui.board.shape import Candles, FilingRow, QuarterRow, SymbolCloseUp
from tests.ui.sample_parts import TODAY

SESSIONS = 1260


def sample_close_up(symbol: str = "INOD", last: float = 60.01, days: int = SESSIONS) -> SymbolCloseUp:
    """Everything there can be, with the newest close at `last`."""
    daily = _candles(_weekdays(days), last, 0.05)
    return SymbolCloseUp(
        symbol=symbol,
        daily=daily,
        intraday=_candles(_five_minutes(), last, 0.004),
        averages={"sma50": _mean(daily.close, 50), "sma200": _mean(daily.close, 200)},
        quarters=_quarters(),
        filings=_filings(),
    )


def _weekdays(count: int) -> list[int]:
    days = (TODAY - timedelta(days=n) for n in range(count * 2))
    return [day.toordinal() for day in days if day.weekday() < 5][:count][::-1]


def _five_minutes() -> list[int]:
    opens = [datetime(2026, 7, day, 13, 30, tzinfo=UTC) for day in (17, 20, 21, 22, 23)]
    return [int((begin + timedelta(minutes=5 * n)).timestamp()) for begin in opens for n in range(78)]


def _candles(times: list[int], last: float, width: float) -> Candles:
    count = len(times)
    walk = [0.4 * sin(n / 90) + 0.16 * sin(n / 13 + 1) + 0.05 * sin(n * 1.7) for n in range(count)]
    closes = [round(last * exp((step - walk[-1]) * width * 12), 2) for step in walk]
    opens = [closes[max(0, n - 1)] * (1 + width / 10 * sin(n * 2.3)) for n in range(count)]
    pairs = list(zip(opens, closes, strict=True))
    return Candles(
        times=times,
        open=list(opens),
        high=[max(pair) * (1 + width / 8 * abs(sin(n))) for n, pair in enumerate(pairs)],
        low=[min(pair) * (1 - width / 8 * abs(sin(n * 3))) for n, pair in enumerate(pairs)],
        close=closes,
        volume=[1.2e6 * (1 + abs(sin(n * 0.7)) + (4 if n % 63 == 0 else 0)) for n in range(count)],
        source="yahoo",
    )


def _mean(closes: list[float], window: int) -> list[float | None]:
    sums = [sum(closes[n + 1 - window : n + 1]) / window if n + 1 >= window else None for n in range(len(closes))]
    return list(sums)


def _quarters() -> list[QuarterRow]:
    ends = [date(2024 + n // 4, n % 4 * 3 + 3, 30) for n in range(1, 9)]
    money = [32.6, 52.2, 59.2, 58.3, 58.4, 62.6, 72.4, 90.0]
    growth = [65.6, 135.6, 127.3, 120.1, 79.4, 19.8, 22.3, 54.4]
    return [
        QuarterRow(end, end + timedelta(days=38), revenue * 1e6, grown, revenue * 8e4, derived=end.month == 12)
        for end, revenue, grown in zip(ends, money, growth, strict=True)
    ]


def _filings() -> list[FilingRow]:
    forms = ["8-K", "10-Q", "8-K", "4", "DEF 14A", "10-K", "8-K", "10-Q", "144", "8-K"]
    filed = [TODAY - timedelta(days=9 * n + 3) for n in range(len(forms))]
    return [
        FilingRow(
            form=form,
            filed=day,
            accepted=datetime(day.year, day.month, day.day, 20, 15, tzinfo=UTC),
            period=date(2026, 3, 31) if form.startswith("10") else None,
            url=f"https://www.sec.gov/Archives/edgar/data/903651/{n:018d}/document.htm",
        )
        for n, (form, day) in enumerate(zip(forms, filed, strict=True))
    ]
