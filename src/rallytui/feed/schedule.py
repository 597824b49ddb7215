"""When something is due: what cannot have changed is not asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from rallytui.config.settings import Data
from rallytui.model import Bars, Quote
from rallytui.sessions import Calendar, known_by

SERIES_EVERY = timedelta(hours=6)
COMPANIES_EVERY = timedelta(days=1)
BARS_AGAIN = timedelta(minutes=30)


def quotes_every(data: Data, calendar: Calendar, now: datetime) -> float:
    """Seconds between two rounds of quotes in the present part of the day."""
    return data.quotes_every_s if calendar.state_at(now) == "regular" else data.extended_every_s


def quote_due(quote: Quote | None, calendar: Calendar, now: datetime) -> bool:
    """Whether a new quote can differ: the market is open, or the last close is not in yet."""
    state = calendar.state_at(now)
    if quote is None or state == "regular":
        return True
    if state != "closed" and not quote.symbol.startswith("^"):  # an index has no trading before and after hours
        return True
    session = calendar.last_completed(now)
    if quote.session_date != session:
        return quote.session_date < session
    return quote.at < calendar.close_at(session) - timedelta(minutes=1) and quote.known_at < known_by(session)


def bars_due(bars: Bars | None, asked: datetime | None, calendar: Calendar, now: datetime) -> bool:
    """Whether a finished bar is missing and the sources were not asked for it a moment ago."""
    if not older(asked, now, BARS_AGAIN):
        return False
    return bars is None or bars.frame.empty or bars.frame.index[-1].date() < calendar.last_final(now)


def older(asked: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether the last time of asking is further back than `every`, or ahead of a clock that was set back."""
    return asked is None or not timedelta(0) <= now - asked < every


def next_quotes(
    quotes: Mapping[str, Quote], names: tuple[str, ...], data: Data, calendar: Calendar, now: datetime
) -> datetime:
    """When quotes are to be asked for again."""
    if any(quote_due(quotes.get(name), calendar, now) for name in names):
        return now + timedelta(seconds=quotes_every(data, calendar, now))
    opening = calendar.next_open(now)
    early = opening - timedelta(hours=5, minutes=30)  # 04:00, when pre-market trading begins
    return early if early > now else opening
