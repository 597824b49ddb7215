"""One symbol's moves: gap, relative volume, RSI, ATR, momentum."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rallytui.indicators.arrays import FloatArray, at_back, known, prices
from rallytui.indicators.numbers import LARGEST, change_pct, positives, real

MIN_HISTORY: dict[str, int] = {
    "change": 2,
    "gap_pct": 2,
    "rel_volume": 21,
    "range52": 200,
    "rsi14": 15,
    "atr14": 15,
    "beta60": 61,
    "beta252": 201,
    "corr60": 61,
    "rs63_pct": 64,
    "rs126_pct": 127,
    "mansfield": 252,
    "drawdown_pct": 20,
    "mom21_pct": 22,
    "mom63_pct": 64,
    "mom126_pct": 127,
    "mom252_pct": 253,
    "sma50": 50,
    "sma200": 200,
    "vol21": 22,
    "vol63": 64,
    "trend_eta": 21,
}
"""Finished bars a reading needs, so that a board can say what is missing."""
WARM_RSI = 100
"""Closes from which on the start of the history no longer shows in a Wilder average."""

WILDER = 14
VOLUME_SESSIONS = 20
LEAST_VOLUMES = 18


def gap_pct(opening: float | None, previous_close: float | None) -> float | None:
    """The opening price against the close before, percent; leave it out on the day of a split (METHODOLOGY B)."""
    return change_pct(opening, previous_close)


def rel_volume(volumes: ArrayLike) -> float | None:
    """The last session's volume over the mean of the 20 before it; needs 21, the last one is not in the mean."""
    array = np.asarray(volumes, dtype=np.float64)
    return volume_share(float(array[-1]), array[:-1]) if len(array) else None


def volume_share(volume: float | None, previous: ArrayLike) -> float | None:
    """`volume` over the mean of the last 20 finished sessions in `previous`.

    For a session still running this is a part of a day over whole days: mark it partial, never compare it with
    `rel_volume`. Up to two of the twenty may be missing. None if the mean is zero.
    """
    recent = np.asarray(previous, dtype=np.float64)[-VOLUME_SESSIONS:]
    usable = recent[(recent >= 0) & (recent < LARGEST)]
    now = real(volume)
    if now is None or now < 0 or len(recent) < VOLUME_SESSIONS or len(usable) < LEAST_VOLUMES:
        return None
    mean = positives(float(usable.mean()))
    return None if mean is None else real(now / mean[0])


def wilder(values: list[float], n: int) -> list[float]:
    """Wilder's averages: the mean of the first `n`, then (13 avg + x) / 14 for n = 14. Starts at index n - 1."""
    if len(values) < n:
        return []
    average = sum(values[:n]) / n
    averages = [average]
    for value in values[n:]:
        average = ((n - 1) * average + value) / n
        averages.append(average)
    return averages


def _rsi_value(gain: float, loss: float) -> float:
    if loss == 0:
        return 100.0 if gain > 0 else 50.0
    return 100 - 100 / (1 + gain / loss)


def rsi(closes: ArrayLike, n: int = WILDER) -> float | None:
    """Wilder's relative strength index after the last close, 0 to 100; needs n + 1 closes (Wilder 1978; METHODOLOGY B).

    The value depends on where the history starts: give the whole of it. A change across a missing close is left out.
    100 without a loss, 50 without any move.
    """
    deltas = known(np.diff(prices(closes)))
    gains, losses = (wilder(np.maximum(moves, 0).tolist(), n) for moves in (deltas, -deltas))
    return _rsi_value(gains[-1], losses[-1]) if gains else None


def true_ranges(highs: ArrayLike, lows: ArrayLike, closes: ArrayLike) -> FloatArray:
    """The true range of every bar from the second on; NaN where a price it needs is missing."""
    high, low, before = prices(highs)[1:], prices(lows)[1:], prices(closes)[:-1]
    return np.maximum(high - low, np.maximum(np.abs(high - before), np.abs(low - before)))


def atr(highs: ArrayLike, lows: ArrayLike, closes: ArrayLike, n: int = WILDER) -> float | None:
    """Wilder's average true range after the last bar, in price units; needs n + 1 bars (METHODOLOGY B)."""
    averages = wilder(known(true_ranges(highs, lows, closes)).tolist(), n)
    return averages[-1] if averages else None


def atr_pct(atr_value: float | None, close: float | None) -> float | None:
    """The average true range in percent of the close (METHODOLOGY B)."""
    close_known, range_known = positives(close), real(atr_value)
    return None if close_known is None or range_known is None else real(100 * range_known / close_known[0])


def momentum_pct(closes: ArrayLike, n: int) -> float | None:
    """The last close against the one `n` sessions before it, percent; needs n + 1 closes (METHODOLOGY B)."""
    return change_pct(at_back(closes, 0), at_back(closes, n))
