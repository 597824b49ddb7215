"""A symbol against a market: beta, correlation, relative strength (METHODOLOGY B).

Every function takes two close arrays on the same days, as `align` makes them, NaN where one of them has no bar. Rows at
the end that miss either close are left out, so that a symbol whose bar is late is measured to its own last bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from rallytui.indicators.arrays import DayArray, FloatArray, arrange, prices
from rallytui.indicators.numbers import change_pct

MOST_MISSING = 0.05
FLAT = 1e-24


def align(days: DayArray, closes: ArrayLike, grid: DayArray) -> FloatArray:
    """`closes` on the days of `grid`, NaN where `days` has no such day; nothing is carried forward.

    `grid` is ascending, as the market's own days are; `days` may be unsorted or repeat, then the last row of a day
    stays.
    """
    ordered, (column,) = arrange(days, closes)
    aligned = np.full(len(grid), np.nan)
    if not len(ordered):
        return aligned
    wanted = np.asarray(grid, dtype="datetime64[D]")
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    match = ordered[places] == wanted
    aligned[match] = column[places[match]]
    return aligned


def _window(stock: ArrayLike, market: ArrayLike, rows: int) -> tuple[FloatArray, FloatArray] | None:
    """The last `rows` rows (or all, if fewer) that end with both closes; None if more than 5 % miss one."""
    s, m = prices(stock), prices(market)
    both = ~np.isnan(s + m)
    if not both.any():
        return None
    end = len(both) - int(np.argmax(both[::-1]))
    start = max(0, end - rows)
    if 1 - both[start:end].mean() > MOST_MISSING:
        return None
    return s[start:end], m[start:end]


@dataclass(frozen=True, slots=True)
class Regression:
    """Returns of the symbol on returns of the market: slope, its r2, and how many pairs of returns were used."""

    beta: float
    r2: float
    corr: float
    returns: int


def regression(stock: ArrayLike, market: ArrayLike, n: int = 60, least: int | None = None) -> Regression | None:
    """Beta and correlation of the last `n` simple daily returns, ddof 1; needs `least` (by default n) return days.

    Returns across a missing bar are dropped. None if either side did not move. Daily betas of thin names lean to 0
    because their last trade is early: show r2 beside it, and dim it below 0.10 (Scholes & Williams 1977).
    """
    pair = _window(stock, market, n + 1)
    if pair is None or len(pair[0]) <= (n if least is None else least):
        return None
    both = np.stack(pair)
    returns = both[:, 1:] / both[:, :-1] - 1
    returns = returns[:, ~np.isnan(returns).any(axis=0)]
    count = returns.shape[1]
    if count < 2:
        return None
    deviations = returns - returns.mean(axis=1, keepdims=True)
    own, mixed, market_part = (float(deviations[i] @ deviations[j]) for i, j in ((0, 0), (0, 1), (1, 1)))
    if min(own, market_part) <= FLAT * count:
        return None
    corr = min(max(mixed / sqrt(own) / sqrt(market_part), -1.0), 1.0)
    return Regression(mixed / market_part, corr * corr, corr, count)


def adjusted_beta(beta: float) -> float:
    """Beta pulled a third of the way to 1, where betas drift (Blume 1971; METHODOLOGY B)."""
    return 0.67 * beta + 0.33


def rs_return_pct(stock: ArrayLike, market: ArrayLike, n: int) -> float | None:
    """How much more `stock` returned than `market` over `n` sessions: the change of their ratio, percent.

    Across asset classes give total-return closes (METHODOLOGY 0.3). None if either end misses a close.
    """
    pair = _window(stock, market, n + 1)
    if pair is None or len(pair[0]) <= n:
        return None
    ratio = pair[0] / pair[1]
    return change_pct(float(ratio[-1]), float(ratio[0]))


def mansfield(stock: ArrayLike, market: ArrayLike, n: int = 252) -> float | None:
    """Mansfield relative strength: the ratio to the market against its `n`-session mean, percent (Weinstein 1988)."""
    pair = _window(stock, market, n)
    if pair is None or len(pair[0]) < n:
        return None
    ratio = pair[0] / pair[1]
    return change_pct(float(ratio[-1]), float(ratio[~np.isnan(ratio)].mean()))
