"""Finished daily bars: rows of a source become the one clean frame that `model.Bars` promises."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rallytui.exchanges import calendar_of
from rallytui.model import BadPayload, Bars
from rallytui.providers.decode import clean
from rallytui.sessions import new_york_date

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

RANGE_SLACK = 1.005
"""By how much a close may lie outside of its bar's range: roundings, and auctions that the range leaves out."""
RECENT = timedelta(days=90)
"""The newest dates show whether a history has moved."""
COLUMNS = ("open", "high", "low", "close", "adj_close", "volume")
Column = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: sessions in [start, end] of `symbol`, as `source` knows them at `now`.

    `today` is the date at the exchange, where it is not New York's.
    """

    source: str
    symbol: str
    start: date
    end: date
    now: datetime
    today: date | None = None


def bars(wanted: Wanted, dates: Sequence[date], columns: Mapping[str, Column], name: str = "") -> Bars:
    """The rows as Bars. Raises BadPayload if one is dated after today, or if there are closes but none above 0.

    Rows without a close above 0 are left out, the last row of a date wins, other prices that are not above 0 become
    NaN, and so do prices that contradict the close or each other. Only sessions of the calendar stay (the VIX also has
    rows on days when the exchange is shut), and only bars that are known: from 18:00 New York on their date.
    """
    import pandas as pd

    closed = [when for when, close in zip(dates, columns.get("close", ()), strict=False) if close is not None]
    if closed and max(closed) > (wanted.today or new_york_date(wanted.now)):
        raise BadPayload(wanted.source, "$", f"a bar is dated {max(closed)}, which is in the future")
    if shifted(closed):
        raise BadPayload(
            wanted.source, "$", "bars are dated on one day of the weekend only: the dates are off by a day"
        )
    index = pd.DatetimeIndex(list(dates), name="date").as_unit("s")
    frame = plausible(wanted.source, index, {key: columns.get(key, ()) for key in COLUMNS})
    frame = frame[_kept(frame.index, wanted)]
    return Bars(wanted.symbol, frame, wanted.source, clean(name, 80))


def plausible(source: str, index: pd.DatetimeIndex, columns: Mapping[str, Column]) -> pd.DataFrame:
    """The columns as a frame, ascending, each time once: the last of its rows that have a close above 0.

    A column is as long as `index` or empty. Other prices that are not above 0 become NaN, and so do a volume below 0
    and prices that contradict the close or each other. Raises BadPayload if there are closes but none above 0.
    """
    import numpy as np
    import pandas as pd

    blank = [np.nan] * len(index)
    # msgspec turns a null into None, which float64 reads as NaN.
    frame = pd.DataFrame({key: np.asarray(held or blank, dtype=float) for key, held in columns.items()}, index=index)
    prices = [key for key in frame.columns if key != "volume"]
    frame[prices] = frame[prices].where((frame[prices] > 0) & np.isfinite(frame[prices]))
    if frame["close"].isna().all() and any(close is not None for close in columns["close"]):
        raise BadPayload(source, "$", "there is no close above 0")
    frame["volume"] = frame["volume"].where((frame["volume"] >= 0) & np.isfinite(frame["volume"]))
    _consistent(frame)
    frame = frame[frame["close"].notna()].sort_index(kind="stable")
    return frame[~frame.index.duplicated(keep="last")]


def _consistent(frame: pd.DataFrame) -> None:
    """Take out, in place, the prices of a bar that contradict its close or each other; the close is the anchor.

    A range that misses the close by a rounding is stretched to it, as the sources round each price by itself.
    """
    close = frame["close"]
    frame.loc[frame["high"] < frame["low"], ["high", "low"]] = math.nan
    frame.loc[close > frame["high"] * RANGE_SLACK, "high"] = math.nan
    frame.loc[close * RANGE_SLACK < frame["low"], "low"] = math.nan
    frame["high"] = frame["high"].where(~(close > frame["high"]), close)
    frame["low"] = frame["low"].where(~(close < frame["low"]), close)
    opened = frame["open"]
    frame.loc[(opened > frame["high"] * RANGE_SLACK) | (opened * RANGE_SLACK < frame["low"]), "open"] = math.nan


def shifted(dates: Sequence[date]) -> bool:
    """Whether the newest dates lie on Saturdays or on Sundays but not on both, as a week moved by a day does.

    What trades all week has bars on both; a stray row on one weekend day proves nothing.
    """
    since = max(dates, default=date.max) - RECENT
    days = [day.weekday() for day in dates if day > since]
    saturdays, sundays = days.count(5), days.count(6)
    return (not saturdays or not sundays) and saturdays + sundays > 1


def _kept(index: pd.Index, wanted: Wanted) -> np.ndarray:
    """Which dates are asked for, finished, and sessions. Before the calendar begins every date counts as one."""
    import pandas as pd

    calendar = calendar_of(wanted.symbol)
    last = min(wanted.end, calendar.last_final(wanted.now))
    sessions = index.isin(pd.DatetimeIndex(calendar.days)) | (index < pd.Timestamp(calendar.days[0]))
    kept: np.ndarray = sessions & (index >= pd.Timestamp(wanted.start)) & (index <= pd.Timestamp(last))
    return kept
