"""When something is due: what cannot have changed is not asked for (METHODOLOGY E, C.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from rallytui.config.settings import Data
from rallytui.macro import CATALOG, PERIOD_MONTHS, business_days_after, known_at
from rallytui.model import Bars, Quote, Series
from rallytui.sessions import PRE_OPEN, Calendar, known_by, new_york, new_york_date
from rallytui.splits import other_basis

INDEX = "^GSPC"
SERIES_EVERY = timedelta(hours=6)
REVISED_EVERY = timedelta(days=7)
COMPANIES_EVERY = timedelta(days=1)
CHECK_AFTER_CLOSE = timedelta(minutes=30)
"""Sources delay quotes by a quarter of an hour: half an hour after the close each has the closing price."""
EARLY = {
    "daily": timedelta(hours=12),
    "weekly": timedelta(days=2),
    "monthly": timedelta(days=10),
    "quarterly": timedelta(days=12),
}
"""How long before the lag rule of `macro` has it known an observation can be out: the rule errs on the late side."""


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


def bars_due(bars: Bars | None, calendar: Calendar, now: datetime) -> bool:
    """Whether a finished bar is missing."""
    return bars is None or bars.last_day is None or bars.last_day < calendar.last_final(now)


def rebased(quote: Quote | None, bars: Bars | None, calendar: Calendar) -> bool:
    """Whether a share has split since its bars were asked for: the source's own previous close is of another basis."""
    if quote is None or bars is None or bars.last_close is None or quote.symbol.startswith("^"):
        return False
    follows = bars.last_day == calendar.after(quote.session_date, -1)
    return follows and other_basis(quote.price, quote.prev_close, bars.last_close)


def next_bars(calendar: Calendar, now: datetime) -> datetime:
    """When the next daily bars are final."""
    return known_by(calendar.after(calendar.last_final(now)))


def older(asked: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether the last time of asking is further back than `every`, or ahead of a clock that was set back."""
    return asked is None or not timedelta(0) <= now - asked < every


def next_quotes(
    quotes: Mapping[str, Quote],
    names: tuple[str, ...],
    data: Data,
    calendar_of: Callable[[str], Calendar],
    now: datetime,
) -> datetime:
    """When quotes are to be asked for again; no opening of a name's own exchange is slept through."""
    calendars = {id(one): one for one in (calendar_of(INDEX), *map(calendar_of, names))}
    opening = calendar_of(INDEX).next_open(now)
    early = new_york(new_york_date(opening), PRE_OPEN)
    wake = min([early if early > now else opening, *(one.next_open(now) for one in calendars.values())])
    if any(quote_due(quotes.get(name), calendar_of(name), now) for name in names):
        return min(now + timedelta(seconds=quotes_every(data, calendar_of(INDEX), now)), wake)
    return wake


def next_label(series_id: str, last: date) -> date:
    """The date by which the publisher labels the observation after the one of `last`."""
    frequency = CATALOG[series_id].frequency
    if frequency == "daily":
        return business_days_after(last, 1)
    if frequency == "weekly":
        return last + timedelta(days=7)
    month = last.month - 1 + PERIOD_MONTHS[frequency]
    return date(last.year + month // 12, month % 12 + 1, 1)


def series_at(series: Series | None, asked: datetime | None, calendar: Calendar, name: str) -> datetime | None:
    """When to ask for a macro series; None at once, because nothing of it is known.

    From a while before its next observation is known by the lag rule, and every six hours until it is there. One that
    is revised is looked at once a week besides. Nothing is published on a day without a session.
    """
    if series is None or series.last_day is None or asked is None:
        return None
    label = next_label(name, series.last_day)
    opens = known_at(name, label) - EARLY[CATALOG[name].frequency]
    if CATALOG[name].revised:
        opens = min(opens, asked + REVISED_EVERY)
    return on_session(max(opens, asked + SERIES_EVERY), calendar)


def company_at(asked: datetime | None, calendar: Calendar) -> datetime | None:
    """When to ask what a company has filed; None at once. Nothing is filed on a day without a session."""
    return None if asked is None else on_session(asked + COMPANIES_EVERY, calendar)


def on_session(moment: datetime, calendar: Calendar) -> datetime:
    """The moment itself on a day with a session, else the early morning of the next one."""
    day = new_york_date(moment)
    return moment if calendar.is_session(day) else new_york(calendar.after(day), PRE_OPEN)


def has_come(moment: datetime | None, asked: datetime | None, calendar: Calendar, now: datetime) -> bool:
    """Whether it is time for what is due from `moment` on; also when the clock was set back behind `asked`."""
    if moment is None or (asked is not None and asked > now):
        return True
    return moment <= now and calendar.is_session(new_york_date(now))


def check_at(calendar: Calendar, now: datetime) -> datetime:
    """When the quotes of the last session could first be checked against a second source."""
    return calendar.close_at(calendar.last_completed(now)) + CHECK_AFTER_CLOSE
