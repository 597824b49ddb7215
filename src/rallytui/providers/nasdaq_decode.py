"""Nasdaq's quote JSON, in which every number is a formatted text and a failure has status 200."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct, field

from rallytui.model import BadPayload, Quote, SourceError, Unavailable, UnknownSymbol
from rallytui.providers.decode import checked, in_time, json_as, number, optional, price, said, same, session_of
from rallytui.sessions import NEW_YORK, new_york_date, nyse

NAME = "nasdaq"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""By hand, because the month names of `strptime` follow the locale."""
STAMP = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4})(?: (\d{1,2}):(\d{2})(?::\d{2})? ([AP])M)?")
NO_SYMBOL = 1001
LATE_S = 900
"""How long after the bell the closing print may be stamped, seconds, and the delay of what is not real time."""


class _Print(Struct):
    lastSalePrice: str | None
    lastTradeTimestamp: str | None
    netChange: str | None = None
    percentageChange: str | None = None
    volume: str | None = None
    isRealTime: bool = True
    currency: str | None = None


class _Data(Struct):
    symbol: str
    primaryData: _Print
    secondaryData: _Print | None = None


class _Message(Struct):
    code: int | None = None
    errorMessage: str = ""


class _Status(Struct):
    rCode: int | None = None
    bCodeMessage: list[_Message] | None = None


class _Answer(Struct):
    data: _Data | None
    status: _Status = field(default_factory=_Status)


def quote(body: bytes, symbol: str, now: datetime) -> Quote:
    """`/api/quote/{symbol}/info` as a quote; outside the session the regular values are in `secondaryData`.

    Raises UnknownSymbol or Unavailable for `data: null`, BadPayload when no regular-session price is there.
    """
    answer = json_as(NAME, body, _Answer)
    if answer.data is None:
        raise _failure(answer.status, symbol)
    data = answer.data
    same(NAME, "$.data.symbol", re.sub(r"[./^]", "-", data.symbol), symbol)
    regular, path = data.primaryData, "$.data.primaryData"
    if data.secondaryData:
        regular, path = data.secondaryData, "$.data.secondaryData"
    if regular.currency not in (None, "", "USD"):
        raise BadPayload(NAME, f"{path}.currency", f"a US share is priced in {said(regular.currency, 10)}")
    level = price(NAME, f"{path}.lastSalePrice", figure(f"{path}.lastSalePrice", regular.lastSalePrice))
    at = in_time(NAME, f"{path}.lastTradeTimestamp", _time(f"{path}.lastTradeTimestamp", regular), now)
    calendar = nyse()
    session = session_of(NAME, path, at, calendar)
    if at < calendar.open_at(session) or (at - calendar.close_at(session)).total_seconds() > LATE_S:
        raise BadPayload(NAME, path, "there is no price of the regular session")
    result = Quote(
        symbol=symbol,
        price=level,
        at=at,
        known_at=now,
        source=NAME,
        session_date=session,
        delay_s=0 if regular.isRealTime else LATE_S,
        state=calendar.state_at(at),
        prev_close=_previous(level, regular, path),
        volume=optional(figure(f"{path}.volume", regular.volume)),
        extended=_extended(data),
    )
    return checked(result, path)


def _failure(status: _Status, symbol: str) -> SourceError:
    messages = status.bCodeMessage or []
    if any(message.code == NO_SYMBOL for message in messages):
        return UnknownSymbol(NAME, symbol)
    words = said(messages[0].errorMessage, 80) if messages else "no data and no reason"
    return Unavailable(NAME, f"Nasdaq has no answer for {symbol}: {words}")


def figure(path: str, text: str | None) -> float | None:
    """A number out of `$1,270.50`, `+10.31`, `-0.29%`, `($0.31)` or `8,791,790`; None for `N/A`, nothing or a dash."""
    bare = re.sub(r"[$,%+\s]", "", text or "")
    if bare in ("", "N/A", "NA", "--", "UNCH", "unch"):
        return 0.0 if bare.lower() == "unch" else None
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    return number(NAME, path, bare)


def _previous(level: float, regular: _Print, path: str) -> float | None:
    """Price less change, if the percentage says the same."""
    change = figure(f"{path}.netChange", regular.netChange)
    percent = figure(f"{path}.percentageChange", regular.percentageChange)
    if change is None or percent is None or level - change <= 0:
        return None
    before = round(level - change, 4)
    # Both are rounded to cents: of a price of a dollar a cent is a whole percent.
    return before if abs(100 * change / before - percent) <= 0.02 + 1.0 / before else None


def _extended(data: _Data) -> float | None:
    if data.secondaryData is None:
        return None
    return optional(figure("$.data.primaryData.lastSalePrice", data.primaryData.lastSalePrice))


def _time(path: str, part: _Print) -> datetime:
    """`Jul 27, 2026 12:51 PM ET`, or `DATA AS OF Jul 28, 2020`, which is that day's close; aware UTC."""
    text = part.lastTradeTimestamp or ""
    found = STAMP.search(text)
    try:
        if not found:
            raise ValueError
        month, day, year = MONTHS.index(found[1]) + 1, int(found[2]), int(found[3])
        if found[4] is None:
            noon = datetime(year, month, day, 12, tzinfo=NEW_YORK)
            return nyse().close_at(new_york_date(noon))
        hour = int(found[4]) % 12 + (12 if found[6] == "P" else 0)
        return datetime(year, month, day, hour, int(found[5]), tzinfo=NEW_YORK).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPayload(NAME, path, f"{said(text, 40)!r} is not a time") from None
