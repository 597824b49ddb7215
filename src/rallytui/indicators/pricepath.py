"""What the closes did on their way: gains, drawdowns, year to date, 52-week range, averages and their crosses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from rallytui.indicators.arrays import DayArray, FloatArray, arrange, closes_of, known, prices
from rallytui.indicators.numbers import SESSIONS_A_YEAR, change_pct, positives

FULL_RANGE_SESSIONS = 200
DRAWDOWN_LEAST = 20
LAST_SESSIONS_OF_DECEMBER = 29
EQUAL_AVERAGES = 1e-12


def max_gain_pct(closes: ArrayLike, base: float | None) -> float | None:
    """The best close of the window against `base`, percent; give the closes after the baseline (METHODOLOGY A.7)."""
    known = closes_of(closes)
    return change_pct(float(known.max()), base) if len(known) else None


def drawdown_pct(
    closes: ArrayLike, price: float | None = None, window: int = SESSIONS_A_YEAR, least: int = DRAWDOWN_LEAST
) -> float | None:
    """`price` (or the last close) against the highest close of the last `window` bars, percent, never above 0.

    A live price above every close is a new high, so it counts as the high itself. None with fewer than `least` closes
    (METHODOLOGY A.7 and B).
    """
    known = closes_of(np.asarray(closes, dtype=np.float64)[-window:])
    if len(known) < max(least, 1):
        return None
    now = positives(float(known[-1]) if price is None else price)
    return None if now is None else change_pct(now[0], max(float(known.max()), now[0]))


def max_drawdown_pct(closes: ArrayLike) -> float | None:
    """The deepest fall of a close below the highest one before it, percent (METHODOLOGY A.7)."""
    known = closes_of(closes)
    return 100 * float((known / np.maximum.accumulate(known) - 1).min()) if len(known) else None


def ytd_pct(price: float | None, days: DayArray, closes: ArrayLike, last: date) -> float | None:
    """`price` against the close of the last session of the year before `last`, percent (METHODOLOGY A.7).

    `last` is the last completed session, so that on 1 January the year that just ended is still the one measured. None
    if the history lacks that session: it is always between 29 and 31 December.
    """
    ordered, (column,) = arrange(days, closes)
    index = int(np.searchsorted(ordered, np.datetime64(f"{last.year:04d}-01-01", "D"))) - 1
    if index < 0 or ordered[index] < np.datetime64(f"{last.year - 1:04d}-12-{LAST_SESSIONS_OF_DECEMBER}", "D"):
        return None
    return change_pct(price, float(column[index]))


@dataclass(frozen=True, slots=True)
class YearRange:
    """The highest high and lowest low of a calendar year of sessions; `full` is False for less than 200 of them."""

    high: float
    low: float
    sessions: int
    full: bool


def year_range(days: DayArray, highs: ArrayLike, lows: ArrayLike, last: date) -> YearRange | None:
    """The 52-week range, intraday basis, over the sessions in (last - 1 year, last] (METHODOLOGY A.7)."""
    ordered, columns = arrange(days, highs, lows)
    start = last.replace(year=last.year - 1, day=min(last.day, 28) if last.month == 2 else last.day)
    bounds = np.searchsorted(ordered, np.array([start, last], dtype="datetime64[D]"), side="right")
    high, low = (prices(column[bounds[0] : bounds[1]]) for column in columns)
    tops, bottoms = known(high), known(low)
    count = int((~np.isnan(high) | ~np.isnan(low)).sum())
    if not len(tops) or not len(bottoms):
        return None
    return YearRange(float(tops.max()), float(bottoms.min()), count, count >= FULL_RANGE_SESSIONS)


def range_position(price: float | None, high: float | None, low: float | None) -> float | None:
    """Where `price` stands between `low` and `high`, a fraction clamped to [0, 1]; None if they are equal."""
    known = positives(price, high, low)
    if known is None or known[1] <= known[2]:
        return None
    price, high, low = known
    return min(max((price - low) / (high - low), 0.0), 1.0)


def range52(price: float | None, year: YearRange | None) -> float | None:
    """`range_position` in the 52-week range; None with fewer than 200 sessions in it (METHODOLOGY B)."""
    return range_position(price, year.high, year.low) if year is not None and year.full else None


def sma(closes: ArrayLike, n: int) -> float | None:
    """The mean of the last `n` closes there are; a hole in the history is skipped. None if there are fewer."""
    known = closes_of(closes)
    return float(known[-n:].mean()) if 0 < n <= len(known) else None


def sma_line(closes: ArrayLike, n: int) -> FloatArray:
    """`sma` after each close, as long as `closes`; NaN where a close is missing or fewer than `n` came by then."""
    column = prices(closes)
    seen = ~np.isnan(column)
    known, line = column[seen], np.full(len(column), np.nan)
    if 0 < n <= len(known):
        middle = known.mean()  # sums of small numbers keep their digits
        sums = np.concatenate(([0.0], np.cumsum(known - middle)))
        line[np.flatnonzero(seen)[n - 1 :]] = middle + (sums[n:] - sums[:-n]) / n
    return line


def dist_sma_pct(price: float | None, closes: ArrayLike, n: int) -> float | None:
    """`price` against the `n`-close average, percent (METHODOLOGY A.7)."""
    return change_pct(price, sma(closes, n))


@dataclass(frozen=True, slots=True)
class Cross:
    """The last crossing of two averages: golden when the fast one rose above the slow one, death when it fell below."""

    kind: Literal["golden", "death"]
    sessions_ago: int


def last_cross(closes: ArrayLike, fast: int = 50, slow: int = 200) -> Cross | None:
    """The last change of sign of the fast minus the slow average; None if there was none (METHODOLOGY A.7).

    Sessions on which the two are equal neither cross nor separate.
    """
    known = closes_of(closes)
    if not 0 < fast < slow < len(known):
        return None
    slow_line = sliding_window_view(known, slow).mean(axis=1)
    gap = sliding_window_view(known, fast).mean(axis=1)[slow - fast :] - slow_line
    apart = np.flatnonzero(np.abs(gap) > EQUAL_AVERAGES * slow_line)
    above = gap[apart] > 0
    turns = np.flatnonzero(above[1:] != above[:-1]) + 1
    if not len(turns):
        return None
    turn = int(turns[-1])
    return Cross("golden" if above[turn] else "death", len(gap) - 1 - int(apart[turn]))
