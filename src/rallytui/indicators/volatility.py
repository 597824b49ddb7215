"""Realised volatility: close to close, and Yang and Zhang's from whole bars (METHODOLOGY A.8)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from rallytui.indicators.arrays import FloatArray, log_returns, prices
from rallytui.indicators.numbers import SESSIONS_A_YEAR

LEAST_SHARE = 0.9
MOST_REPAIRED = 0.02


@dataclass(frozen=True, slots=True)
class Realised:
    """A yearly volatility as a fraction. `method` is cc where bars without a range left only the closes to use."""

    value: float
    method: Literal["yz", "cc"]
    repaired: int


def vol_cc(closes: ArrayLike, n: int = 21) -> float | None:
    """Close-to-close volatility of the last `n` log returns, a yearly fraction; needs n + 1 closes.

    Returns beside a missing close are dropped; None if fewer than 90 % of them are left.
    """
    returns = log_returns(prices(np.asarray(closes, dtype=np.float64)[-n - 1 :]))
    if len(returns) < max(2, LEAST_SHARE * n):
        return None
    return float(returns.std(ddof=1)) * sqrt(SESSIONS_A_YEAR)


def vol_yz(opens: ArrayLike, highs: ArrayLike, lows: ArrayLike, closes: ArrayLike, n: int = 21) -> Realised | None:
    """Yang and Zhang's volatility of the last `n` bars, a yearly fraction; needs the close before them too.

    A high below its open or close, or a low above, is clipped and counted: None if that is more than 2 % of the bars,
    or if fewer than 90 % of the bars are whole. Bars that never moved inside the day (a close-only feed) carry no
    range, so the close-to-close value is returned and `method` says so. On a cash index the opening print is often
    the close before; give the bars of a fund instead. Yang & Zhang 2000; Rogers & Satchell 1991.
    """
    o, h, low, c = (prices(np.asarray(column, dtype=np.float64)[-n - 1 :]) for column in (opens, highs, lows, closes))
    rows = np.stack([o[1:], h[1:], low[1:], c[1:], c[:-1]])
    rows = rows[:, ~np.isnan(rows).any(axis=0)]
    bars = rows.shape[1]
    if bars < max(2, LEAST_SHARE * n):
        return None
    top, bottom = np.maximum(rows[0], rows[3]), np.minimum(rows[0], rows[3])
    repaired = int(((rows[1] < top) | (rows[2] > bottom)).sum())
    if repaired > MOST_REPAIRED * bars:
        return None
    rows[1], rows[2] = np.maximum(rows[1], top), np.minimum(rows[2], bottom)
    variance = _variance(rows)
    if variance is None:
        value = vol_cc(closes, n)
        return None if value is None else Realised(value, "cc", repaired)
    return Realised(sqrt(SESSIONS_A_YEAR * variance), "yz", repaired)


def _variance(rows: FloatArray) -> float | None:
    """The daily variance of clean open, high, low, close and previous-close rows; None if no bar has a range."""
    o, h, low, c, before = np.log(rows)
    overnight, day, up, down = o - before, c - o, h - o, low - o
    inside = float((up * (up - day) + down * (down - day)).mean())
    if inside <= 0:
        return None
    n: int = rows.shape[1]
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    return float(overnight.var(ddof=1)) + k * float(day.var(ddof=1)) + (1 - k) * inside
