"""Yahoo's five-minute chart to the finished candles of the last sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rallytui.exchanges import calendar_of
from rallytui.model import BadPayload, Intraday, UnknownSymbol
from rallytui.providers.decode import in_time, moment, said
from rallytui.providers.frames import plausible
from rallytui.providers.yahoo_decode import RESULT, STEP_S, column, result_of
from rallytui.providers.yahoo_wire import NAME
from rallytui.sessions import Calendar

if TYPE_CHECKING:
    import pandas as pd

PARAMS = {"range": "5d", "interval": "5m", "includePrePost": "false"}
COLUMNS = ("open", "high", "low", "close", "volume")
STEP = timedelta(seconds=STEP_S)


def candles(body: bytes, symbol: str, now: datetime) -> Intraday:
    """A chart of `range=5d&interval=5m`, as `model.Intraday` promises it: only candles that are over by `now`.

    Left out are rows without a close, the row of the latest trade, which Yahoo stamps with the trade's own time (in
    Tokyo the closing print at 15:30 sharp), and what is stamped at or after the close. Raises BadPayload for a time
    ahead of the clock, another step than five minutes, columns of different lengths, or closes of which none is above
    0; UnknownSymbol if there is no candle.
    """
    found = result_of(body, symbol)
    step = found.meta.dataGranularity
    if found.timestamp and step != "5m":
        raise BadPayload(NAME, f"{RESULT}.meta.dataGranularity", f"{said(step, 20) or 'nothing'} instead of 5m")
    begins = [_begin(epoch, now) for epoch in found.timestamp]
    quoted = found.indicators.quote[0]
    columns = {
        key: column(f"{RESULT}.indicators.{key}", values, len(begins))
        for key in COLUMNS
        if (values := getattr(quoted, key)) or key == "close"
    }
    frame = plausible(NAME, _index(begins), {key: columns.get(key, ()) for key in COLUMNS})
    calendar = calendar_of(symbol)
    latest = found.meta.regularMarketTime
    kept = [
        is_candle(stamp.to_pydatetime(), now, calendar) and (latest is None or stamp.timestamp() < latest)
        for stamp in frame.index
    ]
    if not any(kept):
        raise UnknownSymbol(NAME, symbol, f"Yahoo has no five-minute candles of {said(symbol, 30)}")
    return Intraday(symbol, frame[kept], NAME, now)


def is_candle(begin: datetime, now: datetime, calendar: Calendar | None) -> bool:
    """Whether a row is a whole five minutes that is over; with a calendar, of the regular session."""
    whole = int(begin.timestamp()) % STEP_S == 0 and begin + STEP <= now
    return whole and (calendar is None or calendar.state_at(begin) == "regular")


def _begin(epoch: int, now: datetime) -> datetime:
    path = f"{RESULT}.timestamp"
    return in_time(NAME, path, moment(NAME, path, epoch), now)


def _index(begins: list[datetime]) -> pd.DatetimeIndex:
    import pandas as pd

    return pd.DatetimeIndex(begins, tz=UTC, name="begin").as_unit("s")
