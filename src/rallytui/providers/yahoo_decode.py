"""Yahoo's chart, spark and search answers to bars, quotes and matches."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from rallytui.exchanges import ExchangeCalendar, calendar_of
from rallytui.model import BadPayload, Bars, Match, Quote, SourceError, Unavailable, UnknownSymbol
from rallytui.providers.batch import LISTED, Outcome
from rallytui.providers.decode import (
    SMALLEST,
    checked,
    clean,
    in_time,
    json_as,
    moment,
    optional,
    price,
    said,
    same,
    session_of,
)
from rallytui.providers.frames import Wanted
from rallytui.providers.frames import bars as framed
from rallytui.providers.yahoo_wire import (
    NAME,
    ChartAnswer,
    Column,
    Found,
    Result,
    Search,
    Spark,
    Split,
    problem_of,
    typed,
)
from rallytui.sessions import NEW_YORK, Calendar

STEP_S = 300
"""The step of the spark points that are asked for, seconds."""
PART_BYTES = 16 * 2**10
"""How much of one symbol's refused part of a batch is kept with its error."""
DIGITS = 4
"""Yahoo's prices are single-precision floats printed in full, as in 6812.60986328125; four decimals are real."""
LEAST_FACTOR = math.log(1.1)
"""A split by less cannot be told from a usual day, and is taken as adjusted for."""
RESULT = "$.chart.result[0]"
NEW_YORK_ZONES = ("", "America/New_York")
"""How a chart of an exchange of New York names its time zone."""
Points = list[tuple[int, float]]
"""(epoch, price) of each point that has a price."""
SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9^=.\-]{0,19}")


def spark(body: bytes, symbols: Sequence[str], now: datetime) -> dict[str, Outcome]:
    """A v8 spark answer of `range=1d&interval=5m`: for each symbol its quote or what is wrong with it."""
    parts = json_as(NAME, body, dict[str, msgspec.Raw])
    if "finance" in parts or "spark" in parts:
        raise problem_of(body, "") or BadPayload(NAME, "$.spark", "this is not the flat shape of version 8")
    outcomes: dict[str, Outcome] = {}
    for symbol in symbols:
        try:
            outcomes[symbol] = _of_spark(parts, symbol, now)
        except SourceError as error:
            if isinstance(error, BadPayload):
                error.payload = bytes(parts.get(symbol, b""))[:PART_BYTES]
            outcomes[symbol] = error
    return outcomes


def _of_spark(parts: dict[str, msgspec.Raw], symbol: str, now: datetime) -> Quote:
    if symbol not in parts:
        raise UnknownSymbol(NAME, symbol)
    path = f"$.{symbol}"
    part = json_as(NAME, bytes(parts[symbol]), Spark, path)
    same(NAME, f"{path}.symbol", part.symbol, symbol)
    calendar = calendar_of(symbol)
    closes = _points(f"{path}.close", part.timestamp, part.close)
    early, regular = by_opening(closes, calendar)
    if not regular:
        before = optional(part.previousClose or part.chartPreviousClose)
        if not early or before is None:
            raise Unavailable(NAME, f"Yahoo has no trade of {symbol} in this session yet")
        return before_the_open(symbol, path, before, early[-1], now, calendar)
    epoch, latest = regular[-1]
    at = in_time(NAME, f"{path}.timestamp", moment(NAME, f"{path}.timestamp", epoch), now)
    level = price(NAME, f"{path}.close", latest)
    result = Quote(
        symbol=symbol,
        price=round(level, DIGITS),
        at=_traded_by(at, now, calendar),
        known_at=now,
        source=NAME,
        session_date=session_of(NAME, f"{path}.timestamp", at, calendar),
        state=calendar.state_at(at),
        prev_close=_rounded(part.previousClose or part.chartPreviousClose),
        day=_path(regular),
    )
    return checked(result, path)


def by_opening(points: Points, calendar: Calendar) -> tuple[Points, Points]:
    """The points before the opening of their session, and the others: ^VIX prints from 03:15 New York on."""
    if not points or isinstance(calendar, ExchangeCalendar):
        return [], points
    day_ = moment(NAME, f"{RESULT}.timestamp", points[-1][0]).astimezone(NEW_YORK).date()
    opens = calendar.open_at(day_).timestamp() if calendar.is_session(day_) else -math.inf
    return [one for one in points if one[0] < opens], [one for one in points if one[0] >= opens]


def before_the_open(
    symbol: str, path: str, before: float, early: tuple[int, float], now: datetime, calendar: Calendar
) -> Quote:
    """Early prints only: the price is the close before, what was traded since is extended-hours (METHODOLOGY G.6)."""
    at = in_time(NAME, f"{path}.timestamp", moment(NAME, f"{path}.timestamp", early[0]), now)
    session = calendar.after(at.astimezone(NEW_YORK).date(), -1)
    result = Quote(
        symbol=symbol,
        price=round(price(NAME, f"{path}.previousClose", before), DIGITS),
        at=calendar.close_at(session),
        known_at=now,
        source=NAME,
        session_date=session,
        state=calendar.state_at(at),
        extended=_rounded(early[1]),
    )
    return checked(result, path)


def _traded_by(stamp: datetime, now: datetime, calendar: Calendar) -> datetime:
    """When a point's trade had happened: full steps are labelled by their start, the last may carry its own time.

    The last step of the session ends before the close: the closing auction is a point of its own, and Yahoo leaves it
    empty more often than not, so what is known of five to four is no final price.
    """
    if int(stamp.timestamp()) % STEP_S or calendar.state_at(stamp) != "regular":
        return stamp
    close = calendar.close_at(calendar.session_at(stamp))
    return min(stamp + timedelta(seconds=STEP_S), close - timedelta(seconds=1), max(now, stamp))


def quote(body: bytes, symbol: str, now: datetime) -> Quote:
    """A chart of `range=1d&interval=5m`: the regular session's price, range and volume stand in its meta."""
    found = result_of(body, symbol)
    meta, columns = found.meta, found.indicators.quote[0]
    level = price(NAME, f"{RESULT}.meta.regularMarketPrice", meta.regularMarketPrice)
    if meta.regularMarketTime is None:
        raise BadPayload(NAME, f"{RESULT}.meta.regularMarketTime", "the time is missing")
    path = f"{RESULT}.meta.regularMarketTime"
    at = in_time(NAME, path, moment(NAME, path, meta.regularMarketTime), now)
    calendar = calendar_of(symbol)
    before = optional(meta.previousClose or meta.chartPreviousClose)
    epoch = int(at.timestamp())
    if before is not None and by_opening([(epoch, level)], calendar)[0]:
        return before_the_open(symbol, RESULT, before, (epoch, level), now, calendar)
    opens = [value for _, value in _points("open", found.timestamp, columns.open) if value >= SMALLEST]
    closes = _points("close", found.timestamp, columns.close)
    result = Quote(
        symbol=symbol,
        price=round(level, DIGITS),
        at=at,
        known_at=now,
        source=NAME,
        session_date=session_of(NAME, path, at, calendar),
        state=calendar.state_at(at),
        # With range=1d, and only then, chartPreviousClose is yesterday's close.
        prev_close=_rounded(meta.previousClose or meta.chartPreviousClose),
        open=_rounded(opens[0]) if opens else None,
        high=_rounded(meta.regularMarketDayHigh),
        low=_rounded(meta.regularMarketDayLow),
        volume=optional(meta.regularMarketVolume),
        day=_path(closes),
    )
    return checked(result, RESULT)


def bars(body: bytes, wanted: Wanted) -> Bars:
    """A daily chart as finished bars; the live bar that Yahoo appends is split off."""
    found = result_of(body, wanted.symbol)
    meta, columns, stamps = found.meta, found.indicators.quote[0], found.timestamp
    if stamps and meta.dataGranularity not in ("", "1d"):
        raise BadPayload(NAME, f"{RESULT}.meta.dataGranularity", f"{said(meta.dataGranularity, 20)} instead of days")
    zone = _zone(meta.exchangeTimezoneName)
    dates = [_date(epoch, zone) for epoch in stamps]
    adjusted = found.indicators.adjclose[0].adjclose if found.indicators.adjclose else []
    series = {key: getattr(columns, key) for key in ("open", "high", "low", "close", "volume")}
    series["adj_close"] = adjusted
    rounded = {
        key: column(f"{RESULT}.indicators.{key}", values, len(stamps))
        for key, values in series.items()
        if values or key == "close"
    }
    today = wanted.now.astimezone(zone).date()
    for split in found.events.splits.values():
        adjust(split, stamps, rounded)
    made = framed(replace(wanted, today=today), dates, rounded, meta.longName or meta.shortName or "")
    return replace(made, currency=clean(meta.currency or "", 8))


def adjust(split: Split, stamps: list[int], columns: dict[str, Column]) -> None:
    """Put the rows before a split on its new basis, in place, where Yahoo has left them on the old one (G.4)."""
    at = bisect_left(stamps, split.date)
    if not (split.numerator > 0 and split.denominator > 0):
        return
    factor = split.denominator / split.numerator
    if not left_unadjusted(columns["close"], at, factor):
        return
    for name, values in columns.items():
        if name == "volume" or (name == "adj_close" and not left_unadjusted(values, at, factor)):
            continue
        values[:at] = [None if value is None else round(value * factor, DIGITS) for value in values[:at]]
    volumes = columns.get("volume", [])
    volumes[:at] = [None if value is None else value / factor for value in volumes[:at]]


def left_unadjusted(values: Column, at: int, factor: float) -> bool:
    """Whether the price before row `at` is to the one on it as before and after a split, and not as on a usual day."""
    before = next((value for value in reversed(values[:at]) if value), None)
    after = next((value for value in values[at:] if value), None)
    if before is None or after is None or before <= 0 or after <= 0 or abs(math.log(factor)) < LEAST_FACTOR:
        return False
    return abs(math.log(after / before / factor)) < abs(math.log(after / before))


def matches(body: bytes) -> list[Match]:
    """A search answer; entries without a symbol (private companies) and options are left out."""
    found = json_as(NAME, body, Search).quotes
    return [_match(item) for item in found if SYMBOL.fullmatch(item.symbol) and item.quoteType != "OPTION"]


def _match(item: Found) -> Match:
    name, exchange = item.longname or item.shortname or "", item.exchDisp or item.exchange or ""
    return Match(item.symbol, clean(name, 80), clean(item.quoteType or "", 20), clean(exchange, 40))


def result_of(body: bytes, symbol: str) -> Result:
    """The chart of `symbol`. Raises what Yahoo's error object means, UnknownSymbol when there is no result."""
    chart = json_as(NAME, body, ChartAnswer).chart
    if chart.error:
        raise typed(chart.error, symbol)
    if not chart.result:
        raise UnknownSymbol(NAME, symbol)
    found = chart.result[0]
    same(NAME, f"{RESULT}.meta.symbol", found.meta.symbol, symbol)
    if LISTED.fullmatch(symbol) and found.meta.currency not in (None, "USD"):
        text = f"a US share is priced in {said(found.meta.currency, 10)}"
        raise BadPayload(NAME, f"{RESULT}.meta.currency", text)
    if not found.indicators.quote:
        raise BadPayload(NAME, f"{RESULT}.indicators.quote", "the columns are missing")
    return found


def _points(path: str, stamps: list[int], values: Column) -> Points:
    """(epoch, value) where there is a value."""
    return [(epoch, value) for epoch, value in zip(stamps, _long(path, values, len(stamps)), strict=True) if value]


def _long(path: str, values: Column, length: int) -> Column:
    if len(values) != length:
        raise BadPayload(NAME, path, f"{len(values)} values for {length} times")
    return values


def column(path: str, values: Column, length: int) -> Column:
    return [None if value is None else round(value, DIGITS) for value in _long(path, values, length)]


def _rounded(value: float | None) -> float | None:
    good = optional(value)
    return None if good is None else round(good, DIGITS)


def _path(closes: Points) -> tuple[float, ...]:
    return tuple(round(value, DIGITS) for _, value in closes if value >= SMALLEST)


def _zone(name: str) -> ZoneInfo:
    """The exchange's time zone: a bar's date is the date there. `gmtoffset` would be wrong half of the year."""
    try:
        return ZoneInfo(name) if name else NEW_YORK
    except (ValueError, OSError, KeyError):
        return NEW_YORK


def _date(epoch: int, zone: ZoneInfo) -> date:
    return moment(NAME, f"{RESULT}.timestamp", epoch).astimezone(zone).date()
