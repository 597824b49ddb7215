"""Cboe's files to quotes and bars, with the fields that roll after the close read for what they then mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

from rallytui.model import BadPayload, Bars, Quote
from rallytui.providers.decode import (
    checked,
    csv_of,
    day,
    in_time,
    json_as,
    number,
    optional,
    price,
    said,
    same,
    session_of,
)
from rallytui.providers.frames import Column, Wanted
from rallytui.providers.frames import bars as framed
from rallytui.sessions import NEW_YORK, Calendar, nyse

NAME = "cboe"
DIGITS = 4
DELAY = timedelta(minutes=15)
TALLEST = 1000.0
"""What is above this is no volatility or skew index: the tables do not say whose they are."""
LOWEST, HIGHEST = 0.7, 1.8
"""A low below 0.7 times, or a high above 1.8 times the nearer of open and close is a bad tick in the index tables.

Of the VIX since 1990 that takes 2008-10-10 (low 28.13, open 65.85) and the like, and keeps the real 65.73 of
2024-08-05 (close 38.57).
"""


class _Data(Struct):
    symbol: str
    current_price: float
    last_trade_time: str
    close: float
    prev_day_close: float
    price_change: float | None = None
    price_change_percent: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None


class _Quote(Struct):
    timestamp: str
    symbol: str
    data: _Data


class _Row(Struct):
    date: date
    close: float | str | None
    open: float | str | None = None
    high: float | str | None = None
    low: float | str | None = None
    volume: float | str | None = None


class _History(Struct):
    symbol: str
    data: list[_Row]


def quote(body: bytes, symbol: str, code: str, now: datetime) -> Quote:
    """A `quotes/{code}.json` file as the quote of `symbol`; raises BadPayload.

    During the session `current_price` is the price. Once the session is over it may be an after-hours print, which
    becomes `extended`, and the price is `close`; before the next opening it is `prev_day_close`, which has rolled.
    """
    answer = json_as(NAME, body, _Quote)
    data = answer.data
    same(NAME, "$.symbol", answer.symbol, code)
    same(NAME, "$.data.symbol", data.symbol, code.replace("_", "^"))
    stamp = _moment("$.data.last_trade_time", data.last_trade_time, NEW_YORK)
    traded = in_time(NAME, "$.data.last_trade_time", stamp, now)
    calendar = nyse()
    session = session_of(NAME, "$.data.last_trade_time", traded, calendar)
    if calendar.is_session(session) and traded < calendar.open_at(session):
        return checked(_before_the_open(data, symbol, calendar, session, traded, now), "$.data")
    written = in_time(NAME, "$.timestamp", _moment("$.timestamp", answer.timestamp, UTC), now)
    over = traded >= calendar.close_at(session) or written >= calendar.close_at(session) + DELAY
    latest = price(NAME, "$.data.current_price", data.current_price)
    level = price(NAME, "$.data.close", data.close) if over else latest
    result = Quote(
        symbol=symbol,
        price=level,
        at=min(traded, calendar.close_at(session)) if over else traded,
        known_at=now,
        source=NAME,
        session_date=session,
        delay_s=int(DELAY.total_seconds()),
        state=calendar.state_at(traded),
        prev_close=previous_close(data, level, over),
        open=optional(data.open),
        high=_reached(symbol, data.high, level),
        low=_reached(symbol, data.low, level),
        volume=optional(data.volume),
        extended=latest if over and latest != level else None,
    )
    return checked(result, "$.data")


def _reached(symbol: str, extreme: float | None, level: float) -> float | None:
    """The day's high or low, unless it is one of the bad ticks that index files carry."""
    value = optional(extreme)
    bad = value is not None and symbol.startswith("^") and not LOWEST * level <= value <= HIGHEST * level
    return None if bad else value


def _before_the_open(
    data: _Data, symbol: str, calendar: Calendar, day_: date, traded: datetime, now: datetime
) -> Quote:
    """Early prints: the price is yesterday's close, and the day's range may be anybody's, so it is left out."""
    session = calendar.after(day_, -1)
    level = price(NAME, "$.data.prev_day_close", data.prev_day_close)
    latest = price(NAME, "$.data.current_price", data.current_price)
    return Quote(
        symbol=symbol,
        price=level,
        at=calendar.close_at(session),
        known_at=now,
        source=NAME,
        session_date=session,
        delay_s=int(DELAY.total_seconds()),
        state=calendar.state_at(traded),
        extended=latest if latest != level else None,
    )


def previous_close(data: _Data, level: float, over: bool) -> float | None:
    """The close before `level`'s session, or None when the fields contradict each other.

    Before the fields roll it is `prev_day_close`. After that `prev_day_close` equals today's close while
    `price_change` still is today's change, so it is the close less the change; `price_change_percent`, which then is
    divided by the rolled close, has to agree.
    """
    change, percent, slack = data.price_change, data.price_change_percent, max(0.005, 1e-6 * level)
    if change is None:
        return None
    if over and abs(data.prev_day_close - data.close) <= slack:
        before = data.close - change
        shown = [100 * change / base for base in (data.close, before) if base > 0]
        agrees = percent is not None and any(abs(percent - one) <= 0.01 for one in shown)
        return optional(round(before, DIGITS)) if agrees else None
    return optional(data.prev_day_close) if abs(level - change - data.prev_day_close) <= slack else None


def history(body: bytes, wanted: Wanted, code: str) -> Bars:
    """A `charts/historical/{code}.json` file: strings and no volume (0) for indices, order not promised."""
    answer = json_as(NAME, body, _History)
    same(NAME, "$.symbol", answer.symbol, code)
    keys = ("open", "high", "low", "close") if code.startswith("_") else ("open", "high", "low", "close", "volume")
    columns: dict[str, Column] = {
        key: [_cell(f"$.data[{index}].{key}", getattr(row, key)) for index, row in enumerate(answer.data)]
        for key in keys
    }
    return framed(wanted, _weekdays([row.date for row in answer.data]), columns)


def table(body: bytes, wanted: Wanted) -> Bars:
    """A `{NAME}_History.csv` table: DATE with OPEN,HIGH,LOW,CLOSE, or with the index's name as the only column."""
    header, rows = csv_of(NAME, body, ("DATE",))
    names = [name.lower() for name in header]
    if len(names) == 2:
        names[1] = "close"
    if "close" not in names:
        raise BadPayload(NAME, "line 1", "there is no CLOSE column")
    dates = [day(NAME, f"line {line}", row[0]) for line, row in enumerate(rows, 2)]
    columns: dict[str, Column] = {
        name: [_cell(f"line {line}", row[at].strip()) for line, row in enumerate(rows, 2)]
        for at, name in enumerate(names)
        if name in ("open", "high", "low", "close")
    }
    if any(close is not None and close > TALLEST for close in columns["close"]):
        raise BadPayload(NAME, "$", "this cannot be the table of a volatility index")
    return _without_bad_ticks(framed(wanted, _weekdays(dates), columns))


def _weekdays(dates: list[date]) -> list[date]:
    """The dates, if none is on a weekend: that is how a table looks whose dates have slipped by a day."""
    for when in dates:
        if when.weekday() > 4:
            raise BadPayload(NAME, "$", f"a bar is dated {when}, which is on a weekend")
    return dates


def _without_bad_ticks(bars: Bars) -> Bars:
    frame = bars.frame
    near_low = frame[["open", "close"]].min(axis=1)
    near_high = frame[["open", "close"]].max(axis=1)
    frame.loc[frame["low"] < LOWEST * near_low, "low"] = float("nan")
    frame.loc[frame["high"] > HIGHEST * near_high, "high"] = float("nan")
    return bars


def _cell(path: str, value: float | str | None) -> float | None:
    return None if value is None or value == "" else round(number(NAME, path, value), DIGITS)


def _moment(path: str, text: str, zone: tzinfo) -> datetime:
    """A time written in the hours of `zone` without saying so."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPayload(NAME, path, f"{said(text, 30)!r} is not a time") from None
