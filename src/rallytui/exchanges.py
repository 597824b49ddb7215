"""Whose clock judges a symbol: its own exchange's calendar (METHODOLOGY G.6)."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from rallytui.model import Quote, SessionState
from rallytui.sessions import Calendar, known_by, nyse

log = logging.getLogger(__name__)
NEW_YORK_CODE, ROUND_THE_CLOCK, WEEKDAYS, FUTURES = "XNYS", "24/7", "24/5", "CMES"
BY_SUFFIX = {
    "L": "XLON", "IL": "XLON", "T": "XTKS", "DE": "XETR", "F": "XFRA", "PA": "XPAR", "AS": "XAMS", "BR": "XBRU",
    "LS": "XLIS", "MI": "XMIL", "MC": "XMAD", "SW": "XSWX", "ST": "XSTO", "CO": "XCSE", "HE": "XHEL", "OL": "XOSL",
    "VI": "XWBO", "IR": "XDUB", "TO": "XTSE", "V": "XTSE", "NE": "XTSE", "AX": "XASX", "NZ": "XNZE", "HK": "XHKG",
    "SS": "XSHG", "SZ": "XSHG", "KS": "XKRX", "KQ": "XKRX", "TW": "XTAI", "TWO": "XTAI", "SI": "XSES", "BO": "XBOM",
    "NS": "XBOM", "SA": "BVMF", "MX": "XMEX", "JO": "XJSE", "TA": "XTAE", "SR": "XSAU", "JK": "XIDX", "KL": "XKLS",
    "BK": "XBKK", "IS": "XIST", "WA": "XWAR", "PR": "XPRA", "BD": "XBUD", "AT": "ASEX", "NYB": NEW_YORK_CODE,
}  # fmt: skip
"""Yahoo's suffix of a symbol to the exchange's code (ISO 10383)."""
BY_INDEX = {
    "^N225": "XTKS", "^FTSE": "XLON", "^FTMC": "XLON", "^GDAXI": "XETR", "^MDAXI": "XETR", "^FCHI": "XPAR",
    "^STOXX50E": "XETR", "^STOXX": "XETR", "^AEX": "XAMS", "^BFX": "XBRU", "^SSMI": "XSWX", "^IBEX": "XMAD",
    "^OMX": "XSTO", "^ATX": "XWBO", "^HSI": "XHKG", "^HSCE": "XHKG", "^AXJO": "XASX", "^AORD": "XASX", "^NZ50": "XNZE",
    "^KS11": "XKRX", "^TWII": "XTAI", "^STI": "XSES", "^BSESN": "XBOM", "^NSEI": "XBOM", "^GSPTSE": "XTSE",
    "^BVSP": "BVMF", "^MXX": "XMEX", "^JKSE": "XIDX", "^KLSE": "XKLS",
}  # fmt: skip
CRYPTO = re.compile(r"[A-Z0-9]{2,12}-(USD|EUR|GBP|JPY|CAD|AUD|CHF|KRW|BTC|ETH|USDT|USDC)")
BUILDING = threading.Lock()
"""The library keeps what it has built in dictionaries that are not made for threads."""
FIRST_DAY, FIRST_DAY_OF = "2005-01-03", {"XSAU": "2021-01-03"}
"""How far back the calendars are wanted, and of one that does not reach so far."""
LITERAL_SESSIONS = {
    NEW_YORK_CODE: {date(2024, 12, 24): True, date(2025, 1, 9): False, date(2025, 7, 3): True},
    "XLON": {date(2025, 12, 24): True, date(2025, 12, 26): False},
    "XTKS": {date(2025, 12, 30): True, date(2025, 12, 31): False},
    "XBOM": {date(2024, 1, 20): True, date(2025, 2, 1): True},
}
"""Days on which the exchange is known to have been open or shut: a check of the library that knows the others."""


@lru_cache(maxsize=8192)
def exchange_of(symbol: str) -> str:
    """The code of the calendar that a symbol trades by; a share or an index without a sign of another is New York's."""
    if symbol in BY_INDEX:
        return BY_INDEX[symbol]
    if CRYPTO.fullmatch(symbol):
        return ROUND_THE_CLOCK
    if symbol.endswith("=X"):
        return WEEKDAYS
    if symbol.endswith("=F"):
        return FUTURES
    _, dot, suffix = symbol.rpartition(".")
    return BY_SUFFIX.get(suffix, WEEKDAYS) if dot else NEW_YORK_CODE


@dataclass(frozen=True, eq=False)
class ExchangeCalendar(Calendar):
    """The sessions of another exchange: the n-th of `days` runs from `opens[n]` to `closes[n]`, aware UTC."""

    opens: tuple[datetime, ...] = ()
    closes: tuple[datetime, ...] = ()

    def open_at(self, day: date) -> datetime:
        """The opening of the session on `day`, or of the one before it."""
        return self.opens[self.days.index(self.on_or_before(day))]

    def close_at(self, day: date) -> datetime:
        """The close of the session on `day`, or of the one before it."""
        return self.closes[bisect_right(self.days, day) - 1]

    def session_at(self, moment: datetime) -> date:
        """The session that runs at an aware moment, else the last one before."""
        return self.days[max(0, bisect_right(self.opens, moment) - 1)]

    def state_at(self, moment: datetime) -> SessionState:
        """Regular or closed: nothing else is known of other exchanges."""
        return "regular" if moment < self.close_at(self.session_at(moment)) and moment >= self.opens[0] else "closed"

    def last_completed(self, moment: datetime) -> date:
        """The last session whose close is at or before an aware moment."""
        return self.days[max(0, bisect_right(self.closes, moment) - 1)]

    def last_final(self, moment: datetime) -> date:
        """The last session that has closed and whose 18:00 New York has come: that is when a bar counts as known."""
        day = self.last_completed(moment)
        while known_by(day) > moment:
            day = self.after(day, -1)
        return day

    def next_open(self, moment: datetime) -> datetime:
        """The first opening after an aware moment."""
        return self.opens[min(bisect_right(self.opens, moment), len(self.opens) - 1)]


def calendar_of(symbol: str) -> Calendar:
    """The calendar that a symbol is judged by."""
    code = exchange_of(symbol)
    return nyse() if code == NEW_YORK_CODE else calendar_by(code)


@lru_cache(maxsize=32)
def calendar_by(code: str) -> ExchangeCalendar:
    """The calendar of an exchange's code; that of all weekdays if the library cannot make it."""
    import exchange_calendars
    import pandas as pd

    try:
        with BUILDING, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what pandas thinks of the library is not for who reads the board
            found = exchange_calendars.get_calendar(code, start=FIRST_DAY_OF.get(code, FIRST_DAY))
    except (ValueError, NotImplementedError, exchange_calendars.errors.CalendarError) as error:
        log.warning("no calendar of %s: weekdays stand in for it (%s)", code, str(error)[:200])
        return calendar_by(WEEKDAYS)
    hours = (pd.DatetimeIndex(column).tz_convert("UTC").to_pydatetime() for column in (found.opens, found.closes))
    opens, closes = (tuple(one.astimezone(UTC) for one in column) for column in hours)
    return ExchangeCalendar(tuple(found.sessions.date), frozenset(), opens, closes)


def lost_sessions(code: str) -> list[date]:
    """Literal days that the library has wrong for an exchange."""
    known = LITERAL_SESSIONS.get(code, {})
    calendar = nyse() if code == NEW_YORK_CODE else calendar_by(code)
    return [day for day, open_ in known.items() if calendar.is_session(day) != open_]


def is_final(quote: Quote) -> bool:
    """Whether a quote is the close of its session: its own stamp is at or after that close (METHODOLOGY G.1)."""
    calendar, day = calendar_of(quote.symbol), quote.session_date
    return calendar.is_session(day) and quote.at >= calendar.close_at(day)
