"""When a level was touched: first closing and intraday touch, sessions past it, crossings (METHODOLOGY A.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rallytui.indicators.arrays import DayArray, FloatArray, arrange, known, prices, to_date

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Touches:
    """The history of one level since the baseline. "At or above" means at or below for a level under the baseline.

    `touched_before_baseline` is the last earlier session that traded there, a footnote that never counts.
    `share` is a fraction of `sessions`; None when there was none.
    """

    first_touch_close: date | None
    first_touch_intraday: date | None
    touched_before_baseline: date | None
    sessions: int
    days_at_or_above: int
    share: float | None
    streak: int
    crossings_up: int


def past(values: FloatArray, level: float, up: bool) -> BoolArray:
    """Where `values` stand at or past `level`, rounded to cents from 1.00 up; a missing value does not."""
    shown = np.round(values, 2) if level >= 1 else values
    return shown >= level if up else shown <= level


def touches(
    days: DayArray,
    highs: ArrayLike,
    lows: ArrayLike,
    closes: ArrayLike,
    *,
    base: float,
    level: float,
    start: date,
    end: date,
) -> Touches:
    """What happened to `level` over the finished sessions s with start < s <= end (METHODOLOGY A.6).

    The closing touch is the one that counts. Sessions without a close are skipped; a missing high or low cannot touch.
    The close of the baseline's session is only used to see a crossing on the first session after it.
    """
    days, columns = arrange(days, highs, lows, closes)
    high, low, close = (prices(column) for column in columns)
    up = level >= base
    first = int(np.searchsorted(days, np.datetime64(start, "D"), side="right"))
    last = int(np.searchsorted(days, np.datetime64(end, "D"), side="right"))
    reach = past(high if up else low, level, up)
    seen = ~np.isnan(close[first:last])
    before = known(close[:first])[-1:]
    marks = past(np.append(before, close[first:last][seen]), level, up)
    closed = marks[len(before) :]
    window = days[first:last]
    count = int(closed.sum())
    return Touches(
        first_touch_close=_day_of(window[seen], closed),
        first_touch_intraday=_day_of(window, reach[first:last]),
        touched_before_baseline=_day_of(days[:first][::-1], reach[:first][::-1]),
        sessions=len(closed),
        days_at_or_above=count,
        share=count / len(closed) if len(closed) else None,
        streak=_streak(closed),
        crossings_up=int(np.sum(marks[1:] & ~marks[:-1])),
    )


def _day_of(days: DayArray, hits: BoolArray) -> date | None:
    return to_date(days[int(np.argmax(hits))]) if bool(hits.any()) else None


def lost_since(days: DayArray, closes: ArrayLike, *, base: float, level: float, touched: date) -> date | None:
    """The first of the closes up to the newest that lie back on the near side of a level closed past on `touched`.

    None while the newest close holds the level (METHODOLOGY G.8). A loss after the target's last day counts too.
    """
    days, (column,) = arrange(days, closes)
    close = prices(column)
    since = ~np.isnan(close) & (days >= np.datetime64(touched, "D"))
    holds = np.flatnonzero(past(close[since], level, up=level >= base))
    run = int(since.sum()) - 1 - int(holds[-1]) if len(holds) else 0
    return to_date(days[since][-run]) if run else None


def _streak(closed: BoolArray) -> int:
    misses = np.flatnonzero(~closed)
    return len(closed) - 1 - int(misses[-1]) if len(misses) else len(closed)
