"""When the level may be reached: by the trend of the closes, and by the model (METHODOLOGY A.4 and A.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from rallytui.indicators.arrays import log_returns, prices
from rallytui.indicators.numbers import SESSIONS_A_YEAR, positives
from rallytui.indicators.odds import p_touch, p_touch_ever
from rallytui.sessions import Calendar

Z95 = 1.959963984540054
LEAST_CLOSES = 21
LONGEST_TREND = 5 * SESSIONS_A_YEAR
LONGEST_MODEL = 50.0
BISECTIONS = 200


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through log closes, per session.

    `slope` is the least-squares fit; no standard error goes with it, since for prices it would be far too narrow.
    `drift` is the mean log return and `drift_se` its standard error: the honest pair.
    """

    window: int
    slope: float
    drift: float
    drift_se: float


@dataclass(frozen=True, slots=True)
class TrendEta:
    """Sessions to the level: `sessions` is None when the trend points away, `low` or `high` when it has no bound."""

    sessions: float | None
    low: float | None
    high: float | None
    trend: Trend


def fit_trend(closes: ArrayLike, window: int = 63) -> Trend | None:
    """Fit the last `window` finished closes; None with fewer than 21 of them (METHODOLOGY A.4).

    A missing close leaves the fit and both returns beside it. Granger & Newbold 1974 on the fit; Merton 1980 on why the
    drift of 63 sessions is nearly unknown.
    """
    recent = prices(closes)[-window:]
    x = np.flatnonzero(~np.isnan(recent)).astype(np.float64)
    returns = log_returns(recent)
    if len(x) < LEAST_CLOSES or len(returns) < LEAST_CLOSES - 1:
        return None
    y = np.log(recent[~np.isnan(recent)])
    dx, dy = x - x.mean(), y - y.mean()
    return Trend(
        window=len(recent),
        slope=float(dx @ dy) / float(dx @ dx),
        drift=float(returns.mean()),
        drift_se=float(returns.std(ddof=1)) / sqrt(len(returns)),
    )


def trend_eta(closes: ArrayLike, price: float | None, level: float | None, window: int = 63) -> TrendEta | None:
    """Sessions until the trend carries `price` to `level`, with the 95 % interval of a random walk with drift.

    Starts at `price`, not at the fitted line, which may already be past the level (METHODOLOGY A.4). None without a
    trend.
    """
    known, trend = positives(price, level), fit_trend(closes, window)
    if known is None or trend is None:
        return None
    gap = log(known[1] / known[0])
    margin = Z95 * trend.drift_se if gap >= 0 else -Z95 * trend.drift_se
    fast, slow = trend.drift + margin, trend.drift - margin
    return TrendEta(_time_to(gap, trend.slope), _time_to(gap, fast), _time_to(gap, slow), trend)


def _time_to(gap: float, slope: float) -> float | None:
    # A slope this flat would take longer than any float of sessions means something.
    if gap == 0:
        return 0.0
    return gap / slope if abs(slope) > 1e-12 and (slope > 0) == (gap > 0) else None


def eta_date(calendar: Calendar, asof: date, sessions: float | None) -> date | None:
    """The session that is `sessions` (rounded up) after `asof`; None beyond five years or the calendar's end."""
    if sessions is None or sessions > LONGEST_TREND:
        return None
    steps = ceil(sessions)
    if steps <= 0:
        return asof
    try:
        return calendar.after(asof, steps)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class ModelEta:
    """When a touch becomes as likely as not: `years` and whole `sessions`; None if later than 50 years, or never."""

    years: float | None
    sessions: int | None


def model_eta(price: float | None, level: float | None, sigma: float | None, mu: float = 0.0) -> ModelEta | None:
    """The median first-touch time of the model in `p_touch`, by bisection (METHODOLOGY A.5).

    The mean is not given: it is infinite without a drift towards the level and misleads with one.
    """
    ever = p_touch_ever(price, level, sigma, mu)
    if ever is None:
        return None
    if price == level:
        return ModelEta(0.0, 0)
    if ever < 0.5 or (p_touch(price, level, sigma, LONGEST_MODEL, mu) or 0.0) < 0.5:
        return ModelEta(None, None)
    low, high = 0.0, LONGEST_MODEL
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (p_touch(price, level, sigma, middle, mu) or 0.0) < 0.5:
            low = middle
        else:
            high = middle
    return ModelEta(high, ceil(high * SESSIONS_A_YEAR))
